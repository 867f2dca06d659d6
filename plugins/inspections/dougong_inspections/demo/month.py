"""The month before what a demo company lives through: tasks with their points and answers as they were left, in a few statements.

So that its figures have something to say: some windows missed, most often at night; some made up, some exempt; a few items that
fail more often than others. Scored walks go back further, for a ranking by month. Deterministic.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import insert_rows, make_many

from .. import items, layouts, making
from ..base import X
from ..choices import Exemption, Outcome, PointState, TaskState
from ..layouts import Stop
from ..records import ItemResult, Plan, PointScan, Route, Task
from ..relations import first

MONTH, SCORED = dt.timedelta(days=30), dt.timedelta(days=145)
NIGHT = (22, 6)  # hours in which most is missed
_MISSED_BY_NIGHT, _MISSED_BY_DAY, _MADE_UP, _EXEMPT, _LATE = 0.09, 0.02, 0.3, 0.01, 0.03
_GRACE = dt.timedelta(minutes=30)
_WORST = 3  # of a template's items, the first so many fail more often


def fill(x: X, plans: Sequence[UUID]) -> None:
    """Write the month that ends now. :param x: at the moment at which the walks of ``demo`` begin."""
    chance = random.Random(67)  # noqa: S311 - the same demo every time
    for id in plans:
        plan = x.session.get_one(Plan, (x.tenant, id))
        route = x.session.get_one(Route, (x.tenant, plan.route_id))
        layout = layouts.pin(x, route)
        stops = layouts.stops(x, layout)
        scored = any(stop.scored for stop in stops)
        begin = x.now - (SCORED if scored else MONTH)
        zone = str(x.snapshot.sites.zone(plan.site_id))
        calendar = x.calendar(plan.site_id, post=plan.post, name=plan.calendar)
        moments = making.rule_of(plan).between(begin, x.now - dt.timedelta(minutes=5), zone, calendar)
        rows = [
            _task(x, plan, layout.id, stops, at, calendar.business_date(at), chance) for at in moments
        ]  # fmt: skip
        with x.at(begin) as then:
            made = make_many(then, Task, [(plan.site_id, row) for row in rows])
        x.session.flush()
        _keep(x, made, stops, chance)


def _task(
    x: X, plan: Plan, layout: UUID, stops: Sequence[Stop], at: dt.datetime, day: dt.date, chance: random.Random
) -> dict[str, Any]:
    """A task of long ago in the state in which it was left."""
    walker = first(x.snapshot.who(plan.post, plan.site_id, at)) if plan.post else plan.person_id
    row: dict[str, Any] = {
        "name": plan.name, "trade": plan.trade, "route_id": plan.route_id, "plan_id": plan.id, "layout_id": layout,
        "business_date": day, "window_from": at, "window_to": at + dt.timedelta(minutes=int(plan.window_minutes)),
        "post": plan.post, "assignee_id": walker, "statutory": plan.statutory, "review": plan.review,
        "point_count": len(stops), "item_count": sum(len(stop.items) for stop in stops),
    }  # fmt: skip
    if chance.random() < _EXEMPT:
        return {**row, "status": TaskState.EXEMPT, "exemption": Exemption.WEATHER, "exempt_reason": "暴雨红色预警"}
    hour = at.astimezone(x.snapshot.sites.zone(plan.site_id)).hour
    night = hour >= NIGHT[0] or hour < NIGHT[1]
    if walker is None or chance.random() < (_MISSED_BY_NIGHT if night else _MISSED_BY_DAY):
        gone = {
            "status": TaskState.MISSED,
            "was_missed": True,
            "on_time": False,
            "missed_at": row["window_to"] + _GRACE,
        }
        if walker is None or chance.random() >= _MADE_UP:
            return {**row, **gone}
        again = gone["missed_at"] + dt.timedelta(hours=3)
        made_up = {"made_up": True, "on_time": None, "make_up_reason": "当班突发抢修", "make_up_asked_by": walker}
        return {**row, **gone, **made_up, **_walked(walker, again)}
    end = at + dt.timedelta(minutes=chance.randrange(20, max(21, min(75, int(plan.window_minutes)))))
    if chance.random() < _LATE:
        return {**row, "on_time": False, **_walked(walker, row["window_to"] + _GRACE / 2)}
    return {**row, "on_time": True, **_walked(walker, end)}


def _walked(walker: UUID, end: dt.datetime) -> dict[str, Any]:
    return {
        "status": TaskState.REVIEWED, "claimed_by": walker, "started_at": end - dt.timedelta(minutes=18),
        "finished_at": end, "submitted_at": end, "reviewed_at": end + dt.timedelta(hours=5),
    }  # fmt: skip


def _keep(x: X, tasks: Sequence[Task], stops: Sequence[Stop], chance: random.Random) -> None:
    """The points and answers of these tasks, and what the tasks count of them."""
    scans, results, counts = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
    scored = any(stop.scored for stop in stops)
    for task in tasks:
        if task.status is TaskState.EXEMPT:
            continue
        zone = x.snapshot.sites.zone(task.site_id)
        state = PointState.MISSED if task.status is TaskState.MISSED else PointState.DONE
        common = {
            "task_id": task.id, "site_id": task.site_id, "business_date": task.business_date, "trade": task.trade.value,
            "server_at": task.submitted_at or task.missed_at,
        }  # fmt: skip
        hour = task.window_from.astimezone(zone).hour
        own = {"hour": hour, "state": state.value, "method": "qr" if state is PointState.DONE else None}
        scans += [{**common, **own, "point_id": stop.point_id, "off_place": False} for stop in stops]
        if state is PointState.DONE:
            mine = [{**common, **answer} for stop in stops for answer in _answers(stop, chance)]
            results += mine
            counts.append(
                {"tenant_id": x.tenant, "id": task.id, "row_version": task.row_version, **_counted(mine, scored)}
            )
    insert_rows(x.session, PointScan.__table__, scans)
    insert_rows(x.session, ItemResult.__table__, results)
    if counts:
        x.session.execute(sa.update(Task), counts)


def _counted(answers: Sequence[dict[str, Any]], scored: bool) -> dict[str, Any]:
    """What a task says of its answers."""
    found = [(a["weight"], Outcome.FAIL if a["outcome"] == Outcome.FAIL.value else Outcome.PASS) for a in answers]
    failed = sum(outcome is Outcome.FAIL for _weight, outcome in found)
    return {"answered": len(found), "failed": failed, "score": items.score(found) if scored else None}


def _answers(stop: Stop, chance: random.Random) -> Iterator[dict[str, Any]]:
    for n, item in enumerate(stop.items):
        if isinstance(item, items.Text | items.Photo):
            continue
        bad = chance.random() < (0.05 if n < _WORST else 0.01)
        yield {
            "point_id": stop.point_id, "item": item.id, "template_id": stop.template_id, "revision_id": stop.revision_id,
            "criticality": item.criticality.value, "weight": item.weight, "value": _value(item, bad),
            "outcome": (Outcome.FAIL if bad else Outcome.PASS).value,
        }  # fmt: skip


def _value(item: items.AnyItem, bad: bool) -> str | None:
    if isinstance(item, items.YesNo):
        return "yes" if item.good is not bad else "no"
    if isinstance(item, items.Choosing):
        fine = [one for one in item.options if one not in item.failing]
        return (item.failing or item.options)[0] if bad else fine[0]
    if isinstance(item, items.Number):
        top = item.high if item.high is not None else 100.0
        return f"{top * 1.1 if bad else ((item.low or 0.0) + top) / 2:g}"
    return None
