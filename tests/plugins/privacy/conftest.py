"""A company with an officer, complaints of one person at two sites, and the worker's work done by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from dougong import Occurrence, Schedule
from dougong.scheduling.jobs import JobContext, Jobs

if TYPE_CHECKING:
    from dougong.records.context import Context
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

COMPLAINTS, REQUESTS = "/complaints/complaint", "/privacy/request"
NAME, PHONE, ROOM = "欧阳若曦", "13800005678", "3-2-1801"
BODY = {
    "site": "n1", "channel": "phone", "complainant_type": "owner", "complainant": NAME, "phone": PHONE, "room": ROOM,
    "category": "water_leak", "location": "3号楼", "statement": "顶棚渗水", "severity": "minor", "urgency": "normal",
}  # fmt: skip


class World:
    """Short ways through one company."""

    def __init__(self, platform: Running, company: Company, clock: Clock) -> None:
        self.platform, self.company, self.clock = platform, company, clock
        company.add_person("officer", ("privacy_officer", company.slug))
        company.add_person("lead", ("service_lead", company.slug))
        company.add_person("manager", ("project_manager", company.slug))
        self.enter()

    def enter(self) -> None:
        """Fresh tokens: those of before end in time."""
        names = ("officer", "lead", "manager")
        self.officer, self.lead, self.manager = (self.platform.program(self.company, name) for name in names)

    @contextmanager
    def system(self, module: str = "privacy") -> Iterator[Context[Any]]:
        """A unit of work as a job has it: with the queue and the store."""
        with self.company.acting(None, module) as x:
            yield replace(x, jobs=Jobs(self.company.registry.jobs), store=self.platform.application.files)

    def run(self, job: str, module: str = "privacy", **ids: Any) -> None:
        """What the worker does with one job."""
        with self.system(module) as x:
            for _module, schedule in x.contributed(Schedule):
                if schedule.name == job:
                    schedule.run(x, Occurrence(nominal=self.clock.now))
                    return
            declared = self.company.registry.jobs[job]
            declared.run(JobContext(1, job, self.company.tenant, 1, x), **ids)

    def complain(self, by: Client | None = None, **over: Any) -> dict[str, Any]:
        body = {k: v for k, v in {**BODY, **over}.items() if v is not None}
        return self.done((by or self.lead).api("POST", COMPLAINTS, body), 201)

    def close(self, complaint: dict[str, Any]) -> None:
        """The shortest way to an end."""
        self.do(
            self.lead, COMPLAINTS, complaint["id"], "unfounded", reason="核实不属实", reply="已电话答复", by="phone"
        )

    def request(self, **over: Any) -> dict[str, Any]:
        body = {"site": "n1", "wish": "delete", "asker": NAME, "contact": PHONE, **over}
        return self.done(self.lead.api("POST", REQUESTS, body), 201)

    def working(self, **over: Any) -> dict[str, Any]:
        """A request whose asker's identity was checked."""
        made = self.request(**over)
        self.do(self.officer, REQUESTS, made["id"], "verify", proof="in_person")
        return made

    def do(self, client: Client, path: str, id: str, step: str, **body: Any) -> dict[str, Any]:
        return self.done(client.api("POST", f"{path}/{id}/transitions/{step}", body), 200)

    def found(self, request: dict[str, Any]) -> dict[str, Any]:
        return self.done(self.officer.api("GET", f"/privacy/case/{request['id']}/found"), 200)

    def erase(self, request: dict[str, Any], **over: Any) -> dict[str, Any]:
        body = {"words": True, "files": True, "sure": True, **over}
        answer = self.officer.api("POST", f"/privacy/case/{request['id']}/erase", body)
        return self.done(answer, answer.status_code if answer.status_code == 202 else 200)

    def report(self, request: dict[str, Any]) -> list[list[str]]:
        """The last account of what became of it."""
        from dougong_privacy.records import Account, Request

        with self.system() as x:
            found = x.session.get_one(Request, (x.tenant, UUID(request["id"])))
            return list(x.children(found, Account)[-1].rows)

    @staticmethod
    def done(answer: Any, status: int) -> dict[str, Any]:
        assert answer.status_code == status, (answer.status_code, answer.text)
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture
def world(platform: Running, company: Company, clock: Clock) -> World:
    return World(platform, company, clock)
