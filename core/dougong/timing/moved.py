"""Why something does not fire on the day that its rule names: which day that was, and what kind of day off."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from ..scheduling import holidays
from ..scheduling.calendars import Calendar
from ..words import Lazy, translator
from .recurrence import FARTHEST
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
    back = rule.on_closed == "next"
    off = _off_beside(local.date(), calendar, -1 if back else 1)
    if not off:
        return None
    plain = dataclasses.replace(rule, on_closed="as_is")
    reach = dt.timedelta(days=off + 1)
    span = (at - reach, at) if back else (at - dt.timedelta(seconds=1), at + reach)
    named = [one.astimezone(ZoneInfo(zone)) for one in plain.between(*span, zone, calendar)]
    fitting = [one.date() for one in (reversed(named) if back else named) if one.time() == local.time()]
    return fitting[0] if fitting and fitting[0] != local.date() else None


def _off_beside(day: dt.date, calendar: Calendar, step: int) -> int:
    """How many days off stand right before a day (after it): only from those a moment is moved to it."""
    for n in range(FARTHEST):
        if calendar.is_working_day(day + (n + 1) * step * dt.timedelta(days=1)):
            return n
    return FARTHEST


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
