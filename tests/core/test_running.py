"""``run_due``: what is due runs in the test's own thread, at the moment of the stopped clock."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from dougong import words
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


def test_what_a_job_writes_is_in_the_companys_language(
    company: Company, clock: Clock, registry: Registry, seen: list[Any]
) -> None:
    jobs = Jobs([*registry.jobs.values(), Job("core.say", lambda x: seen.append(words.locale.get()))])
    company.settings("core", locale="zh")
    with company.session() as session:
        jobs.enqueue(session, "core.say")
    spoken = words.locale.set("en")
    try:
        ran(company, jobs, "core.say")
        assert words.locale.get() == "en"
    finally:
        words.locale.reset(spoken)
    assert seen == ["zh"]


def test_time_passes_through_each_moment_at_which_something_is_due(
    company: Company, clock: Clock, jobs: Jobs, seen: list[Any]
) -> None:
    ran(company, jobs)
    begun = clock.now
    with company.session() as session:
        for hours in (5, 1, 3):
            jobs.enqueue(session, "core.note", n=hours, at=begun + dt.timedelta(hours=hours))
        jobs.enqueue(session, "core.note", n=-4, at=begun + dt.timedelta(hours=4))
    home = SimpleNamespace(cell=company.cell, registry=company.registry, jobs=jobs)
    tried = [one for one in clock.through(hours=6, of=home, failing=True) if one.name == "core.note"]
    assert [one.ids["n"] for one in tried] == [1, 3, -4, -4, -4, 5]
    assert [round((at - begun) / dt.timedelta(hours=1), 1) for _n, _attempt, at in seen] == [1, 3, 4, 4, 4, 5]
    assert [one.at for one in tried] == [at for _n, _attempt, at in seen]
    assert clock.now - begun == dt.timedelta(hours=6)
    with pytest.raises(ValueError, match="forwards"):
        clock.through(until=begun)


def test_a_time_that_does_not_move_is_said(company: Company, clock: Clock, jobs: Jobs, monkeypatch: Any) -> None:
    ran(company, jobs)
    with company.session() as session:
        jobs.enqueue(session, "core.note", n=1, at=clock.now + dt.timedelta(hours=1))
    monkeypatch.setattr("dougong.instant._ahead", -dt.timedelta(microseconds=4))
    home = SimpleNamespace(cell=company.cell, registry=company.registry, jobs=jobs)
    with pytest.raises(RuntimeError, match="does not come to"):
        clock.through(hours=6, of=home)


def test_what_waits_for_a_module_does_not_stop_time(
    company: Company, clock: Clock, registry: Registry, seen: list[Any]
) -> None:
    jobs = Jobs([*registry.jobs.values(), Job("complaints.note", lambda x: seen.append(x.context.now))])
    company.switch("complaints", False)
    with company.session() as session:
        jobs.enqueue(session, "complaints.note")
    home = SimpleNamespace(cell=company.cell, registry=company.registry, jobs=jobs)
    tried = [one for one in clock.through(days=30, of=home) if one.name == "complaints.note"]
    assert len(tried) <= 3
    assert seen == []
    company.switch("complaints", True)
    clock.through(days=31, of=home)
    assert len(seen) == 1


def test_the_fixture_knows_the_tests_own_company(company: Company, clock: Clock) -> None:
    clock.run()
    (first, *_rest) = [one for one in clock.upcoming(7) if one.what == "schedule"]
    ran = clock.through(until=first.at)
    assert first.name in [one.name for one in ran if one.at == first.at]
    assert clock.upcoming(7, by="nobody") == []


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
    monkeypatch.setitem(dispatch.HANDLERS, "core.test", (lambda x, id: taken.append((x.now, id)),))
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
