"""A small company with its posts, and one way to do things with work orders as somebody at some moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.access.snapshot import Snapshot
from dougong.access.store import Snapshots
from dougong.access.tables import Grant
from dougong.instant import now
from dougong.records import actions
from dougong.records.context import Context
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.stored import Identified
from dougong.tenancy.tables import Setting
from dougong_workorders.records import Order
from dougong_workorders.resource import resource

from tests.plugins.founding import founded

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.clock import Clock
    from dougong.testing.server import Database

SITES = {"company": (None, "company"), "garden": ("company", "project"), "park": ("company", "project")}
PEOPLE = {  # username: (post, site, relation)
    "finance": ("finance", "company", None),
    "quality": ("quality", "company", None),
    "manager": ("project_manager", "garden", None),
    "lead": ("service_lead", "garden", None),
    "agent": ("service_agent", "garden", None),
    "engineer": ("engineering_lead", "garden", "mine"),
    "cleaner": ("cleaning_lead", "garden", "mine"),
    "gardener": ("greening_lead", "garden", "mine"),
    "tech": ("technician", "garden", "mine"),
    "tech2": ("technician", "garden", "mine"),
    "client": ("client", "garden", "raised"),
    "engineer2": ("engineering_lead", "park", "mine"),
    "lead2": ("service_lead", "park", None),
}
BODY: Mapping[str, Any] = {
    "nature": "repair",
    "urgency": "normal",
    "source": "phone",
    "category": "water",
    "title": "厨房水龙头滴水",
    "location": "3 号楼 2 单元 1801",
    "reporter": "王女士",
    "phone": "13800005678",
}
DONE = {"result": "更换阀芯，试水正常", "minutes": 40}


class World:
    """One company in the test's database. ``as_`` opens a unit of work; the rest are short ways through it."""

    def __init__(self, cell: Cell, database: Database, registry: Registry, clock: Clock) -> None:
        self.cell, self.registry, self.clock = cell, registry, clock
        made = founded(cell, database, registry, "workorders", SITES, PEOPLE)
        self.tenant, self.sites, self.people = made.tenant, made.sites, made.people
        self.jobs = Jobs(registry.jobs)
        self.snapshots = Snapshots(cell, registry)

    def settings(self, **changed: Any) -> None:
        with self.cell.session(Bound(self.tenant)) as session:
            session.merge(Setting(tenant_id=self.tenant, module="workorders", value=changed))
        self.snapshots.drop(self.tenant)

    def hand_post(self, old: str, new: str) -> None:
        """The grants of one person become another's."""
        with self.cell.session(Bound(self.tenant)) as session:
            who = Grant.person_id == self.people[old]
            session.execute(sa.update(Grant).where(who).values(person_id=self.people[new]))
        self.snapshots.drop(self.tenant)

    @property
    def snapshot(self) -> Snapshot:
        return self.snapshots.get(self.tenant)

    @contextmanager
    def as_(self, name: str | None) -> Iterator[Context[Any]]:
        with self.cell.session(Bound(self.tenant)) as session:
            gate = self.snapshot.gate(self.people[name] if name else None, now())
            yield Context(session, gate, self.snapshot.settings("workorders"), now(), self.registry, self.jobs)

    def raise_(self, by: str = "agent", site: str = "garden", then: str | None = None, **over: Any) -> UUID:
        with self.as_(by) as x:
            body, done = {**BODY, **over}, {"result": DONE["result"]} if then else None
            return actions.create(resource, body, x, site=self.sites[site], then=then, then_body=done).id

    def do(self, by: str | None, id: UUID, step: str, /, **body: Any) -> None:
        if body.get("owner_id") in self.people:
            body["owner_id"] = str(self.people[body["owner_id"]])
        with self.as_(by) as x:
            actions.transition(resource, id, step, body, x)

    def edit(self, by: str, id: UUID, /, **body: Any) -> None:
        with self.as_(by) as x:
            actions.update(resource, id, body, x, version=self.see(id).row_version)

    def see(self, id: UUID) -> Order:
        with self.as_(None) as x:
            found = x.session.get_one(Order, (self.tenant, id))
            x.session.expunge(found)
            return found

    def children(self, id: UUID, kind: type[Identified]) -> list[Any]:
        with self.as_(None) as x:
            found = x.children(x.session.get_one(Order, (self.tenant, id)), kind)  # type: ignore[type-var]
            for one in found:
                x.session.expunge(one)
            return found

    def parts(self, id: UUID) -> list[Order]:
        with self.as_(None) as x:
            found = list(x.session.scalars(sa.select(Order).where(Order.main_id == id).order_by(Order.number)))
            for one in found:
                x.session.expunge(one)
            return found

    def sees(self, by: str, id: UUID) -> bool:
        with self.as_(by) as x:
            return x.session.scalar(x.readable(Order).where(Order.id == id)) is not None

    def offered(self, by: str, id: UUID) -> set[str]:
        """The steps that this person may take now."""
        with self.as_(by) as x:
            record, relations = actions._load(resource, id, x, None)
            return {o.transition.name for o in actions.choices_for(resource, record, x, relations) if o.allowed}

    # ---- ways to a state ----

    def there(self, **over: Any) -> UUID:
        """An order at which the technician has arrived."""
        id = self.raise_(**over)
        self.arrive(id)
        return id

    def arrive(self, id: UUID, who: str = "tech", by: str = "lead") -> None:
        self.do(by, id, "dispatch", owner_id=who)
        self.do(who, id, "accept")
        self.do(who, id, "arrive")

    def finished(self, **over: Any) -> UUID:
        id = self.there(**over)
        self.do("tech", id, "finish", **DONE)
        return id

    def end(self, id: UUID) -> None:
        self.do("lead", id, "check")
        self.do("lead", id, "close")


@pytest.fixture
def world(shared_cell: Cell, shared_database: Database, registry: Registry, clock: Clock) -> World:
    return World(shared_cell, shared_database, registry, clock)
