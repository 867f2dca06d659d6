"""Public holidays of mainland China with their make-up working days, by date.

Owns nothing but the look-up: the State Council's notices as ``chinesecalendar`` carries them, and for years that
have none yet the statutory holidays as ``holidays`` computes them (without make-up days, which nobody can know
before the notice). A company's own days are in its settings, not here.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import chinese_calendar
import holidays as statutory

_YEARS = frozenset(day.year for day in chinese_calendar.holidays)


def official(year: int) -> bool:
    """Whether the government's notice for this year is known; if not, only the statutory holidays are."""
    return year in _YEARS


def is_holiday(day: dt.date) -> bool:
    """A day off by the notice (the whole run of days, weekends in it too), or by statute where there is no notice."""
    if official(day.year):
        return day in chinese_calendar.holidays
    return day in _statutory(day.year)


def is_make_up(day: dt.date) -> bool:
    """A day at the weekend on which people work in exchange for a longer holiday. Only notices make such days.

    The notice for a year may also take a day at the end of the year before; it is in the data when it is known.
    """
    return day in chinese_calendar.workdays


@lru_cache(maxsize=64)
def _statutory(year: int) -> frozenset[dt.date]:
    return frozenset(statutory.country_holidays("CN", years=[year]))
