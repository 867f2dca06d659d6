"""``run_due``: what is due runs in the test's own thread, at the moment of the stopped clock."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.plugins.registry import Registry
from dougong.scheduling.jobs import Job, JobContext, Jobs
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import due
from dougong.testing import Clock, Company
from dougong.testing.running import Ran, run_due
from dougong.timing import dispatch


@pytest.fixture
def seen() -> list[Any]:
    return []


@pytest.fixture
def jobs(seen: list[Any], registry: Registry) -> Jobs:
    def note(x: JobContext, n: int) -> None:
        seen.append((n, x.attempt, x.context.now))
        if n < 0 and x.attempt < 3:
            raise OSError("not yet")

    return Jobs([*registry.jobs.values(), Job("core.note", note)])


def ran(company: Company, jobs: Jobs, name: str = "core.note", **more: Any) -> list[Ran]:
    """What ran of this name; the company's own schedules run beside it."""
    home = SimpleNamespace(cell=company.cell, registry=company.registry, jobs=jobs)
    return [one for one in run_due(home, **more) if one.name == name]


def test_it_keeps_to_the_stopped_clock(company: Company, clock: Clock, jobs: Jobs, seen: list[Any]) -> None:
    ran(company, jobs)  # what founding the company left
    begun = clock.now
    with company.session() as session:
        jobs.enqueue(session, "core.note", n=1)
        jobs.enqueue(session, "core.note", n=3, at=begun + dt.timedelta(hours=3))
        jobs.enqueue(session, "core.note", n=2, at=begun + dt.timedelta(hours=2))
    assert [one.ids["n"] for one in ran(company, jobs)] == [1]
    clock.move(hours=2)
    assert [one.ids["n"] for one in ran(company, jobs)] == [2]
    clock.move(days=400)
    assert [one.ids["n"] for one in ran(company, jobs)] == [3]
    assert [at - begun for _n, _attempt, at in seen] == [
        dt.timedelta(), dt.timedelta(hours=2), dt.timedelta(days=400, hours=2)
    ]  # fmt: skip
    assert ran(company, jobs) == []


def test_a_failure_is_raised_or_listed_and_tried_again_by_the_clock(
    company: Company, clock: Clock, jobs: Jobs, seen: list[Any]
) -> None:
    ran(company, jobs)
    with company.session() as session:
        jobs.enqueue(session, "core.note", n=-1)
    with pytest.raises(OSError, match="not yet"):
        ran(company, jobs)
    assert ran(company, jobs) == []  # the pause
    clock.move(minutes=1)
    (one,) = ran(company, jobs, failing=True)
    assert (one.attempt, str(one.error)) == (2, "not yet")
    clock.move(minutes=1)
    (one,) = ran(company, jobs)
    assert (one.attempt, one.error) == (3, None)
    assert len(seen) == 3


def test_what_is_due_goes_to_who_takes_its_kind(
    company: Company, clock: Clock, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Any] = []
    monkeypatch.setitem(dispatch.HANDLERS, "core.test", [lambda x, id: taken.append((x.now, id))])
    ran(company, jobs)
    id, begun = new_id(), clock.now
    with company.session() as session:
        rows = [
            {"tenant_id": company.tenant, "kind": kind, "id": id, "due_at": begun + dt.timedelta(hours=1)}
            for kind in ("core.test", "gone.thing")
        ]
        session.execute(sa.insert(due), rows)
    assert id not in [one.ids["id"] for one in ran(company, jobs, "core.due")]
    clock.move(hours=1)
    found = [one.ids["kind"] for one in ran(company, jobs, "core.due") if one.ids["id"] == id]
    assert sorted(found) == ["core.test", "gone.thing"]  # nobody takes the other
    assert taken == [(begun + dt.timedelta(hours=1), id)]
