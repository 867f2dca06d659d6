"""The figures of a year: what is due, done and late by month at a site and all below it, as far as the reader may see it.

Counted by the database in one statement a kind, so that a year of thousands of filings is as quick as one of ten. A figure
counts exactly the rows of the list that it opens: the same site with all below it, the same days, the same states.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Choice, Context, Lazy, Resource, record_sites, translator

from .choices import HANDED_IN, LIVE, OWED, OrderState
from .resources import filing, order, permit

_ = translator("dougong_liaison")

_ANSWERED = (OrderState.REPLIED, OrderState.RECHECK, OrderState.CLOSED)
_ALL: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Owed:
    """One kind of what is due. ``day``: the field of its legal day, ``by``: its moment. ``states``: those that count (none:
    all); ``done``: those in which nothing more is owed."""

    label: Lazy
    resource: Resource[Any]
    day: str
    by: str
    states: tuple[Choice, ...]
    done: tuple[Choice, ...]


KINDS: Mapping[str, Owed] = {
    "filing": Owed(_("Filings"), filing, "due_on", "due_by", (*OWED, *HANDED_IN), HANDED_IN),
    "permit": Owed(_("Permits that end"), permit, "expires_on", "expires_by", LIVE, ()),
    "order": Owed(_("Orders to answer"), order, "deadline_on", "due_by", _ALL, _ANSWERED),
}


@dataclass(slots=True)
class Count:
    total: int = 0
    done: int = 0
    late: int = 0

    def add(self, other: Count) -> None:
        self.total, self.done, self.late = self.total + other.total, self.done + other.done, self.late + other.late


Counts = dict[tuple[UUID, int, str], Count]


@dataclass(slots=True)
class Asking:
    """What is asked for: a year; kinds of agencies and of what is due, none meaning all."""

    year: int
    agencies: tuple[str, ...] = ()
    whats: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds to be counted: permits have no kind of agency."""
        return tuple(k for k in KINDS if (not self.whats or k in self.whats) and not (self.agencies and k == "permit"))


def places(x: Context[Any], kinds: Iterable[str]) -> frozenset[UUID]:
    """The sites where this person may read some of these kinds."""
    found: set[UUID] = set()
    for name in kinds:
        scope = x.gate.scope(KINDS[name].resource.permission("read"))
        found |= scope.free.union(*(sites for _relation, sites in scope.related))
    return frozenset(found) & x.snapshot.sites.open


def counts(x: Context[Any], wanted: Asking, rows: Sequence[UUID]) -> Counts:
    """The figures of these sites, each with all below it, by site, month and kind. The first row stands above all others."""
    found: Counts = {}
    x.plan_by_values()  # a plan for any person's sites would compare each record with one site after the other
    for name in wanted.kinds:
        owed = KINDS[name]
        if not x.gate.scope(owed.resource.permission("read")):
            continue
        several = owed.resource.record.scope == "sites"
        pairs = _above(x, rows, places(x, (name,))) if several else _nearest(x, rows)
        for row, month, *figures in x.session.execute(_query(x, wanted, owed, pairs)):
            one = Count(*figures)
            for above in (row,) if several else (a for a in x.snapshot.sites.ancestors(row) if a in pairs.rows):
                found.setdefault((above, int(month), name), Count()).add(one)
    return found


@dataclass(slots=True)
class _Pairs:
    """Sites, and under which row each of them is counted."""

    sites: list[UUID]
    under: list[UUID]
    rows: frozenset[UUID]


def _nearest(x: Context[Any], rows: Sequence[UUID]) -> _Pairs:
    """Each site under the nearest row above it; the rows above that are added up afterwards."""
    known, tree = frozenset(rows), x.snapshot.sites
    sites = list(tree.subtree(rows[0]))
    return _Pairs(sites, [next(a for a in tree.ancestors(s) if a in known) for s in sites], known)


def _above(x: Context[Any], rows: Sequence[UUID], seen: frozenset[UUID]) -> _Pairs:
    """Each site under every row above it: a record at several sites counts once in each row."""
    known, tree = frozenset(rows), x.snapshot.sites
    both = [(s, a) for s in tree.subtree(rows[0]) & seen for a in tree.ancestors(s) if a in known]
    return _Pairs([s for s, _a in both], [a for _s, a in both], known)


def _query(x: Context[Any], wanted: Asking, owed: Owed, pairs: _Pairs) -> Any:
    """By row and month. Counted by row, day and state first: what costs is asked of few groups instead of every record."""
    record = owed.resource.record
    day, by, several = getattr(record, owed.day), getattr(record, owed.by), record.scope == "sites"
    ids = sa.ARRAY(sa.Uuid)
    shown = (
        sa.func.unnest(sa.bindparam("site_of", pairs.sites, type_=ids), sa.bindparam("row_of", pairs.under, type_=ids))
        .table_valued(sa.column("site", sa.Uuid), sa.column("under", sa.Uuid), name="shown")
        .render_derived()
    )
    query = x.readable(record).where(day >= dt.date(wanted.year, 1, 1), day < dt.date(wanted.year + 1, 1, 1))
    if several:
        stands = record_sites(record)
        query = query.where(stands.c.record_id == record.id, stands.c.site_id == shown.c.site)
    else:
        query = query.where(record.site_id == shown.c.site)
    if wanted.agencies:
        query = query.where(record.agency_kind.in_(wanted.agencies))
    # what was brought in from elsewhere has no clock and so no moment
    passed = sa.func.coalesce(by < x.now, day < x.today(x.snapshot.sites.root))
    one: Any = sa.func.count(record.id.distinct()) if several else sa.func.count()
    named = (
        shown.c.under.label("under"), day.label("day"), record.status.label("status"),
        one.label("n"), one.filter(passed).label("passed"),
    )  # fmt: skip
    grouped = query.with_only_columns(*named, maintain_column_froms=True).group_by(shown.c.under, day, record.status)
    few = grouped.order_by(None).subquery("few")
    month, done = sa.extract("month", few.c.day), few.c.status.in_(owed.done) if owed.done else sa.false()
    figures = (
        sa.func.sum(few.c.n),
        sa.func.coalesce(sa.func.sum(few.c.n).filter(done), 0),
        sa.func.coalesce(sa.func.sum(few.c.passed).filter(sa.not_(done)), 0),
    )
    counted = sa.select(few.c.under, month, *(sa.cast(one, sa.Integer) for one in figures))
    if owed.states:
        counted = counted.where(few.c.status.in_(owed.states))
    return counted.group_by(few.c.under, month)


__all__ = ["KINDS", "Asking", "Count", "Counts", "Owed", "counts", "places"]
