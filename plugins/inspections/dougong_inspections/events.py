"""What people are told of, beside what clocks and approvals say by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, translator

from .base import X, leads
from .choices import Severity
from .records import Finding, Task

_ = translator("dougong_inspections")

LATE = "inspections.late"
SEVERE = "inspections.severe"

_WHERE = _("{title}\n{site} · {status}")


def managers(f: Finding, x: X) -> Iterable[UUID | None]:
    """Of a severe finding, when it is made or becomes one: the project manager at once, and the trade's lead."""
    changed = x.changes(f)
    if f.severity is not Severity.CRITICAL or "severity" not in changed:
        return []
    people = [*x.who("project_manager", f.site_id), *leads(x, f.trade, f.site_id)]
    return dict.fromkeys(p.id for p in people)


def rectifier(f: Finding, x: X) -> Iterable[UUID | None]:
    return [f.responsible_id] if "responsible_id" in x.changes(f) else []


def returned(f: Finding, x: X) -> Iterable[UUID | None]:
    return [f.responsible_id] if "returned" in x.changes(f) else []


def trade_leads(t: Task, x: X) -> Iterable[UUID | None]:
    return [p.id for p in leads(x, t.trade, t.site_id)]


def missed(t: Task, x: X) -> Iterable[UUID | None]:
    return [t.claimed_by or t.assignee_id, *trade_leads(t, x)]


def walker(t: Task, x: X) -> Iterable[UUID | None]:
    return [t.claimed_by or t.assignee_id]


EVENTS = (
    Event(
        SEVERE,
        _("A severe finding"),
        _("Severe: {number} at {site}, out of use"),
        Finding.kind,
        ("create", "edit"),
        managers,
        _WHERE,
        urgent=True,
        channels=("inbox", "email", "sms"),
    ),
    Event(
        "inspections.assigned",
        _("A finding was assigned"),
        _("Finding {number} is yours to rectify"),
        Finding.kind,
        ("assign",),
        rectifier,
        _WHERE,
        channels=("inbox", "email"),
    ),
    Event(
        "inspections.recheck_failed",
        _("A recheck failed"),
        _("Finding {number} is not right yet"),
        Finding.kind,
        ("recheck",),
        returned,
        _WHERE,
        channels=("inbox", "email"),
    ),
    Event(
        "inspections.missed",
        _("A task was missed"),
        _("{number} at {site} was missed"),
        Task.kind,
        ("miss",),
        missed,
        _WHERE,
        channels=("inbox", "email"),
    ),
    Event(
        "inspections.sent_back",
        _("A task was returned"),
        _("Task {number} was returned to you"),
        Task.kind,
        ("send_back",),
        walker,
        _WHERE,
        channels=("inbox",),
    ),
    Event(
        "inspections.handed_over",
        _("A task was handed over"),
        _("Task {number} is yours now"),
        Task.kind,
        ("hand_over",),
        walker,
        _WHERE,
        channels=("inbox",),
    ),
    Event(
        LATE,
        _("A walk came when its task was closed"),
        _("Please decide: a late submission of {number}"),
        Task.kind,
        to=trade_leads,
        text=_WHERE,
        channels=("inbox",),
    ),
)
