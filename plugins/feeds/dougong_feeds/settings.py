"""What a company may change of its calendar feeds."""

from __future__ import annotations

from typing import Annotated

from dougong import asked, translator
from pydantic import BaseModel, ConfigDict, Field

_ = translator("dougong_feeds")


class Settings(BaseModel):
    """Calendars ask every few minutes to hours; a year ahead is what they show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days_back: Annotated[int, Field(ge=0, le=400)] = asked(_("Days back"), default=60, unit=_("days"))
    days_ahead: Annotated[int, Field(ge=1, le=800)] = asked(_("Days ahead"), default=400, unit=_("days"))
    rate: Annotated[int, Field(ge=1, le=1000)] = asked(_("Requests a minute for one feed"), default=30)
