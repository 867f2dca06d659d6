"""Employees: probation with its clock, the account that belongs to them, the day they leave."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Conflict,
    Context,
    Day,
    Form,
    Prose,
    Step,
    Workflow,
    asked,
    escalate,
    forget_lines,
    overdue,
    refuse,
    remind,
    translator,
)

from . import holdings, posts
from .choices import STAFF, EmployeeState
from .records import Employee, Position
from .settings import OrganisationSettings

_ = translator("dougong_hr")
X = Context[OrganisationSettings]

_OWN = _("Your own account is linked by somebody else.")

flow = Workflow(Employee, Employee.status, OrganisationSettings)


@flow.creating
def hired(e: Employee, x: X) -> None:
    if e.probation_until is not None and e.probation_until >= x.today(e.site_id):
        e.status = EmployeeState.PROBATION


@flow.changing
def followed(e: Employee, x: X) -> None:
    if e.probation_until is not None and e.probation_until < e.hired_on:
        raise refuse("probation_until", _("Probation cannot end before the first day of work."))
    e.hired_at = holdings.midnight(x, e.site_id, e.hired_on)
    e.left_at = holdings.midnight(x, e.site_id, e.left_on)


class Confirming(Form):
    remark: Prose | None = asked(_("Remark"), default=None)


@flow.on(_("Confirm in service"), EmployeeState.PROBATION, EmployeeState.EMPLOYED, form=Confirming, icon="check")
def confirm(e: Employee, form: Confirming, x: X) -> None:
    """Probation is passed."""


class Linking(Form):
    person: UUID | None = asked(_("Account"), widget="person", default=None, help=_("Empty: none (any more)."))


@flow.on(
    _("Choose the account"), STAFF, form=Linking, icon="user", help=_("Roles of the posts held follow the account.")
)
def choose_account(e: Employee, form: Linking, x: X) -> None:
    from ..appraisal.subjects import rated_about
    from ..moves.leaving import decided_about

    if x.actor is not None and e.person_id == x.actor and form.person != x.actor:
        raise Conflict(_OWN)
    if (why := decided_about(e, x) or rated_about(e, form.person, x)) is not None:
        raise Conflict(why)
    if form.person is not None:
        _free(form.person, e, x)
    change_account(x, e, form.person)


def _free(person: UUID, e: Employee, x: X) -> None:
    if person not in x.snapshot.people:
        raise refuse("person", _("There is no such person."))
    if person == x.actor:
        raise refuse("person", _OWN)
    other = x.session.scalar(
        sa.select(Employee.number).where(
            Employee.tenant_id == x.tenant,
            Employee.person_id == person,
            Employee.id != e.id,
            Employee.status != EmployeeState.LEFT,
        )
    )
    if other is not None:
        raise refuse("person", _("This account belongs to {number} already.").format(number=other))
    if any(not _within(grant.site, x) for grant in x.snapshot.grants_of(person) if _ahead(grant.ends, x)):
        raise refuse("person", _("This account has roles beyond your sites: somebody above you links it."))


def _within(site: UUID, x: X) -> bool:
    """Whether this person links accounts at a site; one where people are not kept is judged above it. Whoever is linked can be
    made to leave, which ends all their roles."""
    kept = x.snapshot.open_sites("hr")
    place = next((one for one in x.snapshot.sites.ancestors(site) if one in kept), None)
    return place is None or x.gate.may(choose_account.permission, place)


def _ahead(ends: dt.datetime | None, x: X) -> bool:
    return ends is None or ends > x.now


def change_account(x: Context[Any], e: Employee, person: UUID | None) -> None:
    """Let an employee have another account, or none: the roles of their posts move with it.

    :raises Forbidden: one of those roles is none that this context's person could give.
    """
    from ..appraisal.subjects import follow

    if e.person_id == person:
        return
    day = x.today(e.site_id)
    held = [*holdings.current(x, e.id, day), *holdings.to_come(x, e.id, day)]
    found = [(h, x.session.get_one(Position, (x.tenant, h.position_id))) for h in held]
    for _holding, position in found:
        posts.need_to_give(x, position, holdings.lines(position.roles))
    for account in (None, person):
        for holding, position in found:
            holdings.sync(x, holding, position, account)
    e.person_id = person
    forget_lines(x)
    follow(x, e)


class Leaving(Form):
    on: Day = asked(_("Last day was the one before"))
    reason: Prose = asked(_("Reason"))


@flow.on(_("Has left"), STAFF, EmployeeState.LEFT, form=Leaving, automatic=True)
def left(e: Employee, form: Leaving, x: X) -> None:
    e.left_on, e.left_why = form.on, form.reason


def leave(x: Context[Any], employee_id: UUID, on: dt.date, why: str) -> Employee:
    """Somebody has left: every post that they hold ends on that day, with its roles.

    :param on: the first day without them; not ahead of today. :raises Conflict: that day is still to come.
    """
    e = x.session.get_one(Employee, (x.tenant, employee_id))
    if on > x.today(e.site_id):
        raise Conflict(_("An employee leaves on the day, not before."))
    for one in holdings.current(x, e.id, on):
        holdings.leave_post(x, one.id, max(on, one.starts_on), why=why)
    for one in holdings.to_come(x, e.id, on):
        holdings.leave_post(x, one.id, one.starts_on, why=why)
    x.as_person(None).take(e, "left", on=on.isoformat(), reason=why)
    return e


def _steps(settings: OrganisationSettings) -> list[Step[Any, Any]]:
    before = [remind(before=dt.timedelta(days=n), name=f"remind_{n}") for n in sorted(set(settings.probation_days))]
    return [*before, overdue(), escalate(level=1, after=dt.timedelta(days=1), name="up")]


flow.clock(
    "probation",
    _("Probation"),
    due=Employee.probation_by,
    late=Employee.probation_late,
    runs=EmployeeState.PROBATION,
    term=lambda e, x: e.probation_until,
    depends=(Employee.probation_until,),
    steps=_steps,
    step=confirm,
    imports=True,
)

__all__ = ["change_account", "flow", "leave"]
