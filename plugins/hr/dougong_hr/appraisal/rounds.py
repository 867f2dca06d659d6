"""The life of a round: prepared, started, closed; and the job that makes the appraisals of everybody in its scope.

The job goes by small steps in the order of ids, makes nobody's twice, and is started again for those who came since.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Context, Form, Job, JobContext, Workflow, guard, refuse, translator

from ..organisation.choices import EmployeeState
from ..organisation.records import Employee
from . import superiors
from .choices import UNDERWAY, RoundState, Span
from .records import Appraisal, Round
from .scoring import DIMENSIONS
from .settings import AppraisalSettings

_ = translator("dougong_hr")
X = Context[AppraisalSettings]

flow = Workflow(Round, Round.status, AppraisalSettings)
MAKE = "hr.appraise"
STEP = 50  # made in one transaction
MONTHS = {Span.YEAR: (1, 12), Span.FIRST_HALF: (1, 6), Span.SECOND_HALF: (7, 12)}


def period(year: int, span: Span) -> tuple[dt.date, dt.date]:
    """First and last day."""
    first, last = MONTHS[span]
    after = dt.date(year + last // 12, last % 12 + 1, 1)
    return dt.date(year, first, 1), after - dt.timedelta(days=1)


@flow.changing
def settled(r: Round, x: X) -> None:
    """Period and weights follow from the form, and stand still once it runs."""
    state = sa.inspect(r)
    fixed = ("year", "span", *DIMENSIONS)
    if r.status is not RoundState.DRAFT:
        if state.persistent and any(state.attrs[name].history.has_changes() for name in fixed):
            raise Conflict(_("The period and the weights of a round that has begun are not changed."))
        return
    r.starts_on, r.ends_on = period(r.year, r.span)
    r.opens_on = r.opens_on or r.ends_on + dt.timedelta(days=1)
    if r.opens_on <= r.starts_on:
        raise refuse("opens_on", _("Self-rating begins after the period has begun."))
    given = x.settings.appraisal_weights
    weights = [getattr(r, name) for name in DIMENSIONS]
    if all(one is None for one in weights):
        for name in DIMENSIONS:
            setattr(r, name, getattr(given, name))
    elif sum(one or 0 for one in weights) != 100:
        raise refuse("results", _("The four weights together are 100."))


@guard(_("Appraisals of this round are still under way."))
def all_settled(r: Round, x: X) -> bool:
    rule = Appraisal.tenant_id == x.tenant, Appraisal.round_id == r.id, Appraisal.status.in_(UNDERWAY)
    return x.session.scalar(sa.select(Appraisal.id).where(*rule).limit(1)) is None


@flow.on(
    _("Start the round"), RoundState.DRAFT, RoundState.RUNNING, form=Form, icon="right",
    help=_("Makes an appraisal of everybody in its scope and asks for their goals."),
)  # fmt: skip
def start(r: Round, f: Form, x: X) -> None:
    r.started_at = x.now
    x.enqueue(MAKE, key=f"appraise:{r.id}", round=r.id)


@flow.on(
    _("Add who came since"), RoundState.RUNNING, form=Form, icon="plus",
    help=_("Makes appraisals of those in its scope who have none; of nobody twice."),
)  # fmt: skip
def gather(r: Round, f: Form, x: X) -> None:
    x.enqueue(MAKE, key=f"appraise:{r.id}", round=r.id)


@flow.on(_("Close the round"), RoundState.RUNNING, RoundState.CLOSED, form=Form, guards=[all_settled], icon="check")
def close(r: Round, f: Form, x: X) -> None:
    r.closed_at = x.now


def wanted(x: Context[AppraisalSettings], r: Round) -> sa.Select[Employee]:
    """Everybody in a round's scope who has no appraisal of it yet, in the order of their ids."""
    settings = x.settings_of("hr")
    assert r.ends_on is not None
    states = [EmployeeState.EMPLOYED, *([EmployeeState.PROBATION] if settings.appraised_on_probation else [])]
    there = sa.select(Appraisal.id).where(
        Appraisal.tenant_id == x.tenant, Appraisal.round_id == r.id, Appraisal.employee_id == Employee.id
    )
    return sa.select(Employee).where(
        Employee.tenant_id == x.tenant,
        Employee.site_id.in_([s for s in x.snapshot.sites.subtree(r.site_id) if x.snapshot.module_on("hr", s)]),
        Employee.status.in_(states),
        Employee.employment.in_(settings.appraised),
        Employee.hired_on <= r.ends_on - dt.timedelta(days=settings.appraised_days),
        sa.not_(there.exists()),
    ).order_by(Employee.id)  # fmt: skip


def appraise(x: Context[AppraisalSettings], r: Round, e: Employee) -> Appraisal:
    """One employee's appraisal in a round."""
    line = superiors.draw(x, e)
    return x.create(
        Appraisal, e.site_id, title=f"{e.name} · {r.title}"[:200], round_id=r.id, employee_id=e.id, person_id=e.person_id,
        department=e.department, rater_id=line.rater, reviewer_id=line.reviewer, decider_id=line.decider,
        above=list(line.above),
    )  # fmt: skip


def make(job: JobContext, round: UUID, after: UUID | None = None) -> None:
    """Make a step's worth of appraisals, and have the rest made by the next."""
    x: Context[AppraisalSettings] = job.context
    mine = Round.tenant_id == x.tenant, Round.id == round
    r = x.session.scalars(sa.select(Round).where(*mine).with_for_update()).one_or_none()
    if r is None or r.status is not RoundState.RUNNING:
        return
    query = wanted(x, r) if after is None else wanted(x, r).where(Employee.id > after)
    found = x.session.scalars(query.limit(STEP)).all()
    for e in found:
        appraise(x, r, e)
    if len(found) == STEP:
        x.enqueue(MAKE, key=f"appraise:{r.id}:{found[-1].id}", round=r.id, after=found[-1].id)


JOBS = (Job(MAKE, make, label=_("Make the appraisals of a round")),)

__all__ = ["JOBS", "MAKE", "appraise", "flow", "make", "period", "wanted"]
