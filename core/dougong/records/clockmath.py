"""The arithmetic of clocks: lengths and their calendars, due times with the pauses in them, and when each step is due.

Works on what a clock remembers (``reckoning`` says what that is); changes no record and asks no database.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ..scheduling.calendars import ALWAYS, Calendar
from .clocks import NOTHING, Clock, Step, Term

if TYPE_CHECKING:
    from .context import Context
    from .record import Record

Memory = dict[str, Any]

RUN, HELD, MET, OFF = "run", "held", "met", "off"
MOST_HELD = 40  # pauses kept apart; older ones are added up, exact under the calendar of that moment
_HOUR = dt.timedelta(hours=1)


def next_of(memory: Memory | None) -> dt.datetime | None:
    """When a record's clocks have to be looked at next; None: nothing is to come."""
    found = [one["next"] for one in (memory or {}).values() if one.get("next")]
    return min(map(moment, found)) if found else None


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def stamp(at: dt.datetime) -> str:
    return at.isoformat() if at.tzinfo is dt.UTC else at.astimezone(dt.UTC).isoformat()


def as_term(given: Term | dt.datetime | dt.date | None, record: Record, x: Context[Any]) -> Term | None:
    """What a declaration answered, as a term. :raises TypeError: a moment without a zone."""
    if given is None or isinstance(given, Term):
        return given
    if isinstance(given, dt.datetime):
        if given.tzinfo is None:
            raise TypeError(f"{record.kind}: a clock's moment needs a time zone")
        return Term(until=given.astimezone(dt.UTC), always=True)
    zone: ZoneInfo = x.snapshot.sites.zone(record.site_id)
    ends = dt.datetime.combine(given + dt.timedelta(days=1), dt.time(), zone)
    return Term(until=ends.astimezone(dt.UTC), always=True)


def pack(term: Term) -> list[Any]:
    """A term as it is remembered; what is empty at its end is left out."""
    parts: list[Any] = [
        term.hours, term.days, term.always, term.post, term.calendar, stamp(term.until) if term.until else None,
    ]  # fmt: skip
    while parts and not parts[-1]:
        parts.pop()
    return parts


def unpack(parts: Sequence[Any]) -> Term:
    return _unpacked(tuple(parts))


@functools.lru_cache(maxsize=1024)
def _unpacked(parts: tuple[Any, ...]) -> Term:
    given = dict(zip(("hours", "days", "always", "post", "calendar", "until"), parts, strict=False))
    if given.get("until"):
        given["until"] = moment(given["until"])
    return Term(**given)


def calendar_of(term: Term, site: UUID, x: Context[Any]) -> Calendar:
    """The calendar on which a term runs."""
    if term.always:
        return x.calendar(site, always=True) if term.days else ALWAYS
    return x.calendar(site, post=term.post, name=term.calendar or None)


def compute(m: Memory, term: Term, calendar: Calendar) -> dt.datetime:
    """The due time, with ``m``'s ``span`` put in.

    :raises CalendarError: beyond what calendars answer.
    """
    begins = moment(m["from"])
    if term.until is not None:
        m["span"] = max((term.until - begins if term.always else calendar.between(begins, term.until)) / _HOUR, 0.0)
        return term.until
    bare = calendar.add(begins, hours=term.hours, days=term.days)
    m["span"] = calendar.between(begins, bare) / _HOUR if term.days else term.hours
    held = _held(m, calendar) if m.get("held") or m.get("sum") else NOTHING
    return calendar.add(bare, hours=held / _HOUR) if held else bare


def _held(m: Memory, calendar: Calendar) -> dt.timedelta:
    """Working time in the pauses that are over."""
    pauses = m.get("held", [])
    if len(pauses) > MOST_HELD:
        older, pauses = pauses[:-MOST_HELD], pauses[-MOST_HELD:]
        gone = sum((calendar.between(moment(a), moment(b)) for a, b in older), NOTHING)
        m["held"], m["sum"] = pauses, m.get("sum", 0.0) + gone / _HOUR
    kept = sum((calendar.between(moment(a), moment(b)) for a, b in pauses), NOTHING)
    return kept + dt.timedelta(hours=m.get("sum", 0.0))


def point_of(step: Step[Any, Any], m: Memory, due: dt.datetime, record: Record, x: Context[Any]) -> dt.datetime:
    """When a step is due for the first time."""
    if not step.at.share or not m.get("span"):
        return due + step.at.after
    calendar = calendar_of(unpack(m.get("term", ())), record.site_id, x)
    return calendar.add(due, hours=step.at.share * m["span"]) + step.at.after


def nominal_of(
    step: Step[Any, Any], m: Memory, due: dt.datetime, record: Record, x: Context[Any]
) -> dt.datetime | None:
    """When a step is due next; None: it was taken."""
    taken = m.get("done", {}).get(step.name, 0)
    if taken and step.every is None:
        return None
    first = point_of(step, m, due, record, x)
    return first + step.every * taken if step.every is not None else first


def pending(
    steps: Sequence[Step[Any, Any]], m: Memory, due: dt.datetime, record: Record, x: Context[Any]
) -> Iterator[tuple[dt.datetime, Step[Any, Any]]]:
    """The steps that are still to be taken, each with when."""
    for step in steps:
        at = nominal_of(step, m, due, record, x)
        if at is not None:
            yield at, step


def upcoming(
    steps: Sequence[Step[Any, Any]], m: Memory, due: dt.datetime, record: Record, x: Context[Any]
) -> dt.datetime | None:
    """When the next step is due. Of steps at bare shares only the first is computed: a calendar costs more than a look."""
    done = m.get("done", {})
    first: Step[Any, Any] | None = None
    rest = []
    for step in steps:
        if step.at.after or step.every is not None:
            rest.append(step)
        elif step.name not in done and (first is None or step.at.share < first.at.share):
            first = step
    found = [at for at, _step in pending(rest, m, due, record, x)] if rest else []
    if first is not None:
        found.append(point_of(first, m, due, record, x))
    return min(found, default=None)


def rearm(clock: Clock[Any, Any], m: Memory, due: dt.datetime, record: Record, x: Context[Any]) -> None:
    """The due time moves to ``due``: a step that was taken and now lies ahead again is taken again, in another run."""
    done: dict[str, int] = m.get("done", {})
    if not done:
        return
    kept = dict[str, int]()
    for step in clock.steps_for(x.settings):
        if step.name not in done:
            continue
        ago = x.now - point_of(step, m, due, record, x)
        if ago < NOTHING:
            continue
        kept[step.name] = ago // step.every + 1 if step.every is not None else done[step.name]
    if kept != done:
        m["run"], m["done"] = m["run"] + 1, kept


__all__ = [
    "HELD", "MET", "OFF", "RUN", "Memory", "as_term", "calendar_of", "compute", "moment", "next_of", "pack", "pending",
    "point_of", "rearm", "stamp", "unpack", "upcoming",
]  # fmt: skip
