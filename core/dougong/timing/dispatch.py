"""What happens when a row of ``platform.due`` became a job: the kind of the row says which part of the core takes over.

Owns the job ``core.due`` and the table of who takes what; knows nothing of schedules or clocks themselves. Each handler works
in the job's transaction, as the system, and puts the next due row itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog

from ..records.context import Context
from ..scheduling.jobs import Job, JobContext
from ..words import translator

_ = translator("dougong")
log = structlog.get_logger(__name__)

Handler = Callable[[Context[Any], UUID], None]
"""Called with the context of the job (the system, the settings of ``core``) and the id of the due row."""

HANDLERS: dict[str, list[Handler]] = {}
"""Kinds that are no kind of record, with all who take them. Filled by ``handles``."""

RECORDS: list[Callable[[Context[Any], str, UUID], bool]] = []
"""Who takes kinds of records: called with the kind and the id, the first that answers True has taken it."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Decorates a function that takes due rows of this kind; several may take one, in one transaction, in the order of
    their modules' import. The modules are imported by ``core``."""

    def note(handler: Handler) -> Handler:
        HANDLERS.setdefault(kind, []).append(handler)
        return handler

    return note


def due(job: JobContext, kind: str, id: UUID) -> None:
    """The job ``core.due``. A kind that nobody takes any more (its plugin is gone) is logged and forgotten."""
    x: Context[Any] = job.context
    if handlers := HANDLERS.get(kind):
        for handler in handlers:
            handler(x, id)
    elif not any(taken(x, kind, id) for taken in RECORDS):
        log.warning("due, and nobody takes it", kind=kind, id=str(id), tenant=str(job.tenant))


JOBS = (Job("core.due", due, retries=8, timeout=120.0, label=_("Take what is due: deadlines, schedules")),)

__all__ = ["HANDLERS", "JOBS", "RECORDS", "Handler", "due", "handles"]
