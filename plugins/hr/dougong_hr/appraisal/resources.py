"""How rounds, appraisals and ratings are shown, and to whom: the employee, those above them, human resources, nobody else."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Me, Resource, Retention, Tab, everybody, translator

from ..organisation.records import Employee
from . import appraisals, ratings, rounds
from .choices import OPEN_TO_SELF, UNDERWAY, AppraisalState, RatingState, RoundState
from .records import ALL, Appraisal, Goal, GoalScore, Rating, Round
from .scoring import DIMENSIONS
from .settings import AppraisalSettings

_ = translator("dougong_hr")
GROUP = _("Appraisal")
A = AppraisalState


def _is(column: Any, me: Me) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(column == me.id, False)


def own(me: Me) -> sa.ColumnElement[bool]:
    """It is about oneself, whenever one's account was linked to the employee. Never NULL."""
    linked = sa.exists().where(
        Employee.tenant_id == Appraisal.tenant_id, Employee.id == Appraisal.employee_id, Employee.person_id == me.id
    )
    return sa.or_(_is(Appraisal.person_id, me), linked)


def concerns(me: Me) -> sa.ColumnElement[bool]:
    """It is about oneself, or one rates, reviews, decides, or stood above when the line was drawn. Never NULL."""
    named = (Appraisal.rater_id, Appraisal.reviewer_id, Appraisal.decider_id)
    above = sa.func.coalesce(me.id == sa.any_(Appraisal.above), False)
    return sa.or_(own(me), *(_is(one, me) for one in named), above)


def my_turn(me: Me) -> sa.ColumnElement[bool]:
    """The next step is one's own. Never NULL."""
    by_self = sa.and_(own(me), Appraisal.status.in_((A.GOALS, A.SELF, A.TOLD)))
    by_rater = sa.and_(_is(Appraisal.rater_id, me), Appraisal.status.in_((A.GOALS, A.RATING, A.INTERVIEW)))
    by_reviewer = sa.and_(_is(Appraisal.reviewer_id, me), Appraisal.status == A.REVIEW)
    by_decider = sa.and_(_is(Appraisal.decider_id, me), Appraisal.status == A.APPEAL)
    return sa.or_(by_self, by_rater, by_reviewer, by_decider)


def _of_appraisal(*rules: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(Appraisal.tenant_id == Rating.tenant_id, Appraisal.id == Rating.appraisal_id, *rules)


def rating_concerns(me: Me) -> sa.ColumnElement[bool]:
    return _of_appraisal(concerns(me))


def told(me: Me) -> sa.ColumnElement[bool]:
    """Not about oneself, unless the interview has been."""
    return sa.not_(_of_appraisal(own(me), Appraisal.status.not_in(OPEN_TO_SELF)))


round: Resource[Round] = Resource(
    Round, _("Rounds of appraisals"), group=GROUP, flow=rounds.flow, settings=AppraisalSettings, icon="history",
    title=Round.title, create_label=_("Prepare a round"),
    sections=(
        (_("Round"), ("title", "year", "span", "opens_on", "note")),
        (_("Weights"), ("results", "methods", "attitude", "cooperation")),
        (_("How it stands"), ("starts_on", "ends_on", "started_at", "closed_at")),
    ),
    relations={"mine": everybody},  # all at a site may know that there is a round
    tabs=(
        Tab("running", _("Under way"), lambda me: Round.status != RoundState.CLOSED),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "span", "year", "site_id", "status", "opens_on"),
    steps=tuple(RoundState),
    likely={RoundState.DRAFT: ("start",), RoundState.RUNNING: ()},
)  # fmt: skip

appraisal: Resource[Appraisal] = Resource(
    Appraisal, _("Appraisals"), group=GROUP, flow=appraisals.flow, settings=AppraisalSettings, icon="check",
    title=Appraisal.title,
    sections=(
        (_("Appraisal"), ("round_id", "employee_id", "person_id", "department", "rater_id", "reviewer_id")),
        (_("Own rating"), (*(f"self_{key}" for key in DIMENSIONS), "self_points", "self_words")),
        (_("Appraisal interview"), ("talked_on", "talk_words")),
        (_("Appeal"), ("appealed_at", "appeal_why", "decider_id")),
        (_("How it ended"), ("final_at", "dropped_why")),
        (_("Was late"), ("goals_late", "self_late", "talk_late")),
    ),
    timeline=(Goal,),
    relations={"mine": concerns},
    restricted=((lambda me: sa.not_(concerns(me)), ALL),),
    tabs=(
        Tab("underway", _("Under way"), lambda me: Appraisal.status.in_(UNDERWAY)),
        Tab("turn", _("My turn"), my_turn),
        Tab("own", _("My own"), own, counted=False),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "department", "rater_id", "site_id", "status"),
    steps=tuple(one for one in A if one not in (A.APPEAL, A.DROPPED)),
    likely={
        A.GOALS: ("agree_goals", "set_goals"), A.SELF: ("rate_self", "evidence"), A.INTERVIEW: ("talk",),
        A.TOLD: ("accept", "appeal"),
    },
    retention=Retention(
        "final_at", years=2,
        basis=_("Labour Contract Law Art. 50: the text of an ended contract is kept for two years at least."),
        states=frozenset({A.FINAL}),
    ),
)  # fmt: skip

rating: Resource[Rating] = Resource(
    Rating, _("Ratings"), group=GROUP, flow=ratings.flow, settings=AppraisalSettings, icon="chart",
    title=Rating.title,
    sections=(
        (_("Rating"), ("appraisal_id", "round_id", "department", "rater_id", *DIMENSIONS, "points", "words")),
        (_("Review"), ("reviewed_by", "reviewed_at", "returned_why")),
        (_("Appeal"), ("upheld", "decided_by", "decided_at", "decided_why")),
        (_("Was late"), ("rate_late", "review_late", "decide_late")),
    ),
    timeline=(GoalScore,),
    visible=told,
    relations={"mine": rating_concerns},
    restricted=((lambda me: sa.not_(rating_concerns(me)), ALL),),
    tabs=(
        Tab("underway", _("Under way"), lambda me: Rating.status.in_(ratings.UNDERWAY)),
        Tab("open", _("To be given"), lambda me: Rating.status == RatingState.OPEN),
        Tab("given", _("To be reviewed"), lambda me: Rating.status == RatingState.GIVEN),
        Tab("contested", _("Contested"), lambda me: Rating.status == RatingState.CONTESTED),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "title", "points", "grade", "department", "rater_id", "site_id", "status"),
    badges=("grade",),
    steps=(RatingState.OPEN, RatingState.GIVEN, RatingState.REVIEWED, RatingState.FINAL),
    likely={
        RatingState.OPEN: ("give",), RatingState.GIVEN: ("confirm", "send_back"), RatingState.CONTESTED: ("amend", "dismiss"),
    },
    retention=Retention(
        "rated_at", years=2,
        basis=_("Labour Contract Law Art. 50: the text of an ended contract is kept for two years at least."),
        states=frozenset({RatingState.FINAL}),
    ),
)  # fmt: skip

RESOURCES: tuple[Resource[Any], ...] = (appraisal, rating, round)

__all__ = ["GROUP", "RESOURCES", "appraisal", "concerns", "my_turn", "rating", "round"]
