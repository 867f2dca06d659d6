"""What a person has on hand: every open record that a person field marked ``holds=`` puts with them, and every approval that asks
them by name, over all modules that are on, and the handing of it to somebody else. Owns the question and the act; who may ask is
the caller's to answer for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa

from ..choices import Choice
from ..errors import Conflict, FieldError, Invalid, Problem
from ..words import Lazy, translator
from . import actions, journal, on_hand_approvals
from .events import Event
from .fields import metas
from .record import Record
from .visibility import judged, readable

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

_ = translator("dougong")

ACTION = "handed_over"  # of the history and of the event
COUNTED = 10_000  # of one kind; there are more where a count says one more
NAMED = 5  # records of a kind that are named
MOST = 200  # handed over at once
_ENDED = "done"  # the tone of a state in which nothing is left to do

CANNOT = _("{person} does not see it or cannot take it on at this site.")


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """One of them, as the asking person may see it."""

    id: UUID
    number: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What one person has on hand of one kind.

    :ivar count: how many there are, whether the asking person may see them or not; 10,001: more than 10,000.
    :ivar records: the first of those that the asking person may see. :ivar href: the list of them; empty: none to see.
    """

    kind: str
    label: Lazy
    count: int
    records: tuple[OpenRecord, ...] = ()
    href: str = ""

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Of the records that are named."""
        return tuple(one.id for one in self.records)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How a handing over went.

    :ivar counts: handed over, by kind. :ivar refused: what stayed: (kind, id, number, why), at most ``most``;
        the asking person may not see them all, so whoever shows it leaves the rest out.
    :ivar more: whether something is left that was not tried yet: hand over again, with a job's next step.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[tuple[str, UUID, str, str], ...] = ()
    more: bool = False


def held_fields(kind: type[Record]) -> list[str]:
    """Names of the fields that put a record on somebody's hands."""
    return [name for name, (_column, meta) in metas(kind).items() if meta.holds]


def open_states(resource: Resource[Any], name: str) -> list[Choice] | None:
    """The states in which the person in this field has the record on hand; None: always, as it has no states.

    Those that the field names; else every state that is not drawn as done and that some step or approval leads out of.
    """
    said = metas(resource.record)[name][1].holds
    if not isinstance(said, bool):
        return list(said)
    flow = resource.flow
    if flow is None or flow.state is None:
        return None
    steps = [s for s in flow.transitions.values() if s.name in flow.approval_steps or s.to]
    states = metas(resource.record)[flow.state][0].type.choice  # type: ignore[attr-defined]
    return [
        one for one in states
        if one.extra[:1] != (_ENDED,)
        and any(s.open_from(one) and (s.name in flow.approval_steps or any(to is not one for to in s.to)) for s in steps)
    ]  # fmt: skip


def _rule(resource: Resource[Any], person: UUID) -> sa.ColumnElement[bool]:
    kind, each = resource.record, []
    for name in held_fields(kind):
        rule, states = getattr(kind, name) == person, open_states(resource, name)
        each.append(rule if states is None else sa.and_(rule, getattr(kind, str(resource.state)).in_(states)))
    return sa.or_(*each)


def _held(resource: Resource[Any], x: Context[Any], person: UUID, most: int) -> sa.Select[UUID]:
    kind = resource.record
    return sa.select(kind.id).where(kind.tenant_id == x.tenant, _rule(resource, person)).limit(most)


def _holding(x: Context[Any], kinds: Collection[str] | None) -> list[Resource[Any]]:
    on = x.snapshot.modules
    found = [r for r in x.registry.resources.values() if r.module in on and held_fields(r.record)]
    return [r for r in found if kinds is None or r.kind in kinds]


def open_items(x: Context[Any], person_id: UUID, kinds: Collection[str] | None = None) -> list[OpenItems]:
    """What a person has on hand, by kind, over all modules that are on; kinds of which there is nothing are left out.

    Counts hold for the whole company, since a leaver's clearance has to be complete; of single records only those are named
    that the person of ``x`` may see. One statement for the counts and one for each kind that has something to name.

    :param kinds: only these.
    """
    asked = _holding(x, kinds)
    if not asked:
        return _asked_by_name(x, person_id, kinds)
    parts = []
    for resource in asked:
        some = _held(resource, x, person_id, COUNTED + 1).subquery()
        parts.append(
            sa.select(sa.literal(resource.kind), sa.select(sa.func.count()).select_from(some).scalar_subquery())
        )
    counts = {kind: n for kind, n in x.session.execute(sa.union_all(*parts)) if n}
    held = [_of(resource, x, person_id, counts[resource.kind]) for resource in asked if resource.kind in counts]
    return [*held, *_asked_by_name(x, person_id, kinds)]


def _asked_by_name(x: Context[Any], person: UUID, kinds: Collection[str] | None) -> list[OpenItems]:
    """Approvals; at most 200 are counted."""
    if kinds is not None and on_hand_approvals.KIND not in kinds:
        return []
    found = on_hand_approvals.waiting(x, person)
    named = [
        OpenRecord(one.id, one.number, str(getattr(one, str(r.title)) or ""), f"{r.path}/{one.id}")
        for r, one in found[: 4 * NAMED]
        if judged(x, r, one.id) is not None
    ]
    label = on_hand_approvals.LABEL
    return [OpenItems(on_hand_approvals.KIND, label, len(found), tuple(named[:NAMED]))] if found else []


def _of(resource: Resource[Any], x: Context[Any], person: UUID, count: int) -> OpenItems:
    if not x.gate.scope(resource.permission("read")):
        return OpenItems(resource.kind, resource.label, count)
    kind, title = resource.record, str(resource.title)
    # Materialised: the few that are held are found by their index, whatever the order that follows would tempt the planner to.
    held = _held(resource, x, person, COUNTED).cte("held").prefix_with("MATERIALIZED", dialect="postgresql")
    seen = readable(x, kind).with_only_columns(kind.id, kind.number, getattr(kind, title))
    rows = x.session.execute(seen.where(kind.id.in_(sa.select(held.c.id))).order_by(kind.id).limit(NAMED)).all()
    named = tuple(OpenRecord(id, number, str(said or ""), f"{resource.path}/{id}") for id, number, said in rows)
    return OpenItems(resource.kind, resource.label, count, named, _href(resource, person) if named else "")


def _href(resource: Resource[Any], person: UUID) -> str:
    """The list of them, as far as its filters can say it."""
    known = metas(resource.record)
    pairs = [("tab", one.name) for one in resource.tabs if one.where is None][:1]
    names = held_fields(resource.record)
    if len(names) == 1 and known[names[0]][1].filtered:
        pairs.append((names[0], str(person)))
        if resource.state and known[resource.state][1].filtered:
            pairs += [(resource.state, str(one.value)) for one in open_states(resource, names[0]) or ()]
    return resource.path + ("?" + urlencode(pairs) if pairs else "")


def hand_over(
    x: Context[Any],
    person_id: UUID,
    to_person_id: UUID,
    kinds: Collection[str] | None = None,
    *,
    reason: str,
    most: int = MOST,
) -> HandedOver:
    """Give what one person has on hand to another, each record by itself: with its module's rules, an entry in its history and
    an event that tells the new holder. The caller answers for the right to have it done; that of the new holder is asked
    here: who may not see a record there, or may not do what its field asks for, does not get it.

    :param kinds: only these. :param reason: kept in the history of each. :param most: at most so many at once.
    :raises Invalid: to nobody, to the same person, or to one who is no longer active.
    """
    to = x.snapshot.people.get(to_person_id)
    if to is None or to.status != "active" or to_person_id == person_id:
        raise Invalid(errors=(FieldError("to_person_id", _("does not exist, or you may not use it here")),))
    counts: dict[str, int] = {}
    refused: list[tuple[str, UUID, str, str]] = []
    left = most
    journal.watch(x)
    for resource in _holding(x, kinds):
        ids = x.session.scalars(_held(resource, x, person_id, left + 1)).all()
        for id in sorted(ids)[:left]:
            number, why = _hand(resource, id, x, person_id, to_person_id, reason)
            if why:
                refused.append((resource.kind, id, number, why))
            else:
                counts[resource.kind] = counts.get(resource.kind, 0) + 1
        if len(ids) > left:
            return HandedOver(counts, tuple(refused), more=bool(counts))
        left -= len(ids)
    if kinds is None or on_hand_approvals.KIND in kinds:
        _hand_seats(x, person_id, to_person_id, reason, counts, refused)
    return HandedOver(counts, tuple(refused))


def _hand_seats(
    x: Context[Any],
    person: UUID,
    to: UUID,
    reason: str,
    counts: dict[str, int],
    refused: list[tuple[str, UUID, str, str]],
) -> None:
    kind = on_hand_approvals.KIND
    for resource, record in on_hand_approvals.waiting(x, person):
        id, number = record.id, record.number
        try:
            on_hand_approvals.reseat(resource, record, x, person, to, reason)
        except Problem as problem:
            journal.forget(x)
            refused.append((kind, id, number, str(problem.detail or problem.title)))
        else:
            counts[kind] = counts.get(kind, 0) + 1


def _hand(resource: Resource[Any], id: UUID, x: Context[Any], person: UUID, to: UUID, reason: str) -> tuple[str, str]:
    """One of them: its number, and why it stays."""
    record = x.session.get_one(resource.record, (x.tenant, id), with_for_update=True, populate_existing=True)
    number, names = record.number, [n for n in held_fields(resource.record) if getattr(record, n) == person]
    inner = actions.inside(x, resource)
    try:
        with x.session.begin_nested():
            _may_take(resource, record, names, inner, to)
            with x.session.no_autoflush:
                for name in names:
                    setattr(record, name, to)
                journal.touch(record, x.now)
                actions.follow(resource, record, inner)
            journal.note(inner, record, ACTION, inputs={"reason": reason})
            journal.flush(inner)
            if judged(x.as_person(to), resource, id) is None:
                raise Conflict(CANNOT.format(person=x.snapshot.people[to].name))
            journal.settle(inner)
    except Problem as problem:
        journal.forget(x)
        told = [str(problem.detail or problem.title), *(str(one.message) for one in problem.errors)]
        return number, " ".join(told)
    return number, ""


def _may_take(resource: Resource[Any], record: Record, names: Sequence[str], x: Context[Any], to: UUID) -> None:
    gate, relations = x.snapshot.gate(to, x.now), frozenset(resource.relations)
    for name in names:
        asked = metas(resource.record)[name][1].may or resource.permission("read")
        if not gate.may(asked, record.site_id, relations):
            raise Conflict(CANNOT.format(person=x.snapshot.people[to].name))


def on_hand_events(resource: Resource[Any]) -> tuple[Event, ...]:
    """The event that tells somebody of what was handed to them; none where nothing is on anybody's hands."""
    names = held_fields(resource.record)
    if not names:
        return ()

    def to(record: Record, x: Context[Any]) -> Iterator[UUID]:
        for name, (_before, after) in x.changes(record).items():
            if name in names and after is not None:
                yield after

    return (
        Event(
            f"{resource.kind}.{ACTION}",
            _("{record}: handed over to me").format(record=resource.record.label),
            _("{number} was handed over to you"),
            resource.kind,
            actions=(ACTION,),
            to=to,
            text=_("{title}\n{site} · {status}"),
        ),
    )


__all__ = [
    "ACTION",
    "HandedOver",
    "OpenItems",
    "OpenRecord",
    "hand_over",
    "held_fields",
    "on_hand_events",
    "open_items",
    "open_states",
]
