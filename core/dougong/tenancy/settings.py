"""A company's own settings (module ``core``): look, default language, working hours and days, files.

Owns the declaration. Working hours have a file of their own (``hours``); what follows from them is computed in
``scheduling.calendars``.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..words import Lazy, translator
from .follow_rules import MOST_RULES, FollowRules
from .hours import (
    DAY,
    MOST_CALENDARS,
    MOST_USES,
    WEEKDAYS,
    Calendars,
    CoreCalendar,
    Days,
    Hours,
    Span,
    Uses,
    labelled,
    refused,
    spans,
)

_ = translator("dougong")


def apart(label: Lazy, page: str) -> Any:
    """What a settings field says of itself that has a page of its own: the form of all settings leaves it as it is."""
    return {"label": label, "page": page}


class FileSettings(BaseModel):
    """Which files may be put to records. Pictures lose the place where they were taken whatever is set here."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: int = Field(default=20, ge=1, le=200, json_schema_extra=labelled(_("Largest file (MB)")))
    number: int = Field(default=20, ge=1, le=100, json_schema_extra=labelled(_("Files of one record")))
    pictures: bool = Field(default=True, json_schema_extra=labelled(_("Pictures (JPEG, PNG, GIF, WebP)")))
    pdf: bool = Field(default=True, json_schema_extra=labelled(_("PDF")))
    office: bool = Field(default=True, json_schema_extra=labelled(_("Office documents")))
    text: bool = Field(default=True, json_schema_extra=labelled(_("Text and CSV")))
    video: bool = Field(default=True, json_schema_extra=labelled(_("Video (MP4)")))
    keep_details: bool = Field(
        default=False,
        json_schema_extra=labelled(_("Keep what the camera noted (time, make; never the place)")),
    )


def _local_address(address: str | None) -> str | None:
    # The content security policy admits our own origin only; another address would leak who looks at the page.
    if address and not re.fullmatch(r"/[\w./-]+", address):
        raise refused(_("The logo is a file on this server, for instance /static/logo.svg."))
    return address or None


class CoreSettings(BaseModel):
    """What a company sets for itself, over all modules."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    brand: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] | None = Field(
        default=None,
        json_schema_extra=labelled(_("Brand colour")),
    )
    logo: Annotated[str | None, AfterValidator(_local_address)] = Field(
        default=None,
        max_length=200,
        json_schema_extra=labelled(_("Logo")),
    )
    theme: str = Field(
        default="plain",
        pattern=r"^[a-z][a-z0-9_-]{0,39}$",
        json_schema_extra=labelled(_("Theme")),
    )
    locale: Literal["zh", "en"] = Field(
        default="zh",
        json_schema_extra=labelled(_("Default language")),
    )
    token_rate: int = Field(
        default=1200,
        ge=0,
        le=1_000_000,
        json_schema_extra=labelled(_("Requests a minute with one access token (0: not limited)")),
    )
    session_rate: int = Field(
        default=120,
        ge=0,
        le=1_000_000,
        json_schema_extra=labelled(_("Searches and exports a minute in one session (0: not limited)")),
    )
    calendar: CoreCalendar = Field(
        default_factory=CoreCalendar,
        json_schema_extra=labelled(_("Working hours and days")),
    )
    calendars: Calendars = Field(
        default_factory=dict,
        max_length=MOST_CALENDARS,
        json_schema_extra=apart(_("Calendars"), "/admin/calendars"),
    )
    calendar_uses: Uses = Field(
        default=(),
        max_length=MOST_USES,
        json_schema_extra=apart(_("Where calendars hold"), "/admin/calendars"),
    )
    follow_ups: FollowRules = Field(
        default=(),
        max_length=MOST_RULES,
        json_schema_extra=apart(_("What gives rise to what"), "/admin/follow-ups"),
    )
    files: FileSettings = Field(
        default_factory=FileSettings,
        json_schema_extra=labelled(_("Files")),
    )


__all__ = ["DAY", "WEEKDAYS", "CoreCalendar", "CoreSettings", "Days", "FileSettings", "Hours", "Span", "spans"]
