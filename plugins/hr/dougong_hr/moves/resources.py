"""How requisitions, candidates, changes of personnel and public notices are shown."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Me, Resource, Retention, Tab, everybody, translator

from ..organisation.records import Employee
from . import candidates, leaving, notices, requisitions
from .choices import (
    RUNNING,
    UNDERWAY,
    CandidateState,
    ChangeState,
    ChangeType,
    NoticeState,
    RequisitionState,
)
from .records import (
    CLOSED,
    Candidate,
    Change,
    Credential,
    Filing,
    Notice,
    Objection,
    Requisition,
    Scorecard,
)
from .settings import MovesSettings

_ = translator("dougong_hr")

RECRUITING, MOVES = _("Recruitment"), _("Appointments and leaving")


def not_taken(me: Me) -> sa.ColumnElement[bool]:
    return Candidate.status == CandidateState.REJECTED


def own(me: Me) -> sa.ColumnElement[bool]:
    """Changes about oneself. Never NULL."""
    mine = sa.select(Employee.id).where(
        Employee.tenant_id == Change.tenant_id, Employee.id == Change.employee_id, Employee.person_id == me.id
    )
    return mine.exists()


def unfiled(me: Me) -> sa.ColumnElement[bool]:
    """Key appointments whose filing is due. Never NULL."""
    return sa.and_(Change.key, Change.filing_by.is_not(None), Change.filed_at.is_(None))


requisition: Resource[Requisition] = Resource(
    Requisition,
    _("Requisitions"),
    group=RECRUITING,
    offices=True,
    flow=requisitions.flow,
    settings=MovesSettings,
    icon="plus",
    title=Requisition.title,
    create_label=_("Ask for heads"),
    sections=(
        (_("What is asked for"), ("position_id", "reason", "heads", "wanted_on", "why")),
        (_("How it stands"), ("filled", "opened_at", "filled_at", "closed_at", "closed_why")),
        (_("Was late"), ("sign_late", "fill_late")),
    ),
    tabs=(
        Tab("underway", _("Under way"), lambda me: Requisition.status != RequisitionState.CLOSED),
        Tab("open", _("Recruiting"), lambda me: Requisition.status == RequisitionState.OPEN),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "reason", "heads", "filled", "site_id", "status", "fill_by"),
    badges=("reason",),
    steps=tuple(RequisitionState),
    likely={RequisitionState.DRAFT: ("approve_submit",), RequisitionState.APPROVAL: ("approve_agree", "approve_return")},
)  # fmt: skip

candidate: Resource[Candidate] = Resource(
    Candidate,
    _("Candidates"),
    group=RECRUITING,
    offices=True,
    flow=candidates.flow,
    settings=MovesSettings,
    icon="user",
    title=Candidate.title,
    create_label=_("Enter a candidate"),
    sections=(
        (_("Candidate"), ("requisition_id", "position_id", "name", "phone", "source", "resume")),
        (_("Selection"), ("interview_at", "interviewed_at", "cards", "score")),
        (_("Offer"), ("offered_at", "pay", "start_on", "probation_until", "hired_at")),
        (_("How it ended"), ("joined_at", "employee_id", "closed_at", "rejected_why")),
    ),
    timeline=(Scorecard, Credential),
    restricted=((not_taken, CLOSED),),
    tabs=(
        Tab("running", _("In selection"), lambda me: Candidate.status.in_(RUNNING)),
        Tab("interview", _("Interview"), lambda me: Candidate.status == CandidateState.INTERVIEW),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "name", "source", "score", "site_id", "status", "interview_at"),
    badges=("source",),
    steps=(
        CandidateState.SCREENING, CandidateState.INTERVIEW, CandidateState.PROPOSED, CandidateState.HIRED, CandidateState.JOINED,
    ),
    likely={
        CandidateState.SCREENING: ("invite", "check"),
        CandidateState.INTERVIEW: ("score", "check", "offer"),
        CandidateState.PROPOSED: ("accept",),
        CandidateState.HIRED: ("join",),
    },
    calendar="interview_at",
    retention=Retention(
        "closed_at",
        years=1,
        basis=_("Personal Information Protection Law Art. 19: no longer than the purpose needs."),
        states=frozenset({CandidateState.REJECTED}),
    ),
)  # fmt: skip

change: Resource[Change] = Resource(
    Change,
    _("Changes of personnel"),
    group=MOVES,
    offices=True,
    flow=leaving.flow,
    settings=MovesSettings,
    icon="people",
    title=Change.title,
    create_label=_("Propose a change"),
    sections=(
        (_("Who and where"), ("type", "employee_id", "from_id", "holding_id", "to_id", "nature", "key")),
        (_("When and why"), ("effective_on", "until_on", "why", "over_why", "returned_why")),
        (_("How it stands"), ("blocked_why", "filed_at", "cleared_at", "effective_at")),
        (_("Was late"), ("sign_late", "filing_late")),
    ),
    timeline=(Filing,),
    relations={"mine": own},
    tabs=(
        Tab("underway", _("Under way"), lambda me: Change.status.in_(UNDERWAY)),
        Tab("unfiled", _("Key posts not filed"), unfiled),
        Tab(
            "leaving", _("Leaving"),
            lambda me: sa.and_(Change.type == ChangeType.LEAVE, Change.status.in_(UNDERWAY)),
        ),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "type", "key", "effective_on", "site_id", "status"),
    badges=("type",),
    steps=(
        ChangeState.DRAFT, ChangeState.APPROVAL, ChangeState.NOTICE, ChangeState.FILING, ChangeState.FILED, ChangeState.EFFECTIVE,
    ),
    likely={
        ChangeState.DRAFT: ("approve_submit",),
        ChangeState.APPROVAL: ("approve_agree", "approve_return"),
        ChangeState.FILING: ("accept_filing", "file", "return_filing"),
        ChangeState.CLEARING: ("settle", "clear"),
        ChangeState.EFFECTIVE: ("accept_filing", "file", "return_filing"),
    },
    calendar="effective_on",
    form_title=_("Form of a change of personnel"),
    signatures=(_("Human resources"), _("Project"), _("Company")),
)  # fmt: skip

notice: Resource[Notice] = Resource(
    Notice,
    _("Public notices"),
    group=MOVES,
    flow=notices.flow,
    settings=MovesSettings,
    icon="eye",
    title=Notice.title,
    sections=(
        (_("What is proposed"), ("type", "words", "effective_on")),
        (_("Notice"), ("ends_by", "objections", "unanswered", "passed_at")),
    ),
    timeline=(Objection,),
    relations={"mine": everybody},
    tabs=(
        Tab("open", _("On notice"), lambda me: Notice.status == NoticeState.OPEN),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "type", "effective_on", "site_id", "status", "ends_by"),
    badges=("type",),
    likely={NoticeState.OPEN: ("answer", "raise_objection")},
)

RESOURCES: tuple[Resource[Any], ...] = (requisition, candidate, change, notice)
