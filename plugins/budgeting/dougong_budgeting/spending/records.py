"""Actuals, commitments and months with their notes, and the two tables that hold the limits: ledgers and balances.

Balances are keyed by the account's code, so that a new version of a budget goes on where the old one stood.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from dougong import (
    Child,
    ClockMemory,
    Day,
    Fen,
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
from sqlalchemy.orm import Mapped, mapped_column

from .choices import ActualState, CommitmentSource, CommitmentState, MonthState

_ = translator("dougong_budgeting")

Amount = Annotated[Fen, Field(ge=1, le=10**13)]


class Ledger(Stored, kind="budgeting.ledger"):
    """One year of one site. ``closed`` has one bit for each closed month; whoever posts holds the row shared."""

    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    closed: Mapped[int] = mapped_column(default=0)
    temporary: Mapped[bool] = mapped_column(default=False)


class Balance(Stored, kind="budgeting.balance", indexes=[("year", "period", "site_id")]):
    """What is approved, committed and spent of an account, in fen; period 0 is the year, 1 to 12 are its months."""

    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[int] = mapped_column(primary_key=True)
    approved: Mapped[int] = mapped_column(default=0)
    committed: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    stop: Mapped[str] = mapped_column(default="hard")  # hard, soft, none
    alerted: Mapped[int] = mapped_column(default=0)  # the highest share in % that people were told of


class Commitment(
    Record,
    kind="budgeting.commitment",
    label=_("Commitment"),
    number="YD",
    indexes=[("site_id", "year", "month", "account"), ("site_id", "status")],
    sorts=("due_on",),
):
    """An amount that is promised and not spent yet. A contract has one for each month of its term."""

    status: Mapped[CommitmentState] = recorded(_("Status"), default=CommitmentState.OPEN, listed=True, filtered=True)
    source: Mapped[CommitmentSource] = field(
        _("Source"), edit=False, filtered=True, listed=True, start=CommitmentSource.HAND
    )
    account: Mapped[Line] = field(
        _("Account"), edit=False, listed=True, filtered=True, help=_("Code of an account of the year's budget.")
    )
    due_on: Mapped[Day] = field(_("Expected on"), edit=False, listed=True, filtered=True)
    amount: Mapped[Amount] = field(_("Amount"), edit=False, listed=True, help=_("Of a contract: each month."))
    title: Mapped[Line] = field(_("What for"), edit=False, listed=True, searched=True)
    supplier: Mapped[Line | None] = field(_("Supplier"), edit=False, listed=True, searched=True, default=None)
    contract: Mapped[Line | None] = field(_("Contract number"), edit=False, searched=True, default=None)
    until_on: Mapped[Day | None] = field(
        _("Contract until"),
        edit=False,
        default=None,
        help=_("In the same year; one commitment is made for each month."),
    )
    reason: Mapped[Prose | None] = field(
        _("Reason"), edit=False, default=None, help=_("Needed where a soft stop is exceeded.")
    )
    year: Mapped[int] = recorded(_("Year"), filtered=True)
    month: Mapped[int] = recorded(_("Month"))
    left: Mapped[Fen] = recorded(_("Still committed"), default=0, listed=True)


class Actual(
    Record,
    kind="budgeting.actual",
    label=_("Actual"),
    number="SZ",
    unique=[("site_id", "document")],
    indexes=[("site_id", "year", "month", "account"), ("commitment_id",), ("reversal_of_id",)],
    sorts=("posted_on",),
):
    """One posted amount with its source document. It is never corrected, only reversed."""

    status: Mapped[ActualState] = recorded(_("Status"), default=ActualState.POSTED, listed=True, filtered=True)
    account: Mapped[Line] = field(
        _("Account"), edit=False, listed=True, filtered=True, help=_("Code of an account of the year's budget.")
    )
    posted_on: Mapped[Day] = field(_("Date of the document"), edit=False, listed=True, filtered=True)
    amount: Mapped[Amount] = field(_("Amount"), edit=False, listed=True)
    document: Mapped[Line] = field(
        _("Source document number"), edit=False, listed=True, searched=True, help=_("Once only at a site.")
    )
    text: Mapped[Line] = field(_("What for"), edit=False, listed=True, searched=True)
    supplier: Mapped[Line | None] = field(_("Supplier"), edit=False, searched=True, default=None)
    emergency: Mapped[bool] = field(
        _("Emergency"), edit=False, default=False, filtered=True,
        help=_("May exceed a hard stop and has to be ratified by somebody else within days."),
    )  # fmt: skip
    reason: Mapped[Prose | None] = field(
        _("Reason"), edit=False, default=None, help=_("Needed for an emergency and where a soft stop is exceeded.")
    )
    year: Mapped[int] = recorded(_("Year"), filtered=True)
    month: Mapped[int] = recorded(_("Month"))
    commitment_id: Mapped[UUID | None] = ref(Commitment, _("Commitment"), create=False, edit=False, default=None)
    drawn: Mapped[Fen] = recorded(_("Taken from the commitment"), default=0)
    reversal_of_id: Mapped[UUID | None] = ref("self", _("Reverses"), create=False, edit=False, default=None)
    ratify_by: Mapped[dt.datetime | None] = recorded(_("To be ratified by"))
    ratified_at: Mapped[dt.datetime | None] = recorded(_("Ratified at"))
    ratify_late: Mapped[bool] = recorded(_("Ratified late"), default=False, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Month(
    Record,
    kind="budgeting.month",
    label=_("Budget month"),
    number="YJ",
    unique=[("site_id", "year", "month")],
    indexes=[("site_id", "status")],
    sorts=("close_by",),
):
    """One month of a site's budget: open for posting until it is closed."""

    status: Mapped[MonthState] = recorded(_("Status"), default=MonthState.OPEN, listed=True, filtered=True)
    year: Mapped[Annotated[Whole, Field(ge=2000, le=2199)]] = field(_("Year"), edit=False, listed=True, filtered=True)
    month: Mapped[Annotated[Whole, Field(ge=1, le=12)]] = field(_("Month"), edit=False, listed=True)
    close_by: Mapped[dt.datetime | None] = recorded(_("To be closed by"), listed=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"))
    closed_late: Mapped[bool] = recorded(_("Closed late"), default=False, filtered=True)
    reopened: Mapped[int] = recorded(_("Times reopened"), default=0)
    timing: Mapped[ClockMemory | None] = clock_memory()


class VarianceNote(Child, kind="budgeting.variance", of=Month, label=_("Variance note")):
    """Why an account's month differs from its plan, and what is done about it."""

    account: Mapped[Line] = field(_("Account"))
    text: Mapped[Prose] = field(_("Note"))
    cause: Mapped[Prose] = field(_("Cause"))
    action: Mapped[Prose] = field(_("Action"))
