"""Runs what is due, in the test's own thread, at the moment that its clock shows: the tick, then every job that has a place,
until nothing is due. The same steps as a worker's, without its threads; so a test says ``clock.move(hours=3)`` and ``run_due``.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..config import Config
from ..instant import now
from ..scheduling.attempts import Attempts, Pauses, Told, Try
from ..scheduling.jobs import Jobs
from ..tenancy.files import Store
from .server import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from ..plugins.registry import Registry
    from ..tenancy.cells import Cell

ROUNDS = 10_000  # jobs after which the queue is not going to rest any more

_TICK = sa.select(
    sa.func.platform.tick(sa.bindparam("at", type_=sa.DateTime(timezone=True)), sa.bindparam("most", type_=sa.Integer))
)
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

    :ivar error: what it raised; None: it succeeded, or was put back or dropped because its module is off.
    """

    name: str
    tenant: UUID
    ids: Mapping[str, Any]
    attempt: int
    error: BaseException | None = None


def run_due(of: Any, *, failing: bool = False, queues: tuple[str, ...] | None = None) -> list[Ran]:
    """Tick and run every job that is due at the present moment (of the ``clock`` fixture, say), of all companies, until
    nothing is; jobs for later and pauses before another try are kept by that clock too.

    :param of: whatever has a ``cell`` and a ``registry``: a ``Company``, the ``Parts`` of an installation, an application, or
        an object with a ``company``. A ``store`` (or ``files``) and ``jobs`` are used where there are some.
    :param failing: keep going where a job fails, and list its error; else the first error is raised.
    :param queues: these only; None: all.
    :returns: what ran, in order.
    :raises AssertionError: it does not come to rest.
    """
    desk = _Desk(of, queues)
    ran: list[Ran] = []
    worker = desk.value(_HIRE)
    try:
        while True:
            desk.tick()
            one = desk.take(worker)
            if one is None:
                return ran
            assert len(ran) < ROUNDS, f"the queue does not come to rest; last {[each.name for each in ran[-5:]]}"
            error = desk.run(one)
            ran.append(Ran(one.name, one.tenant, one.ids, one.tries + 1, error))
            if error is not None and not failing:
                raise error
    finally:
        desk.value(_LEAVE, worker=worker)


def _store() -> Store:
    """Files of a test that has no store of its own: in the folder of the test run, which goes with it."""
    return Store(os.path.join(os.environ[VARIABLE], "files"))


class _Desk:
    def __init__(self, of: Any, queues: tuple[str, ...] | None) -> None:
        from ..access.store import Snapshots
        from ..app import Parts, opener

        home = of if hasattr(of, "cell") else of.company
        self.cell: Cell = home.cell
        registry: Registry = home.registry
        jobs = getattr(home, "jobs", None) or Jobs(registry.jobs)
        store: Store = getattr(home, "store", None) or getattr(home, "files", None) or _store()
        # The companies as they stand now, whatever another process of the test changed meanwhile.
        parts = Parts(Config(), None, registry, self.cell, Snapshots(self.cell, registry), jobs, store)  # type: ignore[arg-type]
        self.queues = list(queues or sorted({job.queue for job in jobs.declared.values()} | {"default"}))
        self.jobs, self.attempts = jobs, Attempts(jobs, opener(parts), Pauses())

    def value(self, statement: sa.Select[Any], **given: Any) -> Any:
        with self.cell.platform() as connection:
            return connection.execute(statement, given).scalar()

    def tick(self) -> None:
        while self.value(_TICK, at=now(), most=1000) >= 1000:
            pass

    def take(self, worker: int) -> Try | None:
        with self.cell.platform() as connection:
            row = connection.execute(_TAKE, {"worker": worker, "queues": self.queues}).one_or_none()
        return Try.of(row, worker) if row is not None else None

    def run(self, one: Try) -> BaseException | None:
        job = self.jobs.declared.get(one.name)
        told: Told | None
        error: BaseException | None = None
        try:
            told = self.attempts.perform(one, time.monotonic() + (job.timeout if job else 60.0))
        except Exception as raised:  # a job's failure is the test's to look at
            error, told = raised, self.attempts.failed(one, raised)
        if told is not None:
            self.value(told.statement, **told.arguments)
        return error


__all__ = ["Ran", "run_due"]
