"""How far long work is: seen while its transaction is open, kept apart by company, honest at a second try."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from dougong.instant import now
from dougong.records.tables import Number
from dougong.scheduling import progress
from dougong.scheduling.jobs import Job, JobContext, Jobs
from dougong.scheduling.progress import Progress, progress_of
from dougong.tenancy.cells import Bound
from dougong.tenancy.stored import new_id

from .test_jobs import Office, office, until

__all__ = ["office"]


def told(at: Office, tenant: UUID, about: UUID) -> Progress | None:
    with at.cell.session(Bound(tenant)) as session:
        return progress_of(session, tenant, about)


def test_it_is_seen_while_the_work_is_not_committed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", 600.0)
    tenant, other, about = office.company(), office.company(), new_id()
    said, go = threading.Event(), threading.Event()

    def long(job: JobContext, run: UUID) -> None:
        job.session.add(Number(series="n", year=2025, last=1))
        job.session.flush()
        for n in range(3):  # only the first is written: the others come too soon
            job.progress(n + 40, 100, "第二步")
        said.set()
        assert go.wait(20)

    jobs = Jobs([Job("checks.long", long)])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.long", run=about)
        until(said.is_set)
        found = told(office, tenant, about)
        assert found is not None
        assert (found.done, found.total, found.note, found.state, found.attempt) == (40, 100, "第二步", "running", 1)
        assert abs((now() - found.at).total_seconds()) < 60
        assert told(office, other, about) is None
        go.set()
        until(lambda: office.finished(number))
    assert told(office, tenant, about) is None


def test_a_second_try_begins_at_nothing(office: Office) -> None:
    tenant, about = office.company(), new_id()
    second, go = threading.Event(), threading.Event()

    def breaks(job: JobContext, run: UUID) -> None:
        if job.attempt == 1:
            job.progress(90, 100)
            raise OSError("the disk is full")
        second.set()
        assert go.wait(20)

    jobs = Jobs([Job("checks.breaks", breaks)])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.breaks", run=about)
        until(second.is_set)
        found = told(office, tenant, about)
        assert found is not None
        assert (found.done, found.total, found.state) == (0, 100, "running")
        go.set()
        until(lambda: office.finished(number))


def test_what_failed_for_good_says_so(office: Office) -> None:
    tenant, about = office.company(), new_id()

    def breaks(job: JobContext, run: UUID) -> None:
        job.progress(5, 100)
        raise OSError("the disk is full")

    jobs = Jobs([Job("checks.breaks", breaks, retries=0)])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.breaks", run=about)
        until(lambda: office.status(number) == "failed")
    found = told(office, tenant, about)
    assert found is not None
    assert found.state == "failed"


def test_a_note_that_cannot_be_written_does_not_stop_the_work(office: Office) -> None:
    tenant = office.company()

    def odd(job: JobContext) -> None:
        job.progress(-5, -1, "x\0" * 500)
        job.session.info["progress at"] = None
        with office.cell.session(Bound(tenant)):
            office.owner.execute("REVOKE INSERT ON platform.job_progress FROM dougong_app")
        try:
            job.progress(1, 2)
        finally:
            office.owner.execute("GRANT INSERT ON platform.job_progress TO dougong_app")
        job.session.add(Number(series="odd", year=2025, last=1))

    jobs = Jobs([Job("checks.odd", odd)])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.odd")
        until(lambda: office.finished(number))
    with office.cell.session(Bound(tenant)) as session:
        assert session.get(Number, (tenant, "odd", 2025)) is not None
