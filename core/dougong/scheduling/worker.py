"""Running jobs: takes them from the queue, opens the company's transaction, tries again, rescues what died.

Procrastinate does the queue; this module decides what a job may do when its turn comes. It knows neither modules
nor people: ``Opener`` is given by the composition root and says whether a company's module is on.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import procrastinate
import psycopg
import sqlalchemy as sa
import structlog
from procrastinate import exceptions as queue_errors
from procrastinate import jobs as queued
from procrastinate import retry

from ..tenancy.cells import SEARCH_PATH, Stale, Suspended
from .jobs import Gone, Job, JobContext, Jobs, Off, Opened, subject, unpacked

log = structlog.get_logger(__name__)

Opener = Callable[[UUID, str], AbstractContextManager[Opened]]
"""Company and module → one transaction of that company, as the system. Raises ``Off`` or ``Gone``."""

_BEGIN = sa.select(
    sa.func.platform.begin_job(sa.bindparam("job", type_=sa.BigInteger), sa.bindparam("milliseconds", type_=sa.Integer))
)


class Waits(Exception):
    """Not now: the job goes back to the queue, and this does not count as a try."""


class TimedOut(Exception):
    """The job's time was over before it committed."""


class Exhausted(Exception):
    """Its workers died at every try; it is not tried again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker works; all times in seconds.

    :param concurrency: jobs at the same time, each in a thread with a connection of its own.
    :param poll: look for due jobs at least that often (new ones are announced).
    :param heartbeat: how often a worker says that it lives; :param stalled: silence after which its jobs are taken
        from it; :param rescue: how often that is looked for.
    :param wait: how long a job of a disabled module is put back.
    :param backoff: pause before the first retry, doubled at each; :param longest: the longest pause.
    :param grace: how long a stopping worker waits for running jobs.
    :param keep: days for which failed jobs are kept to be looked at.
    """

    concurrency: int = 4
    poll: float = 5.0
    heartbeat: float = 5.0
    stalled: float = 20.0
    rescue: float = 5.0
    wait: float = 300.0
    backoff: float = 5.0
    longest: float = 3600.0
    grace: float = 20.0
    keep: float = 30.0


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
        self.jobs, self.address, self.opener = jobs, address, opener
        self.queues, self.pace = queues, pace or Pace()
        self._app = self._prepared()
        self._threads: ThreadPoolExecutor | None = None

    async def run(self, *, signals: bool = False) -> None:
        """Work until cancelled, or (``signals``) until SIGINT or SIGTERM; running jobs may finish within the grace.

        :raises procrastinate.exceptions.ConnectorException: the database cannot be reached.
        """
        # More threads than slots: one that outlived its job's time must not hold up the next job.
        self._threads = ThreadPoolExecutor(self.pace.concurrency * 2, thread_name_prefix="job")
        try:
            async with self._app.open_async():
                chores = asyncio.create_task(self._chores(), name="rescue")
                try:
                    await self._app.run_worker_async(**self._options(), install_signal_handlers=signals)
                finally:
                    chores.cancel()
                    with suppress(asyncio.CancelledError):
                        await chores
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    # ---- the queue ----

    def _options(self) -> dict[str, Any]:
        pace = self.pace
        return {
            "concurrency": pace.concurrency,
            "fetch_job_polling_interval": pace.poll,
            "abort_job_polling_interval": max(pace.poll, 1.0),
            "shutdown_graceful_timeout": pace.grace,
            "delete_jobs": queued.DeleteJobCondition.SUCCESSFUL,
            "update_heartbeat_interval": pace.heartbeat,
            "stalled_worker_timeout": pace.stalled,
            **({"queues": list(self.queues)} if self.queues else {}),
        }

    def _prepared(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self.address,
            kwargs={"options": f"-c search_path={SEARCH_PATH}", "application_name": "dougong-worker"},
            min_size=1,
            max_size=self.pace.concurrency + 2,
            configure=_autocommit,
        )
        app = procrastinate.App(connector=connector)
        strategy = _Retry(self)
        run = app.task(name="dougong.unknown", retry=strategy, pass_context=True)(self._perform)
        for name in self.jobs.declared:
            app.tasks[name] = run
        app.tasks = _Known(app.tasks, run)
        return app

    async def _chores(self) -> None:
        swept = -float("inf")
        while True:
            try:
                await self._ask("SELECT rescue_jobs(%(given)s) AS found", self.pace.stalled, "jobs of dead workers")
                if time.monotonic() - swept > 3600:
                    swept = time.monotonic()
                    await self._ask("SELECT sweep_jobs(%(given)s) AS found", self.pace.keep, "old failed jobs")
            except (queue_errors.ConnectorException, psycopg.Error):
                log.warning("the queue cannot be looked after now", exc_info=True)
            await asyncio.sleep(self.pace.rescue)

    async def _ask(self, query: str, given: float, what: str) -> None:
        found = await self._app.connector.execute_query_one_async(query, given=given)
        if found["found"]:
            log.warning("cared for " + what, count=found["found"])

    # ---- a job ----

    async def _perform(self, running: procrastinate.JobContext, /, **arguments: Any) -> None:
        stored = running.job
        tenant, ids = unpacked(arguments)
        number, name = int(stored.id or 0), stored.task_name
        job = self.jobs.declared.get(name)
        if job is None:
            log.warning("a job's module is not loaded", job=name, id=number)
            await self._put_back(number)
        elif stored.attempts > job.retries:
            raise Exhausted(name)
        else:
            await self._in_thread(job, number, tenant, stored.attempts + 1, ids)

    async def _in_thread(self, job: Job, number: int, tenant: UUID, attempt: int, ids: dict[str, Any]) -> None:
        assert self._threads is not None
        deadline = time.monotonic() + job.timeout
        call = contextvars.copy_context().run
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, call, self._attempt, job, number, tenant, attempt, deadline, ids
        )
        try:
            await asyncio.wait_for(work, job.timeout)
        except TimeoutError as error:
            if not work.cancelled():  # the job's own, for instance of a socket
                raise
            # The thread cannot be cut, but it will not commit any more.
            raise TimedOut(f"{job.name} took longer than {job.timeout} s") from error
        except Off:
            if job.when_disabled == "wait":
                await self._put_back(number)
            log.info("dropped: module off or company suspended", job=job.name, id=number, tenant=str(tenant))
        except Gone:
            log.warning("dropped: no such company", job=job.name, id=number, tenant=str(tenant))

    async def _put_back(self, number: int) -> None:
        await self._app.connector.execute_query_one_async("SELECT job_waits(%(job)s)", job=number)
        raise Waits

    def _attempt(
        self, job: Job, number: int, tenant: UUID, attempt: int, deadline: float, ids: dict[str, Any]
    ) -> None:
        for again in (True, False):
            try:
                with self.opener(tenant, job.module) as opened:
                    left = deadline - time.monotonic()
                    given = {"job": number, "milliseconds": max(int(left * 1000), 1)}
                    if not opened.session.execute(_BEGIN, given).scalar_one():
                        log.info("done before", job=job.name, id=number)
                        return
                    job.run(JobContext(number, job.name, tenant, attempt, opened, subject(ids)), **ids)
                    opened.session.flush()
                    if time.monotonic() > deadline:
                        raise TimedOut(job.name)
                return
            except Stale:
                if not again:
                    raise
            except Suspended as error:
                raise Off(str(tenant)) from error

    def decide(self, error: BaseException, stored: queued.Job) -> retry.RetryDecision | None:
        """What becomes of a job that did not succeed: when to try again, or None to leave it failed."""
        if isinstance(error, Waits):
            return retry.RetryDecision(retry_in={"milliseconds": int(self.pace.wait * 1000)})
        if isinstance(error, asyncio.CancelledError):  # the worker stops
            return retry.RetryDecision(retry_in={"seconds": 0})
        job = self.jobs.declared.get(stored.task_name)
        if job is None or stored.attempts >= job.retries:
            return None
        pause = min(self.pace.backoff * 2.0**stored.attempts, self.pace.longest)
        return retry.RetryDecision(retry_in={"milliseconds": int(pause * 1000)})


async def _autocommit(connection: psycopg.AsyncConnection[Any]) -> None:
    # The queue's every step is one statement: BEGIN and COMMIT round it would be two round trips for nothing.
    await connection.set_autocommit(True)


class _Retry(retry.BaseRetryStrategy):
    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def get_retry_decision(self, *, exception: BaseException, job: queued.Job) -> retry.RetryDecision | None:
        return self._worker.decide(exception, job)


class _Known(dict[str, Any]):
    """Procrastinate's task table, in which a name that nobody declares still finds a task: the job then waits for its
    module instead of failing while a plugin is mended."""

    def __init__(self, tasks: dict[str, Any], other: Any) -> None:
        super().__init__(tasks)
        self._other = other

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, self._other)


class WorkerThread:
    """A worker inside another process (``serve``, the demo): its own thread with its own event loop.

    :param pause: seconds before it begins again when the database was away.
    """

    def __init__(self, worker: Worker, *, pause: float = 5.0) -> None:
        self._worker, self._pause = worker, pause
        self._thread = threading.Thread(target=self._main, name="dougong-worker", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._begun = threading.Event()

    def start(self) -> None:
        self._thread.start()
        self._begun.wait()

    def stop(self) -> None:
        """Let running jobs finish within the grace, then return. Blocks: not for an event loop's own thread."""
        if not self._begun.is_set():
            return
        if self._loop is not None and self._task is not None and self._thread.is_alive():
            with suppress(RuntimeError):  # the loop may close between the question and the call
                self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(self._worker.pace.grace + 5)

    def _main(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._keep())

    async def _keep(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._begun.set()
        while True:
            try:
                await self._worker.run()
                log.error("the worker stopped by itself; it begins again")
            except Exception:  # whatever it was, a server without its worker must get it back; logged in full
                log.exception("the worker failed; it begins again")
            await asyncio.sleep(self._pause)


def run_worker(
    jobs: Jobs, address: str, opener: Opener, *, queues: tuple[str, ...] | None = None, pace: Pace | None = None
) -> None:
    """Work in this process until SIGINT or SIGTERM: ``dougong worker``."""
    asyncio.run(Worker(jobs, address, opener, queues=queues, pace=pace).run(signals=True))
