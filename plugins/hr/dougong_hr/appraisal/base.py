"""What the flows of appraisals and ratings share: who somebody is to an appraisal, records that name each other."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Form, Prose, Record, Whole, asked, guard, translator
from pydantic import Field

from ..organisation.records import Employee
from .records import ALL, Appraisal, Goal, Rating
from .settings import AppraisalSettings

_ = translator("dougong_hr")
X = Context[AppraisalSettings]
R = TypeVar("R", bound=Record)
Points = Annotated[Whole, Field(ge=0, le=100)]
Scores = Annotated[dict[str, Points], Field(max_length=8)]
MOST_GOALS = 12
GoalPoints = Annotated[list[Points], Field(max_length=MOST_GOALS)] | None


def goal_points() -> Any:
    """The question for the points of the goals, as self-rating, rating and appeal ask it."""
    return asked(
        _("Points of each goal"),
        default=None,
        help=_("From 0 to 100, in the order of the goals. The points of results are then reckoned from them by weight."),
    )


class Reason(Form):
    reason: Prose = asked(_("Reason"), personal=True)


def of(x: Context[Any], kind: type[R], id: UUID) -> R:
    """A record that another one names, whoever may see it."""
    return x.session.get_one(kind, (x.tenant, id))


def rating_of(x: Context[Any], a: Appraisal) -> Rating | None:
    """What was given to this appraisal, whoever may see it."""
    return x.session.scalar(sa.select(Rating).where(Rating.tenant_id == x.tenant, Rating.appraisal_id == a.id))


def goals_of(x: Context[Any], a: Appraisal) -> list[Goal]:
    """The goals of an appraisal in their order."""
    return sorted(x.children(a, Goal), key=lambda one: one.place)


def keeps_all(a: Appraisal | Rating, x: X) -> bool:
    """Whether this context's person keeps the appraisals of the site: human resources."""
    return x.gate.may(ALL, a.site_id)


def accounts(a: Appraisal, x: Context[Any]) -> set[UUID]:
    """Whose appraisal it is: the account that it was told of and that of the employee now, whenever it was linked."""
    return {one for one in (a.person_id, of(x, Employee, a.employee_id).person_id) if one is not None}


def about_me(a: Appraisal, x: X) -> bool:
    return x.actor is not None and x.actor in accounts(a, x)


@guard(_("Only the employee does this; human resources for those without an account."))
def is_self(a: Appraisal, x: X) -> bool:
    return about_me(a, x) or (not accounts(a, x) and keeps_all(a, x) and x.actor not in (a.rater_id, a.reviewer_id))


@guard(_("Only the superior does this."))
def is_rater(a: Appraisal, x: X) -> bool:
    return rates(a, x)


@guard(_("Only the employee and the superior do this."))
def is_party(a: Appraisal, x: X) -> bool:
    return about_me(a, x) or rates(a, x)


@guard(_("Nobody handles their own appraisal."))
def not_own(a: Appraisal, x: X) -> bool:
    return not about_me(a, x)


def rates(a: Appraisal, x: X) -> bool:
    """The superior; where none is named, human resources."""
    if about_me(a, x):
        return False
    return x.actor is not None and (x.actor == a.rater_id or (a.rater_id is None and keeps_all(a, x)))


def reviews(a: Appraisal, by: UUID | None, x: X) -> bool:
    """The reviewer, or human resources where none is named; never whoever rated. :param by: who rated."""
    if about_me(a, x) or x.actor is None or x.actor in (by, a.rater_id):
        return False
    return x.actor == a.reviewer_id or (a.reviewer_id is None and keeps_all(a, x))


def decides(a: Appraisal, by: UUID | None, x: X) -> bool:
    """Whoever decides on an appeal, or human resources; never whoever rated. :param by: who rated."""
    if about_me(a, x) or x.actor is None or x.actor in (by, a.rater_id):
        return False
    return x.actor == a.decider_id or keeps_all(a, x)


__all__ = [
    "MOST_GOALS", "GoalPoints", "Points", "Reason", "Scores", "X", "about_me", "accounts", "decides", "goal_points", "goals_of",
    "is_party", "is_rater", "is_self", "keeps_all", "not_own", "of", "rates", "rating_of", "reviews",
]  # fmt: skip
