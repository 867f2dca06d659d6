"""How complaints are shown: the list's tabs, the form's sections, deadlines, the record's way."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Board, Me, Resource, Retention, Tab, translator

from .choices import OPEN, State
from .flow import flow, handling
from .records import Announcement, Answer, Complaint, Escalation, Notice, Visit
from .relations import mine, not_accused, raised
from .settings import Settings

_ = translator("dougong_complaints")


def is_open(me: Me) -> sa.ColumnElement[bool]:
    return Complaint.status.in_(OPEN)


def is_overdue(me: Me) -> sa.ColumnElement[bool]:
    return resource.clock_is("overdue", me)


def is_mine(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(mine(me), is_open(me))


def awaits_visit(me: Me) -> sa.ColumnElement[bool]:
    return Complaint.status == State.VISIT


resource = Resource(
    Complaint,
    _("Complaints"),
    flow=flow,
    settings=Settings,
    icon="case",
    title=Complaint.statement,
    create_label=_("Register a complaint"),
    sections=(
        (
            _("Who complained"),
            ("registered_at", "channel", "complainant_type", "complainant", "phone", "room"),
        ),
        (
            _("What about"),
            ("category", "location_id", "location", "statement", "severity", "urgency", "government_deadline"),
        ),
        (_("Who handles it"), ("owner_id", "against_id", "soothing")),
        (
            _("Handling"),
            ("cause", "whys", "solution", "held_at", "held_until", "holds", "reopened", "answered_at", "waived_by", "closed_at"),
        ),
        (_("Merged"), ("master_id", "merged")),
        (_("Was late"), ("contact_late", "resolve_late", "progress_late", "visit_late", "receipt_late")),
    ),
    timeline=(Notice, Escalation, Announcement, Visit, Answer),
    visible=not_accused,
    relations={"mine": mine, "raised": raised},
    tabs=(
        Tab("open", _("Open"), is_open),
        Tab("mine", _("Mine"), is_mine),
        Tab("overdue", _("Overdue"), is_overdue),
        Tab("visit", _("Awaiting return visit"), awaits_visit),
        Tab("all", _("All")),
    ),
    columns=("number", "statement", "category", "status", "site_id", "owner_id", "resolve_by", "progress_by"),
    badges=("severity", "urgency"),
    steps=(State.NEW, State.ACCEPTED, State.WORKING, State.VISIT, State.CLOSED),
    likely={
        State.NEW: ("acknowledge", "accept", "contact", "on_the_spot"),
        State.ACCEPTED: ("acknowledge", "assign", "contact", "notify"),
        State.WORKING: ("acknowledge", "contact", "notify", "resolve", "escalate"),
        State.HELD: ("acknowledge", "resume", "contact", "notify", "escalate"),
        State.VISIT: ("acknowledge", "close", "visit", "answer", "waive", "notify"),
        State.CLOSED: ("reopen",),
    },
    board=Board(
        columns=(State.NEW, State.ACCEPTED, State.WORKING, State.HELD, State.VISIT, State.CLOSED),
        shows=("category", "site_id", "owner_id"),
    ),
    calendar="resolve_by",
    also_create=(handling.on_the_spot,),
    retention=Retention(
        "closed_at",
        years=3,
        basis=_("Company default: complaints are kept for three years after they were closed."),
        states=frozenset({State.CLOSED, State.MERGED, State.UNFOUNDED}),
    ),
    form_title=_("Complaint handling form"),
    signatures=(_("Handled by"), _("Customer service lead"), _("Project manager"), _("Complainant")),
)
