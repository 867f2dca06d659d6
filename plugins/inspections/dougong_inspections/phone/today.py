"""Today's tasks of whoever asks, and where a scanned label leads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from dougong import Asked, Forbidden, page, translator, write
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .. import layouts
from ..base import X
from ..choices import WALKABLE, TaskState
from ..records import Task

_ = translator("dougong_inspections")

AHEAD, BEHIND = dt.timedelta(hours=18), dt.timedelta(days=2)
MOST = 60
PATH = "/inspections/today"
TITLE = _("Today's inspections")


@dataclass(frozen=True)
class Row:
    """One task. :ivar kind: ``now``, ``soon`` (its window has not begun), ``over`` (it has ended)."""

    href: str
    name: str
    place: str
    window: str
    until: str
    kind: str
    done: int
    whole: int
    failed: int
    state: str


@dataclass(frozen=True)
class TodayPage:
    title: str
    subtitle: str
    groups: list[tuple[str, list[Row]]]
    keep: list[str]


def mine(x: X) -> list[Task]:
    """Tasks that this person may walk about now, the most urgent first."""
    near = sa.or_(Task.window_to > x.now - BEHIND, Task.status.in_((TaskState.RETURNED, TaskState.MAKE_UP)))
    wanted = x.readable(Task).where(Task.status.in_(WALKABLE), Task.window_from < x.now + AHEAD, near)
    free = sa.or_(Task.claimed_by.is_(None), Task.claimed_by == x.actor)
    found = x.session.scalars(wanted.where(free).order_by(Task.window_to, Task.id).limit(2 * MOST))
    return [task for task in found if may_walk(x, task)][:MOST]


def may_walk(x: X, task: Task) -> bool:
    """Whether whoever asks could walk it: it is to be done, nobody else walks it, and it is theirs to submit."""
    if task.status not in WALKABLE or task.claimed_by not in (None, x.actor):
        return False
    try:
        x.demand(f"{Task.kind}.submit", task)
    except Forbidden:
        return False
    return True


def walk_of(task: Task) -> str:
    """Address of a task's walk."""
    return f"/inspections/walk/{task.id}"


def window_of(x: X, task: Task) -> str:
    zone = x.snapshot.sites.zone(task.site_id)
    begin, end = task.window_from.astimezone(zone), task.window_to.astimezone(zone)
    day = "" if begin.date() == x.now.astimezone(zone).date() else f"{begin:%m-%d} "
    return f"{day}{begin:%H:%M}–{end:%H:%M}"


def row(x: X, task: Task) -> Row:
    """One task as these pages show it."""
    kind = "soon" if task.window_from > x.now else "over" if task.window_to < x.now else "now"
    until = task.window_from if kind == "soon" else task.window_to
    return Row(
        walk_of(task), task.name, x.snapshot.sites.node(task.site_id).name, window_of(x, task),
        until.isoformat(), kind, task.answered, task.item_count, task.failed, str(task.status.label),
    )  # fmt: skip


async def show(asked: Asked) -> Response:
    """``GET /inspections/today``."""
    asked.params()

    def work(session: Session) -> list[Row]:
        x: X = asked.context(session, "inspections")
        return [row(x, task) for task in mine(x)]

    rows = await write(asked, work)
    names = {"over": _("Past its window"), "now": _("Now"), "soon": _("Later")}
    groups = [(str(label), [one for one in rows if one.kind == kind]) for kind, label in names.items()]
    shown = TodayPage(
        str(TITLE),
        "",
        [(label, found) for label, found in groups if found],
        [PATH, *(one.href for one in rows)],
    )
    return page(asked, "inspections/today.html", shown)


async def scan(asked: Asked) -> Response:
    """``GET /inspections/scan/{code}``: the label of a point, opened by the phone's camera: to the walk it belongs to."""
    asked.params()
    code = asked.path_params["code"][:200]

    def work(session: Session) -> str | None:
        x: X = asked.context(session, "inspections")
        point, route = layouts.point_at(x, code)
        tasks = [task for task in mine(x) if task.route_id == route.id and task.window_from <= x.now]
        tasks.sort(key=lambda task: task.status is not TaskState.WORKING)
        if not tasks:
            asked.flash(_("“{point}”: no task of yours leads here now.").format(point=point.name), "warn")
            return None
        return walk_of(tasks[0])

    task = await write(asked, work)
    return RedirectResponse(f"{task}#code={code}" if task else PATH, 303)
