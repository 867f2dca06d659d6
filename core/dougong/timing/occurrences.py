"""Occurrences: one run of a schedule, in one transaction with its mark; what failed or was missed, and running it again.

Owns the states of an occurrence after it was made, and sweeping them. Which ones are made is ``planning``'s part.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..errors import Conflict
from ..instant import now
from ..records import journal
from ..records.context import Context
from ..scheduling import watching
from ..scheduling.reasons import why
from ..tenancy import dues
from ..words import Lazy, translator
from . import alarms, planning
from .schedules import declaration
from .tables import Occurrence, ScheduleRow

if TYPE_CHECKING:
    from ..scheduling.jobs import Failure, JobContext
    from .schedules import Schedule

_ = translator("dougong")

KEPT = dt.timedelta(days=400)  # more than a year, so that a yearly run's last one is still to be seen
SWEPT, SWEEPS = 2000, 20  # in one statement, and statements in one night
FARTHEST_SKIP = 50  # runs ahead that may be left out
OFF = "off"
_X = Context[Any]

REASONS: dict[str, Lazy] = {
    OFF: _("Its module was switched off, or its site closed, before it began."),
    planning.SUPERSEDED: _("Nothing ran at that time; a later run stands for it."),
    planning.NOT_CAUGHT_UP: _("Nothing ran at that time; this schedule makes nothing up."),
    planning.LEFT_OUT: _("Nothing ran at that time, nor at earlier ones: at most {n} are looked at.").format(
        n=planning.MOST
    ),
}


def reason_words(run: Occurrence) -> Lazy | str:
    """Why it is as it is, for people; empty where there is nothing to say."""
    if run.state == "failed" and run.reason and run.reason.isidentifier():  # the name of an exception
        return why(run.reason, None)
    return REASONS.get(run.reason or "", run.reason or "")


# ---- a run ----


def run_one(one: Schedule, job: JobContext, occurrence: UUID | None) -> None:
    """The job of a schedule: its work and its mark, both or neither. Done before, or asked for by a job of an older version of
    the program (without an occurrence): nothing."""
    x: _X = job.context
    run = _locked(x, occurrence) if occurrence is not None else None
    if run is None or run.state not in ("waiting", "failed"):  # failed: somebody has its job tried again
        return
    if declaration(x, one.name, run.site_id) is None:
        _end(x, run, "skipped", OFF)
        return
    run.started_at, run.attempts, run.job_id = now(), job.attempt, job.id
    x.session.flush()
    one.run(x, run)
    if "journal" in x.session.info:  # records that it made have their history, are told of, and their clocks are looked at
        journal.settle(x)
    _end(x, run, "done", None)


def _locked(x: _X, id: UUID) -> Occurrence | None:
    mine = sa.select(Occurrence).where(Occurrence.tenant_id == x.tenant, Occurrence.id == id)
    return x.session.scalar(mine.with_for_update().execution_options(populate_existing=True))


def _end(x: _X, run: Occurrence, state: str, reason: str | None) -> None:
    if run.reason != planning.LEFT_OUT:  # that earlier ones did not run stays to be read
        run.reason = reason
    run.state, run.finished_at = state, now()
    dues.drop_many(x.session, x.tenant, planning.RUN, [run.id])


def quarantined(job: JobContext, failure: Failure, occurrence: UUID | None) -> None:
    """Its job is not tried any more: the occurrence failed, and people are told."""
    x: _X = job.context
    run = _locked(x, occurrence) if occurrence is not None else None
    if run is None or run.state != "waiting":
        return
    run.attempts, run.job_id = job.attempt, job.id
    _end(x, run, "failed", failure.words or failure.kind)
    row = x.session.get(ScheduleRow, (x.tenant, run.schedule_id))
    if row is not None:
        alarms.tell(x, alarms.FAILED, row, run.nominal)


def check(x: _X, id: UUID) -> None:
    """The moment by which a run must have begun. Whether it did is seen by its mark: what is being tried has not been done."""
    run = _locked(x, id)
    if run is None or run.state != "waiting":
        return
    row = x.session.get(ScheduleRow, (x.tenant, run.schedule_id))
    if row is not None and declaration(x, row.name, row.site_id) is not None:
        alarms.tell(x, alarms.MISSED, row, run.nominal)


# ---- what people ask for ----


def run_again(x: _X, run: Occurrence) -> None:
    """A new attempt of the same occurrence: one that failed, was missed or was left out and whose time has come.

    :raises Conflict: it is done, waits already, lies ahead, or its module is off.
    """
    found = _locked(x, run.id)
    if found is None or found.state == "done":
        raise Conflict(_("This run is done; it is not run twice. “Run now” makes another one."))
    if found.state == "waiting":
        raise Conflict(_("This run waits already, or is being tried."))
    if found.nominal > x.now:
        raise Conflict(_("Its time has not come yet."))
    one = _declaration(x, x.session.get_one(ScheduleRow, (x.tenant, found.schedule_id)))
    if found.job_id is not None:
        watching.drop(x.session, found.job_id)  # the failed one, for which this attempt stands now
    found.state, found.reason, found.asked_by = "waiting", None, x.actor
    found.started_at = found.finished_at = None
    x.session.flush()
    _queue(x, one, found.id)


def run_now(x: _X, row: ScheduleRow) -> Occurrence:
    """An extra occurrence, at once, besides the plan; also of a schedule that is paused.

    :raises Conflict: one that was asked for is still waiting, or its module is off.
    """
    one = _declaration(x, row)
    planning.locked(x, row.id)  # two clicks at once are one after the other
    waits = sa.exists().where(
        Occurrence.tenant_id == x.tenant, Occurrence.schedule_id == row.id, Occurrence.state == "waiting",
        Occurrence.asked_by.is_not(None),
    )  # fmt: skip
    if x.session.scalar(sa.select(waits)):
        raise Conflict(_("A run that somebody asked for waits already."))
    at = x.now
    while _exists(x, row, at):  # at the very moment of the plan
        at += dt.timedelta(microseconds=1)
    made = _made(x, row, at, "waiting")
    _queue(x, one, made.id)
    return made


def skip_next(x: _X, row: ScheduleRow, expected: dt.datetime | None = None) -> dt.datetime:
    """Leave out the next run that is not left out yet. :param expected: the run that was seen; another one is not left out.

    :returns: its time. :raises Conflict: there is none, or it is not the one that was seen.
    """
    _declaration(x, row)
    planning.locked(x, row.id)
    for at in planning.ahead(x, row, FARTHEST_SKIP):
        if not _exists(x, row, at):
            if expected is not None and at != expected:
                raise Conflict(_("The next run is another one by now. Look at it again."))
            _made(x, row, at, "skipped")
            return at
    raise Conflict(_("There is no run ahead that could be left out."))


def unskip(x: _X, run: Occurrence) -> None:
    """Let a run that was left out take place after all. :raises Conflict: its time is over, or it was not left out."""
    found = _locked(x, run.id)
    if found is None or found.state != "skipped" or found.nominal <= x.now:
        raise Conflict(_("This run is not one that lies ahead and is left out."))
    x.session.delete(found)
    x.session.flush()


def _queue(x: _X, one: Schedule, id: UUID) -> None:
    begun_by = x.now + dt.timedelta(minutes=one.grace)
    dues.put(x.session, x.tenant, [planning.enqueue(x, one, id, begun_by)])


def _declaration(x: _X, row: ScheduleRow) -> Schedule:
    one = declaration(x, row.name, row.site_id)
    if one is None:
        raise Conflict(_("The module of this schedule is off here."))
    return one


def _exists(x: _X, row: ScheduleRow, at: dt.datetime) -> bool:
    mine = Occurrence.tenant_id == x.tenant, Occurrence.schedule_id == row.id, Occurrence.nominal == at
    return bool(x.session.scalar(sa.select(sa.exists().where(*mine))))


def _made(x: _X, row: ScheduleRow, at: dt.datetime, state: str) -> Occurrence:
    values = {**planning.values(x, row, at, None), "state": state, "asked_by": x.actor}
    made = Occurrence(**values)
    if state == "skipped":
        made.finished_at = x.now
    x.session.add(made)
    x.session.flush()
    return made


# ---- keeping ----


def sweep(x: _X) -> None:
    """Remove occurrences that are over and older than ``KEPT``, some at a time."""
    old = sa.select(Occurrence.id).where(
        Occurrence.tenant_id == x.tenant, Occurrence.nominal < x.now - KEPT, Occurrence.state != "waiting"
    )
    gone = sa.delete(Occurrence).where(
        Occurrence.tenant_id == x.tenant, Occurrence.id.in_(old.order_by(Occurrence.nominal).limit(SWEPT))
    )
    for _turn in range(SWEEPS):
        if len(x.session.execute(gone.returning(Occurrence.id)).all()) < SWEPT:
            break


__all__ = [
    "REASONS", "quarantined", "reason_words", "run_again", "run_now", "run_one", "skip_next", "sweep",
    "unskip",
]  # fmt: skip
