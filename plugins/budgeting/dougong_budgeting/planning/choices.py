"""The choices that code reads: directions, stops, fee modes, scenarios, states, kinds of a basis."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_budgeting")


class Direction(Choice):
    INCOME = "income", _("Income")
    EXPENSE = "expense", _("Expense")


class Stop(Choice):
    """What happens when an account is spent."""

    HARD = "hard", _("Refuses"), "bad"
    SOFT = "soft", _("Warns"), "warn"
    NONE = "none", _("Nothing")


class AccountState(Choice):
    OPEN = "open", _("In use"), "doing"
    CLOSED = "closed", _("No longer used"), "done"


class FeeMode(Choice):
    """包干制 and 酬金制 (物业服务收费管理办法, 发改价格〔2003〕1864号, Art. 9)."""

    LUMP = "lump", _("Lump sum")
    COMMISSION = "commission", _("Commission")


class Scenario(Choice):
    BASE = "base", _("Likely")
    GOOD = "good", _("Favourable")
    BAD = "bad", _("Adverse")


class BudgetState(Choice):
    DRAFT = "draft", _("Drawing up"), "doing"
    PROJECT = "project", _("Before the project"), "acc"
    FINANCE = "finance", _("Before finance"), "acc"
    REGION = "region", _("Before the region"), "acc"
    COMPANY = "company", _("Before the company"), "acc"
    OWNERS = "owners", _("Waiting for the owners"), "hold"
    ACTIVE = "active", _("In execution"), "doing"
    CLOSED = "closed", _("Final account made"), "done"
    DROPPED = "dropped", _("Dropped"), "done"


UNDERWAY = (BudgetState.PROJECT, BudgetState.FINANCE, BudgetState.REGION, BudgetState.COMPANY, BudgetState.OWNERS)
BINDING = (BudgetState.ACTIVE, BudgetState.CLOSED)


class BasisKind(Choice):
    """How the amounts of an account come about."""

    AREA = "area", _("Area × rate × collection rate")
    QUANTITY = "quantity", _("Quantity × price")
    PERCENT = "percent", _("Share of another account")


__all__ = [
    "BINDING",
    "UNDERWAY",
    "AccountState",
    "BasisKind",
    "BudgetState",
    "Direction",
    "FeeMode",
    "Scenario",
    "Stop",
]
