"""Inspections of a demo company: the nine templates, routes and plans of its sites, and the walks of the last day and a half.

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
from ..choices import TaskState
from ..records import Plan, Route, Task, Template
from ..relations import first
from .plots import PLOTS, Plot

BACK = dt.timedelta(hours=36)
_MISSED, _FAILS = 0.04, 0.03  # of tasks, of answers


def fill(context: Context[Any]) -> None:
    """Make templates, routes and plans, and live through the last day and a half."""
    x: X = context.with_settings(context.settings_of("inspections"))
    begin = x.now - BACK
    sites = {node.slug: node.id for node in x.snapshot.sites.ordered()}
    chance = random.Random(61)  # noqa: S311 - the same demo every time
    plans = []
    with x.at(begin) as then:
        for plot in PLOTS:
            template = _template(plot, then)
            plans += [
                _plan(plot, slug, sites[slug], template, names, then)
                for slug, names in plot.points.items()
                if slug in sites
            ]
        making.make(then, x.now, plans)
    for task in _tasks(x):
        _live(x, task, chance)


def _template(plot: Plot, x: X) -> Template:
    made = x.submit(
        Template,
        x.snapshot.sites.root,
        {"name": plot.name, "trade": plot.trade, "scored": plot.scored},
    )
    made.draft = items.stored(items.read(plot.items))
    return x.take(made, "publish", note="首次发布")


def _plan(plot: Plot, slug: str, site: UUID, template: Template, names: Any, x: X) -> UUID:
    route = x.submit(Route, site, {"name": plot.name, "trade": plot.trade})
    for name in names:
        route = x.take(route, "add_point", name=name, template_id=str(template.id))
    body = {
        "name": plot.name,
        "trade": plot.trade,
        "route_id": str(route.id),
        **plot.plan,
        **plot.by_site.get(slug, {}),
    }
    plan = x.submit(Plan, site, body)
    return x.take(plan, "activate").id


def _tasks(x: X) -> list[Task]:
    """Those whose window has begun, in the order in which they were walked."""
    begun = sa.select(Task).where(Task.tenant_id == x.tenant, Task.window_from < x.now)
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
    if isinstance(item, items.YesNo):
        return {"value": item.good is not bad}
    if isinstance(item, items.Choosing):
        fine = [one for one in item.options if one not in item.failing]
        return {"value": item.failing[0] if bad and item.failing else fine[chance.randrange(len(fine))]}
    if isinstance(item, items.Number):
        low, high = item.low or 0.0, item.high if item.high is not None else 100.0
        return {"value": round(high * 1.1 if bad else low + (high - low) * chance.uniform(0.2, 0.8), 2)}
    return {"na": True}
