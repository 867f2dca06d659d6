"""Events that every record has: something became mine, I was mentioned, my record moved, what I follow changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Event, Record, persons, translator

from .records import Follow

_ = translator("dougong_notify")

_WHERE = _("{title}\n{record} {number} · {site} · {status}")

MENTIONED = Event(
    "notify.mentioned",
    _("I was mentioned in a comment"),
    _("{person} mentioned you on {number}"),
    text=_WHERE,
    channels=("inbox", "email"),
)
ASSIGNED = Event(
    "notify.assigned",
    _("A record became mine"),
    _("{person} gave {number} to you"),
    text=_WHERE,
    channels=("inbox", "email"),
)
MOVED = Event(
    "notify.moved",
    _("Somebody moved a record of mine"),
    _("{number}: {action} ({person})"),
    text=_WHERE,
    channels=("inbox", "digest"),
)
FOLLOWED = Event(
    "notify.followed",
    _("A record that I follow changed"),
    _("{number}: {action} ({person})"),
    text=_WHERE,
    channels=("inbox", "digest"),
)
EVENTS = (MENTIONED, ASSIGNED, MOVED, FOLLOWED)

Told = Callable[[Record, str, Context[Any]], Iterable[UUID | None]]


def mentioned(record: Record, action: str, x: Context[Any]) -> Iterable[UUID | None]:
    if action != "comment":
        return ()
    written = [c for c in x.comments(record) if c.at == x.now and c.created_by == x.actor]
    return [person for c in written for person in c.mentions]


def assigned(record: Record, action: str, x: Context[Any]) -> Iterable[UUID | None]:
    changed = x.changes(record)
    return [person for name, person in persons(record).items() if name in changed]


def moved(record: Record, action: str, x: Context[Any]) -> Iterable[UUID | None]:
    flow = x.registry.resources[record.kind].flow
    if flow is None or action not in flow.transitions:
        return ()
    return [record.created_by, *persons(record).values()]


def followers(record: Record, action: str, x: Context[Any]) -> Iterable[UUID | None]:
    if action == "create":
        return ()
    query = sa.select(Follow.person_id).where(Follow.tenant_id == x.tenant, Follow.record_id == record.id)
    return list(x.session.scalars(query))


# In this order: of several reasons the first one is said.
RULES: tuple[tuple[Event, Told], ...] = (
    (MENTIONED, mentioned),
    (ASSIGNED, assigned),
    (MOVED, moved),
    (FOLLOWED, followers),
)
