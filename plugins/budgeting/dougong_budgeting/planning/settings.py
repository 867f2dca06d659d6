"""What a company may change of this part."""

from __future__ import annotations

from pydantic import BaseModel


class PlanningSettings(BaseModel):
    """Accounts, budgets as grids, drivers, versions, the approval line."""
