"""From an event to messages: who is told, in the transaction of what they are told of.

Judges each reader's own view of the record, leaves out who did it, and tells nobody twice of the same piece of work.
What leaves the house is a job of its own (``sending``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Event, Matter, NotFound, Record, new_id, now

from .generic import RULES
from .records import Message, Notice, Robot
from .wording import events, visible

SEND = "notify.send"
MOST = 200  # people told of one event
LONG_AGO = dt.timedelta(days=2)  # what happened earlier than this (demo data) comes in as read and goes nowhere


def changed(record: Record, action: str, x: Context[Any]) -> None:
    """A record was created or changed: the module's own events first, urgent ones before others, then those of all."""
    if x.imported or record.kind not in x.registry.resources:
        return
    own = [e for _module, e in x.contributed(Event) if e.kind == record.kind and action in e.actions]
    for event in sorted(own, key=lambda e: not e.urgent):
        _tell(event, record, action, event.to(record, x) if event.to else (), x)
    for event, rule in RULES:
        _tell(event, record, action, rule(record, action, x), x)


def concerns(record: Record, x: Context[Any]) -> bool:
    """Whether somebody but who does it is told of this creation; groups aside."""
    own = (
        e.to(record, x) for _m, e in x.contributed(Event) if e.kind == record.kind and "create" in e.actions and e.to
    )
    rules = (rule(record, "create", x) for _event, rule in RULES)
    return any(p is not None and p != x.actor for people in (*own, *rules) for p in people)


def waits() -> sa.ColumnElement[bool]:
    """Whether the company has a group's robot that may be told."""
    robots = sa.select(Robot.id).where(Robot.tenant_id == sa.bindparam("tenant", type_=sa.Uuid), Robot.active)
    return robots.exists()


def tell(
    name: str, record: Record | Matter, people: Sequence[UUID] | None, x: Context[Any], facts: Mapping[str, str] | None = None
) -> None:
    """Told by a module itself (``context.tell``), or of a clock, with its name and due time among the facts.

    :raises LookupError: no enabled module contributes this event.
    """
    if x.imported:
        return
    event = events(x).get(name)
    if event is None:
        raise LookupError(f"no module contributes the event {name!r}")
    named = people if people is not None else event.to(record, x) if event.to else ()
    _tell(event, record, "", named, x, facts)


def _tell(
    event: Event,
    record: Record | Matter,
    action: str,
    people: Iterable[UUID | None],
    x: Context[Any],
    facts: Mapping[str, str] | None = None,
) -> None:
    told: set[tuple[UUID, UUID, dt.datetime]] = x.session.info.setdefault("notify", set())
    wanted: list[UUID] = []
    for person in dict.fromkeys(p for p in people if p is not None and p != x.actor):
        if (record.id, person, x.now) not in told and len(wanted) < MOST and may_view(person, record, x):
            told.add((record.id, person, x.now))
            wanted.append(person)
    if wanted or (event.groups and for_groups(event, record, x)):
        _write(event, record, action, wanted, x, facts or {})


def may_view(person: UUID, record: Record | Matter, x: Context[Any]) -> bool:
    """Whether this person may view the record at this moment, as if they opened it."""
    known = x.snapshot.people.get(person)
    if known is None or not known.active:
        return False
    if isinstance(record, Matter):
        return bool(visible(x.as_person(person), [(record.kind, record.id)]))
    try:
        x.as_person(person).get(type(record), record.id)
    except NotFound:
        return False
    return True


def for_groups(event: Event, record: Record | Matter, x: Context[Any]) -> bool:
    return event.groups(record, x) if callable(event.groups) else event.groups


def _write(
    event: Event, record: Record | Matter, action: str, people: list[UUID], x: Context[Any], more: Mapping[str, str]
) -> None:
    state = None if isinstance(record, Matter) else x.registry.resources[record.kind].state
    held = getattr(record, state) if state else None
    facts = {**more, "action": action, **({"state": getattr(held, "value", held)} if held is not None else {})}
    notice = Notice(
        id=new_id(),
        event=event.name,
        record_kind=record.kind,
        record_id=record.id,
        site_id=record.site_id,
        actor_id=x.actor,
        facts=facts,
        at=x.now,
    )
    x.session.add(notice)
    x.session.flush()  # the messages refer to it
    past = now() - x.now > LONG_AGO
    x.session.add_all(
        Message(id=new_id(), notice_id=notice.id, person_id=one, at=x.now, read_at=x.now if past else None)
        for one in people
    )
    if x.jobs is not None and not past:
        x.enqueue(SEND, notice=notice.id)
