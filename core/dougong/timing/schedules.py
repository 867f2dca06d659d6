"""Schedules: what a module does again and again, as it declares it.

Owns the declaration. Which rows follow from it for a company is ``following``'s part, what is due ``planning``'s, and each
run ``occurrences``'.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args
from uuid import UUID

from ..records.context import Context
from ..scheduling.jobs import Failure, Job, JobContext
from ..words import Lazy
from .rules import Rule
from .tables import Occurrence

if TYPE_CHECKING:
    from ..records.record import Record

Missed = Literal["skip", "once", "each"]
Scope = Literal["company", "site", "record"]
Run = Callable[[Context[Any], Occurrence], None]

READ, EDIT, RUN = "core.schedules.read", "core.schedules.edit", "core.schedules.run"  # permissions

PARTS = frozenset({"rule", "calendar", "window", "grace", "missed", "active", "starts_on", "ends_on"})
LONGEST_WINDOW = 366 * 24 * 60  # minutes
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Schedule:
    """Work that a module does at the moments of a rule. Contributed by ``dougong_contributions``; a company's people change the
    rule, pause it, and see what it did. It runs as the system, where the module is on and the site is open.

    :param name: ``module.verb``; of the job, too, that each run is. :param label: what people call it.
    :param run: called as ``run(x, occurrence)`` in one transaction, in which the occurrence is marked as done: both or neither.
        ``occurrence.nominal`` is the moment that the rule names, ``.business_date`` its day at the site, ``.site_id`` the site
        (None: the company), ``.subject_id`` the record that a ``record`` schedule belongs to, ``.key`` the same at every try.
    :param rule: the default. :param spread: minutes over which companies are spread, so that not all begin at one moment.
    :param scope: one for the ``company``; one for each open ``site`` that is no mere region; or none by itself, but one for each
        ``record`` for which the module asks by ``put``.
    :param calendar: slug of the calendar whose working days and shifts count; None: the site's own.
    :param window: minutes from the nominal time on in which the work is to be done; None: it has no window.
    :param grace: minutes after which a run that has not begun is reported as missed.
    :param missed: what becomes of nominal times that went by while nothing ran: ``skip`` them, run ``once`` for the newest of
        them, or ``each``.
    :param queue, timeout, retries: of each run's job, as ``Job`` has them.
    :param fixed: parts that people may not change: of ``PARTS``, or ``*`` for all.
    :param hidden: not shown to the company's people (housekeeping of the core).
    :param help: what it does, in a sentence.
    """

    name: str
    label: Lazy
    run: Run
    rule: Rule
    scope: Scope = "company"
    missed: Missed = "once"
    grace: int = 60
    window: int | None = None
    calendar: str | None = None
    queue: str = "default"
    timeout: float = 60.0
    retries: int = 5
    spread: int = 0
    fixed: frozenset[str] = frozenset()
    hidden: bool = False
    help: Lazy | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r}: a schedule is named 'module.verb'")
        if self.missed not in get_args(Missed) or self.scope not in get_args(Scope):
            raise ValueError(f"{self.name}: missed is one of {get_args(Missed)}, scope one of {get_args(Scope)}")
        if self.grace < 1 or (self.window is not None and not 1 <= self.window <= LONGEST_WINDOW) or self.spread < 0:
            raise ValueError(f"{self.name}: grace and window are at least a minute, a window at most a year")
        if "*" in self.fixed:
            object.__setattr__(self, "fixed", PARTS)
        if unknown := self.fixed - PARTS:
            raise ValueError(f"{self.name}: no such part: {', '.join(sorted(unknown))}")

    @property
    def module(self) -> str:
        return self.name.partition(".")[0]

    def next_time(self, x: Context[Any], site: UUID | None = None) -> dt.datetime | None:
        """When it runs next, for the company or at a site; None: it is paused, over, or nobody has planned it yet."""
        from .planning import next_time

        return next_time(x, self.name, site)

    # ---- schedules of records ----

    def put(
        self,
        x: Context[Any],
        record: Record,
        rule: Rule,
        *,
        site: UUID | None = None,
        label: str | None = None,
        **parts: Any,
    ) -> None:
        """Make or change the schedule of a record (an inspection plan's), in this unit of work. It fires from now on.

        :param site: where it runs, if it has several; None: the record's own. :param label: what this one is called.
        :param parts: of ``PARTS``, else as declared. A part that is left out stays what it was.
        :raises Invalid: the rule would never fire on the calendar of the site.
        """
        from .following import put

        put(x, self, record, rule, site, label, parts)

    def remove(self, x: Context[Any], record: Record) -> None:
        """Remove the schedules of a record, with what is noted of their runs. Nothing where it has none."""
        from .following import remove

        remove(x, self, record.id)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The job of one run; the registry takes it up as if the module had declared it."""
        from .occurrences import quarantined, run_one

        def perform(job: JobContext, occurrence: UUID | None = None) -> None:
            run_one(self, job, occurrence)

        def failed(job: JobContext, failure: Failure, occurrence: UUID | None = None) -> None:
            quarantined(job, failure, occurrence)

        made = Job(
            self.name,
            perform,
            queue=self.queue,
            retries=self.retries,
            timeout=self.timeout,
            failed=failed,
            label=self.label,
        )
        return (made,)


def declaration(x: Context[Any], name: str, site: UUID | None) -> Schedule | None:
    """What a module declares, where it is on and the site is open; else None: it does not run and is not shown."""
    for _module, one in x.contributed(Schedule):
        if one.name == name:
            return one if x.snapshot.module_on(one.module, site) else None
    return None


__all__ = ["EDIT", "PARTS", "READ", "RUN", "Missed", "Schedule", "Scope", "declaration"]
