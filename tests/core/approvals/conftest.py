"""Two companies with the module of approvals, in a database of the test module's own, and a stopped clock: a Monday, 9:00."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.access.tables import Deputy
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.records import actions
from dougong.records.approval_steps import approval_of
from dougong.records.approval_tables import Approval, ApprovalRow, ApprovalSeat
from dougong.records.tables import ClockStep
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Cell
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import due
from dougong.testing.clock import Clock
from dougong.testing.companies import Company, found_company
from dougong.testing.running import run_due
from dougong.testing.tables import create_tables

from . import papers
from .papers import Sheet, resource

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
CALENDAR = {"public_holidays": True, **dict.fromkeys(DAYS, "09:00-12:00, 13:00-18:00")}


class Office:
    """A company, with its sheets done by people."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock

    def create(self, by: str = "service_agent_n1", site: str = "n1", **body: Any) -> UUID:
        with self.company.acting(by, "sheets") as x:
            return actions.create(resource, body, x, site=self.company.sites[site]).id

    def do(self, id: UUID, step: str, by: str | None, *, version: int | None = None, **body: Any) -> None:
        with self.company.acting(by, "sheets") as x:
            actions.transition(resource, id, step, body, x, version=version)

    def edit(self, id: UUID, by: str, **body: Any) -> None:
        with self.company.acting(by, "sheets") as x:
            actions.update(resource, id, body, x, version=x.session.get_one(Sheet, (x.tenant, id)).row_version)

    def get(self, id: UUID) -> Sheet:
        with self.company.session() as session:
            found = session.get_one(Sheet, (self.company.tenant, id))
            session.expunge(found)
            return found

    def last(self, id: UUID, name: str | None = None) -> Approval:
        with self.company.acting(None, "sheets") as x:
            found = approval_of(x, x.session.get_one(Sheet, (x.tenant, id)), name)
            assert found is not None
            x.session.expunge_all()
            return found

    def offers(self, id: UUID, by: str) -> dict[str, tuple[bool, str]]:
        """The approval's transitions as a person sees them: allowed, or why not."""
        with self.company.acting(by, "sheets") as x:
            record = x.session.get_one(Sheet, (x.tenant, id))
            found = actions.choices_for(resource, record, x, frozenset())
            return {o.transition.name: (o.allowed, str(o.reason or "")) for o in found if not o.quiet}

    def waited(self, id: UUID, name: str = "release") -> set[str]:
        """User names of those whose turn it is."""
        names = {id: name for name, id in self.company.people.items()}
        with self.company.acting(None, "sheets") as x:
            record = x.session.get_one(Sheet, (x.tenant, id))
            return {names[one.person] for one in papers.flow.approvals[name].waited_for(record, x)}

    def absent(self, person: str, deputy: str, *, days: int = 5) -> None:
        """Let somebody be away from now on."""
        with self.company.session() as session:
            session.add(
                Deputy(
                    id=new_id(),
                    person_id=self.company.people[person],
                    deputy_id=self.company.people[deputy],
                    starts_at=self.clock.now,
                    ends_at=self.clock.now + dt.timedelta(days=days),
                )
            )

    def run(self) -> list[tuple[str, tuple[str, ...]]]:
        """Run what is due now; whom clocks told of what, by user name."""
        papers.TOLD.clear()
        run_due(self.company)
        names = {id: name for name, id in self.company.people.items()}
        return [(event, tuple(sorted(names[p] for p in people))) for event, people in papers.TOLD]


@pytest.fixture(scope="module")
def sheet_registry(registry: Registry) -> Registry:
    themes = [(name, one.module) for name, one in registry.plugins.items() if one.manifest.kind == "theme"]
    made = load([*themes, ("sheets", papers)])
    assert not made.failures, made.failures
    return made


@pytest.fixture(scope="module")
def sheet_companies(shared_database: Any, shared_cell: Cell, sheet_registry: Registry) -> list[Company]:
    create_tables(shared_database.owner, "sheets")
    made = [found_company(shared_database.owner, shared_cell, sheet_registry, slug) for slug in ("anhe", "jinxiu")]
    for one in made:
        one.jobs = Jobs(sheet_registry.jobs)
        one.settings("core", calendar=CALENDAR)
    return made


@pytest.fixture
def office(sheet_companies: list[Company], clock: Clock) -> Iterator[Office]:
    yield Office(sheet_companies[0], clock)
    for one in sheet_companies:
        with one.session() as session:
            for table in (ApprovalSeat, ApprovalRow, Sheet, ClockStep, due, Deputy):
                session.execute(sa.delete(table))


@pytest.fixture
def other(sheet_companies: list[Company], clock: Clock) -> Office:
    return Office(sheet_companies[1], clock)
