"""What the core itself contributes to time: its own schedule, and the events of schedules that people are told of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..records.context import Context
from ..records.events import DIGEST, EMAIL, INBOX, Event, Matter, MatterKind
from ..words import translator
from . import following, occurrences, planning
from .rules import Rule
from .schedules import Schedule
from .tables import Occurrence, ScheduleRow

_ = translator("dougong")

SEES = "core.schedules.read"
KIND = ScheduleRow.kind


def matter(x: Context[Any], row: ScheduleRow) -> Matter | None:
    """A schedule as something that people are told of; None where it is not shown or is not this person's to see."""
    one = planning.standing(x, row.name, row.site_id)
    site = row.site_id or x.snapshot.sites.root
    if one is None or one.hidden or not x.gate.may(SEES, site):
        return None
    title = row.label_text or one.label
    return Matter(KIND, row.id, site, ScheduleRow.label, title, f"/admin/schedules/{row.id}", "calendar")


def _read(x: Context[Any], ids: Collection[UUID]) -> Iterable[Matter]:
    mine = sa.select(ScheduleRow).where(ScheduleRow.tenant_id == x.tenant, ScheduleRow.id.in_(ids))
    return [made for row in x.session.scalars(mine) if (made := matter(x, row)) is not None]


def _tidy(x: Context[Any], _run: Occurrence) -> None:
    """Sweep, and follow: should a due row have been lost, its schedule stands still for a night at most."""
    occurrences.sweep(x)
    following.follow(x, x.tenant)


SCHEDULES = MatterKind(KIND, _read, lambda x: bool(x.gate.scope(SEES)))
EVENTS = (
    Event(
        occurrences.FAILED,
        _("A schedule failed"),
        _("Failed: {title}, {site}"),
        kind=KIND,
        text=_(
            "The run of {due} failed, and is not tried again by itself. Open the schedule to see why, and run it again there."
        ),
        channels=(INBOX, EMAIL),
    ),
    Event(
        occurrences.MISSED,
        _("A schedule did not run in time"),
        _("Not run in time: {title}, {site}"),
        kind=KIND,
        text=_(
            "The run of {due} had not been done when its grace was over. Open the schedule to see what became of it."
        ),
        channels=(INBOX, DIGEST),
    ),
)
TIDY = Schedule(
    "core.tidy",
    _("Tidy up"),
    _tidy,
    Rule.daily("03:10"),
    spread=170,
    grace=24 * 60,
    fixed=frozenset({"*"}),
    hidden=True,
    help=_("Removes what is noted of runs after more than a year."),
)
CONTRIBUTIONS: tuple[Any, ...] = (TIDY, SCHEDULES, *EVENTS)

__all__ = ["CONTRIBUTIONS", "matter"]
