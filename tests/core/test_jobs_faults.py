"""Jobs that raise, hang, eat memory or kill their workers; two and five workers; kill -9 of workers and of the database;
fairness with many companies; a clock that was moved."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from dougong.errors import Invalid
from dougong.instant import now
from dougong.records.tables import Number
from dougong.scheduling.attempts import reason_of
from dougong.scheduling.jobs import Failure, Job, JobContext, Jobs
from dougong.scheduling.worker import Sick, Worker
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.stored import new_id

from .test_jobs import COUNT, QUICK, Office, count, counted, office, until

__all__ = ["office"]

ONE = replace(QUICK, concurrency=1)


def failures(office: Office, number: int) -> list[tuple[Any, ...]]:
    query = "SELECT attempt, kind, place, words FROM platform.job_failure WHERE job_id = %s ORDER BY id"
    return office.owner.execute(query, (number,)).fetchall()


def due(office: Office, tenant: Any, times: int, at: dt.datetime) -> None:
    office.owner.execute(
        "INSERT INTO platform.due (tenant_id, kind, id, due_at)"
        " SELECT %s, 'core.nothing', gen_random_uuid(), %s FROM generate_series(1, %s)",
        (tenant, at, times),
    )


def tick(office: Office, at: dt.datetime, most: int = 1000) -> int:
    found: int = office.owner.execute("SELECT platform.tick(%s, %s)", (at, most)).fetchone()[0]  # type: ignore[index]
    return found


# ---- quarantine ----


def test_a_failure_is_kept_without_what_people_wrote(office: Office) -> None:
    def wrong(x: JobContext) -> None:
        if x.attempt == 1:
            raise Invalid("Please choose a site.")
        raise ValueError("王某 13800138000")

    jobs = Jobs([Job("checks.wrong", wrong, retries=1)])
    with office.working(jobs):
        number = office.enqueue(office.company(), jobs, "checks.wrong")
        until(lambda: office.status(number) == "failed")
    (first, second) = failures(office, number)
    assert first[:2] + first[3:] == (1, "Invalid", "Please choose a site.")
    assert second[:2] + second[3:] == (2, "ValueError", "")
    assert first[2].startswith("tests.core.test_jobs_faults:")


def test_the_place_is_ours_and_not_a_librarys() -> None:
    try:
        dt.datetime.fromisoformat("x")
    except ValueError as error:
        found = reason_of(error)
    try:
        sa.create_engine("nothing://")
    except sa.exc.ArgumentError as error:
        other = reason_of(error)
    except sa.exc.NoSuchModuleError as error:
        other = reason_of(error)
    assert found.place.startswith(f"{__name__}:")
    assert other.place.startswith(f"{__name__}:")


def test_a_module_is_told_when_its_job_has_failed_for_good_in_the_same_transaction(office: Office) -> None:
    tenant, case = office.company(), new_id()
    told: list[Any] = []

    def hopeless(x: JobContext, case: Any) -> None:
        raise OSError("never")

    def failed(x: JobContext, failure: Failure, case: Any) -> None:
        told.append((x.tenant, failure.kind, case))
        count(x)

    jobs = Jobs([Job("checks.hopeless", hopeless, retries=1, failed=failed)])
    with office.working(jobs):
        number = office.enqueue(tenant, jobs, "checks.hopeless", case=case)
        until(lambda: office.status(number) == "failed")
    assert told == [(tenant, "OSError", case)]
    assert counted(office, tenant) == 1
    assert len(failures(office, number)) == 2


def test_a_job_has_failed_even_if_its_module_fails_when_told(office: Office) -> None:
    def fails(x: JobContext, *_more: Any) -> None:
        raise OSError("never")

    jobs = Jobs([Job("checks.hopeless", fails, retries=0, failed=fails)])
    with office.working(jobs):
        number = office.enqueue(office.company(), jobs, "checks.hopeless")
        until(lambda: office.status(number) == "failed")
    assert len(failures(office, number)) == 1


def test_a_module_is_told_too_when_the_workers_died(office: Office) -> None:
    tenant, told = office.company(), []
    jobs = Jobs([Job("checks.count", count, retries=2, failed=lambda x, failure: told.append(failure.kind))])
    number = office.enqueue(tenant, jobs, "checks.count")
    office.owner.execute(
        "UPDATE platform.procrastinate_jobs SET status = 'doing', attempts = 2 WHERE id = %s", (number,)
    )
    with office.working(jobs):
        until(lambda: office.status(number) == "failed")
    assert told == ["Exhausted"]
    assert [kind for _attempt, kind, _place, _words in failures(office, number)] == ["WorkerDied", "Exhausted"]
    assert counted(office, tenant) == 0


# ---- hanging ----


@contextmanager
def hanging() -> Iterator[tuple[Jobs, threading.Event]]:
    go = threading.Event()

    def stuck(x: JobContext) -> None:
        count(x)
        x.session.flush()
        go.wait(60)

    try:
        yield Jobs([Job("checks.stuck", stuck, retries=0, timeout=0.2), Job("checks.count", count)]), go
    finally:
        go.set()


def hang_at_once(office: Office, tenants: list[Any], go: threading.Event) -> None:
    """Let the jobs of these companies hang before they reach the database, which would end them with their time: on a slow
    machine that could come before the job has begun, and nothing would hang."""
    really = office.open

    @contextmanager
    def opened(tenant: Any, module: str) -> Iterator[Any]:
        if tenant in tenants:
            go.wait(60)
        with really(tenant, module) as found:
            yield found

    office.open = opened  # type: ignore[method-assign, assignment]


def test_hanging_jobs_give_their_slots_and_their_locks_back(office: Office) -> None:
    tenant = office.company()
    with hanging() as (jobs, _go), office.working(jobs, replace(QUICK, concurrency=2)):
        hung = [office.enqueue(tenant, jobs, "checks.stuck") for _i in range(3)]
        until(lambda: all(office.status(number) == "failed" for number in hung))
        free = office.enqueue(tenant, jobs, "checks.count")  # wants the row that the hung transactions hold
        until(lambda: office.finished(free))
    assert counted(office, tenant) == 1


def test_a_worker_with_too_many_hung_threads_takes_no_more_and_says_so(office: Office) -> None:
    tenant = office.company()
    query = "SELECT count(*) FROM platform.workers_seen() WHERE stuck >= 2"
    others = [office.company() for _i in range(2)]
    with hanging() as (jobs, go):
        hang_at_once(office, others, go)
        with office.working(jobs, replace(QUICK, stuck=2)):
            for other in others:
                office.enqueue(other, jobs, "checks.stuck")
            until(lambda: office.owner.execute(query).fetchone()[0])  # type: ignore[index]
            waits = office.enqueue(tenant, jobs, "checks.count")
            time.sleep(0.5)  # that nothing happens cannot be waited for otherwise
            assert office.status(waits) == "todo"
            go.set()
            until(lambda: office.finished(waits))


def test_a_process_with_too_many_hung_threads_ends_for_its_supervisor(office: Office) -> None:
    import asyncio

    tenant = office.company()
    with hanging() as (jobs, go):
        hang_at_once(office, [tenant], go)
        worker = Worker(jobs, office.cell.address, office.open, pace=replace(QUICK, stuck=1, grace=0.5))
        office.enqueue(tenant, jobs, "checks.stuck")
        with pytest.raises(Sick):
            asyncio.run(asyncio.wait_for(worker.run(signals=True), 60))


def test_no_job_takes_longer_than_the_ceiling(office: Office) -> None:
    def slow(x: JobContext) -> None:
        x.session.execute(sa.select(sa.func.pg_sleep(30)))

    jobs = Jobs([Job("checks.slow", slow, retries=0, timeout=600)])
    with office.working(jobs, replace(QUICK, ceiling=0.3)):
        number = office.enqueue(office.company(), jobs, "checks.slow")
        until(lambda: office.status(number) == "failed")


# ---- fairness ----


def test_one_company_leaves_a_slot_free(office: Office) -> None:
    greedy, small = office.company(), office.company()
    go = threading.Event()

    def long(x: JobContext) -> None:
        go.wait(60)

    jobs = Jobs([Job("checks.long", long, timeout=120), Job("checks.count", count)])
    with office.working(jobs, replace(QUICK, concurrency=3)):
        held = [office.enqueue(greedy, jobs, "checks.long") for _i in range(5)]
        until(lambda: sum(office.status(number) == "doing" for number in held) == 2)
        short = office.enqueue(small, jobs, "checks.count")
        until(lambda: office.finished(short))
        assert sum(office.status(number) == "doing" for number in held) == 2
        go.set()
        until(lambda: all(office.finished(number) for number in held))


def test_jobs_of_the_same_later_moment_come_in_turns(office: Office) -> None:
    greedy, small, order = office.company(), office.company(), []
    jobs = Jobs([Job("checks.note", lambda x: order.append(x.tenant))])
    moment = now() + dt.timedelta(milliseconds=500)
    with office.cell.session(Bound(greedy)) as session:
        for _i in range(100):
            jobs.enqueue(session, "checks.note", at=moment)
    last = moment + dt.timedelta(milliseconds=1)
    office.enqueue(small, jobs, "checks.note", at=last)
    until(lambda: now() > last)  # for one tick, not for one between the two
    with office.working(jobs, replace(ONE, batch=10)):
        until(lambda: len(order) == 101)
    assert order.index(small) <= 10


def test_a_long_line_is_never_walked_although_the_statistics_know_of_none(office: Office) -> None:
    tenant = office.company()
    office.owner.execute("TRUNCATE platform.procrastinate_jobs CASCADE")
    office.owner.execute("ANALYZE platform.procrastinate_jobs")
    read = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'procrastinate_jobs'"
    with office.cell.session(Bound(tenant)) as session:
        for _i in range(400):
            COUNT.enqueue(session, "checks.count")
        connection = session.connection().connection.driver_connection
        (rows,) = connection.execute(read).fetchone()  # type: ignore[union-attr]
    assert rows < 400 * 10
    with psycopg.connect(office.cell.address) as worker:
        for held in [None] * 50 + [str(tenant)] * 50:
            worker.execute("SELECT platform.take_job(NULL, ARRAY['default'], %s)", (held,))
        (rows,) = worker.execute(read).fetchone()  # type: ignore[misc]
    assert rows < 100 * 12


def test_what_is_due_comes_in_turns_and_once(office: Office) -> None:
    greedy, small = office.company(), office.company()
    moment = now()
    office.owner.execute("DELETE FROM platform.due")
    due(office, greedy, 50, moment - dt.timedelta(hours=1))
    due(office, small, 1, moment)
    due(office, small, 1, moment + dt.timedelta(hours=1))
    assert tick(office, moment, 10) == 10
    query = "SELECT count(*) FROM platform.procrastinate_jobs WHERE task_name = 'core.due' AND args->>'tenant' = %s"
    assert office.owner.execute(query, (str(small),)).fetchone() == (1,)
    assert [tick(office, moment, 10) for _i in range(5)] == [10, 10, 10, 10, 1]
    assert tick(office, moment) == 0
    places = "SELECT min(priority), max(priority) FROM platform.procrastinate_jobs WHERE args->>'tenant' = %s"
    assert office.owner.execute(places, (str(greedy),)).fetchone() == (-49, 0)
    assert office.owner.execute(places, (str(small),)).fetchone() == (0, 0)


def test_two_ticks_at_once_take_nothing_twice(office: Office) -> None:
    office.owner.execute("DELETE FROM platform.due")
    due(office, office.company(), 500, now())
    found: list[int] = []

    def ticking() -> None:
        with psycopg.connect(office.cell.address, autocommit=True) as connection:
            for _i in range(20):
                row = connection.execute("SELECT platform.tick(now(), 50)").fetchone()
                found.append(row[0] if row else 0)

    threads = [threading.Thread(target=ticking) for _i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while tick(office, now()):
        found.append(0)
    assert office.owner.execute("SELECT count(*) FROM platform.procrastinate_jobs").fetchone() == (500,)


def test_a_tick_waits_for_nobody_who_writes_what_is_due(office: Office) -> None:
    office.owner.execute("DELETE FROM platform.due")
    office.owner.execute("SET lock_timeout = '5s'")  # counts nothing but waiting for somebody
    tenant, moment = office.company(), now()
    due(office, tenant, 2, moment)
    for key in ("mine", "free"):
        office.enqueue(tenant, COUNT, "checks.count", key=key, at=moment)
    with office.cell.session(Bound(tenant)) as session:
        session.execute(sa.text("SELECT FROM platform.due LIMIT 1 FOR UPDATE"))
        COUNT.enqueue(session, "checks.count", key="mine", at=moment)
        assert tick(office, moment) == 2
    assert tick(office, moment) == 2


def test_a_queue_that_nobody_serves_does_not_hold_the_others_time(office: Office) -> None:
    a, b = office.company(), office.company()
    jobs = Jobs([Job("checks.count", count), Job("checks.long", count, queue="long")])
    office.enqueue(a, jobs, "checks.long")
    for _i in range(3):
        office.enqueue(a, jobs, "checks.count")
    office.owner.execute("SELECT platform.take_job(NULL, ARRAY['default'], NULL)")
    fresh = office.enqueue(b, jobs, "checks.count")
    query = "SELECT priority FROM platform.procrastinate_jobs WHERE id = %s"
    assert office.owner.execute(query, (fresh,)).fetchone() == (-1,)


# ---- several workers, killed ----

FLEET = """
import sys, time
import sqlalchemy as sa
import structlog
from contextlib import contextmanager
from dougong.records.tables import Number
from dougong.scheduling.jobs import Job, Jobs
from dougong.scheduling.memory import hold_to
from dougong.scheduling.process import run_worker
from dougong.scheduling.worker import Pace
from dougong.tenancy.cells import Bound, Cell

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # nobody empties the other pipe
address, pause, stalled = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
cell = Cell(address)

class Opened:
    def __init__(self, session): self.session = session

@contextmanager
def opener(tenant, module):
    with cell.session(Bound(tenant)) as session:
        yield Opened(session)

def once(x, n):
    x.session.add(Number(series=f"n{n}", year=2025, last=1))   # a second time breaks the key
    x.session.flush()
    if n == 5:   # not through before the test opens the gate
        x.session.execute(sa.text("SELECT pg_advisory_xact_lock_shared(1)"))
    time.sleep(pause)

def eat(x):
    held = bytearray(1 << 40)

if len(sys.argv) > 4:
    hold_to(int(sys.argv[4]))
pace = Pace(
    concurrency=2, poll=0.1, tick=0.1, heartbeat=0.2, stalled=stalled, rescue=0.2, backoff=0.05, longest=0.2, grace=5
)
print("up", flush=True)
run_worker(Jobs([Job("checks.once", once, retries=50), Job("checks.eat", eat, retries=0)]), address, opener, pace=pace, pause=0.1)
print("stopped", flush=True)
"""
ONCE = Jobs([Job("checks.once", lambda x, n: None, retries=50), Job("checks.eat", lambda x: None, retries=0)])
DOING = "SELECT 1 FROM platform.procrastinate_jobs WHERE status = 'doing'"


@contextmanager
def gate(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """While it is shut, jobs with ``n=5`` are not through: so that there is something to kill, however fast they work."""
    owner.execute("SELECT pg_advisory_lock(1)")
    yield
    owner.execute("SELECT pg_advisory_unlock(1)")


def fleet(office: Office, pause: float = 0.02, *more: str, stalled: float = 1) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", FLEET, office.cell.address, str(pause), str(stalled), *more]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.mark.parametrize("workers", [2, 5])
def test_workers_are_killed_and_each_job_has_one_effect(office: Office, workers: int) -> None:
    tenants = [office.company() for _i in range(3)]
    jobs = 60
    for tenant in tenants:
        with office.cell.session(Bound(tenant)) as session:
            for n in range(jobs // 3):
                ONCE.enqueue(session, "checks.once", n=n)
    left = "SELECT count(*) FROM platform.procrastinate_jobs WHERE task_name = 'checks.once'"
    running = []
    try:
        with gate(office.owner):
            running += [fleet(office) for _i in range(workers)]
            for victim in range(2):
                assert running[victim].stdout.readline() == "up\n"  # type: ignore[union-attr]
                until(lambda: office.owner.execute(DOING).fetchone())
                running[victim].kill()
                running.append(fleet(office))
        until(lambda: office.owner.execute(left).fetchone() == (0,), seconds=120)
    finally:
        for one in running:
            one.kill()
            one.communicate()
    for tenant in tenants:
        with office.cell.session(Bound(tenant)) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Number)) == jobs // 3


def test_a_paused_worker_that_wakes_up_does_not_undo_the_others_work(office: Office) -> None:
    tenant = office.company()
    with office.cell.session(Bound(tenant)) as session:
        number = ONCE.enqueue(session, "checks.once", n=1)
    asleep = fleet(office, 0.5)
    try:
        until(lambda: office.status(number) == "doing")
        asleep.send_signal(signal.SIGSTOP)
        other = fleet(office)
        try:
            until(lambda: (row := office.row(number)) is None or row[1] > 0)  # taken from it, unless it was through before
            asleep.send_signal(signal.SIGCONT)
            until(lambda: office.finished(number))
        finally:
            other.kill()
            other.communicate()
    finally:
        asleep.kill()
        asleep.communicate()
    with office.cell.session(Bound(tenant)) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Number)) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
@pytest.mark.parametrize("by", ["another", "itself", "a company"])
def test_whoever_lost_a_job_has_no_say_in_it_any_more(office: Office, by: str) -> None:
    """Its number is the same; who does it, or which try it is, is not."""
    number = office.enqueue(office.company(), COUNT, "checks.count")
    query = "INSERT INTO platform.procrastinate_workers DEFAULT VALUES RETURNING id"
    first, second = (office.owner.execute(query).fetchone()[0] for _n in range(2))  # type: ignore[index]
    if by == "itself":
        second = first
    take = "SELECT id FROM platform.take_job(%s, ARRAY['default'], NULL)"
    assert office.owner.execute(take, (first,)).fetchone() == (number,)
    office.owner.execute("UPDATE platform.procrastinate_jobs SET worker_id = NULL")
    assert office.owner.execute("SELECT platform.rescue_jobs(60, now(), 0)").fetchone() == (1,)
    tick(office, now() + dt.timedelta(seconds=1))
    assert office.owner.execute(take, (second,)).fetchone() == (number,)
    said, tries = first, 0
    if by == "a company":  # another than the job's, which knows all numbers
        office.owner.execute("SELECT set_config('dougong.tenant', %s, false)", (str(office.company()),))
        said, tries = second, 1
    elif by == "another":
        tries = 1
    mine = {"job": number, "worker": said, "tries": tries}
    for statement in (
        "SELECT platform.end_job(%(job)s, %(worker)s, %(tries)s)",
        "SELECT platform.job_waits(%(job)s, %(worker)s, %(tries)s, now())",
        "SELECT platform.fail_job(%(job)s, %(worker)s, %(tries)s, now(), 'X', '', '', NULL)",
    ):
        assert office.owner.execute(statement, mine).fetchone() == (False,), statement
    held = "SELECT status::text, attempts, worker_id FROM platform.procrastinate_jobs WHERE id = %s"
    assert office.owner.execute(held, (number,)).fetchone() == ("doing", 1, second)
    assert [kind for _attempt, kind, _place, _words in failures(office, number)] == ["WorkerDied"]


def test_a_job_that_eats_the_memory_fails_alone(office: Office) -> None:
    tenant = office.company()
    with office.cell.session(Bound(tenant)) as session:
        eats = ONCE.enqueue(session, "checks.eat")
        other = ONCE.enqueue(session, "checks.once", n=1)
    worker = fleet(office, 0.2, "1024", stalled=60)  # nobody dies: nor must it seem so on a busy machine
    try:
        until(lambda: office.status(eats) == "failed" and office.finished(other))
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.communicate()
    assert [kind for _attempt, kind, _place, _words in failures(office, eats)] == ["MemoryError"]


def test_a_worker_says_what_it_does(office: Office) -> None:
    go = threading.Event()

    def long(x: JobContext) -> None:
        go.wait(60)

    jobs = Jobs([Job("checks.long", long, timeout=120)])
    query = "SELECT pid, slots, running, stuck, abs(clock_off) < 60, silent < 10 FROM platform.workers_seen()"
    with office.working(jobs):
        number = office.enqueue(office.company(), jobs, "checks.long")
        until(lambda: office.owner.execute(query).fetchall() == [(os.getpid(), 4, [number], 0, True, True)])
        go.set()
    assert office.owner.execute(query).fetchall() == []


def test_a_job_that_a_worker_holds_without_doing_it_is_freed(office: Office) -> None:
    with office.working(COUNT):
        until(lambda: office.owner.execute("SELECT 1 FROM platform.procrastinate_workers").fetchone())
        tenant = office.company()
        number = office.enqueue(tenant, COUNT, "checks.count", at=now() + dt.timedelta(hours=1))
        office.owner.execute(
            "UPDATE platform.procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM"
            " platform.procrastinate_workers) WHERE id = %s",
            (number,),
        )
        until(lambda: office.finished(number))
    assert counted(office, tenant) == 1


# ---- the clock ----


def test_a_clock_put_back_plans_anew_and_frees_what_waits(office: Office) -> None:
    tenant, moment = office.company(), now()
    office.owner.execute("DELETE FROM platform.due")
    office.owner.execute("DELETE FROM platform.tick_seen")
    tick(office, moment + dt.timedelta(days=365))
    later = moment + dt.timedelta(days=366)
    office.owner.execute(
        "INSERT INTO platform.due VALUES (%s, 'core.schedule', %s, %s), (%s, 'mod.record', %s, %s)",
        (tenant, new_id(), later, tenant, new_id(), later),
    )
    number = office.enqueue(tenant, COUNT, "checks.count", at=later)
    office.owner.execute(
        "INSERT INTO platform.procrastinate_events (job_id, type) VALUES (%s, 'deferred_for_retry')", (number,)
    )
    wanted = office.enqueue(tenant, COUNT, "checks.count", at=later)
    tick(office, moment)
    kinds = "SELECT args->>'kind' FROM platform.procrastinate_jobs WHERE task_name = 'core.due'"
    assert office.owner.execute(kinds).fetchall() == [("core.schedule",)]
    assert office.row(number)[4] is None  # type: ignore[index]
    assert office.row(wanted)[4] == later  # type: ignore[index]


def test_a_moved_clock_is_said(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    worker = Worker(COUNT, office.cell.address, office.open, pace=QUICK)
    real = time.time
    monkeypatch.setattr("dougong.scheduling.worker.time.time", lambda: real() + 31_536_000)
    worker._watch_clock()
    worker._watch_clock()
    assert capsys.readouterr().out.count("clock was moved") == 1


def test_a_worker_with_a_wrong_clock_leaves_ticking_to_a_right_one(office: Office) -> None:
    worker = Worker(COUNT, office.cell.address, office.open, pace=QUICK)
    worker._off = 4000.0
    assert not worker._leaves_ticking  # alone it does what it can
    worker._others_sound = True
    assert worker._leaves_ticking


# ---- the database ----


def test_workers_survive_the_kill_and_the_restart_of_the_database() -> None:
    from dougong.migrations.runner import migrate
    from dougong.plugins.loader import load
    from dougong.tenancy.embedded import Server
    from dougong.tenancy.install import embedded_addresses
    from dougong.testing.server import open_folder

    home = open_folder()
    server = Server(home, durable=True)
    server.start()
    worker = None
    try:
        where = embedded_addresses(server)
        migrate(where.owner, load())
        assert where.superuser is not None
        cell = Cell(where.app, pool=2)
        with psycopg.connect(where.superuser, autocommit=True) as owner:
            office = Office(cell, owner)
            tenant = office.company()
            with cell.session(Bound(tenant)) as session:
                for n in range(20):
                    ONCE.enqueue(session, "checks.once", n=n)
            owner.execute("SELECT pg_advisory_lock(1)")  # the gate, which goes with the database
            worker = fleet(office, 0.05)
            until(lambda: owner.execute(DOING).fetchone())
            os.kill(int((server.data / "postmaster.pid").read_text("utf-8").split()[0]), signal.SIGKILL)
        until(lambda: not server.running())
        server.start()
        with psycopg.connect(where.superuser, autocommit=True) as owner:
            query = "SELECT count(*) FROM platform.procrastinate_jobs WHERE task_name = 'checks.once'"
            until(lambda: owner.execute(query).fetchone() == (0,), seconds=120)
        assert worker.poll() is None
        cell.engine.dispose()
        with cell.session(Bound(tenant)) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Number)) == 20
        cell.engine.dispose()
    finally:
        if worker is not None:
            worker.kill()
            worker.communicate()
        server.erase()
        shutil.rmtree(home, ignore_errors=True)
