"""Requisitions, candidates with their scorecards, changes of personnel with their filings, public notices. Rules stand beside."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
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
    Whole,
    clock_memory,
    field,
    recorded,
    ref,
    translator,
)
from pydantic import Field
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..organisation.choices import EmployeeState, HoldingKind, PositionState
from ..organisation.records import SALARY, Employee, Holding, Pay, Position
from .choices import (
    CandidateSource,
    CandidateState,
    ChangeState,
    ChangeType,
    FilingOutcome,
    Need,
    NoticeState,
    RequisitionState,
)

_ = translator("dougong_hr")

CANDIDATES, CLOSED, OBJECTIONS = "hr.candidates", "hr.closed_candidates", "hr.objections"

Heads = Annotated[Whole, Field(ge=1, le=1_000)]


def _state(first: Any) -> Any:
    return recorded(_("Status"), default=first, listed=True, filtered=True)


class Requisition(
    Record,
    kind="hr.requisition",
    label=_("Requisition"),
    number="ZP",
    indexes=[("site_id", "status"), ("position_id", "status"), ("opened_at",)],
):
    """Heads asked for, for a post of the establishment."""

    status: Mapped[RequisitionState] = _state(RequisitionState.DRAFT)
    position_id: Mapped[UUID] = ref(
        Position, _("Post"), edit=False, reach="site", offers=lambda _me: Position.status == PositionState.OPEN
    )
    title: Mapped[Line] = recorded(_("Title of the post"), default="", listed=True, searched=True)
    reason: Mapped[Need] = field(_("Reason"), listed=True, filtered=True, start=Need.REPLACED)
    heads: Mapped[Heads] = field(_("Heads"), listed=True, start=1)
    wanted_on: Mapped[Day] = field(_("Needed by"), listed=True)
    why: Mapped[Prose | None] = field(_("Why"), searched=True, default=None)
    filled: Mapped[int] = recorded(_("Filled"), default=0, listed=True)
    sign_by: Mapped[dt.datetime | None] = recorded(_("Signature due"))
    sign_late: Mapped[bool] = recorded(_("Signed late"), default=False)
    opened_at: Mapped[dt.datetime | None] = recorded(_("Recruiting since"), filtered=True)
    fill_by: Mapped[dt.datetime | None] = recorded(_("To be filled by"), listed=True)
    filled_at: Mapped[dt.datetime | None] = recorded(_("Filled at"))
    fill_late: Mapped[bool] = recorded(_("Filled late"), default=False, filtered=True)
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    closed_why: Mapped[Prose | None] = recorded(_("Why it was closed"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class Candidate(
    Record,
    kind="hr.candidate",
    label=_("Candidate"),
    number="HX",
    indexes=[("site_id", "status"), ("requisition_id", "status"), ("closed_at",)],
):
    """Somebody who might fill a requisition. Who they are is told to those alone who choose; closed when not taken."""

    status: Mapped[CandidateState] = _state(CandidateState.SCREENING)
    requisition_id: Mapped[UUID] = ref(
        Requisition, _("Requisition"), edit=False, reach="site",
        offers=lambda _me: Requisition.status == RequisitionState.OPEN,
    )
    position_id: Mapped[UUID | None] = ref(Position, _("Post"), create=False, edit=False, default=None)
    title: Mapped[Line] = recorded(_("Title of the post"), default="", listed=True, searched=True)
    name: Mapped[Line] = field(_("Full name"), personal=True, mask="name", reads=CANDIDATES, listed=True)
    phone: Mapped[Phone] = field(_("Phone"), personal=True, mask="phone", reads=CANDIDATES)
    source: Mapped[CandidateSource] = field(_("Source"), listed=True, filtered=True, start=CandidateSource.SITE)
    resume: Mapped[Prose | None] = field(_("Background"), personal=True, reads=CANDIDATES, default=None)
    interview_at: Mapped[Moment | None] = recorded(_("Interview at"), listed=True)
    cards: Mapped[int] = recorded(_("Scorecards"), default=0)
    score: Mapped[int | None] = recorded(_("Score"), listed=True, unit=_("of 100"))
    pay: Mapped[Pay | None] = recorded(_("Monthly salary offered"), personal=True, reads=SALARY)
    start_on: Mapped[Day | None] = recorded(_("First day"))
    probation_until: Mapped[Day | None] = recorded(_("On probation until"))
    interviewed_at: Mapped[dt.datetime | None] = recorded(_("Interviewed at"), filtered=True)
    offered_at: Mapped[dt.datetime | None] = recorded(_("Offer made at"))
    answer_by: Mapped[dt.datetime | None] = recorded(_("Answer to the offer due"), listed=True)
    hired_at: Mapped[dt.datetime | None] = recorded(_("Offer accepted at"))
    joined_at: Mapped[dt.datetime | None] = recorded(_("Reported at"))
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"), filtered=True)
    rejected_why: Mapped[Prose | None] = recorded(_("Why not taken"), personal=True, reads=CANDIDATES)
    employee_id: Mapped[UUID | None] = ref(Employee, _("Employee"), create=False, edit=False, default=None)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Scorecard(Child, kind="hr.scorecard", of=Candidate, label=_("Scorecard")):
    """What one interviewer gave, criterion by criterion; one card a person."""

    points: Mapped[int] = recorded(_("Score"), default=0, unit=_("of 100"))
    detail: Mapped[Prose] = recorded(_("By criterion"), default="")
    words: Mapped[Prose | None] = field(_("Impression"), personal=True, reads=CANDIDATES, default=None)


class Credential(Child, kind="hr.credential", of=Candidate, label=_("Credential checked")):
    """A certificate whose original was looked at."""

    type: Mapped[Line] = field(_("Certificate"), vocabulary="certificates")
    paper: Mapped[Line] = field(_("Number of the certificate"), personal=True, reads=CANDIDATES)
    ends_on: Mapped[Day | None] = field(_("Valid until"), default=None, help=_("Empty where it never expires."))
    genuine: Mapped[bool] = field(_("The original was seen and is genuine"), default=False)


class Change(
    Record,
    kind="hr.change",
    label=_("Change of personnel"),
    number="RM",
    indexes=[("site_id", "status"), ("employee_id", "status"), ("to_id", "status"), ("effective_at",)],
):
    """Somebody joins, is confirmed, moves, rises, falls or leaves: proposed, approved, published, filed, in effect."""

    status: Mapped[ChangeState] = _state(ChangeState.DRAFT)
    type: Mapped[ChangeType] = field(_("Kind of change"), listed=True, filtered=True, edit=False)
    employee_id: Mapped[UUID] = ref(
        Employee, _("Employee"), edit=False, reach="company", offers=lambda _me: Employee.status != EmployeeState.LEFT
    )
    title: Mapped[Line] = recorded(_("Who and where"), default="", listed=True, searched=True)
    from_id: Mapped[UUID | None] = ref(Position, _("From the post"), create=False, edit=False, default=None)
    holding_id: Mapped[UUID | None] = ref(Holding, _("Post held"), create=False, edit=False, default=None)
    to_id: Mapped[UUID | None] = ref(
        Position,
        _("To the post"),
        default=None,
        help=_("Of the site at which this change is recorded."),
        reach="site",
        offers=lambda _me: Position.status == PositionState.OPEN,
    )
    nature: Mapped[HoldingKind] = field(
        _("Held as"), filtered=True, start=HoldingKind.MAIN, default=HoldingKind.MAIN,
        help=_("A main post ends the former one; a concurrent or acting one leaves it."),
    )  # fmt: skip
    effective_on: Mapped[Day] = field(
        _("Takes effect on"), listed=True, help=_("A day that has passed changes rights from now on only.")
    )
    until_on: Mapped[Day | None] = field(
        _("No longer from"), default=None, help=_("An acting appointment always has an end.")
    )
    why: Mapped[Prose] = field(_("Reason"))
    over_why: Mapped[Prose | None] = field(
        _("Why the establishment is exceeded"),
        default=None,
        help=_("Only where no head of the post is free: the region or the company approves it too."),
    )
    key: Mapped[bool] = recorded(_("Key post"), default=False, listed=True, filtered=True)
    sign_by: Mapped[dt.datetime | None] = recorded(_("Signature due"))
    sign_late: Mapped[bool] = recorded(_("Signed late"), default=False)
    returned_why: Mapped[Prose | None] = recorded(_("Why it came back"))
    blocked_why: Mapped[Prose | None] = recorded(_("Why it has not taken effect"))
    filing_by: Mapped[dt.datetime | None] = recorded(_("To be filed by"), listed=True)
    filed_at: Mapped[dt.datetime | None] = recorded(_("Filed at"))
    filing_late: Mapped[bool] = recorded(_("Filed late"), default=False, filtered=True)
    effect_by: Mapped[dt.datetime | None] = recorded(_("Takes effect at"))
    effective_at: Mapped[dt.datetime | None] = recorded(_("In effect since"), filtered=True)
    cleared_at: Mapped[dt.datetime | None] = recorded(_("Cleared at"))
    settled: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # what a leaver gave back → who saw it
    timing: Mapped[ClockMemory | None] = clock_memory()


class Filing(Child, kind="hr.filing", of=Change, label=_("Filing")):
    """A key appointment put before the company, which takes note of it or returns it with a reason."""

    basis: Mapped[Prose] = field(_("Basis"), help=_("The rule or decision by which it is filed."))
    receiver_id: Mapped[UUID] = field(_("Receiver at the company"), widget="person", may="hr.change.accept_filing")
    outcome: Mapped[FilingOutcome] = recorded(_("Outcome"), default=FilingOutcome.ASKED)
    accepted_at: Mapped[dt.datetime | None] = recorded(_("Accepted at"))
    reason: Mapped[Prose | None] = recorded(_("Why it was returned"))


class Notice(
    Record,
    kind="hr.notice",
    label=_("Public notice"),
    number="GS",
    indexes=[("site_id", "status"), ("change_id",)],
):
    """What everybody at the site may know of an appointment before it holds, and may object to."""

    status: Mapped[NoticeState] = _state(NoticeState.OPEN)
    change_id: Mapped[UUID | None] = mapped_column(default=None)  # not everybody who reads the notice may see it
    title: Mapped[Line] = recorded(_("Who and where"), default="", listed=True, searched=True)
    type: Mapped[ChangeType] = recorded(_("Kind of change"), default=ChangeType.TRANSFER, listed=True, filtered=True)
    words: Mapped[Prose] = recorded(_("What is proposed"), default="")
    effective_on: Mapped[Day | None] = recorded(_("To take effect on"), listed=True)
    ends_by: Mapped[dt.datetime | None] = recorded(_("Notice until"), listed=True)
    passed_at: Mapped[dt.datetime | None] = recorded(_("Ended at"), filtered=True)
    objections: Mapped[int] = recorded(_("Objections"), default=0)
    unanswered: Mapped[int] = recorded(_("Objections to be answered"), default=0)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Objection(Child, kind="hr.objection", of=Notice, label=_("Objection")):
    """What somebody has against it. Read by those who answer it, not by the person concerned or the other readers."""

    words: Mapped[Prose] = field(_("Objection"), reads=OBJECTIONS, help=_("Facts that can be checked."))
    answer: Mapped[Prose | None] = recorded(_("Answer"), reads=OBJECTIONS)
    upheld: Mapped[bool | None] = recorded(_("Upheld"), reads=OBJECTIONS)
