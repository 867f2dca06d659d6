"""What a company may change of assigned work."""

from __future__ import annotations

from typing import Annotated

from dougong import Form, asked, translator
from pydantic import Field

_ = translator("dougong_tasks")

Hours = Annotated[float, Field(gt=0, le=2_000, allow_inf_nan=False)]


class AssignedSettings(Form):
    """Hours run on the site's working hours. The defaults are this project's own."""

    accept_hours: Hours = asked(_("Tasks: accepted within"), default=8, unit=_("working hours"))
    sign_hours: Hours = asked(_("Tasks: signed off within"), default=16, unit=_("working hours"))
    follow_days: Annotated[int, Field(ge=1, le=365)] = asked(
        _("Tasks that a rule opens: days to the deadline"), default=7, unit=_("days")
    )
