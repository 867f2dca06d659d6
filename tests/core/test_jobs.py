"""Jobs on the real database: enqueued with the transaction, run once, kept apart by company, surviving dead workers."""

from __future__ import annotations

import asyncio
import datetime as dt
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import metadata
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from dougong.instant import now
from dougong.records.tables import Number
from dougong.scheduling import jobs as jobs_module
from dougong.scheduling.attempts import Pauses
from dougong.scheduling.jobs import Gone, Job, JobContext, Jobs, Off
from dougong.scheduling.process import WorkerThread
from dougong.scheduling.worker import Pace, Worker
from dougong.tenancy.cells import Bound, Cell, Suspended
from dougong.tenancy.stored import new_id
from dougong.testing.server import Database
from packaging.requirements import Requirement

# A busy machine may hold the process up for seconds: a worker that was only held up must not be given up as dead.
QUICK = Pace(
    concurrency=4, poll=0.1, tick=0.05, heartbeat=0.2, stalled=60, rescue=0.1, wait=0.2, backoff=0.05, longest=0.2, grace=5
)
RESCUING = replace(QUICK, stalled=1.0)  # where a worker is dead, and the test waits until that is noticed


class Opened:
    def __init__(self, session: Any) -> None:
        self.session = session


class Office:
    """A queue with companies, and what their switches say."""

    def __init__(self, cell: Cell, owner: psycopg.Connection[Any]) -> None:
        self.cell, self.owner = cell, owner
        self.off: set[tuple[UUID, str]] = set()
        self.gone: set[UUID] = set()

    def company(self) -> UUID:
        tenant = new_id()
        self.owner.execute(
            "INSERT INTO platform.tenant (id, slug, name) VALUES (%s, %s, %s)", (tenant, f"c{tenant.hex}", "安禾物业")
        )
        return tenant

    @contextmanager
    def open(self, tenant: UUID, module: str) -> Iterator[Opened]:
        if tenant in self.gone:
            raise Gone(str(tenant))
        if (tenant, module) in self.off:
            raise Off(module)
        with self.cell.session(Bound(tenant)) as session:
            yield Opened(session)

    def enqueue(self, tenant: UUID, jobs: Jobs, name: str, **more: Any) -> int:
        with self.cell.session(Bound(tenant)) as session:
            return jobs.enqueue(session, name, **more)

    def row(self, number: int) -> tuple[Any, ...] | None:
        return self.owner.execute(
            "SELECT status::text, attempts, args, queueing_lock, scheduled_at FROM platform.procrastinate_jobs WHERE id = %s",
            (number,),
        ).fetchone()

    def finished(self, number: int) -> bool:
        return self.row(number) is None  # what succeeded is deleted

    def status(self, number: int) -> str | None:
        found = self.row(number)
        return found[0] if found else None

    def listens(self) -> bool:
        """Whether a worker of this database, not one of another test's, hears what is announced."""
        return bool(
            self.owner.execute(
                "SELECT 1 FROM pg_stat_activity"
                " WHERE datname = current_database() AND state = 'idle' AND query LIKE 'LISTEN%%'"
            ).fetchone()
        )

    @contextmanager
    def working(self, jobs: Jobs, pace: Pace = QUICK, queues: tuple[str, ...] | None = None) -> Iterator[WorkerThread]:
        thread = WorkerThread(Worker(jobs, self.cell.address, self.open, pace=pace, queues=queues), pause=0.1)
        thread.start()
        try:
            yield thread
        finally:
            thread.stop()


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something that another thread or process does; the only waiting in these tests."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def office(shared_cell: Cell, shared_database: Database) -> Iterator[Office]:
    with psycopg.connect(shared_database.superuser, autocommit=True) as owner:
        owner.execute("DELETE FROM platform.procrastinate_jobs")
        owner.execute("DELETE FROM platform.procrastinate_workers")
        yield Office(shared_cell, owner)


def count(x: JobContext, series: str = "n") -> None:
    """An effect that shows when it happens twice."""
    found = x.session.get(Number, (x.tenant, series, 2025))
    if found is None:
        x.session.add(Number(series=series, year=2025, last=1))
    else:
        found.last += 1


def counted(office: Office, tenant: UUID, series: str = "n") -> int:
    with office.cell.session(Bound(tenant)) as session:
        return session.scalar(sa.select(Number.last).where(Number.series == series)) or 0


COUNT = Jobs([Job("checks.count", count)])


# ---- enqueueing ----


def test_a_job_is_there_when_the_transaction_commits_and_only_then(office: Office) -> None:
    tenant = office.company()
    with suppress(ZeroDivisionError), office.cell.session(Bound(tenant)) as session:
        lost = COUNT.enqueue(session, "checks.count")
        raise ZeroDivisionError
    assert office.row(lost) is None
    assert office.status(office.enqueue(tenant, COUNT, "checks.count")) == "todo"


def test_a_savepoint_takes_its_jobs_with_it(office: Office) -> None:
    with office.cell.session(Bound(office.company())) as session:
        with session.begin_nested() as inner:
            lost = COUNT.enqueue(session, "checks.count")
            inner.rollback()
        kept = COUNT.enqueue(session, "checks.count")
    assert office.row(lost) is None
    assert office.status(kept) == "todo"


def test_a_key_makes_one_job_of_many(office: Office) -> None:
    a, b = office.company(), office.company()
    first = office.enqueue(a, COUNT, "checks.count", key="x")
    assert office.enqueue(a, COUNT, "checks.count", key="x") == first
    others = {
        office.enqueue(a, COUNT, "checks.count", key="y"),
        office.enqueue(b, COUNT, "checks.count", key="x"),
        office.enqueue(a, COUNT, "checks.count"),
        office.enqueue(a, COUNT, "checks.count"),
    }
    assert len(others | {first}) == 5


def test_a_waiting_job_moves_to_the_earlier_time(office: Office) -> None:
    tenant, later = office.company(), now() + dt.timedelta(days=2)
    number = office.enqueue(tenant, COUNT, "checks.count", key="x", at=later)
    office.enqueue(tenant, COUNT, "checks.count", key="x", at=later - dt.timedelta(days=1))
    assert office.row(number)[4] == later - dt.timedelta(days=1)  # type: ignore[index]
    office.enqueue(tenant, COUNT, "checks.count", key="x", at=later)
    assert office.row(number)[4] == later - dt.timedelta(days=1)  # type: ignore[index]
    office.enqueue(tenant, COUNT, "checks.count", key="x")
    assert office.row(number)[4] is None  # type: ignore[index]


def test_a_waiting_job_is_not_taken_before_it_can_see_the_work(office: Office) -> None:
    tenant = office.company()
    number = office.enqueue(tenant, COUNT, "checks.count", key="x")
    with office.cell.session(Bound(tenant)) as session:
        assert COUNT.enqueue(session, "checks.count", key="x") == number
        taken = office.owner.execute("SELECT id FROM platform.take_job(NULL, ARRAY['default'], NULL)")
        assert taken.fetchone() is None


def test_a_running_job_does_not_count_for_its_key(office: Office) -> None:
    tenant, begun, go = office.company(), threading.Event(), threading.Event()

    def slow(x: JobContext) -> None:
        begun.set()
        assert go.wait(20)
        if x.attempt == 1:
            raise OSError("tried again while its twin waits")
        count(x)

    jobs = Jobs([Job("checks.slow", slow)])
    with office.working(jobs):
        first = office.enqueue(tenant, jobs, "checks.slow", key="x")
        until(begun.is_set)
        second = office.enqueue(tenant, jobs, "checks.slow", key="x")
        assert second != first
        go.set()
        until(lambda: office.finished(first) and office.finished(second))
    assert counted(office, tenant) == 2


@pytest.mark.parametrize(
    "ids",
    [
        {"text": "x" * 201},
        {"number": 1.5},
        {"record": {"name": "王某"}},
        {"many": [1, 2]},
        {"nul": "a\0b"},
        {"huge": 2**70},
        {"tenant": str(uuid4())},
        {"when": now()},
    ],
)
def test_only_ids_are_arguments(office: Office, ids: dict[str, Any]) -> None:
    with office.cell.session(Bound(office.company())) as session, pytest.raises(TypeError, match=r"checks\.count"):
        Jobs([Job("checks.count", lambda x, **ids: None)]).enqueue(session, "checks.count", **ids)


def test_mistakes_of_a_plugin_are_found_at_once(office: Office) -> None:
    with office.cell.session(Bound(office.company())) as session:
        with pytest.raises(ValueError, match="no module declares"):
            COUNT.enqueue(session, "checks.other")
        with pytest.raises(ValueError, match="time zone"):
            COUNT.enqueue(session, "checks.count", at=dt.datetime(2025, 1, 1))
        with pytest.raises(ValueError, match="key"):
            COUNT.enqueue(session, "checks.count", key="")
        with pytest.raises(TypeError, match="unexpected keyword"):
            COUNT.enqueue(session, "checks.count", case=new_id())
    with pytest.raises(ValueError, match=r"module\.verb"):
        Job("count", count)

    async def coroutine(x: JobContext) -> None: ...

    with pytest.raises(ValueError, match="plain functions"):
        Job("checks.count", coroutine)  # type: ignore[arg-type]


# ---- the tenant barrier ----


def test_the_company_is_stamped(office: Office) -> None:
    tenant = office.company()
    assert office.row(office.enqueue(tenant, COUNT, "checks.count"))[2] == {"tenant": str(tenant)}  # type: ignore[index]


def test_no_job_for_another_company_and_none_without(office: Office) -> None:
    a, b = office.company(), office.company()
    forged = {"name": "checks.count", "queue": "default", "arguments": {"tenant": str(b)}, "key": None, "due": None}
    with office.cell.session(Bound(a)) as session, pytest.raises(sa.exc.DBAPIError, match="another company"):
        session.execute(jobs_module._ENQUEUE, forged)
    with office.cell.platform() as connection, pytest.raises(sa.exc.DBAPIError, match="none is set"):
        connection.execute(jobs_module._ENQUEUE, {**forged, "arguments": {}})


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT args FROM platform.procrastinate_jobs WHERE id > %s",
        "UPDATE platform.procrastinate_jobs SET args = '{}' WHERE id > %s",
        "DELETE FROM platform.procrastinate_jobs WHERE id > %s",
        "INSERT INTO platform.procrastinate_jobs (id, queue_name, task_name) VALUES (%s, 'default', 'checks.count')",
        "SELECT * FROM platform.procrastinate_events WHERE id > %s",
        "INSERT INTO platform.job_effect VALUES (%s)",
        "SELECT platform.announce_job(%s, 'default')",
    ],
)
def test_the_application_has_no_rights_on_the_queues_tables(office: Office, statement: str) -> None:
    with psycopg.connect(office.cell.address) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement, (0,))


def test_the_queues_functions_are_pinned_and_closed(office: Office) -> None:
    open_functions = office.owner.execute(
        """SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'platform'::regnamespace
           AND (p.proname LIKE 'procrastinate%%' OR p.proname LIKE '%%job%%')
           AND (NOT p.prosecdef OR NOT p.proconfig @> ARRAY['search_path=platform, pg_temp']
                OR has_function_privilege('dougong_operator', p.oid, 'EXECUTE'))"""
    ).fetchall()
    assert open_functions == []


# ---- running ----


def test_a_job_runs_in_its_company_with_its_ids(office: Office) -> None:
    tenant, case = office.company(), new_id()
    seen: list[tuple[Any, ...]] = []

    def look(x: JobContext, **ids: Any) -> None:
        seen.append((x.tenant, x.attempt, x.key, ids))

    jobs = Jobs([Job("checks.look", look)])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.look", case=case, step=2, last=True, code="A-1", none=None)
        until(lambda: office.finished(number))
    ids = {"case": case, "step": 2, "last": True, "code": "A-1", "none": None}
    assert seen == [(tenant, 1, f"checks.look:{number}", ids)]


def test_an_announced_job_starts_without_waiting_for_the_poll(office: Office) -> None:
    with office.working(COUNT, Pace(poll=600, grace=5)):
        until(lambda: office.owner.execute("SELECT 1 FROM platform.procrastinate_workers").fetchone())
        until(office.listens)
        number = office.enqueue(office.company(), COUNT, "checks.count")
        until(lambda: office.finished(number))


def test_a_job_announced_while_the_worker_looks_for_one_does_not_wait_for_the_poll(office: Office) -> None:
    looked, go = threading.Event(), threading.Event()

    class Slow(Worker):
        """Finds nothing, and is slow to say so."""

        async def take(self, worker: int) -> Any:
            row = await super().take(worker)
            if not looked.is_set():
                looked.set()
                await asyncio.to_thread(go.wait, 20)
            return row

    worker = Slow(COUNT, office.cell.address, office.open, pace=Pace(poll=600, grace=5))
    thread = WorkerThread(worker, pause=0.1)
    thread.start()
    try:
        until(looked.is_set)
        until(office.listens)
        number = office.enqueue(office.company(), COUNT, "checks.count")
        until(lambda: worker._app.job_manager.announced)  # type: ignore[attr-defined]
        go.set()
        until(lambda: office.finished(number))
    finally:
        go.set()
        thread.stop()


def test_a_job_for_later_waits_for_its_time(office: Office) -> None:
    tenant = office.company()
    with office.working(COUNT):
        later = office.enqueue(tenant, COUNT, "checks.count", at=now() + dt.timedelta(hours=1))
        soon = office.enqueue(tenant, COUNT, "checks.count", at=now() + dt.timedelta(milliseconds=200))
        until(lambda: office.finished(soon))
    assert office.status(later) == "todo"


def test_a_failing_job_is_tried_again_and_has_one_effect(office: Office) -> None:
    tenant = office.company()
    tries: list[int] = []

    def shaky(x: JobContext) -> None:
        tries.append(x.attempt)
        count(x)
        x.session.flush()
        if x.attempt < 3:
            raise OSError("not yet")

    jobs = Jobs([Job("checks.shaky", shaky)])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.shaky")
        until(lambda: office.finished(number))
    assert tries == [1, 2, 3]
    assert counted(office, tenant) == 1


def test_a_job_that_never_succeeds_is_kept_as_failed(office: Office) -> None:
    tries: list[int] = []

    def hopeless(x: JobContext) -> None:
        tries.append(x.attempt)
        raise OSError("never")

    jobs = Jobs([Job("checks.hopeless", hopeless, retries=2)])
    with office.working(jobs):
        number = office.enqueue(office.company(), jobs, "checks.hopeless")
        until(lambda: office.status(number) == "failed")
    assert tries == [1, 2, 3]


def test_pauses_grow_up_to_the_longest() -> None:
    pauses = Pauses(backoff=5, longest=60)
    assert [pauses.after(tries).total_seconds() for tries in range(6)] == [5, 10, 20, 40, 60, 60]


def test_a_disabled_modules_job_waits_and_that_is_no_try(office: Office) -> None:
    tenant = office.company()
    office.off.add((tenant, "checks"))
    jobs = Jobs([Job("checks.count", count, retries=0)])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.count")
        puts = "SELECT count(*) FROM platform.procrastinate_events WHERE job_id = %s AND type = 'deferred_for_retry'"
        until(lambda: office.owner.execute(puts, (number,)).fetchone()[0] >= 3)  # type: ignore[index]
        assert counted(office, tenant) == 0
        office.off.clear()
        until(lambda: office.finished(number))
    assert counted(office, tenant) == 1


def test_a_job_may_be_dropped_with_its_module(office: Office) -> None:
    tenant = office.company()
    office.off.add((tenant, "checks"))
    jobs = Jobs([Job("checks.count", count, when_disabled="drop")])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.count")
        until(lambda: office.finished(number))
    assert counted(office, tenant) == 0


def test_a_suspended_companys_job_waits(office: Office) -> None:
    tenant = office.company()

    @contextmanager
    def suspended(company: UUID, module: str) -> Iterator[Opened]:
        raise Suspended(str(company))
        yield

    real, office.open = office.open, suspended  # type: ignore[method-assign, assignment]
    with office.working(COUNT) as _thread:
        number = office.enqueue(tenant, COUNT, "checks.count")
        until(lambda: office.status(number) == "todo" and office.row(number)[4] is not None)  # type: ignore[index]
    office.open = real  # type: ignore[method-assign]
    with office.working(COUNT):
        until(lambda: office.finished(number))


def test_an_unknown_companys_job_is_dropped(office: Office) -> None:
    tenant = office.company()
    office.gone.add(tenant)
    with office.working(COUNT):
        number = office.enqueue(tenant, COUNT, "checks.count")
        until(lambda: office.finished(number))
    assert counted(office, tenant) == 0


def test_a_job_whose_plugin_is_not_loaded_waits_for_it(office: Office) -> None:
    tenant = office.company()
    number = office.enqueue(tenant, COUNT, "checks.count")
    with office.working(Jobs([])):
        until(lambda: office.row(number)[4] is not None)  # type: ignore[index]
        assert office.status(number) in ("todo", "doing")
    with office.working(COUNT):
        until(lambda: office.finished(number))
    assert counted(office, tenant) == 1


def test_a_statement_that_takes_too_long_is_cut(office: Office) -> None:
    def dozing(x: JobContext) -> None:
        x.session.execute(sa.select(sa.func.pg_sleep(30)))

    jobs = Jobs([Job("checks.dozing", dozing, retries=0, timeout=0.3)])
    with office.working(jobs):
        number = office.enqueue(office.company(), jobs, "checks.dozing")
        until(lambda: office.status(number) == "failed")


def test_a_job_over_its_time_is_failed_and_its_thread_does_not_commit(office: Office) -> None:
    tenant, go = office.company(), threading.Event()

    def stuck(x: JobContext) -> None:
        count(x)
        go.wait(60)

    jobs = Jobs([Job("checks.stuck", stuck, retries=0, timeout=0.3)])
    with office.working(jobs) as thread:
        number = office.enqueue(tenant, jobs, "checks.stuck")
        until(lambda: office.status(number) == "failed")
        go.set()
        until(lambda: not thread._worker._threads.hanging)  # it has ended, whether or not it came as far as the job
    assert counted(office, tenant) == 0


def test_queues_are_served_apart(office: Office) -> None:
    tenant = office.company()
    jobs = Jobs([Job("checks.count", count), Job("checks.long", count, queue="long")])
    long = office.enqueue(tenant, jobs, "checks.long")
    short = office.enqueue(tenant, jobs, "checks.count")
    with office.working(jobs, queues=("default",)):
        until(lambda: office.finished(short))
    assert office.status(long) == "todo"


def test_one_companys_many_jobs_do_not_hold_up_anothers(office: Office) -> None:
    greedy, small = office.company(), office.company()
    order: list[UUID] = []

    def note(x: JobContext) -> None:
        order.append(x.tenant)

    jobs = Jobs([Job("checks.note", note)])
    with office.cell.session(Bound(greedy)) as session:
        for _i in range(200):
            jobs.enqueue(session, "checks.note")
    office.enqueue(greedy, jobs, "checks.note", at=now() + dt.timedelta(hours=1))
    office.enqueue(small, jobs, "checks.note")
    with office.working(jobs, Pace(concurrency=1, grace=5)):
        until(lambda: small in order)
    assert order.index(small) <= 2


# ---- dying ----

CHILD = """
import asyncio, sys
from contextlib import contextmanager
from dougong.records.tables import Number
from dougong.scheduling.jobs import Job, Jobs
from dougong.scheduling.process import run_worker
from dougong.scheduling.worker import Pace
from dougong.tenancy.cells import Bound, Cell

cell = Cell(sys.argv[1])

class Opened:
    def __init__(self, session): self.session = session

@contextmanager
def opener(tenant, module):
    with cell.session(Bound(tenant)) as session:
        yield Opened(session)

def hang(x):
    x.session.add(Number(series="n", year=2025, last=1))
    x.session.flush()
    print("working", flush=True)
    sys.stdin.readline()
    print("through", flush=True)

run_worker(Jobs([Job("checks.count", hang)]), sys.argv[1], opener, pace=Pace(heartbeat=0.2, grace=10))
print("stopped", flush=True)
"""


@contextmanager
def child(office: Office) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, office.cell.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_killed_workers_job_is_rescued_and_has_one_effect(office: Office) -> None:
    tenant = office.company()
    number = office.enqueue(tenant, COUNT, "checks.count")
    with child(office) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.kill()
        process.wait()
        assert office.status(number) == "doing"
        with office.working(COUNT, RESCUING):
            until(lambda: office.finished(number))
    assert counted(office, tenant) == 1


def test_a_worker_that_is_asked_to_stop_finishes_its_job(office: Office) -> None:
    tenant = office.company()
    number = office.enqueue(tenant, COUNT, "checks.count")
    with child(office) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.terminate()
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "through\n"
        assert process.stdout.readline() == "stopped\n"
        assert process.wait(20) == 0
    assert office.finished(number)
    assert counted(office, tenant) == 1


def test_a_job_that_committed_before_its_worker_died_is_not_done_again(office: Office) -> None:
    tenant = office.company()
    number = office.enqueue(tenant, COUNT, "checks.count")
    office.owner.execute("UPDATE platform.procrastinate_jobs SET status = 'doing' WHERE id = %s", (number,))
    with office.open(tenant, "checks") as opened:
        assert opened.session.scalar(sa.select(sa.func.platform.begin_job(number, 1000)))
        count(JobContext(number, "checks.count", tenant, 1, opened))
    with office.working(COUNT):
        until(lambda: office.finished(number))
    assert counted(office, tenant) == 1


def test_a_job_that_kills_its_workers_is_given_up(office: Office) -> None:
    tenant = office.company()
    number = office.enqueue(tenant, COUNT, "checks.count")
    office.owner.execute(
        "UPDATE platform.procrastinate_jobs SET status = 'doing', attempts = 5 WHERE id = %s", (number,)
    )
    with office.working(COUNT):
        until(lambda: office.status(number) == "failed")
    assert counted(office, tenant) == 0


def test_of_many_failures_of_one_job_the_newest_are_kept(office: Office) -> None:
    tenant = office.company()
    failed = [office.enqueue(tenant, COUNT, "checks.count") for _i in range(4)]
    office.owner.execute("UPDATE platform.procrastinate_jobs SET status = 'failed' WHERE id = ANY(%s)", (failed,))
    with office.working(COUNT, replace(QUICK, keep=2)):
        until(lambda: office.finished(failed[1]))
    assert [office.status(number) for number in failed] == [None, None, "failed", "failed"]


def test_the_worker_comes_back_when_its_connections_are_cut(office: Office) -> None:
    tenant = office.company()
    with office.working(COUNT):
        until(lambda: office.owner.execute("SELECT 1 FROM platform.procrastinate_workers").fetchone())
        office.owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'dougong-worker'"
        )
        number = office.enqueue(tenant, COUNT, "checks.count")
        until(lambda: office.finished(number))
    assert counted(office, tenant) == 1


def test_a_worker_inside_a_server_begins_again_after_a_failure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker(COUNT, office.cell.address, office.open, pace=QUICK)
    real = worker.run
    failures: list[int] = []

    async def once_broken(*, signals: bool = False) -> None:
        if not failures:
            failures.append(1)
            raise OSError("the database was away")
        await real(signals=signals)

    monkeypatch.setattr(worker, "run", once_broken)
    thread = WorkerThread(worker, pause=0.05)
    thread.stop()  # before it was started: nothing to do
    thread.start()
    number = office.enqueue(office.company(), COUNT, "checks.count")
    until(lambda: office.finished(number))
    thread.stop()
    assert failures


def test_the_installed_procrastinate_is_the_one_whose_schema_the_migration_runs() -> None:
    """When this fails, Procrastinate was updated: write a migration that runs its own, then widen the requirement."""
    (wanted,) = (Requirement(r) for r in metadata.requires("dougong") or () if r.startswith("procrastinate"))
    assert wanted.specifier.contains(metadata.version("procrastinate"))
    assert str(wanted.specifier), "any version would do: then two installations could get different tables"
