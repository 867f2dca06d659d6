"""A small company with its posts, and one way to do things with liaison as somebody at some moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa
from dougong import Upload
from dougong.access.snapshot import Snapshot
from dougong.access.store import Snapshots
from dougong.instant import now
from dougong.records import actions
from dougong.records.context import Context
from dougong.records.tables import ClockStep
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.files import Store
from dougong.tenancy.tables import Setting
from dougong_liaison.records import Agency, Obligation, Order

from tests.plugins.founding import founded

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.clock import Clock
    from dougong.testing.server import Database

START = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)  # 9:00 on a Monday in Shanghai
SITES = {"company": (None, "company"), "garden": ("company", "project"), "park": ("company", "project")}
PEOPLE = {  # username: (post, site, relation)
    "finance": ("finance", "company", None),
    "quality": ("quality", "company", None),
    "boss": ("general_manager", "company", None),
    "director": ("property_director", "company", None),
    "region": ("regional_director", "company", None),
    "manager": ("project_manager", "garden", None),
    "manager2": ("project_manager", "park", None),
    "engineer": ("engineering_lead", "garden", "mine"),
    "security": ("security_lead", "garden", "mine"),
}


class World:
    """One company in the test's database. ``as_`` opens a unit of work; the rest are short ways through it."""

    def __init__(self, cell: Cell, database: Database, registry: Registry, clock: Clock, files: Path) -> None:
        self.store, self.folder = Store(str(files / "store")), files
        self.cell, self.registry, self.clock = cell, registry, clock
        made = founded(cell, database, registry, "liaison", SITES, PEOPLE)
        self.tenant, self.sites, self.people = made.tenant, made.sites, made.people
        self.jobs = Jobs(registry.jobs)
        self.snapshots = Snapshots(cell, registry)

    def rest(self, database: Database) -> None:
        """The company's clocks and schedules go, so that the next test's time does not pass for it, too."""
        with psycopg.connect(database.superuser) as connection:
            connection.execute("DELETE FROM platform.due WHERE tenant_id = %s", [self.tenant])

    def settings(self, **changed: Any) -> None:
        with self.cell.session(Bound(self.tenant)) as session:
            session.merge(Setting(tenant_id=self.tenant, module="liaison", value=changed))
        self.snapshots.drop(self.tenant)

    @property
    def snapshot(self) -> Snapshot:
        return self.snapshots.get(self.tenant)

    @contextmanager
    def as_(self, name: str | None) -> Iterator[Context[Any]]:
        with self.cell.session(Bound(self.tenant)) as session:
            gate = self.snapshot.gate(self.people[name] if name else None, now())
            yield Context(
                session, gate, self.snapshot.settings("liaison"), now(), self.registry, self.jobs, store=self.store
            )

    # ---- short ways ----

    def make(self, kind: type[Any], by: str | None = "manager", site: str = "garden", **body: Any) -> Any:
        """A record as somebody makes it by its form."""
        with self.as_(by) as x:
            found = x.submit(kind, self.sites[site], body)
            x.session.flush()
            x.session.refresh(found)
            x.session.expunge(found)
            return found

    def do(self, by: str | None, record: Any, step: str, /, **body: Any) -> Any:
        """One step; the record as it stands then."""
        with self.as_(by) as x:
            x.take(x.get(type(record), record.id), step, **body)
        return self.see(record)

    def edit(self, by: str, record: Any, **body: Any) -> Any:
        with self.as_(by) as x:
            version = x.get(type(record), record.id).row_version
            actions.update(x.registry.resources[record.kind], record.id, body, x, version=version)
        return self.see(record)

    def see(self, record: Any) -> Any:
        with self.as_(None) as x:
            found = x.session.get_one(type(record), (self.tenant, record.id))
            x.session.expunge(found)
            return found

    def all(self, kind: type[Any], *rules: Any) -> list[Any]:
        with self.as_(None) as x:
            found = list(
                x.session.scalars(sa.select(kind).where(kind.tenant_id == self.tenant, *rules).order_by(kind.id))
            )
            for one in found:
                x.session.expunge(one)
            return found

    def attach(self, record: Any, name: str) -> None:
        """A file with a content of its own."""
        file = self.folder / name
        file.write_bytes(b"%PDF-1.4\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF " + name.encode())
        with self.as_(None) as x:
            x.attach(x.session.get_one(type(record), (self.tenant, record.id)), Upload.of(file, name))

    def who(self, name: str) -> str:
        return str(self.people[name])

    def steps(self, record: Any, clock: str) -> list[tuple[str, str, list[str]]]:
        """The steps that a clock of a record took: name, day when it was due, who was told."""
        names = {id: name for name, id in self.people.items()}
        with self.as_(None) as x:
            query = sa.select(ClockStep).where(ClockStep.record_id == record.id, ClockStep.clock == clock)
            found = x.session.scalars(query.order_by(ClockStep.due_at, ClockStep.step)).all()
            zone = self.snapshot.sites.zone()
            return [
                (one.step, str(one.due_at.astimezone(zone).date()), sorted(names[p] for p in one.people))
                for one in found
            ]

    def later(self, *days: str) -> None:
        """Noon of one day after the other (``05-31``, ``2027-01-02``), with what is due by then."""
        for day in days:
            at = dt.datetime.fromisoformat(f"{day if len(day) > 5 else f'2026-{day}'}T04:00:00+00:00")
            self.clock.at(at)
            self.clock.run()

    # ---- what much is about ----

    def agency(self, **over: Any) -> Agency:
        body = {"nature": "fire", "name": "消防救援大队", "jurisdiction": "安禾区", **over}
        made: Agency = self.make(Agency, "boss", "company", **body)
        return made

    def owe(self, by: str = "manager", site: str = "garden", **over: Any) -> Obligation:
        body = {
            "title": "企业年报", "agency_kind": "market", "basis": "条例", "checked": "pending", "repeat": "yearly", "month": 6,
            "day": 30, "evidence": "公示截图", "files": 1, "owner_id": self.who(by), **over,
        }  # fmt: skip
        made: Obligation = self.make(Obligation, by, site, **body)
        return made

    def sign(self, agency: Agency, **over: Any) -> Order:
        body = {
            "title": "消防责令改正", "agency_id": str(agency.id), "document": "消责改12号", "received_on": "2026-03-02",
            "deadline_on": "2026-03-12", "items": "补齐灭火器\n清理消防通道", "owner_id": self.who("manager"), **over,
        }  # fmt: skip
        made: Order = self.make(Order, **body)
        return made


@pytest.fixture
def world(
    shared_cell: Cell, shared_database: Database, registry: Registry, clock: Clock, tmp_path: Path
) -> Iterator[World]:
    """Time begins at 9:00 on Monday, 2 March 2026, in Shanghai. Nothing of it is due any more once its test has ended."""
    clock.at(START)
    made = World(shared_cell, shared_database, registry, clock, tmp_path)
    yield made
    made.rest(shared_database)
