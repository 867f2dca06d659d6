"""What a company may change of its webhooks."""

from __future__ import annotations

from typing import Annotated

from dougong import asked, translator
from pydantic import BaseModel, ConfigDict, Field

_ = translator("dougong_webhooks")


class Settings(BaseModel):
    """Tries and their end follow what receivers are used to (standardwebhooks.com: tries over days, then the end)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attempts: Annotated[int, Field(ge=1, le=20)] = asked(
        _("Attempts before a delivery is given up"), default=9, help=_("Nine of them take about two days.")
    )
    stop_days: Annotated[float, Field(ge=0.1, le=60)] = asked(
        _("Switched off after failing for"), default=3, unit=_("days")
    )
    overlap_hours: Annotated[float, Field(ge=0, le=720)] = asked(
        _("An old secret still signs for"), default=24, unit=_("h")
    )
    keep_days: Annotated[int, Field(ge=1, le=400)] = asked(_("The log is kept for"), default=30, unit=_("days"))
    address: Annotated[str, Field(max_length=200, pattern=r"^(https?://[^\s/]+)?$")] = asked(
        _("Address of this platform"),
        default="",
        help=_("Put before the links in messages, for instance https://anhe.example.com; empty: links begin with “/”."),
    )
