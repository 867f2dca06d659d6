"""How the records of the system are shown: lists, tabs, sections, printed forms."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Me, Resource, Tab, everybody, translator

from .audits import audits, findings, programmes
from .choices import (
    AuditState,
    Compliance,
    DecisionState,
    FindingState,
    LawState,
    Outcome,
    ProgrammeState,
    ReviewState,
    Standing,
)
from .common import Settings
from .objectives import objectives
from .records import (
    Actual,
    Aspect,
    AspectRating,
    Audit,
    AuditFinding,
    Decision,
    Evaluation,
    Hazard,
    HazardRating,
    LegalCheck,
    LegalItem,
    ManagementReview,
    Objective,
    Programme,
)
from .registers import aspects, hazards, laws
from .reviews import decisions, reviews

_ = translator("dougong_quality")

AUDITING = _("Audits and reviews")
COMPLIANCE = _("Objectives and compliance")

Rule = sa.ColumnElement[bool]
_ALL = Tab("all", _("All"))


def _open(column: Any, *ended: Any) -> Any:
    return lambda me: column.not_in(ended)


def _overdue(of: str) -> Any:
    return lambda me: RESOURCES_BY[of].clock_is("overdue", me)


def _tabs(of: str, column: Any, *ended: Any, mine: Any = None) -> tuple[Tab, ...]:
    def of_me(me: Me) -> Rule:
        return sa.and_(column.not_in(ended), mine(me))

    more = () if mine is None else (Tab("mine", _("Mine"), of_me),)
    return (Tab("open", _("Open"), _open(column, *ended)), *more, Tab("overdue", _("Overdue"), _overdue(of)), _ALL)


def audits_of(me: Me) -> Rule:
    """Whoever is on the team."""
    return sa.or_(Audit.lead_id == me.id, Audit.auditor_id == me.id, Audit.second_id == me.id)


programme = Resource(
    Programme,
    _("Audit programmes"),
    group=AUDITING,
    flow=programmes,
    settings=Settings,
    icon="cal",
    title=Programme.title,
    create_label=_("Draw up a programme"),
    sections=((_("Programme"), ("year", "title", "purpose")), (_("Course"), ("close_by", "closed_at", "close_late"))),
    columns=("number", "title", "year", "status", "site_id", "close_by"),
    tabs=_tabs(Programme.kind, Programme.status, ProgrammeState.CLOSED),
    steps=(ProgrammeState.DRAFT, ProgrammeState.APPROVING, ProgrammeState.RUNNING, ProgrammeState.CLOSED),
    form_title=_("Annual audit plan"),
    signatures=(_("Drawn up by"), _("Checked by"), _("Approved by")),
)
audit = Resource(
    Audit,
    _("Audits"),
    group=AUDITING,
    flow=audits,
    settings=Settings,
    icon="search",
    title=Audit.title,
    create_label=_("Plan an audit"),
    sections=(
        (_("What is audited"), ("kind_of", "title", "standards", "department", "scope_text", "programme_id")),
        (_("By whom and when"), ("lead_id", "auditor_id", "second_id", "opens_on", "closes_on")),
        (_("Certificate"), ("body", "certificate", "certificate_until", "next_on")),
        (_("Result"), ("conclusion", "asked", "answered", "failed", "observed", "reported_at", "followed_at")),
        (_("Was late"), ("report_late", "again_late", "certificate_late")),
    ),
    relations={"team": audits_of},
    relation_words={"team": _("only audits of their team")},
    columns=(
        "number",
        "title",
        "kind_of",
        "status",
        "department",
        "site_id",
        "lead_id",
        "opens_on",
        "report_by",
        "failed",
    ),
    tabs=_tabs(Audit.kind, Audit.status, AuditState.CLOSED, AuditState.CANCELLED, mine=audits_of),
    badges=("kind_of",),
    steps=(
        AuditState.PLANNED,
        AuditState.PREPARED,
        AuditState.RUNNING,
        AuditState.REPORTED,
        AuditState.FOLLOWING,
        AuditState.CLOSED,
    ),
    likely={
        AuditState.PLANNED: ("prepare", "begin_external"),
        AuditState.PREPARED: ("start",),
        AuditState.RUNNING: ("answer", "report", "add_finding"),
        AuditState.REPORTED: ("follow", "add_finding"),
        AuditState.FOLLOWING: ("close",),
    },
    calendar="opens_on",
    form_title=_("Audit report"),
    signatures=(_("Lead auditor"), _("Audited department"), _("Approved by")),
)
finding = Resource(
    AuditFinding,
    _("Audit findings"),
    group=AUDITING,
    flow=findings,
    settings=Settings,
    icon="warn",
    title=AuditFinding.statement,
    create_label=_("Register a finding"),
    sections=(
        (_("Finding"), ("audit_id", "grade", "standard", "clause", "statement")),
        (_("Settlement"), ("settlement", "settled_at")),
    ),
    columns=("number", "statement", "grade", "clause", "status", "site_id", "created_at"),
    tabs=(Tab("open", _("Open"), _open(AuditFinding.status, FindingState.SETTLED)), _ALL),
    badges=("grade",),
    form_title=_("Nonconformity report of an audit"),
    signatures=(_("Auditor"), _("Audited department"), _("Verified by")),
)
review = Resource(
    ManagementReview,
    _("Management reviews"),
    group=AUDITING,
    flow=reviews,
    settings=Settings,
    icon="people",
    title=ManagementReview.title,
    create_label=_("Plan a management review"),
    sections=(
        (_("Review"), ("title", "planned_on", "from_on", "until_on", "chair_id", "agenda", "gathered_at")),
        (_("Minutes"), ("held_at", "attendees", "minutes", "conclusion")),
        (_("Next one"), ("again_by", "followed_at")),
        (_("Was late"), ("held_late", "approve_late", "again_late")),
    ),
    columns=("number", "title", "status", "planned_on", "site_id", "chair_id", "again_by"),
    tabs=_tabs(ManagementReview.kind, ManagementReview.status, ReviewState.CLOSED),
    steps=(ReviewState.PLANNED, ReviewState.HELD, ReviewState.APPROVING, ReviewState.CLOSED),
    likely={ReviewState.PLANNED: ("gather", "hold"), ReviewState.HELD: ("approve_submit", "decide")},
    form_title=_("Minutes of the management review"),
    signatures=(_("Recorded by"), _("Chair"), _("Attendees")),
)


def owns_decision(me: Me) -> Rule:
    return Decision.owner_id == me.id


def owns_objective(me: Me) -> Rule:
    return Objective.owner_id == me.id


decision = Resource(
    Decision,
    _("Review decisions"),
    group=AUDITING,
    flow=decisions,
    settings=Settings,
    icon="check",
    title=Decision.statement,
    create_label=_("Register a decision"),
    sections=(
        (_("Decision"), ("review_id", "statement", "owner_id", "due_on")),
        (_("Result"), ("result", "done_at", "done_late")),
    ),
    relations={"mine": owns_decision},
    columns=("number", "statement", "status", "owner_id", "done_by", "site_id"),
    tabs=_tabs(Decision.kind, Decision.status, DecisionState.CLOSED, mine=owns_decision),
)


def missed(me: Me) -> Rule:
    return sa.and_(Objective.status == Standing.ACTIVE, Objective.latest == Outcome.MISSED)


objective = Resource(
    Objective,
    _("Objectives"),
    group=COMPLIANCE,
    flow=objectives,
    settings=Settings,
    icon="chart",
    title=Objective.title,
    create_label=_("Set an objective"),
    sections=(
        (_("Objective"), ("title", "year", "period", "direction", "target", "unit")),
        (_("Measured and reached"), ("measure", "owner_id", "way", "latest", "since", "actual_late")),
    ),
    timeline=(Actual,),
    relations={"mine": owns_objective},
    columns=("number", "title", "year", "direction", "target", "unit", "latest", "site_id", "owner_id", "actual_by"),
    tabs=(
        Tab("open", _("Active"), _open(Objective.status, Standing.ENDED)),
        Tab("missed", _("Missed"), missed),
        Tab("overdue", _("Overdue"), _overdue(Objective.kind)),
        _ALL,
    ),
    badges=("latest",),
    likely={Standing.ACTIVE: ("record", "take")},
)


def not_complied(me: Me) -> Rule:
    return sa.and_(LegalItem.status != LawState.REPEALED, LegalItem.result == Compliance.FAILS)


law = Resource(
    LegalItem,
    _("Legal register"),
    group=COMPLIANCE,
    flow=laws,
    settings=Settings,
    icon="gov",
    title=LegalItem.title,
    create_label=_("Enter a requirement"),
    sections=(
        (_("Source"), ("title", "document", "issuer", "level", "effective_on", "checked")),
        (_("What applies"), ("articles", "requirement", "duty")),
        (_("Compliance"), ("result", "evaluated_on", "checked_on", "check_late", "evaluate_late")),
    ),
    timeline=(LegalCheck, Evaluation),
    relations={"mine": everybody},
    columns=("number", "title", "level", "articles", "status", "checked", "result", "check_by", "site_id"),
    tabs=(
        Tab("open", _("In force"), _open(LegalItem.status, LawState.REPEALED)),
        Tab("overdue", _("Overdue"), _overdue(LegalItem.kind)),
        Tab("fails", _("Does not comply"), not_complied),
        _ALL,
    ),
    badges=("checked", "result"),
)


def _rated(
    record: Any, label: Any, flow: Any, child: Any, what: tuple[str, ...], factors: tuple[str, ...], title: str
) -> Resource[Any]:
    def is_significant(me: Me) -> Rule:
        found: Rule = sa.and_(record.status == Standing.ACTIVE, record.significant)
        return found

    return Resource(
        record,
        label,
        group=COMPLIANCE,
        flow=flow,
        settings=Settings,
        icon="warn" if title == "hazard" else "shield",
        title=title,
        create_label=_("Identify and rate"),
        sections=(
            (_("What it is"), (*what, "condition", "tense")),
            (_("Rating"), (*factors, "score", "level", "significant", "rated_on")),
            (_("Controls"), ("controls", "duty", "residual", "residual_level", "rate_late")),
        ),
        timeline=(child,),
        relations={"mine": everybody},
        columns=("number", title, "activity", "score", "level", "significant", "site_id", "rate_by"),
        tabs=(
            Tab("open", _("Active"), _open(record.status, Standing.ENDED)),
            Tab("significant", _("Significant"), is_significant),
            Tab("overdue", _("Overdue"), _overdue(record.kind)),
            _ALL,
        ),
        badges=("level",),
    )


aspect = _rated(
    Aspect, _("Environmental aspects"), aspects, AspectRating,
    ("activity", "aspect", "impact"), ("frequency", "severity", "concern"), "aspect",
)  # fmt: skip
hazard = _rated(
    Hazard, _("Hazards"), hazards, HazardRating,
    ("activity", "hazard", "accident"), ("likelihood", "exposure", "consequence"), "hazard",
)  # fmt: skip

RESOURCES: tuple[Resource[Any], ...] = (
    programme, audit, finding, review, decision, objective, law, aspect, hazard,
)  # fmt: skip
RESOURCES_BY = {one.kind: one for one in RESOURCES}
