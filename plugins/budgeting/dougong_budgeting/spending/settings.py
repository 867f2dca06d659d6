"""What a company may change of spending."""

from __future__ import annotations

from dougong import Whole, translator
from pydantic import BaseModel, Field

from .choices import Period

_ = translator("dougong_budgeting")


class SpendingSettings(BaseModel):
    """Stops, closing of months, notes on variances."""

    spending_period: Period = Field(Period.YEAR, title=_("Spending is limited by"))  # type: ignore[call-overload]
    close_days: Whole = Field(5, ge=1, le=31, title=_("Working days to close a month"))  # type: ignore[call-overload]
    ratify_days: Whole = Field(3, ge=1, le=30, title=_("Days to ratify emergency spending"))  # type: ignore[call-overload]
    variance_percent: Whole = Field(10, ge=0, le=1000, title=_("Variance that needs a note, in %"))  # type: ignore[call-overload]
