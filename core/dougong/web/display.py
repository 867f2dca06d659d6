"""How single values are written for people: dates, time left, money, phones.

Pure functions of a stored value, the moment and the site's zone; the words come out in the current locale.
Knows nothing of records or requests (``cells_out`` does).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from ..records.clockfilter import SOON as SOON_BEFORE
from ..words import locale, translator
from .views import Value

_ = translator("dougong")

UTC = ZoneInfo("UTC")
HOUR = 3600
DAY = 86400
SOON = SOON_BEFORE.total_seconds()  # a deadline is amber in its last hour

EMPTY = Value("empty", "–")

_MINUTES, _HOURS, _DAYS = _("{n} min"), _("{n} h"), _("{n} d")
_AGO, _AHEAD = _("{span} ago"), _("in {span}")
_JUST_NOW = _("just now")
_LEFT, _OVER, _ON_TIME, _LATE = _("{span} left"), _("{span} overdue"), _("Met in time"), _("Met late")
_BOTH, _PAUSED, _PAUSED_LEFT = _("{first} {second}"), _("On hold"), _("On hold ({span} left)")
_TODAY, _YESTERDAY, _TOMORROW = _("Today"), _("Yesterday"), _("Tomorrow")
_THIS_DAY = _("today")
_YES, _NO = _("Yes"), _("No")
_BEIJING, _ZONE, _JUST_DUE = _("Beijing time"), _("time of {place}"), _("just due")


def local(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant as the wall clock of the site shows it."""
    return at.astimezone(zone)


def clock_of(zone: str) -> str:
    """By which clock times are, as people say it: ``北京时间``."""
    return str(_BEIJING if zone == "Asia/Shanghai" else _ZONE.format(place=zone))


def stamp(at: dt.datetime, zone: ZoneInfo) -> str:
    """A moment as it stands in a page: ``2026-11-22 15:30``.

    :param zone: of the site that it belongs to: ``snapshot.sites.zone(site)``.
    """
    return local(at, zone).strftime("%Y-%m-%d %H:%M")


def short(at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> str:
    """As short as it stays clear: ``今天 15:40``, ``11-25 18:00``, the year only where it is another."""
    here, today = local(at, zone), local(now, zone)
    if here.date() == today.date():
        return f"{_THIS_DAY} {here:%H:%M}"
    return here.strftime("%m-%d %H:%M" if here.year == today.year else "%Y-%m-%d %H:%M")


def span(seconds: float) -> str:
    """A length of time in its largest unit, rounded down: ``40 分``, ``3 小时``, ``2 天``."""
    whole = int(abs(seconds))
    if whole < HOUR:
        return str(_MINUTES.format(n=max(whole // 60, 1)))
    return str(_HOURS.format(n=whole // HOUR) if whole < DAY else _DAYS.format(n=whole // DAY))


def lasting(seconds: float) -> str:
    """A length of time in its two largest units, rounded down: ``40 分``, ``3 小时 20 分``, ``1 天 2 小时``, ``3 天``."""
    whole = int(abs(seconds))
    if whole < HOUR:
        return str(_MINUTES.format(n=max(whole // 60, 1)))
    first, rest, unit = (_HOURS, whole % HOUR // 60, _MINUTES) if whole < DAY else (_DAYS, whole % DAY // HOUR, _HOURS)
    most = first.format(n=whole // (HOUR if whole < DAY else DAY))
    return str(_BOTH.format(first=most, second=unit.format(n=rest)) if rest else most)


def moment(at: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> Value:
    """An instant: relative within a day, with the exact time as title; else the exact time."""
    exact, away = stamp(at, zone), (now - at).total_seconds()
    if abs(away) >= DAY:
        return Value("datetime", exact, datetime=at.isoformat())
    text = str(_JUST_NOW) if abs(away) < 60 else str((_AGO if away > 0 else _AHEAD).format(span=span(away)))
    return Value("datetime", text, title=exact, datetime=at.isoformat())


def date(day: dt.date) -> Value:
    return Value("date", day.isoformat(), datetime=day.isoformat())


def day_heading(day: dt.date, today: dt.date) -> str:
    """``今天 11 月 22 日``, ``昨天 …``, else the date; another year is named."""
    if locale.get() == "zh":
        text = (
            f"{day.month} 月 {day.day} 日" if day.year == today.year else f"{day.year} 年 {day.month} 月 {day.day} 日"
        )
    else:
        text = f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %Y}"
    near = {0: _TODAY, 1: _YESTERDAY, -1: _TOMORROW}.get((today - day).days)
    return f"{near} {text}" if near else text


WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


def deadline(
    due: dt.datetime | None,
    done: dt.datetime | None,
    running: bool,
    now: dt.datetime,
    zone: ZoneInfo,
    *,
    late: bool = False,
    paused: bool = False,
    left: float | None = None,
) -> Value:
    """A due time as a clock, in words: ``剩 3 小时 20 分``, ``超时 1 天 2 小时``, ``挂起中``, ``按时完成``, ``超时完成``.

    :param done: when what was due happened; None while it has not. :param late: it was overdue once.
    :param running: whether the record's state still counts towards it. :param paused: it stands still.
    :param left: seconds that a paused clock will have, where that is known.
    """
    if due is None or (done is None and not running and not paused):
        return Value("clock", "–", tone="none")
    exact = stamp(due, zone)
    if done is not None:
        missed = late or done > due
        return Value(
            "clock", str(_LATE if missed else _ON_TIME), tone="late" if missed else "done", title=exact, datetime=due.isoformat()
        )
    if paused:
        text = _PAUSED if left is None or left <= 0 else _PAUSED_LEFT.format(span=lasting(left))
        return Value("clock", str(text), tone="paused")
    left = (due - now).total_seconds()
    if left < 0:
        return Value("clock", str(_OVER.format(span=lasting(left))), tone="over", title=exact, datetime=due.isoformat())
    tone = "soon" if left <= SOON else "left"
    return Value("clock", str(_LEFT.format(span=lasting(left))), tone=tone, title=exact, datetime=due.isoformat())


def time_left(due: dt.datetime, at: dt.datetime) -> str:
    """How long there was at a moment until a due time, or how long it was over: ``剩 3 小时 20 分``, ``刚到期``,
    ``超时 1 天 2 小时``."""
    left = (due - at).total_seconds()
    if -60 < left <= 0:
        return str(_JUST_DUE)
    return str((_OVER if left < 0 else _LEFT).format(span=lasting(left)))


def money(fen: int) -> str:
    """Fen as yuan: ``¥ 12,345.60``."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}¥ {whole // 100:,}.{whole % 100:02}"


def phone(number: str) -> str:
    """A mobile number in groups: ``138 0013 5678``; anything else stays as it is."""
    return f"{number[:3]} {number[3:7]} {number[7:]}" if len(number) == 11 and number.isdigit() else number


def cut(text: str, most: int) -> str:
    """One line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def coded(code: Value, name: str | None) -> Value:
    """A code with what it stands for after it; as it is where that is not known, or the code is not shown."""
    return replace(code, text=f"{code.text} {name}") if name and code.kind == "text" else code


def pressing(tag: Value) -> bool:
    """Whether a badge belongs beside the title: what is as usual is not worth a tag."""
    return tag.kind != "tag" or tag.tone in ("good", "warn", "bad")


def boolean(value: bool) -> Value:
    return Value("bool", str(_YES if value else _NO), tone="yes" if value else "")
