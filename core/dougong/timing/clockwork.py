"""Taking the steps of clocks when they are due: marks, breaches, handlers, telling, and when the record is looked at next.

Owns what happens at a step, in one transaction with its mark. When steps are due is ``records.clockmath``'s, who is told is
``records.answering``'s. A step is taken once, however late and however often it is tried, and in the order of nominal times; a
reminder that something later of the same clock has overtaken is left out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm.attributes import set_committed_value

from ..errors import Problem
from ..records import answering, awaiting, clockevents, clockmath, journal
from ..records.clocks import Clock, Step, remembered
from ..records.context import Context
from ..records.record import Record
from ..records.resource import Resource
from ..records.tables import ClockStep
from ..tenancy.stored import new_id
from ..tenancy.tables import due as waiting

log = structlog.get_logger(__name__)

ACTION = "clock"  # the action's name in the history, for listeners and webhooks
MOST = 100  # steps of one record at once: more is a clock whose own steps start it anew
AGAIN = dt.timedelta(hours=1)  # a record of a module that is off, or broken, is looked at again after so long


@dataclass(frozen=True)
class Due:
    """A step of a record's clock that is to be taken. ``number``: of its repetition, from 0."""

    at: dt.datetime
    clock: Clock[Any, Any]
    step: Step[Any, Any]
    number: int

    @property
    def mark(self) -> str:
        return f"{self.step.name}@{self.number}" if self.step.every is not None else self.step.name


def take(x: Context[Any], kind: str, id: UUID) -> bool:
    """Take all steps of a record's clocks that are due, and put its next due row.

    :returns: whether this is a record with clocks at all.
    """
    resource = x.registry.resources.get(kind)
    if resource is None or resource.flow is None or not resource.flow.clocks:
        return False
    record: Record | None = x.session.get(resource.record, (x.tenant, id), with_for_update=True)
    if record is None:
        return True  # deleted in the meantime
    if not x.snapshot.module_on(resource.module, record.site_id):
        put_off(x, kind, id)
        return True
    inner = x.with_settings(x.snapshot.settings(resource.module))
    journal.watch(inner)
    with inner.session.no_autoflush:
        _catch_up(resource, record, inner)
        for _count in range(MOST):
            one = next_due(resource, record, inner)
            if one is None:
                break
            _take(resource, record, one, inner)
        else:
            log.warning("a record's clocks never come to rest", kind=kind, id=str(id), tenant=str(x.tenant))
    later = _rest(resource, record, inner)
    if later is not None and later <= x.now:
        later = x.now + dt.timedelta(minutes=1)
    x.session.info.setdefault("due", {})[(kind, id)] = later
    awaiting.put(inner)
    return True


def put_off(x: Context[Any], kind: str, id: UUID) -> None:
    """Look at a record again later, as its module cannot see to its clocks now."""
    x.session.info.setdefault("due", {})[(kind, id)] = x.now + AGAIN
    awaiting.put(x)


def wake(x: Context[Any], _company: UUID) -> None:
    """Modules, sites or the program are others than before: whatever may have been put off is looked at now."""
    kinds = [
        kind
        for kind, resource in x.registry.resources.items()
        if resource.flow is not None and resource.flow.clocks and resource.module in x.snapshot.modules
    ]
    mine = sa.update(waiting).where(waiting.c.tenant_id == x.tenant, waiting.c.kind.in_(kinds))
    soon = waiting.c.due_at.between(x.now, x.now + AGAIN)
    x.session.execute(mine.where(soon).values(due_at=x.now))


def _rest(resource: Resource[Any], record: Record, x: Context[Any]) -> dt.datetime | None:
    """When the record is looked at next, by the steps as they are set now: a company may have moved the one it was woken for."""
    memory = {n: dict(m) for n, m in remembered(record).items() if resource.flow and n in resource.flow.clocks}
    for clock, _memory, steps in running(resource, record, x):
        one = memory[clock.name]
        one.pop("next", None)
        later = clockmath.upcoming(steps, one, getattr(record, clock.due), record, x)
        one |= {"next": clockmath.stamp(later)} if later else {}
    if memory != remembered(record):
        _write(record, x, {"timing": memory})
    return clockmath.next_of(memory)


def _catch_up(resource: Resource[Any], record: Record, x: Context[Any]) -> None:
    """What the record's memory does not know, because somebody wrote it at the same time: steps that are marked."""
    memory = {name: dict(one) for name, one in remembered(record).items()}
    rows = x.session.execute(
        sa.select(ClockStep.clock, ClockStep.run, ClockStep.step).where(
            ClockStep.tenant_id == x.tenant, ClockStep.record_kind == resource.kind, ClockStep.record_id == record.id
        )
    )
    for clock, run, mark in rows:
        one = memory.get(clock)
        if one is None or one.get("run") != run:
            continue
        step, _at, number = mark.partition("@")
        count = int(number) + 1 if number else 1
        if one.get("done", {}).get(step, 0) < count:
            one["done"] = {**one.get("done", {}), step: count}
    if memory != remembered(record):
        _write(record, x, {"timing": memory})


def next_due(resource: Resource[Any], record: Record, x: Context[Any]) -> Due | None:
    """The first step that is due now and was not overtaken."""
    found: list[Due] = []
    for clock, memory, steps in running(resource, record, x):
        when = getattr(record, clock.due)
        mine = []
        for at, step in clockmath.pending(steps, memory, when, record, x):
            if at <= x.now:
                number = memory.get("done", {}).get(step.name, 0)
                if step.every is not None:  # of repetitions that were missed, the latest
                    number += (x.now - at) // step.every
                    at += step.every * ((x.now - at) // step.every)
                mine.append(Due(at, clock, step, number))
        mine.sort(key=lambda due: due.at)
        if any(due.step.does == "remind" for due in mine):
            overtaken = _overtaken(mine, steps, memory, when, record, x)
            _skip(record, x, overtaken)
            mine = [due for due in mine if due not in overtaken]
        found += mine
    return min(found, key=lambda due: due.at, default=None)


def _overtaken(
    mine: list[Due], steps: tuple[Step[Any, Any], ...], m: clockmath.Memory, when: dt.datetime, record: Record, x: Context[Any]
) -> list[Due]:
    """The reminders among a clock's due steps that come too late: something later is due as well, or was taken before."""
    done = m.get("done", {})
    taken = [clockmath.point_of(s, m, when, record, x) for s in steps if s.name in done and s.does != "act"]
    late = [due for due in mine if due.step.does != "act"]
    return [due for due in mine if due.step.does == "remind" and (due is not late[-1] or any(at > due.at for at in taken))]


def running(
    resource: Resource[Any], record: Record, x: Context[Any]
) -> list[tuple[Clock[Any, Any], clockmath.Memory, tuple[Step[Any, Any], ...]]]:
    """The clocks of a record that run, each with its memory and its steps."""
    out = []
    for clock in resource.flow.clocks.values() if resource.flow else ():
        memory = remembered(record).get(clock.name, {})
        if memory.get("on") == clockmath.RUN and getattr(record, clock.due) is not None:
            out.append((clock, memory, clock.steps_for(x.settings)))
    return out


def _skip(record: Record, x: Context[Any], overtaken: list[Due]) -> None:
    for due in overtaken:
        _remember(record, x, due, {})


# ---- one step ----


def _take(resource: Resource[Any], record: Record, due: Due, x: Context[Any]) -> None:
    clock, step = due.clock, due.step
    run = remembered(record)[clock.name]["run"]
    when = getattr(record, clock.due)
    mark = _mark(resource, record, due, run, x)
    late = step.does in ("overdue", "late") and clock.late is not None and not getattr(record, clock.late)
    _remember(record, x, due, {clock.late: True} if late and clock.late else {})
    if mark is None:
        return
    people = _people(resource, record, due, x)
    said: dict[str, Any] = {"clock": clock.name, "step": step.name, "does": step.does, "due": when}
    if step.run is not None:
        said |= _run(step, record, x)
    if late or step.does == "escalate" or step.run is not None:
        changes = {clock.late: (False, True)} if late and clock.late else {}
        journal.aside(x, record, ACTION, changes, inputs={**said, **({"told": people} if people else {})})
    if people:
        x.session.flush()
        event = {"remind": clockevents.SOON, "overdue": clockevents.OVERDUE}.get(step.does, clockevents.ESCALATED)
        x.tell(clockevents.name_of(resource.kind, event), record, people, clock=clock.name, due=clockmath.stamp(when))
        x.session.execute(
            sa.update(ClockStep).where(ClockStep.tenant_id == x.tenant, ClockStep.id == mark).values(people=people)
        )
    journal.settle(x)


def _mark(resource: Resource[Any], record: Record, due: Due, run: int, x: Context[Any]) -> UUID | None:
    """Mark the step as taken. :returns: None where it was marked before."""
    row = {
        "tenant_id": x.tenant, "id": new_id(), "record_kind": resource.kind, "record_id": record.id,
        "clock": due.clock.name, "run": run, "step": due.mark, "due_at": due.at, "at": x.now, "people": [],
    }  # fmt: skip
    made = insert(ClockStep).values(row).on_conflict_do_nothing().returning(ClockStep.id)
    return x.session.execute(made).scalar_one_or_none()


def _remember(record: Record, x: Context[Any], due: Due, values: dict[str, Any]) -> None:
    """Write that a step was taken, and when the next one is due, into the record's row beside its version: whoever edits it
    at this moment is not disturbed."""
    memory = dict(remembered(record))
    one = dict(memory[due.clock.name])
    one["done"] = {**one.get("done", {}), due.step.name: due.number + 1}
    later = clockmath.upcoming(due.clock.steps_for(x.settings), one, getattr(record, due.clock.due), record, x)
    if later is None:
        one.pop("next", None)
    else:
        one["next"] = clockmath.stamp(later)
    _write(record, x, {**values, "timing": {**memory, due.clock.name: one}})


def _write(record: Record, x: Context[Any], values: dict[str, Any]) -> None:
    table = type(record).__table__
    x.session.execute(
        sa.update(table).where(table.c.tenant_id == x.tenant, table.c.id == record.id).values(values)  # type: ignore[arg-type]
    )
    for name, value in values.items():
        set_committed_value(record, name, value)


def _run(step: Step[Any, Any], record: Record, x: Context[Any]) -> dict[str, Any]:
    """What the declaration does at this step. A refusal in words (a guard that no longer holds) is noted; the step is taken.
    Anything else is a fault: nothing is written, the job is tried again."""
    assert step.run is not None
    try:
        with x.session.begin_nested():
            step.run(record, x)
            journal.settle(x)
    except Problem as problem:
        journal.forget(x)
        x.session.refresh(record)
        log.warning("a clock's step was refused", kind=record.kind, id=str(record.id), step=step.name, why=str(problem))
        return {"refused": str(problem.detail or problem.title)}
    return {}


def _people(resource: Resource[Any], record: Record, due: Due, x: Context[Any]) -> list[UUID]:
    """Whom a step tells, as grants and deputies stand now; nobody who may not see the record."""
    match due.step.does:
        case "remind" | "overdue":
            found = answering.answering(resource, due.clock, record, x)
        case "escalate":
            found = answering.level_of(resource, due.clock, record, due.step.level, x)
        case _:
            return []
    return [one for one in dict.fromkeys(found) if answering.may_view(one, record, x)]


__all__ = ["ACTION", "Due", "next_due", "put_off", "running", "take", "wake"]
