"""The life of a candidate: 筛选→面试→拟录用→录用/淘汰→报到, with scorecards, credentials, an offer."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

import sqlalchemy as sa
from dougong import Conflict, Form, Line, Prose, Term, Workflow, asked, guard, overdue, refuse, remind, translator
from pydantic import Field

from ..organisation.holdings import lines
from ..organisation.records import Code, Employee, Position
from . import requisitions
from .base import Reason, X, locked, of, open_post
from .choices import RUNNING, CandidateState, ChangeType, RequisitionState
from .records import Candidate, Change, Credential, Requisition, Scorecard
from .settings import MovesSettings

_ = translator("dougong_hr")
flow = Workflow(Candidate, Candidate.status, MovesSettings)

Points = Annotated[int, Field(ge=0, le=100)]


@flow.creating
def applied(c: Candidate, x: X) -> None:
    r = of(x, Requisition, c.requisition_id)
    if r.status is not RequisitionState.OPEN:
        raise refuse("requisition_id", _("is not being recruited for"))
    if r.site_id != c.site_id:
        raise refuse("requisition_id", _("belongs to another site"))
    c.position_id, c.title = r.position_id, r.title


@flow.on(
    _("Invite to an interview"), CandidateState.SCREENING, CandidateState.INTERVIEW, form=Form,
    asks=[Candidate.interview_at], icon="people",
)  # fmt: skip
def invite(c: Candidate, f: Form, x: X) -> None:
    """The moment itself is in the form."""


class Scoring(Form):
    scores: dict[str, Points] = asked(_("Scores"), help=_("Each criterion from 0 to 100."))
    words: Prose | None = asked(_("Impression"), default=None, personal=True)


@guard(_("You have scored this candidate: one card a person."))
def not_scored(c: Candidate, x: X) -> bool:
    return all(one.created_by != x.actor for one in x.children(c, Scorecard))


@flow.on(
    _("Score the interview"), CandidateState.INTERVIEW, form=Scoring, guards=[not_scored], icon="chart",
    page="/hr/candidates/{id}/score",
)  # fmt: skip
def score(c: Candidate, f: Scoring, x: X) -> None:
    known = x.settings.interview_criteria
    if wrong := sorted(set(f.scores) ^ set(known)):
        raise refuse(f"scores.{wrong[0][:40]}", _("every criterion of the company is scored, and no other"))
    whole = sum(one.weight for one in known.values())
    points = Decimal(sum(f.scores[key] * one.weight for key, one in known.items())) / whole
    card = Scorecard(words=f.words)
    card.points = int(points.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    card.detail = " · ".join(f"{one.label} {f.scores[key]}" for key, one in known.items())
    x.add(c, card)
    x.session.flush()
    given = [one.points for one in x.children(c, Scorecard)]
    c.cards, c.interviewed_at = len(given), c.interviewed_at or x.now
    c.score = int((Decimal(sum(given)) / len(given)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@flow.adding(
    _("Check a credential"), (CandidateState.SCREENING, CandidateState.INTERVIEW), Credential, icon="doc",
    help=_("The original, of every certificate that the post requires."),
)  # fmt: skip
def check(c: Candidate, one: Credential, x: X) -> None:
    if one.type not in x.settings_of("hr").certificates:
        raise refuse("type", _("is not one of the company's certificates"))


def missing(c: Candidate, x: X) -> list[str]:
    """Certificates that the post requires and that were not seen, genuine and valid."""
    day = x.today(c.site_id)
    seen = {
        one.type for one in x.children(c, Credential) if one.genuine and (one.ends_on is None or one.ends_on >= day)
    }
    return (
        [key for key in lines(of(x, Position, c.position_id).certificates) if key not in seen] if c.position_id else []
    )


@guard(_("Certificates that the post requires were not checked, or are not genuine or valid."))
def credentials(c: Candidate, x: X) -> bool:
    return not missing(c, x)


@guard(_("Not enough interviewers have scored yet."))
def enough_cards(c: Candidate, x: X) -> bool:
    return c.cards >= x.settings.interview_cards


def need_room(c: Candidate, x: X) -> None:
    """:raises Conflict: the head that was asked for is held or promised meanwhile, or the establishment was lowered."""
    r = of(x, Requisition, c.requisition_id)
    post = open_post(x, r.position_id, "requisition_id")
    if requisitions.room(x, post, r) < 1:
        raise Conflict(
            _("No head of “{post}” is free any more (establishment {n}): raise it, or do not take anybody on.").format(
                post=post.title, n=post.headcount
            )
        )


@flow.on(
    _("Make an offer"), CandidateState.INTERVIEW, CandidateState.PROPOSED, form=Form,
    asks=[Candidate.pay, Candidate.start_on, Candidate.probation_until], guards=[enough_cards, credentials], icon="right",
)  # fmt: skip
def offer(c: Candidate, f: Form, x: X) -> None:
    if c.probation_until is not None and c.start_on is not None and c.probation_until < c.start_on:
        raise refuse("probation_until", _("Probation cannot end before the first day of work."))
    need_room(c, x)
    c.offered_at = x.now


@flow.on(_("Offer accepted"), CandidateState.PROPOSED, CandidateState.HIRED, form=Form, icon="check")
def accept(c: Candidate, f: Form, x: X) -> None:
    r = locked(x, Requisition, c.requisition_id)
    need_room(c, x)
    taken = sa.select(sa.func.count()).where(
        Candidate.tenant_id == x.tenant,
        Candidate.requisition_id == r.id,
        Candidate.status == CandidateState.HIRED,
        Candidate.id != c.id,
    )
    if r.filled + int(x.session.scalar(taken) or 0) >= r.heads:
        raise Conflict(_("Every head of the requisition is taken already."))
    c.hired_at = x.now


@flow.on(
    _("Not taken"), RUNNING, CandidateState.REJECTED, form=Reason, icon="close", danger=True,
    help=_("Closed to everybody but HR, and disposed of when its term is over."),
)  # fmt: skip
def reject(c: Candidate, f: Reason, x: X) -> None:
    c.rejected_why, c.closed_at = f.reason, x.now


class Joining(Form):
    code: Code = asked(_("Employee number"))
    department: Line | None = asked(
        _("Department"), vocabulary="departments", default=None, help=_("Empty: that of the post.")
    )


@flow.on(
    _("Reports for work"), CandidateState.HIRED, CandidateState.JOINED, form=Joining, icon="user",
    help=_("Becomes an employee; the post itself comes with the appointment that this proposes."),
)  # fmt: skip
def join(c: Candidate, f: Joining, x: X) -> None:
    """The employee, and the appointment to the post as a draft."""
    r = of(x, Requisition, c.requisition_id)
    post = of(x, Position, r.position_id)
    day = x.today(c.site_id)
    body = {
        "code": f.code,
        "name": c.name,
        "phone": c.phone,
        "employment": "own",
        "department": f.department or post.department,
        "hired_on": day.isoformat(),
        "salary": c.pay,
        "probation_until": c.probation_until.isoformat() if c.probation_until and c.probation_until >= day else None,
    }
    hired = x.submit(Employee, c.site_id, body)
    c.employee_id, c.joined_at, c.closed_at = hired.id, x.now, x.now
    requisitions.fill(x, r)
    proposed = {
        "type": ChangeType.HIRE.value,
        "employee_id": str(hired.id),
        "to_id": str(post.id),
        "effective_on": day.isoformat(),
        "why": str(_("Candidate {number}, requisition {requisition}").format(number=c.number, requisition=r.number)),
    }
    change = x.submit(Change, c.site_id, proposed)
    x.link(c, change, origin=True)


flow.clock(
    "answer",
    _("Answer to the offer"),
    due=Candidate.answer_by,
    met=Candidate.hired_at,
    runs=CandidateState.PROPOSED,
    ends=CandidateState.HIRED,
    term=lambda c, x: Term(hours=24 * x.settings.offer_days, always=True),
    owner=Candidate.created_by,
    steps=[remind(0.6), overdue()],
    step=accept,
)

__all__ = ["flow", "missing"]
