"""Background work: what a module declares, and putting it into the queue in the business transaction.

A job carries ids, never personal data, and belongs to the company of the transaction that enqueued it: the database
stamps it. Running jobs is the worker's part; schedules and clocks come above.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects.postgresql import JSONB

from ..words import Lazy

Id = str | int | bool | UUID | None

LONGEST_TEXT = 200  # of a text argument or a key: enough for a name or a digest, too little for somebody's statement


class Off(Exception):
    """The company is suspended or the module is off for it: the job waits or is dropped, as it declares."""


class Gone(Exception):
    """There is no such company any more: its jobs are dropped."""


class Opened(Protocol):
    """What a job works with: at least a session bound to the company. The core hands a ``records.Context``."""

    @property
    def session(self) -> orm.Session: ...


@dataclass(frozen=True, slots=True)
class JobContext:
    """A running job. ``context`` acts as the system in the job's company; what it writes commits when ``run`` returns.

    ``key`` is the same at every attempt: the idempotency key for what leaves the database.
    """

    id: int
    name: str
    tenant: UUID
    attempt: int  # 1 at the first try
    context: Any
    about: UUID | None = None  # the first id that it was enqueued with: what it works on

    @property
    def session(self) -> orm.Session:
        session: orm.Session = self.context.session
        return session

    @property
    def key(self) -> str:
        return f"{self.name}:{self.id}"

    def progress(self, done: int, of: int, note: str = "", *, about: UUID | None = None) -> None:
        """Say how far the work is. It is seen at once, while this transaction is open, wherever ``x.progress_of(about)`` is
        shown, and by administrators; call it as often as you like. A second try begins at nothing again.

        :param done: of ``of``, in what the work counts; 0 where nobody knows how much it will be.
        :param note: what is done now, in words and never personal.
        :param about: the id under which it is looked for; None: the first id that the job was enqueued with.
        """
        from .progress import note as write

        subject = about or self.about or uuid5(self.tenant, self.key)
        write(self.session, subject, self.id, self.attempt, done, of, note)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a try did not succeed, without personal data.

    :ivar kind: the error's type. :ivar place: ``module:line`` where it came from, as far as it came from our code or a plugin's.
    :ivar words: what our own errors say of themselves (``Problem``); nothing of others, whose texts may repeat content.
    """

    kind: str
    place: str = ""
    words: str = ""


@dataclass(frozen=True)
class Job:
    """Work that a module does in the background, in one transaction, as the system.

    :param name: ``module.verb``; the module must be on when it runs, not only when it was enqueued.
    :param run: called with the ``JobContext`` and the ids that it was enqueued with. It may be tried several times,
        but commits once: its effects in the database happen once.
    :param queue: a worker may serve some queues only; long work has its own.
    :param retries: further tries after an error, with growing pauses.
    :param when_disabled: while the company is suspended or the module off: keep it until then, or forget it.
    :param timeout: seconds after which a statement is cut and the transaction does not commit any more.
    :param failed: called when the job has failed for good, in one transaction with that, as the system: with the
        ``JobContext``, the ``Failure`` and the ids. If it fails itself, the job has failed all the same, and the log says so.
    :param label: what it does, in two or three words, for people who see that it failed.
    """

    name: str
    run: Callable[..., None]
    queue: str = "default"
    retries: int = 5
    when_disabled: Literal["wait", "drop"] = "wait"
    timeout: float = 60.0
    label: Lazy | None = None
    failed: Callable[..., None] | None = None

    def __post_init__(self) -> None:
        module, dot, verb = self.name.partition(".")
        if not (module and dot and verb) or len(self.name) > 100:
            raise ValueError(f"{self.name!r}: a job is named 'module.verb'")
        if inspect.iscoroutinefunction(self.run):
            raise ValueError(f"{self.name}: jobs are plain functions, not coroutines")
        if self.retries < 0 or self.timeout <= 0:
            raise ValueError(f"{self.name}: retries cannot be negative, the timeout must be positive")

    @property
    def module(self) -> str:
        return self.name.partition(".")[0]


_ENQUEUE = sa.select(
    sa.func.platform.enqueue_job(
        sa.bindparam("name", type_=sa.Text),
        sa.bindparam("queue", type_=sa.Text),
        sa.bindparam("arguments", type_=JSONB),
        sa.bindparam("key", type_=sa.Text),
        sa.bindparam("due", type_=sa.DateTime(timezone=True)),
    )
)


class Jobs:
    """The declared jobs, by name, and the way into the queue."""

    def __init__(self, declared: Mapping[str, Job] | Iterable[Job]) -> None:
        found = declared.values() if isinstance(declared, Mapping) else declared
        self.declared: dict[str, Job] = {job.name: job for job in found}

    def enqueue(
        self,
        session: orm.Session,
        name: str,
        *,
        key: str | None = None,
        at: dt.datetime | None = None,
        **ids: Id,
    ) -> int:
        """Put a job into the queue in this session's transaction: it exists when, and only when, that commits.

        :param name: a declared job.
        :param key: names the piece of work. While a job with this name and key waits in this company, no second one
            is made: it stays, at the earlier of both times, and sees what this transaction did. A job that already
            runs does not count.
        :param at: not before this moment; None: as soon as a worker is free.
        :param ids: what the job works on. Texts up to 200 characters, integers, booleans, UUIDs.
        :returns: the job's number, that of the waiting one where there was one.
        :raises ValueError: not declared, or a time without a zone.
        :raises TypeError: an argument that is no id, or that the job does not take.
        """
        job = self.declared.get(name)
        if job is None:
            raise ValueError(f"no module declares the job {name!r}")
        if at is not None and at.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        if key is not None and (not key or len(key) > LONGEST_TEXT or "\0" in key):
            raise ValueError(f"{name}: a key has 1 to {LONGEST_TEXT} characters")
        _signature(job.run).bind(None, **ids)  # what the job cannot take fails here, not in every try of the worker
        arguments = {argument: _packed(name, argument, value) for argument, value in ids.items()}
        given = {"name": name, "queue": job.queue, "arguments": arguments, "key": key, "due": at}
        number: int = session.execute(_ENQUEUE, given).scalar_one()
        return number


@lru_cache(maxsize=1024)
def _signature(run: Callable[..., None]) -> inspect.Signature:
    return inspect.signature(run)


def _packed(job: str, argument: str, value: Id) -> Any:
    if argument == "tenant":
        raise TypeError(f"{job}: the company is that of the transaction, it cannot be given")
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, str) and len(value) <= LONGEST_TEXT and "\0" not in value:
        return value
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**63):
        return value
    raise TypeError(f"{job}: argument {argument!r} must be an id (short text, integer, boolean, UUID), never content")


def unpacked(arguments: Mapping[str, Any]) -> tuple[UUID, dict[str, Id]]:
    """The company and the ids of a stored job."""
    ids = {k: UUID(v["uuid"]) if isinstance(v, dict) else v for k, v in arguments.items() if k != "tenant"}
    return UUID(arguments["tenant"]), ids


def subject(ids: Mapping[str, Id]) -> UUID | None:
    """What a job works on: its first id."""
    return next((each for each in ids.values() if isinstance(each, UUID)), None)
