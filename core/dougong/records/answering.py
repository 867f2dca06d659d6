"""Who answers for a record when its clock says something, and who stands above them: judged at that moment, by grants,
deputies and what each of them may see.

Owns the climb up the line of command. Whether and how somebody is told belongs to events and the module that tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..access.people import Person
from ..errors import NotFound
from .approval_steps import turn_of
from .clocks import Clock
from .record import Record

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

Level = tuple[str, list[Person]]


def may_view(person: UUID, record: Record, x: Context[Any]) -> bool:
    """Whether this person may see the record now, as if they opened it."""
    known = x.snapshot.people.get(person)
    if known is None or not known.active:
        return False
    try:
        x.as_person(person).get(type(record), record.id)
    except NotFound:
        return False
    return True


def answering(resource: Resource[Any], clock: Clock[Any, Any], record: Record, x: Context[Any]) -> list[UUID]:
    """Who is told first: the owner, or who stands in for them; where nobody is named, whoever at the site may take the clock's
    step."""
    owner = clock.owner(record, x) if clock.owner else None
    if owner is not None:
        found = [p.id for p in x.snapshot.standing(owner, x.now)]
        if found:
            return found
    return _able(resource, clock, record, x)


def _able(resource: Resource[Any], clock: Clock[Any, Any], record: Record, x: Context[Any]) -> list[UUID]:
    if clock.step is None or resource.flow is None:
        return []
    if (turn := turn_of(resource, clock.step, record, x)) is not None:
        return turn
    permission, snapshot = resource.flow.transitions[clock.step].permission, x.snapshot
    covering = set(snapshot.sites.ancestors(record.site_id))
    staff = {
        g.person
        for g in snapshot.grants
        if g.site in covering and g.live(x.now) and (role := snapshot.roles.get(g.role)) is not None and role.level > 0
    }
    able = [p for p in staff if snapshot.gate(p, x.now).may(permission, record.site_id)]
    return sorted(p for p in able if (known := snapshot.people.get(p)) is not None and known.active)


def levels(record: Record, person: UUID, x: Context[Any]) -> list[Level]:
    """The levels above a person at a record's site, the next first: of each those who may see the record."""
    found = []
    for role, people in x.line(person, record.site_id):
        fit = [p for p in people if may_view(p.id, record, x)]
        if fit:
            found.append((role, fit))
    return found


def level_of(
    resource: Resource[Any], clock: Clock[Any, Any], record: Record, level: int, x: Context[Any]
) -> list[UUID]:
    """The people of a level above whoever answers for a record; a shorter line ends at its top, and where nobody stands
    above, whoever answers hears of it again."""
    line = line_of(resource, clock, record, x)
    return [p.id for p in line[min(level, len(line)) - 1][1]] if line else answering(resource, clock, record, x)


def line_of(resource: Resource[Any], clock: Clock[Any, Any], record: Record, x: Context[Any]) -> Sequence[Level]:
    """The levels above whoever answers for a record, as its clock says; of several people, the longest line."""
    if clock.line is not None:
        return clock.line(record, x)
    owner = clock.owner(record, x) if clock.owner else None
    below = [owner] if owner is not None else _able(resource, clock, record, x)
    return max((levels(record, one, x) for one in below), key=len, default=[])


def climb(record: Record, told: Iterable[UUID], x: Context[Any]) -> Level | None:
    """The next level above people who were told and did not answer; None at the top of the line."""
    known = list(dict.fromkeys(told))
    above: Level | None = None
    left = 0  # levels that stand above the one chosen: the fewer, the higher it is
    for one in known:
        higher = [each for each in levels(record, one, x) if not {p.id for p in each[1]} & set(known)]
        if higher and (above is None or len(higher) < left):
            above, left = higher[0], len(higher)
    return above


__all__ = ["Level", "answering", "climb", "level_of", "levels", "line_of", "may_view"]
