"""The clocks of a complaint: first contact, resolution, progress, return visit, and the leaders' receipt.

Each reminds its owner, notes the breach, and goes up the line step by step at the points that the company sets. A step up is a
report like any other: with the facts of its moment, and a receipt. Reminders are told to the owner alone, who is never the
accused or below them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from dougong import Step, act, escalate, overdue, remind, translator

from .. import timers
from ..choices import ACTIVE, OPEN, State
from ..records import Complaint, Notice
from ..relations import above_owner
from ..settings import Settings
from . import closing, escalation, handling
from .base import flow

_ = translator("dougong_complaints")

ABOVE_LEADERS = 4  # levels that can stand above the leaders of a company: one goes no further up

Steps = Callable[[Settings], list[Step[Complaint, Settings]]]
_NAMES = {
    "contact": _("First contact"),
    "resolution": _("Resolution"),
    "progress": _("Next progress"),
    "visit": _("Return visit"),
}


def _steps(clock: str) -> Steps:
    """Remind, note the breach, and go up: one level at each point that the company has set."""

    def found(settings: Settings) -> list[Step[Complaint, Settings]]:
        made: list[Step[Complaint, Settings]] = []
        if settings.remind_percent:
            made.append(remind(settings.remind_percent / 100))
        made.append(overdue())
        for level, percent in enumerate(settings.escalation, start=1):
            if percent is not None:
                run = partial(escalation.report_overdue, _NAMES[clock], level)
                made.append(escalate(percent / 100, level=level, run=run))
        return made

    return found


resolution = flow.clock(
    "resolution",
    _NAMES["resolution"],
    due=Complaint.resolve_by,
    met=Complaint.resolved_at,
    late=Complaint.resolve_late,
    runs=timers.RESOLVING,
    pauses=State.HELD,
    most_pauses=lambda settings: settings.hold_limit,
    term=timers.resolution,
    depends=(Complaint.category, Complaint.urgency, Complaint.severity, Complaint.government_deadline),
    owner=Complaint.owner_id,
    line=above_owner,
    steps=_steps("resolution"),
    step=handling.resolve,
)
progress = flow.clock(
    "progress",
    _NAMES["progress"],
    due=Complaint.progress_by,
    late=Complaint.progress_late,
    runs=ACTIVE,
    again=Notice,
    term=timers.progress,
    depends=(Complaint.urgency, Complaint.severity),
    owner=Complaint.owner_id,
    line=above_owner,
    steps=_steps("progress"),
    step=handling.notify,
)
contact = flow.clock(
    "contact",
    _NAMES["contact"],
    due=Complaint.contact_by,
    met=Complaint.contacted_at,
    late=Complaint.contact_late,
    runs=OPEN,
    once=True,
    starts=lambda c, x: c.registered_at,
    term=timers.contact,
    depends=(Complaint.category, Complaint.urgency),
    owner=Complaint.owner_id,
    line=above_owner,
    steps=_steps("contact"),
    step=handling.contact,
)
visit = flow.clock(
    "visit",
    _NAMES["visit"],
    due=Complaint.visit_by,
    met=Complaint.visited_at,
    late=Complaint.visit_late,
    runs=State.VISIT,
    term=timers.visit,
    depends=(Complaint.urgency, Complaint.answered_at),
    owner=Complaint.owner_id,
    line=above_owner,
    steps=_steps("visit"),
    step=closing.visit,
)


def _climbing(settings: Settings) -> list[Step[Complaint, Settings]]:
    """Nobody acknowledged: somebody uses the phone; and one goes up, then the next, as often as there can be somebody higher."""
    wait = dt.timedelta(minutes=settings.leader_minutes)
    levels = range(len(settings.leader_roles) + ABOVE_LEADERS)
    up = _("Goes one up without a receipt")
    climbs = [act(escalation.climb, after=wait * n, name=f"climb_{n + 1}", label=up) for n in levels]
    return [act(escalation.call, name="call", label=_("Reminder to call the leaders")), *climbs]


receipt = flow.clock(
    "receipt",
    _("Leaders' receipt"),
    due=Complaint.receipt_by,
    late=Complaint.receipt_late,
    runs=OPEN,
    starts=lambda c, x: c.leaders_told_at,
    term=timers.receipt,
    depends=(Complaint.leaders_told_at,),
    owner=Complaint.owner_id,
    line=above_owner,
    steps=_climbing,
    step=escalation.acknowledge,
)
