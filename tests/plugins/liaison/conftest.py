"""A small company with its posts, and one way to do things with liaison as somebody at some moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.access.snapshot import Snapshot
from dougong.access.store import Snapshots
from dougong.access.tables import Grant, Person, Role
from dougong.instant import now
from dougong.records.context import Context
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.files import Store
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import Module, Setting, Site, tenants, versions

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.clock import Clock
    from dougong.testing.server import Database

SITES = {"company": (None, "company"), "garden": ("company", "project"), "park": ("company", "project")}
PEOPLE = {  # username: (post, site, relation)
    "finance": ("finance", "company", None),
    "quality": ("quality", "company", None),
    "boss": ("general_manager", "company", None),
    "manager": ("project_manager", "garden", None),
    "manager2": ("project_manager", "park", None),
    "engineer": ("engineering_lead", "garden", "own"),
    "security": ("security_lead", "garden", "own"),
}


class World:
    """One company in the test's database. ``as_`` opens a unit of work; the rest are short ways through it."""

    def __init__(self, cell: Cell, database: Database, registry: Registry, clock: Clock, files: Path) -> None:
        self.store = Store(str(files))
        self.cell, self.registry, self.clock = cell, registry, clock
        self.tenant = new_id()
        self.jobs = Jobs(registry.jobs)
        self.sites = {slug: new_id() for slug in SITES}
        self.people = {name: new_id() for name in PEOPLE}
        self._found(database)
        self.snapshots = Snapshots(cell, registry)

    def _found(self, database: Database) -> None:
        engine = sa.create_engine(
            "postgresql+psycopg://", creator=lambda: __import__("psycopg").connect(database.superuser)
        )
        with engine.begin() as connection:
            connection.execute(sa.insert(tenants).values(id=self.tenant, slug=self.tenant.hex, name="安禾物业"))
            if connection.execute(sa.select(versions).where(versions.c.tenant_id == self.tenant)).first() is None:
                connection.execute(sa.insert(versions).values(tenant_id=self.tenant))
        engine.dispose()
        with self.cell.session(Bound(self.tenant)) as session:
            for slug, (parent, kind) in SITES.items():
                above = self.sites[parent] if parent else None
                session.add(Site(id=self.sites[slug], slug=slug, name=slug, type=kind, parent_id=above))
                session.flush()
            session.add(Module(name="liaison"))
            roles = {slug: Role(id=new_id(), slug=slug, level=r.level) for slug, r in self.registry.roles.items()}
            session.add_all(roles.values())
            session.add_all(
                Person(id=id, username=name, name=name, status="active") for name, id in self.people.items()
            )
            session.flush()
            for name, (post, site, relation) in PEOPLE.items():
                role, place = roles[post].id, self.sites[site]
                session.add(Grant(person_id=self.people[name], role_id=role, site_id=place, relation=relation))

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


@pytest.fixture
def world(shared_cell: Cell, shared_database: Database, registry: Registry, clock: Clock, tmp_path: Path) -> World:
    return World(shared_cell, shared_database, registry, clock, tmp_path / "store")
