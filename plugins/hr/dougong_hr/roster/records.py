"""Shift kinds of a site, its roster of a month with a cell for each person and day, and requests to swap."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from dougong import Bulk, Child, Day, Line, Prose, Record, Whole, field, recorded, reference, translator
from pydantic import Field, StringConstraints
from sqlalchemy.orm import Mapped, mapped_column

from ..organisation.records import Employee
from .choices import Absence, RosterState, ShiftState, SwapState

_ = translator("dougong_hr")

Hour = Annotated[
    str,
    mapped_column(sa.Text),
    StringConstraints(strip_whitespace=True, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
]
Month = Annotated[
    str,
    mapped_column(sa.Text),
    StringConstraints(strip_whitespace=True, pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$"),
]
Sign = Annotated[str, mapped_column(sa.Text), StringConstraints(strip_whitespace=True, pattern=r"^\w{1,3}$")]


class Shift(
    Record,
    kind="hr.shift",
    label=_("Shift"),
    number="BC",
    unique=[("site_id", "sign")],
    indexes=[("site_id", "status")],
):
    """A kind of shift of a site. One that ends before it begins goes over midnight and counts for the day of its start."""

    status: Mapped[ShiftState] = recorded(_("Status"), default=ShiftState.USED, listed=True, filtered=True)
    title: Mapped[Line] = field(_("Name of the shift"), listed=True, searched=True)
    sign: Mapped[Sign] = field(_("Sign in the roster"), listed=True, help=_("One to three characters: 早, 夜, A1."))
    post: Mapped[Line] = field(_("Post"), vocabulary="duty_posts", listed=True, filtered=True)
    starts: Mapped[Hour] = field(_("Begins"), listed=True, help=_("As in 08:00, in the time of the site."))
    ends: Mapped[Hour] = field(_("Ends"), listed=True, help=_("Before the beginning: on the next day."))
    break_minutes: Mapped[Annotated[Whole, Field(ge=0, le=480)]] = field(_("Breaks"), unit=_("minutes"), start=0)
    least: Mapped[Annotated[Whole, Field(ge=0, le=200)]] = field(_("People at least"), listed=True, start=1)
    certificate: Mapped[Line | None] = field(_("Certificate required"), vocabulary="certificates", default=None)


class Roster(
    Record,
    kind="hr.roster",
    label=_("Roster"),
    number="PB",
    unique=[("site_id", "month")],
    indexes=[("site_id", "status")],
):
    """Who works when at a site in a month. Its cells are rows of their own."""

    status: Mapped[RosterState] = recorded(_("Status"), default=RosterState.DRAFT, listed=True, filtered=True)
    month: Mapped[Month] = field(_("Month"), listed=True, searched=True, edit=False, help=_("As in 2026-03."))
    note: Mapped[Prose | None] = field(_("Note to all"), default=None)
    published_at: Mapped[dt.datetime | None] = recorded(_("Published at"), listed=True)


class Turn(
    Bulk,
    kind="hr.turn",
    label=_("Shift of a day"),
    indexes=[("site_id", "day"), ("employee_id", "day"), ("shift_id",)],
):
    """One cell: a person on a day, with a shift or an absence. The moments are those of the shift when it was set."""

    roster_id: Mapped[UUID] = reference(Roster, primary_key=True)
    employee_id: Mapped[UUID] = reference(Employee, primary_key=True)
    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    site_id: Mapped[UUID] = mapped_column()
    shift_id: Mapped[UUID | None] = reference(Shift, default=None)
    absence: Mapped[Absence | None] = mapped_column(default=None)
    starts_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True), default=None)
    ends_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True), default=None)


class Change(Child, kind="hr.roster_change", label=_("Change after publication"), of=Roster):
    """What was changed in a roster that people had been told of."""

    text: Mapped[Prose] = field(_("What changed"), create=False, edit=False)


class Swap(
    Record,
    kind="hr.swap",
    label=_("Swap of shifts"),
    number="HB",
    indexes=[("person_id", "status"), ("colleague_id", "status"), ("site_id", "status")],
):
    """Somebody asks a colleague to take a shift, or to change one against another."""

    status: Mapped[SwapState] = recorded(_("Status"), default=SwapState.ASKED, listed=True, filtered=True)
    person_id: Mapped[UUID | None] = recorded(_("Asked by"), widget="person", listed=True)
    day: Mapped[Day] = field(_("Day of your shift"), listed=True, edit=False)
    colleague_id: Mapped[UUID] = field(
        _("Colleague"),
        widget="person",
        may="hr.swap.agree",
        listed=True,
        edit=False,
        holds=(SwapState.ASKED,),
    )
    colleague_day: Mapped[Day | None] = field(
        _("Day of the shift you take instead"), listed=True, edit=False, default=None, help=_("Empty: none.")
    )
    reason: Mapped[Prose | None] = field(_("Reason"), edit=False, default=None)
    answer: Mapped[Prose | None] = recorded(_("Reason of the refusal"))


__all__ = ["Change", "Roster", "Shift", "Swap", "Turn"]
