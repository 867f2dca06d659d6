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


class OwnersItem(Choice):
    """Where an account stands on the owners' sheet. The nine items of cost are those of 物业服务收费管理办法 Art. 11; what is
    earned with common parts is the owners' (民法典 Art. 282)."""

    FEES = "fees", _("Property service fees")
    OTHER_INCOME = "other_income", _("Other income of the service funds")
    STAFF = "staff", _("Wages, social insurance and welfare of staff")
    FACILITIES = "facilities", _("Running and upkeep of common parts and facilities")
    CLEANING = "cleaning", _("Cleaning")
    GREENS = "greens", _("Upkeep of greens")
    ORDER = "order", _("Keeping order")
    OFFICE = "office", _("Office costs")
    DEPRECIATION = "depreciation", _("Depreciation of fixed assets")
    INSURANCE = "insurance", _("Insurance of common parts and public liability")
    AGREED = "agreed", _("Other costs that the owners agreed to")
    TAXES = "taxes", _("Taxes and dues")
    COMMISSION = "commission", _("Commission of the manager")
    COMMON_INCOME = "common_income", _("Earned with common parts")
    COMMON_COST = "common_cost", _("Cost of earning it")
    NONE = "none", _("Not of the owners' funds")

    def fits(self, direction: Direction) -> bool:
        """Whether an account of this direction can stand there."""
        income = self in (OwnersItem.FEES, OwnersItem.OTHER_INCOME, OwnersItem.COMMON_INCOME)
        return self is OwnersItem.NONE or income == (direction is Direction.INCOME)


class YearBefore(Choice):
    """What a budget may begin with."""

    PLAN = "plan", _("Last year's budget")
    ACTUAL = "actual", _("Last year as it went")


__all__ = [
    "BINDING",
    "UNDERWAY",
    "AccountState",
    "BasisKind",
    "BudgetState",
    "Direction",
    "FeeMode",
    "OwnersItem",
    "Scenario",
    "Stop",
    "YearBefore",
]
