"""Clocks: what a record says of time. When each starts, pauses and ends, when it is due, and which steps it takes.

Owns the declaration. Due times are kept in fields of the record's own, so that lists show, filter, sort and report them; the
rest that a clock remembers lies in ``Record``'s ``timing``. Taking steps when they are due is ``timing.clockwork``'s part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from ..choices import Choice
from ..words import Lazy

if TYPE_CHECKING:
    from .context import Context
    from .record import Child, Record

R = TypeVar("R", bound="Record")
C = TypeVar("C", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Term:
    """How long a clock runs: working days first, then working hours, on a calendar.

    :param always: 24 hours a day, 7 days a week; else the calendar of the record's site.
    :param post: slug of a role: the calendar of that post at the site.
    """

    hours: float = 0
    days: int = 0
    always: bool = False
    post: str | None = None


@dataclass(frozen=True)
class Point:
    """When a step is taken, relative to the due time.

    :param share: of the clock's span: -0.2 is when four fifths have passed, 0 the due time, 0.5 half a span after it. Counted
        on the clock's calendar.
    :param after: so long after the due time by the wall clock; negative: before. Used where ``share`` is None.
    """

    share: float | None = 0.0
    after: dt.timedelta = dt.timedelta()


@dataclass(frozen=True)
class Step(Generic[R, C]):
    """Something that a clock does at a point of time, once a run.

    :param name: unique in the clock. :param does: ``remind`` (whoever owns the record is told), ``overdue`` (the breach is
        noted for good, the owner is told), ``escalate`` (the ``level``-th level of the line above the owner is told) or ``run``.
    :param level: how many levels up the line; a line that is shorter ends at its top.
    :param run: called in the step's transaction, as the system, instead of or besides telling.
    :param every: take it again after so long, until the clock ends.
    """

    name: str
    at: Point
    does: str = "run"
    level: int = 0
    run: Callable[[R, Context[C]], None] | None = None
    every: dt.timedelta | None = None


@dataclass(frozen=True)
class Clock(Generic[R, C]):
    """One clock of a record, as ``flow.clock`` declares it. Fields by name.

    :param due: the field with the due time. :param met: the field with the moment it was met. :param late: the field that
        says that it was overdue once; it stays true whatever is computed anew.
    :param runs: states in which it runs; :param pauses: states in which it stands still, keeping what is left.
    :param starts: the moment from which it counts; None: when the record came into one of ``runs``.
    :param met_by: an entry of this kind meets it; :param again: one of this kind starts it anew.
    :param term: its length, or a fixed due time, or None: it does not run now.
    :param most_pauses: how often it may be paused, from the settings; the step into a pausing state is refused beyond it.
    :param owner: field or function that names who answers for it.
    :param steps: what it does, from the settings. :param step: name of the transition that meets it.
    """

    name: str
    label: Lazy
    due: str
    term: Callable[[R, Context[C]], Term | dt.datetime | None]
    met: str | None = None
    late: str | None = None
    runs: frozenset[Choice] = frozenset()
    pauses: frozenset[Choice] = frozenset()
    starts: Callable[[R, Context[C]], dt.datetime | None] | None = None
    met_by: type[Child] | None = None
    again: type[Child] | None = None
    most_pauses: Callable[[C], int] | None = None
    owner: Callable[[R, Context[C]], UUID | None] | None = None
    steps: Callable[[C], Sequence[Step[R, C]]] | None = None
    step: str | None = None


__all__ = ["Clock", "Point", "Step", "Term"]
