"""The life of a change of personnel: 拟任→项目审批→公示→待备案→已备案/退回→生效, and of a leaver 交接.

Filing (备案) is no approval: the company takes note of a key appointment or returns it with a reason. A company decides in its
settings whether a key appointment waits for that or is filed within so many days after it took effect.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from dougong import (
    Conflict,
    Form,
    Level,
    Term,
    Workflow,
    act,
    escalate,
    guard,
    overdue,
    refuse,
    remind,
    translator,
)

from ..organisation import holdings
from ..organisation.choices import EmployeeState, HoldingKind
from ..organisation.records import Employee, Position
from . import clearing, effect, notices
from .base import Reason, X, of, open_post
from .choices import (
    APPOINTING,
    UNDERWAY,
    WAITING,
    ChangeState,
    ChangeType,
    FilingMode,
    FilingOutcome,
    NoticeState,
)
from .records import Change, Filing, Notice
from .settings import MovesSettings

_ = translator("dougong_hr")
flow = Workflow(Change, Change.status, MovesSettings)
_DAY = dt.timedelta(days=1)
FILING_ASKED, BLOCKED = "hr.filing_asked", "hr.change_blocked"  # events
AFTER_APPROVAL = (
    ChangeState.NOTICE, ChangeState.FILING, ChangeState.CLEARING, ChangeState.READY, ChangeState.FILED, ChangeState.EFFECTIVE,
)  # fmt: skip


@flow.creating
def proposed(c: Change, x: X) -> None:
    employee = of(x, Employee, c.employee_id)
    _check_employee(c, employee, x)
    held = holdings.current(x, employee.id, x.today(c.site_id))
    main = next((one for one in held if one.nature is HoldingKind.MAIN), None)
    if c.type is not ChangeType.HIRE and main is not None:
        c.holding_id, c.from_id = main.id, main.position_id
    if c.type is ChangeType.HIRE and main is not None and c.nature is HoldingKind.MAIN:
        raise refuse("type", _("has a main post already: record a transfer"))
    if c.type not in APPOINTING and employee.site_id != c.site_id:
        raise refuse("employee_id", _("belongs to another site: record it there"))


def _check_employee(c: Change, employee: Employee, x: X) -> None:
    if employee.status is EmployeeState.LEFT:
        raise refuse("employee_id", _("has left"))
    if c.type is ChangeType.CONFIRM and employee.status is not EmployeeState.PROBATION:
        raise refuse("employee_id", _("is not on probation"))
    other = x.session.scalar(
        sa.select(Change.number).where(
            Change.tenant_id == x.tenant,
            Change.employee_id == employee.id,
            Change.type == c.type,
            Change.nature == c.nature,
            Change.to_id.is_not_distinct_from(c.to_id),
            Change.status.in_(UNDERWAY),
            Change.id != c.id,
        )
    )
    if other is not None:
        raise refuse("employee_id", _("has this change under way already: {number}").format(number=other))


@flow.changing
def settled(c: Change, x: X) -> None:
    """What follows from the form, while it is a draft; what was submitted stays as it is."""
    state = sa.inspect(c)
    if c.status is ChangeState.DRAFT and not x.imported:
        _check_post(c, x)
        return
    fields = ("to_id", "nature", "effective_on", "until_on", "why", "over_why")
    if not state.persistent or state.attrs.status.history.has_changes():
        return
    if any(state.attrs[name].history.has_changes() for name in fields):
        raise Conflict(_("What was submitted is not changed. Withdraw it, or have it returned."))


def _check_post(c: Change, x: X) -> None:
    employee = of(x, Employee, c.employee_id)
    if c.type not in APPOINTING:
        c.to_id, c.nature, c.until_on, c.key, c.over_why = None, HoldingKind.MAIN, None, False, None
        c.title = f"{employee.name} · {c.type.label}"[:200]
        return
    if c.to_id is None:
        raise refuse("to_id", _("Which post?"))
    post = open_post(x, c.to_id, "to_id")
    if post.site_id != c.site_id:
        raise refuse("to_id", _("is a post of another site: record the appointment there"))
    if post.id == c.from_id and c.nature is HoldingKind.MAIN:
        raise refuse("to_id", _("is the post that is held already"))
    if c.until_on is not None and c.until_on <= c.effective_on:
        raise refuse("until_on", _("The end must lie after the start."))
    most = x.settings_of("hr").acting_days
    if c.nature is HoldingKind.ACTING and (c.until_on is None or (c.until_on - c.effective_on).days > most):
        raise refuse("until_on", _("An acting appointment ends after {n} days at the latest.").format(n=most))
    c.key, c.title = post.key, f"{employee.name} · {post.title}"[:200]


# ---- approval ----


def authors(c: Change, x: X) -> set[Any]:
    """Nobody approves their own."""
    return {of(x, Employee, c.employee_id).person_id}


def levels(c: Change, x: X) -> list[Level]:
    """The project; over the establishment the region or the company too, as for a new head."""
    above = ("regional_director", "property_director", "general_manager")
    over = c.type in APPOINTING and c.over_why is not None
    return [
        Level("project", _("Project"), roles=("project_manager",), state=ChangeState.APPROVAL),
        Level("above", _("Region or company"), roles=above, state=ChangeState.APPROVAL, when=over),
    ]


approve = flow.approval(
    "approve",
    _("Change of personnel"),
    sources=ChangeState.DRAFT,
    levels=levels,
    granted=AFTER_APPROVAL,
    returned=ChangeState.DRAFT,
    authors=authors,
    due=Change.sign_by,
    late=Change.sign_late,
    hours=lambda settings: settings.move_sign_hours,
)


@approve.when_submitted
def submitted(c: Change, form: object, x: X) -> None:
    effect.check(c, x, ahead=True)


@approve.when_returned
def returned(c: Change, x: X, reason: str) -> None:
    c.returned_why = reason


@approve.when_granted
def granted(c: Change, x: X) -> ChangeState:
    c.returned_why = None
    if c.type is ChangeType.LEAVE:
        return ChangeState.CLEARING
    if c.type in x.settings.notice_types and c.type in APPOINTING and x.settings.notice_days:
        notices.publish(c, _words(c, x), x)
        return ChangeState.NOTICE
    return _filed_first(c, x)


def _words(c: Change, x: X) -> str:
    to = of(x, Position, c.to_id) if c.to_id else None
    before = of(x, Position, c.from_id) if c.from_id else None
    parts = [f"{c.type.label} · {c.nature.label}"]
    if before is not None:
        parts.append(str(_("From: {post}").format(post=before.title)))
    if to is not None:
        parts.append(str(_("To: {post}").format(post=to.title)))
    if c.until_on is not None:
        parts.append(str(_("Until: {day}").format(day=c.until_on)))
    return "\n".join(parts)


def _filed_first(c: Change, x: X) -> ChangeState:
    """A key post waits for its filing, where the company has it so; one that became a key post since it was proposed, too."""
    if c.type in APPOINTING and c.to_id is not None:
        c.key = c.key or of(x, Position, c.to_id).key
    if c.key and c.filed_at is None and x.settings.filing_mode is FilingMode.BEFORE:
        return ChangeState.FILING
    return ready(c, x)


def ready(c: Change, x: X) -> ChangeState:
    """Its day has come: it takes effect at once where it can; else it waits, and its clock tells why it cannot."""
    if c.effective_on <= x.today(c.site_id) and effect.hindrance(c, x) is None:
        effect.carry_out(c, x)
        return ChangeState.EFFECTIVE
    return ChangeState.FILED if c.key and c.filed_at is not None else ChangeState.READY


# ---- what the public notice says ----


@flow.on(_("Notice passed"), ChangeState.NOTICE, AFTER_APPROVAL, form=Form, automatic=True)
def notice_passed(c: Change, f: Form, x: X) -> ChangeState:
    return _filed_first(c, x)


@flow.on(_("Objection upheld"), ChangeState.NOTICE, ChangeState.DRAFT, form=Reason, automatic=True)
def notice_failed(c: Change, f: Reason, x: X) -> None:
    c.returned_why = f.reason


# ---- filing ----


def latest(c: Change, x: X) -> Filing | None:
    """The filing that was entered last."""
    return next(reversed(x.children(c, Filing)), None)


def unfiled(c: Change) -> bool:
    """A key appointment of which the company has not taken note."""
    return c.key and c.type in APPOINTING and c.filed_at is None


@guard(_("It is no key post, or it is filed already."), quiet=True)
def to_file(c: Change, x: X) -> bool:
    return unfiled(c)


@guard(_("It lies with the company already."))
def not_asked(c: Change, x: X) -> bool:
    last = latest(c, x)
    return last is None or last.outcome is not FilingOutcome.ASKED


@guard(_("It was not put before the company yet."))
def with_company(c: Change, x: X) -> bool:
    last = latest(c, x)
    return last is not None and last.outcome is FilingOutcome.ASKED


@guard(_("Nobody files their own appointment."))
def not_own(c: Change, x: X) -> bool:
    return x.actor is None or x.actor != of(x, Employee, c.employee_id).person_id


FILED_FROM = (ChangeState.FILING, ChangeState.READY, ChangeState.EFFECTIVE)


@flow.adding(_("File with the company"), FILED_FROM, Filing, guards=[to_file, not_asked], icon="right")
def file(c: Change, one: Filing, x: X) -> None:
    if one.receiver_id == of(x, Employee, c.employee_id).person_id:
        raise refuse("receiver_id", _("is the person appointed"))
    x.tell(FILING_ASKED, c, [one.receiver_id])


@flow.on(
    _("Take note (file)"), FILED_FROM, (ChangeState.FILED, ChangeState.READY, ChangeState.EFFECTIVE), form=Form,
    guards=[to_file, with_company, not_own], icon="check",
)  # fmt: skip
def accept_filing(c: Change, f: Form, x: X) -> ChangeState:
    last = latest(c, x)
    if last is not None:
        last.outcome, last.accepted_at = FilingOutcome.ACCEPTED, x.now
    c.filed_at = x.now
    return ready(c, x) if c.status is not ChangeState.EFFECTIVE else ChangeState.EFFECTIVE


@flow.on(
    _("Return the filing"), FILED_FROM, (ChangeState.DRAFT, ChangeState.READY, ChangeState.EFFECTIVE), form=Reason,
    guards=[to_file, with_company, not_own], icon="undo", danger=True,
    help=_("Filing is no approval: say what has to be put right."),
)  # fmt: skip
def return_filing(c: Change, f: Reason, x: X) -> ChangeState:
    """What waits for its filing goes back to its beginning; what is in effect stays so and is filed anew."""
    last = latest(c, x)
    if last is not None:
        last.outcome, last.reason = FilingOutcome.RETURNED, f.reason
    c.returned_why = f.reason
    return ChangeState.DRAFT if c.status is ChangeState.FILING else c.status


# ---- the day ----


@flow.on(_("Takes effect"), WAITING, (ChangeState.EFFECTIVE, ChangeState.CLEARING), form=Form, automatic=True)
def take_effect(c: Change, f: Form, x: X) -> ChangeState:
    """A leaver with something open again goes back to clearance."""
    if c.type is ChangeType.LEAVE and clearing.unsettled(c, x):
        c.cleared_at = None
        return ChangeState.CLEARING
    effect.carry_out(c, x)
    return ChangeState.EFFECTIVE


@flow.on(
    _("Drop"), UNDERWAY, ChangeState.DROPPED, form=Reason, icon="close", danger=True,
    help=_("Nothing takes effect; a public notice is taken down."),
)  # fmt: skip
def drop(c: Change, f: Reason, x: X) -> None:
    c.returned_why, c.blocked_why = f.reason, None
    query = sa.select(Notice).where(
        Notice.tenant_id == x.tenant, Notice.change_id == c.id, Notice.status == NoticeState.OPEN
    )
    for notice in x.session.scalars(query).all():
        x.as_person(None).take(notice, "take_down")


def on_its_day(c: Change, x: X) -> None:
    """It takes effect; what stands against it is written down and told to HR and whoever proposed it, every day anew."""
    why = effect.hindrance(c, x)
    if why is None:
        x.take(c, take_effect.name)
        return
    c.blocked_why = why[:2000]
    x.tell(BLOCKED, c)


flow.clock(
    "effect",
    _("Takes effect"),
    due=Change.effect_by,
    met=Change.effective_at,
    runs=WAITING,
    ends=ChangeState.EFFECTIVE,
    term=effect.day_of,
    depends=(Change.effective_on,),
    owner=Change.created_by,
    steps=[act(on_its_day, name="take_effect", every=_DAY, label=_("Takes effect"))],
)


def _filing_term(c: Change, x: X) -> Term | None:
    """While it waits for it, and from the day it took effect."""
    if not unfiled(c) or c.status is ChangeState.READY:
        return None
    return Term(days=x.settings.filing_days)


flow.clock(
    "filing",
    _("Filing of a key post"),
    due=Change.filing_by,
    met=Change.filed_at,
    late=Change.filing_late,
    runs=(ChangeState.FILING, ChangeState.EFFECTIVE),
    ends=ChangeState.FILED,
    term=_filing_term,
    depends=(Change.key, Change.status, Change.filed_at),
    owner=Change.created_by,
    # The domain's timer: an unfiled key post is told of every day.
    steps=[remind(0.0, every=_DAY, name="daily"), overdue(), escalate(level=1)],
    step=accept_filing,
)

__all__ = ["BLOCKED", "FILING_ASKED", "flow", "latest", "ready", "unfiled"]
