"""The yearly programme, and the life of an audit: 计划 → 准备 → 实施 → 报告 → 跟踪 → 关闭.

Preparing writes the checklist from the clauses of the chosen standards; reporting makes a finding of every line that does
not conform; what a finding gives rise to (a nonconformity) is for the company's rules to say. Auditors are independent.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Form, Level, Prose, Workflow, asked, guard, translator
from pydantic import AfterValidator, Field

from .choices import (
    BEFORE_REPORT,
    AuditKind,
    AuditState,
    FindingState,
    Grade,
    ProgrammeState,
    Verdict,
)
from .common import LEADERS, Reason, Settings, X, months_after, refuse, steps
from .independence import barred, team
from .records import Audit, AuditCheck, AuditFinding, Programme

_ = translator("dougong_quality")

programmes = Workflow(Programme, Programme.status, Settings)
audits = Workflow(Audit, Audit.status, Settings)
findings = Workflow(AuditFinding, AuditFinding.status, Settings)

MOST_ANSWERS = 500

# ---- the programme ----


def _unfinished(p: Programme, x: X) -> int:
    ended = (AuditState.CLOSED, AuditState.CANCELLED)
    query = sa.select(sa.func.count()).where(
        Audit.tenant_id == x.tenant, Audit.programme_id == p.id, Audit.status.not_in(ended)
    )
    return x.session.scalar(query) or 0


@guard(_("Audits of this programme are still open."))
def all_done(p: Programme, x: X) -> bool:
    return _unfinished(p, x) == 0


@programmes.on(_("Close"), ProgrammeState.RUNNING, ProgrammeState.CLOSED, form=Form, guards=[all_done], icon="check")
def finish(p: Programme, f: Form, x: X) -> None:
    p.closed_at = x.now


approve = programmes.approval(
    "approve",
    _("Programme"),
    sources=ProgrammeState.DRAFT,
    levels=lambda p, x: [
        Level("leaders", _("Company leaders"), roles=LEADERS, need="any", state=ProgrammeState.APPROVING)
    ],
    granted=ProgrammeState.RUNNING,
    returned=ProgrammeState.DRAFT,
)

programmes.clock(
    "year",
    _("Carrying out the programme"),
    due=Programme.close_by,
    met=Programme.closed_at,
    late=Programme.close_late,
    runs=(ProgrammeState.DRAFT, ProgrammeState.APPROVING, ProgrammeState.RUNNING),
    ends=ProgrammeState.CLOSED,
    term=lambda p, x: dt.date(p.year, 12, 31),
    depends=(Programme.year,),
    steps=steps(lambda settings: 60),
    step=finish,
)

# ---- the audit ----


@audits.changing
def settled(a: Audit, x: X) -> None:
    """Rules over several fields."""
    if a.status not in BEFORE_REPORT:
        return
    if a.closes_on < a.opens_on:
        raise refuse("closes_on", _("must not lie before the first day"))
    if a.kind_of is not AuditKind.INTERNAL:
        if not a.body:
            raise refuse("body", _("is required: this audit is somebody else's"))
        return
    if a.site_id == x.snapshot.sites.root and not a.department:
        raise refuse("department", _("name one: an internal audit of the whole company has no independent auditor"))
    for name, person in team(a).items():
        if barred(person, a, x):
            raise refuse(name, _("holds a post in what is audited: nobody audits their own work"))


@guard(_("An internal audit is prepared first."), quiet=True)
def is_external(a: Audit, x: X) -> bool:
    return a.kind_of is not AuditKind.INTERNAL


@guard(_("An external audit has its own checklist."), quiet=True)
def is_internal(a: Audit, x: X) -> bool:
    return a.kind_of is AuditKind.INTERNAL


@audits.on(
    _("Prepare"),
    AuditState.PLANNED,
    AuditState.PREPARED,
    form=Form,
    asks=[Audit.lead_id],
    guards=[is_internal],
    icon="todo",
    help=_("Writes the checklist from the clauses of the standards."),
)
def prepare(a: Audit, f: Form, x: X) -> None:
    """The checklist: each clause of each standard once."""
    known = x.settings.standards()
    chosen = x.settings.audit_sets.get(a.standards)
    lines = [
        (key, number) for key in (chosen.standards if chosen else ()) if key in known for number in known[key].clauses
    ]
    if not lines:
        raise Conflict(_("These standards have no clauses: see the settings."))
    for position, (key, number) in enumerate(lines):
        x.add(a, AuditCheck(standard=key, clause=number, position=position))
    a.asked = len(lines)


start = audits.step("start", _("Begin"), AuditState.PREPARED, AuditState.RUNNING, icon="right")


class Answer(Form):
    """The answer to one line of the checklist."""

    id: UUID
    verdict: Verdict
    evidence: Prose | None = None


def _plain(one: Answer) -> dict[str, Any]:
    """As the history keeps it."""
    return one.model_dump(mode="json")


class Answers(Form):
    answers: list[Annotated[Answer, AfterValidator(_plain)]] = Field(max_length=MOST_ANSWERS, min_length=1)


@audits.on(
    _("Answer the checklist"),
    AuditState.RUNNING,
    form=Answers,
    icon="check",
    page="/quality/audits/{id}/checklist",
)
def answer(a: Audit, f: Answers, x: X) -> None:
    """Only those who audit answer; what does not conform needs its evidence."""
    if x.actor not in team(a).values():
        raise Conflict(_("Only the auditors of this audit answer its checklist."))
    lines = checks(a, x)
    for at, one in enumerate(map(Answer.model_validate, f.answers)):
        line = lines.get(one.id)
        if line is None:
            raise refuse(f"answers.{at}.id", _("is no line of this checklist"))
        if one.verdict in (Verdict.FAILS, Verdict.OBSERVED) and not one.evidence:
            raise refuse(f"answers.{at}.evidence", _("say what you saw"))
        line.verdict, line.evidence, line.answered_by, line.at = one.verdict, one.evidence, x.actor, x.now
    count(a, list(lines.values()))


def checks(a: Audit, x: X) -> dict[UUID, AuditCheck]:
    """The checklist in its order, by id."""
    query = sa.select(AuditCheck).where(AuditCheck.tenant_id == x.tenant, AuditCheck.parent_id == a.id)
    return {one.id: one for one in x.session.scalars(query.order_by(AuditCheck.position))}


def count(a: Audit, lines: list[AuditCheck]) -> None:
    a.answered = sum(one.verdict is not None for one in lines)
    a.failed = sum(one.verdict is Verdict.FAILS for one in lines)
    a.observed = sum(one.verdict is Verdict.OBSERVED for one in lines)


@guard(_("Every clause on the checklist needs an answer first."))
def all_answered(a: Audit, x: X) -> bool:
    return a.answered == a.asked


@audits.on(
    _("Report"),
    AuditState.RUNNING,
    AuditState.REPORTED,
    form=Form,
    asks=[Audit.conclusion],
    guards=[all_answered],
    icon="doc",
    help=_("Every line that does not conform becomes a finding."),
)
def report(a: Audit, f: Form, x: X) -> None:
    a.reported_at = x.now
    for line in checks(a, x).values():
        if line.verdict in (Verdict.FAILS, Verdict.OBSERVED) and line.finding_id is None:
            grade = Grade.MINOR if line.verdict is Verdict.FAILS else Grade.OBSERVATION
            line.finding_id = _found(a, x, grade, line.evidence or "", line.standard, line.clause).id
    _follow(a, x)


def _found(a: Audit, x: X, grade: Grade, statement: str, standard: str | None, clause: str | None) -> AuditFinding:
    made = x.create(
        AuditFinding,
        a.site_id,
        audit_id=a.id,
        grade=grade,
        statement=statement,
        standard=standard,
        clause=clause,
    )
    x.link(a, made)
    return made


def _follow(a: Audit, x: X) -> None:
    """Earlier audits of the same thing wait for no next one any more."""
    earlier = sa.select(Audit).where(
        Audit.tenant_id == x.tenant,
        Audit.id != a.id,
        Audit.kind_of == a.kind_of,
        Audit.site_id == a.site_id,
        Audit.standards == a.standards,
        Audit.department.is_not_distinct_from(a.department),
        Audit.status.in_((AuditState.REPORTED, AuditState.FOLLOWING, AuditState.CLOSED)),
        Audit.followed_at.is_(None),
    )
    for one in x.session.scalars(earlier):
        one.followed_at = x.now
        x.reckon(one)


class Finding(Form):
    grade: Grade = asked(_("Grade"), start=Grade.MINOR)
    statement: Prose = asked(_("What was found"), help=_("Fact and evidence; name no staff."))


@audits.on(
    _("Add a finding"),
    (AuditState.RUNNING, AuditState.REPORTED),
    form=Finding,
    icon="plus",
    help=_("One that no line of the checklist holds, or of an external audit."),
)
def add_finding(a: Audit, f: Finding, x: X) -> None:
    _found(a, x, f.grade, f.statement, None, None)
    if f.grade is Grade.OBSERVATION:
        a.observed += 1
    else:
        a.failed += 1


begin_external = audits.step(
    "begin_external", _("Begin"), AuditState.PLANNED, AuditState.RUNNING, guards=[is_external], icon="right"
)
follow = audits.step("follow", _("Follow the findings up"), AuditState.REPORTED, AuditState.FOLLOWING, icon="right")


@guard(_("Findings of this audit are not settled yet."))
def findings_settled(a: Audit, x: X) -> bool:
    query = sa.select(sa.func.count()).where(
        AuditFinding.tenant_id == x.tenant, AuditFinding.audit_id == a.id, AuditFinding.status == FindingState.OPEN
    )
    return not x.session.scalar(query)


@audits.on(_("Close"), AuditState.FOLLOWING, AuditState.CLOSED, form=Form, guards=[findings_settled], icon="check")
def close(a: Audit, f: Form, x: X) -> None:
    a.next_on = a.next_on or months_after(a.closes_on, x.settings.audit_months)


@audits.on(_("Cancel"), BEFORE_REPORT, AuditState.CANCELLED, form=Reason, icon="close", danger=True)
def cancel(a: Audit, f: Reason, x: X) -> None:
    """It is not carried out; history keeps the reason."""


audits.clock(
    "report",
    _("Report"),
    due=Audit.report_by,
    met=Audit.reported_at,
    late=Audit.report_late,
    runs=BEFORE_REPORT,
    term=lambda a, x: a.closes_on,
    depends=(Audit.closes_on,),
    owner=Audit.lead_id,
    steps=steps(),
    step=report,
)
audits.clock(
    "again",
    _("Next audit"),
    due=Audit.again_by,
    met=Audit.followed_at,
    late=Audit.again_late,
    runs=AuditState.CLOSED,
    term=lambda a, x: a.next_on,
    depends=(Audit.next_on,),
    owner=Audit.created_by,
    steps=steps(lambda settings: settings.surveillance_days),
    imports=True,
)
audits.clock(
    "certificate",
    _("End of the certificate"),
    due=Audit.certificate_by,
    late=Audit.certificate_late,
    runs=AuditState.CLOSED,
    term=lambda a, x: a.certificate_until if a.followed_at is None else None,
    owner=Audit.created_by,
    steps=steps(lambda settings: settings.certificate_days),
    imports=True,
)


# ---- findings ----


@findings.on(
    _("Settled"), FindingState.OPEN, FindingState.SETTLED, form=Form, asks=[AuditFinding.settlement], icon="check"
)
def settle(one: AuditFinding, f: Form, x: X) -> None:
    one.settled_at = x.now
