"""A company with three people and both trial modules, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import pytest
from dougong import Context, Site, now
from dougong.access.store import Snapshots
from dougong.access.tables import Grant, Person, Role
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import Module
from dougong.testing.tables import create_tables

from . import budgeting, inspections


@dataclass
class World:
    """One company: sites, people by user name, and units of work as one of them."""

    cell: Cell
    registry: Registry
    tenant: UUID
    sites: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)

    @contextmanager
    def work(self, person: str | None, module: str) -> Iterator[Context[Any]]:
        """A transaction as that person; None is the system."""
        snapshot = Snapshots(self.cell, self.registry).get(self.tenant)
        with self.cell.session(Bound(self.tenant, snapshot.version)) as session:
            gate = snapshot.gate(self.people[person] if person else None, now())
            yield Context(session, gate, snapshot.settings(module), now(), self.registry)


@pytest.fixture(scope="module")
def trial_registry() -> Registry:
    registry = load([("rounds", inspections), ("sums", budgeting)])
    assert not registry.failures
    return registry


@pytest.fixture(scope="module")
def world(shared_database: Any, shared_cell: Cell, trial_registry: Registry) -> World:
    for schema in ("rounds", "sums"):
        create_tables(shared_database.owner, schema)
    made = World(shared_cell, trial_registry, new_id())
    with psycopg.connect(shared_database.owner, autocommit=True) as owner:
        owner.execute("INSERT INTO platform.tenant (id, slug, name) VALUES (%s, 'trial', 'Trial')", (made.tenant,))
        owner.execute("INSERT INTO platform.tenant_version (tenant_id) VALUES (%s)", (made.tenant,))
    posts = {
        "manager": ("project_manager", "garden"),
        "agent": ("service_agent", "garden"),
        "fitter": ("technician", "garden"),
    }
    with shared_cell.session(Bound(made.tenant)) as session:
        for slug, above in (("company", None), ("garden", "company"), ("park", "company")):
            site = Site(id=new_id(), slug=slug, name=slug, parent_id=made.sites.get(above or ""))
            session.add(site)
            session.flush()
            made.sites[slug] = site.id
        session.add_all(Module(name=name) for name in ("rounds", "sums"))
        for username, (post, place) in posts.items():
            person, role = Person(id=new_id(), username=username, name=username), Role(id=new_id(), slug=post)
            session.add_all([person, role])
            session.flush()
            session.add(
                Grant(
                    person_id=person.id,
                    role_id=role.id,
                    site_id=made.sites[place],
                    relation="mine" if username == "fitter" else None,
                )
            )
            made.people[username] = person.id
    return made
