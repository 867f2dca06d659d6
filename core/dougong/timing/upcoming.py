"""What will fire: the times of schedules and the steps of clocks that lie ahead, as far as a person may see them.

Only reads. Reckoned when asked for, from the rules and from what each record remembers; bounded in number and in days.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from ..records import clockmath
from ..records.context import Context
from ..records.events import headline
from ..records.record import Record
from ..records.resource import Resource
from ..records.visibility import judged, readable
from ..tenancy.tables import due
from ..words import Lazy, translator
from . import clockwork, planning, schedule_desk
from .moved import words as moved_words
from .rules import Rule
from .schedules import Schedule
from .tables import ScheduleRow

_ = translator("dougong")

LONGEST = 366  # days
MOST = 2000  # in one answer
MOST_ROWS = 500  # schedules, and records of each kind, that are looked at
_X = Context[Any]


@dataclass(frozen=True)
class Upcoming:
    """Something that lies ahead.

    :ivar what: a ``schedule`` or a ``clock``. :ivar label: of the schedule, or the record's number and title.
    :ivar site: where; None: the company. :ivar kind, id: of the record or of ``core.schedule``. :ivar module: whose it is.
    :ivar href: the page that shows it. :ivar skipped: somebody has left it out.
    :ivar note: which clock and step, or from which day off it was moved.
    :ivar name: of the schedule or of the clock, as it is declared; :ivar step: of the clock.
    :ivar clock: its label; :ivar does: what its step does, in words.
    """

    at: dt.datetime
    what: Literal["schedule", "clock"]
    label: Lazy | str
    site: UUID | None
    kind: str
    id: UUID
    module: str
    href: str
    skipped: bool = field(default=False)
    note: Lazy | str = field(default="")
    name: str = field(default="")
    step: str = field(default="")
    clock: Lazy | str = field(default="")
    does: Lazy | str = field(default="")


def upcoming(x: _X, days: int = 30, site: UUID | None = None) -> list[Upcoming]:
    """What fires in the next days, in order; what this person may not see is left out.

    :param days: 1 to 366. :param site: only this site and below it; the company's own schedules are its root's.
    :raises ValueError: another number of days.
    """
    if not 1 <= days <= LONGEST:
        raise ValueError(f"1 to {LONGEST} days, not {days}")
    until = x.now + dt.timedelta(days=days)
    below = x.snapshot.sites.subtree(site) if site is not None else None
    clocks = sorted(_clocks(x, until, below), key=_order)
    several = heapq.merge(clocks, *_schedules(x, until, site), key=_order)  # no time is reckoned that is not shown
    return list(islice(several, MOST))


def _order(one: Upcoming) -> tuple[dt.datetime, str, str]:
    return one.at, one.module, str(one.id)


# ---- schedules ----


def _schedules(x: _X, until: dt.datetime, site: UUID | None) -> list[Iterator[Upcoming]]:
    """The times of each schedule, reckoned when they are asked for."""
    declared = schedule_desk.declared(x)
    mine = sa.select(ScheduleRow).where(ScheduleRow.next_at <= until, schedule_desk.seen(x, site))
    rows = list(x.session.scalars(mine.order_by(ScheduleRow.next_at, ScheduleRow.id).limit(MOST_ROWS)))
    skipped = schedule_desk.skipped(x, [row.id for row in rows])
    return [_times(x, declared[row.name], row, until, skipped) for row in rows]


def _times(
    x: _X, one: Schedule, row: ScheduleRow, until: dt.datetime, skipped: Collection[tuple[UUID, dt.datetime]]
) -> Iterator[Upcoming]:
    rule, where = Rule.from_json(row.rule), planning.place(x, row, row.calendar)
    label, href = row.label_text or one.label, f"/admin/schedules/{row.id}"
    for at in planning.ahead(x, row, MOST, until):
        note = moved_words(rule, at, *where) or ""
        left_out = (row.id, at) in skipped
        yield Upcoming(
            max(at, x.now), "schedule", label, row.site_id, row.kind, row.id, one.module, href, left_out, note, row.name
        )


# ---- clocks ----


def _clocks(x: _X, until: dt.datetime, below: frozenset[UUID] | None) -> Iterator[Upcoming]:
    for resource in x.registry.resources.values():
        if resource.flow is None or not resource.flow.clocks or resource.module not in x.snapshot.modules:
            continue
        if x.person is not None and not x.gate.scope(resource.permission("read")):
            continue
        yield from _of(x, resource, until, below)


def _of(x: _X, resource: Resource[Any], until: dt.datetime, below: frozenset[UUID] | None) -> Iterator[Upcoming]:
    kind = resource.record
    mine = sa.and_(due.c.tenant_id == kind.tenant_id, due.c.kind == resource.kind, due.c.id == kind.id)
    query = (
        readable(x, kind).join(due, mine).where(due.c.due_at <= until).order_by(due.c.due_at, due.c.id).limit(MOST_ROWS)
    )
    if below is not None:
        query = query.where(kind.site_id.in_(below))
    inner = x.with_settings(x.snapshot.settings(resource.module))
    for record in x.session.scalars(query).all():
        if not _inner(x, resource, record):
            continue
        title = " ".join(filter(None, (record.number, headline(resource, record))))
        for clock, memory, steps in clockwork.running(resource, record, inner):
            for at, step in clockmath.pending(steps, memory, getattr(record, clock.due), record, inner):
                if at <= until:
                    does = _STEPS[step.does].format(n=step.level)
                    note = _NOTE.format(clock=clock.label, step=does)
                    yield Upcoming(
                        max(at, x.now), "clock", title, record.site_id, resource.kind, record.id, resource.module,
                        f"{resource.path}/{record.id}", note=note, name=clock.name, step=step.name,
                        clock=clock.label, does=does,
                    )  # fmt: skip


def _inner(x: _X, resource: Resource[Any], record: Record) -> bool:
    """Whether this person is told of steps: whoever may read what colleagues say of the record. Whom a company reminds is not
    for its clients, nor for others who only look."""
    talk = resource.permission("comment")
    if x.person is None or x.gate.may(talk, record.site_id):
        return True
    held = judged(x, resource, record.id)
    return held is not None and x.gate.may(talk, record.site_id, held[1])


_NOTE = _("{clock}: {step}")
_STEPS = {
    "remind": _("due soon"),
    "overdue": _("due"),
    "escalate": _("goes up to level {n}"),
    "act": _("its next step"),
}

__all__ = ["Upcoming", "upcoming"]
