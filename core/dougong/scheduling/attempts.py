"""One try of one job, in the calling thread: what the worker's threads do, and what tests do in their own.

Owns what a try comes to (done, later, dropped, failed) and how the queue is told. Taking jobs and keeping time is the
worker's part; what a job may do is its module's.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from ..errors import Problem
from ..instant import now
from ..tenancy.cells import Stale, Suspended
from .jobs import Failure, Gone, Id, Job, JobContext, Jobs, Off, Opened, subject, unpacked

log = structlog.get_logger(__name__)

Opener = Callable[[UUID, str], AbstractContextManager[Opened]]
"""Company and module → one transaction of that company, as the system. Raises ``Off`` or ``Gone``."""

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    **dict.fromkeys(("job", "worker"), sa.BigInteger()),
    **dict.fromkeys(("tries", "milliseconds"), sa.Integer()),
    **dict.fromkeys(("at", "again", "until"), sa.DateTime(timezone=True)),
    **dict.fromkeys(("kind", "place", "words"), sa.Text()),
}


def _call(function: str, *names: str) -> sa.Select[Any]:
    parameters = [sa.bindparam(name, type_=_TYPES[name]) for name in names]
    return sa.select(getattr(sa.func.platform, function)(*parameters))


_SAID = {
    "end_job": ("job", "worker", "tries"),
    "fail_job": ("job", "worker", "tries", "at", "kind", "place", "words", "again"),
    "job_waits": ("job", "worker", "tries", "until"),
}
_BEGIN = _call("begin_job", "job", "milliseconds")
_STATEMENTS = {function: _call(function, *names) for function, names in _SAID.items()}


class TimedOut(Exception):
    """The job's time was over before it committed."""


class Exhausted(Exception):
    """Its workers died at every try; it is not tried again."""


class Taken(Exception):
    """The job was given to another worker meanwhile: what this one did is undone."""


@dataclass(frozen=True, slots=True)
class Try:
    """A job that was taken from the queue, and by whom. ``tries``: how often it was tried before."""

    id: int
    name: str
    tenant: UUID
    tries: int
    worker: int
    ids: dict[str, Id]

    @classmethod
    def of(cls, row: Any, worker: int) -> Try:
        """From a row (or job of Procrastinate's) with ``id``, ``task_name``, ``args`` and ``attempts``."""
        tenant, ids = unpacked(row.args)
        return cls(row.id, row.task_name, tenant, row.attempts, worker, ids)


@dataclass(frozen=True, slots=True)
class Told:
    """What the queue must still be told after a try: a function of the owner with its arguments."""

    function: str
    arguments: dict[str, Any]

    @property
    def statement(self) -> sa.Select[Any]:
        """For a connection of SQLAlchemy's, with ``arguments``."""
        return _STATEMENTS[self.function]

    @property
    def query(self) -> str:
        """For the queue's own connections, with ``arguments``."""
        return f"SELECT {self.function}({', '.join(f'%({name})s' for name in _SAID[self.function])}) AS told"


@dataclass(frozen=True, slots=True)
class Pauses:
    """:param backoff: seconds before the first retry, doubled at each; :param longest: the longest pause.
    :param wait: for how long a job is put back whose module is off."""

    backoff: float = 5.0
    longest: float = 3600.0
    wait: float = 300.0

    def after(self, tries: int) -> dt.timedelta:
        """The pause after a failure, with ``tries`` before it."""
        return dt.timedelta(seconds=min(self.backoff * 2.0 ** min(tries, 30), self.longest))


class Attempts:
    """Tries jobs. Every method may be called from several threads at once."""

    def __init__(self, jobs: Jobs, opener: Opener, pauses: Pauses) -> None:
        self.jobs, self.opener, self.pauses = jobs, opener, pauses

    def perform(self, one: Try, deadline: float) -> Told | None:
        """Run the job in its company's transaction.

        :param deadline: ``time.monotonic()`` after which it does not commit any more.
        :returns: what the queue must be told; None: all is said, within the transaction.
        :raises Exception: whatever the job raised: give it to ``failed``.
        """
        job = self.jobs.declared.get(one.name)
        if job is None:
            log.warning("a job's module is not loaded", job=one.name, id=one.id)
            return self.back(one, self.pauses.wait)
        if one.tries > job.retries:
            raise Exhausted(one.name)
        try:
            return self._within(job, one, deadline)
        except Off:
            log.info(
                "module off or company suspended",
                job=job.name,
                id=one.id,
                tenant=str(one.tenant),
                then=job.when_disabled,
            )
            return self.back(one, self.pauses.wait) if job.when_disabled == "wait" else self.done(one)
        except Gone:
            log.warning("dropped: no such company", job=job.name, id=one.id, tenant=str(one.tenant))
            return self.done(one)

    def _within(self, job: Job, one: Try, deadline: float) -> Told | None:
        for again in (True, False):
            try:
                with self.opener(one.tenant, job.module) as opened:
                    milliseconds = max(int((deadline - time.monotonic()) * 1000), 1)
                    if not opened.session.scalar(_BEGIN, {"job": one.id, "milliseconds": milliseconds}):
                        log.info("done before", job=job.name, id=one.id)
                        return self.done(one)
                    job.run(self._context(one, opened), **one.ids)
                    opened.session.flush()
                    if not opened.session.scalar(
                        _STATEMENTS["end_job"], {"job": one.id, "worker": one.worker, "tries": one.tries}
                    ):
                        raise Taken(job.name)
                    if time.monotonic() > deadline:
                        raise TimedOut(job.name)
                return None
            except Stale:
                if not again:
                    raise
            except Suspended as error:
                raise Off(str(one.tenant)) from error
        return None

    def _context(self, one: Try, opened: Opened) -> JobContext:
        return JobContext(one.id, one.name, one.tenant, one.tries + 1, opened, subject(one.ids))

    # ---- what a try comes to ----

    def done(self, one: Try) -> Told:
        return Told("end_job", {"job": one.id, "worker": one.worker, "tries": one.tries})

    def back(self, one: Try, seconds: float) -> Told:
        """Back to the queue for a while; that is not a try."""
        until = now() + dt.timedelta(seconds=seconds)
        return Told("job_waits", {"job": one.id, "worker": one.worker, "tries": one.tries, "until": until})

    def failed(self, one: Try, error: BaseException) -> Told | None:
        """Judge a failure: again later, or quarantined. With a ``Job.failed`` this opens the company's transaction.

        :returns: what the queue must be told; None: that is done.
        """
        if isinstance(error, Taken):
            log.warning("a job was given to another worker meanwhile", job=one.name, id=one.id)
            return None
        job = self.jobs.declared.get(one.name)
        reason = reason_of(error)
        final = job is None or one.tries >= job.retries
        again = None if final else now() + self.pauses.after(one.tries)
        note = log.error if final else log.warning
        note(
            "a job failed for good" if final else "a job failed, it is tried again",
            job=one.name, id=one.id, tenant=str(one.tenant), attempt=one.tries + 1, kind=reason.kind, place=reason.place,
            exc_info=error,
        )  # fmt: skip
        arguments = {
            "job": one.id, "worker": one.worker, "tries": one.tries, "at": now(), "kind": reason.kind,
            "place": reason.place, "words": reason.words, "again": again,
        }  # fmt: skip
        if job and job.failed and final and self._told(job, one, reason, arguments):
            return None
        return Told("fail_job", arguments)

    def _told(self, job: Job, one: Try, reason: Failure, arguments: dict[str, Any]) -> bool:
        """The quarantine and what the module does about it, in one transaction."""
        assert job.failed is not None
        for again in (True, False):
            try:
                with self.opener(one.tenant, job.module) as opened:
                    if opened.session.scalar(_STATEMENTS["fail_job"], arguments):
                        job.failed(self._context(one, opened), reason, **one.ids)
                return True
            except Stale:
                if again:
                    continue
                log.warning("a failed job's module could not be told", job=job.name, id=one.id, exc_info=True)
            except Exception:  # of a plugin, at the end of a failure: logged, and the job has failed all the same
                log.exception("a failed job's module could not be told", job=job.name, id=one.id)
            return False
        return False


def reason_of(error: BaseException) -> Failure:
    """What may be kept of an error: its type, the last place in our code or a plugin's, words only of our own."""
    places = [(frame.f_globals.get("__name__", "?"), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [one for one in places if _ours(one[0])] or places
    return Failure(
        kind=type(error).__qualname__,
        place=f"{ours[-1][0]}:{ours[-1][1]}" if ours else "",
        words=str(error.detail or error.title) if isinstance(error, Problem) else "",
    )


def _ours(module: str) -> bool:
    """Whether the module is no library's: neither the standard library's nor one that a library's metadata names."""
    top = module.partition(".")[0]
    return top.startswith("dougong") or (top not in sys.stdlib_module_names and top not in _LIBRARIES)


_LIBRARIES = frozenset(
    ("sqlalchemy", "psycopg", "psycopg_pool", "psycopg_binary", "pydantic", "httpx", "PIL", "openpyxl")
)

__all__ = ["Attempts", "Exhausted", "Opener", "Pauses", "Taken", "TimedOut", "Told", "Try", "reason_of"]
