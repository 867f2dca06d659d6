"""Two companies with the module of clocks, in a database of the test module's own, and a stopped clock: a Monday, 9:00."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.records import actions
from dougong.records.tables import ClockStep
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Cell
from dougong.tenancy.tables import due
from dougong.testing.clock import Clock
from dougong.testing.companies import Company, found_company
from dougong.testing.running import run_due
from dougong.testing.tables import create_tables

from . import errands
from .errands import Errand, resource

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
CALENDAR = {"public_holidays": True, **dict.fromkeys(DAYS, "09:00-12:00, 13:00-18:00")}


class Office:
    """A company, with its errands done by people."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock

    def create(self, by: str = "service_agent_n1", site: str = "n1", **body: Any) -> UUID:
        with self.company.acting(by, "errands") as x:
            return actions.create(resource, body, x, site=self.company.sites[site]).id

    def do(self, id: UUID, step: str, by: str | None = "service_lead_n1", **body: Any) -> None:
        with self.company.acting(by, "errands") as x:
            actions.transition(resource, id, step, body, x)

    def edit(self, id: UUID, by: str = "service_lead_n1", **body: Any) -> None:
        with self.company.acting(by, "errands") as x:
            actions.update(resource, id, body, x, version=x.session.get_one(Errand, (x.tenant, id)).row_version)

    def get(self, id: UUID) -> Errand:
        with self.company.session() as session:
            found = session.get_one(Errand, (self.company.tenant, id))
            session.expunge(found)
            return found

    def waits(self, id: UUID) -> dt.datetime | None:
        """When the record is looked at next, as its due row has it."""
        with self.company.session() as session:
            return session.scalar(sa.select(due.c.due_at).where(due.c.id == id))

    def run(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Run what is due now; whom clocks told of what, by user name."""
        errands.TOLD.clear()
        run_due(self.company)
        names = {id: name for name, id in self.company.people.items()}
        return [(event, clock, tuple(names[p] for p in people)) for event, clock, people, _facts in errands.TOLD]


@pytest.fixture(scope="module")
def errand_registry(registry: Registry) -> Registry:
    themes = [(name, one.module) for name, one in registry.plugins.items() if one.manifest.kind == "theme"]
    made = load([*themes, ("errands", errands)])
    assert not made.failures, made.failures
    return made


@pytest.fixture(scope="module")
def errand_companies(shared_database: Any, shared_cell: Cell, errand_registry: Registry) -> list[Company]:
    create_tables(shared_database.owner, "errands")
    made = [found_company(shared_database.owner, shared_cell, errand_registry, slug) for slug in ("anhe", "jinxiu")]
    for one in made:
        one.jobs = Jobs(errand_registry.jobs)
        one.settings("core", calendar=CALENDAR)
    return made


@pytest.fixture
def office(errand_companies: list[Company], clock: Clock) -> Iterator[Office]:
    yield Office(errand_companies[0], clock)
    for one in errand_companies:
        with one.session() as session:
            for table in (errands.News, errands.Report, Errand, ClockStep, due):
                session.execute(sa.delete(table))


@pytest.fixture
def other(errand_companies: list[Company], clock: Clock) -> Office:
    return Office(errand_companies[1], clock)
