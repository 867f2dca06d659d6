"""Who holds which post from when until when, and the grants that follow: on the day, never earlier than now.

``take_up`` and ``leave_post`` are the only ways; whoever calls them answers for the decision (an approved appointment, or a
person who could give the roles themselves).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Context,
    Day,
    Forbidden,
    Form,
    Prose,
    Step,
    Workflow,
    act,
    asked,
    end_role,
    forget_lines,
    give_role,
    may_give_role,
    refuse,
    remind,
    translator,
)

from .choices import EmployeeState, HoldingKind, HoldingState, PositionState
from .records import Employee, Holding, Position
from .settings import OrganisationSettings

_ = translator("dougong_hr")
X = Context[OrganisationSettings]

flow = Workflow(Holding, Holding.status, OrganisationSettings)


def lines(text: str | None) -> list[str]:
    """The entries of a field that has one a line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def split(entry: str) -> tuple[str, str | None]:
    """A role of a post and what limits it: ``technician:mine`` → (technician, mine)."""
    slug, _colon, relation = entry.partition(":")
    return slug.strip(), relation.strip() or None


def take_up(
    x: Context[Any],
    employee_id: UUID,
    position_id: UUID,
    on: dt.date,
    *,
    kind: str = "main",
    until: dt.date | None = None,
    adopt: bool = False,
    over: bool = False,
) -> Holding:
    """Put an employee into a post, with the roles that go with it from that day on at the post's site.

    :param on: the first day. One that has passed is written down as it was; rights begin now. :param until: the first day
        without the post; an acting one needs it. :param kind: ``main``, ``concurrent`` or ``acting``.
    :param adopt: an open grant of such a role there, given by hand, becomes the post's and ends with it, instead of a second one:
        for a company that writes down who holds what already.
    :param over: also where every head of the post is held: an exception that was approved.
    :raises Invalid: the employee has left, the post is abolished, a second main post at a time, the same post twice at a time,
        an end that is not after the start, acting longer than the company allows, or no free head.
    """
    nature: HoldingKind = next(one for one in HoldingKind if one.value == kind)
    employee, position = check(x, employee_id, position_id, on, nature, until, over=over or adopt)
    made = x.create(
        Holding,
        position.site_id,
        employee_id=employee.id,
        position_id=position.id,
        title=f"{employee.name} · {position.title}"[:200],
        nature=nature,
        starts_on=on,
        ends_on=until,
    )
    if adopt and employee.person_id is not None and on <= x.today(position.site_id):
        _adopt(x, made, position, employee.person_id)
    sync(x, made, position, employee.person_id)
    forget_lines(x)
    return made


def check(
    x: Context[Any],
    employee_id: UUID,
    position_id: UUID,
    on: dt.date,
    nature: HoldingKind,
    until: dt.date | None,
    *,
    over: bool = False,
    going: Mapping[UUID, dt.date] = MappingProxyType({}),
    promised: int = 0,
) -> tuple[Employee, Position]:
    """What ``take_up`` would refuse, without doing anything.

    :param going: holdings that end before, and from which day. :param promised: heads that others are to take up.
    """
    employee = _one(x, Employee, employee_id, "employee")
    position = _one(x, Position, position_id, "position")
    if employee.status is EmployeeState.LEFT:
        raise refuse("employee", _("This employee has left."))
    if position.status is not PositionState.OPEN:
        raise refuse("position", _("This post is abolished."))
    _check_days(x, nature, on, until)
    _check_others(x, employee, position, nature, (on, until), going)
    if not over and nature is not HoldingKind.ACTING:
        _check_room(x, position, max(on, x.today(position.site_id)), going, promised)
    return employee, position


def _check_room(x: Context[Any], position: Position, day: dt.date, going: Collection[UUID], promised: int) -> None:
    """Whoever acts fills no head: the post stays vacant meanwhile."""
    query = sa.select(sa.func.count()).where(
        Holding.tenant_id == x.tenant,
        Holding.position_id == position.id,
        Holding.nature != HoldingKind.ACTING,
        Holding.id.not_in(going),
        # Also whoever takes it up later, for good: they are promised the head.
        sa.or_(Holding.ends_on.is_(None), Holding.ends_on > day),
        Holding.status == HoldingState.HELD,
    )
    held = int(x.session.scalar(query) or 0) + promised
    if held >= position.headcount:
        text = _("“{post}” has {n} heads, and {held} are held or promised: none is free on {day}.")
        raise refuse("position", text.format(post=position.title, n=position.headcount, held=held, day=day))


def leave_post(x: Context[Any], holding_id: UUID, on: dt.date, *, why: str = "") -> Holding:
    """End a holding: the roles that came with it end at the beginning of that day, at the earliest now.

    :param on: the first day without the post; a day that has passed changes later rights only.
    :raises Invalid: it ended before, or would end before it began.
    """
    held: Holding = _one(x, Holding, holding_id, "holding")
    if held.status is HoldingState.ENDED or (held.ends_on is not None and on > held.ends_on):
        raise refuse("on", _("The post ends on {day} already.").format(day=held.ends_on))
    if on < held.starts_on:
        raise refuse("on", _("The post was taken up on {day} only.").format(day=held.starts_on))
    x.as_person(None).take(held, "close", on=on.isoformat(), reason=why or str(_("Ended")))
    return held


def current(x: Context[Any], employee_id: UUID, on: dt.date) -> list[Holding]:
    """The posts that an employee holds on a day, the main one first."""
    found = x.session.scalars(
        sa.select(Holding)
        .where(Holding.tenant_id == x.tenant, Holding.employee_id == employee_id, *live(on))
        .order_by(Holding.starts_on, Holding.id)
    )
    return sorted(found, key=lambda one: one.nature is not HoldingKind.MAIN)


def to_come(x: Context[Any], employee_id: UUID, on: dt.date) -> list[Holding]:
    """Posts that an employee would take up only after a day."""
    later = Holding.starts_on > on, Holding.status == HoldingState.HELD
    mine = Holding.tenant_id == x.tenant, Holding.employee_id == employee_id
    return list(x.session.scalars(sa.select(Holding).where(*mine, *later).order_by(Holding.starts_on)))


def live(on: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions of holdings that hold on a day."""
    return Holding.starts_on <= on, sa.or_(Holding.ends_on.is_(None), Holding.ends_on > on)


def of_post(x: Context[Any], position_id: UUID) -> list[tuple[Holding, UUID | None]]:
    """Holdings of a post that have not ended, each with the account of its employee."""
    query = (
        sa.select(Holding, Employee.person_id)
        .join(Employee, sa.and_(Employee.tenant_id == Holding.tenant_id, Employee.id == Holding.employee_id))
        .where(Holding.tenant_id == x.tenant, Holding.position_id == position_id, Holding.status == HoldingState.HELD)
    )
    return [(held, person) for held, person in x.session.execute(query)]


def sync(x: Context[Any], held: Holding, position: Position, person: UUID | None) -> None:
    """Let the grants of a holding be what its post lists now. :param person: the account of its employee; None: no grants."""
    starts, ends = midnight(x, held.site_id, held.starts_on), midnight(x, held.site_id, held.ends_on)
    over = ends is not None and ends <= x.now
    wanted = lines(position.roles) if person is not None and not over else []
    kept = dict(held.granted)
    for entry in [one for one in kept if one not in wanted]:
        end_role(x, UUID(kept.pop(entry)))
    note = f"{held.number} {position.code} {position.title}"[:300]
    for entry in wanted:
        slug, relation = split(entry)
        if entry not in kept and slug in x.snapshot.roles and person is not None:
            made = give_role(x, person, slug, held.site_id, relation=relation, starts=starts, ends=ends, note=note)
            kept[entry] = str(made)
    if kept != held.granted:
        held.granted = kept


def _adopt(x: Context[Any], held: Holding, position: Position, person: UUID) -> None:
    wanted = {split(entry): entry for entry in lines(position.roles)}
    held.granted = {
        wanted[grant.role, grant.relation]: str(grant.id)
        for grant in x.snapshot.grants_of(person)
        if (grant.role, grant.relation) in wanted
        and grant.site == held.site_id
        and grant.ends is None
        and grant.live(x.now)
    }


def midnight(x: Context[Any], site: UUID, day: dt.date | None) -> dt.datetime | None:
    """The beginning of a day at a site; None of none."""
    if day is None:
        return None
    return dt.datetime.combine(day, dt.time(), x.snapshot.sites.zone(site)).astimezone(dt.UTC)


def _one(x: Context[Any], kind: Any, id: UUID, path: str) -> Any:
    # Locked, so that two people who decide of the same at once do it one after the other.
    found = x.session.scalar(sa.select(kind).where(kind.tenant_id == x.tenant, kind.id == id).with_for_update())
    if found is None:
        raise refuse(path, _("There is no such record."))
    return found


def _check_days(x: Context[Any], nature: HoldingKind, on: dt.date, until: dt.date | None) -> None:
    if until is not None and until <= on:
        raise refuse("until", _("The end must lie after the start."))
    if nature is HoldingKind.ACTING:
        most: int = x.settings_of("hr").acting_days
        if until is None or (until - on).days > most:
            raise refuse("until", _("An acting appointment ends after {n} days at the latest.").format(n=most))


def _check_others(
    x: Context[Any],
    employee: Employee,
    position: Position,
    nature: HoldingKind,
    days: tuple[dt.date, dt.date | None],
    going: Mapping[UUID, dt.date],
) -> None:
    on, until = days
    overlaps = [Holding.tenant_id == x.tenant, Holding.employee_id == employee.id]
    overlaps.append(sa.or_(Holding.ends_on.is_(None), Holding.ends_on > on))
    if until is not None:
        overlaps.append(Holding.starts_on < until)
    for other in x.session.scalars(sa.select(Holding).where(*overlaps)):
        if other.id in going and going[other.id] <= on:
            continue
        if other.position_id == position.id:
            raise refuse("position", _("{name} holds this post at that time already.").format(name=employee.name))
        if nature is HoldingKind.MAIN and other.nature is HoldingKind.MAIN:
            text = _(
                "{name} has a main post at that time already: {post}. End that first, or make this one concurrent."
            )
            raise refuse("kind", text.format(name=employee.name, post=other.title))


# ---- life of a holding ----


class Closing(Form):
    on: Day = asked(_("No longer from"))
    reason: Prose = asked(_("Reason"))


@flow.creating
def begun(held: Holding, x: X) -> None:
    if held.employee_id is None or held.position_id is None:
        raise refuse("employee_id", _("Somebody takes a post up at the post itself, or by an appointment."))


@flow.changing
def until(held: Holding, x: X) -> None:
    ends = midnight(x, held.site_id, held.ends_on)
    if ends is not None and ends <= x.now:
        held.status = HoldingState.ENDED


def _closed(held: Holding, form: Closing, x: X) -> None:
    held.ends_on, held.ended_why = form.on, form.reason
    at = midnight(x, held.site_id, form.on)
    for grant in held.granted.values():
        end_role(x, UUID(grant), at)
    forget_lines(x)


@flow.on(_("End of the post"), HoldingState.HELD, form=Closing, automatic=True)
def close(held: Holding, form: Closing, x: X) -> None:
    _closed(held, form, x)


@flow.on(_("End the post"), HoldingState.HELD, form=Closing, icon="close", danger=True)
def finish(held: Holding, form: Closing, x: X) -> None:
    """By hand, where no change of personnel is recorded: the concurrent post that was settled by word."""
    if form.on < held.starts_on or (held.ends_on is not None and form.on > held.ends_on):
        raise refuse("on", _("The day lies outside the time in which the post is held."))
    for entry in held.granted:
        slug, _relation = split(entry)
        if slug in x.snapshot.roles and not may_give_role(x, slug, held.site_id):
            raise Forbidden(
                _("Roles go with this post that you could not take away yourself: record it as a change of personnel.")
            )
    _closed(held, form, x)


@flow.on(_("Term is over"), HoldingState.HELD, HoldingState.ENDED, form=Form, automatic=True)
def expire(held: Holding, form: Form, x: X) -> None:
    forget_lines(x)


def _steps(settings: OrganisationSettings) -> list[Step[Any, Any]]:
    return [
        remind(before=dt.timedelta(days=15), name="remind"),
        act(lambda held, x: x.take(held, "expire"), name="expire", label=_("The post ends")),
    ]


flow.clock(
    "term",
    _("End of the post"),
    due=Holding.ends_by,
    runs=HoldingState.HELD,
    term=lambda held, x: midnight(x, held.site_id, held.ends_on),
    depends=(Holding.ends_on,),
    steps=_steps,
    step=finish,
)

__all__ = [
    "check", "current", "flow", "leave_post", "lines", "live", "midnight", "of_post", "split", "sync", "take_up",
    "to_come",
]  # fmt: skip
