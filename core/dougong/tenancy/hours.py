"""Working hours as a company sets them: of weekdays, of named shifts, round the clock; its own days; where which holds.

Owns the declarations and the reading of "08:30-12:00, 13:30-17:30". What follows from hours is computed in
``scheduling.calendars``; which calendar holds for a site and a post in ``scheduling.held``.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from ..words import Lazy, translator

_ = translator("dougong")

Span = tuple[int, int]  # minutes from the day's midnight; an end above 1440 lies in the next day
DAY = 24 * 60
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DEFAULT, ALWAYS = "default", "always"  # names that every company has: its own hours, and round the clock
RESERVED = (DEFAULT, ALWAYS, "new", "uses", "holds")
MOST_CALENDARS, MOST_SHIFTS, MOST_USES = 50, 12, 1000
_LONGEST_BREAK = 12 * 60

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至]\s*(\d{1,2}):(\d{2})", re.ASCII)
_BETWEEN = re.compile(r"[,，、;；]")


def refused(message: Lazy) -> PydanticCustomError:
    """A validation error in the person's language, without pydantic's own prefix."""
    return PydanticCustomError("dougong", "{words}", {"words": str(message)})


def labelled(label: Lazy) -> Any:
    """What a settings field says of itself; the label stays lazy, since the page's language is known later."""
    return {"label": label}


# ---- reading hours ----------------------------------------------------------------------------------


def _read(text: str, latest: int) -> list[tuple[int, int]]:
    """Pairs of minutes as they were written. :param latest: a start must lie before this minute."""
    found = []
    narrow = unicodedata.normalize("NFKC", text)  # digits and colons as a Chinese keyboard types them
    for part in filter(None, (p.strip() for p in _BETWEEN.split(narrow))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise refused(_("“{part}” is not a span of hours; write 08:30-12:00, 13:30-17:30.").format(part=part))
        h1, m1, h2, m2 = (int(group) for group in match.groups())
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if max(m1, m2) > 59 or start >= latest or end > DAY:
            raise refused(_("“{part}” is not a time of day.").format(part=part))
        found.append((start, end))
    return found


def spans(text: str) -> tuple[Span, ...]:
    """Working hours of one day: ``"08:30-12:00, 13:30-17:30"``, ``"22:00-06:00"`` into the next day, ``""`` for none.

    :returns: spans in order, in minutes from midnight.
    :raises PydanticCustomError: not readable, or the spans overlap.
    """
    found = sorted((start, end if end > start else end + DAY) for start, end in _read(text, DAY))
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise refused(_("The spans of one day must not overlap."))
    if found and found[-1][1] - found[0][0] > DAY:
        raise refused(_("The hours of one day must not reach into its own hours on the next day."))
    return tuple(found)


def shift_spans(text: str) -> tuple[Span, ...]:
    """Hours of one shift in the order in which they are worked: ``"22:00-02:00, 02:30-06:00"`` has its break after midnight.

    ``"24:00-08:00"`` begins at midnight and still belongs to the day before.

    :returns: spans in order, in minutes from the midnight at which the shift's day begins.
    :raises PydanticCustomError: not readable, empty, overlapping, longer than 24 hours, or with a break above 12 hours.
    """
    found: list[Span] = []
    for start, end in _read(text, DAY + 1):
        if found:
            start += DAY * max(0, -((start - found[-1][1]) // DAY))  # after what was worked before it
        length = (end - start) % DAY or DAY
        found.append((start, start + length))
    if not found:
        raise refused(_("A shift needs hours, as in 08:00-12:00, 13:00-16:00."))
    if found[-1][1] - found[0][0] > DAY:
        raise refused(_("The spans of one shift must not overlap, and it ends within 24 hours."))
    if any(later[0] - earlier[1] > _LONGEST_BREAK for earlier, later in pairwise(found)):
        raise refused(_("A break of more than 12 hours: write the hours in the order in which they are worked."))
    return tuple(found)


def hours_text(found: tuple[Span, ...]) -> str:
    """Spans as they are written: ``08:30-12:00, 13:30-17:30``. A first span that begins at the day's end begins at 24:00."""
    shown = []
    for number, (start, end) in enumerate(found):
        opens = start % DAY if number else start
        shown.append(f"{_clock(opens)}-{_clock(end if end <= DAY else end - DAY)}")
    return ", ".join(shown)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _hours(label: Lazy, default: str = "08:30-12:00, 13:30-18:00") -> Any:
    return Field(default=default, max_length=100, json_schema_extra=labelled(label))


def _weekdays(given: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(name for name in WEEKDAYS if name in given)
    if not found:
        raise refused(_("Choose at least one weekday."))
    return found


Hours = Annotated[str, AfterValidator(lambda text: hours_text(spans(text)))]
ShiftHours = Annotated[str, AfterValidator(lambda text: hours_text(shift_spans(text)))]
Days = Annotated[tuple[dt.date, ...], AfterValidator(lambda days: tuple(sorted(set(days))))]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]*$")]
CalendarSlug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


# ---- what is set ------------------------------------------------------------------------------------


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
        week = self.week()
        if not any(week):
            raise refused(_("A week without a working hour: no due time can be computed. Give hours to one weekday."))
        for number, hours in enumerate(week):
            following = week[(number + 1) % 7] if self.strict else ()
            if hours and following and hours[-1][1] - DAY > following[0][0]:
                raise refused(_("The night hours of one day overlap with the hours of the next day."))
        if both := set(self.days_off) & set(self.working_days):
            raise refused(_("{day} is both a day off and a working day.").format(day=min(both)))
        return self

    @property
    def strict(self) -> bool:
        """Whether the hours of one day must not reach into those of the next; shifts may, for handing over."""
        return True

    def week(self) -> tuple[tuple[Span, ...], ...]:
        """The spans from Monday to Sunday."""
        return tuple(spans(getattr(self, name)) for name in WEEKDAYS)


class Shift(BaseModel):
    """One shift of a day (早班, 中班, 夜班). Shifts of one calendar may overlap, for handing over."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name = Field(json_schema_extra=labelled(_("Shift")))
    hours: ShiftHours = Field(max_length=100, json_schema_extra=labelled(_("Hours")))
    days: Annotated[tuple[Weekday, ...], AfterValidator(_weekdays)] = Field(
        default=WEEKDAYS, max_length=14, json_schema_extra=labelled(_("Weekdays"))
    )


Rota = tuple[tuple[tuple[str, tuple[Span, ...]], ...], ...]  # Monday to Sunday: (name of the shift, its spans)


class NamedCalendar(CoreCalendar):
    """A calendar of the company beside its default one.

    :ivar kind: ``week`` (the weekdays' hours), ``shifts`` (the shifts', and the weekdays' are not looked at) or ``always``
        (24 hours a day, 7 days a week; days off and holidays are not looked at).
    :ivar public_holidays: public holidays, make-up days, and the company's own days off and working days hold here too; this
        calendar's own go before them.
    """

    name: Name = Field(json_schema_extra=labelled(_("Name")))
    kind: Literal["week", "shifts", "always"] = Field(default="week", json_schema_extra=labelled(_("Kind")))
    shifts: tuple[Shift, ...] = Field(default=(), max_length=MOST_SHIFTS, json_schema_extra=labelled(_("Shifts")))

    @model_validator(mode="after")
    def _whole(self) -> NamedCalendar:
        names = [one.name for one in self.shifts]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise refused(_("The shift “{name}” is there twice.").format(name=twice))
        return self

    @model_validator(mode="after")
    def _sensible(self) -> NamedCalendar:
        if self.kind == "shifts" and not self.shifts:
            raise refused(_("A calendar of shifts needs at least one shift."))
        super()._sensible()  # type: ignore[operator]
        return self

    @property
    def strict(self) -> bool:
        return self.kind == "week"

    def rota(self) -> Rota:
        """The shifts from Monday to Sunday, each day's by their beginning; none of a calendar that has no shifts."""
        if self.kind != "shifts":
            return ()
        read = sorted(((one, shift_spans(one.hours)) for one in self.shifts), key=lambda pair: pair[1][0])
        return tuple(tuple((one.name, hours) for one, hours in read if day in one.days) for day in WEEKDAYS)

    def week(self) -> tuple[tuple[Span, ...], ...]:
        """The spans from Monday to Sunday: of shifts, when anybody works."""
        if self.kind == "always":
            return (((0, DAY),),) * 7
        if self.kind == "shifts":
            return tuple(_union([span for _name, hours in day for span in hours]) for day in self.rota())
        return super().week()


def _union(found: list[Span]) -> tuple[Span, ...]:
    made: list[Span] = []
    for start, end in sorted(found):
        if made and start <= made[-1][1]:
            made[-1] = made[-1][0], max(made[-1][1], end)
        else:
            made.append((start, end))
    return tuple(made)


class CalendarUse(BaseModel):
    """Where a calendar holds: for everybody at a site and below, for a post everywhere, or for a post at a site and below.

    :ivar calendar: its short name. :ivar site: short name of a site. :ivar post: short name of a role.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    calendar: CalendarSlug
    site: Annotated[str, StringConstraints(max_length=62)] | None = None
    post: Annotated[str, StringConstraints(max_length=40)] | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> CalendarUse:
        if not (self.site or self.post):
            raise refused(_("Say where it holds: a site, a post, or a post at a site."))
        return self


def _once(uses: tuple[CalendarUse, ...]) -> tuple[CalendarUse, ...]:
    places = [(one.site, one.post) for one in uses]
    if len(set(places)) < len(places):
        raise refused(_("Two calendars cannot hold for the same post at the same site."))
    return uses


def _free(calendars: dict[str, NamedCalendar]) -> dict[str, NamedCalendar]:
    if taken := next((slug for slug in calendars if slug in RESERVED), None):
        raise refused(_("The short name “{slug}” is taken by the platform.").format(slug=taken))
    return calendars


Calendars = Annotated[dict[CalendarSlug, NamedCalendar], AfterValidator(_free)]
Uses = Annotated[tuple[CalendarUse, ...], AfterValidator(_once)]
