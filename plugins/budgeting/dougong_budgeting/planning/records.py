"""Accounts, budgets, their cells (account x month, integer fen) and what amounts are based on. Rules stand beside."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Bulk,
    ClockMemory,
    Day,
    Fen,
    Line,
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

from .choices import AccountState, BasisKind, BudgetState, Direction, FeeMode, OwnersItem, Scenario, Stop

_ = translator("dougong_budgeting")

Code = Annotated[str, mapped_column(sa.Text), StringConstraints(strip_whitespace=True, pattern=r"^[\w./-]{1,40}$")]
Year = Annotated[Whole, Field(ge=2000, le=2100)]
Place = Annotated[Whole, Field(ge=0, le=100_000)]
Area = Annotated[Whole, Field(ge=0, le=10**9)]


def coming_year(day: dt.date) -> int:
    """The year that is budgeted for on a day: from September on the next."""
    return day.year + (day.month >= 9)


class Account(
    Record,
    kind="budgeting.account",
    label=_("Account"),
    number="KM",
    scope="company",
    unique=[("code",)],
    known_by=("code",),
    indexes=[("site_id", "status"), ("parent_id",)],
    sorts=("place",),
):
    """A line of the company's budget tree. One with accounts below it is their sum and has no amounts of its own."""

    status: Mapped[AccountState] = recorded(_("Status"), default=AccountState.OPEN, listed=True, filtered=True)
    code: Mapped[Code] = field(_("Code"), listed=True, searched=True)
    name: Mapped[Line] = field(_("Name"), listed=True, searched=True)
    parent_id: Mapped[UUID | None] = ref("self", _("Below"), default=None)
    direction: Mapped[Direction] = field(_("Direction"), listed=True, filtered=True)
    stop: Mapped[Stop] = field(
        _("When it is spent"), listed=True, filtered=True, default=Stop.SOFT, start=Stop.SOFT,
        help=_("Refuses: nothing can be spent beyond the budget. Warns: it can, and is told."),
    )  # fmt: skip
    negative: Mapped[bool] = field(
        _("Months may be negative"), default=False, help=_("For balances that may turn, as of water and power.")
    )
    owners: Mapped[OwnersItem | None] = field(
        _("On the owners' sheet"), default=None, filtered=True, help=_("Empty: as the account above it.")
    )
    place: Mapped[Place] = field(_("Order"), default=0, start=0)


class Budget(
    Record,
    kind="budgeting.budget",
    label=_("Budget"),
    number="YS",
    unique=[("site_id", "year", "scenario", "version")],
    indexes=[("site_id", "year", "status"), ("status",)],
    sorts=("year",),
):
    """The income and expense of a site in a year, one version of one scenario. Amounts are in fen."""

    status: Mapped[BudgetState] = recorded(_("Status"), default=BudgetState.DRAFT, listed=True, filtered=True)
    title: Mapped[Line] = recorded(_("Title"), default="", listed=True, searched=True)
    year: Mapped[Year] = field(_("Year"), listed=True, filtered=True, edit=False, start=coming_year)
    fee_mode: Mapped[FeeMode] = field(_("Fee mode"), listed=True, filtered=True, start=FeeMode.LUMP)
    scenario: Mapped[Scenario] = field(
        _("Scenario"), listed=True, filtered=True, edit=False, default=Scenario.BASE, start=Scenario.BASE
    )
    version: Mapped[Whole] = recorded(_("Version"), default=1, listed=True)
    area: Mapped[Area | None] = field(_("Charged area"), default=None, unit=_("m²"))
    assumptions: Mapped[Prose | None] = field(_("Assumptions"), default=None)
    market: Mapped[Prose | None] = field(
        _("Market notes"), default=None, help=_("Wages, prices, rents and collection nearby, with their sources.")
    )
    income: Mapped[Fen] = recorded(_("Income"), default=0, listed=True, unit=_("fen"))
    expense: Mapped[Fen] = recorded(_("Expense"), default=0, listed=True, unit=_("fen"))
    copied_from: Mapped[UUID | None] = recorded(_("Copied from"))
    owners_on: Mapped[Day | None] = recorded(_("Owners agreed on"))
    owners_basis: Mapped[Prose | None] = recorded(_("How the owners agreed"))
    active_at: Mapped[dt.datetime | None] = recorded(_("In execution since"), filtered=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Final account made at"))
    sign_by: Mapped[dt.datetime | None] = recorded(_("Signature due"))
    sign_late: Mapped[bool] = recorded(_("Signed late"), default=False)
    timing: Mapped[ClockMemory | None] = clock_memory()


_B = Budget.__table__.c
# What the database itself keeps, however many agree at once: one budget that binds a site in a year, of whatever scenario.
sa.Index(
    "uq_budget_binding", _B.tenant_id, _B.site_id, _B.year, unique=True,
    postgresql_where=sa.literal_column("status = ANY (ARRAY['active'::text, 'closed'::text])"),
)  # fmt: skip


class Cell(Bulk, kind="budgeting.line", label=_("Cell of a budget")):
    """One month of one account. ``first``: what it was when the version began, so that changes can be marked."""

    budget_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Budget})
    account_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Account})
    month: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    first: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    row_version: Mapped[int] = mapped_column(sa.BigInteger, default=1)
    changed_by: Mapped[UUID | None] = mapped_column(default=None)
    changed_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True), default=None)


class Basis(Bulk, kind="budgeting.basis", label=_("Basis of an account")):
    """What an account's months are reckoned from; whole numbers only.

    ``quantity`` in thousandths, ``price`` in fen, ``share`` in hundredths of a per cent, ``months`` a mask of twelve bits.
    """

    budget_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Budget})
    account_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Account})
    method: Mapped[BasisKind] = mapped_column()
    quantity: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    price: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    share: Mapped[int] = mapped_column(sa.BigInteger, default=10_000)
    months: Mapped[int] = mapped_column(sa.SmallInteger, default=0xFFF)
    of_account: Mapped[UUID | None] = mapped_column(default=None, info={"ref": Account})
    note: Mapped[str | None] = mapped_column(sa.Text, default=None)


__all__ = ["Account", "Basis", "Budget", "Cell"]
