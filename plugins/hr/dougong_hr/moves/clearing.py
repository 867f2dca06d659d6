"""A leaver's clearance: what they have on hand over all modules and who takes it, what they give back, why the end has to wait.

For the page and the API alike. Owns who may ask; whether somebody can take a record over is the core's to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dougong import (
    Conflict,
    Context,
    FieldError,
    HandedOver,
    Invalid,
    OpenItems,
    hand_over,
    numbered,
    open_items,
    translator,
)

from ..organisation.records import Employee
from .base import of
from .choices import ChangeState, ChangeType
from .records import Change

_ = translator("dougong_hr")
PERMISSION = f"{Change.kind}.settle"
NAMED = 20  # signatures that stayed and are looked up by number
MOST = 200  # records in one go, of all kinds together: each is a piece of work of its own
NOBODY = _("does not exist, or you may not use it here")


def leaving(x: Context[Any], id: UUID) -> Change:
    """The change that is a leaving, for whoever may settle it.

    :raises NotFound: they may not see it. :raises Forbidden: they may not settle it. :raises Conflict: it is another change.
    """
    c = x.get(Change, id)
    x.demand(PERMISSION, c)
    if c.type is not ChangeType.LEAVE:
        raise Conflict(_("Only who leaves is cleared."))
    return c


def person_of(c: Change, x: Context[Any]) -> UUID | None:
    """The leaver's account."""
    return of(x, Employee, c.employee_id).person_id


def on_hand(c: Change, x: Context[Any]) -> list[OpenItems]:
    """Open records of the leaver, by kind; none where they have no account."""
    person = person_of(c, x)
    return open_items(x, person) if person is not None else []


def owed(c: Change, x: Context[Any]) -> list[str]:
    """Keys of what the leaver has not given back or settled."""
    return [key for key in x.settings_of("hr").clearance_items if key not in c.settled]


def unsettled(c: Change, x: Context[Any]) -> bool:
    """Whether anything stands against the end."""
    return bool(owed(c, x) or on_hand(c, x))


@dataclass
class Handed:
    """How a handing over went: how many by kind, what stayed and why, whether there is more to try.

    :ivar refused: of what stayed, what this person may read. :ivar withheld: of the rest no more than how many, by kind.
    """

    counts: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, UUID, str, str]] = field(default_factory=list)
    withheld: dict[str, int] = field(default_factory=dict)
    more: bool = False

    def add(self, done: HandedOver, x: Context[Any]) -> None:
        for kind, number in done.counts.items():
            self.counts[kind] = self.counts.get(kind, 0) + number
        seen = _seen(done, x)
        for one in done.refused:
            if one[:2] in seen:
                self.refused.append(one)
            else:
                self.withheld[one[0]] = self.withheld.get(one[0], 0) + 1
        self.more = self.more or done.more

    @property
    def number(self) -> int:
        return sum(self.counts.values())


def _seen(done: HandedOver, x: Context[Any]) -> set[tuple[str, UUID]]:
    """Of what stayed, what this person may read: clearing somebody opens no records of other modules."""
    seen = set[tuple[str, UUID]]()
    for kind in {one[0] for one in done.refused}:
        ids = {one[1]: one[2] for one in done.refused if one[0] == kind}
        resource = x.registry.resources.get(kind)
        if resource is None:  # a signature: of a record of any kind
            named = list(ids.items())[:NAMED]
            seen |= {
                (kind, id) for id, number in named if (found := numbered(x, number)) is not None and found.id == id
            }
        elif x.gate.scope(resource.permission("read")):
            record = resource.record
            query = x.readable(record).where(record.id.in_(ids)).with_only_columns(record.id)
            seen |= {(kind, id) for id in x.session.scalars(query)}
    return seen


def give(c: Change, heirs: Mapping[str, UUID], x: Context[Any]) -> Handed:
    """Hand over what the leaver has on hand, each kind to one person. What somebody else handed over meanwhile is no mistake.

    :param heirs: kind of record → who takes them over.
    :raises Conflict: the clearance is not on. :raises Invalid: somebody who is not there, or the leaver; the path is the kind.
    """
    if c.status is not ChangeState.CLEARING:
        raise Conflict(_("The clearance is not on."))
    done, person = Handed(), person_of(c, x)
    if person is None:
        return done
    known = {one.kind for one in on_hand(c, x)}
    for kind, heir in heirs.items():
        if kind not in known:
            continue
        if done.number >= MOST:
            done.more = True
            break
        try:
            left = MOST - done.number
            done.add(hand_over(x, person, heir, [kind], reason=f"{c.number} {c.type.label}", most=left), x)
        except Invalid:
            raise Invalid(errors=(FieldError(kind, NOBODY),)) from None
    return done


__all__ = ["NOBODY", "PERMISSION", "Handed", "give", "leaving", "on_hand", "owed", "person_of", "unsettled"]
