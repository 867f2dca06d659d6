"""A company with the module ``rounds`` and a stopped clock: Monday 2 March 2026, 9:00 in Shanghai."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Cell
from dougong.testing.clock import Clock
from dougong.testing.companies import Company, found_company
from dougong.testing.running import Ran, run_due
from dougong.testing.server import Database
from dougong.timing.tables import Occurrence, ScheduleRow

from . import rounds

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture(scope="session")
def rounds_registry() -> Registry:
    """Not ``registry``: by that the template of all tests' databases is migrated."""
    found = load([("rounds", rounds)])
    assert not found.failures
    return found


@pytest.fixture
def make_company(database: Database, cell: Cell, rounds_registry: Registry) -> Callable[..., Company]:
    return partial(found_company, database.owner, cell, rounds_registry)


@pytest.fixture(autouse=True)
def quiet() -> None:
    rounds.broken.clear()
    rounds.told.clear()


class Office:
    """A company and what its schedules do."""

    def __init__(self, company: Company, clock: Clock) -> None:
        self.company, self.clock = company, clock
        company.jobs = Jobs(company.registry.jobs)

    def run(self, *, failing: bool = False) -> list[Ran]:
        return run_due(self.company, failing=failing)

    def rows(self) -> dict[tuple[str, str | None], ScheduleRow]:
        """By name and slug of the site."""
        names = {id: slug for slug, id in self.company.sites.items()}
        with self.company.session() as session:
            found = session.scalars(sa.select(ScheduleRow).order_by(ScheduleRow.name)).all()
            session.expunge_all()
        return {(row.name.removeprefix("rounds."), names.get(row.site_id)): row for row in found}  # type: ignore[arg-type]

    def row(self, name: str, site: str | None = None) -> ScheduleRow:
        return self.rows()[name, site]

    def runs(self, name: str, site: str | None = None) -> list[tuple[str, str]]:
        """(state, nominal time in Shanghai), the earliest first."""
        return [(run.state, run.nominal.astimezone(SHANGHAI).strftime("%m-%d %H:%M")) for run in self.all(name, site)]

    def all(self, name: str, site: str | None = None) -> list[Occurrence]:
        id = self.row(name, site).id
        with self.company.session() as session:
            mine = sa.select(Occurrence).where(Occurrence.schedule_id == id).order_by(Occurrence.nominal)
            found = list(session.scalars(mine))
            session.expunge_all()
        return found

    def effects(self) -> list[str]:
        from dougong import Location

        with self.company.session() as session:
            return sorted(session.scalars(sa.select(Location.name)))

    def change(self, name: str, site: str | None = None, **values: Any) -> None:
        """As the desk does it."""
        from dougong.timing import planning

        id = self.row(name, site).id
        with self.company.acting(None) as x:
            row = planning.locked(x, id)
            assert row is not None
            planning.alter(x, row, {**values, "changed": True})


@pytest.fixture
def office(company: Company, clock: Clock) -> Office:
    made = Office(company, clock)
    made.run()
    return made


@pytest.fixture
def make_office(make_company: Callable[..., Company], clock: Clock) -> Callable[..., Office]:
    def make(slug: str, **more: Any) -> Office:
        return Office(make_company(slug, **more), clock)

    return make
