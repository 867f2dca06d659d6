"""What happens when a row of ``platform.due`` became a job: the kind of the row says which part of the core takes over.

Owns the job ``core.due`` and the table of who takes what. Each handler works in the job's transaction, as the system, and puts
the next due row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import structlog

from ..records.context import Context
from ..scheduling.jobs import Job, JobContext
from ..words import translator
from . import clockwork, following, occurrences, planning, recomputing

_ = translator("dougong")
log = structlog.get_logger(__name__)

Handler = Callable[[Context[Any], UUID], None]
"""Called with the context of the job (the system, the settings of ``core``) and the id of the due row."""

HANDLERS: Mapping[str, tuple[Handler, ...]] = {
    planning.KIND: (planning.take,),
    planning.RUN: (occurrences.check,),
    following.KIND: (following.follow, clockwork.wake),
    following.CALENDAR: (following.recalculate, recomputing.recalculate),
}
"""Who takes what, in one transaction and in this order. Every other kind is one of records."""


def due(job: JobContext, kind: str, id: UUID) -> None:
    """The job ``core.due``. A record of a plugin that is not there (broken just now, or gone) waits for it; what else nobody
    takes any more is forgotten. Both are logged."""
    x: Context[Any] = job.context
    if handlers := HANDLERS.get(kind):
        for handler in handlers:
            handler(x, id)
    elif not clockwork.take(x, kind, id):
        log.warning("due, and nobody takes it", kind=kind, id=str(id), tenant=str(job.tenant))
        if kind not in x.registry.resources and not kind.startswith("core."):
            clockwork.put_off(x, kind, id)


JOBS = (Job("core.due", due, retries=8, timeout=120.0, label=_("Take what is due: deadlines, schedules")),)

__all__ = ["HANDLERS", "JOBS", "Handler", "due"]
