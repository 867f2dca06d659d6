"""Procrastinate's worker with our hands: it waits for notices, holds the slots and stops in order; what is taken, how it is
tried and what a heartbeat says is the ``Worker``'s. Leans on Procrastinate's inside: its version is held by the distribution,
and the tests of the queue say when that changes.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import procrastinate
import psycopg
import structlog
from procrastinate import exceptions as queue_errors
from procrastinate import job_context, manager
from procrastinate import jobs as queued
from procrastinate import worker as theirs

if TYPE_CHECKING:
    from .worker import Worker

log = structlog.get_logger(__name__)
logging.getLogger("procrastinate").setLevel(logging.WARNING)  # a line for each job would be all that one sees


class Hands(theirs.Worker):
    """:ivar broken: it stopped because a side task failed, and not because it was asked to."""

    def __init__(self, worker: Worker, app: procrastinate.App, options: dict[str, Any]) -> None:
        super().__init__(app, **options)
        self.broken = False
        self._worker = worker
        self._manager = _Taking(worker, app, self._new_job_event)
        app.job_manager = self._manager

    async def _process_job(self, context: job_context.JobContext) -> None:
        assert context.job.worker_id is not None
        try:
            await self._worker.perform(context.job, context.job.worker_id)
        finally:
            if self._worker.passed_over:  # for the slot that is free now
                self._new_job_event.set()

    def _abort_job(
        self, process_job_task: asyncio.Task[Any], context: job_context.JobContext, reason: job_context.AbortReason
    ) -> None:
        process_job_task.cancel()

    async def _update_heartbeat(self) -> None:
        while True:
            assert self.worker_id is not None
            running = [int(context.job.id or 0) for context in self._running_jobs.values()]
            try:
                if not await self._worker.beat(self.worker_id, running):
                    self.broken = True
                    self.stop()  # type: ignore[no-untyped-call]
                    return
            except (queue_errors.ConnectorException, psycopg.Error):
                log.warning("no heartbeat while the database is away")
            if self.install_signal_handlers and self._worker.sick:
                self.stop()  # type: ignore[no-untyped-call]
                return
            await asyncio.sleep(self.update_heartbeat_interval)

    async def _monitor_side_tasks(self, side_tasks: list[asyncio.Task[Any]]) -> None:
        await super()._monitor_side_tasks(side_tasks)
        if any(task.done() and not task.cancelled() and task.exception() for task in side_tasks):
            self.broken = True


class _Taking(manager.JobManager):
    """Takes jobs by our function, which knows of fairness."""

    def __init__(self, worker: Worker, app: procrastinate.App, news: asyncio.Event) -> None:
        super().__init__(app.connector)
        self._worker, self._news = worker, news

    @property
    def announced(self) -> bool:
        """Whether there was news that nobody has looked for yet."""
        return self._news.is_set()

    async def fetch_job(self, queues: Any, worker_id: int) -> queued.Job | None:
        """The next job. What is announced while this looks may come too late for the look, and Procrastinate forgets the
        news when the look is over: the job would wait for the next poll. So it looks again for as long as there was news.
        """
        while True:
            self._news.clear()
            job = await self._worker.take(worker_id)
            if job is not None or not self.announced:
                return job


__all__ = ["Hands"]
