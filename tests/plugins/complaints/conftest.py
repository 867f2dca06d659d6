"""A small company with two regions, its posts, and one way to do things as somebody at some moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from dougong.access.snapshot import Snapshot
from dougong.access.store import Snapshots
from dougong.access.tables import Grant
from dougong.instant import now
from dougong.records import actions
from dougong.records.context import Context
from dougong.records.tables import History
from dougong.scheduling.jobs import JobContext, Jobs
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.stored import Identified
from dougong.tenancy.tables import Setting
from dougong_complaints.announcing import announce
from dougong_complaints.choices import State
from dougong_complaints.records import Complaint
from dougong_complaints.resource import resource

from tests.plugins.founding import founded

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.clock import Clock
    from dougong.testing.server import Database

SITES = {  # slug: (parent, type)
    "company": (None, "company"),
    "east": ("company", "region"),
    "garden": ("east", "project"),
    "park": ("east", "project"),
}
PEOPLE = {  # username: (post, site, relation)
    "gm": ("general_manager", "company", None),
    "director": ("property_director", "company", None),
    "finance": ("finance", "company", None),
    "region": ("regional_director", "east", None),
    "manager": ("project_manager", "garden", None),
    "lead": ("service_lead", "garden", None),
    "agent": ("service_agent", "garden", None),
    "agent2": ("service_agent", "garden", None),
    "engineer": ("engineering_lead", "garden", "mine"),
    "client": ("client", "garden", "raised"),
    "manager2": ("project_manager", "park", None),
    "lead2": ("service_lead", "park", None),
    "agent_park": ("service_agent", "park", None),
}

BODY: Mapping[str, Any] = {
    "channel": "phone",
    "complainant_type": "owner",
    "complainant": "王女士",
    "phone": "13800005678",
    "room": "3-2-1801",
    "category": "water_leak",
    "location": "3 号楼 2 单元 1801",
    "statement": "卫生间顶棚渗水，第三次报修未根治",
    "severity": "minor",
    "urgency": "normal",
}
ANONYMOUS: Mapping[str, Any] = {"complainant_type": "anonymous", "complainant": None, "phone": None, "room": None}
SOLVED = {"cause": "equipment", "whys": "接头老化 ← 未列入检查 ← 检查表缺项", "solution": "更换接头并试水"}


class World:
    """One company in the test's database. ``as_`` opens a unit of work; the rest are short ways through it."""

    def __init__(self, cell: Cell, database: Database, registry: Registry, clock: Clock) -> None:
        self.cell, self.registry, self.clock = cell, registry, clock
        made = founded(cell, database, registry, "complaints", SITES, PEOPLE)
        self.tenant, self.sites, self.people = made.tenant, made.sites, made.people
        self.engine = sa.create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(database.superuser)
        )
        self.jobs = Jobs(registry.jobs)
        self.snapshots = Snapshots(cell, registry)

    def settings(self, **changed: Any) -> None:
        """What the company changed of the module's settings."""
        with self.cell.session(Bound(self.tenant)) as session:
            session.merge(Setting(tenant_id=self.tenant, module="complaints", value=changed))
        self.snapshots.drop(self.tenant)

    def without(self, *names: str) -> None:
        """These people have no role any more."""
        with self.cell.session(Bound(self.tenant)) as session:
            session.execute(sa.delete(Grant).where(Grant.person_id.in_([self.people[n] for n in names])))
        self.snapshots.drop(self.tenant)

    @property
    def snapshot(self) -> Snapshot:
        return self.snapshots.get(self.tenant)

    @contextmanager
    def as_(self, name: str | None) -> Iterator[Context[Any]]:
        with self.cell.session(Bound(self.tenant)) as session:
            gate = self.snapshot.gate(self.people[name] if name else None, now())
            settings = self.snapshot.settings("complaints")
            yield Context(session, gate, settings, now(), self.registry, self.jobs)

    def register(
        self, by: str = "agent", site: str = "garden", then: str | None = None, then_body: Any = None, **over: Any
    ) -> UUID:
        body = self._ids({**BODY, **over})
        with self.as_(by) as x:
            made = actions.create(resource, body, x, site=self.sites[site], then=then, then_body=then_body or {})
            return made.id

    def do(self, by: str | None, id: UUID, step: str, /, **body: Any) -> None:
        with self.as_(by) as x:
            actions.transition(resource, id, step, self._ids(body), x)

    def edit(self, by: str, id: UUID, /, **body: Any) -> None:
        with self.as_(by) as x:
            version = x.session.scalar(sa.select(Complaint.row_version).where(Complaint.id == id))
            actions.update(resource, id, self._ids(body), x, version=version or 0)

    def _ids(self, body: dict[str, Any]) -> dict[str, Any]:
        for name, known in (("owner_id", self.people), ("against_id", self.people), ("site_id", self.sites)):
            if isinstance(body.get(name), str) and body[name] in known:
                body[name] = str(known[body[name]])
        return body

    def see(self, id: UUID) -> Complaint:
        """The complaint as it is stored."""
        with self.as_(None) as x:
            found = x.session.get_one(Complaint, (self.tenant, id))
            x.session.expunge(found)
            return found

    def children(self, id: UUID, kind: type[Identified]) -> list[Any]:
        with self.as_(None) as x:
            found = x.children(x.session.get_one(Complaint, (self.tenant, id)), kind)  # type: ignore[type-var]
            for one in found:
                x.session.expunge(one)
            return found

    def history(self, id: UUID) -> list[History]:
        with self.as_(None) as x:
            query = sa.select(History).where(History.record_id == id).order_by(History.id)
            found = list(x.session.scalars(query))
            for one in found:
                x.session.expunge(one)
            return found

    def offered(self, by: str, id: UUID) -> dict[str, bool]:
        """The steps that the state allows this person to see, and whether they may take them now."""
        with self.as_(by) as x:
            record, relations = actions._load(resource, id, x, None)
            return {o.transition.name: o.allowed for o in actions.choices_for(resource, record, x, relations)}

    def sees(self, by: str, id: UUID) -> bool:
        with self.as_(by) as x:
            return x.session.scalar(x.readable(Complaint).where(Complaint.id == id)) is not None

    def person(self, name: str) -> UUID:
        return self.people[name]

    def name(self, id: UUID | None) -> str | None:
        return next((name for name, one in self.people.items() if one == id), None)

    def run_announcement(self, id: UUID, attempt: int = 1) -> None:
        with self.as_(None) as x:
            announce(JobContext(1, "complaints.announce", self.tenant, attempt, x), id)

    # ---- ways to a state ----

    def bring(self, state: State, **over: Any) -> UUID:
        """A complaint in the given state, brought there by the shortest way."""
        id = self.register(**over)
        if state is State.MERGED:
            master = self.register()
            self.do("lead", id, "merge", reason="同一件事", master=self.see(master).number)
        elif state is State.UNFOUNDED:
            self.do("lead", id, "unfounded", reason="查无此事", reply="经查无此情况", by="phone")
        elif state is not State.NEW:
            self._along(id, state)
        assert self.see(id).status is state
        return id

    def _along(self, id: UUID, state: State) -> None:
        self.do("lead", id, "accept")
        if state is State.ACCEPTED:
            return
        self.do("lead", id, "assign", owner_id="engineer")
        if state is State.WORKING:
            return
        if state is State.HELD:
            self.do("lead", id, "hold", reason="等配件", until=str((now() + dt.timedelta(days=5)).date()))
            return
        self.do("lead", id, "resolve", **SOLVED)
        if state is State.VISIT:
            return
        self.do("agent", id, "visit", method="phone", result="satisfied")
        self.do("lead", id, "close")


@pytest.fixture
def world(shared_cell: Cell, shared_database: Database, registry: Registry, clock: Clock) -> Iterator[World]:
    made = World(shared_cell, shared_database, registry, clock)
    yield made
    made.engine.dispose()
