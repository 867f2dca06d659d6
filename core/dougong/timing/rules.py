"""Rules: at which moments something happens again and again, in a site's own time and on its working days.

Owns the declaration, its validation and its form as JSON. Which moments follow is reckoned in ``recurrence`` and ``rfc5545``;
how it is said to people stands in ``rulewords``.
"""

from __future__ import annotations

import calendar as months_of
import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, get_args

from ..errors import FieldError, Invalid
from ..scheduling.calendars import Calendar
from ..words import Lazy, translator

_ = translator("dougong")

Repeat = Literal["daily", "weekly", "monthly", "yearly", "shift", "rrule"]
OnClosed = Literal["as_is", "skip", "next", "previous"]

LAST = -1  # of ``day`` and ``nth``
GAP = 5  # minutes: nothing fires more often
MOST_TIMES = 48  # a day
MOST_EVERY = 1000
LONGEST = 500  # characters of a rule in RFC 5545's own words
ANCHOR = dt.date(2024, 1, 1)  # a Monday in January: "every second week" is counted from here where nothing else is said
HORIZON = dt.timedelta(days=366 * 41)  # a Monday on 29 February may be 40 years away
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Rule:
    """When a schedule fires. Made by the functions below; all times are the site's own.

    A day that a month does not have (the 31st, 29 February) is its last day. A time that daylight saving leaves out is the
    end of the gap; of a doubled one only the first counts. A rule in RFC 5545's words (``rrule``) means what the RFC says:
    there a month without the day is left out, and ``BYMONTHDAY=-1`` is the last day.

    :param repeat: daily, weekly, monthly, yearly, at each ``shift`` of the calendar, or by ``text`` (``rrule``).
    :param times: times of day, "08:30"; none for shifts.
    :param every: each so-many days, weeks, months or years, counted from ``starting``, or from 1 January 2024, a Monday.
    :param weekdays: 0 is Monday; of a weekly rule, or the one weekday of "the second Tuesday".
    :param day: of the month, -1 the last. :param nth: 1 to 4, -1 the last: which of that weekday in the month.
    :param month: of a yearly rule. :param starting: nothing lies before this day.
    :param text: a rule as RFC 5545 writes it. :param shifts: names of shifts; none: each.
    :param on_closed: on a day off: as it is, skip it, or move it to the next or the previous working day (at most 31 days
        away; beyond that it is left out). Two that come to lie at one moment are one.
    :raises Invalid: it cannot be; with the path of each part and words.
    """

    repeat: Repeat
    times: tuple[str, ...] = ()
    every: int = 1
    weekdays: tuple[int, ...] = ()
    day: int | None = None
    nth: int | None = None
    month: int | None = None
    starting: dt.date | None = None
    text: str = ""
    shifts: tuple[str, ...] = ()
    on_closed: OnClosed = "as_is"

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", tuple(sorted(set(self.times))))
        object.__setattr__(self, "weekdays", tuple(sorted(set(self.weekdays))))
        errors = [*_general(self), *_parts(self)]
        if not errors and self.repeat == "rrule":
            from .rfc5545 import check_text

            errors = [FieldError("text", words) for words in check_text(self)]
        if errors:
            raise Invalid(errors=tuple(errors))

    # ---- making one ----

    @classmethod
    def daily(cls, *times: str, every: int = 1, **more: Any) -> Rule:
        """Each day at these times. :param more: ``starting``, ``on_closed``."""
        return cls("daily", times, every, **more)

    @classmethod
    def workdays(cls, *times: str) -> Rule:
        """Each working day at these times."""
        return cls("daily", times, on_closed="skip")

    @classmethod
    def weekly(cls, days: str | int | tuple[str | int, ...], *times: str, every: int = 1, **more: Any) -> Rule:
        """On days of the week. :param days: "monday" or 0, or several of them."""
        several = days if isinstance(days, tuple) else (days,)
        return cls("weekly", times, every, tuple(_weekday(one) for one in several), **more)

    @classmethod
    def monthly(
        cls, day: int | Literal["last"] | tuple[int, str | int], *times: str, every: int = 1, **more: Any
    ) -> Rule:
        """On a day of the month. ``every=3`` is each quarter, ``every=6`` each half-year, from January on.

        :param day: 1 to 31, "last", or ``(2, "tuesday")`` for the second Tuesday, ``(-1, "friday")`` for the last Friday.
        """
        if isinstance(day, tuple):
            return cls("monthly", times, every, (_weekday(day[1]),), nth=day[0], **more)
        return cls("monthly", times, every, day=LAST if day == "last" else day, **more)

    @classmethod
    def yearly(
        cls, month: int, day: int | Literal["last"] | tuple[int, str | int], *times: str, every: int = 1, **more: Any
    ) -> Rule:
        """On a day of a month of each year. :param day: as of ``monthly``."""
        if isinstance(day, tuple):
            return cls("yearly", times, every, (_weekday(day[1]),), nth=day[0], month=month, **more)
        return cls("yearly", times, every, day=LAST if day == "last" else day, month=month, **more)

    @classmethod
    def per_shift(cls, *shifts: str) -> Rule:
        """When a shift of the schedule's calendar begins. :param shifts: names of shifts; none: each."""
        return cls("shift", shifts=shifts)

    @classmethod
    def rrule(cls, text: str, *times: str, **more: Any) -> Rule:
        """As RFC 5545 writes it: FREQ (DAILY to YEARLY, HOURLY, MINUTELY), INTERVAL, COUNT or UNTIL, BYMONTH, BYMONTHDAY,
        BYDAY, BYSETPOS, BYHOUR, BYMINUTE, WKST. :param times: where it has no BYHOUR; none: midnight."""
        return cls("rrule", times, text=text.strip().upper(), **more)

    # ---- asking ----

    @property
    def words(self) -> Lazy:
        """The rule for people: 每个工作日 08:30."""
        from .rulewords import words

        return words(self)

    def between(self, after: dt.datetime, until: dt.datetime, zone: str, calendar: Calendar) -> list[dt.datetime]:
        """Its moments after ``after``, up to and including ``until``, in UTC and in order.

        :param zone: IANA name of the site's zone. :param calendar: whose working days and shifts count.
        """
        from .recurrence import between

        return list(between(self, after, until, zone, calendar))

    def following(self, after: dt.datetime, zone: str, calendar: Calendar) -> dt.datetime | None:
        """The first moment after ``after``; None: there is none any more."""
        from .recurrence import following

        return following(self, after, zone, calendar)

    def check(self, at: dt.datetime, zone: str, calendar: Calendar) -> None:
        """Whether it ever fires on this calendar. :raises Invalid: never; with words that say why."""
        if self.following(at, zone, calendar) is not None:
            return
        if self.repeat == "shift":
            raise Invalid(
                errors=(FieldError("shifts", _("This calendar has no such shift: the rule would never fire.")),)
            )
        if self.on_closed != "as_is":
            raise Invalid(errors=(FieldError("on_closed", _("It falls on days off only: the rule would never fire.")),))
        raise Invalid(errors=(FieldError("repeat", _("No such day comes any more: the rule would never fire.")),))

    def later(self, minutes: int) -> Rule:
        """The same rule so many minutes later, within the day: so that not all companies do it at one moment."""
        if self.repeat in ("shift", "rrule"):
            return self
        return dataclasses.replace(self, times=tuple(_later(one, minutes) for one in self.times))

    # ---- JSON ----

    def to_json(self) -> dict[str, Any]:
        """What differs from the default, with names of weekdays left as numbers and days as ISO dates."""
        found: dict[str, Any] = {"repeat": self.repeat}
        for one in dataclasses.fields(self)[1:]:
            value = getattr(self, one.name)
            if value != one.default:
                found[one.name] = _plain(value)
        return found

    @classmethod
    def from_json(cls, given: Any) -> Rule:
        """A rule from what ``to_json`` made, or from what a program sent. :raises Invalid: with the path of what is wrong."""
        if not isinstance(given, dict):
            raise Invalid(errors=(FieldError("", _("A rule is an object with “repeat”.")),))
        known = {one.name for one in dataclasses.fields(cls)}
        errors = [FieldError(str(name)[:40], _("A rule has no such part.")) for name in given if name not in known]
        values: dict[str, Any] = {}
        for name in known & set(given):
            try:
                values[name] = _READ[name](given[name])
            except (TypeError, ValueError):
                errors.append(FieldError(name, _("This cannot be read.")))
        if "repeat" not in given:
            errors.append(FieldError("repeat", _("Say how it repeats.")))
        if errors:
            raise Invalid(errors=tuple(errors))
        return cls(**values)


# ---- checks ----


def _general(rule: Rule) -> list[FieldError]:
    out: list[FieldError] = []
    if rule.repeat not in get_args(Repeat):
        out.append(
            FieldError("repeat", _("It repeats daily, weekly, monthly, yearly, per shift or by a rule in words."))
        )
    if rule.on_closed not in get_args(OnClosed):
        out.append(
            FieldError(
                "on_closed", _("On a day off it stays, is skipped, or moves to the next or previous working day.")
            )
        )
    if not 1 <= rule.every <= MOST_EVERY:
        out.append(FieldError("every", _("Between 1 and {most}.").format(most=MOST_EVERY)))
    if rule.starting is not None and not 2000 <= rule.starting.year <= 2200:
        out.append(FieldError("starting", _("The year {year} is out of range.").format(year=rule.starting.year)))
    return out + _times(rule)


def _times(rule: Rule) -> list[FieldError]:
    for number, one in enumerate(rule.times):
        if not _TIME.fullmatch(one):
            return [FieldError(f"times.{number}", _("“{part}” is not a time of day.").format(part=one[:20]))]
    if rule.repeat == "shift":
        return [FieldError("times", _("The shift says when; a time of day does not go with it."))] if rule.times else []
    if not rule.times:
        return [] if rule.repeat == "rrule" else [FieldError("times", _("Give at least one time of day."))]
    if len(rule.times) > MOST_TIMES:
        return [FieldError("times", _("At most {most} times a day.").format(most=MOST_TIMES))]
    minutes = [minute_of(one) for one in rule.times]
    if any(later - earlier < GAP for earlier, later in pairwise([*minutes, minutes[0] + 24 * 60])):
        return [FieldError("times", TOO_OFTEN)]
    return []


def _parts(rule: Rule) -> list[FieldError]:
    """Whether it has what its kind of repetition needs, and nothing that another kind has."""
    has = {name for name in ("weekdays", "day", "nth", "month", "text", "shifts") if getattr(rule, name)}
    allowed = {"weekly": {"weekdays"}, "monthly": {"weekdays", "day", "nth"}, "shift": {"shifts"}, "rrule": {"text"}}
    allowed["yearly"] = {*allowed["monthly"], "month"}
    out = [
        FieldError(name, _("This does not go with that kind of repetition."))
        for name in sorted(has - allowed.get(rule.repeat, set()))
    ]
    if rule.repeat in ("shift", "rrule") and rule.every != 1:
        out.append(FieldError("every", _("This does not go with that kind of repetition.")))
    if any(one not in range(7) for one in rule.weekdays):
        out.append(FieldError("weekdays", _("Weekdays are numbered from 0 (Monday) to 6 (Sunday).")))
    if rule.repeat == "weekly" and not rule.weekdays:
        out.append(FieldError("weekdays", _("Choose at least one day of the week.")))
    if rule.repeat in ("monthly", "yearly") and not out:
        out += _day(rule)
    if rule.repeat == "shift" and (
        len(rule.shifts) > MOST_TIMES or any(not 0 < len(one) <= 100 for one in rule.shifts)
    ):
        out.append(FieldError("shifts", _("This cannot be read.")))
    if rule.repeat == "rrule" and not 0 < len(rule.text) <= LONGEST:
        said = _("Write a rule of at most {most} characters.").format(most=LONGEST) if rule.text else _("Write a rule.")
        out.append(FieldError("text", said))
    return out


def _day(rule: Rule) -> list[FieldError]:
    if rule.repeat == "yearly" and (rule.month is None or not 1 <= rule.month <= 12):
        return [FieldError("month", _("Choose a month."))]
    if rule.nth is not None or rule.weekdays:
        if rule.day is not None:
            return [FieldError("day", _("Either a day of the month or a weekday of it, not both."))]
        if rule.nth not in (1, 2, 3, 4, LAST):
            return [FieldError("nth", _("First to fourth, or the last one."))]
        return [] if len(rule.weekdays) == 1 else [FieldError("weekdays", _("Choose one day of the week."))]
    if rule.day is None or rule.day not in (LAST, *range(1, 32)):
        return [FieldError("day", _("A day of the month is between 1 and 31, or the last."))]
    if rule.month and rule.day > months_of.monthrange(2024, rule.month)[1]:
        words = _("There is no {month}-{day}: the rule would never fire.")
        return [FieldError("day", words.format(month=rule.month, day=rule.day))]
    return []


TOO_OFTEN = _("It would fire more often than every {n} minutes.").format(n=GAP)


def minute_of(time: str) -> int:
    """Minutes from midnight of a time of day."""
    return int(time[:2]) * 60 + int(time[3:])


@lru_cache(maxsize=1024)
def times_of(times: tuple[str, ...]) -> tuple[dt.time, ...]:
    """Times of day as such."""
    return tuple(dt.time(minute_of(one) // 60, minute_of(one) % 60) for one in times)


def _later(time: str, minutes: int) -> str:
    at = (minute_of(time) + minutes) % (24 * 60)
    return f"{at // 60:02d}:{at % 60:02d}"


def _weekday(given: str | int) -> int:
    return _DAY_NAMES.index(given.lower()) if isinstance(given, str) else given


# ---- reading and writing JSON ----


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _text(given: Any) -> str:
    if not isinstance(given, str) or "\0" in given:
        raise TypeError
    return given


def _number(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise TypeError
    return given


def _maybe_number(given: Any) -> int | None:
    return None if given is None else _number(given)


def _listed(given: Any) -> list[Any]:
    if not isinstance(given, list | tuple) or len(given) > 1000:
        raise TypeError
    return list(given)


_READ: dict[str, Callable[[Any], Any]] = {
    "repeat": _text,
    "on_closed": _text,
    "text": lambda given: _text(given).strip().upper(),
    "every": _number,
    "day": _maybe_number,
    "nth": _maybe_number,
    "month": _maybe_number,
    "times": lambda given: tuple(_text(one) for one in _listed(given)),
    "shifts": lambda given: tuple(_text(one) for one in _listed(given)),
    "weekdays": lambda given: tuple(_number(one) for one in _listed(given)),
    "starting": lambda given: None if given is None else dt.date.fromisoformat(_text(given)),
}

__all__ = ["GAP", "LAST", "OnClosed", "Repeat", "Rule"]
