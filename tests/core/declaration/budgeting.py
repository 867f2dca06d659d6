"""Budgeting on trial: an approval line, bulk cells with a natural key, a hard stop under parallel spenders, money in fen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Bulk,
    Choice,
    Conflict,
    Context,
    Fen,
    Form,
    Line,
    Manifest,
    Prose,
    Record,
    Resource,
    RoleDefault,
    Workflow,
    asked,
    field,
    guard,
    hookimpl,
    ref,
    reference,
    translator,
)
from pydantic import BaseModel
from sqlalchemy.orm import Mapped, mapped_column

_ = translator(__name__)


class State(Choice):
    DRAFT = "draft", _("Drafting")
    FINANCE = "finance", _("Finance review")
    REGION = "region", _("Region")
    COMPANY = "company", _("Company")
    ACTIVE = "active", _("In force")


class Settings(BaseModel):
    alerts: tuple[int, ...] = (80, 95, 100)


class Budget(Record, kind="sums.budget", label=_("Budget"), number="YS", unique=[("site_id", "year", "version")]):
    status: Mapped[State] = field(_("Status"), default=State.DRAFT, create=False, edit=False, listed=True)
    year: Mapped[int] = field(_("Year"), listed=True, filtered=True)
    version: Mapped[int] = field(_("Version"), default=1, create=False, edit=False)


class Amount(Bulk, kind="sums.amount", label=_("Amount")):
    budget_id: Mapped[UUID] = reference(Budget, primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    fen: Mapped[Fen]


class Balance(Bulk, kind="sums.balance", label=_("Balance")):
    budget_id: Mapped[UUID] = reference(Budget, primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    approved: Mapped[Fen] = mapped_column(default=0)
    committed: Mapped[Fen] = mapped_column(default=0)


class Commitment(Record, kind="sums.commitment", label=_("Commitment"), number="ZY"):
    budget_id: Mapped[UUID] = ref(Budget, _("Budget"), edit=False)
    account: Mapped[Line] = field(_("Account"), edit=False)
    fen: Mapped[Fen] = field(_("Amount"), edit=False, listed=True)


X = Context[Settings]
flow = Workflow(Budget, Budget.status, Settings)


@guard(_("Who made it does not approve it."))
def another_person(budget: Budget, x: X) -> bool:
    return budget.created_by != x.actor


class Note(Form):
    note: Prose = asked(_("Reason"))


submit = flow.step("submit", _("Submit"), State.DRAFT, State.FINANCE)
for source, target in ((State.FINANCE, State.REGION), (State.REGION, State.COMPANY), (State.COMPANY, State.ACTIVE)):
    flow.step(f"approve_{source.value}", _("Approve"), source, target, guards=[another_person])


@flow.on(_("Return"), [State.FINANCE, State.REGION, State.COMPANY], State.DRAFT, form=Note)
def send_back(budget: Budget, form: Note, x: X) -> None:
    """The reason is kept in the history by itself."""


spending: Workflow[Commitment, State, Settings] = Workflow(Commitment, None, Settings)  # no states


@spending.creating
def within_budget(commitment: Commitment, x: X) -> None:
    """One conditional UPDATE: the row lock puts parallel spenders in a line."""
    left = x.session.execute(
        sa.update(Balance)
        .where(
            Balance.budget_id == commitment.budget_id,
            Balance.account == commitment.account,
            Balance.committed + commitment.fen <= Balance.approved,
        )
        .values(committed=Balance.committed + commitment.fen)
        .returning(Balance.approved - Balance.committed)
        .execution_options(synchronize_session=False)
    ).scalar()
    if left is None:
        raise Conflict(_("Not enough of the budget is left for this."))


manifest = Manifest(name="sums", version="0.0.1", label=_("Budgeting"))
RESOURCES = (
    Resource(Budget, _("Budgets"), flow=flow, settings=Settings),
    Resource(Commitment, _("Commitments"), flow=spending, settings=Settings),
)
ALL = tuple(p.name for r in RESOURCES for p in r.permissions())


@hookimpl
def dougong_resources() -> tuple[Resource[Any], ...]:
    return RESOURCES


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    return [RoleDefault("project_manager", ALL), RoleDefault("finance", ALL), RoleDefault("service_agent", ALL)]
