"""Who is on shift, for the modules that give work to a post: substitutes, absences and swaps as the published roster has them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Duty, translator

from ..organisation.records import Employee
from .choices import RosterState
from .records import Roster, Shift, Turn

_ = translator("dougong_hr")


def on(x: Context[Any], post: str, site: UUID, start: dt.datetime, end: dt.datetime) -> Sequence[UUID] | None:
    """People on shift at a post of a site between two moments. None: no published roster mans the post on these days."""
    zone = x.snapshot.sites.zone(site)
    first, last = start.astimezone(zone).date() - dt.timedelta(days=1), end.astimezone(zone).date()
    query = (
        sa.select(Turn.day, Turn.starts_at, Turn.ends_at, Employee.person_id)
        .join(Roster, sa.and_(Roster.tenant_id == Turn.tenant_id, Roster.id == Turn.roster_id))
        .join(Shift, sa.and_(Shift.tenant_id == Turn.tenant_id, Shift.id == Turn.shift_id))
        .join(Employee, sa.and_(Employee.tenant_id == Turn.tenant_id, Employee.id == Turn.employee_id))
        .where(
            Turn.tenant_id == x.tenant, Turn.site_id == site, Turn.day >= first, Turn.day <= last,
            Roster.status == RosterState.PUBLISHED, Shift.post == post,
        )
        .order_by(Turn.starts_at, Employee.number)
    )  # fmt: skip
    rows = x.session.execute(query).all()
    here = [one for one in rows if one.starts_at < max(end, start + dt.timedelta(seconds=1)) and one.ends_at > start]
    if not here and all(one.day < start.astimezone(zone).date() for one in rows):
        return None
    # Who is there when the time begins comes first: the walk is theirs, not the next shift's.
    here.sort(key=lambda one: one.starts_at > start)
    return list(dict.fromkeys(one.person_id for one in here if one.person_id is not None))


duty = Duty("roster", on)
