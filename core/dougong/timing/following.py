"""Which schedules a company has: what its modules declare, where they are on, at the sites that are open.

Rows are made and brought up to date; what people have changed stays, and what is off rests until it is on again. Planning and
running are not done here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ..instant import now
from ..records.context import Context
from ..records.record import Record
from ..tenancy import dues
from ..tenancy.stored import new_id
from ..tenancy.tables import due
from . import planning
from .occurrences import OFF
from .rules import Rule
from .schedules import PARTS, Schedule
from .tables import Occurrence, ScheduleRow

KIND = "core.schedules"  # of the due row: modules, sites or the program changed
CALENDAR = "core.calendar"  # likewise: calendars, holidays or a time zone
TOGETHER = 500  # rows of one statement, whose parameters are counted
AT_ONCE = 1000  # rows of records' own schedules that one job brings up to date
_X = Context[Any]
_Place = tuple[str, UUID | None]


def follow(x: _X, _company: UUID) -> None:
    """Make the company's rows what its modules, sites and the program say."""
    _make(x)
    _rest(x)
    left = AT_ONCE
    for row in _restless(x, left):
        planning.plan(x, row)
        left -= 1
    _renew(x)
    if left <= 0:
        dues.put(x.session, x.tenant, [(KIND, x.tenant, x.now)])  # on with the rest in the next job


def recalculate(x: _X, _company: UUID) -> None:
    """Calendars, holidays or a time zone changed: each schedule's next time is reckoned anew."""
    mine = sa.select(ScheduleRow).where(ScheduleRow.tenant_id == x.tenant, ScheduleRow.planned_to.is_not(None))
    for row in x.session.scalars(_locking(mine)).all():
        planning.replan(x, row)


def wanted(x: _X) -> Iterator[tuple[Schedule, UUID | None]]:
    """Each schedule of the modules that are on, with each place that it has by itself."""
    for _module, one in x.contributed(Schedule):
        if one.scope == "company":
            yield one, None
        elif one.scope == "site":
            for site in sorted(x.snapshot.open_sites(one.module)):
                if x.snapshot.sites.node(site).type == "project":
                    yield one, site


def _make(x: _X) -> None:
    own = sa.select(ScheduleRow.name, ScheduleRow.site_id).where(
        ScheduleRow.tenant_id == x.tenant, ScheduleRow.subject_id.is_(None)
    )
    had: set[_Place] = {(name, site) for name, site in x.session.execute(own)}
    rows = [_new(x, one, site) for one, site in wanted(x) if (one.name, site) not in had]
    for part in range(0, len(rows), TOGETHER):
        x.session.execute(insert(ScheduleRow).values(rows[part : part + TOGETHER]).on_conflict_do_nothing())


def _new(x: _X, one: Schedule, site: UUID | None, **more: Any) -> dict[str, Any]:
    """A row that rests until it is planned."""
    found = {"tenant_id": x.tenant, "id": new_id(), "name": one.name, "site_id": site, "subject_id": None}
    return {**found, **planning.columns(x, one), "changed": False, "row_version": 1, "created_at": now(), **more}


def in_force(x: _X) -> sa.ColumnElement[bool]:
    """The rows whose module is on and whose site is open."""
    names: dict[str, list[str]] = {}
    for _module, one in x.contributed(Schedule):
        names.setdefault(one.module, []).append(one.name)
    several: list[sa.ColumnElement[bool]] = []
    for module, declared in names.items():
        here = sa.or_(ScheduleRow.site_id.is_(None), ScheduleRow.site_id.in_(x.snapshot.open_sites(module)))
        several.append(sa.and_(ScheduleRow.name.in_(declared), here))
    return sa.or_(sa.false(), *several)


def _rest(x: _X) -> None:
    """What is off rests, and what waits of it does not run."""
    off = sa.select(ScheduleRow.id).where(
        ScheduleRow.tenant_id == x.tenant, ~in_force(x), ScheduleRow.planned_to.is_not(None)
    )
    ids = list(x.session.scalars(off.order_by(ScheduleRow.id).with_for_update(key_share=True)))
    if not ids:
        return
    mine = sa.update(ScheduleRow).where(ScheduleRow.tenant_id == x.tenant, ScheduleRow.id.in_(ids))
    x.session.execute(mine.values(planned_to=None, next_at=None))
    dues.drop_many(x.session, x.tenant, planning.KIND, ids)
    _cancel(x, Occurrence.schedule_id.in_(ids))


def _cancel(x: _X, which: sa.ColumnElement[bool]) -> None:
    waits = Occurrence.tenant_id == x.tenant, which, Occurrence.state == "waiting"
    few = sa.select(Occurrence.id).where(*waits).with_for_update(skip_locked=True)  # what runs just now ends by itself
    ids = list(x.session.scalars(few))
    done = sa.update(Occurrence).where(Occurrence.tenant_id == x.tenant, Occurrence.id.in_(ids))
    x.session.execute(done.values(state="skipped", reason=OFF, finished_at=x.now))
    dues.drop_many(x.session, x.tenant, planning.RUN, ids)


def _restless(x: _X, most: int) -> list[ScheduleRow]:
    """Rows that are to be planned: new or back again, planned by a clock that was put back, or whose due row was lost."""
    waits = sa.exists().where(due.c.tenant_id == x.tenant, due.c.kind == planning.KIND, due.c.id == ScheduleRow.id)
    lost = sa.and_(ScheduleRow.next_at.is_not(None), ~waits)
    ahead = ScheduleRow.planned_to > x.now + planning.BACK
    mine = sa.select(ScheduleRow).where(
        ScheduleRow.tenant_id == x.tenant, in_force(x), sa.or_(ScheduleRow.planned_to.is_(None), ahead, lost)
    )
    return list(x.session.scalars(_locking(mine).limit(most)))


def _renew(x: _X) -> None:
    """New defaults of a new version of the program, where people have changed nothing."""
    mine = sa.select(ScheduleRow).where(
        ScheduleRow.tenant_id == x.tenant, ~ScheduleRow.changed, ScheduleRow.subject_id.is_(None), in_force(x)
    )
    for row in x.session.scalars(_locking(mine)).all():
        now_declared = planning.defaults(x, row)
        if any(getattr(row, name) != value for name, value in now_declared.items()):
            planning.alter(x, row, now_declared)


def _locking(query: sa.Select[ScheduleRow]) -> sa.Select[ScheduleRow]:
    """In one order, so that two of these jobs do not wait for each other in a circle."""
    return query.order_by(ScheduleRow.id).with_for_update(key_share=True).execution_options(populate_existing=True)


# ---- schedules of records ----


def put(
    x: _X, one: Schedule, record: Record, rule: Rule, site: UUID | None, label: str | None, more: dict[str, Any]
) -> None:
    """As ``Schedule.put``."""
    if one.scope != "record":
        raise ValueError(f"{one.name} has the scope {one.scope!r}: it makes its rows itself")
    if unknown := set(more) - PARTS:
        raise ValueError(f"{one.name}: no such part: {', '.join(sorted(unknown))}")
    place = site or record.site_id
    values = {"rule": rule.to_json(), **({"label_text": label} if label is not None else {}), **more}
    fresh = _new(x, one, place, subject_id=record.id, **values)
    x.session.execute(insert(ScheduleRow).values(fresh).on_conflict_do_nothing())
    row = x.session.scalar(_locking(_of(x, one, record.id).where(ScheduleRow.site_id == place)))
    assert row is not None
    rule.check(x.now, *planning.place(x, row, values.get("calendar", row.calendar)))
    planning.alter(x, row, values)


def remove(x: _X, one: Schedule, subject: UUID) -> None:
    """As ``Schedule.remove``."""
    for row in x.session.scalars(_locking(_of(x, one, subject))).all():
        planning.rest(x, row)
        runs = sa.select(Occurrence.id).where(Occurrence.tenant_id == x.tenant, Occurrence.schedule_id == row.id)
        dues.drop_many(x.session, x.tenant, planning.RUN, x.session.scalars(runs))
        x.session.execute(
            sa.delete(Occurrence).where(Occurrence.tenant_id == x.tenant, Occurrence.schedule_id == row.id)
        )
        x.session.delete(row)
    x.session.flush()


def _of(x: _X, one: Schedule, subject: UUID) -> sa.Select[ScheduleRow]:
    return sa.select(ScheduleRow).where(
        ScheduleRow.tenant_id == x.tenant, ScheduleRow.name == one.name, ScheduleRow.subject_id == subject
    )


__all__ = ["CALENDAR", "KIND", "follow", "in_force", "put", "recalculate", "remove", "wanted"]
