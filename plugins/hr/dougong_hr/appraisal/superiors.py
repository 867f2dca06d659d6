"""Who rates, reviews and decides: the line of command of the moment, roles where no post stands above.

Nobody stands in the line of their own appraisal, and nobody is chosen who could not rate at that site.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dougong import Context

from ..organisation import command, holdings
from ..organisation.choices import HoldingKind
from ..organisation.records import Employee
from .records import Rating

GIVE = f"{Rating.kind}.give"
LAST = "hr"  # where nobody stands above by post or role


@dataclass(frozen=True)
class Line:
    """Who rates, who reviews, who decides on an appeal, and everybody above by post."""

    rater: UUID | None
    reviewer: UUID | None
    decider: UUID | None
    above: tuple[UUID, ...]


def draw(x: Context[Any], e: Employee) -> Line:
    """The line above an employee as it is now."""
    posts = _fit(x, e, _posts(x, e))
    levels = [*posts, *_fit(x, e, _roles(x, e))]
    rater = _first(levels, ())
    reviewer = _first(levels[1:], (rater,))
    decider = _first(levels[2:], (rater, reviewer)) or _first(levels[1:], (rater,))
    return Line(rater, reviewer, decider, tuple(dict.fromkeys(p for level in posts for p in level)))


def _posts(x: Context[Any], e: Employee) -> Iterable[Sequence[UUID]]:
    """By the posts that report to each other; of an account that holds none or was linked just now, and of somebody without one,
    from the main post that the employee holds."""
    if e.person_id is not None and (line := command.superiors(x, e.person_id, e.site_id)):
        return [people for _name, people in line]
    held = holdings.current(x, e.id, x.today(e.site_id))
    main = next((one for one in held if one.nature is HoldingKind.MAIN), None)
    return [people for _name, people in command.above_post(x, main.position_id, e.site_id)] if main else []


def _roles(x: Context[Any], e: Employee) -> Iterable[Sequence[UUID]]:
    wanted = x.settings_of("hr").appraisal_roles
    if e.person_id is None:
        line = [(slug, x.who(slug, e.site_id)) for slug in wanted]
    else:
        line = [level for level in x.snapshot.line(e.person_id, e.site_id, x.now) if level[0] in wanted]
    return [*([p.id for p in people] for _slug, people in line), [p.id for p in x.who(LAST, e.site_id)]]


def _fit(x: Context[Any], e: Employee, levels: Iterable[Sequence[UUID]]) -> list[list[UUID]]:
    """Whoever is there or stands in, is not the employee, and may rate at their site."""
    found = []
    for level in levels:
        there = [one.id for id in level for one in x.snapshot.standing(id, x.now)]
        people = [p for p in dict.fromkeys(there) if p != e.person_id and may_rate(x, p, e.site_id)]
        if people:
            found.append(people)
    return found


def may_rate(x: Context[Any], person: UUID, site: UUID) -> bool:
    """Whether this person's roles let them rate somebody at a site."""
    return x.snapshot.gate(person, x.now).may(GIVE, site, frozenset({"mine"}))


def _first(levels: Iterable[Sequence[UUID]], without: Sequence[UUID | None]) -> UUID | None:
    return next((p for level in levels for p in level if p not in without), None)


__all__ = ["Line", "draw", "may_rate"]
