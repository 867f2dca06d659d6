"""Schedules as people look at them and change them: who sees which, what each did, a change with its history.

Rights are judged at the schedule's site, those of the company's own schedules at the company; where a module is off, its
schedules are not there. What follows from a change in time is ``planning``'s part, a run itself ``occurrences``'.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import islice, takewhile
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field, StringConstraints
from sqlalchemy.dialects.postgresql import distinct_on

from ..access.desk import Desk
from ..errors import Changed, FieldError, Invalid, NotFound
from ..records import history
from ..records.context import Context
from ..records.models import Form, given, validate
from ..scheduling import watching
from ..words import Lazy, translator
from . import following, moved, planning
from .recurrence import coming
from .rules import Rule
from .schedules import EDIT, LONGEST_WINDOW, READ, Schedule
from .tables import Occurrence, ScheduleRow

_ = translator("dougong")

STATES = ("waiting", "done", "failed", "missed", "skipped")
ALARMED = dt.timedelta(days=7)  # so long a run that failed or was missed is called to mind, unless a later one was done
_Minutes = Annotated[int, Field(ge=1, le=LONGEST_WINDOW)]


class Body(Form):
    """What people may change of a schedule; what is left out stays."""

    rule: dict[str, Any] | None = None
    calendar: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] | None = None
    window: _Minutes | None = None
    grace: _Minutes = 60
    missed: Literal["skip", "once", "each"] = "once"
    active: bool = True
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None


class Coming(NamedTuple):
    """A time that is to come. :ivar note: why it is not on the day that the rule names; None: it is.
    :ivar skipped: the run that stands for it where somebody has left it out."""

    at: dt.datetime
    note: Lazy | None
    skipped: UUID | None = None


# ---- seeing -------------------------------------------------------------------------------------------


def declared(x: Context[Any]) -> dict[str, Schedule]:
    """The schedules of the enabled modules that people are shown, by name."""
    return {one.name: one for _module, one in x.contributed(Schedule) if not one.hidden}


def seen(x: Context[Any], site: UUID | None = None) -> sa.ColumnElement[bool]:
    """Which rows this person sees. :param site: only those of this site and below it."""
    free, root = x.gate.scope(READ).free, x.snapshot.sites.root
    if site is not None:
        free = free & x.snapshot.sites.subtree(site)
    here: sa.ColumnElement[bool] = ScheduleRow.site_id.in_(sorted(free))
    if root in free:
        here = sa.or_(here, ScheduleRow.site_id.is_(None))
    return sa.and_(ScheduleRow.name.in_(sorted(declared(x))), here, following.in_force(x))


def latest(x: Context[Any]) -> sa.ScalarSelect[str]:
    """The state of a schedule's last run that is over; NULL: there was none."""
    return (
        sa.select(Occurrence.state)
        .where(
            Occurrence.tenant_id == ScheduleRow.tenant_id,
            Occurrence.schedule_id == ScheduleRow.id,
            Occurrence.state != "waiting",
            Occurrence.nominal <= x.now,
        )
        .order_by(Occurrence.nominal.desc())
        .limit(1)
        .correlate(ScheduleRow)
        .scalar_subquery()
    )


def one(x: Context[Any], id: UUID, *, lock: bool = False) -> ScheduleRow:
    """:raises NotFound: none, or not to be seen by this person."""
    query = sa.select(ScheduleRow).where(ScheduleRow.id == id, seen(x))
    found = x.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def occurrence(x: Context[Any], id: UUID) -> tuple[Occurrence, ScheduleRow]:
    """A run and its schedule. :raises NotFound: none, or not to be seen by this person."""
    found = x.session.get(Occurrence, (x.tenant, id))
    if found is None:
        raise NotFound
    return found, one(x, found.schedule_id)


def last_runs(x: Context[Any], ids: list[UUID]) -> dict[UUID, Occurrence]:
    """The newest run that is over of each of these schedules."""
    query = (
        sa.select(Occurrence)
        .where(Occurrence.schedule_id.in_(ids), Occurrence.state != "waiting", Occurrence.nominal <= x.now)
        .ext(distinct_on(Occurrence.schedule_id))
        .order_by(Occurrence.schedule_id, Occurrence.nominal.desc())
    )
    return {run.schedule_id: run for run in x.session.scalars(query)} if ids else {}


def failures(x: Context[Any], run: Occurrence) -> list[watching.Failure]:
    """Why each try of a run's last job failed; what is over for long is forgotten with its job."""
    return watching.failures(x.session, run.job_id) if run.job_id is not None else []


def skipped(x: Context[Any], ids: list[UUID]) -> dict[tuple[UUID, dt.datetime], UUID]:
    """The runs ahead that somebody has left out, by schedule and nominal time."""
    mine = Occurrence.schedule_id.in_(ids), Occurrence.nominal > x.now, Occurrence.state == "skipped"
    rows = x.session.execute(sa.select(Occurrence.schedule_id, Occurrence.nominal, Occurrence.id).where(*mine))
    return {(schedule, nominal): id for schedule, nominal, id in rows}


def alarms(x: Context[Any], site: UUID | None = None) -> dict[str, int]:
    """How many runs of the last days failed or were missed and no later one of their schedule was done, by state."""
    later = sa.orm.aliased(Occurrence)
    mended = sa.exists().where(
        later.tenant_id == Occurrence.tenant_id, later.schedule_id == Occurrence.schedule_id,
        later.nominal > Occurrence.nominal, later.state == "done",
    )  # fmt: skip
    query = (
        sa.select(Occurrence.state, sa.func.count())
        .join(ScheduleRow, sa.and_(ScheduleRow.tenant_id == Occurrence.tenant_id, ScheduleRow.id == Occurrence.schedule_id))
        .where(Occurrence.nominal > x.now - ALARMED, Occurrence.state.in_(("failed", "missed")), seen(x, site), ~mended)
        .group_by(Occurrence.state)
    )
    return dict(x.session.execute(query).all())


# ---- changing -----------------------------------------------------------------------------------------


def desk_of(x: Context[Any]) -> Desk:
    return Desk(x.session, x.gate, x.registry, history.write)


def change(x: Context[Any], id: UUID, body: Mapping[str, Any], *, version: int | None) -> ScheduleRow:
    """Change a schedule; from now on it fires by the new rule.

    :param version: the row version that was changed; None: whatever it is.
    :raises NotFound, Forbidden: not to be seen, not this person's to change. :raises Changed: somebody else was faster.
    :raises Invalid: with the path of each part (``rule.times``, ``ends_on``) and words.
    """
    row = one(x, id, lock=True)
    desk_of(x).need(EDIT, row.site_id)
    if version is not None and version != row.row_version:
        raise Changed(_("Somebody has changed this schedule in the meantime. Look at it again and repeat your change."))
    values = checked(x, row, body)
    before = {name: getattr(row, name) for name in values}
    changes = {name: (before[name], value) for name, value in values.items() if before[name] != value}
    if changes:
        _write(x, row, values, "edit", changes)
    return row


def reset(x: Context[Any], id: UUID) -> ScheduleRow:
    """Back to what the module declares: rule, calendar, window, grace, missed; without a from and until; running.

    :raises NotFound, Forbidden: as of ``change``.
    """
    row = one(x, id, lock=True)
    desk_of(x).need(EDIT, row.site_id)
    values = planning.defaults(x, row)
    changes = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    _write(x, row, values, "reset", changes)
    row.changed = False
    return row


def _write(
    x: Context[Any], row: ScheduleRow, values: Mapping[str, Any], action: str, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    planning.alter(x, row, {**values, "changed": True})
    x.session.flush()
    note(x, row, action, changes)


def note(x: Context[Any], row: ScheduleRow, action: str, changes: Mapping[str, tuple[Any, Any]]) -> None:
    """Write the history of what somebody did with a schedule; it says which one, so that it is understood later."""
    which: dict[str, tuple[Any, Any]] = {"schedule": (None, row.name)}
    if row.site_id is not None:
        which["site"] = (None, row.site_id)
    desk_of(x).note("core.schedule", row.id, action, {**which, **changes})


# ---- checking -----------------------------------------------------------------------------------------


def checked(x: Context[Any], row: ScheduleRow, body: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a change sets. :raises Invalid: it cannot be."""
    form = validate(Body, body, None)
    values = given(form)
    if values.get("rule", ...) is None:
        del values["rule"]
    declaration = declared(x)[row.name]
    errors = [FieldError(name, _FIXED) for name in values if name in declaration.fixed and _differs(row, name, values[name])]
    starts, ends = values.get("starts_on", row.starts_on), values.get("ends_on", row.ends_on)
    errors += _span(starts, ends)
    if (slug := values.get("calendar")) is not None and slug not in calendars(x):
        errors.append(FieldError("calendar", _("There is no such calendar.")))
    rule = _rule(values, row, errors)
    if not errors and {"rule", "calendar"} & set(values):
        try:
            rule.check(x.now, *planning.place(x, row, values.get("calendar", row.calendar)))
        except Invalid as problem:
            errors += _below(problem)
    if errors:
        raise Invalid(errors=tuple(errors))
    if "rule" in values:
        values["rule"] = rule.to_json()
    return values


def _rule(values: Mapping[str, Any], row: ScheduleRow, errors: list[FieldError]) -> Rule:
    try:
        return Rule.from_json(values.get("rule", row.rule))
    except Invalid as problem:
        errors += _below(problem)
        return Rule.from_json(row.rule)


def _below(problem: Invalid) -> list[FieldError]:
    return [FieldError(f"rule.{one.path}" if one.path else "rule", one.message) for one in problem.errors]


def _differs(row: ScheduleRow, name: str, value: Any) -> bool:
    return bool(getattr(row, name) != value)


def _span(starts: dt.date | None, ends: dt.date | None) -> list[FieldError]:
    found = [
        FieldError(name, _("The year {year} is out of range.").format(year=day.year))
        for name, day in (("starts_on", starts), ("ends_on", ends))
        if day is not None and not 2000 <= day.year <= 2200
    ]
    if not found and starts is not None and ends is not None and ends < starts:
        found.append(FieldError("ends_on", _("It ends before it begins.")))
    return found


def calendars(x: Context[Any]) -> dict[str, str | Lazy]:
    """The company's named calendars, by slug."""
    return {slug: one.name for slug, one in x.settings_of("core").calendars.items()}


# ---- looking ahead ------------------------------------------------------------------------------------


def ahead(x: Context[Any], row: ScheduleRow, most: int, values: Mapping[str, Any] | None = None) -> list[Coming]:
    """The next times of a schedule, as it is or as it would be with other ``values`` (checked ones), paused or not."""
    held = {name: getattr(row, name) for name in ("rule", "calendar", "starts_on", "ends_on")} | dict(values or {})
    rule, where = Rule.from_json(held["rule"]), planning.place(x, row, held["calendar"])
    at, end = x.now, dt.datetime.max.replace(tzinfo=dt.UTC)
    if held["starts_on"]:
        at = max(at, where.midnight(held["starts_on"]) - dt.timedelta(microseconds=1))
    if held["ends_on"]:
        end = where.midnight(held["ends_on"] + dt.timedelta(days=1))
    left_out = skipped(x, [row.id])
    several = takewhile(lambda one: one < end, islice(coming(rule, at, *where), most))
    return [Coming(one, moved.words(rule, one, *where), left_out.get((row.id, one))) for one in several]


_FIXED = _("The module has fixed this; it cannot be changed.")
