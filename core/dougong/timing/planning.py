"""Planning: from a schedule's rule to the occurrences that are due, each once, and to the moment at which to look again.

Owns the due row of a schedule, what becomes of runs that were missed, and what follows from a change of rule, calendar, zone
or clock. A run itself is ``occurrences``' part.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from itertools import chain, islice, takewhile
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ..records.context import Context
from ..scheduling.calendars import Calendar
from ..tenancy import dues
from ..tenancy.stored import new_id
from . import alarms
from .recurrence import coming, midnight
from .rules import Rule
from .schedules import Schedule, declaration
from .tables import Occurrence, ScheduleRow

KIND, RUN = "core.schedule", "core.occurrence"  # of due rows: when to plan a schedule; when a run must have begun
MOST = 100  # missed runs of one schedule that are caught up or shown: more is a flood that nobody reads
BACK = dt.timedelta(minutes=10)  # planned further ahead than this: the clock was put back meanwhile
SUPERSEDED, NOT_CAUGHT_UP, LEFT_OUT = (
    "superseded",
    "not_caught_up",
    "left_out",
)  # reasons; their words are in ``occurrences``
_WINDOWS = (1, 3, 40, 400, 3000)  # days
_EVER = dt.datetime.max.replace(tzinfo=dt.UTC)
_X = Context[Any]
_Due = tuple[str, UUID, dt.datetime]


class Place(NamedTuple):
    """Where a schedule's times are meant. :ivar zone: IANA name. :ivar calendar: whose working days and shifts count."""

    zone: str
    calendar: Calendar

    def midnight(self, day: dt.date) -> dt.datetime:
        """When a day begins there, in UTC."""
        return midnight(day, self.zone)


def take(x: _X, id: UUID) -> None:
    """A schedule is due."""
    row = locked(x, id)
    if row is not None:
        plan(x, row)


def locked(x: _X, id: UUID) -> ScheduleRow | None:
    """A schedule for this transaction alone."""
    mine = sa.select(ScheduleRow).where(ScheduleRow.tenant_id == x.tenant, ScheduleRow.id == id)
    return x.session.scalar(mine.with_for_update(key_share=True).execution_options(populate_existing=True))


def place(x: _X, row: ScheduleRow, calendar: str | None) -> Place:
    """Where its times are meant. :param calendar: slug; None: the site's own."""
    node = x.snapshot.sites.node(row.site_id or x.snapshot.sites.root)
    return Place(node.timezone, x.calendar(node.id, name=calendar))


def defaults(x: _X, row: ScheduleRow) -> dict[str, Any]:
    """What the module declares, by column; the rule of a record's own schedule is the record's.

    :raises LookupError: the module is off.
    """
    one = declaration(x, row.name, row.site_id)
    if one is None:
        raise LookupError(row.name)
    return columns(x, one, rule=row.subject_id is None)


def columns(x: _X, one: Schedule, *, rule: bool = True) -> dict[str, Any]:
    """The columns of a schedule that nobody has changed."""
    found: dict[str, Any] = {"calendar": one.calendar, "window": one.window, "grace": one.grace, "missed": one.missed}
    found |= {"active": True, "starts_on": None, "ends_on": None}
    if rule:
        found["rule"] = one.rule.later(_offset(one, x.tenant)).to_json()
    return found


def _offset(one: Schedule, tenant: UUID) -> int:
    """Minutes by which this company is later than the declared time: always the same ones."""
    if not one.spread:
        return 0
    return int.from_bytes(hashlib.sha256(tenant.bytes + one.name.encode()).digest()[:4]) % one.spread


def next_time(x: _X, name: str, site: UUID | None) -> dt.datetime | None:
    """As ``Schedule.next_time``."""
    at = ScheduleRow.site_id.is_(None) if site is None else ScheduleRow.site_id == site
    mine = ScheduleRow.tenant_id == x.tenant, ScheduleRow.name == name, ScheduleRow.subject_id.is_(None), at
    return x.session.scalar(sa.select(ScheduleRow.next_at).where(*mine))


# ---- planning ----


def plan(x: _X, row: ScheduleRow) -> None:
    """Make the occurrences that are due, and note when to look again. The row must be locked."""
    one = declaration(x, row.name, row.site_id)
    if one is None:
        rest(x, row)
        return
    if row.planned_to is not None and row.planned_to > x.now + BACK:
        _forget_future(x, row)
        row.planned_to = None
    last, runs = None, list[_Due]()
    if row.planned_to is not None and row.active and row.planned_to < x.now:
        rule, where = Rule.from_json(row.rule), place(x, row, row.calendar)
        begin, end = _span(row, where)
        found, more = _passed(rule, where, max(row.planned_to, begin), min(x.now, end))
        if found:
            runs, last = _fire(x, row, one, found, more=more), found[-1]
    row.planned_to = max(x.now, row.planned_to or x.now)
    _arrange(x, row, runs, last)


def replan(x: _X, row: ScheduleRow) -> None:
    """After a change of rule, calendar, zone or state: what was due before it still counts, what comes is reckoned anew.

    A time that was noted counts as it was noted; what went by after it, while nothing ran, is reckoned by what holds now. A
    schedule's own parts are changed by ``alter``.
    """
    one = declaration(x, row.name, row.site_id)
    if one is None:
        rest(x, row)
        return
    runs = list[_Due]()
    noted = row.next_at if row.active and row.planned_to is not None else None
    if noted is not None and noted <= x.now:
        rule, where = Rule.from_json(row.rule), place(x, row, row.calendar)
        _begin, end = _span(row, where)
        later, more = _passed(rule, where, noted, min(x.now, end))
        runs = _fire(x, row, one, [noted, *later][-MOST:], more=more)
    row.planned_to = x.now
    _arrange(x, row, runs)


def alter(x: _X, row: ScheduleRow, values: Mapping[str, Any]) -> None:
    """Change columns of a schedule. What went by while nothing ran went by under what held then: it is planned first. Who
    pauses a schedule wants none of its runs, not even one that is late."""
    if row.planned_to is not None and values.get("active", row.active):
        plan(x, row)
    row.row_version += 1
    for name, value in values.items():
        setattr(row, name, value)
    replan(x, row)


def rest(x: _X, row: ScheduleRow) -> None:
    """Stop until its module is on and its site is open again; what people have set stays."""
    row.planned_to = row.next_at = None
    dues.drop(x.session, x.tenant, KIND, row.id)


def _arrange(x: _X, row: ScheduleRow, runs: list[_Due], after: dt.datetime | None = None) -> None:
    """Reckon the next time, and put its due row with those of runs.

    :param after: the last moment that was dealt with, where it is known.
    """
    row.next_at = _next(x, row, after) if row.active else None
    if row.next_at is None:
        dues.drop(x.session, x.tenant, KIND, row.id)
    else:
        runs = [*runs, (KIND, row.id, row.next_at)]
    dues.put(x.session, x.tenant, runs)


def _next(x: _X, row: ScheduleRow, after: dt.datetime | None) -> dt.datetime | None:
    rule, where = Rule.from_json(row.rule), place(x, row, row.calendar)
    begin, end = _span(row, where)
    since = max(x.now, begin)
    # From the last nominal time, which all companies with this rule share: so the answer is reckoned once for all of them.
    found = rule.following(after, *where) if after is not None else None
    if found is None or found <= since:
        found = rule.following(since, *where)
    return found if found is not None and found <= end else None


def ahead(x: _X, row: ScheduleRow, most: int, until: dt.datetime | None = None) -> Iterator[dt.datetime]:
    """The next times of a schedule that runs, at most so many, left out or not."""
    rule, where = Rule.from_json(row.rule), place(x, row, row.calendar)
    _begin, end = _span(row, where)
    if row.next_at is None:
        return
    last = min(end, until or end)
    several = chain((row.next_at,), coming(rule, row.next_at, *where))
    yield from takewhile(lambda at: at <= last, islice(several, most))


def _span(row: ScheduleRow, where: Place) -> tuple[dt.datetime, dt.datetime]:
    """From (exclusive) and until (inclusive), by the days that people have set."""
    tick, day = dt.timedelta(microseconds=1), dt.timedelta(days=1)
    begin = where.midnight(row.starts_on) - tick if row.starts_on else dt.datetime.min.replace(tzinfo=dt.UTC)
    end = where.midnight(row.ends_on + day) - tick if row.ends_on else _EVER
    return begin, end


def _passed(rule: Rule, where: Place, after: dt.datetime, until: dt.datetime) -> tuple[list[dt.datetime], bool]:
    """The newest times that went by, at most ``MOST``, in order, and whether there were older ones. Looks back step by step,
    so that a year in which nothing ran costs no more than an hour."""
    found: list[dt.datetime] = []
    upper = until
    for days in _WINDOWS:
        lower = max(after, until - dt.timedelta(days=days))
        found = [*rule.between(lower, upper, *where), *found]
        upper = lower
        if lower <= after or len(found) > MOST:
            break
    return found[-MOST:], len(found) > MOST


def _fire(x: _X, row: ScheduleRow, one: Schedule, found: list[dt.datetime], *, more: bool) -> list[_Due]:
    """Make the occurrences of times that have come, as the schedule says for missed ones. Twice is once: they are unique.

    :returns: when each of those that run must have begun.
    """
    begun_by = x.now - dt.timedelta(minutes=row.grace)
    newest = found[-1]
    run = {newest} if row.missed == "once" or newest >= begun_by else set[dt.datetime]()
    if row.missed == "each":
        run = set(found)
    reason = SUPERSEDED if newest in run else NOT_CAUGHT_UP
    rows = [values(x, row, at, None if at in run else reason) for at in found]
    if more:
        rows[0]["reason"] = LEFT_OUT
    made = (
        insert(Occurrence).values(rows).on_conflict_do_nothing(index_elements=["tenant_id", "schedule_id", "nominal"])
    )
    new = {(at, id) for at, id in x.session.execute(made.returning(Occurrence.nominal, Occurrence.id))}
    grace = dt.timedelta(minutes=row.grace)
    runs = [enqueue(x, one, id, max(x.now, at) + grace) for at, id in sorted(new) if at in run]
    if late := [at for at, _id in new if at < begun_by]:
        alarms.tell(x, alarms.MISSED, row, max(late))
    return runs


def enqueue(x: _X, one: Schedule, occurrence: UUID, grace_ends: dt.datetime) -> _Due:
    """Put an occurrence's job into the queue. :returns: what is due when it must have begun."""
    x.enqueue(one.name, key=str(occurrence), occurrence=occurrence)
    return RUN, occurrence, grace_ends


def values(x: _X, row: ScheduleRow, at: dt.datetime, reason: str | None) -> dict[str, Any]:
    """The columns of an occurrence; with a reason it was missed."""
    return {
        "tenant_id": x.tenant,
        "id": new_id(),
        "schedule_id": row.id,
        "site_id": row.site_id,
        "subject_id": row.subject_id,
        "nominal": at,
        "business_date": place(x, row, row.calendar).calendar.business_date(at),
        "window_ends": at + dt.timedelta(minutes=row.window) if row.window else None,
        "state": "waiting" if reason is None else "missed",
        "attempts": 0,
        "reason": reason,
    }


def _forget_future(x: _X, row: ScheduleRow) -> None:
    """The clock was put back: what a wrong clock ran or missed in times to come does not stand in their way."""
    mine = Occurrence.tenant_id == x.tenant, Occurrence.schedule_id == row.id, Occurrence.nominal > x.now
    x.session.execute(sa.delete(Occurrence).where(*mine, Occurrence.state != "waiting", Occurrence.asked_by.is_(None)))


__all__ = [
    "Place", "ahead", "alter", "columns", "defaults", "enqueue", "locked", "place", "plan", "replan", "rest",
    "values",
]  # fmt: skip
