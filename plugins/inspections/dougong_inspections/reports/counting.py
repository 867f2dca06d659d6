"""What stands in results, counted in SQL: missed points by hour, failed items, scores of sites by month.

Results and scans name no reader: each query is narrowed to the tasks that this person's list would hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from .. import items
from ..base import X
from ..choices import DONE, Outcome, PointState
from ..records import ItemResult, Point, PointScan, Revision, Route, Task, Template
from .asking import Wanted

MOST_POINTS = 40  # of the missed map: those that were missed most
MOST_ITEMS = 40
MOST_LINES = 100  # of a drill-down
MOST_REVISIONS = 200  # looked through for the words of an item


def tasks(x: X, asked: Wanted) -> sa.Select[Any]:
    """The tasks that this person may see, of these days, this trade and the chosen site."""
    query = x.readable(Task).where(asked.days(Task.business_date))
    if asked.trade is not None:
        query = query.where(Task.trade == asked.trade)
    if x.site is not None:
        query = query.where(Task.site_id.in_(x.snapshot.sites.subtree(x.site)))
    return query


# ---- the missed map ----


@dataclass(frozen=True)
class Cell:
    """How often a point was to be reached in an hour of the day, and what came of it."""

    total: int
    missed: int
    skipped: int


@dataclass(frozen=True)
class PointRow:
    point_id: UUID
    name: str
    route: str
    site_id: UUID
    hours: dict[int, Cell]

    @property
    def sum(self) -> Cell:
        return added(self.hours.values())


@dataclass(frozen=True)
class MissedMap:
    """:ivar rows: the points missed most. :ivar hours: all points together. :ivar points: how many points there are."""

    rows: list[PointRow]
    hours: dict[int, Cell]
    points: int

    @property
    def sum(self) -> Cell:
        return added(self.hours.values())


def added(cells: Any) -> Cell:
    several = list(cells)
    return Cell(sum(c.total for c in several), sum(c.missed for c in several), sum(c.skipped for c in several))


def _was_missed(task: Any) -> sa.ColumnElement[bool]:
    """Not reached; or reached only after its task was missed, by a make-up."""
    afterwards = sa.and_(task.c.made_up, sa.func.coalesce(PointScan.server_at >= task.c.missed_at, False))
    return sa.or_(PointScan.state == PointState.MISSED, afterwards)


def _scans(x: X, asked: Wanted) -> tuple[Any, Any]:
    """The scans of these tasks and what is counted of them."""
    seen = tasks(x, asked).with_only_columns(Task.tenant_id, Task.id, Task.made_up, Task.missed_at).subquery()
    joined = sa.join(PointScan, seen, sa.and_(PointScan.tenant_id == seen.c.tenant_id, PointScan.task_id == seen.c.id))
    counts = (
        sa.func.count().label("total"),
        sa.func.count().filter(_was_missed(seen)).label("missed"),
        sa.func.count().filter(PointScan.state == PointState.SKIPPED).label("skipped"),
    )
    return joined, counts


def missed_map(x: X, asked: Wanted) -> MissedMap:
    """Missed points by hour of the day."""
    joined, counts = _scans(x, asked)
    mine = (PointScan.tenant_id == x.tenant, asked.days(PointScan.business_date))
    cells = (
        sa.select(PointScan.point_id, PointScan.hour, *counts)
        .select_from(joined)
        .where(*mine)
        .group_by(PointScan.point_id, PointScan.hour)
        .cte("cells")
        .prefix_with("MATERIALIZED")
    )
    ranked = (
        sa.select(cells.c.point_id, sa.func.sum(cells.c.missed).label("most"))
        .group_by(cells.c.point_id)
        .order_by(sa.desc("most"), sa.func.sum(cells.c.total).desc(), cells.c.point_id)
        .limit(MOST_POINTS)
        .subquery()
    )
    shown = sa.select(cells.c.point_id, cells.c.hour, cells.c.total, cells.c.missed, cells.c.skipped).where(
        cells.c.point_id.in_(sa.select(ranked.c.point_id))
    )
    every = sa.select(
        sa.null().cast(sa.Uuid), cells.c.hour, sa.func.sum(cells.c.total), sa.func.sum(cells.c.missed),
        sa.func.sum(cells.c.skipped),
    ).group_by(cells.c.hour)  # fmt: skip
    zero = sa.literal(0)
    known = sa.select(sa.null().cast(sa.Uuid), sa.literal(-1), sa.func.count(sa.distinct(cells.c.point_id)), zero, zero)
    found: dict[UUID | None, dict[int, Cell]] = {}
    points = 0
    for point, hour, total, missed, skipped in x.session.execute(sa.union_all(shown, every, known)):
        if hour < 0:
            points = total
        else:
            found.setdefault(point, {})[hour] = Cell(int(total), int(missed), int(skipped))
    hours = found.pop(None, {})
    return MissedMap(_named(x, {id: of for id, of in found.items() if id is not None}), hours, points)


def _named(x: X, found: dict[UUID, dict[int, Cell]]) -> list[PointRow]:
    query = (
        sa.select(Point.id, Point.name, Route.name, Route.site_id)
        .join(Route, sa.and_(Route.tenant_id == Point.tenant_id, Route.id == Point.parent_id))
        .where(Point.tenant_id == x.tenant, Point.id.in_(found))
    )
    rows = [PointRow(id, name, route, site, found[id]) for id, name, route, site in x.session.execute(query)]
    return sorted(rows, key=lambda row: (-row.sum.missed, -row.sum.total, row.route, row.name))


def missed_tasks(x: X, asked: Wanted, point: UUID, hour: int | None) -> list[Task]:
    """The tasks in which a point was missed, the newest first."""
    joined, _counts = _scans(x, asked)
    query = (
        sa.select(PointScan.task_id)
        .select_from(joined)
        .where(
            PointScan.tenant_id == x.tenant, PointScan.point_id == point, asked.days(PointScan.business_date),
            _was_missed(joined.right),
        )
    )  # fmt: skip
    if hour is not None:
        query = query.where(PointScan.hour == hour)
    found = tasks(x, asked).where(Task.id.in_(query)).order_by(Task.window_from.desc(), Task.id).limit(MOST_LINES)
    return list(x.session.scalars(found))


# ---- failures by item ----


@dataclass(frozen=True)
class ItemRow:
    template_id: UUID
    item: str
    text: str
    template: str
    total: int
    failed: int


@dataclass(frozen=True)
class Failures:
    """:ivar total, failed: of all items, also those that are not among the rows. :ivar items: how many items failed once."""

    rows: list[ItemRow]
    total: int
    failed: int
    items: int


def failures(x: X, asked: Wanted) -> Failures:
    """How often each item failed, the most frequent first; what does not apply is not counted."""
    seen = tasks(x, asked).with_only_columns(Task.id)
    bad = sa.func.count().filter(ItemResult.outcome == Outcome.FAIL)
    counted = (
        sa.select(ItemResult.template_id, ItemResult.item, sa.func.count().label("total"), bad.label("failed"))
        .where(
            ItemResult.tenant_id == x.tenant, asked.days(ItemResult.business_date),
            ItemResult.outcome != Outcome.NOT_APPLICABLE, ItemResult.task_id.in_(seen),
        )
        .group_by(ItemResult.template_id, ItemResult.item)
        .subquery()
    )  # fmt: skip
    whole = sa.func.sum(counted.c.total).over(), sa.func.sum(counted.c.failed).over()
    often = sa.func.sum(sa.case((counted.c.failed > 0, 1), else_=0)).over()
    query = (
        sa.select(counted, *whole, often)
        .order_by(counted.c.failed.desc(), counted.c.total.desc(), counted.c.template_id, counted.c.item)
        .limit(MOST_ITEMS)
    )
    rows = x.session.execute(query).all()
    if not rows:
        return Failures([], 0, 0, 0)
    names = _templates(x, {row[0] for row in rows})
    words = _texts(x, set(names))
    made = [
        ItemRow(t, item, words.get((t, item), item), names.get(t, ""), total, failed)
        for t, item, total, failed, *_whole in rows
        if failed
    ]
    return Failures(made, int(rows[0][4]), int(rows[0][5]), int(rows[0][6]))


def _templates(x: X, ids: set[UUID]) -> dict[UUID, str]:
    query = sa.select(Template.id, Template.name).where(Template.tenant_id == x.tenant, Template.id.in_(ids))
    return {row.id: row.name for row in x.session.execute(query)}


def _texts(x: X, ids: set[UUID]) -> dict[tuple[UUID, str], str]:
    """What an item says, by the newest revision that has it."""
    query = (
        sa.select(Revision)
        .where(Revision.tenant_id == x.tenant, Revision.parent_id.in_(ids))
        .order_by(Revision.version.desc(), Revision.id)
        .limit(MOST_REVISIONS)
    )
    found: dict[tuple[UUID, str], str] = {}
    for revision in x.session.scalars(query):
        for one in items.read(revision.items):
            found.setdefault((revision.parent_id, one.id), one.text)
    return found


@dataclass(frozen=True)
class Failed:
    """One failed answer. :ivar task: in which it was given."""

    task: Task
    point: str
    value: str
    note: str


def failed_answers(x: X, asked: Wanted, template: UUID, item: str) -> tuple[str, list[Failed]]:
    """The item's words and its failed answers, the newest first."""
    seen = tasks(x, asked).subquery()
    task = aliased(Task, seen)
    query = (
        sa.select(ItemResult, task, Point.name)
        .join(task, sa.and_(task.tenant_id == ItemResult.tenant_id, task.id == ItemResult.task_id))
        .join(Point, sa.and_(Point.tenant_id == ItemResult.tenant_id, Point.id == ItemResult.point_id))
        .where(
            ItemResult.tenant_id == x.tenant, ItemResult.template_id == template, ItemResult.item == item,
            asked.days(ItemResult.business_date), ItemResult.outcome == Outcome.FAIL,
        )
        .order_by(task.window_from.desc(), ItemResult.point_id)
        .limit(MOST_LINES)
    )  # fmt: skip
    rows = [Failed(t, point, r.value or "", r.note or "") for r, t, point in x.session.execute(query)]
    return _texts(x, {template}).get((template, item), item) if rows else item, rows


# ---- scores ----


@dataclass(frozen=True)
class Score:
    """:ivar average: out of 100. :ivar tasks: how many stand behind it."""

    average: float
    tasks: int


@dataclass(frozen=True)
class SiteScores:
    site_id: UUID
    months: dict[dt.date, Score]

    @property
    def sum(self) -> Score:
        count = sum(one.tasks for one in self.months.values())
        return Score(sum(one.average * one.tasks for one in self.months.values()) / count, count)


def scores(x: X, asked: Wanted) -> list[SiteScores]:
    """The average score of each site's scored walks by month, the best site first."""
    month = sa.cast(sa.func.date_trunc("month", Task.business_date), sa.Date)
    query = (
        tasks(x, asked)
        .where(Task.score.is_not(None), Task.status.in_(DONE))
        .with_only_columns(Task.site_id, month, sa.func.avg(Task.score), sa.func.count())
        .group_by(Task.site_id, month)
    )
    found: dict[UUID, dict[dt.date, Score]] = {}
    for site, first, average, count in x.session.execute(query):
        found.setdefault(site, {})[first] = Score(float(average), count)
    rows = [SiteScores(site, of) for site, of in found.items()]
    names = {one.site_id: x.snapshot.sites.node(one.site_id).name for one in rows}
    return sorted(rows, key=lambda one: (-one.sum.average, names[one.site_id]))


def months(asked: Wanted) -> Sequence[dt.date]:
    """The first days of the months of these days."""
    found = [asked.start.replace(day=1)]
    while (after := (found[-1] + dt.timedelta(days=32)).replace(day=1)) <= asked.last:
        found.append(after)
    return found


def last_of(first: dt.date) -> dt.date:
    """The last day of the month that begins with a day."""
    return (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
