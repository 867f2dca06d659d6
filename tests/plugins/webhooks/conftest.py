"""A company with complaints and webhooks, a program that listens, and the worker's work done by hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.scheduling.jobs import JobContext, Jobs
from dougong_webhooks.choices import Outcome
from dougong_webhooks.records import Delivery
from dougong_webhooks.sending import deliver, stop

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

COMPLAINTS = "/complaints/complaint"
HOOKS = "/webhooks/subscription"
BODY = {
    "site": "n1", "channel": "phone", "complainant_type": "owner", "complainant": "王女士", "phone": "13800005678",
    "room": "3-2-1801", "category": "water_leak", "location": "3号楼", "statement": "顶棚渗水", "severity": "minor",
    "urgency": "normal",
}  # fmt: skip


class Receiver(ThreadingHTTPServer):
    """Somebody else's program. ``status`` and ``text`` are what it answers with."""

    daemon_threads = True

    def __init__(self) -> None:
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.status, self.text = 200, "thanks"
        self.more: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.status)
        for name, value in self.server.more.items():
            self.send_header(name, value)
        sent = self.server.text.encode()
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with Receiver() as made:
        monkeypatch.setenv("DOUGONG_INSIDE", f"127.0.0.1:{made.server_port}")
        threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
        yield made
        made.shutdown()


class World:
    """Short ways through one company."""

    def __init__(self, platform: Running, company: Company, receiver: Receiver, clock: Clock) -> None:
        self.platform, self.company, self.receiver, self.clock = platform, company, receiver, clock
        self.admin = platform.program(company, "admin")
        self.agent = platform.program(company, "service_agent_n1")

    def subscribe(self, by: Client | None = None, **over: Any) -> dict[str, Any]:
        answer = (by or self.admin).api("POST", HOOKS, self.wanted(**over))
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def wanted(self, **over: Any) -> dict[str, Any]:
        person = self.company.people[over.pop("person", "service_lead_n1")]
        body = {
            "site": self.company.slug, "name": "报表系统", "address": self.receiver.address, "events": ["*"],
            "person_id": str(person),
        }  # fmt: skip
        return {**body, **over}

    def secret(self, id: str) -> str:
        answer = self.admin.api("POST", f"{HOOKS}/{id}/secret")
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["secret"]
        return found

    def complain(self, **over: Any) -> dict[str, Any]:
        body = {k: v for k, v in {**BODY, **over}.items() if v is not None}
        answer = self.agent.api("POST", COMPLAINTS, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def deliveries(self) -> list[Delivery]:
        with self.company.acting(None, "webhooks") as x:
            found = list(x.session.scalars(sa.select(Delivery).order_by(Delivery.id)))
            for one in found:
                x.session.expunge(one)
            return found

    def only(self) -> Delivery:
        [found] = self.deliveries()
        return found

    def work(self, id: UUID | None = None) -> None:
        """What the worker does: every delivery that is due, once, or this one."""
        waiting = [one.id for one in self.deliveries() if one.state is Outcome.WAITING and self._due(one)]
        for each in [id] if id else waiting:
            with self.company.acting(None, "webhooks") as x:
                deliver(JobContext(1, "webhooks.deliver", self.company.tenant, 1, self.queued(x)), each)

    def queued(self, x: Any) -> Any:
        return replace(x, jobs=Jobs(self.company.registry.jobs))

    def _due(self, one: Delivery) -> bool:
        return one.due_at is not None and one.due_at <= self.clock.now

    def stop(self, id: str) -> None:
        with self.company.acting(None, "webhooks") as x:
            stop(JobContext(1, "webhooks.stop", self.company.tenant, 1, self.queued(x)), UUID(id))

    def state(self, id: str) -> str:
        found: str = self.admin.api("GET", f"{HOOKS}/{id}").json()["status"]
        return found


@pytest.fixture
def world(platform: Running, company: Company, receiver: Receiver, clock: Clock) -> World:
    return World(platform, company, receiver, clock)
