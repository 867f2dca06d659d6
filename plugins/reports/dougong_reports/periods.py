"""Periods: this or last week, month, quarter, year, or from one day to another, and what each is compared with.

A period that still runs ends today and is compared with the same stretch of the one before, so that the first week of a
month is not held against a whole one. Days begin in the company's zone; owns no figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dougong import FieldError, Invalid, Lazy, translator

_ = translator("dougong_reports")

OWN = "own"
UNTIL = ".."  # between the two days of a period in an address
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(1990, 1, 1), dt.date(2200, 1, 1)
LONGEST = 3660  # days, ten years
DEFAULT = "this-month"
PERIODS: Mapping[str, Lazy] = {
    "this-week": _("This week"),
    "last-week": _("Last week"),
    "this-month": _("This month"),
    "last-month": _("Last month"),
    "this-quarter": _("This quarter"),
    "last-quarter": _("Last quarter"),
    "this-year": _("This year"),
    "last-year": _("Last year"),
}
_BEFORE: Mapping[str, Lazy] = {
    "this-week": _("the same days of last week"),
    "last-week": _("the week before"),
    "this-month": _("the same days of last month"),
    "last-month": _("the month before"),
    "this-quarter": _("the same days of last quarter"),
    "last-quarter": _("the quarter before"),
    "this-year": _("the same days of last year"),
    "last-year": _("the year before"),
}
_DAYS_BEFORE = _("the {n} days before")
_NO_DAY = _("is not a day, written as in 2026-11-22")


@dataclass(frozen=True)
class Period:
    """:param start: first day. :param end: the day after the last. :param before: that which it is compared with."""

    name: str
    label: str
    start: dt.date
    end: dt.date
    before_label: str = ""
    before: Period | None = None

    def moments(self, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """First moment and the first one after it."""
        return dt.datetime.combine(self.start, dt.time(), zone), dt.datetime.combine(self.end, dt.time(), zone)

    @property
    def last(self) -> dt.date:
        return self.end - DAY

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As it stands in an address."""
        return [("period", self.address)]

    @property
    def address(self) -> str:
        return self.name if self.name != OWN else f"{self.start.isoformat()}{UNTIL}{self.last.isoformat()}"


def begin(unit: str, day: dt.date) -> dt.date:
    """The first day of the week (Monday), month, quarter or year that a day lies in."""
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1)


def named(name: str, today: dt.date) -> Period:
    """One of ``PERIODS``. :raises KeyError: none of them."""
    label, which, unit = PERIODS[name], *name.split("-")
    start = begin(unit, today)
    if which == "last":
        start, end = begin(unit, start - DAY), start
        earlier = begin(unit, start - DAY)
        stop = start
    else:
        end, earlier = today + DAY, begin(unit, start - DAY)
        stop = min(start, earlier + (end - start))
    words = str(_BEFORE[name])
    return Period(name, str(label), start, end, words, Period(OWN, words, earlier, stop))


def own(first: dt.date, last: dt.date) -> Period:
    """From one day to another, both inclusive."""
    end, days = last + DAY, (last - first).days + 1
    words = str(_DAYS_BEFORE.format(n=days))
    label = f"{first.isoformat()} – {last.isoformat()}" if first != last else first.isoformat()
    return Period(OWN, label, first, end, words, Period(OWN, words, first - dt.timedelta(days=days), first))


def period_of(name: str, first: str, last: str, today: dt.date) -> Period:
    """The period of an address: a name, ``2026-10-01..2026-10-31``, or ``own`` (or nothing) with first and last day.

    :raises Invalid: no such period; days that are none or stand the wrong way round.
    """
    if UNTIL in name and not (first or last):
        name, (first, _until, last) = OWN, name.partition(UNTIL)
    if name in PERIODS or not (name or first or last):
        if first or last:
            raise Invalid(errors=(FieldError("period", _("is given twice: by its name and by its days")),))
        return named(name or DEFAULT, today)
    if name not in ("", OWN):
        raise Invalid(
            errors=(FieldError("period", _("must be one of: {known}").format(known=", ".join((*PERIODS, OWN)))),)
        )
    begins, ends = _day("from", first), _day("to", last)
    if ends < begins:
        raise Invalid(errors=(FieldError("to", _("lies before the first day")),))
    if (ends - begins).days >= LONGEST:
        raise Invalid(errors=(FieldError("to", _("is more than ten years after the first day")),))
    return own(begins, ends)


def _day(path: str, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text) if len(text) == 10 else FIRST - DAY
    except ValueError:
        raise Invalid(errors=(FieldError(path, _NO_DAY),)) from None
    if not FIRST <= day <= LAST:
        raise Invalid(errors=(FieldError(path, _NO_DAY),))
    return day


def last_months(until: dt.date, n: int = 12) -> Period:
    """The months up to a day (exclusive), for trends."""
    first = begin("month", until - DAY)
    for _month in range(n - 1):
        first = begin("month", first - DAY)
    return Period(OWN, "", first, until)
