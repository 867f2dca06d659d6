"""A company whose people hear of things; a mail server and a robot's address on this machine; jobs run by hand."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from dougong.instant import now
from dougong.records.context import Context
from dougong.scheduling.jobs import JobContext, Jobs, unpacked
from dougong_complaints.records import Complaint
from dougong_notify.records import Delivery, Notice
from dougong_notify.records import Message as Told

if TYPE_CHECKING:
    from dougong.tenancy.cells import Cell
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company
    from dougong.testing.server import Database

BODY: Mapping[str, Any] = {
    "channel": "phone",
    "complainant_type": "owner",
    "complainant": "王女士",
    "phone": "13800005678",
    "category": "water_leak",
    "location": "3 号楼",
    "statement": "卫生间渗水，请回电 13800005678",
    "severity": "minor",
    "urgency": "normal",
}
PEOPLE = {
    "admin": [("admin", "house")],
    "gm": [("general_manager", "house")],
    "manager": [("project_manager", "garden")],
    "lead": [("service_lead", "garden")],
    "agent": [("service_agent", "garden")],
    "agent2": [("service_agent", "garden")],
    "elsewhere": [("service_agent", "park")],
    "nobody": [],
}
SITES = {"garden": (None, "project"), "park": (None, "project")}


class Mailbox:
    """A mail server. ``answer``: what it says to a letter; ``letters``: what it took."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.letters: list[Message] = []
        self.addresses: list[str] = []
        self.host, self.port = "127.0.0.1", 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.letters.append(BytesParser(policy=default).parsebytes(envelope.content))
            self.addresses += envelope.rcpt_tos
        return self.answer

    def text(self, n: int = -1) -> str:
        body = self.letters[n].get_body(("plain",))  # type: ignore[attr-defined]
        return str(body.get_content())


class AnyPort(Controller):
    """Port 0 means any: the real one is asked for after binding."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = AnyPort(box, hostname="127.0.0.1", port=0, ready_timeout=60, enable_SMTPUTF8=True)
    controller.start()
    box.port = controller.port
    monkeypatch.setenv("DOUGONG_SMTP", f"smtp+plain://127.0.0.1:{box.port}")
    monkeypatch.setenv("DOUGONG_MAIL_FROM", "notice@anhe.example")
    try:
        yield box
    finally:
        controller.stop()


class Group:
    """A robot's address: what was posted, and what it answers."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.status, self.answer = 200, {"errcode": 0, "errmsg": "ok"}
        self.url = ""


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    made = Group()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.posts.append((self.path, {k.lower(): v for k, v in self.headers.items()}, json.loads(body)))
            told = json.dumps(made.answer).encode()
            self.send_response(made.status)
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_more: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/robot?key=secret-key-9876"
    monkeypatch.setenv("DOUGONG_INSIDE", f"127.0.0.1:{server.server_port}")
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class World:
    """One company. ``work`` does what is in its queue, as the worker would."""

    def __init__(self, company: Company, database: Database, clock: Clock) -> None:
        self.company, self.clock = company, clock
        self.tenant = company.tenant
        self._engine = sa.create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(database.superuser), poolclass=sa.NullPool
        )

    def close(self) -> None:
        self._engine.dispose()

    def address(self, username: str, email: str) -> None:
        from dougong.access.tables import Person

        with self.company.session() as session:
            found = session.get(Person, (self.tenant, self.company.people[username]))
            assert found is not None
            found.email = email

    @contextmanager
    def acting(self, username: str | None) -> Iterator[Context[Any]]:
        with self.company.acting(username, "complaints") as x:
            yield x

    def register(self, username: str = "agent", site: str = "garden", **more: Any) -> UUID:
        with self.acting(username) as x:
            return x.submit(Complaint, self.company.sites[site], {**BODY, **more}).id

    def take(self, username: str, id: UUID, transition: str, **body: Any) -> None:
        with self.acting(username) as x:
            x.take(x.get(Complaint, id), transition, **body)

    def give(self, id: UUID, to: str, by: str = "lead") -> None:
        """Accept where needed, then assign."""
        with self.acting(by) as x:
            c = x.get(Complaint, id)
            if c.status.value == "registered":
                x.take(c, "accept")
            x.take(c, "assign", owner_id=str(self.company.people[to]))

    # ---- the queue ----

    def work(self, *, rounds: int = 20) -> int:
        """Run what is due until nothing is; how many jobs that were."""
        done = 0
        for _round in range(rounds):
            jobs = self._due()
            if not jobs:
                return done
            for id, name, arguments in jobs:
                self.run(id, name, arguments)
                with self._engine.begin() as connection:
                    connection.execute(sa.text("DELETE FROM platform.procrastinate_jobs WHERE id = :id"), {"id": id})
                done += 1
        raise AssertionError("the queue does not come to rest")

    def run(self, id: int, name: str, arguments: dict[str, Any]) -> None:
        _tenant, ids = unpacked(arguments)
        job = self.company.registry.jobs[name]
        with self.company.acting(None, job.module) as x:
            job.run(JobContext(id, name, self.tenant, 1, x), **ids)

    def _due(self) -> list[Any]:
        query = sa.text(
            "SELECT id, task_name, args FROM platform.procrastinate_jobs WHERE status = 'todo'"
            " AND args->>'tenant' = :tenant AND (scheduled_at IS NULL OR scheduled_at <= :now) ORDER BY id"
        )
        with self._engine.begin() as connection:
            return list(connection.execute(query, {"tenant": str(self.tenant), "now": now()}))

    # ---- what stands ----

    def told(self, username: str) -> list[str]:
        """Events of a person's messages, the oldest first."""
        query = (
            sa.select(Notice.event)
            .join(Told, Told.notice_id == Notice.id)
            .where(Told.person_id == self.company.people[username])
            .order_by(Told.at, Told.id)
        )
        with self.company.session() as session:
            return list(session.scalars(query))

    def deliveries(self) -> list[Delivery]:
        with self.company.session() as session:
            found = list(session.scalars(sa.select(Delivery).order_by(Delivery.created_at, Delivery.id)))
            session.expunge_all()
            return found


@pytest.fixture
def make_world(
    make_company: Callable[..., Company], database: Database, cell: Cell, clock: Clock
) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(slug: str = "house", **more: Any) -> World:
        people = {name: [(r, slug if s == "house" else s) for r, s in roles] for name, roles in PEOPLE.items()}
        company = make_company(slug, sites=SITES, people=people, **more)
        company.jobs = Jobs(company.registry.jobs)
        made.append(World(company, database, clock))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


def at(hour: int, minute: int = 0, day: int = 2) -> dt.datetime:
    """A moment of March 2026 on Shanghai's clock."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=8)))
