"""Running jobs: a worker takes them from the queue, tries each in a thread of its own, keeps time, beats, and takes over
what dead workers left. It also ticks: what is due becomes jobs.

Procrastinate's worker does the waiting, the notices and the orderly stop (``hands``); ``attempts`` does one try. This module
knows neither modules nor people: ``Opener`` is given by the composition root and says whether a company's module is on.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import procrastinate
import psycopg
import psycopg_pool
import structlog
from procrastinate import exceptions as queue_errors
from procrastinate import jobs as queued

from ..instant import now, wall
from ..tenancy.cells import SEARCH_PATH
from .attempts import Attempts, Opener, Pauses, Told, Try
from .hands import Hands
from .jobs import Jobs
from .threads import Threads

log = structlog.get_logger(__name__)

# Seconds between a worker's clock and the database's, or between two looks at it, that are said loudly.
CLOCKS_APART = 300.0
AWAY = (queue_errors.ConnectorException, psycopg.Error)  # the database, for the moment


class Broken(Exception):
    """The worker lost the database, or was given up as dead: it must begin again."""


class Sick(Exception):
    """Too many threads of jobs whose time is over did not end: the process must be started anew."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker works; all times in seconds.

    :param concurrency: jobs at the same time, each in a thread with a connection of its own.
    :param share: how many of them one company may hold at once; None: all but one.
    :param poll: look for jobs at least that often (new ones are announced).
    :param tick: how often what is due becomes jobs; :param batch: how many at a time.
    :param heartbeat: how often a worker says that it lives; :param stalled: silence after which its jobs are taken
        from it; :param rescue: how often that is looked for.
    :param wait: how long a job of a disabled module is put back.
    :param backoff: pause before the first retry, doubled at each; :param longest: the longest pause.
    :param grace: how long a stopping worker waits for running jobs.
    :param ceiling: no job may take longer, whatever its module says.
    :param stuck: threads that may outlive their job's time before the worker is sick.
    :param keep: failed jobs of one company and one name that are kept until somebody looks at them.
    """

    concurrency: int = 4
    share: int | None = None
    poll: float = 1.0
    tick: float = 1.0
    batch: int = 1000
    heartbeat: float = 5.0
    stalled: float = 20.0
    rescue: float = 5.0
    wait: float = 300.0
    backoff: float = 5.0
    longest: float = 3600.0
    grace: float = 15.0
    ceiling: float = 3600.0
    stuck: int = 8
    keep: int = 1000

    @property
    def most(self) -> int:
        """Slots that one company may hold."""
        return max(self.share or self.concurrency - 1, 1)


class Worker:
    """One process's worker.

    :param address: libpq address, as a role that may run jobs.
    :param opener: opens the company's transaction.
    :param queues: which queues to serve; None: all.
    """

    def __init__(
        self,
        jobs: Jobs,
        address: str,
        opener: Opener,
        *,
        queues: tuple[str, ...] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.jobs, self.address = jobs, address
        self.queues, self.pace = queues, pace or Pace()
        pauses = Pauses(self.pace.backoff, self.pace.longest, self.pace.wait)
        self.attempts = Attempts(jobs, opener, pauses)
        self._serves = tuple(queues or sorted({job.queue for job in jobs.declared.values()} | {"default"}))
        self._app = self._prepared()
        self._held: Counter[str] = Counter()  # slots by company
        self._threads = Threads()
        self._adrift: set[int] = set()  # jobs that the queue believes we do, at the last beat
        self._look: object | None = None  # the taking that is under way, and the one that was so at the last beat
        self._look_then: object | None = None
        self.passed_over = False  # a company's job has to wait because it holds its share, or may have to by this look
        self._others_sound = False
        self._off = 0.0
        self._said = -float("inf")
        self._started = (time.time(), time.monotonic())

    async def run(self, *, signals: bool = False) -> None:
        """Work until cancelled, or (``signals``) until SIGINT or SIGTERM; running jobs may finish within the grace.

        :raises Broken: the database went away; begin again. :raises Sick: with ``signals``; end the process.
        :raises procrastinate.exceptions.ConnectorException: the database cannot be reached.
        """
        self._held.clear()
        self._adrift.clear()
        self._look_then = None
        async with self._app.open_async():
            hands = Hands(self, self._app, self._options() | {"install_signal_handlers": signals})
            chores = [asyncio.create_task(each, name="chores") for each in (self._ticking(), self._caring())]
            try:
                await hands.run()  # type: ignore[no-untyped-call]
            finally:
                for chore in chores:
                    chore.cancel()
                await asyncio.gather(*chores, return_exceptions=True)
        if signals and self.sick:
            raise Sick(f"{self._threads.hanging} threads did not end in their jobs' time")
        if hands.broken:
            raise Broken

    # ---- the queue ----

    def _options(self) -> dict[str, Any]:
        pace = self.pace
        return {
            "concurrency": pace.concurrency,
            "fetch_job_polling_interval": pace.poll,
            "abort_job_polling_interval": max(pace.poll, 1.0),
            "shutdown_graceful_timeout": pace.grace,
            "update_heartbeat_interval": pace.heartbeat,
            "stalled_worker_timeout": pace.stalled,
            **({"queues": list(self.queues)} if self.queues else {}),
        }

    def _prepared(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            pool_factory=_pool,
            conninfo=self.address,
            # What the queue itself is told may be lost with the database's last moment: a job is free again then, or due
            # again. What a job does is committed on the company's own connection, and waits for the disk.
            kwargs={
                "options": f"-c search_path={SEARCH_PATH} -c synchronous_commit=off",
                "application_name": "dougong-worker",
            },
            min_size=1,
            max_size=self.pace.concurrency + 3,
            timeout=10.0,
            configure=_autocommit,
        )
        return procrastinate.App(connector=connector)

    async def ask(self, query: str, **given: Any) -> dict[str, Any] | None:
        """One statement of the queue's, committed by itself; its row. Tried anew on connections that turn out to be dead: a job
        whose taking was not heard of is found adrift.

        :raises ConnectorException, psycopg.Error: the database is away.
        """
        for dead in range(self.pace.concurrency + 3, -1, -1):
            begun = time.monotonic()
            try:
                rows = await self._app.connector.execute_query_all_async(query, **given)
            except AWAY:
                if not dead or time.monotonic() - begun > 1:
                    raise
            else:
                return rows[0] if rows else None
        return None

    async def take(self, worker: int) -> queued.Job | None:
        """The next job, if there is one that may be had: not of a company that holds its share of the slots."""
        if self.sick:
            return None
        full = next((company for company, slots in self._held.items() if slots >= self.pace.most), None)
        if self.pace.concurrency == 1:
            full = None
        self.passed_over, self._look = full is not None, object()  # a slot that is freed meanwhile is news too
        try:
            row = await self.ask(
                "SELECT id, task_name, queue_name, args, attempts FROM take_job(%(worker)s, %(queues)s::text[], %(held)s)",
                worker=worker, queues=list(self._serves), held=full,
            )  # fmt: skip
        finally:
            self._look = None
        if len(self._serves) > 1:  # each queue is looked into first in its turn
            self._serves = (*self._serves[1:], self._serves[0])
        self.passed_over = row is None and full is not None
        if row is None:
            return None
        self._held[row["args"]["tenant"]] += 1
        return queued.Job(
            id=row["id"], queue=row["queue_name"], lock=None, queueing_lock=None, task_name=row["task_name"],
            task_kwargs=row["args"], attempts=row["attempts"], status="doing", worker_id=worker,
        )  # fmt: skip

    # ---- a job ----

    async def perform(self, stored: queued.Job, worker: int) -> None:
        """Try a job that was taken and tell the queue what came of it. Raises nothing but a cancellation."""
        company = str(stored.task_kwargs["tenant"])
        one = Try.of(_Row(stored), worker)
        try:
            await self._tell(one, await self._tried(one))
        finally:
            self._held[company] -= 1
            if self._held[company] <= 0:
                del self._held[company]

    async def _tried(self, one: Try) -> Told | None:
        job = self.jobs.declared.get(one.name)
        seconds = min(job.timeout if job else 60.0, self.pace.ceiling)
        deadline = time.monotonic() + seconds
        try:
            return await self._threads.run(lambda: self.attempts.perform(one, deadline), seconds)
        except asyncio.CancelledError:  # the worker stops: that is no try
            return self.attempts.back(one, 0)
        except Exception as raised:  # whatever a job raises is its failure, never the worker's
            error: Exception = raised
        try:
            return await self._threads.run(lambda: self.attempts.failed(one, error), 30.0)
        except (Exception, asyncio.CancelledError):  # telling took too long or failed: it will be found adrift
            log.exception("a job's failure could not be noted", job=one.name, id=one.id)
            return None

    async def _tell(self, one: Try, told: Told | None) -> None:
        """Tell the queue; while the database is away try again for a while. What stays untold is found adrift later."""
        if told is None:
            return
        until = time.monotonic() + self.pace.stalled
        while True:
            try:
                await self.ask(told.query, **told.arguments)
                return
            except AWAY:
                if time.monotonic() > until:
                    log.exception("the queue could not be told of a job", job=one.name, id=one.id, what=told.function)
                    return
            await asyncio.sleep(min(self.pace.rescue, 1.0))

    # ---- how it is ----

    @property
    def sick(self) -> bool:
        """Whether so many threads hang that it takes no more jobs."""
        return self._threads.hanging >= self.pace.stuck

    async def beat(self, worker: int, running: list[int]) -> bool:
        """Say that it lives and how it is; free what it holds without doing it. False: it was given up as dead."""
        sick, goes_on = self.sick, self._look is not None and self._look is self._look_then
        row = await self.ask(
            "SELECT * FROM beat_worker(%(worker)s, %(at)s, %(host)s, %(pid)s, %(queues)s::text[], %(slots)s,"
            " %(running)s::bigint[], %(stuck)s)",
            worker=worker, at=wall(), host=socket.gethostname()[:200], pid=os.getpid(), queues=list(self._serves),
            slots=self.pace.concurrency, running=running, stuck=self._threads.hanging,
        )  # fmt: skip
        if row is None or not row["known"]:
            log.error("this worker was given up as dead; it begins again", worker=worker)
            return False
        self._off, self._others_sound = row["off"], row["sound"]
        adrift = set(row["doing"]) - set(running)
        # At two beats, and no taking lasted from one to the other: else the job may be just what that one takes.
        if (lost := sorted(adrift & self._adrift)) and not goes_on:
            log.warning("jobs that this worker held without doing them are free again", ids=lost)
            await self.ask(
                "SELECT loose_jobs(%(worker)s, %(jobs)s::bigint[], %(at)s)", worker=worker, jobs=lost, at=now()
            )
        self._adrift, self._look_then = adrift, self._look
        self._complain(sick)
        return True

    def _complain(self, sick: bool) -> None:
        """What a person must know, at most once a minute."""
        if time.monotonic() - self._said < 60:
            return
        if sick:
            log.error(
                "this worker is sick: threads hang beyond their jobs' time, it takes no more jobs",
                threads=self._threads.hanging,
            )
        if abs(self._off) > CLOCKS_APART:
            log.error(
                "this worker's clock differs from the database's",
                seconds=round(self._off),
                ticks=not self._leaves_ticking,
            )
        if sick or abs(self._off) > CLOCKS_APART:
            self._said = time.monotonic()

    # ---- chores ----

    @property
    def _leaves_ticking(self) -> bool:
        """With a wrong clock it leaves ticking to a worker whose clock is right, if there is one."""
        return abs(self._off) > CLOCKS_APART and self._others_sound

    async def _ticking(self) -> None:
        while True:
            self._watch_clock()
            try:
                found = self.pace.batch
                while found >= self.pace.batch and not self._leaves_ticking:
                    row = await self.ask("SELECT tick(%(at)s, %(most)s) AS found", at=now(), most=self.pace.batch)
                    found = row["found"] if row else 0
            except AWAY:
                log.warning("nothing becomes due while the database is away")
            await asyncio.sleep(self.pace.tick)

    def _watch_clock(self) -> None:
        wall, steady = time.time(), time.monotonic()
        moved = (wall - self._started[0]) - (steady - self._started[1])
        if abs(moved) > CLOCKS_APART:
            log.error("the system's clock was moved", seconds=round(moved))
            self._started = (wall, steady)

    async def _caring(self) -> None:
        swept = -float("inf")
        pace = self.pace
        while True:
            try:
                row = await self.ask(
                    "SELECT rescue_jobs(%(seconds)s, %(at)s, %(pause)s) AS found",
                    seconds=pace.stalled, at=now(), pause=pace.backoff,
                )  # fmt: skip
                if row and row["found"]:
                    log.warning("took over the jobs of dead workers", count=row["found"])
                if time.monotonic() - swept > 3600:
                    swept = time.monotonic()
                    row = await self.ask("SELECT sweep_jobs(%(most)s) AS found", most=pace.keep)
                    if row and row["found"]:
                        log.warning(
                            "dropped the oldest failed jobs beyond what is kept", count=row["found"], kept=pace.keep
                        )
            except AWAY:
                log.warning("the queue cannot be looked after while the database is away")
            await asyncio.sleep(pace.rescue)


class _Row:
    """A job of Procrastinate's, under the names that the table has."""

    def __init__(self, stored: queued.Job) -> None:
        self.id, self.task_name, self.args, self.attempts = (
            int(stored.id or 0), stored.task_name, stored.task_kwargs, stored.attempts,
        )  # fmt: skip


def _pool(**options: Any) -> psycopg_pool.AsyncConnectionPool[Any]:
    # Procrastinate has each connection asked before each statement whether it lives: twice the round trips. ``ask`` tries again.
    return psycopg_pool.AsyncConnectionPool(**{**options, "check": None})


async def _autocommit(connection: psycopg.AsyncConnection[Any]) -> None:
    # The queue's every step is one statement: BEGIN and COMMIT round it would be two round trips for nothing.
    await connection.set_autocommit(True)


__all__ = ["Broken", "Pace", "Sick", "Worker"]
