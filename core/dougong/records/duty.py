"""Who is on duty: what a module with rosters says when work is given to the holder of a post at a certain time.

Owns the question and what becomes of the answer: people who are there, or who stand in for them. Where no module answers,
whoever holds the post is the answer, as without such a module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from ..access.people import Person
    from .context import Context


@dataclass(frozen=True)
class Duty:
    """Who works when, as a module knows it. Contributed; asked while the module is on at the site.

    :param name: stable slug.
    :param on: ``(context, post, site, start, end)`` → the people on shift at a post (slug of a role) of a site at some time
        between two moments, whoever begins first first. None: it knows nothing of this post on that day.
    """

    name: str
    on: Callable[[Context[Any], str, UUID, dt.datetime, dt.datetime], Sequence[UUID] | None]


def on_duty(x: Context[Any], post: str, site: UUID, start: dt.datetime, end: dt.datetime) -> list[Person] | None:
    """Who is on shift at a post, by the first module that knows; deputies for those who are away.

    :returns: None where no module knows: whoever holds the post is meant then. Empty: a roster stands, with nobody on it.
    """
    for module, one in x.contributed(Duty):
        if not x.snapshot.module_on(module, site):
            continue
        people = one.on(x, post, site, start, end)
        if people is not None:
            there = {found.id: found for id in people for found in x.snapshot.standing(id, start)}
            return list(there.values())
    return None


__all__ = ["Duty", "on_duty"]
