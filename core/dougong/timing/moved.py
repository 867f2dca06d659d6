"""Why something does not fire on the day that its rule names: which day that was, and what kind of day off."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..scheduling import holidays
from ..scheduling.calendars import Calendar
from ..words import Lazy, translator
from .recurrence import midnight, off_beside
from .rules import Rule

_ = translator("dougong")
_LATER = _("Moved from {day}: {why}")
_OFF = _("a day off of the company")
_REST = _("no working day")


def moved_from(rule: Rule, at: dt.datetime, zone: str, calendar: Calendar) -> dt.date | None:
    """The day that the rule names for this moment, where that was a day off and it was moved; None: it was not moved.

    :param at: a moment of the rule, as ``Rule.between`` gives it.
    """
    if rule.on_closed not in ("next", "previous"):
        return None
    local = at.astimezone(ZoneInfo(zone))
    day = _named(rule, local.date(), zone, calendar).get(local.time())
    return day if day != local.date() else None


@lru_cache(maxsize=512)
def _named(rule: Rule, day: dt.date, zone: str, calendar: Calendar) -> dict[dt.time, dt.date]:
    """For each time of a day, the nearest day that the rule names for it: the day itself, or a day off beside it."""
    back = rule.on_closed == "next"
    off = off_beside(day, calendar, -1 if back else 1) * dt.timedelta(days=1)
    if not off:
        return {}
    plain = dataclasses.replace(rule, on_closed="as_is")
    first, last = (day - off, day) if back else (day, day + off)
    span = midnight(first, zone) - dt.timedelta(microseconds=1), midnight(last + dt.timedelta(days=1), zone)
    named = [one.astimezone(ZoneInfo(zone)) for one in plain.between(*span, zone, calendar)]
    return {one.time(): one.date() for one in (named if back else reversed(named)) if first <= one.date() <= last}


def why_off(day: dt.date, calendar: Calendar) -> Lazy | str:
    """What kind of day off this is, in words; empty for a working day."""
    kind = calendar.kind_of(day)
    if kind == "holiday":
        return holidays.name_of(day) or _REST
    return {"off": _OFF, "rest": _REST}.get(kind, "")


def words(rule: Rule, at: dt.datetime, zone: str, calendar: Calendar) -> Lazy | None:
    """Why this moment is not on the day that the rule names, for people; None: it is."""
    day = moved_from(rule, at, zone, calendar)
    return None if day is None else _LATER.format(day=f"{day:%m-%d}", why=why_off(day, calendar))


__all__ = ["moved_from", "why_off", "words"]
