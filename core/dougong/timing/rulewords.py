"""Rules in words, for people: 每个工作日 08:30, 每月最后一个工作日 18:00, 每班开始时."""

from __future__ import annotations

from collections.abc import Sequence

from ..words import Lazy, translator
from .rules import ANCHOR, LAST, Rule

_ = translator("dougong")

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
_NTH = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), LAST: _("last")}
_CLOSED = {
    "as_is": _("{rule}"),
    "skip": _("{rule}, not on days off"),
    "next": _("{rule}, on a day off the next working day"),
    "previous": _("{rule}, on a day off the working day before"),
}
_EVERY = {
    ("daily", 1): _("Every day at {times}"),
    ("daily", 0): _("Every {n} days at {times}"),
    ("weekly", 1): _("Every {days} at {times}"),
    ("weekly", 0): _("Every {n} weeks on {days} at {times}"),
    ("monthly", 1): _("Every month on {day} at {times}"),
    ("monthly", 3): _("Every quarter (months {months}) on {day} at {times}"),
    ("monthly", 6): _("Every half-year (months {months}) on {day} at {times}"),
    ("monthly", 0): _("Every {n} months on {day} at {times}"),
    ("yearly", 1): _("Every year in month {month} on {day} at {times}"),
    ("yearly", 0): _("Every {n} years in month {month} on {day} at {times}"),
}
_FROM = _("{rule}, counted from {day}")


def words(rule: Rule) -> Lazy:
    """What a rule says, in the language in which it is shown."""
    closed: str = rule.on_closed
    if rule.repeat == "shift":
        said = (
            _("When {shifts} begin").format(shifts=_and(rule.shifts))
            if rule.shifts
            else _("At the start of each shift")
        )
    elif rule.repeat == "rrule":
        said = _("By the rule {text}").format(text=rule.text)
        said = _("{rule} at {times}").format(rule=said, times=_and(rule.times)) if rule.times else said
    elif rule.repeat == "daily" and rule.every == 1 and closed == "skip":
        said, closed = _("Every working day at {times}").format(times=_and(rule.times)), "as_is"
    else:
        day, closed = _day(rule)
        pattern = _EVERY.get((rule.repeat, rule.every)) or _EVERY[rule.repeat, 0]
        days = _and([WEEKDAYS[one] for one in rule.weekdays]) if rule.repeat == "weekly" else ""
        said = pattern.format(
            n=rule.every, times=_and(rule.times), day=day, days=days, month=rule.month, months=_and(_months(rule))
        )
    if closed != "as_is":
        said = _CLOSED[closed].format(rule=said)
    if rule.starting is not None:
        said = _FROM.format(rule=said, day=rule.starting.isoformat())
    return said


def _day(rule: Rule) -> tuple[Lazy | str, str]:
    """The day of the month, and what is left to say of days off."""
    if rule.repeat not in ("monthly", "yearly"):
        return "", rule.on_closed
    if rule.nth is not None:
        return _("the {nth} {weekday}").format(nth=_NTH[rule.nth], weekday=WEEKDAYS[rule.weekdays[0]]), rule.on_closed
    if rule.day == LAST:
        if rule.on_closed == "previous":
            return _("the last working day"), "as_is"
        return _("the last day"), rule.on_closed
    if rule.day == 1 and rule.on_closed == "next":
        return _("the first working day"), "as_is"
    return _("day number {n}").format(n=rule.day), rule.on_closed


def _months(rule: Rule) -> list[str]:
    """The months of a quarterly or half-yearly rule."""
    first = (rule.starting or ANCHOR).month - 1
    return [str(month + 1) for month in sorted((first + n * rule.every) % 12 for n in range(12 // min(rule.every, 12)))]


def _and(several: Sequence[Lazy | str]) -> Lazy | str:
    """Some of a kind, joined as the language does."""
    said: Lazy | str = several[-1] if several else ""
    for one in reversed(several[:-1]):
        said = _("{one}, {more}").format(one=one, more=said)
    return said


__all__ = ["WEEKDAYS", "words"]
