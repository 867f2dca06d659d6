"""What a company may change of budget figures and of what owners are told.

The owners are told once a year at least (物业服务收费管理办法 Art. 12); the day is the project's own.
"""

from __future__ import annotations

from typing import Annotated

from dougong import Choice, asked, translator
from pydantic import BaseModel, Field

from ..spending.settings import MonthDay

_ = translator("dougong_budgeting")


class Forecasting(Choice):
    """How the rest of a year is expected to go (the project's own two; no norm sets one)."""

    PLAN = "plan", _("What is used, then the plan")
    RUN_RATE = "run_rate", _("As it went so far")


class ReportingSettings(BaseModel):
    """Forecast and figures."""

    forecast_method: Forecasting = asked(
        _("Forecast to the end of the year"), start=Forecasting.PLAN, default=Forecasting.PLAN
    )
    disclose_by: MonthDay = asked(
        _("Owners' sheet published by"), start="03-31", default="03-31",
        help=_("Month and day of the next year, as in 03-31; for a part of a year as long after its end."),
    )  # fmt: skip
    disclosure_sign_hours: Annotated[float, Field(ge=1, le=1000)] = asked(
        _("Working hours to sign an owners' sheet"), start=16, default=16
    )


__all__ = ["Forecasting", "ReportingSettings"]
