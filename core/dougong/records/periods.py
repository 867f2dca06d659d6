"""Stretches of days that people name: this week, last month, the last 30 days. Weeks begin on Monday; both ends are included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ..words import Lazy, translator

_ = translator("dougong")

Days = tuple[dt.date, dt.date]
_DAY = dt.timedelta(days=1)


def _week(today: dt.date, weeks: int) -> Days:
    monday = today - _DAY * today.weekday() + _DAY * 7 * weeks
    return monday, monday + _DAY * 6


def _months(today: dt.date, first: int, length: int) -> Days:
    """:param first: months from January of this year, which may lie before or after it."""

    def begin(month: int) -> dt.date:
        return dt.date(today.year + month // 12, month % 12 + 1, 1)

    return begin(first), begin(first + length) - _DAY


def _month(today: dt.date, months: int) -> Days:
    return _months(today, today.month - 1 + months, 1)


def _quarter(today: dt.date, quarters: int) -> Days:
    return _months(today, (today.month - 1) // 3 * 3 + quarters * 3, 3)


_PERIODS: dict[str, tuple[Lazy, str, Callable[[dt.date], Days]]] = {
    "today": (_("Today"), "今天", lambda day: (day, day)),
    "yesterday": (_("Yesterday"), "昨天", lambda day: (day - _DAY, day - _DAY)),
    "tomorrow": (_("Tomorrow"), "明天", lambda day: (day + _DAY, day + _DAY)),
    "this-week": (_("This week"), "本周", lambda day: _week(day, 0)),
    "last-week": (_("Last week"), "上周", lambda day: _week(day, -1)),
    "next-week": (_("Next week"), "下周", lambda day: _week(day, 1)),
    "this-month": (_("This month"), "本月", lambda day: _month(day, 0)),
    "last-month": (_("Last month"), "上月", lambda day: _month(day, -1)),
    "this-quarter": (_("This quarter"), "本季度", lambda day: _quarter(day, 0)),
    "last-quarter": (_("Last quarter"), "上季度", lambda day: _quarter(day, -1)),
    "this-year": (_("This year"), "今年", lambda day: _months(day, 0, 12)),
    "last-year": (_("Last year"), "去年", lambda day: _months(day, -12, 12)),
    "last-7-days": (_("Last 7 days"), "近7天", lambda day: (day - _DAY * 6, day)),
    "last-30-days": (_("Last 30 days"), "近30天", lambda day: (day - _DAY * 29, day)),
}
_SPOKEN = {spoken: name for name, (_label, spoken, _days) in _PERIODS.items()}
PERIODS: dict[str, Lazy] = {name: label for name, (label, _spoken, _days) in _PERIODS.items()}


def named(word: str) -> str | None:
    """The name of a period as addresses have it, from that or its Chinese word; None: it is none."""
    word = word.strip()
    return word if word in _PERIODS else _SPOKEN.get(word.replace(" ", ""))


def period_days(word: str, today: dt.date) -> Days:
    """The first and the last day of a period.

    :param word: one of ``PERIODS``, or its Chinese word. :param today: where the clock is read. :raises KeyError: no such period.
    """
    name = named(word)
    if name is None:
        raise KeyError(word)
    return _PERIODS[name][2](today)


__all__ = ["PERIODS", "named", "period_days"]
