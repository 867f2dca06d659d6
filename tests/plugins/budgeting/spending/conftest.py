"""A small company with an approved year, and one way to spend in it as somebody at some moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.access.store import Snapshots
from dougong.instant import now
from dougong.records import actions
from dougong.records.context import Context
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.tables import Setting
from dougong_budgeting.spending.balances import Planned, open_balances
from dougong_budgeting.spending.records import Actual, Adjustment, Balance, Commitment, Month
from dougong_budgeting.spending.resources import actual, adjustment, commitment, month

from tests.plugins.founding import founded

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.clock import Clock
    from dougong.testing.server import Database

SITES = {"company": (None, "company"), "garden": ("company", "project"), "park": ("company", "project")}
PEOPLE = {
    "finance": ("finance", "company", None),
    "region": ("regional_director", "company", None),
    "manager": ("project_manager", "garden", None),
    "manager2": ("project_manager", "park", None),
    "finance2": ("finance", "company", None),
    "director": ("property_director", "company", None),
    "client": ("client", "garden", None),
}
RESOURCES: dict[str, Any] = {"actual": actual, "commitment": commitment, "month": month, "adjustment": adjustment}
KINDS: dict[str, Any] = {"actual": Actual, "commitment": Commitment, "month": Month, "adjustment": Adjustment}
PLAN = (
    Planned("5101", [1_000_00] * 12, "hard"),
    Planned("5102", [1_000_00] * 12, "soft"),
    Planned("4101", [5_000_00] * 12, "none"),
)


class World:
    """One company in the test's database with the year 2026 approved at 安禾花园."""

    def __init__(self, cell: Cell, database: Database, registry: Registry) -> None:
        self.cell, self.registry = cell, registry
        made = founded(cell, database, registry, "budgeting", SITES, PEOPLE)
        self.tenant, self.sites, self.people = made.tenant, made.sites, made.people
        self.jobs = Jobs(registry.jobs)
        self.snapshots = Snapshots(cell, registry)
        self.documents = 0
        with self.as_(None) as x:
            open_balances(x, self.sites["garden"], 2026, PLAN)

    def settings(self, **changed: Any) -> None:
        with self.cell.session(Bound(self.tenant)) as session:
            session.merge(Setting(tenant_id=self.tenant, module="budgeting", value=changed))
        self.snapshots.drop(self.tenant)

    @contextmanager
    def as_(self, name: str | None) -> Iterator[Context[Any]]:
        snapshot = self.snapshots.get(self.tenant)
        with self.cell.session(Bound(self.tenant)) as session:
            gate = snapshot.gate(self.people[name] if name else None, now())
            yield Context(session, gate, snapshot.settings("budgeting"), now(), self.registry, self.jobs)

    def post(self, amount: Any, account: str = "5101", by: str = "manager", **more: Any) -> UUID:
        """An actual with a document of its own."""
        self.documents += 1
        body = {"account": account, "posted_on": "2026-03-10", "amount": amount, "text": "电梯维保", **more}
        body.setdefault("document", f"FP-{self.documents:05d}")
        return self.make("actual", by, **body)

    def commit(self, amount: int, account: str = "5101", by: str = "manager", **more: Any) -> UUID:
        body = {"source": "hand", "account": account, "due_on": "2026-03-20", "amount": amount, "title": "换钢丝绳"}
        return self.make("commitment", by, **{**body, **more})

    def adjust(self, nature: str, amount: int, *signers: str, by: str = "manager", **more: Any) -> UUID:
        """An adjustment, submitted, and signed by those who are named."""
        body = {"nature": nature, "year": 2026, "account": "5101", "month": 5, "amount": amount, "reason": "电价上调"}
        id = self.make("adjustment", by, **{**body, **more})
        self.do("adjustment", by, id, "approve_submit")
        for one in signers:
            self.do("adjustment", one, id, "approve_agree")
        return id

    def make(self, what: str, by: str, /, site: str = "garden", **body: Any) -> UUID:
        with self.as_(by) as x:
            made: UUID = actions.create(RESOURCES[what], body, x, site=self.sites[site]).id
            return made

    def do(self, what: str, by: str | None, id: UUID, step: str, /, **body: Any) -> None:
        with self.as_(by) as x:
            actions.transition(RESOURCES[what], id, step, body, x)

    def see(self, what: str, id: UUID) -> Any:
        with self.as_(None) as x:
            found: Any = x.session.get_one(KINDS[what], (self.tenant, id))
            x.session.expunge(found)
            return found

    def month(self, number: int) -> UUID:
        with self.as_(None) as x:
            rule = (Month.year == 2026, Month.month == number, Month.site_id == self.sites["garden"])
            return x.session.scalars(sa.select(Month.id).where(*rule)).one()

    def balance(self, account: str = "5101", period: int = 0, year: int = 2026) -> tuple[int, int, int]:
        """Approved, committed, spent."""
        with self.as_(None) as x:
            rule = (Balance.account == account, Balance.period == period, Balance.year == year)
            row = x.session.scalars(sa.select(Balance).where(Balance.tenant_id == self.tenant, *rule)).one()
            return row.approved, row.committed, row.spent


@pytest.fixture
def world(shared_cell: Cell, shared_database: Database, registry: Registry, clock: Clock) -> World:
    clock.at(dt.datetime.fromisoformat("2026-03-25T02:00:00+00:00"))
    return World(shared_cell, shared_database, registry)
