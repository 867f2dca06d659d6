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
    status: Mapped[State] = field(_("Status"), default=State.NEW, create=False, edit=False, listed=True, filtered=True)
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
    permit_number: Mapped[Line | None] = field(_("Number of the permit"), create=False, edit=False, default=None)
    permit_until: Mapped[Moment | None] = field(_("Permit valid until"), create=False, edit=False, default=None)
    owner_id: Mapped[UUID | None] = field(
        _("Done by"),
        widget="person",
        may="workorders.order.arrive",
        create=False,
        edit=False,
        listed=True,
        filtered=True,
        default=None,
    )
    desk: Mapped[str | None] = mapped_column(default=None)  # post that leads the trade
    main_id: Mapped[UUID | None] = ref("self", _("Part of"), create=False, edit=False, default=None)
    parts: Mapped[int] = field(_("Orders of trades"), create=False, edit=False, default=0)

    quote: Mapped[Fen | None] = field(_("Price quoted"), create=False, edit=False, default=None)
    agreed: Mapped[Fen | None] = field(_("Price agreed"), create=False, edit=False, default=None)
    agreed_at: Mapped[dt.datetime | None] = field(_("Agreed at"), create=False, edit=False, default=None)
    cost: Mapped[Fen] = field(_("Cost of materials"), create=False, edit=False, default=0)
    minutes: Mapped[Minutes | None] = field(
        _("Working time"), create=False, edit=False, default=None, unit=_("minutes")
    )
    result: Mapped[Prose | None] = field(_("What was done"), create=False, edit=False, default=None)
    rating: Mapped[Rating | None] = field(
        _("Reporter's satisfaction"), create=False, edit=False, filtered=True, default=None
    )
    done_by: Mapped[UUID | None] = field(_("Finished by"), widget="person", create=False, edit=False, default=None)
    checked_by: Mapped[UUID | None] = field(_("Checked by"), widget="person", create=False, edit=False, default=None)
    returns: Mapped[int] = field(_("Sent back"), create=False, edit=False, default=0)
    reworks: Mapped[int] = field(_("Reworked"), create=False, edit=False, listed=True, default=0)
    holds: Mapped[int] = field(_("Times on hold"), create=False, edit=False, default=0)
    held_until: Mapped[Day | None] = field(_("On hold until"), create=False, edit=False, default=None)
    on_the_spot: Mapped[bool] = field(_("Mended on the spot"), create=False, edit=False, filtered=True, default=False)

    # The clocks. ``by`` is due, ``at`` is done, ``late`` stays true once it was overdue, whatever is recomputed later.
    reported_at: Mapped[dt.datetime | None] = field(
        _("Reported at"), create=False, edit=False, filtered=True, default=None
    )
    accept_by: Mapped[dt.datetime | None] = field(_("To be accepted by"), create=False, edit=False, default=None)
    accepted_at: Mapped[dt.datetime | None] = field(_("Accepted at"), create=False, edit=False, default=None)
    accept_late: Mapped[bool] = field(_("Accepted late"), create=False, edit=False, default=False)
    arrive_by: Mapped[dt.datetime | None] = field(
        _("On the spot by"), create=False, edit=False, listed=True, default=None
    )
    arrived_at: Mapped[dt.datetime | None] = field(_("On the spot at"), create=False, edit=False, default=None)
    arrive_late: Mapped[bool] = field(_("On the spot late"), create=False, edit=False, filtered=True, default=False)
    finish_by: Mapped[dt.datetime | None] = field(
        _("Completion due"), create=False, edit=False, listed=True, default=None
    )
    finished_at: Mapped[dt.datetime | None] = field(_("Finished at"), create=False, edit=False, default=None)
    finish_late: Mapped[bool] = field(_("Finished late"), create=False, edit=False, filtered=True, default=False)
    check_by: Mapped[dt.datetime | None] = field(_("Acceptance due"), create=False, edit=False, default=None)
    passed_at: Mapped[dt.datetime | None] = field(_("Passed at"), create=False, edit=False, default=None)
    check_late: Mapped[bool] = field(_("Acceptance was late"), create=False, edit=False, default=False)
    closed_at: Mapped[dt.datetime | None] = field(_("Closed at"), create=False, edit=False, filtered=True, default=None)
    # Brought from another system: nobody here answered for its clocks.
    imported: Mapped[bool] = field(_("Imported"), create=False, edit=False, filtered=True, default=False)
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
    cost: Mapped[Fen] = field(_("Cost"), create=False, edit=False, default=0)
