"""The line of command as a module draws it: posts that report to posts, instead of levels of roles.

Owns the question to modules and what becomes of the answer: people who are there, or who stand in for them. Where no module
answers for somebody, the levels of roles are the line, as they are without such a module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from ..access.people import Person
    from .context import Context

Line = Sequence[tuple[str, Sequence[UUID]]]
_KEPT, _MOST = "lines of command", 512


@dataclass(frozen=True)
class CommandLine:
    """Who stands above whom, as a module knows it. Contributed; asked while the module is on.

    :param name: stable slug.
    :param superiors: ``(context, person, site)`` → the levels above a person at a site, the next first: what people call each,
        and who holds it. A level with nobody is left out. None or empty: it knows nothing of this person there.
    :param above: ``(context, role, site)`` → the same above whoever holds, or would hold, a role at a site; for an approval
        whose post is vacant. Both are asked once a unit of work for the same, and end where a line leads back to itself.
    """

    name: str
    superiors: Callable[[Context[Any], UUID, UUID], Line | None]
    above: Callable[[Context[Any], str, UUID], Line | None]


def superiors(x: Context[Any], person: UUID, site: UUID) -> list[tuple[str, list[Person]]]:
    """The levels above a person at a site, by the first module that knows; empty: none does."""
    for level in _asked(x, "superiors", person, site):
        found = _present(x, [(name, [p for p in people if p != person]) for name, people in level])
        if found:
            return found
    return []


def above_role(x: Context[Any], role: str, site: UUID) -> list[tuple[str, list[UUID]]]:
    """The levels above a role at a site, by the first module that knows; empty: none does. Whether they are there or away
    is the caller's to judge."""
    for level in _asked(x, "above", role, site):
        found = [(name, list(people)) for name, people in level if people]
        if found:
            return found
    return []


def forget_lines(x: Context[Any]) -> None:
    """Posts or their holders have changed in this unit of work: what was asked before is asked again."""
    x.session.info.pop(_KEPT, None)


def _asked(x: Context[Any], what: str, whom: UUID | str, site: UUID) -> Iterable[Line]:
    kept: dict[Any, Line] = x.session.info.setdefault(_KEPT, {})
    for module, one in x.contributed(CommandLine):
        if not x.snapshot.module_on(module, site):
            continue
        key = (module, one.name, what, whom, site, x.now)
        if key not in kept:
            if len(kept) >= _MOST:
                kept.clear()
            kept[key] = getattr(one, what)(x, whom, site) or ()
        yield kept[key]


def _present(x: Context[Any], line: Line) -> list[tuple[str, list[Person]]]:
    found = []
    for name, people in line:
        there = {one.id: one for id in people for one in x.snapshot.standing(id, x.now)}
        if there:
            found.append((name, list(there.values())))
    return found


__all__ = ["CommandLine", "above_role", "forget_lines", "superiors"]
