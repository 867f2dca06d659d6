"""Which moments follow from a rule: days first, then the shift to working days, then times, then the site's zone.

Every answer costs as much as the span that is asked about, however long ago the rule began: counting starts at the period
in which the span begins, never at the rule's own beginning.
"""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..scheduling.calendars import Calendar, first_instant
from .rfc5545 import by_text
from .rules import ANCHOR, HORIZON, LAST, Rule, times_of

FARTHEST = 31  # days by which an occurrence is moved to a working day
_WINDOWS = (3, 40, *range(400, 366 * 42, 732))  # days: what comes soon is found in a small span, and no span is long
_ENOUGH = 366 * 6  # days after which a shift that has not come does not come
_ONE = dt.timedelta(days=1)


def between(rule: Rule, after: dt.datetime, until: dt.datetime, zone: str, calendar: Calendar) -> Iterator[dt.datetime]:
    """As ``Rule.between``, one by one."""
    if until <= after:
        return
    if rule.repeat == "shift":
        found = _shift_starts(rule, after, until, calendar)
    else:
        # A day on each side: zones lie up to 14 hours apart, and a gap moves a time forward.
        first, last = after.astimezone(dt.UTC).date() - _ONE, until.astimezone(dt.UTC).date() + _ONE
        found = (first_instant(zone, wall) for wall in _walls(rule, first, last, calendar))
    yield from sorted({at for at in found if after < at <= until})


@lru_cache(maxsize=4096)
def following(rule: Rule, after: dt.datetime, zone: str, calendar: Calendar) -> dt.datetime | None:
    """As ``Rule.following``. Companies with the same rule and hours share the answer."""
    start, last = _start(rule, after, zone), after + HORIZON
    begin = start
    for days in _WINDOWS:
        end = min(begin + dt.timedelta(days=days), last)
        if (found := next(between(rule, start, end, zone, calendar), None)) is not None:
            return found
        start = end
        if start >= last or (rule.repeat == "shift" and days > _ENOUGH):
            break
    return None


def coming(rule: Rule, after: dt.datetime, zone: str, calendar: Calendar) -> Iterator[dt.datetime]:
    """All moments after ``after``, reckoned some days at a time, as far as somebody asks for them."""
    start, last, days = _start(rule, after, zone), after + HORIZON, _WINDOWS[0]
    while start < last:
        end, found = min(start + days * _ONE, last), False
        for at in between(rule, start, end, zone, calendar):
            found = True
            yield at
        start, days = end, _WINDOWS[0] if found else min(days * 4, 732)


def _start(rule: Rule, after: dt.datetime, zone: str) -> dt.datetime:
    """From where it is worth looking: nothing lies before the rule's beginning but what is moved to the working day before."""
    if rule.starting is None:
        return after
    return max(after, midnight(rule.starting - (FARTHEST + 1) * _ONE, zone))


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """When a day begins in a zone, in UTC."""
    return first_instant(zone, dt.datetime.combine(day, dt.time()))


def _shift_starts(rule: Rule, after: dt.datetime, until: dt.datetime, calendar: Calendar) -> Iterator[dt.datetime]:
    day, last = after.astimezone(dt.UTC).date() - 2 * _ONE, until.astimezone(dt.UTC).date() + 2 * _ONE
    while day <= last:
        for name, starts, _ends in calendar.shifts(day):
            if not rule.shifts or name in rule.shifts:
                yield starts
        day += _ONE


# ---- days and times by the clock on the wall ----


def _walls(rule: Rule, first: dt.date, last: dt.date, calendar: Calendar) -> Iterator[dt.datetime]:
    """Local times on these days, after the shift to working days; not in order, and one may come twice."""
    begin = first - off_beside(first, calendar, -1) * _ONE if rule.on_closed == "next" else first
    end = last + off_beside(last, calendar, 1) * _ONE if rule.on_closed == "previous" else last
    if rule.starting is not None:
        begin = max(begin, rule.starting)
    moves: dict[dt.date, dt.date | None] = {}  # a day with very many times is judged once
    for day, times in _nominal(rule, begin, end):
        if day not in moves:
            moves[day] = _moved(rule, day, calendar)
        moved = moves[day]
        if moved is not None and first <= moved <= last:
            for time in times:
                yield dt.datetime.combine(moved, time)


def off_beside(day: dt.date, calendar: Calendar, step: int) -> int:
    """How many days off stand right before a day (``step`` -1) or after it: only from those a moment is moved over to it."""
    for n in range(FARTHEST):
        if calendar.is_working_day(day + (n + 1) * step * _ONE):
            return n
    return FARTHEST


def _moved(rule: Rule, day: dt.date, calendar: Calendar) -> dt.date | None:
    if rule.on_closed == "as_is" or calendar.is_working_day(day):
        return day
    if rule.on_closed == "skip":
        return None
    step = _ONE if rule.on_closed == "next" else -_ONE
    for away in range(1, FARTHEST + 1):
        if calendar.is_working_day(day + away * step):
            return day + away * step
    return None


def _nominal(rule: Rule, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, Iterable[dt.time]]]:
    if rule.repeat == "rrule":
        for wall in by_text(rule, first, last):
            yield wall.date(), (wall.time(),)
        return
    times = times_of(rule.times)
    days = {"daily": _daily, "weekly": _weekly, "monthly": _monthly, "yearly": _monthly}[rule.repeat]
    for day in days(rule, first, last):
        if first <= day <= last:
            yield day, times


def _daily(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    anchor = rule.starting or ANCHOR
    day = first + (-(first - anchor).days % rule.every) * _ONE
    while day <= last:
        yield day
        day += rule.every * _ONE


def _weekly(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    anchor = _monday(rule.starting or ANCHOR)
    week = _monday(first)
    week += (-((week - anchor).days // 7) % rule.every) * 7 * _ONE
    while week <= last:
        for weekday in rule.weekdays:
            yield week + weekday * _ONE
        week += rule.every * 7 * _ONE


def _monday(day: dt.date) -> dt.date:
    return day - day.weekday() * _ONE


def _monthly(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Monthly and yearly: a year is twelve months, counted from the rule's month."""
    anchor = rule.starting or ANCHOR
    every = rule.every * (12 if rule.month else 1)
    base = anchor.year * 12 + (rule.month or anchor.month) - 1
    month = first.year * 12 + first.month - 1
    month += (base - month) % every
    while month <= last.year * 12 + last.month - 1:
        yield _day_of(rule, month // 12, month % 12 + 1)
        month += every


def _day_of(rule: Rule, year: int, month: int) -> dt.date:
    weekday, length = months_of.monthrange(year, month)
    if rule.nth is None:
        return dt.date(year, month, length if rule.day == LAST else min(rule.day or 1, length))
    first = 1 + (rule.weekdays[0] - weekday) % 7
    if rule.nth == LAST:
        return dt.date(year, month, first + (length - first) // 7 * 7)
    return dt.date(year, month, first + (rule.nth - 1) * 7)


__all__ = ["between", "following", "midnight"]
