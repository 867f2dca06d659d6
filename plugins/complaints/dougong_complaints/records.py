"""The complaint and the entries of its timeline. Rules stand in ``flow``, lengths of clocks in ``settings``."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong import (
    Child,
    ClockMemory,
    Day,
    Line,
    Moment,
    Phone,
    Prose,
    Record,
    clock_memory,
    field,
    recorded,
    ref,
    translator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import Cause, Channel, Kind, Means, Result, Route, Severity, State, Urgency

_ = translator("dougong_complaints")

IDENTITY = "complaints.identity"


class Complaint(
    Record,
    kind="complaints.complaint",
    label=_("Complaint"),
    number="TS",
    scope="site",
    indexes=[("site_id", "status"), ("owner_id", "status"), ("master_id",), ("registered_at",)],
    sorts=("updated_at", "contact_by", "resolve_by", "progress_by", "visit_by"),
):
    status: Mapped[State] = recorded(_("Status"), default=State.NEW, listed=True, filtered=True)
    channel: Mapped[Channel] = field(_("Channel"), filtered=True, start=Channel.PHONE)
    complainant_type: Mapped[Kind] = field(_("Who complains"), filtered=True, start=Kind.OWNER)
    complainant: Mapped[Line | None] = field(
        _("Complainant"),
        personal=True,
        mask="name",
        reads=IDENTITY,
        default=None,
        help=_("Needed unless the complaint is anonymous."),
    )
    phone: Mapped[Phone | None] = field(_("Phone"), personal=True, mask="phone", reads=IDENTITY, default=None)
    room: Mapped[Line | None] = field(_("Complainant's room"), personal=True, mask="all", reads=IDENTITY, default=None)
    category: Mapped[Line] = field(_("Category"), vocabulary="categories", listed=True, filtered=True)
    location: Mapped[Line] = field(_("Location"), searched=True, help=_("Building, unit, floor, point."))
    location_id: Mapped[UUID | None] = ref(
        "core.location", _("In the register of places"), widget="location", default=None
    )
    statement: Mapped[Prose] = field(
        _("Statement"),
        listed=True,
        searched=True,
        help=_("In the complainant's own words: where, when, what. Name no staff here."),
    )
    severity: Mapped[Severity] = field(_("Severity"), listed=True, filtered=True, start=Severity.MINOR)
    urgency: Mapped[Urgency] = field(_("Urgency"), listed=True, filtered=True, start=Urgency.NORMAL)
    against_id: Mapped[UUID | None] = field(
        _("Complaint against"),
        widget="person",
        default=None,
        help=_("This person and everybody below them cannot see the complaint."),
    )
    government_deadline: Mapped[Moment | None] = field(
        _("Deadline set by the government"),
        default=None,
        help=_("Only if it was forwarded by 12345 or a government office; it overrides the category's hours."),
    )
    soothing: Mapped[Prose | None] = field(
        _("What was said to soothe"),
        default=None,
        edit=False,
        help=_("Once this is filled in, the first contact counts as made."),
    )
    owner_id: Mapped[UUID | None] = recorded(
        _("Owner"), widget="person", may="complaints.complaint.read", listed=True, filtered=True, holds=True
    )
    cause: Mapped[Cause | None] = recorded(_("Cause"), filtered=True)
    whys: Mapped[Prose | None] = recorded(_("Five whys"), help=_("Ask why until the root is named."))
    solution: Mapped[Prose | None] = recorded(_("Solution"))
    master_id: Mapped[UUID | None] = ref("self", _("Merged into"), create=False, edit=False, default=None)
    merged: Mapped[int] = recorded(_("Merged into this one"), default=0)
    reopened: Mapped[int] = recorded(_("Taken up again"), default=0, listed=True)
    holds: Mapped[int] = recorded(_("Times on hold"), default=0)
    held_at: Mapped[dt.datetime | None] = recorded(_("On hold since"))
    held_until: Mapped[Day | None] = recorded(_("On hold until"))
    waived_by: Mapped[UUID | None] = recorded(_("Return visit waived by"), widget="person")
    waived_at: Mapped[dt.datetime | None] = mapped_column(default=None)

    # The clocks. ``by`` is due, ``at`` is done, ``late`` stays true once it was overdue, whatever is recomputed later.
    registered_at: Mapped[dt.datetime | None] = recorded(_("Registered at"), filtered=True)
    contact_by: Mapped[dt.datetime | None] = recorded(_("First contact due"))
    contacted_at: Mapped[dt.datetime | None] = recorded(_("First contact at"))
    contact_late: Mapped[bool] = recorded(_("First contact was late"), default=False)
    resolve_by: Mapped[dt.datetime | None] = recorded(_("Resolution due"), listed=True)
    resolved_at: Mapped[dt.datetime | None] = recorded(_("Resolved at"))
    resolve_late: Mapped[bool] = recorded(_("Resolution was late"), default=False, filtered=True)
    progress_by: Mapped[dt.datetime | None] = recorded(_("Next progress notice due"), listed=True)
    progress_late: Mapped[bool] = recorded(_("A progress notice was late"), default=False)
    visit_by: Mapped[dt.datetime | None] = recorded(_("Return visit due"), listed=True)
    visited_at: Mapped[dt.datetime | None] = recorded(_("Return visit at"))
    visit_late: Mapped[bool] = recorded(_("Return visit was late"), default=False)
    answered_at: Mapped[dt.datetime | None] = recorded(_("Answered in writing at"))
    # The oldest report to the company leaders that nobody has acknowledged, and until when somebody should.
    leaders_told_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    receipt_by: Mapped[dt.datetime | None] = recorded(_("Leaders' receipt due"))
    receipt_late: Mapped[bool] = recorded(_("Leaders' receipt was late"), default=False)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    alarmed: Mapped[bool] = mapped_column(default=False)  # the company leaders were told once
    # Brought from another system: nobody here answered for its clocks, and who complained may not be known.
    imported: Mapped[bool] = recorded(_("Imported"), default=False, filtered=True)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Notice(Child, kind="complaints.notice", of=Complaint, label=_("Progress notice")):
    """What the complainant was told. One on a master is copied to each complaint merged into it (``from_id``)."""

    text: Mapped[Prose] = field(_("Text"), help=_("Say what happens next, and when."))
    channel: Mapped[Means] = field(_("By"), start=Means.PHONE)
    published: Mapped[bool] = field(
        _("Published"),
        default=False,
        help=_("Shown to whoever holds the follow-up code."),
    )
    from_id: Mapped[UUID | None] = mapped_column(default=None)


class Escalation(Child, kind="complaints.escalation", of=Complaint, label=_("Escalation")):
    """A report upwards with the recipient's receipt. Owner and clocks of the complaint live on.

    :ivar level: of a report by a clock: how many levels above the owner; None: it was not one.
    """

    route: Mapped[Route] = field(_("Route"), create=False, default=Route.AUTHORITY)
    from_id: Mapped[UUID | None] = field(_("From"), widget="person", create=False, default=None)
    to_id: Mapped[UUID | None] = field(_("To"), widget="person", create=False, default=None)
    to_level: Mapped[Line | None] = field(_("Level"), create=False, default=None)
    level: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[Prose] = field(_("Reason"))
    facts: Mapped[Prose | None] = field(_("Facts at that moment"), create=False, default=None)
    told: Mapped[list[Any]] = mapped_column(JSONB, default=list)  # ids of those who may acknowledge
    acknowledge_by: Mapped[dt.datetime | None] = field(_("Receipt due"), create=False, default=None)
    acknowledged_at: Mapped[dt.datetime | None] = field(_("Received at"), create=False, default=None)
    acknowledged_by: Mapped[UUID | None] = field(_("Received by"), widget="person", create=False, default=None)


class Announcement(
    Child,
    kind="complaints.announcement",
    of=Complaint,
    label=_("Announcement"),
    unique=[("escalation_id",)],
):
    """Who was to be told of a major or urgent complaint; written once per escalation by the job."""

    people: Mapped[Prose] = field(_("To be told"), create=False)
    escalation_id: Mapped[UUID] = ref(Escalation, _("Escalation"), create=False)


class Visit(Child, kind="complaints.visit", of=Complaint, label=_("Return visit")):
    """One attempt to hear a complainant. On a master, ``about`` says whose complaint of the merged ones it was."""

    method: Mapped[Means] = field(_("By"), start=Means.PHONE)
    result: Mapped[Result] = field(_("Result"))
    comment: Mapped[Prose | None] = field(_("Comment"), default=None)
    about: Mapped[Line | None] = field(
        _("Complainant of"),
        default=None,
        when=("merged",),
        help=_("Number of the merged complaint whose complainant was visited; empty: of this one."),
    )
    from_id: Mapped[UUID | None] = mapped_column(default=None)


class Answer(Child, kind="complaints.answer", of=Complaint, label=_("Written answer")):
    """The project manager's answer after a second unsatisfied visit."""

    text: Mapped[Prose] = field(_("Answer"))
    appeal: Mapped[Prose] = field(
        _("Way of appeal"), help=_("Where the complainant can turn: company, owners' committee, 12345, court.")
    )
    from_id: Mapped[UUID | None] = mapped_column(default=None)
