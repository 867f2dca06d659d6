"""The line of command as posts draw it: who stands above whom at a site, judged on the day.

Three queries for a line, however long. A post with nobody passes to its deputy post, then upward; a line that leads back to
itself, which no form lets in but an import may, ends there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import CommandLine, Context
from sqlalchemy.orm import aliased

from . import holdings
from .choices import HoldingKind, PositionState
from .records import Employee, Holding, Position

Line = list[tuple[str, list[UUID]]]


@dataclass(frozen=True)
class Post:
    """What a line needs of a post."""

    id: UUID
    title: str
    reports_to: UUID | None
    deputy: UUID | None
    open: bool


def superiors(x: Context[Any], person: UUID, site: UUID) -> Line | None:
    """The levels above a person at a site, from the post that they hold nearest to it, the main one first."""
    above = {id: n for n, id in enumerate(x.snapshot.sites.ancestors(site))}
    mine = (
        sa.select(Position.id, Position.site_id, Holding.nature)
        .join(Holding, sa.and_(Holding.tenant_id == Position.tenant_id, Holding.position_id == Position.id))
        .join(Employee, sa.and_(Employee.tenant_id == Holding.tenant_id, Employee.id == Holding.employee_id))
        .where(
            Position.tenant_id == x.tenant,
            Position.status == PositionState.OPEN,
            Position.site_id.in_(above),
            Employee.person_id == person,
            *holdings.live(x.today(site)),
        )
    )
    found = sorted(x.session.execute(mine), key=lambda r: (above[r[1]], r[2] is not HoldingKind.MAIN, str(r[0])))
    return _climb(x, found[0][0], x.today(site), without=person) if found else None


def above_role(x: Context[Any], role: str, site: UUID) -> Line | None:
    """The same from the post that carries a role at a site, the nearest one."""
    above = {id: n for n, id in enumerate(x.snapshot.sites.ancestors(site))}
    query = sa.select(Position.id, Position.site_id, Position.roles, Position.code).where(
        Position.tenant_id == x.tenant,
        Position.status == PositionState.OPEN,
        Position.site_id.in_(above),
        Position.roles.contains(role, autoescape=True),
    )
    found = [
        row for row in x.session.execute(query) if role in {holdings.split(one)[0] for one in holdings.lines(row[2])}
    ]
    found.sort(key=lambda row: (above[row[1]], row[3]))
    return _climb(x, found[0][0], x.today(site)) if found else None


def above_post(x: Context[Any], position: UUID, site: UUID) -> Line:
    """The levels above a post, whoever holds it."""
    return _climb(x, position, x.today(site))


def _climb(x: Context[Any], start: UUID, day: dt.date, *, without: UUID | None = None) -> Line:
    posts = _reachable(x, start)
    holders = _holders(x, posts, day)
    line: Line = []
    seen, one = {start}, posts[start].reports_to
    while one is not None and one not in seen and one in posts:
        seen.add(one)
        people = [p for p in _answering(posts[one], posts, holders) if p != without]
        if people:
            line.append((posts[one].title, people))
        one = posts[one].reports_to
    return line


def _answering(post: Post, posts: dict[UUID, Post], holders: dict[UUID, list[UUID]]) -> Sequence[UUID]:
    """Who holds a post; nobody: who holds its deputy post, and so on."""
    seen: set[UUID] = set()
    one: Post | None = post
    while one is not None and one.id not in seen:
        if one.open and (found := holders.get(one.id)):
            return found
        seen.add(one.id)
        one = posts.get(one.deputy) if one.deputy is not None else None
    return ()


def _reachable(x: Context[Any], start: UUID) -> dict[UUID, Post]:
    """The posts above one, and those that stand in for them. Distinct rows end a circle."""
    found = (
        sa.select(Position.id, Position.reports_to, Position.deputy_id)
        .where(Position.tenant_id == x.tenant, Position.id == start)
        .cte("above", recursive=True)
    )
    one = aliased(Position)
    found = found.union(
        sa.select(one.id, one.reports_to, one.deputy_id).where(
            one.tenant_id == x.tenant, sa.or_(one.id == found.c.reports_to, one.id == found.c.deputy_id)
        )
    )
    query = sa.select(Position.id, Position.title, Position.reports_to, Position.deputy_id, Position.status).where(
        Position.tenant_id == x.tenant, Position.id.in_(sa.select(found.c.id))
    )
    rows = x.session.execute(query)
    return {id: Post(id, title, up, deputy, state is PositionState.OPEN) for id, title, up, deputy, state in rows}


def _holders(x: Context[Any], posts: dict[UUID, Post], day: dt.date) -> dict[UUID, list[UUID]]:
    """The accounts of those who hold these posts and may sign in."""
    query = (
        sa.select(Holding.position_id, Employee.person_id)
        .join(Employee, sa.and_(Employee.tenant_id == Holding.tenant_id, Employee.id == Holding.employee_id))
        .where(
            Holding.tenant_id == x.tenant,
            Holding.position_id.in_(posts),
            Employee.person_id.is_not(None),
            *holdings.live(day),
        )
        .order_by(Holding.starts_on, Holding.id)
    )
    found: dict[UUID, list[UUID]] = {}
    for position, person in x.session.execute(query):
        known = x.snapshot.people.get(person) if person is not None else None
        if known is not None and known.active:
            found.setdefault(position, []).append(known.id)
    return found


line = CommandLine("posts", superiors, above_role)

__all__ = ["above_post", "above_role", "line", "superiors"]
