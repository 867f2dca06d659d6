"""A company's own settings (module ``core``): look, default language, working hours and days.

Owns the declaration and the reading of "08:30-12:00, 13:30-17:30". What follows from working hours is computed in
``scheduling.calendars``.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ..words import Lazy, translator

_ = translator("dougong")

Span = tuple[int, int]  # minutes from the day's midnight; an end above 1440 lies in the next day
DAY = 24 * 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至]\s*(\d{1,2}):(\d{2})")
_BETWEEN = re.compile(r"[,，、;；]")


def refused(message: Lazy) -> PydanticCustomError:
    """A validation error in the person's language, without pydantic's own prefix."""
    return PydanticCustomError("dougong", "{words}", {"words": str(message)})


def spans(text: str) -> tuple[Span, ...]:
    """Working hours of one day: ``"08:30-12:00, 13:30-17:30"``, ``"22:00-06:00"`` into the next day, ``""`` for none.

    :returns: spans in order, in minutes from midnight.
    :raises PydanticCustomError: not readable, or the spans overlap.
    """
    found: list[Span] = []
    for part in filter(None, (p.strip() for p in _BETWEEN.split(text))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise refused(_("“{part}” is not a span of hours; write 08:30-12:00, 13:30-17:30.").format(part=part))
        h1, m1, h2, m2 = (int(group) for group in match.groups())
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if max(m1, m2) > 59 or start >= DAY or end > DAY:
            raise refused(_("“{part}” is not a time of day.").format(part=part))
        found.append((start, end if end > start else end + DAY))
    found.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise refused(_("The spans of one day must not overlap."))
    if found and found[-1][1] - found[0][0] > DAY:
        raise refused(_("The hours of one day must not reach into its own hours on the next day."))
    return tuple(found)


def _readable(text: str) -> str:
    return ", ".join(f"{_clock(start)}-{_clock(end if end <= DAY else end - DAY)}" for start, end in spans(text))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def labelled(label: Lazy) -> Any:
    """What a settings field says of itself; the label stays lazy, since the page's language is known later."""
    return {"label": label}


def _hours(label: Lazy, default: str = "08:30-12:00, 13:30-18:00") -> Any:
    return Field(default=default, max_length=100, json_schema_extra=labelled(label))


Hours = Annotated[str, AfterValidator(_readable)]
Days = Annotated[tuple[dt.date, ...], AfterValidator(lambda days: tuple(sorted(set(days))))]


class CoreCalendar(BaseModel):
    """Working hours per weekday and the company's own days.

    Defaults: five days of eight hours (《劳动法》 art. 36: at most 8 hours a day; 国务院 1995: 40 hours a week).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    monday: Hours = _hours(_("Monday"))
    tuesday: Hours = _hours(_("Tuesday"))
    wednesday: Hours = _hours(_("Wednesday"))
    thursday: Hours = _hours(_("Thursday"))
    friday: Hours = _hours(_("Friday"))
    saturday: Hours = _hours(_("Saturday"), "")
    sunday: Hours = _hours(_("Sunday"), "")
    public_holidays: bool = Field(
        default=True,
        json_schema_extra=labelled(_("Public holidays of mainland China are off, make-up days are worked")),
    )
    days_off: Days = Field(
        default=(),
        max_length=1000,
        json_schema_extra=labelled(_("Further days off")),
    )
    working_days: Days = Field(
        default=(),
        max_length=1000,
        json_schema_extra=labelled(_("Further working days")),
    )

    @model_validator(mode="after")
    def _sensible(self) -> CoreCalendar:
        if not any(self.week()):
            raise refused(_("A week without a working hour: no due time can be computed. Give hours to one weekday."))
        week = self.week()
        for number, hours in enumerate(week):
            following = week[(number + 1) % 7]
            if hours and following and hours[-1][1] - DAY > following[0][0]:
                raise refused(_("The night hours of one day overlap with the hours of the next day."))
        if both := set(self.days_off) & set(self.working_days):
            raise refused(_("{day} is both a day off and a working day.").format(day=min(both)))
        return self

    def week(self) -> tuple[tuple[Span, ...], ...]:
        """The spans from Monday to Sunday."""
        return tuple(spans(getattr(self, name)) for name in WEEKDAYS)


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
    files: FileSettings = Field(
        default_factory=FileSettings,
        json_schema_extra=labelled(_("Files")),
    )
