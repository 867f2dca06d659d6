"""Clocks computed anew when a company's calendar changes: in batches, with a history entry where a due time moved.

A clock keeps its start, its pauses and the length that it was given; only what the calendar makes of them is another. What was
late stays late. Row versions do not rise, so nobody's edit is refused for it, and listeners are not called row by row.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from ..records import awaiting, clockmath
from ..records.bulk_write import note_many
from ..records.clocks import Clock, remembered
from ..records.context import Context
from ..records.record import Record
from ..records.resource import Resource
from ..scheduling.calendars import CalendarError
from ..scheduling.jobs import Job, JobContext
from ..words import translator
from .clockwork import ACTION

_ = translator("dougong")
log = structlog.get_logger(__name__)

JOB = "core.clocks"
BATCH = 500

Changes = dict[str, tuple[Any, Any]]


def recalculate(x: Context[Any], _company: UUID) -> None:
    """A calendar of the company, or what says where it holds, is another than before."""
    for kind, resource in x.registry.resources.items():
        if resource.module in x.snapshot.modules and resource.flow is not None and resource.flow.clocks:
            x.enqueue(JOB, key=kind, kind=kind, after=None)


def perform(job: JobContext, kind: str, after: UUID | None) -> None:
    """The job: the next records of a kind, then another job for the rest."""
    x: Context[Any] = job.context
    resource = x.registry.resources.get(kind)
    if resource is None or resource.flow is None or resource.module not in x.snapshot.modules:
        return
    inner = x.with_settings(x.snapshot.settings(resource.module))
    found = _next(resource, inner, after)
    with x.session.no_autoflush:
        _recompute(resource, found, inner)
    if len(found) == BATCH:
        x.enqueue(JOB, kind=kind, after=found[-1].id)


def _next(resource: Resource[Any], x: Context[Any], after: UUID | None) -> list[Any]:
    """The next records of which a clock runs or stands still, locked."""
    record, flow = resource.record, resource.flow
    assert flow is not None
    live = []
    for clock in flow.clocks.values():
        waits = [getattr(record, clock.due).is_not(None)]
        if clock.met:
            waits.append(getattr(record, clock.met).is_(None))
        live.append(sa.and_(*waits))
    chosen = sa.select(record).where(record.tenant_id == x.tenant, sa.or_(*live))
    if after is not None:
        chosen = chosen.where(record.id > after)
    return list(x.session.scalars(chosen.order_by(record.id).limit(BATCH).with_for_update()))


def _recompute(resource: Resource[Any], records: list[Any], x: Context[Any]) -> None:
    entries: list[tuple[UUID, Changes]] = []
    moved: dict[UUID, dict[str, Any]] = {}
    rows: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for record in records:
        values, names = _of_record(resource, record, x)
        if not values:
            continue
        changes = {n: (getattr(record, n), v) for n, v in values.items() if n != "timing" and getattr(record, n) != v}
        rows.setdefault(tuple(sorted(values)), []).append({"b_id": record.id, **values})
        x.session.info.setdefault("due", {})[(record.kind, record.id)] = clockmath.next_of(values["timing"])
        if changes:
            entries.append((record.id, changes))
            moved[record.id] = {"clock": names[0] if len(names) == 1 else names, "why": "calendar"}
    table = resource.record.__table__
    for names_of, several in rows.items():
        change = sa.update(table).where(table.c.tenant_id == x.tenant, table.c.id == sa.bindparam("b_id"))
        x.session.connection().execute(change.values({n: sa.bindparam(n) for n in names_of}), several)
    for record in records:
        x.session.expunge(record)  # what it holds is older than its row now
    note_many(resource, x, entries, ACTION, moved)
    awaiting.put(x)


def _of_record(resource: Resource[Any], record: Record, x: Context[Any]) -> tuple[dict[str, Any], list[str]]:
    """What is to be written of one record, and the names of the clocks whose due time moved."""
    memory: clockmath.Memory = dict(remembered(record))
    values: dict[str, Any] = {}
    names: list[str] = []
    for clock in resource.flow.clocks.values() if resource.flow else ():
        m = memory.get(clock.name, {})
        if m.get("on") not in (clockmath.RUN, clockmath.HELD):
            continue
        try:
            made = _of_clock(clock, dict(m), record, x)
        except CalendarError as error:
            log.warning("a clock cannot be computed anew", kind=record.kind, id=str(record.id), why=str(error.words))
            continue
        if made is not None:
            memory[clock.name], fields = made
            values |= fields
            names += [clock.name] if fields else []
    if memory == remembered(record) and not values:
        return {}, []
    return {**values, "timing": memory}, names


def _of_clock(
    clock: Clock[Any, Any], m: clockmath.Memory, record: Record, x: Context[Any]
) -> tuple[clockmath.Memory, dict[str, Any]] | None:
    """The clock's memory and the fields of the record that are others now; None: all is as it was."""
    old: dt.datetime | None = getattr(record, clock.due)
    if old is None:
        return None
    before, term = dict(m), clockmath.unpack(m.get("term", ()))
    due = clockmath.compute(m, term, clockmath.calendar_of(term, record.site_id, x))
    fields: dict[str, Any] = {}
    if due != old:
        fields[clock.due] = due
        late = clock.late
        if late and m["on"] == clockmath.RUN and not getattr(record, late) and x.now > old + clock.grace(x.settings):
            fields[late] = True
        clockmath.rearm(clock, m, due, record, x)
    if m["on"] == clockmath.RUN:
        later = clockmath.upcoming(clock.steps_for(x.settings), m, due, record, x)
        m.pop("next", None)
        m |= {"next": clockmath.stamp(later)} if later else {}
    return (m, fields) if m != before or fields else None


JOBS = (Job(JOB, perform, retries=8, timeout=120.0, label=_("Compute due times anew")),)

__all__ = ["BATCH", "JOB", "JOBS", "perform", "recalculate"]
