"""Jobs as people look at them: what waits, runs and failed, why, trying again, forgetting, and whether anybody works at all.

Owns the way to the database's functions of the desk. Those of a company take the company from the transaction; the others are
for the platform's operator, as the owner of the database, and show ids and states, never what a job works on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

State = Literal["waiting", "running", "failed"]
STORED: dict[str, str] = {"waiting": "todo", "running": "doing", "failed": "failed"}
TOLD: dict[str, State] = {"todo": "waiting", "doing": "running", "failed": "failed"}
MOST = 1000  # jobs of one answer
SILENT = 120.0  # seconds without a sign of a worker, while something waits, after which people are told
KEPT_ALIVE = "core.due"  # deadlines and schedules live on by it: it is tried again, never dropped

Source = orm.Session | sa.Connection

_MOMENT = sa.DateTime(timezone=True)
_JOB: tuple[sa.ColumnClause[Any], ...] = (
    sa.column("id", sa.BigInteger),
    sa.column("tenant_id", sa.Uuid),
    sa.column("job", sa.Text),
    sa.column("queue", sa.Text),
    sa.column("state", sa.Text),
    sa.column("attempts", sa.Integer),
    sa.column("due_at", _MOMENT),
    sa.column("made_at", _MOMENT),
    sa.column("tried_at", _MOMENT),
    sa.column("kind", sa.Text),
    sa.column("place", sa.Text),
    sa.column("words", sa.Text),
    sa.column("done", sa.BigInteger),
    sa.column("total", sa.BigInteger),
    sa.column("note", sa.Text),
)
_FAILURE = (
    sa.column("at", _MOMENT),
    sa.column("attempt", sa.Integer),
    sa.column("kind", sa.Text),
    sa.column("place", sa.Text),
    sa.column("words", sa.Text),
)
_COUNT = (sa.column("tenant_id", sa.Uuid), sa.column("state", sa.Text), sa.column("n", sa.BigInteger))
_HEALTH = (
    sa.column("at", _MOMENT),
    sa.column("workers", sa.BigInteger),
    sa.column("beat", _MOMENT),
    sa.column("waiting", sa.BigInteger),
    sa.column("waiting_since", _MOMENT),
    sa.column("later", sa.BigInteger),
    sa.column("running", sa.BigInteger),
    sa.column("failed", sa.BigInteger),
    sa.column("overdue", sa.BigInteger),
    sa.column("overdue_since", _MOMENT),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One job.

    :ivar attempts: tries that ended, each without success. :ivar due_at: when it is tried (again); None: as soon as may be.
    :ivar kind, place, words: of its last failure: the exception, where in the code, and our own words where it was one of our
        own refusals. :ivar done, total, note: how far it said that it is.
    """

    id: int
    tenant: UUID
    job: str
    queue: str
    state: State
    attempts: int
    due_at: dt.datetime | None
    made_at: dt.datetime | None
    tried_at: dt.datetime | None
    kind: str | None
    place: str | None
    words: str | None
    done: int | None
    total: int | None
    note: str | None

    @property
    def module(self) -> str:
        return self.job.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Failure:
    """One try that failed."""

    at: dt.datetime
    attempt: int
    kind: str
    place: str | None
    words: str | None


@dataclass(frozen=True, slots=True)
class Health:
    """How the queue of the whole installation stands, with nothing of any company. Times are the database's.

    :ivar workers: seen within two minutes. :ivar beat: the last sign of any. :ivar waiting: could run now; ``later`` not yet.
    :ivar overdue: what is due and has not become a job.
    """

    at: dt.datetime
    workers: int
    beat: dt.datetime | None
    waiting: int
    waiting_since: dt.datetime | None
    later: int
    running: int
    failed: int
    overdue: int
    overdue_since: dt.datetime | None

    @property
    def silent(self) -> bool:
        """Something has waited for two minutes, and no worker was seen as long."""
        since = min((each for each in (self.waiting_since, self.overdue_since) if each), default=None)
        return not self.workers and since is not None and (self.at - since).total_seconds() > SILENT


def company_jobs(
    *, state: str | None = None, named: str | None = None, number: Any = None, before: int | None = None, most: int = MOST
) -> sa.TableValuedAlias:
    """The jobs of the transaction's company as something to select from; the parameters are those of ``jobs_of``."""
    return sa.func.platform.company_jobs(
        sa.cast(STORED[state] if state else None, sa.Text),
        sa.cast(named, sa.Text),
        number if isinstance(number, sa.ColumnElement) else sa.cast(number, sa.BigInteger),
        sa.cast(before, sa.BigInteger),
        sa.cast(most, sa.Integer),
    ).table_valued(*_JOB)


def jobs_of(
    session: Source,
    *,
    state: State | None = None,
    named: str | None = None,
    number: int | None = None,
    before: int | None = None,
    most: int = MOST,
) -> list[Seen]:
    """The company's jobs, the newest first.

    :param named: a job, or a module with all of its jobs. :param number: only this one. :param before: only older ones.
    """
    table = company_jobs(state=state, named=named, number=number, before=before, most=most)
    return _seen(session.execute(sa.select(*table.c)))


def all_jobs(
    connection: Source,
    company: UUID | None = None,
    *,
    state: State | None = None,
    named: str | None = None,
    number: int | None = None,
    most: int = MOST,
) -> list[Seen]:
    """The same for the platform's operator: of all companies, or of one."""
    table = sa.func.platform.jobs_found(
        _text(company), _text(STORED[state] if state else None), _text(named), _number(number), _number(None),
        sa.cast(most, sa.Integer),
    ).table_valued(*_JOB)  # fmt: skip
    return _seen(connection.execute(sa.select(*table.c)))


def counted(session: Source) -> dict[State, int]:
    """How many jobs of the company wait, run and failed."""
    return _counts(session.execute(sa.select(*sa.func.platform.company_jobs_counted().table_valued(*_COUNT).c)))


def all_counted(connection: Source, company: UUID | None = None) -> dict[UUID, dict[State, int]]:
    """The same by company, for the operator; companies without a job are left out."""
    table = sa.func.platform.jobs_counted(_text(company)).table_valued(*_COUNT)
    found: dict[UUID, list[Any]] = {}
    for row in connection.execute(sa.select(*table.c)):
        found.setdefault(row.tenant_id, []).append(row)
    return {tenant: _counts(rows) for tenant, rows in found.items()}


def failures(session: Source, number: int) -> list[Failure]:
    """Why each try of a job of the company failed, the first one first."""
    table = sa.func.platform.company_failures(_number(number)).table_valued(*_FAILURE)
    return [Failure(*row) for row in session.execute(sa.select(*table.c))]


def all_failures(connection: Source, number: int) -> list[Failure]:
    """The same for the operator."""
    table = sa.func.platform.failures_found(_text(None), _number(number)).table_valued(*_FAILURE)
    return [Failure(*row) for row in connection.execute(sa.select(*table.c))]


def retry(session: Source, number: int | None = None, named: str | None = None) -> int:
    """Try failed jobs of the company again, from the beginning; one that waits for its next try is tried at once when it is
    given by its number. :returns: how many."""
    return int(session.execute(sa.select(sa.func.platform.company_retry(_number(number), _text(named)))).scalar_one())


def all_retry(
    connection: Source, company: UUID | None = None, number: int | None = None, named: str | None = None
) -> int:
    """The same for the operator."""
    asked = sa.func.platform.retry_jobs(_text(company), _number(number), _text(named))
    return int(connection.execute(sa.select(asked)).scalar_one())


def drop(session: Source, number: int | None = None, named: str | None = None) -> int:
    """Forget failed jobs of the company: what they were to do is not done. Never ``core.due``. :returns: how many."""
    return int(session.execute(sa.select(sa.func.platform.company_drop(_number(number), _text(named)))).scalar_one())


def all_drop(
    connection: Source, company: UUID | None = None, number: int | None = None, named: str | None = None
) -> int:
    """The same for the operator, who may also forget a job that waits, by its number."""
    asked = sa.func.platform.drop_jobs(_text(company), _number(number), _text(named), sa.true())
    return int(connection.execute(sa.select(asked)).scalar_one())


def health(connection: Source) -> Health:
    """How the queue stands."""
    table = sa.func.platform.queue_health().table_valued(*_HEALTH)
    return Health(*connection.execute(sa.select(*table.c)).one())


def nobody_works() -> sa.Select[tuple[bool]]:
    """The cheapest question whether something waits and no worker was seen."""
    return sa.select(sa.func.platform.nobody_works(sa.cast(SILENT, sa.Float)).label("silent"))


def _text(value: object) -> sa.ColumnElement[Any]:
    return sa.cast(None if value is None else str(value), sa.Text)


def _number(value: int | None) -> sa.ColumnElement[Any]:
    return sa.cast(value, sa.BigInteger)


def _seen(rows: Any) -> list[Seen]:
    found = []
    for row in rows:
        values = dict(row._mapping)
        values["tenant"] = values.pop("tenant_id")
        values["state"] = TOLD[values["state"]]
        found.append(Seen(**values))
    return found


def _counts(rows: Any) -> dict[State, int]:
    found: dict[State, int] = {"waiting": 0, "running": 0, "failed": 0}
    for row in rows:
        found[TOLD[row.state]] += row.n
    return found
