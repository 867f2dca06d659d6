"""A company with tasks, complaints to count and messages to be told by; short ways to do things as somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.scheduling.jobs import Jobs
from dougong_notify.records import Message, Notice
from dougong_tasks.assigned.records import Task
from dougong_tasks.upward.records import SiteReport

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

MODULES = ("tasks", "complaints", "notify", "papers")
MANAGER, DIRECTOR, LEAD, TECH = "project_manager_n1", "regional_director_north", "engineering_lead_n1", "technician_n1"
BODY = {"title": "整理消防通道", "criteria": "通道畅通，附照片", "source": "leader"}
COMPLAINT = {
    "channel": "phone", "complainant_type": "owner", "complainant": "业主", "phone": "13800000000",
    "category": "water_leak", "statement": "夜间施工噪声", "severity": "minor", "urgency": "normal", "location": "1 号楼",
}  # fmt: skip


class Office:
    """One company; ``clock`` stands at 9:00 on Monday 2 March 2026 in Shanghai."""

    def __init__(self, company: Company, clock: Clock, start: Callable[[], Running]) -> None:
        self.company, self.clock, self._start = company, clock, start
        self.people, self.sites = company.people, company.sites

    # ---- tasks ----

    def day(self, days: int) -> str:
        return str((self.clock.now + dt.timedelta(hours=8)).date() + dt.timedelta(days=days))

    def assign(self, by: str = MANAGER, to: str = LEAD, site: str = "n1", due: int = 3, **over: Any) -> UUID:
        with self.company.acting(by, "tasks") as x:
            body = {**BODY, "deadline": self.day(due), "owner_id": str(self.people[to]), **over}
            return x.submit(Task, self.sites[site], body).id

    def task(self, id: UUID) -> Task:
        with self.company.acting(None, "tasks") as x:
            found = x.get(Task, id)
            x.session.expunge(found)
            return found

    def take(self, by: str | None, id: UUID, step: str, kind: Any = Task, **body: Any) -> None:
        with self.company.acting(by, "tasks") as x:
            x.take(x.get(kind, id), step, **body)

    # ---- reports ----

    def begin(self, by: str = MANAGER, site: str = "n1", day: str = "2026-02-25", period: str = "week") -> UUID:
        with self.company.acting(by, "tasks") as x:
            return x.submit(SiteReport, self.sites[site], {"period": period, "starts": day}).id

    def report(self, id: UUID) -> SiteReport:
        with self.company.acting(None, "tasks") as x:
            found = x.get(SiteReport, id)
            x.session.expunge(found)
            return found

    def do(self, by: str | None, id: UUID, step: str, **body: Any) -> None:
        self.take(by, id, step, SiteReport, **body)

    def complain(self, site: str = "n1") -> UUID:
        from dougong_complaints.records import Complaint

        with self.company.acting(f"service_agent_{site}", "complaints") as x:
            return x.submit(Complaint, self.sites[site], COMPLAINT).id

    # ---- what people hear, and addresses ----

    def told(self, id: UUID) -> list[tuple[str, str]]:
        """(who, what) of everything told of a record, in order of time."""
        names = {person: name for name, person in self.people.items()}
        with self.company.acting(None, "tasks") as x:
            query = (
                sa.select(Message.person_id, Notice.event)
                .join(Notice, sa.and_(Message.tenant_id == Notice.tenant_id, Message.notice_id == Notice.id))
                .where(Notice.tenant_id == x.tenant, Notice.record_id == id)
                .order_by(Notice.at, Message.person_id)
            )
            return [(names.get(who, "?"), event.rpartition(".")[2]) for who, event in x.session.execute(query)]

    def program(self, who: str) -> Client:
        return self._start().program(self.company, who)

    def screen(self, who: str) -> Client:
        return self._start().browser(self.company, who)


@pytest.fixture
def office(
    make_company: Callable[..., Company], clock: Clock, registry: Registry, request: pytest.FixtureRequest
) -> Office:
    company = make_company("anhe", modules=MODULES)
    company.jobs = Jobs(registry.jobs)
    return Office(company, clock, lambda: request.getfixturevalue("platform"))
