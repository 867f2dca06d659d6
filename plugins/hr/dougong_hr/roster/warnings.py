"""What speaks against a roster: too little rest, two places at once, a missing certificate, too few people on a shift."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, translator

from ..organisation.choices import PaperState
from ..organisation.records import Certificate, Employee
from . import cells
from .records import Roster, Shift, Turn

_ = translator("dougong_hr")

CONTROL_ROOM = "control_room"


@dataclass(frozen=True)
class Warning:
    """One of them. ``employee`` and ``day`` say which cell it is about; without an employee it is the day as a whole."""

    text: str
    day: dt.date
    employee: UUID | None = None


def find(x: Context[Any], roster: Roster, people: Sequence[Employee], known: Sequence[Shift]) -> list[Warning]:
    """What speaks against a roster as it stands, by day."""
    by_id = {one.id: one for one in known}
    own = list(cells.turns(x, roster).values())
    found = [
        *_resting(x, roster, people, by_id),
        *_certificates(x, roster, people, by_id, own),
        *_too_few(x, roster, known, own),
    ]
    return sorted(found, key=lambda one: (one.day, one.text))


def _resting(x: Context[Any], roster: Roster, people: Sequence[Employee], known: Mapping[UUID, Shift]) -> list[Warning]:
    """Looks at all sites: somebody may stand in two rosters."""
    days = cells.days_of(roster.month)
    around = Turn.day >= days[0] - dt.timedelta(days=1), Turn.day <= days[-1] + dt.timedelta(days=1)
    names = {one.id: one.name for one in people}
    query = sa.select(Turn).where(
        Turn.tenant_id == x.tenant, Turn.employee_id.in_(names), *around, Turn.starts_at.is_not(None)
    )
    of: dict[UUID, list[Turn]] = defaultdict(list)
    for turn in x.session.scalars(query.order_by(Turn.starts_at)):
        of[turn.employee_id].append(turn)
    least = dt.timedelta(hours=x.settings_of("hr").rest_hours)
    found = []
    for person, several in of.items():
        for one, other in pairwise(several):
            if roster.id not in (one.roster_id, other.roster_id):
                continue
            if one.ends_at is None or other.starts_at is None:
                continue
            day = other.day if other.roster_id == roster.id else one.day
            rest = other.starts_at - one.ends_at
            if rest < dt.timedelta():
                text = _("{name} is on two shifts at once, at {one} and {other}.").format(
                    name=names[person], one=_site(x, one), other=_site(x, other)
                )
                found.append(Warning(f"{day}: {text}", day, person))
            elif rest < least:
                hours = f"{rest.total_seconds() / 3600:.1f}".removesuffix(".0")
                text = _("{name} has {hours} h of rest before this shift, less than {least} h.").format(
                    name=names[person], hours=hours, least=int(least.total_seconds() // 3600)
                )
                found.append(Warning(f"{day}: {text}", day, person))
    return found


def _site(x: Context[Any], turn: Turn) -> str:
    node = x.snapshot.sites.get(turn.site_id)
    return node.name if node else ""


def _certificates(
    x: Context[Any], roster: Roster, people: Sequence[Employee], known: Mapping[UUID, Shift], own: Sequence[Turn]
) -> list[Warning]:
    needed = [
        (turn, shift)
        for turn in own
        if turn.shift_id is not None and (shift := known.get(turn.shift_id)) is not None and shift.certificate
    ]
    if not needed:
        return []
    names, settings = {one.id: one.name for one in people}, x.settings_of("hr")
    query = sa.select(Certificate.employee_id, Certificate.type, Certificate.ends_on).where(
        Certificate.tenant_id == x.tenant, Certificate.employee_id.in_(names), Certificate.status == PaperState.VALID
    )
    has: dict[tuple[UUID, str], list[dt.date]] = defaultdict(list)
    for row in x.session.execute(query):
        has[(row.employee_id, row.type)].append(row.ends_on or dt.date.max)
    first: dict[tuple[UUID, str], dt.date] = {}
    for turn, shift in sorted(needed, key=lambda one: one[0].day):
        key = (turn.employee_id, str(shift.certificate))
        if max(has.get(key, [dt.date.min])) < turn.day:
            first.setdefault(key, turn.day)
    found = []
    for (person, type), day in first.items():
        label = settings.certificates[type].label if type in settings.certificates else type
        text = _("{name} has no valid certificate “{certificate}”.").format(
            name=names.get(person, ""), certificate=label
        )
        found.append(Warning(f"{day}: {text}", day, person))
    return found


def need(x: Context[Any], shift: Shift) -> int:
    """How many people a shift needs; in the fire control room never fewer than the company says."""
    least = int(shift.least)
    return max(least, x.settings_of("hr").control_room_people) if shift.post == CONTROL_ROOM else least


def _too_few(x: Context[Any], roster: Roster, known: Sequence[Shift], own: Sequence[Turn]) -> list[Warning]:
    """Counted for shifts that the roster uses at all: a site may keep kinds for summer and winter."""
    count: dict[tuple[UUID, dt.date], int] = defaultdict(int)
    for turn in own:
        if turn.shift_id is not None:
            count[(turn.shift_id, turn.day)] += 1
    used = {shift for shift, _day in count}
    found = []
    for shift in known:
        least = need(x, shift)
        if shift.id not in used and shift.post != CONTROL_ROOM:
            continue
        for day in cells.days_of(roster.month):
            n = count[(shift.id, day)]
            if n < least:
                text = _("{shift}: {n} people, at least {least} are needed.").format(
                    shift=shift.title, n=n, least=least
                )
                found.append(Warning(f"{day}: {text}", day))
    return found
