"""Establishment against actual, on one day: heads wanted and there, how long posts have been vacant, required certificates held.

Reads only what the person may see. Acting holders fill no head: the post stays vacant while somebody acts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from . import holdings
from .choices import HoldingKind, PaperState, PositionState
from .records import Certificate, Employee, Holding, Position

MOST = 2_000  # posts looked at


@dataclass
class Seat:
    """Somebody in a post."""

    employee: UUID
    name: str
    nature: HoldingKind
    lacks: list[str] = field(default_factory=list)  # required certificates that they do not have


@dataclass
class Post:
    """A post with who holds it. :ivar vacant: days for which not even one head has been there; None: one is.
    :ivar judged: whether the reader may know of certificates there."""

    row: Position
    seats: list[Seat] = field(default_factory=list)
    vacant: int | None = None
    judged: bool = False

    @property
    def filled(self) -> int:
        return sum(one.nature is not HoldingKind.ACTING for one in self.seats)

    @property
    def missing(self) -> int:
        return max(self.row.headcount - self.filled, 0)

    @property
    def over(self) -> int:
        return max(self.filled - self.row.headcount, 0)


@dataclass
class Totals:
    """Sums over some posts. :ivar partial: there are more than were looked at."""

    partial: bool = False
    heads: int = 0
    filled: int = 0
    missing: int = 0
    over: int = 0
    key_vacant: int = 0
    vacant_days: int = 0
    required: int = 0
    lacking: int = 0

    @property
    def coverage(self) -> int | None:
        """Required certificates that are held, in percent; None: none is required of anybody."""
        return round(100 * (self.required - self.lacking) / self.required) if self.required else None


def read(x: Context[Any], sites: Sequence[UUID] | None = None) -> list[Post]:
    """The posts of the establishment that this person may see, with who holds them today. :param sites: None: all."""
    query = x.readable(Position).where(Position.status == PositionState.OPEN)
    if sites is not None:
        query = query.where(Position.site_id.in_(sites))
    posts = {p.id: Post(p) for p in x.session.scalars(query.order_by(Position.number).limit(MOST))}
    today = x.today(x.snapshot.sites.root)
    _seat(x, posts, today)
    _vacancies(x, posts, today)
    _certificates(x, posts, today)
    return list(posts.values())


def totals(posts: Sequence[Post]) -> Totals:
    """Heads, vacancies and certificates together."""
    found = Totals(partial=len(posts) >= MOST)
    for one in posts:
        found.heads += one.row.headcount
        found.filled += one.filled
        found.missing += one.missing
        found.over += one.over
        found.key_vacant += bool(one.row.key and one.missing)
        found.vacant_days += one.vacant or 0
        wanted = len(holdings.lines(one.row.certificates))
        found.required += wanted * len(one.seats) if one.judged else 0
        found.lacking += sum(len(seat.lacks) for seat in one.seats)
    return found


def turnover(x: Context[Any], sites: Sequence[UUID], start: dt.date, end: dt.date) -> tuple[int, int, float | None]:
    """Who came and who left, and leavers in percent of the mean of staff at both ends; None where there was no staff.

    :param start: inclusive. :param end: exclusive.
    """
    mine = Employee.tenant_id == x.tenant, Employee.site_id.in_(sites)
    there = [
        sa.and_(Employee.hired_on < day, sa.or_(Employee.left_on.is_(None), Employee.left_on >= day))
        for day in (start, end)
    ]
    came = sa.and_(Employee.hired_on >= start, Employee.hired_on < end)
    left = sa.and_(Employee.left_on >= start, Employee.left_on < end)
    seen = x.readable(Employee).where(*mine).with_only_columns(Employee.id)
    query = sa.select(*(sa.func.count().filter(rule) for rule in (came, left, *there)))
    row = x.session.execute(query.select_from(Employee).where(*mine, Employee.id.in_(seen))).one()
    new, gone, first, last = (int(value) for value in row)
    mean = (first + last) / 2
    return new, gone, round(100 * gone / mean, 1) if mean else None


def _seat(x: Context[Any], posts: dict[UUID, Post], today: dt.date) -> None:
    names: dict[UUID, str] = {}
    held = list(
        x.session.scalars(
            sa.select(Holding)
            .where(Holding.tenant_id == x.tenant, Holding.position_id.in_(posts), *holdings.live(today))
            .order_by(Holding.starts_on, Holding.id)
        )
    )
    wanted = {one.employee_id for one in held}
    for one in x.session.scalars(x.readable(Employee).where(Employee.id.in_(wanted))):
        names[one.id] = one.name
    for holding in held:
        seat = Seat(holding.employee_id, names.get(holding.employee_id, ""), holding.nature)
        posts[holding.position_id].seats.append(seat)


def _vacancies(x: Context[Any], posts: dict[UUID, Post], today: dt.date) -> None:
    empty = [id for id, one in posts.items() if one.row.headcount and not one.filled]
    last = sa.select(Holding.position_id, sa.func.max(Holding.ends_on)).where(
        Holding.tenant_id == x.tenant,
        Holding.position_id.in_(empty),
        Holding.ends_on <= today,
        Holding.nature != HoldingKind.ACTING,
    )
    rows = x.session.execute(last.group_by(Holding.position_id))
    ended: dict[UUID, dt.date | None] = {row[0]: row[1] for row in rows}
    for id in empty:
        zone = x.snapshot.sites.zone(posts[id].row.site_id)
        since = ended.get(id) or posts[id].row.created_at.astimezone(zone).date()
        posts[id].vacant = max((today - since).days, 0)


def _certificates(x: Context[Any], posts: dict[UUID, Post], today: dt.date) -> None:
    read = f"{Certificate.kind}.read"
    asking = [o for o in posts.values() if o.row.certificates and o.seats and x.gate.may(read, o.row.site_id)]
    people = {seat.employee for one in asking for seat in one.seats}
    held: dict[UUID, set[str]] = defaultdict(set)
    rows = sa.select(Certificate.employee_id, Certificate.type).where(
        Certificate.tenant_id == x.tenant,
        Certificate.employee_id.in_(people),
        Certificate.status == PaperState.VALID,
        sa.or_(Certificate.ends_on.is_(None), Certificate.ends_on >= today),
    )
    for employee, type in x.session.execute(rows) if people else ():
        held[employee].add(type)
    for one in asking:
        one.judged = True
        for seat in one.seats:
            seat.lacks = [name for name in holdings.lines(one.row.certificates) if name not in held[seat.employee]]


__all__ = ["Post", "Seat", "Totals", "read", "totals", "turnover"]
