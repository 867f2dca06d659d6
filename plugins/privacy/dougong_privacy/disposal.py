"""The nightly job: records whose term is over are erased or deleted, and each is noted.

It enqueues itself for the next night; should that chain ever break, any visit of the start page or of this module's
pages begins it anew (``begin``). Bounded: so many records in one transaction, and on with the rest in the next.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong import (
    Conflict,
    Context,
    Job,
    JobContext,
    Problem,
    Record,
    delete_record,
    erase_record,
    speaking,
    translator,
)
from sqlalchemy import event, orm

from .choices import Ending, Fate
from .records import Disposal
from .settings import Settings
from .terms import Holding, holdings, over

_ = translator("dougong_privacy")
X = Context[Settings]
NAME, NIGHTLY = "privacy.dispose", "privacy.nightly"
BATCH = 200
HOUR = 2  # of the company's night
REMEMBERED = 4096  # companies
_known: dict[UUID, dt.date] = {}  # companies for which this process has seen to it today


def tonight(x: X) -> dt.datetime:
    """The next time at which the company sleeps."""
    zone = x.snapshot.sites.zone()
    here = x.now.astimezone(zone)
    at = here.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return at if at > here else at + dt.timedelta(days=1)


def begin(x: Context[Any], *, sure: bool = False) -> None:
    """See to it that the job waits for the next night; once a day for each company and process.

    :param sure: whatever this process remembers.
    """
    if x.jobs is None or (_known.get(x.tenant) == x.now.date() and not sure):
        return
    x.enqueue(NAME, key=NIGHTLY, at=tonight(x))
    tenant, today = x.tenant, x.now.date()

    def remember(_session: orm.Session) -> None:  # not before: a job that was rolled back does not wait
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[tenant] = today

    event.listen(x.session, "after_commit", remember, once=True)


def dispose(running: JobContext) -> None:
    """The job itself."""
    x: X = running.context
    done = batch(x, BATCH) if x.settings.dispose else 0
    if done >= BATCH:
        x.enqueue(NAME, key=f"{NAME}.rest")
    else:
        x.enqueue(NAME, key=NIGHTLY, at=tonight(x))


def batch(x: X, most: int) -> int:
    """Dispose of at most so many records. :returns: how many were looked at."""
    done = 0
    with speaking(x.settings_of("core").locale):
        for one in holdings(x):
            if one.ending is Ending.KEEP:
                continue
            for record in x.session.scalars(
                over(x, one, x.now).limit(most - done).with_for_update(skip_locked=True)
            ).all():
                _one(x, one, record)
                done += 1
            if done >= most:
                break
    return done


def _one(x: X, one: Holding, record: Record) -> None:
    """One record, in a savepoint of its own; what refuses is noted with its reason and left."""
    kind, id, number, site = record.kind, record.id, record.number, record.site_id
    reason = str(_("term: {term}").format(term=one.words))
    fate, why = Fate.ERASED, None
    try:
        with x.session.begin_nested():
            if one.ending is Ending.DELETE:
                fate, why = _whole(x, record, reason)
            else:
                erase_record(x, record, reason=reason, words=True, files=True)
    except Problem as problem:
        x.session.expire_all()
        fate, why = Fate.LEFT, str(problem.detail)
    x.create(
        Disposal, site, target=kind, what=str(one.resource.record.label)[:200], of=number, target_id=id,
        term=one.words[:200], fate=fate, why=why,
    )  # fmt: skip


def _whole(x: X, record: Record, reason: str) -> tuple[Fate, str | None]:
    """Delete; where another record refers to it, its personal values go at least."""
    kind, id = type(record), record.id
    try:
        with x.session.begin_nested():
            delete_record(x, record, reason=reason)
        return Fate.DELETED, None
    except Conflict as problem:
        x.session.expire_all()
        left = x.session.get_one(kind, (x.tenant, id))
        erase_record(x, left, reason=reason, words=True, files=True)
        return Fate.ERASED, str(problem.detail)


JOB = Job(NAME, dispose, queue="long", timeout=900.0)

__all__ = ["BATCH", "JOB", "NAME", "NIGHTLY", "batch", "begin", "dispose", "tonight"]
