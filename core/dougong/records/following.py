"""Carrying out a company's rules of follow-ups: opening records in the same transaction, and saying what is offered.

What is opened at once is opened by the system, whoever did what set it going; the history at both ends says by which rule.
What is offered is opened by people, with their own rights.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..errors import Conflict, Invalid
from ..tenancy.follow_rules import FollowRule
from ..words import translator
from . import actions, history, links
from .followups import FollowUp, Source, Telling, Trigger
from .record import Record
from .tables import Link
from .visibility import judged, resource_of

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

_ = translator("dougong")
_NOT_NOW = _("By the company's rules this goes with: {what}. That is refused now; ask those who are in charge of it.")

OPENED, FAILED, ORIGIN = "follow_up", "follow_up_failed", "origin"  # actions in the history
FROM = "from"  # of a creation form and of the API: what gives rise to the new record, as <kind>:<id>
_PATHS = "opened_from"  # of a session: which kinds gave rise to a record that was opened in this unit of work


@dataclass(frozen=True)
class Hit:
    """A rule that holds of a record, with what it names."""

    rule: FollowRule
    trigger: Trigger
    opens: FollowUp


def rules_of(x: Context[Any]) -> tuple[FollowRule, ...]:
    """The company's rules, resting ones too."""
    found: tuple[FollowRule, ...] = x.settings_of("core").follow_ups
    return found


def hits(x: Context[Any], record: Record, *, action: str | None = None) -> Iterator[Hit]:
    """The rules that hold of a record as it is now, in the company's order, each pair of trigger and follow-up once: where
    one of several opens at once, that one.

    :param action: only those whose trigger is looked at after it; None: whatever happens.
    """
    rules = sorted(rules_of(x), key=lambda rule: rule.mode == "offer")
    if not rules:
        return
    triggers = {one.name: one for _module, one in x.contributed(Trigger) if one.kind == record.kind}
    if not triggers:
        return
    known = {one.name: one for _module, one in x.contributed(FollowUp) if one.kind in x.registry.resources}
    done = set()
    for rule in rules:
        trigger, opens = triggers.get(rule.trigger), known.get(rule.opens)
        if trigger is None or opens is None or rule.key in done:
            continue
        if action is not None and action not in trigger.actions:
            continue
        value = trigger.holds(record)
        if value is not None and rule.value in ("", value):
            done.add(rule.key)
            yield Hit(rule, trigger, opens)


def concerned(x: Context[Any], record: Record) -> bool:
    """Whether a rule opens something because this record is created."""
    return any(hit.rule.mode == "open" for hit in hits(x, record, action="create"))


def follow_up(x: Context[Any], record: Record, action: str) -> None:
    """After an action on a record: open what the company's rules open. What is taken over from elsewhere opens nothing."""
    if x.imported:
        return
    _tell_again(x, record, action)
    found = [one for one in hits(x, record, action=action) if one.rule.mode == "open"]
    system = x.as_person(None)
    for hit in found:
        path: tuple[str, ...] = x.session.info.setdefault(_PATHS, {}).get(record.id, ())
        if hit.opens.kind in (*path, record.kind) or _opened(x, record, hit.rule.key):
            continue
        if _may(system, x.registry.resources[hit.opens.kind], "create", record.site_id):  # not where its module is off
            _open(x, record, hit, path)


def _tell_again(x: Context[Any], record: Record, action: str) -> None:
    """What rules opened because of a record hears of it again, whether the rule still stands or not."""
    triggers = [
        one
        for _module, one in x.contributed(Trigger)
        if one.kind == record.kind and action in (*one.actions, *one.ends)
    ]
    heard = {
        one.name: one for _module, one in x.contributed(FollowUp) if one.again and one.kind in x.registry.resources
    }
    keys = {f"{trigger.name}>{name}": (trigger, opens) for trigger in triggers for name, opens in heard.items()}
    if not keys:
        return
    mine = Link.tenant_id == x.tenant, Link.origin_id == record.id, Link.rule.in_(keys)
    for row in x.session.scalars(sa.select(Link).where(*mine).order_by(Link.id)).all():
        trigger, opens = keys[str(row.rule)]
        resource = x.registry.resources[opens.kind]
        other = row.to_id if row.from_id == record.id else row.from_id
        opened = x.session.get(resource.record, (x.tenant, other))
        if opened is not None and opens.again is not None:
            telling = trigger.tells(record, actions.inside(x, resource_of(x.registry.resources, type(record))))
            with _discreet(x, resource, record):
                opens.again(opened, telling, actions.inside(x.as_person(None), resource), action in trigger.ends)


@contextmanager
def _discreet(x: Context[Any], resource: Resource[Any], record: Record) -> Iterator[None]:
    """What is refused about a record of another module is told in its words only to those who may read such records there."""
    try:
        yield
    except Conflict:
        if x.behalf or not _may(x, resource, "read", record.site_id):
            raise Conflict(_NOT_NOW.format(what=resource.record.label)) from None
        raise


def _opened(x: Context[Any], record: Record, key: str) -> bool:
    mine = Link.tenant_id == x.tenant, Link.origin_id == record.id, Link.rule == key
    return x.session.scalar(sa.select(Link.id).where(*mine).limit(1)) is not None


def _open(x: Context[Any], record: Record, hit: Hit, path: tuple[str, ...]) -> None:
    resource = x.registry.resources[hit.opens.kind]
    system = replace(actions.inside(x.as_person(None), resource), behalf="")
    said = {"trigger": hit.trigger.name, "opens": hit.opens.name}
    try:
        with (
            _discreet(x, resource, record),
            x.session.begin_nested(),
        ):  # what its handlers wrote elsewhere before they refused is taken back
            made = actions.enter_as_system(resource, told(system, record, hit), system, record.site_id)
    except Invalid as problem:  # the rule asks for what cannot be known here: people are offered to open it
        wrong = ", ".join(error.path for error in problem.errors)
        _note(system, record, FAILED, {**said, "fields": wrong})
        return
    x.session.info[_PATHS][made.id] = (*path, record.kind)
    links.link(system, record, made, origin=True, rule=hit.rule.key)
    _note(system, record, OPENED, {**said, "kind": made.kind, "number": made.number})
    _note(system, made, ORIGIN, {**said, "kind": record.kind, "number": record.number})


def _note(x: Context[Any], record: Record, action: str, said: dict[str, Any]) -> None:
    history.write(x.session, record.kind, record.id, action, actor=x.actor, at=x.now, changes={}, inputs=said)


def told(x: Context[Any], record: Record, hit: Hit) -> dict[str, Any]:
    """What the creation form of the opened record begins with. :param x: with the settings of the opened record."""
    source: Resource[Any] = resource_of(x.registry.resources, type(record))
    telling: Telling = hit.trigger.tells(record, actions.inside(x, source))
    if " ".join(telling.text.split()) == " ".join(telling.title.split()):  # said once is enough
        telling = replace(telling, text="")
    origin = Source(record.kind, record.id, record.site_id, record.number, type(record).label, hit.rule.detail)
    return dict(hit.opens.fill(telling, origin, x))


# ---- by people --------------------------------------------------------------------------------------


def offers(x: Context[Any], record: Record) -> list[Hit]:
    """What this person is offered to open because of a record that they see; what a rule opened already is not."""
    found = []
    for hit in hits(x, record):
        resource = x.registry.resources[hit.opens.kind]
        if _may(x, resource, "create", record.site_id) and not _opened(x, record, hit.rule.key):
            found.append(hit)
    return found


def _may(x: Context[Any], resource: Resource[Any], what: str, site: UUID) -> bool:
    return x.gate.may(resource.permission(what), site, frozenset(resource.relations))


def named(x: Context[Any], text: str, kind: str) -> tuple[Record, Hit] | None:
    """The record that ``<kind>:<id>`` names as what gives rise to a new record of a kind, and how that one begins.

    :returns: None where there is no such record for this person, or none of its kind gives rise to such a one.
    """
    source, _colon, id = text.partition(":")
    resource = x.registry.resources.get(source)
    if resource is None or resource.module not in x.snapshot.modules:
        return None
    triggers = [one for _module, one in x.contributed(Trigger) if one.kind == source]
    opens = [one for _module, one in x.contributed(FollowUp) if one.kind == kind]
    try:
        found = judged(x, resource, UUID(id)) if triggers and opens else None
    except ValueError:
        return None
    if found is None:
        return None
    record = found[0]
    ruled = next((hit for hit in hits(x, record) if hit.opens.kind == kind), None)
    begins = ruled or Hit(FollowRule(trigger=triggers[0].name, opens=opens[0].name), triggers[0], opens[0])
    return record, begins


def join(x: Context[Any], source: Record, made: Record) -> None:
    """A person opened a record because of another: link them, and say so at both ends."""
    links.link(x, source, made, origin=True)
    _note(x, source, OPENED, {"kind": made.kind, "number": made.number})
    _note(x, made, ORIGIN, {"kind": source.kind, "number": source.number})


__all__ = [
    "FAILED",
    "FROM",
    "OPENED",
    "ORIGIN",
    "Hit",
    "concerned",
    "follow_up",
    "hits",
    "join",
    "named",
    "offers",
    "rules_of",
    "told",
]
