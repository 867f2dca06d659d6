"""What a company may change: the settings of the parts together."""

from __future__ import annotations

from .planning.settings import PlanningSettings
from .reporting.settings import ReportingSettings
from .spending.settings import SpendingSettings


class Settings(PlanningSettings, SpendingSettings, ReportingSettings):
    """Of all parts."""
