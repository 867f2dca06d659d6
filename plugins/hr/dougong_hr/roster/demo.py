"""A demo company's rosters: the front desk, the technicians and the control room of each site for this month, a draft of the
next one, and a swap that waits for approval."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from ..organisation.choices import STAFF
from ..organisation.records import Employee
from . import cells, flow
from .choices import Absence
from .records import Roster, Shift

X = Context[Any]
KINDS = (  # title, sign, post, starts, ends, break, least, certificate
    ("前台早班", "早", "service_agent", "08:00", "16:00", 60, 1, None),
    ("前台晚班", "晚", "service_agent", "13:00", "21:00", 60, 1, None),
    ("工程日班", "工", "technician", "08:30", "17:30", 60, 1, None),
    ("工程值班", "值", "technician", "12:00", "21:00", 60, 1, None),
    ("消控室白班", "白", "control_room", "08:00", "20:00", 60, 2, "fire_operator"),
    ("消控室夜班", "夜", "control_room", "20:00", "08:00", 60, 2, "fire_operator"),
)
ROUND_THE_CLOCK = ("白", "白", "夜", "夜", "休", "休")
TURNS = {  # role → signs, one a day; whoever comes second begins later in the turn
    "service_lead": ("早", "早", "早", "晚", "晚", "休", "休"),
    "service_agent": ("晚", "休", "休", "早", "早", "早", "晚"),
    "engineering_lead": ("工", "工", "值", "工", "工", "休", "休"),
    "technician": ("值", "值", "休", "休", "值", "工", "工"),
    "control_room": ROUND_THE_CLOCK,
    "security_lead": (*ROUND_THE_CLOCK[4:], *ROUND_THE_CLOCK[:4]),
}
WANTED = dt.timedelta(days=2)


def fill(x: X) -> None:
    """Of each site where employees are."""
    counted = sa.select(Employee.site_id).where(Employee.tenant_id == x.tenant, Employee.status.in_(STAFF)).distinct()
    manned = set(x.session.scalars(counted))
    for node in x.snapshot.sites.ordered():
        if node.id in manned and node.type == "project":
            _month(x, node.id)


def _month(x: X, site: UUID) -> None:
    made = {
        sign: x.create(
            Shift, site, title=title, sign=sign, post=post, starts=starts, ends=ends, break_minutes=pause, least=least,
            certificate=certificate,
        )
        for title, sign, post, starts, ends, pause, least, certificate in KINDS
    }  # fmt: skip
    today = x.today(site)
    roster = x.create(Roster, site, month=f"{today:%Y-%m}")
    turns = {one.id: turn for role, turn in TURNS.items() for one in x.who(role, site)}
    wanted: dict[cells.Cell, Shift | Absence | None] = {}
    for person in cells.staff(x, roster):
        turn = turns.get(person.person_id) if person.person_id else None
        for day in cells.days_of(roster.month) if turn else ():
            sign = turn[day.toordinal() % len(turn)] if turn else ""
            wanted[(person.id, day)] = made.get(sign, Absence.REST)
    cells.write(x, roster, wanted)
    x.take(roster, "publish", despite=True)
    following = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    x.create(Roster, site, month=f"{following:%Y-%m}")
    _swap(x, site, wanted)


def _swap(x: X, site: UUID, wanted: dict[cells.Cell, Shift | Absence | None]) -> None:
    """The agent asks the lead, who is free on that day, to take a shift; the lead agrees."""
    agents, leads = x.who("service_agent", site), x.who("service_lead", site)
    here = sa.select(Employee).where(Employee.tenant_id == x.tenant, Employee.site_id == site)
    people = {one.person_id: one.id for one in x.session.scalars(here)}
    if not agents or not leads or not {agents[0].id, leads[0].id} <= people.keys():
        return
    asks, takes = people[agents[0].id], people[leads[0].id]
    soon = x.today(site) + WANTED
    for (person, day), cell in sorted(wanted.items(), key=lambda one: one[0][1]):
        if person == asks and day >= soon and isinstance(cell, Shift) and wanted.get((takes, day)) is Absence.REST:
            made = flow.ask(x.as_person(agents[0].id), day, leads[0].id, None, "孩子学校开家长会。")
            x.as_person(leads[0].id).take(made, "agree")
            return
