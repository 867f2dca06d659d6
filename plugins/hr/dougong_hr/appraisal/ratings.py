"""The life of a rating: given by the superior, reviewed by somebody above, decided anew where it is appealed against.

Its steps drive the appraisal, whose own history says that it was rated and reviewed, never how.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Conflict, Form, Prose, Term, Workflow, asked, guard, translator

from . import scoring
from .appraisals import STEPS, weights
from .base import GoalPoints, Reason, Scores, X, decides, goal_points, goals_of, of, rates, reviews
from .choices import RatingState
from .records import Appraisal, GoalScore, Rating
from .settings import AppraisalSettings

_ = translator("dougong_hr")
flow = Workflow(Rating, Rating.status, AppraisalSettings)
R = RatingState
UNDERWAY = (R.OPEN, R.GIVEN, R.REVIEWED, R.CONTESTED)


def appraisal_of(r: Rating, x: X) -> Appraisal:
    return of(x, Appraisal, r.appraisal_id)


@flow.changing
def kept(r: Rating, x: X) -> None:
    """What is final stays."""
    state = sa.inspect(r)
    settled = not state.attrs.status.history.has_changes() and r.status in (R.FINAL, R.DROPPED)
    if (
        state.persistent
        and settled
        and any(one.history.has_changes() for one in state.attrs if one.key != "updated_at")
    ):
        raise Conflict(_("This rating is final: nothing of it is changed."))


@guard(_("Only the superior rates, and nobody themselves."))
def is_rater(r: Rating, x: X) -> bool:
    return rates(appraisal_of(r, x), x)


@guard(_("Reviewed by somebody other than whoever rated, and nobody reviews themselves."))
def is_reviewer(r: Rating, x: X) -> bool:
    return reviews(appraisal_of(r, x), r.rater_id, x)


@guard(_("An appeal is decided by somebody other than whoever rated."))
def is_decider(r: Rating, x: X) -> bool:
    return decides(appraisal_of(r, x), r.rater_id, x)


class Giving(Form):
    scores: Scores = asked(_("Points by dimension"))
    goals: GoalPoints = goal_points()
    words: Prose = asked(_("What it stands on"), personal=True)


@flow.on(
    _("Rate"), R.OPEN, R.GIVEN, form=Giving, guards=[is_rater], icon="edit", page="/hr/ratings/{id}/score",
    help=_("Points from 0 to 100 for each dimension, and what they stand on."),
)  # fmt: skip
def give(r: Rating, f: Giving, x: X) -> None:
    _move(r, "rated", x)
    _put(r, f, x)
    r.words, r.rater_id, r.rated_at, r.returned_why = f.words, x.actor, x.now, None


def _put(r: Rating, f: Giving | Amending, x: X) -> None:
    """Write the points, in place of those that were given before: nothing is left of goals that this time have none."""
    a = appraisal_of(r, x)
    goals = goals_of(x, a)
    points = scoring.settled(f.scores, f.goals, [one.weight for one in goals])
    for key, value in points.items():
        setattr(r, key, value)
    for old in x.children(r, GoalScore):
        x.session.delete(old)
    for goal, gained in zip(goals, f.goals or (), strict=False):
        x.add(r, GoalScore(place=goal.place, title=goal.title, points=gained))
    r.total = scoring.total(points, weights(a, x))
    r.points, r.grade = scoring.written(r.total), scoring.grade(r.total, x.settings_of("hr"))


def _move(r: Rating, step: str, x: X) -> None:
    """Let the appraisal follow. First of all: what is set after it stands in the history with its own step."""
    x.as_person(None).take(appraisal_of(r, x), step)


@flow.on(_("Stand behind it"), R.GIVEN, R.REVIEWED, form=Form, guards=[is_reviewer], icon="check")
def confirm(r: Rating, f: Form, x: X) -> None:
    _move(r, "reviewed", x)
    r.reviewed_by, r.reviewed_at = x.actor, x.now


@flow.on(_("Send back"), R.GIVEN, R.OPEN, form=Reason, guards=[is_reviewer], icon="undo", danger=True)
def send_back(r: Rating, f: Reason, x: X) -> None:
    _move(r, "sent_back", x)
    r.returned_why = f.reason


@flow.on(_("Contested"), R.REVIEWED, R.CONTESTED, form=Form, automatic=True)
def contested(r: Rating, f: Form, x: X) -> None:
    """The employee has appealed."""


@flow.on(
    _("Dismiss the appeal"), R.CONTESTED, R.FINAL, form=Reason, guards=[is_decider], icon="check",
    help=_("The points stay as they were given."),
)  # fmt: skip
def dismiss(r: Rating, f: Reason, x: X) -> None:
    _decide(r, f.reason, False, x)


class Amending(Form):
    scores: Scores = asked(_("Points by dimension"))
    goals: GoalPoints = goal_points()
    reason: Prose = asked(_("Reason of the decision"), personal=True)


@flow.on(
    _("Uphold the appeal"), R.CONTESTED, R.FINAL, form=Amending, guards=[is_decider], icon="edit",
    page="/hr/ratings/{id}/amend", help=_("With the points that hold from now on."),
)  # fmt: skip
def amend(r: Rating, f: Amending, x: X) -> None:
    _decide(r, f.reason, True, x)
    _put(r, f, x)


def _decide(r: Rating, reason: str, upheld: bool, x: X) -> None:
    _move(r, "decided", x)
    r.upheld, r.decided_why, r.decided_by, r.decided_at = upheld, reason, x.actor, x.now


@flow.on(_("Final"), R.REVIEWED, R.FINAL, form=Form, automatic=True)
def settle(r: Rating, f: Form, x: X) -> None:
    """Confirmed by the employee, or not appealed against within the term."""


@flow.on(_("Left out"), UNDERWAY, R.DROPPED, form=Form, automatic=True)
def void(r: Rating, f: Form, x: X) -> None:
    """The employee was left out of the round."""


def _of_appraisal(name: str) -> Any:
    return lambda r, x: getattr(appraisal_of(r, x), name)


flow.clock(
    "rate", _("Rating by the superior"), due=Rating.rate_by, met=Rating.rated_at, late=Rating.rate_late, runs=R.OPEN,
    ends=(R.GIVEN, R.REVIEWED, R.CONTESTED, R.FINAL), term=lambda r, x: Term(days=x.settings.rating_days),
    depends=(Rating.appraisal_id,), owner=_of_appraisal("rater_id"), steps=STEPS, step=give,
)  # fmt: skip
flow.clock(
    "review", _("Review"), due=Rating.review_by, met=Rating.reviewed_at, late=Rating.review_late, runs=R.GIVEN,
    ends=R.REVIEWED, term=lambda r, x: Term(days=x.settings.review_days), depends=(Rating.appraisal_id,),
    owner=_of_appraisal("reviewer_id"), steps=STEPS, step=confirm,
)  # fmt: skip
flow.clock(
    "decide", _("Decision on the appeal"), due=Rating.decide_by, met=Rating.decided_at, late=Rating.decide_late,
    runs=R.CONTESTED, ends=R.FINAL, term=lambda r, x: Term(days=x.settings.decision_days), depends=(Rating.appraisal_id,),
    owner=_of_appraisal("decider_id"), steps=STEPS, step=dismiss,
)  # fmt: skip

__all__ = ["UNDERWAY", "appraisal_of", "flow"]
