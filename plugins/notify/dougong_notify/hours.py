"""Times of day: reading quiet hours and the times of summaries, and the next moment that follows from them.

Pure functions of a text, a moment and a zone; a wall clock that is turned in the night is the zone's matter.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from dougong import Lazy, translator

_ = translator("dougong_notify")

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
_BETWEEN = re.compile(r"[,，、;；\s]+")
_DASH = re.compile(r"\s*[-–—~～至]\s*")
MOST = 6


class Unreadable(ValueError):
    """What was typed is no time of day; ``words`` says how to write it."""

    def __init__(self, words: Lazy) -> None:
        super().__init__(str(words))
        self.words = words


def _time(text: str) -> dt.time | None:
    found = _TIME.fullmatch(text.strip())
    return dt.time(int(found[1]), int(found[2])) if found else None


def quiet_span(text: str) -> tuple[dt.time, dt.time] | None:
    """``22:00-07:00`` as its two ends; None where there are no quiet hours. :raises Unreadable: neither."""
    if not text.strip():
        return None
    ends = [_time(part) for part in _DASH.split(text.strip())]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] == ends[1]:
        raise Unreadable(_("Write quiet hours as 22:00-07:00, or nothing."))
    return ends[0], ends[1]


def clock_times(text: str) -> list[dt.time]:
    """``08:00, 17:30`` in order. :raises Unreadable: not readable, or more than six."""
    found = [_time(part) for part in _BETWEEN.split(text.strip()) if part]
    if any(one is None for one in found) or len(found) > MOST:
        raise Unreadable(_("Write times of day as 08:00, 17:30; six at most."))
    return sorted({one for one in found if one is not None})


def _at(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)


def quiet_until(now: dt.datetime, text: str, zone: ZoneInfo) -> dt.datetime | None:
    """When the quiet hours end that hold at this moment; None where none do."""
    span = quiet_span(text)
    if span is None:
        return None
    begin, end = span
    here = now.astimezone(zone)
    time, day = here.time(), here.date()
    if begin < end:
        return _at(day, end, zone) if begin <= time < end else None
    if time >= begin:
        return _at(day + dt.timedelta(days=1), end, zone)
    return _at(day, end, zone) if time < end else None


def next_time(now: dt.datetime, text: str, zone: ZoneInfo) -> dt.datetime | None:
    """The next of the times after this moment; None where there are none."""
    times = clock_times(text)
    day = now.astimezone(zone).date()
    later = (_at(day + dt.timedelta(days=n), time, zone) for n in (0, 1) for time in times)
    return next((at for at in later if at > now), None)
