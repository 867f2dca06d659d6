"""What a company may change of reports upwards."""

from __future__ import annotations

from typing import Annotated

from dougong import Form, asked, translator
from pydantic import Field

_ = translator("dougong_tasks")

Days = Annotated[int, Field(ge=1, le=30)]


class UpwardSettings(Form):
    """The defaults are this project's own."""

    weekly_reports: bool = asked(_("Weekly reports"), default=True)
    monthly_reports: bool = asked(_("Monthly reports"), default=True)
    weekly_days: Days = asked(_("Weekly report: submitted within"), default=1, unit=_("working days"))
    monthly_days: Days = asked(_("Monthly report: submitted within"), default=3, unit=_("working days"))
    report_levels: Annotated[int, Field(ge=1, le=5)] = asked(
        _("Reports go up so many levels of the line"), default=1, unit=_("levels")
    )
