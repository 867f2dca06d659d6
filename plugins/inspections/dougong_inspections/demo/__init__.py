"""Inspections of a demo company: the nine templates, routes and plans of its sites, the walks of the last day and a half, and
one fire patrol of long ago with a severe finding: whatever the company's rules open because of it is for other modules.

Everything is walked as people would: same rights, same checks; only the moment is moved back. Deterministic.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, new_id

from .. import items, layouts, making, submission
from ..base import X
from ..choices import Severity, TaskState
from ..records import Finding, Plan, Route, Task, Template
from ..relations import first
from . import month
from .plots import PLOTS, Plot

BACK = dt.timedelta(hours=36)
SINCE, PATROL = dt.timedelta(days=150), 129  # how long there are templates and routes; days since the patrol that found something
_MISSED, _FAILS = 0.04, 0.03  # of tasks, of answers


def fill(context: Context[Any]) -> None:
    """Make templates, routes and plans, and live through the last day and a half."""
    x: X = context.with_settings(context.settings_of("inspections"))
    begin = x.now - BACK
    sites = {node.slug: node.id for node in x.snapshot.sites.ordered()}
    chance = random.Random(61)  # noqa: S311 - the same demo every time
    with x.at(x.now - SINCE) as then:
        routes = [
            (plot, slug, _route(plot, sites[slug], template, names, then))
            for plot in PLOTS
            for template in (_template(plot, then),)
            for slug, names in plot.points.items()
            if slug in sites
        ]
    fire = next((one for one in routes if one[0].slug == "fire"), None)
    if fire is not None:
        _patrol(x, fire[0], fire[2])
    with x.at(begin) as then:
        plans = [_plan(plot, slug, route, then) for plot, slug, route in routes]
        month.fill(then, plans)
        making.make(then, x.now, plans)
    for task in _tasks(x, begin):
        _live(x, task, chance)


def _template(plot: Plot, x: X) -> Template:
    made = x.submit(
        Template,
        x.snapshot.sites.root,
        {"name": plot.name, "trade": plot.trade, "scored": plot.scored},
    )
    made.draft = items.stored(items.read(plot.items))
    return x.take(made, "publish", note="首次发布")


def _route(plot: Plot, site: UUID, template: Template, names: Any, x: X) -> Route:
    route = x.submit(Route, site, {"name": plot.name, "trade": plot.trade})
    for name in names:
        route = x.take(route, "add_point", name=name, template_id=str(template.id))
    return route


def _plan(plot: Plot, slug: str, route: Route, x: X) -> UUID:
    body = {
        "name": plot.name,
        "trade": plot.trade,
        "route_id": str(route.id),
        **plot.plan,
        **plot.by_site.get(slug, {}),
    }
    plan = x.submit(Plan, route.site_id, body)
    return x.take(plan, "activate").id


def _patrol(x: X, plot: Plot, route: Route) -> None:
    """A patrol whose one critical reading failed; the finding was rectified and rechecked within three days."""
    walker, lead, manager = (
        first(x.who(post, route.site_id)) for post in (plot.plan["post"], "engineering_lead", "project_manager")
    )
    if walker is None or lead is None or manager is None:
        return
    zone = x.snapshot.sites.zone(route.site_id)
    day = (x.now - dt.timedelta(days=PATROL)).astimezone(zone).replace(hour=10, minute=0, second=0, microsecond=0)
    window = {"window_from": day.isoformat(), "window_to": (day + dt.timedelta(minutes=90)).isoformat()}
    with x.at(day - dt.timedelta(hours=1)) as then:
        body = {"name": plot.name, "route_id": str(route.id), "post": plot.plan["post"], "assignee_id": str(walker)}
        task = then.as_person(manager).submit(Task, route.site_id, body | window)
    end = day + dt.timedelta(minutes=40)
    with x.at(end) as then:
        walk = _walk(task, end, random.Random(3), then)  # noqa: S311
        walk["points"][0]["answers"]["hydrant"] = {"value": 0.05, "note": "压力表校验标识已过期"}
        submission.submit(then.as_person(walker), task, submission.read(walk))
    with x.at(end + dt.timedelta(hours=1)) as then:
        then.as_person(manager).take(task, "review")
        severe = sa.select(Finding).where(Finding.task_id == task.id, Finding.severity == Severity.CRITICAL)
        finding = then.as_person(manager).take(x.session.scalars(severe).one(), "assign", responsible_id=str(lead))
    with x.at(end + dt.timedelta(days=1)) as then:
        done = "控制柜复位到自动挡，启泵试验正常，静压恢复到 0.35 MPa；更换过期压力表 3 块。"
        then.as_person(lead).take(finding, "rectify", done=done)
    with x.at(end + dt.timedelta(days=2)) as then:
        seen = "复测静压 0.36 MPa，压力表在校验期内。"
        then.as_person(manager).take(finding, "recheck", passed=True, words=seen)


def _tasks(x: X, begin: dt.datetime) -> list[Task]:
    """Those whose window has begun, in the order in which they were walked."""
    begun = sa.select(Task).where(Task.tenant_id == x.tenant, Task.window_from.between(begin, x.now))
    return list(x.session.scalars(begun.order_by(Task.window_from, Task.number)))


def _live(x: X, task: Task, chance: random.Random) -> None:
    """Walk a task, or let it be missed; what was submitted long enough ago is reviewed."""
    end = task.window_from + dt.timedelta(minutes=chance.randrange(20, 75))
    missed, over = chance.random() < _MISSED, making.missed_after(task, x)
    if missed or task.assignee_id is None:
        if over < x.now:
            with x.at(over) as then:
                then.as_person(None).take(task, "miss")
        return
    if end > x.now:
        return
    with x.at(end) as then:
        body = _walk(task, end, chance, then)
        submission.submit(then.as_person(task.assignee_id), task, submission.read(body))
    lead = first(p for p in x.who("project_manager", task.site_id) if p.id != task.claimed_by)
    if task.status is TaskState.SUBMITTED and lead is not None and end + dt.timedelta(hours=6) < x.now:
        with x.at(end + dt.timedelta(hours=6)) as then:
            then.as_person(lead).take(task, "review")


def _walk(task: Task, end: dt.datetime, chance: random.Random, x: X) -> dict[str, Any]:
    stops = layouts.of_task(x, task)
    step = dt.timedelta(minutes=4)
    points = [
        {
            "point": str(stop.point_id),
            "method": "qr",
            "code": stop.code,
            "device_at": (end - step * (len(stops) - n)).isoformat(),
            "answers": {item.id: _answer(item, chance) for item in stop.items},
        }
        for n, stop in enumerate(stops)
    ]
    started = end - step * (len(stops) + 1)
    return {"id": str(new_id()), "started_at": started.isoformat(), "finished_at": end.isoformat(), "points": points}


def _answer(item: items.AnyItem, chance: random.Random) -> dict[str, Any]:
    """Nearly always as it should be; an item that asks for a photo of what is wrong has none to show here."""
    bad = chance.random() < _FAILS and not item.photo_on_fail and item.criticality.value != "critical"
    note = {"note": "现场不符合要求，已告知班组。"} if bad else {}
    if isinstance(item, items.YesNo):
        return {"value": item.good is not bad, **note}
    if isinstance(item, items.Choosing):
        fine = [one for one in item.options if one not in item.failing]
        return {"value": item.failing[0] if bad and item.failing else fine[chance.randrange(len(fine))], **note}
    if isinstance(item, items.Number):
        low, high = item.low or 0.0, item.high if item.high is not None else 100.0
        return {"value": round(high * 1.1 if bad else low + (high - low) * chance.uniform(0.2, 0.8), 2), **note}
    return {"na": True}
