"""The life of an appraisal: 目标→自评→上级评分→复核→面谈→确认或申诉→定稿. What the superior gives stands in ``ratings``.

The line of command is drawn anew when the rating begins, unless human resources chose by hand. Whoever says nothing within the
term of an appeal has accepted.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Conflict,
    Context,
    Day,
    Form,
    Line,
    Prose,
    Term,
    Whole,
    Workflow,
    act,
    asked,
    escalate,
    guard,
    overdue,
    refuse,
    remind,
    translator,
)
from pydantic import Field

from ..organisation.records import Employee
from . import evidence as proof
from . import scoring, superiors
from .base import (
    MOST_GOALS,
    GoalPoints,
    Reason,
    Scores,
    X,
    accounts,
    goal_points,
    goals_of,
    is_party,
    is_rater,
    is_self,
    not_own,
    of,
    rating_of,
)
from .choices import UNDERWAY, AppraisalState
from .records import Appraisal, Goal, Rating, Round
from .settings import AppraisalSettings

_ = translator("dougong_hr")
flow = Workflow(Appraisal, Appraisal.status, AppraisalSettings)
A = AppraisalState
STEPS = [remind(0.8), overdue(), escalate(level=1, after=dt.timedelta(days=1))]


@flow.changing
def kept(a: Appraisal, x: X) -> None:
    """What is final stays; nobody comes to rate or review themselves by a handing over."""
    state = sa.inspect(a)
    before = state.attrs.status.history
    settled = not before.has_changes() and a.status in (A.FINAL, A.DROPPED)
    if (
        state.persistent
        and settled
        and any(one.history.has_changes() for one in state.attrs if one.key != "updated_at")
    ):
        raise Conflict(_("This appraisal is final: nothing of it is changed."))
    if accounts(a, x) & {a.rater_id, a.reviewer_id, a.decider_id}:
        raise Conflict(_("Nobody rates or reviews themselves."))


# ---- goals ----


class GoalIn(Form):
    title: Line = asked(_("Goal"))
    weight: Annotated[Whole, Field(ge=1, le=100)] = asked(_("Weight"), unit=_("%"))
    target: Line = asked(_("Target"))


class Setting(Form):
    goals: Annotated[list[GoalIn], Field(min_length=1, max_length=MOST_GOALS)] = asked(_("Goals"), personal=True)


@flow.on(
    _("Set goals"), A.GOALS, form=Setting, guards=[is_party], icon="edit", page="/hr/appraisals/{id}/goals",
    help=_("All of them at once; the weights together are 100."),
)  # fmt: skip
def set_goals(a: Appraisal, f: Setting, x: X) -> None:
    if sum(one.weight for one in f.goals) != 100:
        raise refuse("goals", _("The weights of the goals together are 100."))
    old = x.children(a, Goal)
    for n, one in enumerate(f.goals, start=1):
        goal = old[n - 1] if n <= len(old) else x.add(a, Goal(title=one.title, weight=one.weight, target=one.target))
        goal.place, goal.title, goal.weight, goal.target = n, one.title, one.weight, one.target
    for goal in old[len(f.goals) :]:
        x.session.delete(goal)


@guard(_("There are no goals yet."))
def has_goals(a: Appraisal, x: X) -> bool:
    return bool(x.children(a, Goal))


@flow.on(
    _("Agree on the goals"), A.GOALS, A.SELF, form=Form, guards=[is_rater, has_goals], icon="check",
    help=_("The superior agrees; from then on the goals stand."),
)  # fmt: skip
def agree_goals(a: Appraisal, f: Form, x: X) -> None:
    a.goals_at = x.now


@flow.on(_("Open the goals again"), A.SELF, A.GOALS, form=Reason, guards=[is_rater], icon="undo")
def reopen_goals(a: Appraisal, f: Reason, x: X) -> None:
    a.goals_at = None


class Evidence(Form):
    goal: Annotated[Whole, Field(ge=1, le=MOST_GOALS)] = asked(_("Goal no."))
    number: Line | None = asked(
        _("Number of the record"), help=_("A work order, complaint, inspection …, as in GD-2026-000123.")
    )


@flow.on(
    _("Add evidence"), (A.SELF, A.RATING), form=Evidence, guards=[is_party, has_goals], icon="link",
    help=_("A record of any module. Others see it here only if they may see it there."),
)  # fmt: skip
def evidence(a: Appraisal, f: Evidence, x: X) -> None:
    proof.add(x, _goal(a, f, x), f.number or "")
    f.number = None  # the history is read by people who may not see that record


@flow.on(_("Remove evidence"), (A.SELF, A.RATING), form=Evidence, guards=[is_party, has_goals], icon="close")
def drop_evidence(a: Appraisal, f: Evidence, x: X) -> None:
    proof.remove(x, _goal(a, f, x), f.number or "")
    f.number = None


def _goal(a: Appraisal, f: Evidence, x: X) -> Goal:
    found = next((one for one in x.children(a, Goal) if one.place == f.goal), None)
    if found is None:
        raise refuse("goal", _("There is no goal of this number."))
    return found


# ---- self-rating ----


@guard(_("Self-rating opens when the period is over."))
def period_over(a: Appraisal, x: X) -> bool:
    opens = of(x, Round, a.round_id).opens_on
    return opens is None or opens <= x.today(a.site_id)


class RatingSelf(Form):
    scores: Scores = asked(_("Points by dimension"))
    goals: GoalPoints = goal_points()
    outcomes: Annotated[list[Prose | None], Field(max_length=MOST_GOALS)] = asked(
        _("What came of each goal"), default=[], personal=True
    )
    words: Prose | None = asked(_("In their own words"), default=None, personal=True)


@flow.on(
    _("Rate yourself"), A.SELF, A.RATING, form=RatingSelf, guards=[is_self, period_over], icon="edit",
    page="/hr/appraisals/{id}/self",
)  # fmt: skip
def rate_self(a: Appraisal, f: RatingSelf, x: X) -> None:
    goals = goals_of(x, a)
    points = scoring.settled(f.scores, f.goals, [one.weight for one in goals])
    if len(f.outcomes) > len(goals):
        raise refuse(f"outcomes.{len(goals)}", _("There is no goal of this number."))
    for goal, outcome in zip(goals, f.outcomes, strict=False):
        goal.outcome = outcome
    for goal, gained in zip(goals, f.goals or (), strict=False):
        goal.self_points = gained
    for key, value in points.items():
        setattr(a, f"self_{key}", value)
    a.self_total = scoring.total(points, weights(a, x))
    a.self_points, a.self_words, a.self_at = scoring.written(a.self_total), f.words, x.now
    hand_on(a, x)


@flow.on(
    _("Go on without a self-rating"), A.SELF, A.RATING, form=Reason, guards=[not_own, period_over], icon="right",
    permission="hr.all_appraisals", help=_("For somebody who is away or says nothing. The reason stands in the history."),
)  # fmt: skip
def pass_over(a: Appraisal, f: Reason, x: X) -> None:
    hand_on(a, x)


def weights(a: Appraisal, x: Context[Any]) -> dict[str, int]:
    """The weights that hold for an appraisal: those of its round."""
    r = of(x, Round, a.round_id)
    return {key: int(getattr(r, key) or 0) for key in scoring.DIMENSIONS}


def hand_on(a: Appraisal, x: X) -> None:
    """Let the superior of this moment rate."""
    if not a.assigned:
        _draw(a, x)
    x.as_person(None).create(
        Rating, a.site_id, title=a.title, appraisal_id=a.id, round_id=a.round_id, department=a.department,
        rater_id=a.rater_id,
    )  # fmt: skip


def _draw(a: Appraisal, x: X) -> None:
    line = superiors.draw(x, of(x, Employee, a.employee_id))
    a.rater_id, a.reviewer_id, a.decider_id, a.above = line.rater, line.reviewer, line.decider, list(line.above)


# ---- what follows from the rating ----


@flow.on(_("Rated"), A.RATING, A.REVIEW, form=Form, automatic=True)
def rated(a: Appraisal, f: Form, x: X) -> None:
    """The superior has given their points."""


@flow.on(_("Sent back by the reviewer"), A.REVIEW, A.RATING, form=Form, automatic=True)
def sent_back(a: Appraisal, f: Form, x: X) -> None:
    """The reviewer wants it rated again; why is said in the rating."""


@flow.on(_("Reviewed"), A.REVIEW, A.INTERVIEW, form=Form, automatic=True)
def reviewed(a: Appraisal, f: Form, x: X) -> None:
    """The reviewer stands behind it."""


class Talking(Form):
    on: Day = asked(_("Interview on"))
    words: Prose = asked(_("Agreed in the interview"), personal=True)


@flow.on(
    _("Note the interview"), A.INTERVIEW, A.TOLD, form=Talking, guards=[is_rater], icon="people",
    help=_("From then on the employee sees the rating, and confirms it or appeals."),
)  # fmt: skip
def talk(a: Appraisal, f: Talking, x: X) -> None:
    if f.on > x.today(a.site_id):
        raise refuse("on", _("This day is still to come."))
    a.talked_on, a.talk_words, a.talked_at = f.on, f.words, x.now


@flow.on(_("Confirm the result"), A.TOLD, A.FINAL, form=Form, guards=[is_self], icon="check")
def accept(a: Appraisal, f: Form, x: X) -> None:
    _settle(a, x)


@flow.on(
    _("Appeal"), A.TOLD, A.APPEAL, form=Reason, guards=[is_self], icon="warn", danger=True,
    help=_("Decided by somebody other than whoever rated."),
)  # fmt: skip
def appeal(a: Appraisal, f: Reason, x: X) -> None:
    _pass_on(a, "contested", x)
    a.appeal_why, a.appealed_at = f.reason, x.now


@flow.on(_("No appeal within the term"), A.TOLD, A.FINAL, form=Form, automatic=True)
def lapse(a: Appraisal, f: Form, x: X) -> None:
    _settle(a, x)


@flow.on(_("Appeal decided"), A.APPEAL, A.FINAL, form=Form, automatic=True)
def decided(a: Appraisal, f: Form, x: X) -> None:
    a.final_at = x.now


def _settle(a: Appraisal, x: X) -> None:
    _pass_on(a, "settle", x)
    a.final_at = x.now


def _pass_on(a: Appraisal, step: str, x: X) -> None:
    """Let the rating follow. First of all: what is set after it stands in the history with its own step."""
    if (found := rating_of(x, a)) is not None:
        x.as_person(None).take(found, step)


# ---- human resources ----


class Assigning(Form):
    rater: UUID = asked(_("Superior"), widget="person")
    reviewer: UUID = asked(_("Reviewer"), widget="person")
    decider: UUID | None = asked(_("Decides on an appeal"), widget="person", default=None)


@flow.on(
    _("Choose superior and reviewer"), UNDERWAY, form=Assigning, guards=[not_own], icon="user",
    help=_("Where the line of command does not fit. Three different people."),
)  # fmt: skip
def assign(a: Appraisal, f: Assigning, x: X) -> None:
    chosen = {"rater": f.rater, "reviewer": f.reviewer, "decider": f.decider}
    for name, person in chosen.items():
        if person is None:
            continue
        if person in accounts(a, x):
            raise refuse(name, _("Nobody rates or reviews themselves."))
        if not superiors.may_rate(x, person, a.site_id):
            raise refuse(name, _("may not rate anybody at this site"))
    if f.rater in (f.reviewer, f.decider):
        raise refuse("rater", _("Whoever rates neither reviews nor decides on the appeal."))
    a.rater_id, a.reviewer_id, a.decider_id, a.assigned = f.rater, f.reviewer, f.decider, True


@flow.on(
    _("Leave out of the round"), UNDERWAY, A.DROPPED, form=Reason, guards=[not_own], icon="close", danger=True,
    help=_("Somebody has left, or was appraised elsewhere."),
)  # fmt: skip
def drop(a: Appraisal, f: Reason, x: X) -> None:
    _pass_on(a, "void", x)
    a.dropped_why = f.reason


# ---- the account of the employee ----


@flow.on(_("Account of the employee changed"), UNDERWAY, form=Form, automatic=True)
def follow_account(a: Appraisal, f: Form, x: X) -> None:
    """Whoever is the employee now does what the employee does, and does not rate."""
    a.person_id = of(x, Employee, a.employee_id).person_id
    if a.person_id is not None and a.person_id in (a.rater_id, a.reviewer_id, a.decider_id):
        a.assigned = False
        _draw(a, x)
    a.above = [one for one in a.above if one != a.person_id]


# ---- clocks ----

flow.clock(
    "goals", _("Goals"), due=Appraisal.goals_by, met=Appraisal.goals_at, late=Appraisal.goals_late, runs=A.GOALS,
    ends=A.SELF, term=lambda a, x: Term(days=x.settings.goals_days), depends=(Appraisal.round_id,),
    owner=Appraisal.rater_id, steps=STEPS, step=agree_goals, personal=True,
)  # fmt: skip


def _opens(a: Appraisal, x: X) -> dt.datetime | None:
    """Self-rating counts from the day on which it opens, or from when the goals were agreed after it."""
    day = of(x, Round, a.round_id).opens_on
    if day is None or day <= x.today(a.site_id):
        return None
    return dt.datetime.combine(day, dt.time(), x.snapshot.sites.zone(a.site_id)).astimezone(dt.UTC)


flow.clock(
    "self", _("Self-rating"), due=Appraisal.self_by, met=Appraisal.self_at, late=Appraisal.self_late, runs=A.SELF,
    ends=A.RATING, term=lambda a, x: Term(days=x.settings.self_days), starts=_opens, depends=(Appraisal.round_id,),
    owner=Appraisal.person_id, steps=[remind(0.0, name="opens"), *STEPS], step=rate_self, personal=True,
)  # fmt: skip
flow.clock(
    "interview", _("Appraisal interview"), due=Appraisal.talk_by, met=Appraisal.talked_at, late=Appraisal.talk_late,
    runs=A.INTERVIEW, ends=A.TOLD, term=lambda a, x: Term(days=x.settings.interview_days), depends=(Appraisal.round_id,),
    owner=Appraisal.rater_id, steps=STEPS, step=talk, personal=True,
)  # fmt: skip
flow.clock(
    "appeal", _("Confirmation or appeal"), due=Appraisal.appeal_by, runs=A.TOLD, ends=(A.FINAL, A.APPEAL),
    term=lambda a, x: Term(days=x.settings.appeal_days), depends=(Appraisal.round_id,), owner=Appraisal.person_id,
    steps=[remind(0.8), act(lambda a, x: x.take(a, lapse.name), name="lapse", label=_("No appeal within the term"))],
    step=accept, personal=True,
)  # fmt: skip

__all__ = ["flow", "follow_account", "weights"]
