"""A route with two points at one site, and short ways to walk it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from dougong.records import actions
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.stored import new_id
from dougong_inspections import layouts, submission
from dougong_inspections.records import Finding, Layout, Plan, Route, Task, Template
from dougong_inspections.resource import RESOURCES

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

ITEMS: list[dict[str, Any]] = [
    {"id": "exit", "type": "yes_no", "text": "疏散通道畅通", "criticality": "critical", "photo_on_fail": False},
    {"id": "volt", "type": "number", "text": "电压", "low": 370, "high": 400, "unit": "V", "criticality": "important"},
    {"id": "smell", "type": "option", "text": "气味", "options": ["无", "轻微", "明显"], "failing": ["明显"]},
    {"id": "words", "type": "text", "text": "备注", "optional": True},
]
GOOD: Mapping[str, Any] = {"exit": {"value": True}, "volt": {"value": 380}, "smell": {"value": "无"}}
KIND = {one.record: one for one in RESOURCES}


class World:
    """One company's route, made by the system. ``walk`` is the body of a whole walk."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock
        company.jobs = Jobs(company.registry.jobs)
        self.template = self.make(Template, company.slug, name="配电房日检", trade="engineering", scored=True)
        self.publish()
        self.route = self.make(Route, "n1", name="配电房", trade="engineering", minutes=0)
        for name in ("1 号配电房", "2 号配电房"):
            self.do(
                Route,
                self.route,
                "add_point",
                name=name,
                template_id=str(self.template),
                latitude=30.0,
                longitude=120.0,
            )

    def publish(self, items: list[dict[str, Any]] | None = None) -> None:
        with self.company.acting(None, "inspections") as x:
            x.session.get_one(Template, (x.tenant, self.template)).draft = items or ITEMS
        self.do(Template, self.template, "publish", note="第一版")

    def make(self, kind: Any, site: str, by: str | None = None, **body: Any) -> UUID:
        with self.company.acting(by, "inspections") as x:
            id: UUID = actions.create(KIND[kind], body, x, site=self.company.sites[site]).id
            return id

    def do(self, kind: Any, id: UUID, step: str, by: str | None = None, **body: Any) -> None:
        with self.company.acting(by, "inspections") as x:
            actions.transition(KIND[kind], id, step, body, x)

    def plan(self, **over: Any) -> UUID:
        body: dict[str, Any] = {
            "name": "配电房日检", "trade": "engineering", "route_id": str(self.route), "repeat": "daily",
            "times": "08:00", "window_minutes": 120, "post": "technician", **over,
        }  # fmt: skip
        id = self.make(Plan, "n1", **body)
        self.do(Plan, id, "activate")
        self.clock.run(of=self.company)
        return id

    def see(self, kind: Any, id: UUID) -> Any:
        with self.company.acting(None, "inspections") as x:
            found = x.session.get_one(kind, (x.tenant, id))
            x.session.expunge(found)
            return found

    def all(self, kind: Any) -> list[Any]:
        with self.company.acting(None, "inspections") as x:
            found = list(x.session.query(kind).filter(kind.tenant_id == x.tenant).order_by(kind.tenant_id).all())
            x.session.expunge_all()
            return found

    def tasks(self) -> list[Task]:
        return sorted(self.all(Task), key=lambda t: t.window_from)

    def findings(self) -> list[Finding]:
        return list(self.all(Finding))

    def points(self, task: UUID) -> list[UUID]:
        with self.company.acting(None, "inspections") as x:
            pinned = x.session.get_one(Layout, (x.tenant, x.session.get_one(Task, (x.tenant, task)).layout_id))
            return [s.point_id for s in layouts.stops(x, pinned)]

    def walk(self, task: UUID, at: dt.datetime, answers: Mapping[str, Any] = GOOD, **more: Any) -> dict[str, Any]:
        """A whole walk that took ten minutes and ended at a moment, sent at once by the device's clock."""
        body: dict[str, Any] = {
            "id": str(new_id()), "started_at": (at - dt.timedelta(minutes=10)).isoformat(), "finished_at": at.isoformat(),
            "points": [{"point": str(p), "device_at": at.isoformat(), "answers": dict(answers)} for p in self.points(task)],
        }  # fmt: skip
        return {**body, **more}

    def send(self, task: UUID, by: str, body: Mapping[str, Any]) -> submission.Sent:
        with self.company.acting(by, "inspections") as x:
            sent = submission.submit(x, x.get(Task, task), submission.read(body))
            x.session.flush()
            x.session.expunge_all()
            return sent


@pytest.fixture
def world(company: Company, clock: Clock) -> World:
    clock.at(dt.datetime(2026, 3, 1, 23, tzinfo=dt.UTC))  # 7:00 on a Monday in Shanghai
    return World(company, clock)
