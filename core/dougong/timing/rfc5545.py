"""Rules as RFC 5545 writes them: a subset, checked before the library sees it, and reckoned from the period in question.

The library counts from a rule's beginning; here it is given the beginning of the period in which the span lies, and every part
that it would take from the beginning is written out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

from dateutil import rrule as rfc

from ..words import Lazy, translator
from .rules import ANCHOR, GAP, HORIZON, MOST_EVERY, TOO_OFTEN, Rule, times_of

_ = translator("dougong")

_ONE, _MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
_MOST_COUNT = 1000
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "BYHOUR", "BYMINUTE", "WKST"}
)
_FREQ = {"MINUTELY": rfc.MINUTELY, "HOURLY": rfc.HOURLY, "DAILY": rfc.DAILY, "WEEKLY": rfc.WEEKLY,
         "MONTHLY": rfc.MONTHLY, "YEARLY": rfc.YEARLY}  # fmt: skip
_UNITS = {rfc.HOURLY: 60, rfc.MINUTELY: 1}  # minutes


def by_text(rule: Rule, first: dt.date, last: dt.date) -> Iterator[dt.datetime]:
    """Local times by the RFC's rule, from its period in which ``first`` lies until ``last``."""
    given = dict(_options(rule))
    start, end = dt.datetime.combine(first, dt.time()), dt.datetime.combine(last, dt.time.max)
    if "count" in given:
        yield from (at for at in _counted(rule) if start <= at <= end)
        return
    until = given.pop("until", None)
    stop = min(end, until) if until else end
    begin = _aligned(given, rule.starting or ANCHOR, first)
    yield from (at for at in _moments(given, begin, stop) if at >= start)


def _moments(given: dict[str, Any], begin: dt.datetime, stop: dt.datetime) -> Iterator[dt.datetime]:
    """The rule's moments from ``begin``, a moment that its interval counts, until ``stop``."""
    if given["freq"] in _UNITS:
        return _within_days(given, begin, stop)
    return iter(rfc.rrule(dtstart=begin, until=stop, cache=False, **given))


def _within_days(given: dict[str, Any], begin: dt.datetime, stop: dt.datetime) -> Iterator[dt.datetime]:
    """HOURLY and MINUTELY. The library would try each step of forty years where none fits, half a minute long; but what does
    not come within as many weeks as the interval counts never comes, and a day has no more steps than it has minutes."""
    unit, every = _UNITS[given["freq"]], given["interval"]
    weekdays = {one.weekday for one in given.get("byweekday", ())} or set(range(7))
    hours, minutes = set(given.get("byhour", range(24))), set(given.get("byminute", range(60)))
    inner = sorted(minutes) if unit == 60 else [0]
    day, idle = dt.datetime.combine(begin.date(), dt.time()), 0
    while day <= stop and idle <= 7 * every:
        idle += 1
        if day.weekday() in weekdays:
            for step in range((begin - day) // (unit * _MINUTE) % every, 24 * 60 // unit, every):
                hour, minute = divmod(step * unit, 60)
                if hour not in hours or (unit == 1 and minute not in minutes):
                    continue
                idle = 0
                several = (day + (step * unit + more) * _MINUTE for more in inner)
                yield from (at for at in several if begin <= at <= stop)
        day += _ONE


@lru_cache(maxsize=256)
def _counted(rule: Rule) -> tuple[dt.datetime, ...]:
    """All moments of a rule with COUNT: at most a thousand, within the horizon."""
    assert rule.starting is not None
    begin = dt.datetime.combine(rule.starting, dt.time())
    given = dict(_options(rule))
    count = given.pop("count")
    return tuple(islice(_moments(given, begin, begin + HORIZON), count))


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
    times = times_of(rule.times or ("00:00",))
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
    return list(islice(_moments(given, _aligned(given, begin, begin), until), 2 * 24 * 60 // GAP))


__all__ = ["by_text", "check_text"]
