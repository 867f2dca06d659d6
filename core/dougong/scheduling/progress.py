"""How far long work is: written apart from the work's own transaction, so that it is seen while that is still open.

Owns the rows and the pace of writing them. Where they are shown, and to whom, is decided above: a row is found by the id of
what the work is about, so whoever may see that may see how far it is.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from uuid import UUID

import psycopg
import sqlalchemy as sa
import structlog
from sqlalchemy import orm
from sqlalchemy.dialects.postgresql import insert

from ..instant import now
from ..tenancy.cells import Bound, Contended, Lost, Suspended
from ..tenancy.tables import progress
from .watching import company_jobs

log = structlog.get_logger(__name__)

EVERY = 1.0  # seconds between two notes of one job
LONGEST_NOTE = 200
KEPT = dt.timedelta(days=7)
_FAILED = (sa.exc.SQLAlchemyError, psycopg.Error, Lost, Contended, Suspended)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    :ivar done: of ``total`` (0: nobody knows), in whatever the job counts.
    :ivar at: when it said so. :ivar attempt: 1 at the first try.
    :ivar state: ``running``; ``again``: it failed and is tried again at ``due_at``, from the beginning; ``failed``: it is not
        tried again by itself.
    """

    done: int
    total: int
    note: str
    at: dt.datetime
    attempt: int
    state: str
    due_at: dt.datetime | None = None


def note(session: orm.Session, about: UUID, job: int, attempt: int, done: int, total: int, words: str = "") -> None:
    """Write down how far a job is, in a short transaction of its own. What was said less than a second ago is not said again,
    but for the first word and the last. A note that cannot be written is logged: the work itself goes on.

    :param session: of the job; its company and its engine are used, not its transaction.
    """
    before = session.info.get("progress at")
    if before is not None and (total <= 0 or done < total) and time.monotonic() - before < EVERY:
        return
    session.info["progress at"] = time.monotonic()
    tenant, moment = session.info["bound"].tenant, now()
    values = {
        "job_id": job,
        "attempt": attempt,
        "done": max(done, 0),
        "total": max(total, done) if total > 0 else 0,
        "note": words.replace("\0", "")[:LONGEST_NOTE],
        "at": moment,
    }
    put = insert(progress).values(tenant_id=tenant, about=about, **values)
    old = sa.delete(progress).where(progress.c.tenant_id == tenant, progress.c.at < moment - KEPT)
    engine = session.get_bind().engine.execution_options(dougong_bound=Bound(tenant))
    try:
        with engine.begin() as connection:
            if before is None:
                connection.execute(old)
            connection.execute(put.on_conflict_do_update(index_elements=["tenant_id", "about"], set_=values))
    except _FAILED:
        log.warning("how far a job is could not be noted", job=job, exc_info=True)


def progress_of(session: orm.Session, tenant: UUID, about: UUID) -> Progress | None:
    """How far the work about something is; None: it has not begun to tell, or is done."""
    jobs = company_jobs(number=progress.c.job_id, most=1)
    query = sa.select(progress, jobs.c.state, jobs.c.due_at, jobs.c.attempts).where(
        progress.c.tenant_id == tenant, progress.c.about == about
    )
    row = session.execute(query.select_from(progress.join(jobs, sa.true()))).one_or_none()
    if row is None:
        return None
    state = {"doing": "running", "todo": "again"}.get(row.state, "failed")
    begun_anew = state == "running" and row.attempts + 1 > row.attempt
    done = 0 if begun_anew else row.done
    return Progress(done, row.total, row.note, row.at, row.attempt, state, row.due_at)
