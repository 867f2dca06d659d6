"""Doing one thing to many records: each by itself, with the same rights and guards as if it were alone.

Owns the loop, its report and the background run (``BulkRun``). A record that refuses leaves the others as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..access.tables import Person
from ..errors import NotFound, Problem
from ..instant import now
from ..scheduling.jobs import Job, JobContext
from ..tenancy.stored import Identified, new_id, reference
from ..words import locale, translator
from . import actions, journal
from .resource import Resource
from .visibility import judged

if TYPE_CHECKING:
    from .context import Context

_ = translator("dougong")

MOST = 1000  # records at once
AT_ONCE = 200  # done while the person waits; more is a job
_STEP = 100  # records of one transaction of the job, so that progress is seen
KEPT = dt.timedelta(days=7)
EDIT = "edit"
JOB = "core.bulk"


class BulkRun(Identified, kind="core.bulk_run", label=_("Done to many records")):
    """One thing done to many records in the background, and how it went.

    :ivar action: ``edit`` or ``do:<transition>``. :ivar body: what was entered; emptied when it is done.
    :ivar ids: the records. :ivar results: one a record, as ``Outcome.told`` has it. :ivar scope: of the token that
        asked for it; None: all that the person may. :ivar language: the person's, in which refusals are told.
    """

    record_kind: Mapped[str]
    action: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    ids: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    results: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    scope: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    language: Mapped[str] = mapped_column(default="zh")
    person_id: Mapped[UUID] = reference(Person)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    finished_at: Mapped[dt.datetime | None] = mapped_column(default=None)


@dataclass(frozen=True)
class Outcome:
    """How it went with one record. ``number`` is empty where the person may not see it."""

    id: UUID
    number: str = ""
    problem: Problem | None = None

    def told(self) -> dict[str, Any]:
        """For the API and the stored report; what was not found says nothing but that."""
        out: dict[str, Any] = {"id": str(self.id), "status": 200}
        if self.number:
            out["number"] = self.number
        if self.problem is None:
            return out
        out |= {"status": self.problem.status, "title": str(self.problem.title)}
        if isinstance(self.problem, NotFound):
            return out
        if self.problem.detail:
            out["detail"] = str(self.problem.detail)
        if self.problem.errors:
            out["errors"] = [{"path": e.path, "message": str(e.message)} for e in self.problem.errors]
        return out


def run_all(
    resource: Resource[Any],
    ids: Sequence[UUID],
    action: str,
    body: Mapping[str, Any],
    x: Context[Any],
    tell: Callable[[int], None] = lambda n: None,
) -> list[Outcome]:
    """Take a transition with each record, or edit each, in a savepoint of its own.

    :param action: ``edit`` or ``do:<transition>``. :param tell: told after each how many are dealt with.
    """
    journal.watch(x)
    made = []
    for id in ids:
        made.append(_one(resource, id, action, body, x))
        tell(len(made))
    return made


def _one(resource: Resource[Any], id: UUID, action: str, body: Mapping[str, Any], x: Context[Any]) -> Outcome:
    held = judged(x, resource, id)
    if held is None:
        return Outcome(id, problem=NotFound())
    record = held[0]
    number, version = record.number, record.row_version
    try:
        with x.session.begin_nested():
            if action == EDIT:
                actions.update(resource, id, body, x, version=version)
            else:
                actions.transition(resource, id, action.partition(":")[2], body, x)
    except Problem as problem:
        # What was gathered of the refused record's changes went back with the savepoint.
        journal.forget(x)
        return Outcome(id, number, problem)
    return Outcome(id, number)


# ---- in the background ----


def begin(
    resource: Resource[Any],
    ids: Sequence[UUID],
    action: str,
    body: Mapping[str, Any],
    x: Context[Any],
    scope: Sequence[str] | None,
) -> UUID:
    """Have it done by a worker; the run's id is answered. Old runs of this person go."""
    assert x.actor is not None
    old = BulkRun.tenant_id == x.tenant, BulkRun.person_id == x.actor, BulkRun.created_at < x.now - KEPT
    x.session.execute(sa.delete(BulkRun).where(*old))
    made = BulkRun(
        id=new_id(),
        record_kind=resource.kind,
        action=action,
        body=dict(body),
        ids=[str(id) for id in ids],
        scope=None if scope is None else list(scope),
        language=locale.get(),
        person_id=x.actor,
        created_at=x.now,
    )
    x.session.add(made)
    x.session.flush()
    x.enqueue(JOB, key=str(made.id), run=made.id)
    return made.id


def perform(job: JobContext, run: UUID) -> None:
    """The job: the next records of a run, then another job for the rest."""
    x: Context[Any] = job.context
    found = x.session.get(BulkRun, (x.tenant, run), with_for_update=True)
    if found is None or found.finished_at is not None:
        return
    resource = x.registry.resources.get(found.record_kind)
    spoken = locale.set(found.language)
    try:
        done, results = len(found.results), list(found.results)
        ids = [UUID(text) for text in found.ids[done : done + _STEP]]
        job.progress(done, len(found.ids))
        if resource is None or resource.module not in x.snapshot.modules:
            results += [Outcome(id, problem=NotFound()).told() for id in ids]
        else:
            only = None if found.scope is None else tuple(found.scope)
            inner = x.with_settings(x.snapshot.rows.settings.get(resource.module))
            inner.gate = x.snapshot.gate(found.person_id, x.now, only=only)
            tell = partial(_told, job, done, len(found.ids))
            results += [one.told() for one in run_all(resource, ids, found.action, found.body, inner, tell)]
        found.results = results
    finally:
        locale.reset(spoken)
    if len(found.results) < len(found.ids):
        x.enqueue(JOB, run=run)
        return
    found.finished_at, found.body = x.now, {}


def _told(job: JobContext, before: int, total: int, n: int) -> None:
    job.progress(before + n, total)


def report(x: Context[Any], kind: str, id: UUID) -> BulkRun:
    """A run of this person's own. :raises NotFound: there is none."""
    found = x.session.get(BulkRun, (x.tenant, id))
    if found is None or found.person_id != x.actor or found.record_kind != kind:
        raise NotFound()
    return found


JOBS = (Job(JOB, perform, retries=3, label=_("Do something to many records")),)

__all__ = ["AT_ONCE", "EDIT", "JOBS", "MOST", "BulkRun", "Outcome", "begin", "report", "run_all"]
