"""Shared costs that are divided over sites, with the part of each, and what owners are told of a year."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Child,
    ClockMemory,
    Day,
    Line,
    Prose,
    Record,
    Stored,
    Whole,
    clock_memory,
    field,
    recorded,
    ref,
    translator,
)
from pydantic import Field
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..planning.choices import FeeMode
from ..spending.choices import ActualState
from ..spending.naming import account_name
from ..spending.records import Actual, Amount, InYear, Year
from .choices import AllocationKey, AllocationState, DisclosureState

_ = translator("dougong_budgeting")

Paper = Annotated[Line, Field(max_length=100)]  # room for the number behind it
Weight = Annotated[Whole, Field(ge=0, le=10**9)]


class Allocation(
    Record,
    kind="budgeting.allocation",
    label=_("Shared cost"),
    number="FT",
    scope="company",
    indexes=[("site_id", "status")],
    sorts=("posted_on",),
):
    """A cost that a region or the company bears for the sites below it, divided over their budgets by a key. It is kept above
    and read below; what other sites bear is told only to those who see their figures."""

    status: Mapped[AllocationState] = recorded(_("Status"), default=AllocationState.DRAFT, listed=True, filtered=True)
    title: Mapped[Line] = field(_("What for"), listed=True, searched=True)
    account: Mapped[Line] = field(
        _("Account"),
        listed=True,
        filtered=True,
        named=account_name,
        help=_("Code of the account that pays it at every site."),
    )
    amount: Mapped[Amount] = field(_("Amount"), listed=True)
    posted_on: Mapped[Day] = field(_("Date of the document"), listed=True, filtered=True)
    document: Mapped[Paper] = field(_("Source document number"), searched=True)
    divided_by: Mapped[AllocationKey] = field(
        _("Divided by"), listed=True, filtered=True, start=AllocationKey.AREA,
        help=_("Fixed shares are given site by site once this is written down."),
    )  # fmt: skip
    reason: Mapped[Prose | None] = field(
        _("Reason"), default=None, help=_("Needed where it exceeds a soft stop at a site.")
    )
    source_id: Mapped[UUID | None] = ref(
        Actual, _("Posted here already as"), default=None, reach="site",
        offers=lambda me: sa.and_(Actual.status == ActualState.POSTED, Actual.reversal_of_id.is_(None)),
        help=_("The whole amount, as it was posted here; it is reversed as it is divided, so that nothing counts twice."),
    )  # fmt: skip
    divided_at: Mapped[dt.datetime | None] = recorded(_("Divided at"), filtered=True)
    sites: Mapped[Whole] = recorded(_("Sites that bear it"), default=0)


class Share(Child, kind="budgeting.share", of=Allocation, label=_("Fixed share")):
    """What a site bears in proportion to the others; the last one of a site holds, 0 takes it out."""

    at_site: Mapped[UUID] = field(_("Site"), widget="site")
    weight: Mapped[Weight] = field(_("Share"), help=_("A whole number, as 3 of 10."))


class Part(Stored, kind="budgeting.part"):
    """What one site bore of a divided cost: its key's value, fen, and the actual that says so."""

    allocation_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    weight: Mapped[int] = mapped_column()
    amount: Mapped[int] = mapped_column()
    actual_id: Mapped[UUID | None] = mapped_column(default=None)


def told_year(day: dt.date) -> int:
    """The year that owners are told of on a day: in its first half the one before."""
    return day.year - (day.month <= 6)


class Disclosure(
    Record,
    kind="budgeting.disclosure",
    label=_("Owners' sheet"),
    number="SG",
    unique=[("site_id", "year", "first", "until", "version")],
    indexes=[("site_id", "status"), ("site_id", "year")],
    sorts=("year",),
):
    """What the owners of a site are told of some months: figures only, no names.

    ``frozen``: the figures as they were submitted for signature, see ``telling``; None: they still follow the books.
    """

    status: Mapped[DisclosureState] = recorded(_("Status"), default=DisclosureState.DRAFT, listed=True, filtered=True)
    title: Mapped[Line] = recorded(_("Title"), default="", listed=True, searched=True)
    year: Mapped[Year] = field(_("Year"), edit=False, listed=True, filtered=True, start=told_year)
    first: Mapped[InYear] = field(_("From month"), edit=False, default=1, start=1)
    until: Mapped[InYear] = field(_("Until month"), edit=False, default=12, start=12)
    fee_mode: Mapped[FeeMode | None] = recorded(_("Fee mode"), listed=True, filtered=True)
    version: Mapped[Whole] = recorded(_("Version"), default=1, listed=True)
    services: Mapped[Prose | None] = field(
        _("Services, standards and charges"), default=None,
        help=_("What was done, to which standard, at which rates. No names of persons or suppliers."),
    )  # fmt: skip
    repairs: Mapped[Prose | None] = field(
        _("Use of the repair fund"), default=None, help=_("What for, how much, how the owners decided. No names.")
    )
    words: Mapped[Prose | None] = field(_("Explanation"), default=None, help=_("No names of persons or suppliers."))
    correction: Mapped[Prose | None] = recorded(_("What was corrected"))
    place: Mapped[Line | None] = field(
        _("Where it was published"), default=None, create=False, edit=False,
        help=_("Notice boards, the owners' group, the owners' committee."),
    )  # fmt: skip
    publish_by: Mapped[dt.datetime | None] = recorded(_("To be published by"), listed=True, filtered=True)
    published_at: Mapped[dt.datetime | None] = recorded(_("Published at"), listed=True, filtered=True)
    publish_late: Mapped[bool] = recorded(_("Published late"), default=False, filtered=True)
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    timing: Mapped[ClockMemory | None] = clock_memory()


__all__ = ["Allocation", "Disclosure", "Part", "Share"]
