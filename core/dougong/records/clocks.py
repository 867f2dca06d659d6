"""Clocks: what a record says of time. When each starts, pauses and ends, when it is due, and which steps it takes.

Owns the declaration and its checks. Due times are kept in fields of the record's own, so that lists show, filter, sort and
report them; what a clock remembers beyond that lies in the record's column ``timing``. ``reckoning`` computes both after every
write, ``timing.clockwork`` takes the steps when they are due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

from ..choices import Choice
from ..words import Lazy

if TYPE_CHECKING:
    from ..access.people import Person
    from .context import Context
    from .record import Child, Record

R = TypeVar("R", bound="Record")
C = TypeVar("C", bound=BaseModel)

ClockMemory = dict[str, Any]
"""What a record's clocks remember: by clock, see ``reckoning``. None: it was brought from elsewhere, no clock ran here."""

MEMORY = "timing"  # name of the column
NOTHING = dt.timedelta()


def clock_memory() -> Any:
    """The column of what a record's clocks remember: ``timing: Mapped[ClockMemory | None] = clock_memory()``."""
    return mapped_column(MEMORY, JSONB(none_as_null=True), default=None, sort_order=900)


def remembered(record: Record) -> ClockMemory:
    """What a record's clocks remember; empty where none has run here. Not to be changed: a new one is written."""
    return getattr(record, MEMORY) or {}


@dataclass(frozen=True, slots=True)
class Term:
    """How long a clock runs: working days first, then working hours, on a calendar; or until a fixed moment.

    :param always: 24 hours a day, 7 days a week; else the calendar of the record's site.
    :param post: slug of a role: the calendar of that post at the site.
    :param calendar: name of one of the company's calendars; empty: the site's own.
    :param until: a fixed due time, which no pause moves; hours and days are not looked at then. The calendar only serves steps
        at a share of the span. A plain moment as a term means this with ``always``; a plain date means the end of that day
        at the record's site.
    """

    hours: float = 0
    days: int = 0
    always: bool = False
    post: str | None = None
    calendar: str = ""
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """When a step is taken, relative to the due time.

    :param share: of the clock's span, counted on the clock's calendar: -0.2 is when four fifths have passed, 0 the due time,
        0.5 half a span after it, -1 the start.
    :param after: added by the wall clock; negative: before.
    """

    share: float = 0.0
    after: dt.timedelta = NOTHING


@dataclass(frozen=True)
class Step(Generic[R, C]):
    """Something that a clock does at a point of time. Made by ``remind``, ``overdue``, ``escalate`` and ``act``.

    :param name: unique in the clock; a step that was taken is known by it, so a name once used keeps its meaning.
    :param does: ``remind`` (whoever answers for the record is told that it is due soon), ``overdue`` (the breach is noted for
        good, whoever answers is told), ``escalate`` (the ``level``-th level of the line above is told) or ``act`` (nobody is).
    :param run: called in the step's transaction, as the system, before anybody is told.
    :param label: what people read of it; none: what it does, in general words.
    :param every: take it again after so long, until the clock ends. Repetitions that were missed are taken once, the latest.
    """

    name: str
    at: Point
    does: str
    level: int = 0
    run: Callable[[R, Context[C]], object] | None = None
    every: dt.timedelta | None = None
    label: Lazy | None = None

    def __post_init__(self) -> None:
        if self.every is not None and self.every < dt.timedelta(minutes=1):
            raise TypeError(f"step {self.name!r}: repeated at most once a minute")
        if self.does == "act" and self.run is None:
            raise TypeError(f"step {self.name!r}: an act needs run=")
        if self.does == "escalate" and self.level < 1:
            raise TypeError(f"step {self.name!r}: levels count from 1, the next above whoever answers for the record")


def remind(
    share: float | None = None,
    *,
    before: dt.timedelta | None = None,
    every: dt.timedelta | None = None,
    name: str = "",
) -> Step[Any, Any]:
    """Tell whoever answers for the record that it is due soon.

    :param share: of the span that has passed then, from 0 to 1: ``remind(0.8)``. :param before: so long before it is due, by
        the wall clock: ``remind(before=timedelta(days=30))``.
    :param every: and again after each such time, until the clock ends: an order's daily reminder.
    """
    if (share is None) == (before is None):
        raise TypeError("a reminder stands at a share of the span or so long before it is due: give one of the two")
    point = Point(after=-before) if before is not None else Point(share=round((share or 0.0) - 1, 9))
    return Step(name or _named("remind", share, before, every), point, "remind", every=every)


def overdue(
    *,
    run: Callable[[R, Context[C]], object] | None = None,
    after: dt.timedelta = NOTHING,
    every: dt.timedelta | None = None,
    name: str = "",
) -> Step[R, C]:
    """Note the breach for good, and tell whoever answers for the record.

    :param after: so long after it was due (grace). :param run: as of ``Step``.
    """
    return Step(name or _named("overdue", None, after or None, every), Point(after=after), "overdue", 0, run, every)


def escalate(
    share: float = 0.0,
    *,
    level: int = 1,
    after: dt.timedelta = NOTHING,
    run: Callable[[R, Context[C]], object] | None = None,
    every: dt.timedelta | None = None,
    name: str = "",
) -> Step[R, C]:
    """Tell a level of the line above whoever answers for the record; a shorter line ends at its top.

    :param share: of the span, after it was due: ``escalate(0.5, level=2)``. :param level: 1 is the next above.
    """
    named = name or _named(f"escalate_{level}", share or None, after or None, every)
    return Step(named, Point(share, after), "escalate", level, run, every)


def act(
    run: Callable[[R, Context[C]], object],
    share: float = 0.0,
    *,
    after: dt.timedelta = NOTHING,
    every: dt.timedelta | None = None,
    name: str = "",
    label: Lazy | None = None,
) -> Step[R, C]:
    """Do something and tell nobody: a transition that the system takes when a term has run out (公示 of three days is over).

    :param share: of the span, after it was due; negative: before. :param name: needed where a clock acts more than once at a
        time. :param label: what people read of it.
    """
    named = name or _named("act", share or None, after or None, every)
    return Step(named, Point(share, after), "act", 0, run, every, label)


def _named(what: str, share: float | None, after: dt.timedelta | None, every: dt.timedelta | None) -> str:
    """A name that says when, so that a point which a company moves is another step."""
    parts = [what]
    if share is not None:
        parts.append(f"{share:.4g}")
    if after is not None:
        parts.append(f"{after.total_seconds() / 60:.6g}m")
    if every is not None:
        parts.append(f"every{every.total_seconds() / 60:.6g}m")
    return "_".join(parts)


@dataclass(frozen=True)
class Clock(Generic[R, C]):
    """One clock of a record, as ``flow.clock`` declares it, where each part is described. Fields of the record by name."""

    name: str
    label: Lazy
    due: str
    term: Callable[[R, Context[C]], Term | dt.datetime | dt.date | None]
    met: str | None = None
    late: str | None = None
    runs: frozenset[Choice] = frozenset()
    pauses: frozenset[Choice] = frozenset()
    ends: frozenset[Choice] = frozenset()
    starts: Callable[[R, Context[C]], dt.datetime | None] | None = None
    met_by: tuple[type[Child], ...] = ()
    again: tuple[type[Child], ...] = ()
    depends: tuple[str, ...] = ()
    pausing: Callable[[R, Context[C]], bool] | None = None
    most_pauses: Callable[[C], int] | None = None
    once: bool = False
    owner: Callable[[R, Context[C]], UUID | None] | None = None
    line: Callable[[R, Context[C]], Sequence[tuple[str, list[Person]]]] | None = None
    steps: Sequence[Step[R, C]] | Callable[[C], Sequence[Step[R, C]]] = ()
    step: str | None = None
    personal: str = ""
    imports: bool = False

    def steps_for(self, settings: Any) -> tuple[Step[R, C], ...]:
        """Its steps as the company has set them; one that notes the breach is always among them.

        :raises TypeError: two of the same name.
        """
        known = _STEPS.get((id(self), id(settings)))
        if known is not None and known[0] is self and known[1] is settings:
            return known[2]
        found = tuple(self.steps(settings) if callable(self.steps) else self.steps)
        if self.late is not None and all(one.does != "overdue" for one in found):
            found = (*found, Step("late", Point(), "late"))
        names = [one.name for one in found]
        if len(set(names)) != len(names):
            raise TypeError(f"clock {self.name!r}: two steps of one name among {', '.join(names)}")
        if len(_STEPS) >= _KEPT:
            _STEPS.clear()
        _STEPS[(id(self), id(settings))] = (self, settings, found)
        return found

    def grace(self, settings: Any) -> dt.timedelta:
        """How long after the due time it counts as a breach."""
        return min(one.at.after for one in self.steps_for(settings) if one.does in ("overdue", "late"))


# Steps as settings make them: settings live as long as a company's snapshot, and are asked at every write.
_STEPS: dict[tuple[int, int], tuple[Any, Any, tuple[Step[Any, Any], ...]]] = {}
_KEPT = 2048


__all__ = [
    "Clock", "ClockMemory", "Point", "Step", "Term", "act", "clock_memory", "escalate", "overdue", "remembered",
    "remind",
]  # fmt: skip
