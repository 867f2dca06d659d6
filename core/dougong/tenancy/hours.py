"""Working hours as a company sets them: of weekdays, of named shifts, round the clock; its own days; where which holds.

Owns the declarations and the reading of "08:30-12:00, 13:30-17:30". What follows from hours is computed in
``scheduling.calendars``; which calendar holds for a site and a post in ``scheduling.held``.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from ..words import Lazy, translator

_ = translator("dougong")

Span = tuple[int, int]  # minutes from the day's midnight; an end above 1440 lies in the next day
DAY = 24 * 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DEFAULT, ALWAYS = "default", "always"  # names that every company has: its own hours, and round the clock
RESERVED = (DEFAULT, ALWAYS, "new", "uses", "holds")
MOST_CALENDARS, MOST_SHIFTS, MOST_USES = 50, 12, 1000
_LONGEST_BREAK = 12 * 60

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至]\s*(\d{1,2}):(\d{2})", re.ASCII)
_BETWEEN = re.compile(r"[,，、;；]")


def refused(message: Lazy) -> PydanticCustomError:
    """A validation error in the person's language, without pydantic's own prefix."""
    return PydanticCustomError("dougong", "{words}", {"words": str(message)})


def labelled(label: Lazy) -> Any:
    """What a settings field says of itself; the label stays lazy, since the page's language is known later."""
    return {"label": label}


# ---- reading hours ----------------------------------------------------------------------------------


def _read(text: str, latest: int) -> list[tuple[int, int]]:
    """Pairs of minutes as they were written. :param latest: a start must lie before this minute."""
    found = []
    for part in filter(None, (p.strip() for p in _BETWEEN.split(text))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise refused(_("“{part}” is not a span of hours; write 08:30-12:00, 13:30-18:00.").format(part=part))
        h1, m1, h2, m2 = (int(group) for group in match.groups())
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if max(m1, m2) > 59 or start >= latest or end > DAY:
            raise refused(_("“{part}” is not a time of day.").format(part=part))
        found.append((start, end))
    return found


def spans(text: str) -> tuple[Span, ...]:
    """Working hours of one day: ``"08:30-12:00, 13:30-17:30"``, ``"22:00-06:00"`` into the next day, ``""`` for none.

    :returns: spans in order, in minutes from midnight.
    :raises PydanticCustomError: not readable, or the spans overlap.
    """
    found = sorted((start, end if end > start else end + DAY) for start, end in _read(text, DAY))
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise refused(_("The spans of one day must not overlap."))
    if found and found[-1][1] - found[0][0] > DAY:
        raise refused(_("The hours of one day must not reach into its own hours on the next day."))
    return tuple(found)


def shift_spans(text: str) -> tuple[Span, ...]:
    """Hours of one shift in the order in which they are worked: ``"22:00-02:00, 02:30-06:00"`` has its break after midnight.

    ``"24:00-08:00"`` begins at midnight and still belongs to the day before.

    :returns: spans in order, in minutes from the midnight at which the shift's day begins.
    :raises PydanticCustomError: not readable, empty, overlapping, longer than 24 hours, or with a break above 12 hours.
    """
    found: list[Span] = []
    for start, end in _read(text, DAY + 1):
        if found:
            start += DAY * -((start - found[-1][1]) // DAY) if start < found[-1][1] else 0
        length = (end - start) % DAY or DAY
        found.append((start, start + length))
    if not found:
        raise refused(_("A shift needs hours, as in 08:00-12:00, 13:00-16:00."))
    if found[-1][1] - found[0][0] > DAY:
        raise refused(_("The spans of one shift must not overlap, and it ends within 24 hours."))
    if any(later[0] - earlier[1] > _LONGEST_BREAK for earlier, later in pairwise(found)):
        raise refused(_("A break of more than 12 hours: write the hours in the order in which they are worked."))
    return tuple(found)


def hours_text(found: tuple[Span, ...]) -> str:
    """Spans as they are written: ``08:30-12:00, 13:30-17:30``."""
    return ", ".join(f"{_clock(start, found[0][0])}-{_clock(end, end - 1)}" for start, end in found)


def _clock(minutes: int, since: int) -> str:
    """A time of day; midnight at the end of a span, or as a shift's very beginning in the next day, is 24:00."""
    shown = minutes - DAY if minutes > DAY or (minutes == DAY and since < DAY != minutes - 1 and since != minutes - 1) else minutes
    return f"{shown // 60:02d}:{shown % 60:02d}"


def _readable(text: str) -> str:
    return hours_text(spans(text))
