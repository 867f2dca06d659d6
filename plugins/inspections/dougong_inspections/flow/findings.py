"""The life of a finding: assigned, rectified, rechecked by somebody else; severe ones stop the use and climb at once."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from dougong import Day, Level, Prose, Step, Term, Workflow, asked, escalate, guard, overdue, remind, translator
from dougong import Form as Form

from ..base import X, refuse
from ..choices import FindingState, Severity
from ..events import SEVERE
from ..records import Finding, Point, Recheck
from ..relations import lead_id
from ..settings import Settings

_ = translator("dougong_inspections")

flow = Workflow(Finding, Finding.status, Settings)
OPEN = (FindingState.NEW, FindingState.FIXING, FindingState.RECHECK)


@flow.creating
def stop_use(f: Finding, x: X) -> None:
    """A severe finding puts its point out of use."""
    if f.severity is Severity.CRITICAL:
        f.stop_use = True


@flow.changing
def mark_point(f: Finding, x: X) -> None:
    """The point says by which open finding it is out of use; one severity raised later stops it too."""
    if f.severity is Severity.CRITICAL and f.status in OPEN:
        f.stop_use = True
    point = x.session.get(Point, (x.tenant, f.point_id)) if f.point_id else None
    if point is None:
        return
    if f.stop_use and point.stopped_by is None:
        point.stopped_by = f.id
    elif not f.stop_use and point.stopped_by == f.id:
        point.stopped_by = None


class Assigning(Form):
    responsible_id: UUID = asked(_("Responsible"), widget="person", may="inspections.finding.rectify")


@flow.on(_("Assign"), (FindingState.NEW, FindingState.FIXING), FindingState.FIXING, form=Assigning, icon="user")
def assign(f: Finding, form: Assigning, x: X) -> None:
    f.responsible_id = form.responsible_id
    f.assigned_at = f.assigned_at or x.now


class Rectifying(Form):
    done: Prose = asked(_("What was done"), help=_("Attach photos of it to the finding."))


@flow.on(_("Rectified"), FindingState.FIXING, FindingState.RECHECK, form=Rectifying, icon="check")
def rectify(f: Finding, form: Rectifying, x: X) -> None:
    f.rectification, f.rectified_by, f.rectified_at = form.done, x.actor, x.now


@guard(_("Whoever rectified it, or is responsible for it, does not recheck it."))
def not_rectifier(f: Finding, x: X) -> bool:
    return x.actor not in (f.rectified_by, f.responsible_id)


@flow.adding(
    _("Recheck"),
    FindingState.RECHECK,
    Recheck,
    (FindingState.CLOSED, FindingState.FIXING),
    guards=[not_rectifier],
    icon="eye",
)
def recheck(f: Finding, r: Recheck, x: X) -> FindingState:
    """It is closed, or goes back to whoever rectifies, whose time goes on: a failed recheck gives no new one."""
    f.verified_by = x.actor
    if not r.passed:
        f.returned += 1
        f.rectified_at = None
        return FindingState.FIXING
    f.closed_at, f.stop_use = x.now, False
    return FindingState.CLOSED


class Extending(Form):
    until: Day = asked(_("Until"))
    reason: Prose = asked(_("Reason"))


extension = flow.approval(
    "extension",
    _("Extension"),
    sources=FindingState.FIXING,
    levels=lambda f, x: [Level("approve", _("Approve"), roles=("project_manager", "quality"), need="any")],
    granted=(),
    returned=(),
    authors=lambda f, x: {f.responsible_id},
    form=Extending,
)


@extension.when_submitted
def extension_asked(f: Finding, form: Extending, x: X) -> None:
    if form.until < x.today(f.site_id):
        raise refuse("until", _("lies in the past"))
    f.extension_asked = form.until


@extension.when_granted
def extended(f: Finding, x: X) -> None:
    f.extended_to, f.extension_asked = f.extension_asked, None


# ---- clocks ----


def allowed(f: Finding, x: X) -> Term | dt.date:
    """How long rectifying may take: by severity, or until the day that was approved."""
    if f.extended_to is not None:
        return f.extended_to
    if f.severity is Severity.CRITICAL:
        return Term(hours=x.settings.critical_hours, always=True)
    days = x.settings.major_days if f.severity is Severity.MAJOR else x.settings.minor_days
    return Term(days=days)


def until_assigned(f: Finding, x: X) -> Term:
    if f.severity is Severity.CRITICAL:
        return Term(hours=x.settings.assign_critical_minutes / 60, always=True)
    return Term(hours=x.settings.assign_hours)


def _lead(f: Finding, x: X) -> UUID | None:
    return lead_id(x, f.trade, f.site_id)


def _responsible(f: Finding, x: X) -> UUID | None:
    return f.responsible_id or _lead(f, x)


def _steps(settings: Settings) -> list[Step[Finding, Settings]]:
    up: list[Step[Finding, Settings]] = [
        escalate(percent / 100, level=n) for n, percent in enumerate(settings.escalation, 1) if percent is not None
    ]
    return [*([remind(settings.remind_percent / 100)] if settings.remind_percent else []), overdue(), *up]


flow.clock(
    "assignment",
    _("Assignment"),
    due=Finding.assign_by,
    met=Finding.assigned_at,
    late=Finding.assign_late,
    runs=FindingState.NEW,
    ends=FindingState.FIXING,
    term=until_assigned,
    depends=(Finding.severity,),
    owner=_lead,
    steps=_steps,
    step=assign,
    once=True,
)
flow.clock(
    "rectification",
    _("Rectification"),
    due=Finding.rectify_by,
    met=Finding.rectified_at,
    late=Finding.rectify_late,
    runs=(FindingState.NEW, FindingState.FIXING),
    ends=(FindingState.RECHECK, FindingState.CLOSED),
    starts=lambda f, x: f.created_at,
    term=allowed,
    depends=(Finding.severity, Finding.extended_to),
    owner=_responsible,
    steps=_steps,
    step=rectify,
)
flow.clock(
    "recheck",
    _("Recheck"),
    due=Finding.recheck_by,
    late=Finding.recheck_late,
    runs=FindingState.RECHECK,
    ends=(FindingState.CLOSED, FindingState.FIXING),
    term=lambda f, x: Term(hours=x.settings.recheck_hours),
    owner=_lead,
    steps=_steps,
    step=recheck,
)

__all__ = ["SEVERE", "flow"]
