"""Runs what is due in the calling thread, at the moment that its clock shows, and lets time pass from one such moment to the
next: for tests, and for a demo that lives ahead. The same steps as a worker's, without its threads, over all companies.

Whoever calls owns the clock: this module says at which moment to stop, and runs what is due there.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..instant import now
from .attempts import Attempts, Opener, Pauses, Told, Try

if TYPE_CHECKING:
    from ..tenancy.cells import Cell
    from .jobs import Jobs

ROUNDS = 10_000  # jobs at one moment after which the queue is not going to rest any more

_TICK = sa.select(
    sa.func.platform.tick(sa.bindparam("at", type_=sa.DateTime(timezone=True)), sa.bindparam("most", type_=sa.Integer))
)
_NEXT = sa.select(sa.func.platform.next_due(type_=sa.DateTime(timezone=True)))
_QUEUES = sa.bindparam("queues", type_=sa.ARRAY(sa.Text()))
_taken = sa.func.platform.take_job(sa.bindparam("worker", type_=sa.BigInteger), _QUEUES, sa.null()).table_valued(
    sa.column("id", sa.BigInteger),
    sa.column("task_name", sa.Text),
    sa.column("args", sa.JSON),
    sa.column("attempts", sa.Integer),
)
_TAKE = sa.select(_taken)
_HIRE = sa.select(sa.func.platform.procrastinate_register_worker_v1())
_LEAVE = sa.select(sa.func.platform.procrastinate_unregister_worker_v1(sa.bindparam("worker", type_=sa.BigInteger)))


@dataclass(frozen=True, slots=True)
class Ran:
    """A job that was tried.

    :ivar at: when. :ivar ids: what it was enqueued with. :ivar attempt: 1 at the first try.
    :ivar error: what it raised; None: it succeeded, or was put back or dropped because its module is off.
    """

    name: str
    tenant: UUID
    ids: Mapping[str, Any]
    attempt: int
    error: BaseException | None
    at: dt.datetime


class Stepper:
    """Works off what is due, by hand.

    :param opener: opens the company's transaction. :param queues: these only; None: all.
    """

    def __init__(self, cell: Cell, jobs: Jobs, opener: Opener, *, queues: tuple[str, ...] | None = None) -> None:
        self.cell, self.jobs = cell, jobs
        self.attempts = Attempts(jobs, opener, Pauses())
        self._queues = list(queues or sorted({job.queue for job in jobs.declared.values()} | {"default"}))

    def next_due(self) -> dt.datetime | None:
        """When something is due next, of whatever company; it may have been due before. None: nothing is to come."""
        found: dt.datetime | None = self._value(_NEXT)
        return found

    def run(self, *, failing: bool = False) -> Iterator[Ran]:
        """Run every job that is due now, of all companies, until nothing is; what failed is tried again when its pause is over.

        :param failing: keep going where a job fails; else its error is raised.
        :returns: what ran, as it goes: nothing happens before it is asked for.
        :raises RuntimeError: it does not come to rest.
        """
        with self._hired() as worker:
            yield from self._rounds(worker, failing)

    def through(
        self, until: dt.datetime, at: Callable[[dt.datetime], object], *, failing: bool = False
    ) -> Iterator[Ran]:
        """Let time pass until a moment, stopping wherever something is due and running it there, so that all happens in its
        order. Time never goes back: what is overdue already is run first.

        :param at: sets the time. :param failing, returns: as ``run``.
        :raises RuntimeError: it does not come to rest, or time does not move.
        """
        # Nobody switches a module on while time passes: what waits for one is looked at again at the end, not every minute.
        waits = max(self.attempts.pauses.wait, (until - now()).total_seconds())
        self.attempts.pauses = replace(self.attempts.pauses, wait=waits)
        with self._hired() as worker:
            yield from self._rounds(worker, failing)
            while (coming := self.next_due()) is not None and coming <= until:
                at(max(coming, now()))
                if now() < coming:  # nothing would ever be due
                    raise RuntimeError(f"time stands at {now()} and does not come to {coming}")
                yield from self._rounds(worker, failing)
            at(max(until, now()))
            yield from self._rounds(worker, failing)

    @contextmanager
    def _hired(self) -> Iterator[int]:
        worker = self._value(_HIRE)
        try:
            yield worker
        finally:
            self._value(_LEAVE, worker=worker)

    def _rounds(self, worker: int, failing: bool) -> Iterator[Ran]:
        names: list[str] = []
        while True:
            while self._value(_TICK, at=now(), most=1000) >= 1000:
                pass
            one = self._take(worker)
            if one is None:
                return
            names.append(one.name)
            if len(names) > ROUNDS:
                raise RuntimeError(f"the queue does not come to rest; last {names[-5:]}")
            error = self._try(one)
            yield Ran(one.name, one.tenant, one.ids, one.tries + 1, error, now())
            if error is not None and not failing:
                raise error

    def _take(self, worker: int) -> Try | None:
        with self.cell.platform() as connection:
            row = connection.execute(_TAKE, {"worker": worker, "queues": self._queues}).one_or_none()
        return Try.of(row, worker) if row is not None else None

    def _try(self, one: Try) -> BaseException | None:
        job = self.jobs.declared.get(one.name)
        told: Told | None
        error: BaseException | None = None
        try:
            told = self.attempts.perform(one, time.monotonic() + (job.timeout if job else 60.0))
        except Exception as raised:  # whatever a job raises is its failure, and the caller's to look at
            error, told = raised, self.attempts.failed(one, raised)
        if told is not None:
            self._value(told.statement, **told.arguments)
        return error

    def _value(self, statement: sa.Select[Any], **given: Any) -> Any:
        with self.cell.platform() as connection:
            return connection.execute(statement, given).scalar()


__all__ = ["Ran", "Stepper"]
