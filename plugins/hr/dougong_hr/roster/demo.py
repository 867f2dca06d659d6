"""A demo company's roster: two shifts of the control room and one of the technicians, a month of the site that has people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from dougong import Context

from ..organisation.choices import STAFF
from ..organisation.records import Employee
from . import cells
from .choices import Absence
from .records import Roster, Shift

KINDS = (  # title, sign, post, starts, ends, break, least, certificate
    ("消控室白班", "白", "control_room", "08:00", "20:00", 60, 2, "fire_operator"),
    ("消控室夜班", "夜", "control_room", "20:00", "08:00", 60, 2, "fire_operator"),
    ("工程值班", "工", "technician", "08:30", "17:30", 60, 1, None),
)
_MOST = 8
_TURN = (0, 0, 1, 1, None, None)  # two days, two nights, two days off


def fill(x: Context[Any]) -> None:
    """Nothing where no employees are."""
    counted = sa.select(Employee.site_id).where(Employee.tenant_id == x.tenant, Employee.status.in_(STAFF))
    site = x.session.scalar(counted.group_by(Employee.site_id).order_by(sa.func.count().desc()).limit(1))
    if site is None:
        return
    made = [
        x.create(
            Shift, site, title=title, sign=sign, post=post, starts=starts, ends=ends, break_minutes=pause, least=least,
            certificate=certificate,
        )
        for title, sign, post, starts, ends, pause, least, certificate in KINDS
    ]  # fmt: skip
    today = x.today(site)
    roster = x.create(Roster, site, month=f"{today:%Y-%m}")
    wanted: dict[cells.Cell, Shift | Absence | None] = {}
    for n, person in enumerate(cells.staff(x, roster)[:_MOST]):
        for day in cells.days_of(roster.month):
            kind = _TURN[(day.day + n * 2) % len(_TURN)] if n < 6 else (2 if day.weekday() < 5 else None)
            wanted[(person.id, day)] = Absence.REST if kind is None else made[kind]
    cells.write(x, roster, wanted)
    x.take(roster, "publish", despite=True)
    following = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    x.create(Roster, site, month=f"{following:%Y-%m}")
