"""How accounts and budgets are shown."""

from __future__ import annotations

from typing import Any

from dougong import Resource, Tab, translator

from . import budgets, chart
from .choices import UNDERWAY, AccountState, BudgetState
from .records import Account, Budget
from .settings import PlanningSettings

_ = translator("dougong_budgeting")
GROUP = _("Planning")

account: Resource[Account] = Resource(
    Account,
    _("Accounts"),
    group=GROUP,
    flow=chart.flow,
    settings=PlanningSettings,
    icon="budget",
    title=Account.name,
    create_label=_("Add an account"),
    sections=(
        (_("Account"), ("code", "name", "parent_id", "direction", "place")),
        (_("Rules"), ("stop", "negative", "owners")),
    ),
    tabs=(
        Tab("open", _("In use"), lambda me: Account.status == AccountState.OPEN, sort="place"),
        Tab("all", _("All"), counted=False, sort="place"),
    ),
    columns=("number", "name", "code", "direction", "stop", "status"),
    order="place",
)

budget: Resource[Budget] = Resource(
    Budget,
    _("Budgets"),
    group=GROUP,
    flow=budgets.flow,
    settings=PlanningSettings,
    icon="budget",
    title=Budget.title,
    create_label=_("Draw up a budget"),
    sections=(
        (
            _("Budget"),
            ("title", "year", "fee_mode", "scenario", "version", "area", "income", "expense", "active_at", "closed_at"),
        ),
        (_("What it rests on"), ("assumptions", "market")),
        (_("Owners"), ("owners_on", "owners_basis")),
    ),
    tabs=(
        Tab("current", _("Being drawn up"), lambda me: Budget.status.in_((BudgetState.DRAFT, *UNDERWAY)), sort="-year"),
        Tab("active", _("In execution"), lambda me: Budget.status == BudgetState.ACTIVE, sort="-year"),
        Tab("all", _("All"), counted=False, sort="-year"),
    ),
    columns=("number", "title", "site_id", "scenario", "income", "expense", "status"),
    badges=("fee_mode",),
    steps=(
        BudgetState.DRAFT, BudgetState.PROJECT, BudgetState.FINANCE, BudgetState.REGION, BudgetState.COMPANY,
        BudgetState.ACTIVE, BudgetState.CLOSED,
    ),
    likely={BudgetState.DRAFT: ("approve_submit", "last_year"), BudgetState.OWNERS: ("owners_agreed",), BudgetState.ACTIVE: ()},
)  # fmt: skip

RESOURCES: tuple[Resource[Any], ...] = (budget, account)

__all__ = ["GROUP", "RESOURCES", "account", "budget"]
