"""Evidence of a goal: records of any module, linked by whoever may see them, shown to whoever may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dougong import Context, NotFound, Record, numbered, refuse, translator

from .records import Goal

_ = translator("dougong_hr")
MOST = 20  # of one goal


@dataclass(frozen=True, slots=True)
class Proof:
    """A record as its reader may see it."""

    kind: str
    id: UUID
    number: str
    title: str
    href: str


def add(x: Context[Any], goal: Goal, number: str) -> None:
    """Link a record to a goal; twice is one link. :raises Invalid: no record of this number that this person may see."""
    found = _named(x, number)
    link = [found.kind, str(found.id)]
    if link in goal.evidence:
        return
    if len(goal.evidence) >= MOST:
        raise refuse("number", _("A goal has {n} records at most.").format(n=MOST))
    goal.evidence = [*goal.evidence, link]


def remove(x: Context[Any], goal: Goal, number: str) -> None:
    """Unlink a record. :raises Invalid: it is not there, or this person may not see it."""
    found = _named(x, number)
    left = [one for one in goal.evidence if one != [found.kind, str(found.id)]]
    if len(left) == len(goal.evidence):
        raise refuse("number", _("This record is no evidence of the goal."))
    goal.evidence = left


def _named(x: Context[Any], number: str) -> Record:
    found = numbered(x, number.strip())
    if found is None:
        raise refuse("number", _("There is no record with this number, or you may not view it."))
    return found


def shown(x: Context[Any], goal: Goal) -> list[Proof]:
    """What this person may see of a goal's evidence; modules that are off are left out."""
    found = []
    for kind, id in goal.evidence:
        resource = x.registry.resources.get(kind)
        if (
            resource is None
            or resource.module not in x.snapshot.modules
            or not x.gate.scope(resource.permission("read"))
        ):
            continue
        try:
            record = x.get(resource.record, UUID(id))
        except NotFound:
            continue
        title = str(getattr(record, str(resource.title)) or "")
        found.append(Proof(kind, record.id, record.number, title, f"{resource.path}/{record.id}"))
    return found


__all__ = ["Proof", "add", "remove", "shown"]
