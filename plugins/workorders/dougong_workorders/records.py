"""The work order and the entries of its timeline. Rules stand in ``flow``, lengths of clocks in ``settings``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Child,
    ClockMemory,
    Day,
    Fen,
    Line,
    Moment,
    Phone,
    Prose,
    Record,
    Whole,
    clock_memory,
    field,
    recorded,
    ref,
    translator,
)
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Mapped, mapped_column

from .choices import Kind, Rating, Source, State, Urgency

_ = translator("dougong_workorders")

IDENTITY = "workorders.identity"

Amount = Annotated[Fen, Field(ge=0, le=10**12)]
Minutes = Annotated[Whole, Field(ge=1, le=100_000)]
Quantity = Annotated[
    str, mapped_column(sa.Text), StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$")
]


class Order(
    Record,
    kind="workorders.order",
    label=_("Work order"),
    number="GD",
    scope="site",
    indexes=[("site_id", "status"), ("owner_id", "status"), ("desk", "status"), ("main_id",), ("reported_at",)],
    sorts=("updated_at", "arrive_by", "finish_by", "appointed_at"),
):
    status: Mapped[State] = recorded(_("Status"), default=State.NEW, listed=True, filtered=True)
    nature: Mapped[Kind] = field(_("Kind"), listed=True, filtered=True, start=Kind.REPAIR)
    urgency: Mapped[Urgency] = field(_("Urgency"), listed=True, filtered=True, start=Urgency.NORMAL)
    source: Mapped[Source] = field(_("Source"), filtered=True, start=Source.PHONE)
    category: Mapped[Line] = field(_("Category"), vocabulary="categories", listed=True, filtered=True)
    trade: Mapped[Line | None] = field(
        _("Trade"),
        vocabulary="trades",
        listed=True,
        filtered=True,
        default=None,
        help=_("Empty: the trade of the category."),
    )
    title: Mapped[Line] = field(_("What is to be done"), listed=True, searched=True)
    statement: Mapped[Prose | None] = field(
        _("Description"), searched=True, default=None, help=_("Name no residents here.")
    )
    location: Mapped[Line] = field(_("Location"), searched=True, help=_("Building, unit, floor, point."))
    location_id: Mapped[UUID | None] = ref(
        "core.location", _("In the register of places"), widget="location", default=None
    )
    reporter: Mapped[Line | None] = field(
        _("Reported by"), personal=True, mask="name", reads=IDENTITY, default=None, help=_("A resident, if it was one.")
    )
    phone: Mapped[Phone | None] = field(_("Phone"), personal=True, mask="phone", reads=IDENTITY, default=None)
    appointed_at: Mapped[Moment | None] = field(_("Appointment"), listed=True, filtered=True, default=None)
    permit_kind: Mapped[Line | None] = field(
        _("Safety permit"), vocabulary="permits", default=None, help=_("Dangerous work: which permit it needs.")
    )
    permit_number: Mapped[Line | None] = recorded(_("Number of the permit"))
    permit_until: Mapped[Moment | None] = recorded(_("Permit valid until"))
    owner_id: Mapped[UUID | None] = recorded(
        _("Done by"), widget="person", may="workorders.order.arrive", listed=True, filtered=True, holds=True
    )
    desk: Mapped[str | None] = mapped_column(default=None)  # post that leads the trade
    main_id: Mapped[UUID | None] = ref("self", _("Part of"), create=False, edit=False, default=None)
    parts: Mapped[int] = recorded(_("Orders of trades"), default=0)

    quote: Mapped[Fen | None] = recorded(_("Price quoted"))
    agreed: Mapped[Fen | None] = recorded(_("Price agreed"))
    agreed_at: Mapped[dt.datetime | None] = recorded(_("Agreed at"))
    cost: Mapped[Fen] = recorded(_("Cost of materials"), default=0)
    minutes: Mapped[Minutes | None] = recorded(_("Working time"), unit=_("minutes"))
    result: Mapped[Prose | None] = recorded(_("What was done"))
    rating: Mapped[Rating | None] = recorded(_("Reporter's satisfaction"), filtered=True)
    done_by: Mapped[UUID | None] = recorded(_("Finished by"), widget="person")
    checked_by: Mapped[UUID | None] = recorded(_("Checked by"), widget="person")
    returns: Mapped[int] = recorded(_("Sent back"), default=0)
    reworks: Mapped[int] = recorded(_("Reworked"), default=0, listed=True)
    holds: Mapped[int] = recorded(_("Times on hold"), default=0)
    held_until: Mapped[Day | None] = recorded(_("On hold until"))
    on_the_spot: Mapped[bool] = recorded(_("Mended on the spot"), default=False, filtered=True)

    # The clocks. ``by`` is due, ``at`` is done, ``late`` stays true once it was overdue, whatever is recomputed later.
    reported_at: Mapped[dt.datetime | None] = recorded(_("Reported at"), filtered=True)
    accept_by: Mapped[dt.datetime | None] = recorded(_("To be accepted by"))
    accepted_at: Mapped[dt.datetime | None] = recorded(_("Accepted at"))
    accept_late: Mapped[bool] = recorded(_("Accepted late"), default=False)
    arrive_by: Mapped[dt.datetime | None] = recorded(_("On the spot by"), listed=True)
    arrived_at: Mapped[dt.datetime | None] = recorded(_("On the spot at"))
    arrive_late: Mapped[bool] = recorded(_("On the spot late"), default=False, filtered=True)
    finish_by: Mapped[dt.datetime | None] = recorded(_("Completion due"), listed=True)
    finished_at: Mapped[dt.datetime | None] = recorded(_("Finished at"))
    finish_late: Mapped[bool] = recorded(_("Finished late"), default=False, filtered=True)
    check_by: Mapped[dt.datetime | None] = recorded(_("Acceptance due"))
    passed_at: Mapped[dt.datetime | None] = recorded(_("Passed at"))
    check_late: Mapped[bool] = recorded(_("Acceptance was late"), default=False)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    # Brought from another system: nobody here answered for its clocks.
    imported: Mapped[bool] = recorded(_("Imported"), default=False, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Quote(Child, kind="workorders.quote", of=Order, label=_("Quote")):
    """A price for paid work. The last one holds; the resident has to agree to it before work goes on."""

    amount: Mapped[Amount] = field(_("Price"))
    text: Mapped[Prose] = field(_("What it covers"))


class Material(Child, kind="workorders.material", of=Order, label=_("Material")):
    """Something that was used. Its cost is quantity × price, rounded to the fen, a half up."""

    name: Mapped[Line] = field(_("Name"))
    quantity: Mapped[Quantity] = field(_("Quantity"), help=_("Up to three decimals, as in 2.5."))
    measure: Mapped[Line] = field(_("Unit"), help=_("As in piece, metre, kilogram."))
    price: Mapped[Amount] = field(_("Price of one"))
    cost: Mapped[Fen] = recorded(_("Cost"), default=0)
