"""Periods: this or last week, month, quarter, year, or from one day to another, and what each is compared with.

A period that still runs ends today and is compared with the same stretch of the one before, so that the first week of a
month is not held against a whole one. Days begin in the company's zone; owns no figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dougong import PERIODS as KNOWN
from dougong import FieldError, Invalid, Lazy, period_days, translator

_ = translator("dougong_reports")

OWN = "own"
UNTIL = ".."  # between the two days of a period in an address
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(1990, 1, 1), dt.date(2200, 1, 1)
LONGEST = 3660  # days, ten years
DEFAULT = "this-month"
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
PERIODS: Mapping[str, Lazy] = {name: KNOWN[name] for name in _BEFORE}
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


def named(name: str, today: dt.date) -> Period:
    """One of ``PERIODS``. :raises KeyError: none of them."""
    words, (which, unit) = str(_BEFORE[name]), name.split("-")
    start, last = period_days(name, today)
    end = min(last, today) + DAY
    earlier, _last = period_days(f"last-{unit}", start)
    stop = start if which == "last" else min(start, earlier + (end - start))
    return Period(name, str(PERIODS[name]), start, end, words, Period(OWN, words, earlier, stop))


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
    first, _last = period_days("this-month", until - DAY)
    for _month in range(n - 1):
        first, _last = period_days("last-month", first)
    return Period(OWN, "", first, until)
