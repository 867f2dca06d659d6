"""Which moments follow from a rule: days first, then the shift to working days, then times, then the site's zone.

Every answer costs as much as the span that is asked about, however long ago the rule began: counting starts at the period
in which the span begins, never at the rule's own beginning.
"""

from __future__ import annotations

import calendar as months_of
import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

from dateutil import rrule as rfc

from ..scheduling.calendars import Calendar, _first_instant
from ..words import Lazy, translator
from .rules import ANCHOR, GAP, LAST, MOST_EVERY, TOO_OFTEN, Rule, minute_of

_ = translator("dougong")

FARTHEST = 31  # days by which an occurrence is moved to a working day
HORIZON = dt.timedelta(days=366 * 41)  # a Monday on 29 February may be 40 years away
_WINDOWS = (3, 40, 400, 366 * 8)  # days: what comes soon is found in a small span
_ONE = dt.timedelta(days=1)
_MOST_COUNT = 1000
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "BYHOUR", "BYMINUTE", "WKST"}
)
_FREQ = {"MINUTELY": rfc.MINUTELY, "HOURLY": rfc.HOURLY, "DAILY": rfc.DAILY, "WEEKLY": rfc.WEEKLY,
         "MONTHLY": rfc.MONTHLY, "YEARLY": rfc.YEARLY}  # fmt: skip


def between(rule: Rule, after: dt.datetime, until: dt.datetime, zone: str, calendar: Calendar) -> Iterator[dt.datetime]:
    """As ``Rule.between``, one by one."""
    if until <= after:
        return
    if rule.repeat == "shift":
        found = _shift_starts(rule, after, until, calendar)
    else:
        # A day on each side: zones lie up to 14 hours apart, and a gap moves a time forward.
        first, last = after.astimezone(dt.UTC).date() - _ONE, until.astimezone(dt.UTC).date() + _ONE
        found = (_first_instant(zone, wall) for wall in _walls(rule, first, last, calendar))
    yield from sorted({at for at in found if after < at <= until})


@lru_cache(maxsize=4096)
def following(rule: Rule, after: dt.datetime, zone: str, calendar: Calendar) -> dt.datetime | None:
    """As ``Rule.following``. Companies with the same rule and hours share the answer."""
    start = after
    for days in _WINDOWS:
        end = after + dt.timedelta(days=days)
        if (found := next(between(rule, start, end, zone, calendar), None)) is not None:
            return found
        start = end
    if rule.repeat == "shift":
        return None
    return next(between(rule, start, after + HORIZON, zone, calendar), None)


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """When a day begins in a zone, in UTC."""
    return _first_instant(zone, dt.datetime.combine(day, dt.time()))


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
    reach = dt.timedelta(days=FARTHEST)
    begin = first - reach if rule.on_closed == "next" else first
    end = last + reach if rule.on_closed == "previous" else last
    if rule.starting is not None:
        begin = max(begin, rule.starting)
    for day, times in _nominal(rule, begin, end):
        moved = _moved(rule, day, calendar)
        if moved is not None and first <= moved <= last:
            for time in times:
                yield dt.datetime.combine(moved, time)


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
        for wall in _by_text(rule, first, last):
            yield wall.date(), (wall.time(),)
        return
    times = _times(rule.times)
    days = {"daily": _daily, "weekly": _weekly, "monthly": _monthly, "yearly": _monthly}[rule.repeat]
    for day in days(rule, first, last):
        if first <= day <= last:
            yield day, times


@lru_cache(maxsize=1024)
def _times(times: tuple[str, ...]) -> tuple[dt.time, ...]:
    return tuple(dt.time(minute_of(one) // 60, minute_of(one) % 60) for one in times)


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


# ---- RFC 5545 ----


def _by_text(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.datetime]:
    """Local times by the RFC's rule, from its period in which ``first`` lies until ``last``."""
    given = dict(_options(rule))
    start, end = dt.datetime.combine(first, dt.time()), dt.datetime.combine(last, dt.time.max)
    if "count" in given:
        yield from (at for at in _counted(rule) if start <= at <= end)
        return
    until = given.pop("until", None)
    stop = min(end, until) if until else end
    begin = _aligned(given, rule.starting or ANCHOR, first)
    for at in rfc.rrule(dtstart=begin, until=stop, cache=False, **given):
        if at >= start:
            yield at


@lru_cache(maxsize=256)
def _counted(rule: Rule) -> tuple[dt.datetime, ...]:
    """All moments of a rule with COUNT: at most a thousand, within the horizon."""
    assert rule.starting is not None
    begin = dt.datetime.combine(rule.starting, dt.time())
    given = dict(_options(rule))
    count = given.pop("count")
    return tuple(islice(rfc.rrule(dtstart=begin, until=begin + HORIZON, cache=False, **given), count))


def _aligned(given: dict[str, Any], anchor: dt.date, first: dt.date) -> dt.datetime:
    """The beginning of the last period at or before ``first`` that the interval counts, from the anchor's on."""
    freq, interval = given["freq"], given["interval"]
    midnight = dt.datetime.combine(first, dt.time())
    base = dt.datetime.combine(anchor, dt.time())
    if freq in (rfc.YEARLY, rfc.MONTHLY):
        unit = interval * (12 if freq == rfc.YEARLY else 1)
        start = anchor.year * 12 + (0 if freq == rfc.YEARLY else anchor.month - 1)
        month = start + (first.year * 12 + first.month - 1 - start) // unit * unit
        begin = dt.datetime(month // 12, month % 12 + 1, 1)
    else:
        length = {rfc.WEEKLY: 7 * 1440, rfc.DAILY: 1440, rfc.HOURLY: 60, rfc.MINUTELY: 1}[freq] * interval
        if freq == rfc.WEEKLY:
            base -= ((base.weekday() - given.get("wkst", 0)) % 7) * _ONE
        begin = base + (midnight - base) // dt.timedelta(minutes=length) * dt.timedelta(minutes=length)
    return max(begin, base) if anchor != ANCHOR else begin


@lru_cache(maxsize=1024)
def _options(rule: Rule) -> tuple[tuple[str, Any], ...]:
    """What the library is given. :raises ValueError: it cannot be read; the argument is ``Lazy`` words."""
    parts = _split(rule.text)
    sub_daily = parts["FREQ"] in ("HOURLY", "MINUTELY")
    anchor = rule.starting or ANCHOR
    out: dict[str, Any] = {
        "freq": _FREQ[parts["FREQ"]],
        "interval": _one(parts, "INTERVAL", 1, MOST_EVERY) or 1,
        "bysecond": 0,
    }
    for name, low, high in (("BYMONTH", 1, 12), ("BYMONTHDAY", -31, 31), ("BYSETPOS", -366, 366),
                            ("BYHOUR", 0, 23), ("BYMINUTE", 0, 59)):  # fmt: skip
        if (values := _several(parts, name, low, high)) is not None:
            out[name.lower()] = values
    if "BYDAY" in parts:
        out["byweekday"] = [_weekday(one, parts["FREQ"]) for one in parts["BYDAY"].split(",")]
    if "WKST" in parts:
        out["wkst"] = _weekday(parts["WKST"], "").weekday
    if (count := _one(parts, "COUNT", 1, _MOST_COUNT)) is not None:
        out["count"] = count
    if "UNTIL" in parts:
        out["until"] = _until(parts["UNTIL"])
    _defaults(out, parts["FREQ"], anchor)
    if not sub_daily and "byhour" not in out:
        out["byhour"], out["byminute"] = _hours(rule, out)
    elif "byminute" not in out and parts["FREQ"] != "MINUTELY":
        out["byminute"] = [0]
    return tuple(out.items())


def _defaults(out: dict[str, Any], freq: str, anchor: dt.date) -> None:
    """What the RFC takes from the rule's own start where the rule does not say it."""
    if freq == "WEEKLY" and "byweekday" not in out:
        out["byweekday"] = [rfc.weekday(anchor.weekday())]
    if freq in ("MONTHLY", "YEARLY") and not {"bymonthday", "byweekday"} & set(out):
        out["bymonthday"] = [anchor.day]
        if freq == "YEARLY" and "bymonth" not in out:
            out["bymonth"] = [anchor.month]


def _hours(rule: Rule, out: dict[str, Any]) -> tuple[list[int], list[int]]:
    times = _times(rule.times or ("00:00",))
    minutes = out.get("byminute") or sorted({one.minute for one in times})
    hours = sorted({one.hour for one in times})
    if "byminute" not in out and len(hours) * len(minutes) != len(times):
        raise ValueError(_("Several times of day with a rule in words need the same minute."))
    return hours, minutes


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.removeprefix("RRULE:").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise ValueError(_("“{part}” cannot be read; write FREQ=MONTHLY;BYDAY=MO.").format(part=part[:40]))
        if name not in _PARTS:
            raise ValueError(_("“{part}” is not used here; possible are {known}.").format(
                part=name[:40], known=", ".join(sorted(_PARTS))))  # fmt: skip
        parts[name] = value
    if parts.get("FREQ") not in _FREQ:
        raise ValueError(_("FREQ is MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY."))
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError(_("COUNT and UNTIL contradict each other: give one of them."))
    if parts["FREQ"] in ("HOURLY", "MINUTELY") and {"BYSETPOS", "BYMONTH", "BYMONTHDAY"} & set(parts):
        raise ValueError(_("With HOURLY and MINUTELY only BYDAY, BYHOUR and BYMINUTE are possible."))
    if parts["FREQ"] in ("DAILY", "WEEKLY") and {"BYSETPOS", "BYMONTHDAY"} & set(parts):
        raise ValueError(_("BYMONTHDAY and BYSETPOS go with MONTHLY or YEARLY."))
    return parts


def _several(parts: dict[str, str], name: str, low: int, high: int) -> list[int] | None:
    if name not in parts:
        return None
    found = []
    for one in parts[name].split(","):
        digits = one.removeprefix("-").removeprefix("+")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 4 or not low <= int(one) <= high:
            raise ValueError(_("“{part}” is no value of {name}.").format(part=one[:20], name=name))
        found.append(int(one))
    if 0 in found and low < 0:
        raise ValueError(_("“{part}” is no value of {name}.").format(part="0", name=name))
    return sorted(set(found))


def _one(parts: dict[str, str], name: str, low: int, high: int) -> int | None:
    values = _several(parts, name, low, high)
    if values is not None and len(values) != 1:
        raise ValueError(_("“{part}” is no value of {name}.").format(part=parts[name][:20], name=name))
    return values[0] if values else None


def _weekday(text: str, freq: str) -> Any:
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    number = text[:-2]
    if text[-2:] not in names or (number and freq not in ("MONTHLY", "YEARLY")):
        raise ValueError(_("“{part}” is no value of {name}.").format(part=text[:20], name="BYDAY"))
    day = rfc.weekday(names.index(text[-2:]))
    if not number:
        return day
    found = _several({"BYDAY": number}, "BYDAY", -53, 53)
    assert found
    return day(found[0])


def _until(text: str) -> dt.datetime:
    for form in ("%Y%m%d", "%Y%m%dT%H%M%S"):
        try:
            found = dt.datetime.strptime(text, form)
        except ValueError:
            continue
        return found if "T" in form else dt.datetime.combine(found.date(), dt.time.max)
    raise ValueError(_("UNTIL is a day or a moment in the site's own time: 20261231 or 20261231T180000."))


_NEVER = _("There is no such day: the rule would never fire.")


@lru_cache(maxsize=1024)
def check_text(rule: Rule) -> list[Lazy]:
    """What is wrong with a rule in the RFC's words, for people; nothing: it can be."""
    try:
        given = dict(_options(rule))
        if "count" in given and rule.starting is None:
            return [_("COUNT needs a day from which it is counted.")]
        begin = rule.starting or ANCHOR
        found = _sample(rule, given, begin)
    except ValueError as error:
        words = error.args[0] if error.args else None
        return [words if isinstance(words, Lazy) else _NEVER]  # the library's own: its parts exclude each other
    if not found:
        return [_NEVER]
    if any(later - earlier < dt.timedelta(minutes=GAP) for earlier, later in pairwise(found)):
        return [TOO_OFTEN]
    return []


def _sample(rule: Rule, given: dict[str, Any], begin: dt.date) -> list[dt.datetime]:
    """The rule's first moments: two days of the busiest."""
    if "count" in given:
        return list(_counted(rule)[: 2 * 24 * 60 // GAP])
    start = dt.datetime.combine(begin, dt.time())
    until = given.pop("until", None) or start + HORIZON
    return list(
        islice(rfc.rrule(dtstart=_aligned(given, begin, begin), until=until, cache=False, **given), 2 * 24 * 60 // GAP)
    )


__all__ = ["between", "check_text", "following", "midnight"]
