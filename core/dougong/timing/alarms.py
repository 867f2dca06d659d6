"""People are told of a run that failed or was missed: the events, and a schedule as something that people are told of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..records.context import Context
from ..records.events import DIGEST, EMAIL, INBOX, Event, Matter, MatterKind
from ..words import translator
from .schedules import EDIT, READ, RUN, declaration
from .tables import ScheduleRow

_ = translator("dougong")

MISSED, FAILED = "core.schedule_missed", "core.schedule_failed"


def tell(x: Context[Any], event: str, row: ScheduleRow, nominal: dt.datetime) -> None:
    """Tell people that a run failed or was missed; nobody of what is not shown."""
    if (about := matter(x, row)) is not None:
        x.tell(event, about, people(x, row), due=nominal.isoformat())


def people(x: Context[Any], row: ScheduleRow) -> list[UUID]:
    """Who may do something about a schedule, and may see it: those hear of it."""
    site = row.site_id or x.snapshot.sites.root
    found = []
    for id, person in x.snapshot.people.items():
        if person.active:
            gate = x.snapshot.gate(id, x.now)
            if gate.may(READ, site) and any(gate.may(one, site) for one in (EDIT, RUN)):
                found.append(id)
    return found


def matter(x: Context[Any], row: ScheduleRow) -> Matter | None:
    """A schedule as something that people are told of; None where it is not shown or is not this person's to see."""
    one = declaration(x, row.name, row.site_id)
    site = row.site_id or x.snapshot.sites.root
    if one is None or one.hidden or not x.gate.may(READ, site):
        return None
    title = row.label_text or one.label
    return Matter(row.kind, row.id, site, row.label, title, f"/admin/schedules/{row.id}", "calendar")


def _read(x: Context[Any], ids: Collection[UUID]) -> Iterable[Matter]:
    mine = sa.select(ScheduleRow).where(ScheduleRow.tenant_id == x.tenant, ScheduleRow.id.in_(ids))
    return [made for row in x.session.scalars(mine) if (made := matter(x, row)) is not None]


CONTRIBUTIONS: tuple[Any, ...] = (
    MatterKind(ScheduleRow.kind, _read, lambda x: bool(x.gate.scope(READ))),
    Event(
        FAILED,
        _("A schedule failed"),
        _("Failed: {title}, {site}"),
        kind=ScheduleRow.kind,
        text=_(
            "The run of {due} failed, and is not tried again by itself. Open the schedule to see why, and run it again there."
        ),
        channels=(INBOX, EMAIL),
    ),
    Event(
        MISSED,
        _("A schedule did not run in time"),
        _("Not run in time: {title}, {site}"),
        kind=ScheduleRow.kind,
        text=_(
            "The run of {due} had not been done when its grace was over. Open the schedule to see what became of it."
        ),
        channels=(INBOX, DIGEST),
    ),
)

__all__ = ["CONTRIBUTIONS", "FAILED", "MISSED", "matter", "people", "tell"]
