"""Making tasks: what the plans of a company say of the coming day, in a few statements, each window once.

A plan is read up to a moment (``Plan.made_to``), from which it is read on: nothing is made twice, and nothing is left out when a
run was. Memory is bounded: plans and tasks are taken some hundreds at a time.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Job, JobContext, Occurrence, Rule, Schedule, make_many, on_duty, translator

from . import layouts
from .base import X
from .choices import PlanState, Repeat, RouteState, TaskState
from .records import Plan, Route, Task
from .relations import MINE, first
from .settings import lead_of

_ = translator("dougong_inspections")

PersonId = UUID
PLAN, DROP = "inspections.plan_tasks", "inspections.drop_tasks"  # jobs
WALK, MY = f"{Task.kind}.submit", frozenset({MINE})
AHEAD = dt.timedelta(hours=26)  # of windows that begin by then there are tasks: a phone takes its day along
BACK = dt.timedelta(hours=24)  # windows longer gone are not made any more, however long nothing ran
EARLY = 15  # minutes before its window in which a walk may begin
TOGETHER = 200  # plans that are read at once
ROWS = 500  # tasks of one statement


def rule_of(plan: Plan) -> Rule:
    """A plan's rule. :raises Invalid: it cannot be; in words."""
    times = tuple((plan.times or "").replace(",", " ").replace("、", " ").split())
    days = tuple(
        int(one) - 1 for one in (plan.weekdays or "").replace(",", " ").replace("、", " ").split() if one.isdigit()
    )
    every = int(plan.every)
    if plan.repeat is Repeat.SHIFT:
        return Rule.per_shift()
    if plan.repeat is Repeat.WORKDAYS:
        return Rule.workdays(*times)
    if plan.repeat is Repeat.WEEKLY:
        return Rule("weekly", times, every, days)
    if plan.repeat is Repeat.MONTHLY:
        return Rule("monthly", times, every, day=int(plan.month_day) if plan.month_day is not None else None)
    return Rule.daily(*times, every=every)


def missed_after(t: Task, x: X) -> dt.datetime:
    """When a task counts as missed: the end of its window, and the grace of its plan or the company."""
    plan = x.session.get(Plan, (x.tenant, t.plan_id)) if t.plan_id else None
    grace = plan.grace_minutes if plan is not None and plan.grace_minutes is not None else x.settings.grace_minutes
    return t.window_to + dt.timedelta(minutes=int(grace))


def assigned(x: X, plan: Plan, at: dt.datetime) -> tuple[UUID | None, bool]:
    """Who walks at a moment, and whether they stand in for somebody.

    The plan's person or their deputy; else who is on shift at the post, where a roster says so; else the nearest of the post,
    or the deputy of one who is away; else nobody by name.
    """
    if plan.person_id is not None:
        found = first(x.snapshot.standing(plan.person_id, at))
        return found, found is not None and found != plan.person_id
    if plan.post is None:
        return None, False
    holders = x.snapshot.who(plan.post, plan.site_id, at)
    shift = on_duty(x, plan.post, plan.site_id, at, at + dt.timedelta(minutes=int(plan.window_minutes)))
    if shift is not None:  # of those on shift, only who may walk at all
        holding = {one.id for one in holders}
        holders = [one for one in shift if one.id in holding or x.snapshot.gate(one.id, at).may(WALK, plan.site_id, MY)]
    here = first(holders)
    return here, here is not None and here not in x.snapshot.holders(plan.post, plan.site_id, at)


def complete(t: Task, route: Route, x: X) -> None:
    """What a task that somebody makes by hand has of its route: the pinned points, how many there are, its day.

    :raises Conflict: the route cannot be walked.
    """
    if route.status is not RouteState.ACTIVE:
        raise Conflict(_("The route “{name}” is no longer used.").format(name=route.name))
    layout = layouts.pin(x, route)
    pinned = layouts.pin_many(x, [route])[route.id]
    t.layout_id, t.trade, t.name = layout.id, route.trade, t.name or route.name
    t.point_count, t.item_count = pinned.points, pinned.items
    t.business_date = x.calendar(t.site_id, post=t.post).business_date(t.window_from)


# ---- by plan ----


def make(x: X, until: dt.datetime, plans: list[UUID] | None = None) -> int:
    """Make the tasks of windows that begin up to a moment and have none yet.

    :param plans: only of these. :returns: how many were made.
    """
    made, after = 0, None
    while several := _read(x, plans, after):
        made += _make(x, several, until)
        after = several[-1].id
    return made


def _read(x: X, plans: list[UUID] | None, after: UUID | None) -> list[Plan]:
    """Some plans in force at open sites, locked: of two runs at once one waits."""
    query = sa.select(Plan).where(
        Plan.tenant_id == x.tenant,
        Plan.status == PlanState.ACTIVE,
        Plan.site_id.in_(x.snapshot.open_sites("inspections")),
    )
    if plans is not None:
        query = query.where(Plan.id.in_(plans))
    if after is not None:
        query = query.where(Plan.id > after)
    locked = query.order_by(Plan.id).limit(TOGETHER).with_for_update(key_share=True)
    return list(x.session.scalars(locked.execution_options(populate_existing=True)))


def _make(x: X, plans: list[Plan], until: dt.datetime) -> int:
    of = sa.select(Route).where(
        Route.tenant_id == x.tenant, Route.id.in_({p.route_id for p in plans}), Route.status == RouteState.ACTIVE
    )
    routes = {one.id: one for one in x.session.scalars(of)}
    pinned = layouts.pin_many(
        x, [*routes.values()]
    )  # one that cannot be walked must not keep the others from being made
    rows: list[tuple[UUID, dict[str, Any]]] = []
    made = 0
    for plan in plans:
        if plan.route_id in pinned:
            shape = _shape(routes[plan.route_id], pinned[plan.route_id])
            rows += [(plan.site_id, {**shape, **_window(x, plan, at)}) for at in moments(x, plan, until)]
        if len(rows) >= ROWS:
            made += len(make_many(x, Task, rows))
            rows = []
    made += len(make_many(x, Task, rows))
    read = sa.update(Plan).where(Plan.tenant_id == x.tenant, Plan.id.in_([p.id for p in plans]))
    x.session.execute(read.values(made_to=until).execution_options(synchronize_session=False))
    return made


def _shape(route: Route, pinned: layouts.Pinned) -> dict[str, Any]:
    """What tasks have of a route."""
    return {
        "route_id": route.id, "layout_id": pinned.layout.id, "trade": route.trade,
        "point_count": pinned.points, "item_count": pinned.items,
    }  # fmt: skip


def moments(x: X, plan: Plan, until: dt.datetime) -> list[dt.datetime]:
    """The starts of a plan's windows that have no tasks yet, up to a moment."""
    begin = max(plan.made_to or x.now - dt.timedelta(minutes=1), x.now - BACK)
    if begin >= until:
        return []
    zone = str(x.snapshot.sites.zone(plan.site_id))
    return rule_of(plan).between(begin, until, zone, _calendar(x, plan))


def coming(x: X, plan: Plan, most: int = 5) -> list[dt.datetime]:
    """The starts of a plan's next windows, tasks or no tasks; those of the next year at most, few are looked for in many days."""
    zone = str(x.snapshot.sites.zone(plan.site_id))
    for days in (8, 62, 366):
        found = rule_of(plan).between(x.now, x.now + dt.timedelta(days=days), zone, _calendar(x, plan))
        if len(found) >= most or days == 366:
            return found[:most]
    return []


def _calendar(x: X, plan: Plan) -> Any:
    return x.calendar(plan.site_id, post=plan.post, name=plan.calendar)


def _window(x: X, plan: Plan, at: dt.datetime) -> dict[str, Any]:
    person, substitute = assigned(x, plan, at)
    return {
        "name": plan.name, "plan_id": plan.id, "window_from": at,
        "window_to": at + dt.timedelta(minutes=int(plan.window_minutes)),
        "business_date": _calendar(x, plan).business_date(at), "post": plan.post, "assignee_id": person,
        "substitute": substitute, "statutory": plan.statutory, "review": plan.review, "status": TaskState.PENDING,
    }  # fmt: skip


def due(x: X) -> int:
    """Make what is due now: the day ahead. For the schedule, for a plan that comes into force, and for measuring."""
    return make(x, x.now + AHEAD)


def _run(x: X, _occurrence: Occurrence) -> None:
    due(x)


def _of_plan(job: JobContext, plan: UUID) -> None:
    x: X = job.context
    make(x, x.now + AHEAD, [plan])


def _drop(job: JobContext, plan: UUID) -> None:
    """Let go of the tasks of a plan whose window has not begun and that nobody walks."""
    x: X = job.context
    ahead = sa.select(Task).where(
        Task.tenant_id == x.tenant, Task.plan_id == plan, Task.status == TaskState.PENDING, Task.window_from > x.now
    )
    for task in x.session.scalars(ahead.order_by(Task.id)).all():
        x.take(task, "drop")


JOBS = (
    Job(PLAN, _of_plan, label=_("Make the tasks of an inspection plan")),
    Job(DROP, _drop, label=_("Let go of the tasks of an inspection plan")),
)

schedule = Schedule(
    "inspections.tasks",
    _("Make the inspection tasks of the day ahead"),
    _run,
    Rule.daily("00:10", "12:10"),
    spread=30,
    timeout=300.0,
    missed="once",
    help=_("Twice a day, so that one run that fails leaves nobody without tasks."),
)

__all__ = [
    "AHEAD",
    "EARLY",
    "PersonId",
    "assigned",
    "coming",
    "complete",
    "due",
    "lead_of",
    "make",
    "missed_after",
    "rule_of",
    "schedule",
]
