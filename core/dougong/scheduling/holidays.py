"""Public holidays of mainland China with their make-up working days, by date.

Owns nothing but the look-up: the State Council's notices as ``chinesecalendar`` carries them, and for years that
have none yet the statutory holidays as ``holidays`` computes them (without make-up days, which nobody can know
before the notice). A company's own days are in its settings, not here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import lru_cache

import chinese_calendar
import holidays as statutory

from ..words import Lazy, translator

_ = translator("dougong")

_FORESEEN = 10  # years without a notice that count for the edition
_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
# By the beginning of the name, as the two sources write it: "Tomb-sweeping Day", "清明节（补假）".
_NAMES: dict[str, Lazy] = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
    "Anti-Fascist 70th Day": _("70th anniversary of the victory over fascism"),
}
_CHINESE = {
    "元旦": "New Year's Day", "农历除夕": "Spring Festival", "春节": "Spring Festival", "清明节": "Tomb-sweeping Day",
    "劳动节": "Labour Day", "端午节": "Dragon Boat Festival", "国庆节": "National Day", "中秋节": "Mid-autumn Festival",
}  # fmt: skip


def official(year: int) -> bool:
    """Whether the government's notice for this year is known; if not, only the statutory holidays are."""
    return year in _YEARS


def is_holiday(day: dt.date) -> bool:
    """A day off by the notice (the whole run of days, weekends in it too), or by statute where there is no notice."""
    if official(day.year):
        return day in chinese_calendar.holidays
    return day in _statutory(day.year)


def name_of(day: dt.date) -> Lazy | None:
    """What is celebrated on a day off, or made up for on a make-up day; None on every other day."""
    if official(day.year) or is_make_up(day):
        found = chinese_calendar.holidays.get(day) or chinese_calendar.workdays.get(day)
    else:
        told = _statutory(day.year).get(day, "")
        found = next((name for start, name in _CHINESE.items() if told.startswith(start)), None)
    return _NAMES.get(found or "", _("Public holiday")) if found or is_holiday(day) else None


def is_make_up(day: dt.date) -> bool:
    """A day at the weekend on which people work in exchange for a longer holiday. Only notices make such days.

    The notice for a year may also take a day at the end of the year before; it is in the data when it is known.
    """
    return day in chinese_calendar.workdays


@lru_cache(maxsize=1)
def edition() -> str:
    """The last year with a notice and a digest of all days: another one when an update brings a notice or moves a day."""
    last = max(_YEARS)
    foreseen = [day for year in range(last + 1, last + 1 + _FORESEEN) for day in _statutory(year)]
    tables = (chinese_calendar.holidays, chinese_calendar.workdays, foreseen)
    days = "/".join(",".join(sorted(day.isoformat() for day in table)) for table in tables)
    return f"{last} {hashlib.sha256(days.encode()).hexdigest()[:8]}"


@lru_cache(maxsize=64)
def _statutory(year: int) -> dict[dt.date, str]:
    return dict(statutory.country_holidays("CN", years=[year], language="zh_CN").items())
