"""What a company may change of planning: up to which sum a budget needs whose signature, and how long each may take.

All defaults are this project's own (domain page, BUD); no law sets them.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Fen, asked, translator
from pydantic import BaseModel, Field

_ = translator("dougong_budgeting")

Sum = Annotated[Fen, Field(ge=0, le=10**13)]
Hours = Annotated[float, Field(ge=1, le=1000)]


class PlanningSettings(BaseModel):
    """Accounts, budgets as grids, the approval line."""

    budget_region_from: Sum = asked(
        _("The region signs from"), start=0, default=0, help=_("Expense of the year; 0: always.")
    )
    budget_company_from: Sum = asked(
        _("The company signs from"), start=0, default=0, help=_("Expense of the year; 0: always.")
    )
    budget_sign_hours: Hours = asked(_("Working hours for each signature"), start=16, default=16)


__all__ = ["PlanningSettings"]
