"""The cells of a roster: who may stand in it, reading a month, setting many at once, copying.

A month is one query to read and one statement to write, however many people it has.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Context, FieldError, insert_rows, refuse, translator

from ..organisation.choices import STAFF, HoldingState
from ..organisation.records import Employee, Holding
from .choices import Absence, RosterState, ShiftState
from .records import Change, Roster, Shift, Turn

_ = translator("dougong_hr")
X = Context[Any]
Cell = tuple[UUID, dt.date]

CHANGED = "hr.roster_changed"


def days_of(month: str) -> list[dt.date]:
    """The days of a month given as ``2026-03``."""
    year, number = int(month[:4]), int(month[5:])
    return [dt.date(year, number, day + 1) for day in range(calendar.monthrange(year, number)[1])]


def moments(x: X, shift: Shift, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """When a shift of a day begins and ends; a night shift ends on the next day and belongs to the day of its start."""
    zone = x.snapshot.sites.zone(shift.site_id)
    start, end = dt.time.fromisoformat(shift.starts), dt.time.fromisoformat(shift.ends)
    last = day + dt.timedelta(days=1) if end <= start else day
    return (
        dt.datetime.combine(day, start, zone).astimezone(dt.UTC),
        dt.datetime.combine(last, end, zone).astimezone(dt.UTC),
    )


def shifts(x: X, site: UUID, *, all: bool = False) -> list[Shift]:
    """The kinds of shift of a site, by their beginning; those no longer in use only when asked."""
    query = sa.select(Shift).where(Shift.tenant_id == x.tenant, Shift.site_id == site)
    if not all:
        query = query.where(Shift.status == ShiftState.USED)
    return list(x.session.scalars(query.order_by(Shift.starts, Shift.sign).limit(60)))


def staff(x: X, roster: Roster) -> list[Employee]:
    """Whom a roster may have: who works at its site, or holds a post there in its month, or stands in it already."""
    days = days_of(roster.month)
    mine = Employee.tenant_id == x.tenant
    holding = sa.select(Holding.employee_id).where(
        Holding.tenant_id == x.tenant,
        Holding.site_id == roster.site_id,
        Holding.status == HoldingState.HELD,
        Holding.starts_on <= days[-1],
        sa.or_(Holding.ends_on.is_(None), Holding.ends_on > days[0]),
    )
    listed = sa.select(Turn.employee_id).where(Turn.tenant_id == x.tenant, Turn.roster_id == roster.id)
    here = sa.and_(Employee.status.in_(STAFF), sa.or_(Employee.site_id == roster.site_id, Employee.id.in_(holding)))
    query = sa.select(Employee).where(mine, sa.or_(here, Employee.id.in_(listed)))
    return list(x.session.scalars(query.order_by(Employee.department, Employee.number)))


def turns(x: X, roster: Roster) -> dict[Cell, Turn]:
    query = sa.select(Turn).where(Turn.tenant_id == x.tenant, Turn.roster_id == roster.id)
    fresh = x.session.scalars(
        query.execution_options(populate_existing=True)
    )  # whoever waited for the lock sees it now
    return {(one.employee_id, one.day): one for one in fresh}


def locked(x: X, id: UUID) -> Roster:
    """A roster for writing: two who set cells at once do it one after the other, and the second sees what the first did."""
    query = sa.select(Roster).where(Roster.tenant_id == x.tenant, Roster.id == id)
    return x.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def shown(turn: Turn | None) -> str:
    """What stands in a cell, in short: sent back with a change, so that nobody overwrites what they have not seen."""
    if turn is None:
        return ""
    return turn.shift_id.hex[-12:] if turn.shift_id else str(turn.absence.value if turn.absence else "")


def put(
    x: X, roster: Roster, wanted: Mapping[Cell, Shift | Absence | None], seen: Mapping[Cell, str] | None = None
) -> int:
    """Set cells to a shift or an absence, or empty them. :returns: how many are another now.

    :param seen: what ``shown`` said of each cell when it was looked at; None: it is set whatever stands there.
    :raises Invalid: a cell of another month, of somebody who is not there, or a shift of another site.
    :raises Conflict: somebody else has set some of them otherwise since they were looked at; nothing is written.
    """
    people, days = {person for person, _day in wanted}, {day for _person, day in wanted}
    for what in {id(one): one for one in wanted.values()}.values():
        _check(x, roster, people, days, what)
    if seen is not None:
        _unchanged(x, roster, wanted, seen)
    return write(x, roster, wanted)


def _unchanged(x: X, roster: Roster, wanted: Mapping[Cell, Shift | Absence | None], seen: Mapping[Cell, str]) -> None:
    now = turns(x, roster)
    others = [
        cell for cell in wanted if shown(now.get(cell)) != seen.get(cell, "") and _differs(now.get(cell), wanted[cell])
    ]
    if not others:
        return
    names = {one.id: one.name for one in staff(x, roster)}
    called = _called(x, roster)
    errors = [
        FieldError(
            f"cells.{person}.{day}",
            _("{name}, {day}: {what}").format(name=names.get(person, ""), day=day, what=called(now.get((person, day)))),
        )
        for person, day in sorted(others, key=lambda one: (one[1], str(one[0])))
    ]
    text = _(
        "Somebody else has changed {n} of these cells since you opened the month. Nothing was set: look at them, set them again."
    )
    raise Conflict(text.format(n=len(errors)), errors=tuple(errors[:200]))


def _check(x: X, roster: Roster, people: set[UUID], days: set[dt.date], what: Shift | Absence | None) -> None:
    if isinstance(what, Shift) and what.site_id != roster.site_id:
        raise refuse("set", _("This shift belongs to another site."))
    if not people <= {one.id for one in staff(x, roster)}:
        raise refuse("cell", _("Somebody of these does not work at this site."))
    if not days <= set(days_of(roster.month)):
        raise refuse("cell", _("A day lies outside the month of the roster."))


def write(x: X, roster: Roster, wanted: Mapping[Cell, Shift | Absence | None]) -> int:
    """Write cells that have been judged; of a published roster the change is noted, and the people concerned are told."""
    before = turns(x, roster)
    changed = {cell: what for cell, what in wanted.items() if _differs(before.get(cell), what)}
    if not changed:
        return 0
    gone = [cell for cell, what in changed.items() if what is None]
    rows = [_row(x, roster, cell, what) for cell, what in changed.items() if what is not None]
    said = _said(x, roster, before, changed) if roster.status is RosterState.PUBLISHED else ""
    if gone:
        key = sa.tuple_(Turn.employee_id, Turn.day).in_(gone)
        x.session.execute(sa.delete(Turn).where(Turn.tenant_id == x.tenant, Turn.roster_id == roster.id, key))
    insert_rows(x.session, Turn.__table__, rows, key=("roster_id", "employee_id", "day"))
    for cell in changed:
        if cell in before:
            x.session.expunge(before[cell])  # read anew: the statement went past it
    if said:
        x.add(roster, Change(text=said))
        x.tell(CHANGED, roster, accounts(x, {person for person, _day in changed}))
    return len(changed)


def _differs(before: Turn | None, what: Shift | Absence | None) -> bool:
    if before is None or what is None:
        return (before is None) != (what is None)
    return before.shift_id != what.id if isinstance(what, Shift) else before.absence is not what


def _row(x: X, roster: Roster, cell: Cell, what: Shift | Absence) -> dict[str, Any]:
    start, end = moments(x, what, cell[1]) if isinstance(what, Shift) else (None, None)
    return {
        "roster_id": roster.id, "employee_id": cell[0], "day": cell[1], "site_id": roster.site_id,
        "shift_id": what.id if isinstance(what, Shift) else None,
        "absence": None if isinstance(what, Shift) else what.value, "starts_at": start, "ends_at": end,
    }  # fmt: skip


def _called(x: X, roster: Roster) -> Callable[[Turn | None], str]:
    known = {one.id: one.title for one in shifts(x, roster.site_id, all=True)}

    def called(turn: Turn | None) -> str:
        if turn is None:
            return "—"
        return known.get(turn.shift_id, "?") if turn.shift_id else str(turn.absence.label if turn.absence else "—")

    return called


_SAID = 40  # changes that a note names


def _said(x: X, roster: Roster, before: Mapping[Cell, Turn], changed: Mapping[Cell, Shift | Absence | None]) -> str:
    names = {one.id: one.name for one in staff(x, roster)}
    called = _called(x, roster)
    lines = []
    for (person, day), what in sorted(changed.items(), key=lambda one: one[0][1])[:_SAID]:
        new = "—" if what is None else what.title if isinstance(what, Shift) else str(what.label)
        lines.append(f"{day} {names.get(person, '')}: {called(before.get((person, day)))} → {new}")
    more = len(changed) - len(lines)
    return "\n".join([*lines, *([f"… +{more}"] if more else [])])


def accounts(x: X, employees: Iterable[UUID]) -> list[UUID]:
    """The accounts of employees, of those who have one."""
    query = sa.select(Employee.person_id).where(
        Employee.tenant_id == x.tenant, Employee.id.in_(list(employees)), Employee.person_id.is_not(None)
    )
    return [one for one in x.session.scalars(query) if one is not None]


def copy(x: X, roster: Roster, first: dt.date, last: dt.date, back: int) -> int:
    """Fill the empty cells of some days with what stands so many days before, at the same site; a month goes on in its own
    copied days. Absences are not copied: nobody is ill again because they were. :returns: how many were filled."""
    days = [day for day in days_of(roster.month) if first <= day <= last]
    if not days:
        return 0
    since = days[0] - dt.timedelta(days=back)
    query = sa.select(Turn.employee_id, Turn.day, Turn.shift_id).where(
        Turn.tenant_id == x.tenant, Turn.site_id == roster.site_id, Turn.day >= since, Turn.day <= days[-1]
    )
    stands: dict[Cell, UUID | None] = {(one.employee_id, one.day): one.shift_id for one in x.session.execute(query)}
    known = {one.id: one for one in shifts(x, roster.site_id)}
    people = [one.id for one in staff(x, roster)]
    wanted: dict[Cell, Shift | Absence | None] = {}
    for day in days:
        for person in people:
            source = stands.get((person, day - dt.timedelta(days=back)))
            if (person, day) not in stands and source in known:
                wanted[(person, day)] = known[source]
                stands[(person, day)] = source
    return write(x, roster, wanted)


def of_person(x: X, person: UUID, first: dt.date, last: dt.date) -> Sequence[tuple[Turn, Roster]]:
    """What somebody's published rosters say of some days, at all sites."""
    mine = sa.select(Employee.id).where(Employee.tenant_id == x.tenant, Employee.person_id == person)
    query = (
        sa.select(Turn, Roster)
        .join(Roster, sa.and_(Roster.tenant_id == Turn.tenant_id, Roster.id == Turn.roster_id))
        .where(
            Turn.tenant_id == x.tenant, Turn.employee_id.in_(mine), Turn.day >= first, Turn.day <= last,
            Roster.status == RosterState.PUBLISHED,
        )
        .order_by(Turn.day, Turn.starts_at)
    )  # fmt: skip
    return [(turn, roster) for turn, roster in x.session.execute(query)]
