"""The life of assigned work: 交办→接受→执行→报完成→签收/退回. Only the assigner signs, extends and takes back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Conflict,
    Day,
    Forbidden,
    Form,
    Prose,
    Step,
    Term,
    Workflow,
    asked,
    escalate,
    guard,
    overdue,
    refuse,
    remind,
    translator,
)

from .choices import ENDED, OPEN, UNFINISHED, WORKING, State
from .records import Assistant, Extension, Progress, Task
from .relations import X, above, can_do, signers
from .settings import AssignedSettings

_ = translator("dougong_tasks")
flow = Workflow(Task, Task.status, AssignedSettings)


class Reason(Form):
    reason: Prose = asked(_("Reason"))


@flow.creating
def assigned(t: Task, x: X) -> None:
    """Whoever creates it assigns it; what a rule opened is assigned by who stands above the one responsible."""
    if not can_do(t.owner_id, t.site_id, x):
        raise refuse("owner_id", _("has no role at this site with which tasks can be done"))
    if t.deadline < x.today(t.site_id):
        raise refuse("deadline", _("must not lie in the past"))
    if t.assigner_id is None:
        t.assigner_id = x.actor if x.actor is not None else above(t.owner_id, t.site_id, x)
    if t.assigner_id == t.owner_id:
        raise refuse("owner_id", _("is you: a task is for somebody else, who reports to you"))


@guard(_("Only who is responsible for the task does this."))
def is_owner(t: Task, x: X) -> bool:
    return x.actor is None or x.actor == t.owner_id


@guard(_("Only who is responsible for the task, or helps with it, does this."))
def helps(t: Task, x: X) -> bool:
    return is_owner.test(t, x) or x.actor in {one.person_id for one in x.children(t, Assistant)}


@guard(_("Only who assigned the task does this, or their deputy while they are absent."))
def is_assigner(t: Task, x: X) -> bool:
    return x.actor is None or x.actor in signers(t, x)


TERMS = ("title", "statement", "source", "occasion", "reference", "criteria")


@flow.changing
def kept_terms(t: Task, x: X) -> None:
    """What is to be done, and when it is done, is the assigner's to say, and stands once it is over."""
    here = sa.inspect(t)
    if here.key is None or not any(here.attrs[name].history.has_changes() for name in TERMS):
        return
    if not is_assigner.test(t, x):
        raise Forbidden(is_assigner.why)
    if t.status in ENDED:
        raise Conflict(_("The task is over and is not changed any more."))


@flow.changing
def two_people(t: Task, x: X) -> None:
    """However it changes hands: who answers for a task never signs it."""
    if t.assigner_id is not None and t.assigner_id == t.owner_id:
        raise refuse("owner_id", _("Nobody does a task that they assigned themselves."))


@guard(_("No extension has been asked for."), quiet=True)
def is_asked(t: Task, x: X) -> bool:
    return t.asked_until is not None


@flow.on(_("Accept"), State.ASSIGNED, State.ACCEPTED, form=Form, guards=[is_owner], icon="check")
def accept(t: Task, f: Form, x: X) -> None:
    t.accepted_at = x.now


@flow.adding(_("Note progress"), WORKING, Progress, State.DOING, guards=[helps], icon="edit")
def note(t: Task, p: Progress, x: X) -> None:
    t.percent = p.percent


class Done(Form):
    result: Prose = asked(_("What was done"))


@flow.on(_("Report done"), WORKING, State.REPORTED, form=Done, guards=[is_owner], icon="right")
def report(t: Task, f: Done, x: X) -> None:
    t.result, t.reported_at, t.asked_until = f.result, x.now, None


@flow.on(_("Sign off"), State.REPORTED, State.SIGNED, form=Form, guards=[is_assigner], icon="check")
def sign(t: Task, f: Form, x: X) -> None:
    t.signed_at, t.percent = x.now, 100


@flow.on(_("Send back"), State.REPORTED, State.DOING, form=Reason, guards=[is_assigner], icon="undo")
def give_back(t: Task, f: Reason, x: X) -> None:
    t.returns, t.reported_at = t.returns + 1, None


@flow.adding(_("Ask for more time"), UNFINISHED, Extension, guards=[is_owner], icon="clock")
def ask_extension(t: Task, e: Extension, x: X) -> None:
    _later(t, e.until, x)
    t.asked_until = e.until


class Until(Form):
    until: Day = asked(_("New deadline"))
    reason: Prose | None = asked(_("Reason"), default=None)


@flow.on(_("Extend"), UNFINISHED, form=Until, guards=[is_assigner], icon="clock")
def extend(t: Task, f: Until, x: X) -> None:
    _later(t, f.until, x)
    t.deadline, t.asked_until, t.extensions = f.until, None, t.extensions + 1


@flow.on(_("Refuse more time"), UNFINISHED, form=Reason, guards=[is_asked, is_assigner], icon="close")
def refuse_extension(t: Task, f: Reason, x: X) -> None:
    t.asked_until = None


def _later(t: Task, until: dt.date, x: X) -> None:
    if until <= t.deadline or until < x.today(t.site_id):
        raise refuse("until", _("must lie after the deadline and not in the past"))


class Other(Reason):
    owner_id: UUID = asked(_("New person responsible"), widget="person")


@flow.on(_("Give to somebody else"), UNFINISHED, State.ASSIGNED, form=Other, guards=[is_assigner], icon="people")
def reassign(t: Task, f: Other, x: X) -> None:
    if f.owner_id == t.owner_id:
        raise refuse("owner_id", _("has the task already"))
    if f.owner_id == t.assigner_id or not can_do(f.owner_id, t.site_id, x):
        raise refuse("owner_id", _("has no role at this site with which tasks can be done"))
    t.owner_id, t.accepted_at, t.asked_until = f.owner_id, None, None


@flow.adding(_("Add an assistant"), OPEN, Assistant, guards=[helps], icon="people")
def assist(t: Task, a: Assistant, x: X) -> None:
    if not can_do(a.person_id, t.site_id, x):
        raise refuse("person_id", _("has no role at this site with which tasks can be done"))


@flow.on(_("Cancel"), OPEN, State.CANCELLED, form=Reason, guards=[is_assigner], icon="close", danger=True)
def cancel(t: Task, f: Reason, x: X) -> None:
    t.asked_until = None


STEPS: tuple[Step[Any, Any], ...] = (remind(0.8), overdue(), escalate(0.0, level=1), escalate(0.5, level=2))

flow.clock(
    "completion", _("Completion"), due=Task.finish_by, met=Task.reported_at, late=Task.finish_late, runs=UNFINISHED,
    term=lambda t, x: t.deadline, depends=(Task.deadline,), owner=Task.owner_id, steps=STEPS, step=report, personal=True,
    imports=True,
)  # fmt: skip
flow.clock(
    "acceptance", _("Accepting"), due=Task.accept_by, met=Task.accepted_at, late=Task.accept_late, runs=State.ASSIGNED,
    term=lambda t, x: Term(x.settings.accept_hours), depends=(Task.owner_id,), owner=Task.owner_id,
    steps=STEPS[:3], step=accept, personal=True,
)  # fmt: skip
flow.clock(
    "signing", _("Signing off"), due=Task.sign_by, met=Task.signed_at, late=Task.sign_late, runs=State.REPORTED,
    term=lambda t, x: Term(x.settings.sign_hours), owner=Task.assigner_id, steps=STEPS[:3], step=sign, personal=True,
)  # fmt: skip
