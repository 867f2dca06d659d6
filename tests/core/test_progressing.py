"""The words of how far work is, in each state; every job of ours says what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from dougong import work_progress
from dougong.plugins import Registry
from dougong.tenancy.stored import new_id
from dougong.testing import Company
from dougong.testing.server import Database
from dougong.timing.schedules import Schedule
from dougong.views import Progress
from dougong.words import locale


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    token = locale.set("en")
    yield
    locale.reset(token)


class Told:
    """Work about something, in whatever state."""

    def __init__(self, owner: psycopg.Connection[Any], company: Company) -> None:
        self.owner, self.company, self.about = owner, company, new_id()

    def at(self, status: str, done: int, total: int, *, attempts: int = 0, note: str = "", later: str | None = None) -> None:
        self.owner.execute("DELETE FROM platform.procrastinate_jobs")
        row = self.owner.execute(
            "INSERT INTO platform.procrastinate_jobs (queue_name, task_name, args, status, attempts, scheduled_at) VALUES "
            "('default', 'papers.make', jsonb_build_object('tenant', %s::text), %s, %s, now() + %s::interval) RETURNING id",
            [self.company.tenant, status, attempts, later],
        ).fetchone()
        assert row
        self.owner.execute(
            "INSERT INTO platform.job_progress VALUES (%s, %s, %s, 1, %s, %s, %s, now()) ON CONFLICT (tenant_id, about) "
            "DO UPDATE SET job_id = excluded.job_id, done = excluded.done, total = excluded.total, note = excluded.note",
            [self.company.tenant, self.about, row[0], done, total, note],
        )

    def seen(self, about: UUID | None = None, **more: int) -> Progress:
        with self.company.acting(None) as x:
            return work_progress(x, about or self.about, **more)


@pytest.fixture
def told(database: Database, company: Company) -> Iterator[Told]:
    with psycopg.connect(database.superuser, autocommit=True) as owner:
        yield Told(owner, company)


def test_before_it_begins(told: Told) -> None:
    assert told.seen(new_id()) == Progress(0, 1, "It waits for its turn.")
    assert told.seen(new_id(), done=200, of=500) == Progress(200, 500, "200 of 500")


def test_while_it_runs(told: Told) -> None:
    told.at("doing", 0, 120)
    assert told.seen() == Progress(0, 120, "It has begun.")
    told.at("doing", 43, 120, note="The pages are being set.")
    assert told.seen() == Progress(43, 120, "43 of 120", "The pages are being set.")
    told.at("doing", 43, 0)
    assert told.seen() == Progress(43, 0, "43 so far")
    told.at("doing", 43, 120, attempts=1)  # the second try has said nothing yet
    assert told.seen() == Progress(0, 120, "It has begun.")
    assert told.seen(done=20, of=120) == Progress(20, 120, "20 of 120")  # what is committed stays


def test_when_it_did_not_work_out(told: Told) -> None:
    told.at("todo", 43, 120, attempts=1, later="10 minutes")
    seen = told.seen()
    assert (seen.tone, seen.live, seen.done) == ("warn", True, 0)
    assert "tried again by itself" in seen.text
    told.at("failed", 43, 120, attempts=3)
    seen = told.seen()
    assert (seen.tone, seen.live) == ("bad", False)
    assert "Background work" in seen.text


def test_another_company_sees_nothing(told: Told, other_company: Company) -> None:
    told.at("doing", 43, 120)
    with other_company.acting(None) as x:
        assert work_progress(x, told.about) == Progress(0, 1, "It waits for its turn.")


def test_every_job_says_what_it_does(registry: Registry) -> None:
    said = {one.name for _module, one in registry.contributed(Schedule, frozenset(registry.plugins))}
    assert [name for name, job in registry.jobs.items() if job.label is None and name not in said] == []
