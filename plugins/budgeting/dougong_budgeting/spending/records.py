"""Actuals, commitments, adjustments and months with their notes, and the tables that hold the limits: ledgers, balances, and
what adjustments moved of them.

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

from .choices import ActualState, AdjustmentKind, AdjustmentState, CommitmentSource, CommitmentState, MonthState
from .naming import account_name

_ = translator("dougong_budgeting")

Amount = Annotated[Fen, Field(ge=1, le=10**13)]
Year = Annotated[Whole, Field(ge=2000, le=2199)]
InYear = Annotated[Whole, Field(ge=1, le=12)]
LineNumber = Annotated[Whole, Field(ge=0, le=99_999)]


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


class Shift(Stored, kind="budgeting.shift", indexes=[("site_id", "year", "account")]):
    """What a granted adjustment moved: fen by which a month of an account was raised or lowered, all its approved amount ever
    was besides its budget.

    ``why``: supplement, transfer, carry (into the year), carried (out of the year before), expired.
    """

    adjustment_id: Mapped[UUID] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column()
    amount: Mapped[int] = mapped_column()


class Commitment(
    Record,
    kind="budgeting.commitment",
    label=_("Commitment"),
    number="ZY",
    indexes=[("site_id", "year", "month", "account"), ("site_id", "status"), ("root_id",)],
    sorts=("due_on",),
):
    """An amount that is promised and not spent yet. A contract has one for each month of its term."""

    status: Mapped[CommitmentState] = recorded(_("Status"), default=CommitmentState.OPEN, listed=True, filtered=True)
    source: Mapped[CommitmentSource] = field(
        _("Source"), edit=False, filtered=True, listed=True, start=CommitmentSource.HAND
    )
    account: Mapped[Line] = field(
        _("Account"), edit=False, listed=True, filtered=True, named=account_name,
        help=_("Code or name of an account of the year's budget."),
    )  # fmt: skip
    due_on: Mapped[Day] = field(_("Expected on"), edit=False, listed=True, filtered=True)
    amount: Mapped[Amount] = field(_("Amount"), edit=False, listed=True, help=_("Of a contract: each month."))
    title: Mapped[Line] = field(_("What for"), edit=False, listed=True, searched=True)
    supplier: Mapped[Line | None] = field(_("Supplier"), edit=False, listed=True, searched=True, default=None)
    contract: Mapped[Line | None] = field(_("Contract number"), edit=False, searched=True, default=None)
    until_on: Mapped[Day | None] = field(
        _("Contract until"),
        edit=False,
        default=None,
        help=_("One commitment is made for each month; those of later years when their budget binds."),
    )
    reason: Mapped[Prose | None] = field(
        _("Reason"), edit=False, default=None, help=_("Needed where a soft stop is exceeded.")
    )
    year: Mapped[int] = recorded(_("Year"), filtered=True)
    month: Mapped[int] = recorded(_("Month"))
    left: Mapped[Fen] = recorded(_("Still committed"), default=0, listed=True)
    root_id: Mapped[UUID | None] = mapped_column(default=None)  # the first month of its contract


class Actual(
    Record,
    kind="budgeting.actual",
    label=_("Actual"),
    number="SZ",
    unique=[("site_id", "document", "account", "year", "month", "line")],
    indexes=[("site_id", "year", "month", "account"), ("commitment_id",), ("reversal_of_id",)],
    sorts=("posted_on",),
):
    """One posted amount with its source document. It is never corrected, only reversed."""

    status: Mapped[ActualState] = recorded(_("Status"), default=ActualState.POSTED, listed=True, filtered=True)
    account: Mapped[Line] = field(
        _("Account"), edit=False, listed=True, filtered=True, named=account_name,
        help=_("Code or name of an account of the year's budget."),
    )  # fmt: skip
    posted_on: Mapped[Day] = field(_("Date of the document"), edit=False, listed=True, filtered=True)
    amount: Mapped[Amount] = field(_("Amount"), edit=False, listed=True)
    document: Mapped[Line] = field(
        _("Source document number"),
        edit=False,
        listed=True,
        searched=True,
        help=_("Invoice or voucher; by hand once only for an account of a site."),
    )
    # Of a voucher that came in a file; 0: posted as a whole, by hand or of a commitment.
    line: Mapped[LineNumber] = recorded(_("Line of the document"), default=0)
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
    commitment_id: Mapped[UUID | None] = ref(
        Commitment, _("Commitment"), edit=False, default=None, reach="site",
        offers=lambda me: Commitment.status == CommitmentState.OPEN, help=_("Of which it is a payment, if it is of one."),
    )  # fmt: skip
    more: Mapped[bool] = field(
        _("More is still to come"), edit=False, default=False,
        help=_("Of the commitment; else what is left of it is free again."),
    )  # fmt: skip
    drawn: Mapped[Fen] = recorded(_("Taken from the commitment"), default=0)
    reversal_of_id: Mapped[UUID | None] = ref("self", _("Reverses"), create=False, edit=False, default=None)
    ratify_by: Mapped[dt.datetime | None] = recorded(_("To be ratified by"))
    ratified_at: Mapped[dt.datetime | None] = recorded(_("Ratified at"))
    ratify_late: Mapped[bool] = recorded(_("Ratified late"), default=False, filtered=True)
    reverse_by: Mapped[dt.datetime | None] = recorded(_("To be reversed by"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class Adjustment(
    Record,
    kind="budgeting.adjustment",
    label=_("Adjustment"),
    number="YT",
    indexes=[("site_id", "year", "status"), ("site_id", "status")],
    sorts=("year",),
):
    """A change of what is approved while a budget is executed. The budget itself stays as it was approved."""

    status: Mapped[AdjustmentState] = recorded(_("Status"), default=AdjustmentState.DRAFT, listed=True, filtered=True)
    nature: Mapped[AdjustmentKind] = field(
        _("Kind"), listed=True, filtered=True, start=AdjustmentKind.SUPPLEMENT,
        help=_("Supplement: more money. Transfer: from another account or month. Carry-over: what last year left unspent."),
    )  # fmt: skip
    year: Mapped[Year] = field(_("Year"), listed=True, filtered=True, start=lambda day: day.year)
    account: Mapped[Line] = field(
        _("To account"), listed=True, filtered=True, named=account_name, help=_("Code or name of an account.")
    )
    month: Mapped[InYear] = field(
        _("From month on"), help=_("The first month that gets it."), start=lambda day: day.month
    )
    until_month: Mapped[InYear | None] = field(
        _("Until month"), default=None, help=_("Divided evenly over the months; empty: all of it in the one month.")
    )
    amount: Mapped[Amount] = field(_("Amount"), listed=True)
    from_account: Mapped[Line | None] = field(
        _("Taken from account"), default=None, named=account_name, help=_("Of a transfer; empty: of the same account.")
    )
    from_month: Mapped[InYear | None] = field(_("Taken from month"), default=None, help=_("Of a transfer."))
    reason: Mapped[Prose] = field(_("Reason"), listed=True, searched=True)
    granted_at: Mapped[dt.datetime | None] = recorded(_("Granted at"), filtered=True)
    expires_at: Mapped[dt.datetime | None] = recorded(_("Carry-over expires"))
    sign_by: Mapped[dt.datetime | None] = recorded(_("Signature due"))
    sign_late: Mapped[bool] = recorded(_("Signed late"), default=False)
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
    title: Mapped[Line] = recorded(_("Month of the year"), default="", listed=True, searched=True)
    year: Mapped[Year] = field(_("Year"), edit=False, listed=True, filtered=True)
    month: Mapped[InYear] = field(_("Month"), edit=False, listed=True)
    close_by: Mapped[dt.datetime | None] = recorded(_("To be closed by"), listed=True, filtered=True)
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
