"""What people are told of complaints. What a resident writes is the intake's to tell; due soon, overdue and the way
up are told by the clocks (``flow.clocks``).

Complaints against a member of staff are never told to groups: the accused may be in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dougong import Event, translator

from .flow.escalation import UNRECEIVED
from .records import Complaint
from .relations import X

_ = translator("dougong_complaints")

ESCALATED = "complaints.escalated"

_WHERE = _("{title}\n{site} · {status}")


def open_to_groups(c: Complaint, x: X) -> bool:
    return c.against_id is None


def new_owner(c: Complaint, x: X) -> Iterable[UUID | None]:
    return [c.owner_id] if "owner_id" in x.changes(c) else []


def owner_of_reopened(c: Complaint, x: X) -> Iterable[UUID | None]:
    return [c.owner_id] if "reopened" in x.changes(c) and c.reopened else []


def owner_of_commented(c: Complaint, x: X) -> Iterable[UUID | None]:
    return [] if x.behalf else [c.owner_id]


EVENTS = (
    Event(
        ESCALATED,
        _("A complaint was escalated"),
        _("Please acknowledge: complaint {number} was escalated"),
        Complaint.kind,
        text=_WHERE,
        urgent=True,
        channels=("inbox", "email", "sms"),
        groups=open_to_groups,
    ),
    Event(
        UNRECEIVED,
        _("The company leaders have not acknowledged a complaint"),
        _("Nobody has acknowledged complaint {number}: please call the leaders"),
        Complaint.kind,
        text=_WHERE,
        urgent=True,
        channels=("inbox", "email", "sms"),
    ),
    Event(
        "complaints.assigned",
        _("A complaint was assigned"),
        _("Complaint {number} is yours now"),
        Complaint.kind,
        ("create", "edit", "accept", "assign", "reassign", "transfer"),
        new_owner,
        _WHERE,
        channels=("inbox", "email"),
    ),
    Event(
        "complaints.reopened",
        _("A complaint was taken up again"),
        _("Complaint {number} was taken up again"),
        Complaint.kind,
        ("reopen", "visit"),
        owner_of_reopened,
        _WHERE,
        channels=("inbox", "email"),
        groups=open_to_groups,
    ),
    Event(
        "complaints.commented",
        _("Somebody commented on a complaint"),
        _("{person} commented on complaint {number}"),
        Complaint.kind,
        ("comment",),
        owner_of_commented,
        _WHERE,
    ),
    Event(
        "complaints.registered",
        _("A complaint was registered"),
        _("New complaint {number} at {site}"),
        Complaint.kind,
        ("create",),
        lambda c, x: (),
        _WHERE,
        channels=(),
        groups=open_to_groups,
    ),
)
