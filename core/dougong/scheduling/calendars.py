"""Working calendars: when people work, and what "four hours" or "three working days" from a moment means.

Pure functions over weekly hours, public holidays with make-up days, and the company's own days. Knows nothing of
settings, records, clocks or the database: ``held`` makes a company's calendars and says which of them holds where.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from ..errors import Invalid
from ..tenancy.hours import DAY, Rota, Span
from ..words import Lazy, translator
from . import holidays

_ = translator("dougong")

Stretch = tuple[dt.datetime, dt.datetime]  # working time in UTC, from (inclusive) until (exclusive)
# Why a day is what it is. ``usual``: its weekday has hours; ``rest``: it has none; the last two are the company's own.
DayKind = Literal["usual", "rest", "holiday", "make_up", "off", "on"]

HORIZON = dt.timedelta(days=366 * 50)
YEARS = range(1950, 2201)
_KEPT_DAYS = 800
_ONE_DAY = dt.timedelta(days=1)


class CalendarError(Invalid, ValueError):
    """The calendar cannot be, or cannot answer. ``words`` says why, for people; uncaught it is a refusal in these words."""

    def __init__(self, words: Lazy) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Calendar:
    """When people work in one time zone.

    :param zone: IANA name of the time zone in which the hours are meant.
    :param week: hours from Monday to Sunday in minutes from midnight; an end above 1440 lies in the next day and
        belongs to the day on which the shift began.
    :param public: mainland China's public holidays are off and their make-up days are worked.
    :param off: further days off; :param on: further working days. Both go before holidays and weekdays.
    :param rota: the shifts behind these hours, from Monday to Sunday; empty: each working day is one shift without a name.
    :raises CalendarError: no working hour at all, or an unknown zone.

    A make-up day, or a further working day, on a weekday without hours has those of the first weekday that has some
    (Monday, as a rule). Times in a gap of daylight saving begin when the gap ends; of a doubled hour both are worked.
    Where a day's hours reach into those of the next day, the time belongs to the earlier day until its hours are over.
    """

    zone: str
    week: tuple[tuple[Span, ...], ...]
    public: bool = False
    off: frozenset[dt.date] = frozenset()
    on: frozenset[dt.date] = frozenset()
    rota: Rota = ()
    _days: dict[dt.date, tuple[Stretch, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        if not any(self.week):
            raise CalendarError(_("A calendar without a working hour: no due time can be computed."))
        _zone(self.zone)

    # ---- questions ----

    def add(self, start: dt.datetime, *, hours: float = 0, days: int = 0) -> dt.datetime:
        """The moment that many working days and then working hours after ``start`` (before it, if negative).

        Working hours count real time within the working hours, across breaks, nights, holidays and changes of
        daylight saving; the answer is the earliest such moment, so what is due at closing time is due then and not
        at the next opening. Zero hours is ``start`` itself.

        Working days: the day of ``start`` is not counted and the last one is counted in full (《民法典》 art. 201
        and 203), at the same time of day: three working days from Friday 15:00 end on Wednesday 15:00. A time
        outside that day's hours moves to the next opening within it, at the latest to its closing. A start on a day
        off counts from the closing of the working day before it: one working day from Saturday is Monday's closing.
        Hours after midnight belong to the day on which the shift began.

        :param hours: working hours, fractions allowed.
        :param days: working days.
        :returns: an aware moment in UTC.
        :raises CalendarError: ``start`` lies outside 1950 to 2200, or the answer is more than 50 years away.
        """
        at = _checked(start)
        if days:
            at = self._add_days(at, days)
        if not hours:
            return at
        if not math.isfinite(hours) or abs(hours) > HORIZON / dt.timedelta(hours=1):
            raise CalendarError(_("The term is longer than 50 years."))
        left = dt.timedelta(hours=hours)
        if self.always:
            return at + left
        return self._forward(at, left) if left > dt.timedelta() else self._backward(at, -left)

    def between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Working time from ``start`` until ``end``; negative when ``end`` is the earlier.

        :raises CalendarError: more than 50 years apart, or outside 1950 to 2200.
        """
        a, b = _checked(start), _checked(end)
        if b < a:
            return -self.between(b, a)
        if b - a > HORIZON:
            raise CalendarError(_("The term is longer than 50 years."))
        if self.always:
            return b - a
        total = dt.timedelta()
        for opens, closes in self._after(a):
            if opens >= b:
                break
            total += min(closes, b) - opens
        return total

    def is_working(self, at: dt.datetime) -> bool:
        """Whether somebody works at this moment; closing time itself is no longer working."""
        return self._stretch_at(_checked(at)) is not None

    def business_date(self, at: dt.datetime) -> dt.date:
        """The day that work at this moment belongs to: 03:00 in a shift from 22:00 to 06:00 is still the day before, and
        so is its break at 02:15. Outside all hours it is the date in the zone."""
        moment = _checked(at)
        found = self._stretch_at(moment)
        if found is not None:
            return found
        today = self._date(moment)
        if self.rota and any(opens <= moment < closes for _name, opens, closes in self.shifts(today - _ONE_DAY)):
            return today - _ONE_DAY
        return today

    def is_working_day(self, day: dt.date) -> bool:
        return bool(self._day(day))

    def shifts(self, day: dt.date) -> list[tuple[str, dt.datetime, dt.datetime]]:
        """The shifts that begin on (belong to) a day: name, opening and closing in UTC, the earliest first.

        Breaks lie inside. Without shifts a working day is one without a name, from its first opening to its last closing.
        :raises CalendarError: the day lies outside 1950 to 2200.
        """
        weekday = self._weekday(_checked_day(day))
        if weekday is None:
            return []
        turns = self.rota[weekday] if self.rota else (("", self.week[weekday]),)
        found = [(name, self._moment(day, hours[0][0]), self._moment(day, hours[-1][1])) for name, hours in turns if hours]
        return [one for one in found if one[1] < one[2]]

    def hours(self, day: dt.date) -> tuple[Span, ...]:
        """A day's hours as they are set, in minutes from its midnight; none on a day off.

        :raises CalendarError: the day lies outside 1950 to 2200.
        """
        return self._hours(_checked_day(day))

    def kind_of(self, day: dt.date) -> DayKind:
        """Why a day is worked or not."""
        if day in self.off:
            return "off"
        if day in self.on:
            return "on"
        if self.public and holidays.is_make_up(day):
            return "make_up"
        if self.public and holidays.is_holiday(day):
            return "holiday"
        return "usual" if self.week[day.weekday()] else "rest"

    @property
    def always(self) -> bool:
        """24 hours a day, 7 days a week, whatever the holiday."""
        return not (self.public or self.off) and all(hours == ((0, DAY),) for hours in self.week)

    # ---- a day's hours ----

    def _weekday(self, day: dt.date) -> int | None:
        """The weekday (from 0) whose hours hold on a day; None: it is off."""
        kind = self.kind_of(day)
        if kind in ("off", "holiday", "rest"):
            return None
        usual = day.weekday()
        return usual if self.week[usual] else next(n for n, hours in enumerate(self.week) if hours)

    def _hours(self, day: dt.date) -> tuple[Span, ...]:
        weekday = self._weekday(day)
        return () if weekday is None else self.week[weekday]

    def _day(self, day: dt.date) -> tuple[Stretch, ...]:
        """Working time that belongs to this day, in order and apart from that of the days around it."""
        known = self._days.get(day)
        if known is not None:
            return known
        own = self._hours(day)
        yesterday = self._hours(day - _ONE_DAY)
        # A night shift may reach into the hours of the day after it: the earlier day keeps the time until it is over.
        taken = yesterday[-1][1] - DAY if yesterday else 0
        spans = [(max(start, taken), end) for start, end in own]
        if own and own[-1][1] > DAY:
            reach = own[-1][1]
            spans += [(start + DAY, min(end + DAY, reach)) for start, end in self._hours(day + _ONE_DAY)]
        found: list[Stretch] = []
        for start, end in sorted(spans):
            opens = self._moment(day, start) if start < end else None
            if opens is None or (closes := self._moment(day, end)) <= opens:
                continue
            if found and opens <= found[-1][1]:
                found[-1] = found[-1][0], max(found[-1][1], closes)
            else:
                found.append((opens, closes))
        if len(self._days) >= _KEPT_DAYS:
            self._days.clear()
        self._days[day] = tuple(found)
        return self._days[day]

    def _moment(self, day: dt.date, minutes: int) -> dt.datetime:
        return first_instant(self.zone, dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minutes))

    def _date(self, at: dt.datetime) -> dt.date:
        return at.astimezone(_zone(self.zone)).date()

    # ---- searching ----

    def _stretch_at(self, at: dt.datetime) -> dt.date | None:
        today = self._date(at)
        for day in (today - _ONE_DAY, today, today + _ONE_DAY):  # tomorrow: a clock that is set back over midnight
            if any(opens <= at < closes for opens, closes in self._day(day)):
                return day
        return None

    def _after(self, at: dt.datetime) -> Iterator[Stretch]:
        """Working time from ``at`` on, in order; the first stretch is cut at ``at``."""
        day = self._date(at) - _ONE_DAY
        for _step in range(HORIZON.days):
            for opens, closes in self._day(day):
                if closes > at:
                    yield max(opens, at), closes
            day += _ONE_DAY
        raise CalendarError(_("The term is longer than 50 years."))

    def _before(self, at: dt.datetime) -> Iterator[Stretch]:
        day = self._date(at) + _ONE_DAY
        for _step in range(HORIZON.days):
            for opens, closes in reversed(self._day(day)):
                if opens < at:
                    yield opens, min(closes, at)
            day -= _ONE_DAY
        raise CalendarError(_("The term is longer than 50 years."))

    def _forward(self, at: dt.datetime, left: dt.timedelta) -> dt.datetime:
        for opens, closes in self._after(at):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        raise AssertionError("unreachable: _after() raises at its horizon")

    def _backward(self, at: dt.datetime, left: dt.timedelta) -> dt.datetime:
        for opens, closes in self._before(at):
            if closes - opens >= left:
                return closes - left
            left -= closes - opens
        raise AssertionError("unreachable: _before() raises at its horizon")

    def _add_days(self, at: dt.datetime, count: int) -> dt.datetime:
        day = self.business_date(at)
        wall = at.astimezone(_zone(self.zone)).replace(tzinfo=None) - dt.datetime.combine(day, dt.time())
        if not self._day(day):
            # The neighbour on the near side stands for the day off, with its closing (or opening) for the time.
            day = self._step(day, -1 if count > 0 else 1)
            wall = dt.timedelta(days=2) if count > 0 else dt.timedelta(days=-1)
        for _i in range(abs(count)):
            day = self._step(day, 1 if count > 0 else -1)
            if abs(dt.datetime.combine(day, dt.time(), dt.UTC) - at) > HORIZON:
                raise CalendarError(_("The term is longer than 50 years."))
        return _clip(first_instant(self.zone, dt.datetime.combine(day, dt.time()) + wall), self._day(day))

    def _step(self, day: dt.date, direction: int) -> dt.date:
        for _i in range(HORIZON.days):
            day += direction * _ONE_DAY
            if self._day(day):
                return day
        raise CalendarError(_("The term is longer than 50 years."))


def _clip(at: dt.datetime, stretches: tuple[Stretch, ...]) -> dt.datetime:
    """This moment if it lies in the day's hours (closing time included), else the next opening, else the closing."""
    for opens, closes in stretches:
        if at <= closes:
            return max(at, opens)
    return stretches[-1][1]


def _checked(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    if at.year not in YEARS:
        raise CalendarError(_("The year {year} is out of range.").format(year=at.year))
    return at.astimezone(dt.UTC)


def _checked_day(day: dt.date) -> dt.date:
    if day.year not in YEARS:
        raise CalendarError(_("The year {year} is out of range.").format(year=day.year))
    return day


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown; not a key; a folder of the database
        raise CalendarError(_("“{zone}” is not a known time zone.").format(zone=name)) from error


def first_instant(zone: str, wall: dt.datetime) -> dt.datetime:
    """The first moment at which the local clock shows ``wall`` or more, in UTC.

    So defined, spans that touch on the wall touch in time too, through gaps and doubled hours.
    """
    local = _zone(zone)
    at = wall.replace(tzinfo=local).astimezone(dt.UTC)
    if at.astimezone(local).replace(tzinfo=None) == wall:
        return at
    # In a gap: the clock jumps somewhere between the two readings of this wall time; find the jump to the second.
    low, high = wall.replace(tzinfo=local, fold=1).astimezone(dt.UTC), at
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0) if middle.replace(microsecond=0) > low else middle
        if middle.astimezone(local).replace(tzinfo=None) >= wall:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


@lru_cache(maxsize=64)
def always(zone: str) -> Calendar:
    """24 hours a day, 7 days a week; the zone says when a day begins."""
    return Calendar(zone, ((((0, DAY),),) * 7))


ALWAYS = always("UTC")

__all__ = ["ALWAYS", "YEARS", "Calendar", "CalendarError", "DayKind", "always", "first_instant"]
