"""Records of the system: audits with their checklist and findings, reviews and decisions, objectives, the registers.

All are kept at the company, a region or a site and can be read below it. Rules stand in ``audits``, ``reviews``,
``objectives`` and ``registers``.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Child, ClockMemory, Day, Line, Prose, Record, clock_memory, field, recorded, ref, translator
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .choices import (
    AuditKind,
    AuditState,
    Checked,
    Compliance,
    Condition,
    DecisionState,
    Direction,
    FindingState,
    Grade,
    LawLevel,
    LawState,
    Level,
    Outcome,
    Period,
    ProgrammeState,
    ReviewState,
    Stage,
    Standing,
    Tense,
    Verdict,
)

_ = translator("dougong_quality")


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "must be a number")
    return value


Number = Annotated[
    float, mapped_column(sa.Float), BeforeValidator(_number), Field(ge=-1e12, le=1e12, allow_inf_nan=False)
]
Year = Annotated[int, mapped_column(sa.BigInteger), BeforeValidator(_number), Field(ge=2000, le=2200)]


def _state(first: Any) -> Any:
    return recorded(_("Status"), default=first, listed=True, filtered=True)


def _flag(label: Any) -> Any:
    return recorded(label, default=False, filtered=True)


def _person(label: Any, **more: Any) -> Any:
    return field(label, widget="person", listed=True, filtered=True, default=None, holds=True, **more)


# ---- audits ----


class Programme(Record, kind="quality.programme", label=_("Audit programme"), number="NSND", scope="company"):
    """The audits of one year."""

    status: Mapped[ProgrammeState] = _state(ProgrammeState.DRAFT)
    year: Mapped[Year] = field(_("Year"), listed=True)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True)
    purpose: Mapped[Prose | None] = field(_("Purpose and basis"), default=None)
    close_by: Mapped[dt.datetime | None] = recorded(_("Programme to be carried out by"), listed=True)
    close_late: Mapped[bool] = _flag(_("Carried out late"))
    closed_at: Mapped[dt.datetime | None] = recorded(_("Closed at"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class Audit(
    Record,
    kind="quality.audit",
    label=_("Audit"),
    number="NS",
    scope="company",
    indexes=[
        ("programme_id",),
        ("certificate",),
        ("lead_id", "status"),
        ("auditor_id", "status"),
        ("second_id", "status"),
    ],
    sorts=("report_by", "again_by"),
):
    """:ivar followed_at: when the next one of its kind was reported."""

    status: Mapped[AuditState] = _state(AuditState.PLANNED)
    kind_of: Mapped[AuditKind] = field(_("Kind of audit"), listed=True, filtered=True, start=AuditKind.INTERNAL)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True)
    programme_id: Mapped[UUID | None] = ref(Programme, _("Programme"), default=None, offers=True)
    standards: Mapped[Line] = field(_("Standards"), vocabulary="audit_sets", listed=True, filtered=True)
    department: Mapped[Line | None] = field(
        _("Department"),
        vocabulary="audit_departments",
        listed=True,
        filtered=True,
        default=None,
        help=_("Empty: the whole site. An internal audit of the whole company names one department."),
    )
    scope_text: Mapped[Prose | None] = field(_("Scope and basis"), default=None)
    lead_id: Mapped[UUID | None] = _person(
        _("Lead auditor"), help=_("Nobody audits a site or department in which they hold a post.")
    )
    auditor_id: Mapped[UUID | None] = _person(_("Auditor"))
    second_id: Mapped[UUID | None] = _person(_("Second auditor"))
    opens_on: Mapped[Day] = field(_("First day"), listed=True)
    closes_on: Mapped[Day] = field(_("Last day"), help=_("The report is due at the end of this day."))
    body: Mapped[Line | None] = field(_("Certification body"), default=None, help=_("Of an external audit."))
    certificate: Mapped[Line | None] = field(_("Certificate number"), searched=True, default=None)
    certificate_until: Mapped[Day | None] = field(_("Certificate valid until"), default=None)
    next_on: Mapped[Day | None] = field(
        _("Next audit on"), default=None, help=_("Empty: counted from the last day, as the company has set it.")
    )
    conclusion: Mapped[Prose | None] = recorded(_("Conclusion"))
    asked: Mapped[int] = recorded(_("Clauses on the checklist"), default=0)
    answered: Mapped[int] = recorded(_("Clauses answered"), default=0)
    failed: Mapped[int] = recorded(_("Nonconformities"), default=0, listed=True)
    observed: Mapped[int] = recorded(_("Observations"), default=0)
    report_by: Mapped[dt.datetime | None] = recorded(_("Report due"), listed=True)
    reported_at: Mapped[dt.datetime | None] = recorded(_("Reported at"), filtered=True)
    report_late: Mapped[bool] = _flag(_("Report was late"))
    again_by: Mapped[dt.datetime | None] = recorded(_("Next audit due"), listed=True)
    followed_at: Mapped[dt.datetime | None] = recorded(_("Next audit reported"))
    again_late: Mapped[bool] = _flag(_("Next audit was late"))
    certificate_by: Mapped[dt.datetime | None] = recorded(_("Certificate ends"))
    certificate_late: Mapped[bool] = _flag(_("Certificate ran out"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class AuditCheck(
    Child, kind="quality.audit_check", of=Audit, label=_("Checklist line"), unique=[("parent_id", "standard", "clause")]
):
    """One clause of the checklist with its answer; ``finding_id`` is what came of it."""

    standard: Mapped[Line] = field(_("Standard"), create=False)
    clause: Mapped[Line] = field(_("Clause"), create=False)
    verdict: Mapped[Verdict | None] = field(_("Verdict"), default=None)
    evidence: Mapped[Prose | None] = field(_("Evidence"), default=None)
    answered_by: Mapped[UUID | None] = field(_("Answered by"), widget="person", create=False, default=None)
    position: Mapped[int] = mapped_column(default=0)
    finding_id: Mapped[UUID | None] = mapped_column(default=None)


class AuditFinding(
    Record,
    kind="quality.audit_finding",
    label=_("Audit finding"),
    number="NSF",
    scope="company",
    indexes=[("audit_id",)],
):
    status: Mapped[FindingState] = _state(FindingState.OPEN)
    audit_id: Mapped[UUID] = ref(Audit, _("Audit"), offers=True)
    grade: Mapped[Grade] = field(_("Grade"), listed=True, filtered=True, start=Grade.MINOR)
    standard: Mapped[Line | None] = field(_("Standard"), default=None)
    clause: Mapped[Line | None] = field(_("Clause"), listed=True, searched=True, default=None)
    statement: Mapped[Prose] = field(
        _("What was found"), listed=True, searched=True, help=_("Fact and evidence; name no staff.")
    )
    settlement: Mapped[Prose | None] = recorded(_("How it was settled"))
    settled_at: Mapped[dt.datetime | None] = recorded(_("Settled at"))


# ---- management review ----


class ManagementReview(
    Record,
    kind="quality.management_review",
    label=_("Management review"),
    number="GP",
    scope="company",
    indexes=[("chair_id", "status")],
):
    """:ivar inputs: what was gathered, frozen: see ``gathering``."""

    status: Mapped[ReviewState] = _state(ReviewState.PLANNED)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True)
    planned_on: Mapped[Day] = field(_("Planned for"), listed=True)
    from_on: Mapped[Day] = field(_("Reviews the time from"))
    until_on: Mapped[Day] = field(_("Until"))
    chair_id: Mapped[UUID | None] = _person(_("Chair"))
    attendees: Mapped[Prose | None] = field(_("Attendees"), default=None, help=_("By their posts."))
    agenda: Mapped[Prose | None] = field(
        _("Agenda"), default=None, help=_("Empty: the inputs that ISO 9001, 14001 and 45001 ask for in 9.3.")
    )
    minutes: Mapped[Prose | None] = recorded(_("Minutes"))
    conclusion: Mapped[Prose | None] = recorded(_("Conclusion: suitable, adequate, effective"))
    gathered_at: Mapped[dt.datetime | None] = recorded(_("Inputs gathered at"))
    inputs: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    held_by: Mapped[dt.datetime | None] = recorded(_("To be held by"), listed=True)
    held_at: Mapped[dt.datetime | None] = recorded(_("Held at"))
    held_late: Mapped[bool] = _flag(_("Held late"))
    approve_by: Mapped[dt.datetime | None] = recorded(_("Approval due"))
    approve_late: Mapped[bool] = _flag(_("Approved late"))
    again_by: Mapped[dt.datetime | None] = recorded(_("Next review due"), listed=True)
    followed_at: Mapped[dt.datetime | None] = recorded(_("Next review held"))
    again_late: Mapped[bool] = _flag(_("Next review was late"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class Decision(
    Record,
    kind="quality.decision",
    label=_("Decision of a review"),
    number="GPJ",
    scope="company",
    indexes=[("review_id",), ("owner_id", "status")],
):
    status: Mapped[DecisionState] = _state(DecisionState.OPEN)
    review_id: Mapped[UUID] = ref(ManagementReview, _("Management review"), offers=True)
    statement: Mapped[Prose] = field(_("What was decided"), listed=True, searched=True)
    owner_id: Mapped[UUID | None] = _person(_("Owner"))
    due_on: Mapped[Day] = field(_("To be done by"), listed=True)
    result: Mapped[Prose | None] = recorded(_("What was done"))
    done_by: Mapped[dt.datetime | None] = recorded(_("Due"))
    done_at: Mapped[dt.datetime | None] = recorded(_("Done at"))
    done_late: Mapped[bool] = _flag(_("Done late"))
    timing: Mapped[ClockMemory | None] = clock_memory()


# ---- objectives ----


class Objective(
    Record,
    kind="quality.objective",
    label=_("Objective"),
    number="MB",
    scope="company",
    indexes=[("owner_id", "status")],
):
    """:ivar since: first day of the oldest period without an actual. :ivar latest: outcome of the newest one."""

    status: Mapped[Standing] = _state(Standing.ACTIVE)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True)
    year: Mapped[Year] = field(_("Year"), listed=True)
    period: Mapped[Period] = field(_("Measured every"), listed=True, filtered=True, start=Period.MONTH)
    direction: Mapped[Direction] = field(_("Target is"), listed=True, start=Direction.AT_LEAST)
    target: Mapped[Number] = field(_("Target"), listed=True)
    unit: Mapped[Line] = field(_("Unit"), listed=True, help=_("%, cases, points"))
    measure: Mapped[Line | None] = field(
        _("Figure of a report"),
        default=None,
        help=_("As in complaints.handling:in_time; actuals are then taken from there. Empty: they are entered."),
    )
    owner_id: Mapped[UUID | None] = _person(_("Owner"))
    way: Mapped[Prose | None] = field(_("How it is reached"), default=None)
    since: Mapped[Day | None] = recorded(_("Next actual is of"))
    latest: Mapped[Outcome | None] = recorded(_("Latest"), listed=True, filtered=True)
    actual_by: Mapped[dt.datetime | None] = recorded(_("Actual due"), listed=True)
    actual_late: Mapped[bool] = _flag(_("An actual was late"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class Actual(Child, kind="quality.objective_actual", of=Objective, label=_("Actual")):
    """What was reached in one period; of several for one period the newest counts. ``source``: the list behind it."""

    of: Mapped[Day] = field(_("Period"), help=_("Any day of the month, quarter or year that it is of."))
    value: Mapped[Number] = field(_("Actual"))
    outcome: Mapped[Outcome | None] = field(_("Outcome"), create=False, default=None)
    remark: Mapped[Prose | None] = field(_("Remark"), default=None)
    source: Mapped[Line | None] = field(_("Taken from"), create=False, default=None)


# ---- registers ----


class LegalItem(
    Record,
    kind="quality.legal_item",
    label=_("Legal requirement"),
    number="FG",
    scope="company",
    sorts=("check_by", "evaluate_by"),
):
    status: Mapped[LawState] = _state(LawState.CURRENT)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True)
    document: Mapped[Line | None] = field(_("Document number"), searched=True, default=None)
    issuer: Mapped[Line | None] = field(_("Issued by"), default=None)
    level: Mapped[LawLevel] = field(_("Level"), listed=True, filtered=True)
    effective_on: Mapped[Day | None] = field(_("In force since"), default=None)
    articles: Mapped[Line | None] = field(_("Articles that apply"), listed=True, default=None)
    requirement: Mapped[Prose] = field(_("What they ask of us"), searched=True, help=_("In your own words."))
    checked: Mapped[Checked] = field(_("Verification"), listed=True, filtered=True, start=Checked.PENDING)
    duty: Mapped[Line | None] = field(_("Post that sees to it"), default=None)
    result: Mapped[Compliance | None] = recorded(_("Compliance"), listed=True, filtered=True)
    checked_on: Mapped[Day | None] = recorded(_("Last check of the text"))
    evaluated_on: Mapped[Day | None] = recorded(_("Last evaluation"))
    check_by: Mapped[dt.datetime | None] = recorded(_("Check of the text due"), listed=True)
    check_late: Mapped[bool] = _flag(_("Check of the text was late"))
    evaluate_by: Mapped[dt.datetime | None] = recorded(_("Evaluation due"), listed=True)
    evaluate_late: Mapped[bool] = _flag(_("Evaluation was late"))
    timing: Mapped[ClockMemory | None] = clock_memory()


class LegalCheck(Child, kind="quality.legal_check", of=LegalItem, label=_("Check of the text")):
    state: Mapped[LawState] = field(_("It is"), start=LawState.CURRENT)
    remark: Mapped[Prose | None] = field(_("What has changed"), default=None)


class Evaluation(Child, kind="quality.compliance_evaluation", of=LegalItem, label=_("Compliance evaluation")):
    result: Mapped[Compliance] = field(_("Result"))
    evidence: Mapped[Prose] = field(_("Evidence"))


class Rated(Record):
    """What an aspect and a hazard share: three degrees, the score and level that follow, controls, the yearly rating."""

    __abstract__ = True

    controls: Mapped[Prose | None] = field(
        _("Controls"), default=None, sort_order=50, help=_("Needed where it is significant or major.")
    )
    duty: Mapped[Line | None] = field(_("Post that sees to it"), default=None, sort_order=51)
    score: Mapped[Number] = recorded(_("Score"), default=0.0, listed=True, sort_order=52)
    level: Mapped[Level] = recorded(_("Level"), default=Level.SLIGHT, listed=True, filtered=True, sort_order=53)
    significant: Mapped[bool] = recorded(_("Significant"), default=False, listed=True, filtered=True, sort_order=54)
    residual: Mapped[Number | None] = recorded(_("Residual score"), sort_order=55)
    residual_level: Mapped[Level | None] = recorded(_("Residual level"), filtered=True, sort_order=56)
    rated_on: Mapped[Day | None] = recorded(_("Rated on"), sort_order=57)
    rate_by: Mapped[dt.datetime | None] = recorded(_("Rating due"), listed=True, sort_order=58)
    rate_late: Mapped[bool] = recorded(_("Rating was late"), default=False, filtered=True, sort_order=59)
    timing: Mapped[ClockMemory | None] = clock_memory()


class Aspect(Rated, kind="quality.aspect", label=_("Environmental aspect"), number="HJ", scope="company"):
    status: Mapped[Standing] = _state(Standing.ACTIVE)
    activity: Mapped[Line] = field(_("Activity"), listed=True, searched=True)
    aspect: Mapped[Line] = field(_("Aspect"), listed=True, searched=True)
    impact: Mapped[Line] = field(_("Impact"))
    condition: Mapped[Condition] = field(_("State"), filtered=True, start=Condition.NORMAL)
    tense: Mapped[Tense] = field(_("Tense"), filtered=True, start=Tense.PRESENT)
    frequency: Mapped[Line] = field(_("How often"), vocabulary="aspect_frequency", filtered=True, edit=False)
    severity: Mapped[Line] = field(_("How severe"), vocabulary="aspect_severity", filtered=True, edit=False)
    concern: Mapped[Line] = field(_("Law and neighbours"), vocabulary="aspect_concern", edit=False)


class Hazard(Rated, kind="quality.hazard", label=_("Hazard"), number="WX", scope="company"):
    status: Mapped[Standing] = _state(Standing.ACTIVE)
    activity: Mapped[Line] = field(_("Activity"), listed=True, searched=True)
    hazard: Mapped[Line] = field(_("Hazard"), listed=True, searched=True)
    accident: Mapped[Line] = field(_("Possible accident"))
    condition: Mapped[Condition] = field(_("State"), filtered=True, start=Condition.NORMAL)
    tense: Mapped[Tense] = field(_("Tense"), filtered=True, start=Tense.PRESENT)
    likelihood: Mapped[Line] = field(_("Likelihood L"), vocabulary="hazard_likelihood", filtered=True, edit=False)
    exposure: Mapped[Line] = field(_("Exposure E"), vocabulary="hazard_exposure", edit=False)
    consequence: Mapped[Line] = field(_("Consequence C"), vocabulary="hazard_consequence", filtered=True, edit=False)


class AspectRating(Child, kind="quality.aspect_rating", of=Aspect, label=_("Rating")):
    stage: Mapped[Stage] = field(_("Rated"), start=Stage.INHERENT)
    frequency: Mapped[Line] = field(_("How often"), vocabulary="aspect_frequency")
    severity: Mapped[Line] = field(_("How severe"), vocabulary="aspect_severity")
    concern: Mapped[Line] = field(_("Law and neighbours"), vocabulary="aspect_concern")
    measure: Mapped[Prose | None] = field(_("Measures"), default=None, help=_("They are added to the controls."))
    score: Mapped[Number] = field(_("Score"), create=False, default=0.0)
    level: Mapped[Level | None] = field(_("Level"), create=False, default=None)


class HazardRating(Child, kind="quality.hazard_rating", of=Hazard, label=_("Rating")):
    stage: Mapped[Stage] = field(_("Rated"), start=Stage.INHERENT)
    likelihood: Mapped[Line] = field(_("Likelihood L"), vocabulary="hazard_likelihood")
    exposure: Mapped[Line] = field(_("Exposure E"), vocabulary="hazard_exposure")
    consequence: Mapped[Line] = field(_("Consequence C"), vocabulary="hazard_consequence")
    measure: Mapped[Prose | None] = field(_("Measures"), default=None, help=_("They are added to the controls."))
    score: Mapped[Number] = field(_("Score"), create=False, default=0.0)
    level: Mapped[Level | None] = field(_("Level"), create=False, default=None)


FACTORS = {
    Aspect.kind: ("frequency", "severity", "concern"),
    Hazard.kind: ("likelihood", "exposure", "consequence"),
}
