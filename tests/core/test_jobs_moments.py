"""Moments of a worker that come seldom, made by hand: what happens while the database's answer to its look is on the way."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from dougong.scheduling.jobs import Job, JobContext, Jobs
from dougong.scheduling.process import WorkerThread
from dougong.scheduling.worker import Pace, Worker

from .test_jobs import QUICK, Office, count, counted, office, until

__all__ = ["office"]


class Waiting(Worker):
    """One answer to a look for jobs reaches it late: when ``go`` is set."""

    def __init__(self, *given: Any, late: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.late, self.held_up, self.go, self.beats = late, threading.Event(), threading.Event(), 0

    async def ask(self, query: str, **given: Any) -> Any:
        row = await super().ask(query, **given)
        if "take_job(" in query and not self.held_up.is_set() and self.late(row, given):
            self.held_up.set()
            await asyncio.to_thread(self.go.wait, 60)
        return row

    async def beat(self, worker: int, running: list[int]) -> bool:
        lives = await super().beat(worker, running)
        self.beats += 1
        return lives


def test_a_job_that_is_just_being_taken_is_not_adrift(office: Office) -> None:
    tenant, tries = office.company(), list[int]()

    def note(x: JobContext) -> None:
        tries.append(x.attempt)
        count(x)

    jobs = Jobs([Job("checks.note", note)])
    worker = Waiting(jobs, office.cell.address, office.open, pace=QUICK, late=lambda row, given: row is not None)
    thread = WorkerThread(worker, pause=0.1)
    number = office.enqueue(tenant, jobs, "checks.note")
    thread.start()
    try:
        until(worker.held_up.is_set)
        seen = worker.beats
        until(lambda: worker.beats > seen + 3)
        worker.go.set()
        until(lambda: office.finished(number))
    finally:
        worker.go.set()
        thread.stop()
    assert tries == [1]
    assert counted(office, tenant) == 1


def test_a_slot_that_is_freed_while_the_worker_looks_does_not_wait_for_the_poll(office: Office) -> None:
    tenant, go = office.company(), threading.Event()

    def long(x: JobContext) -> None:
        go.wait(60)

    jobs = Jobs([Job("checks.long", long), Job("checks.count", count)])
    pace = Pace(concurrency=2, poll=600, grace=5)  # one slot for each company
    worker = Waiting(jobs, office.cell.address, office.open, pace=pace, late=lambda row, given: given["held"] is not None)
    thread = WorkerThread(worker, pause=0.1)
    first, second = (office.enqueue(tenant, jobs, name) for name in ("checks.long", "checks.count"))
    thread.start()
    try:
        until(worker.held_up.is_set)
        go.set()
        until(lambda: office.finished(first) and not worker._held)
        worker.go.set()
        until(lambda: office.finished(second))
    finally:
        go.set()
        worker.go.set()
        thread.stop()
    assert counted(office, tenant) == 1
