"""Ratings counted: the distribution of grades and totals, by whom and where. Of those alone that its reader may see."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Measure, Report, translator
from dougong import Reader as Me

from .choices import Grade, RatingState
from .records import Rating

_ = translator("dougong_hr")


def _graded(*grades: Grade) -> Any:
    return lambda me: Rating.grade.in_(grades)


def _given(me: Me) -> sa.ColumnElement[bool]:
    return Rating.total.is_not(None)


def _points(me: Me) -> sa.ColumnElement[Any]:
    return Rating.total / sa.literal(100.0)


def _decided(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(Rating.upheld.is_not(None), Rating.status == RatingState.FINAL)


def _late(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(Rating.rate_late)


def _upheld(me: Me) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(Rating.upheld, False)


scores = Report(
    "appraisals",
    _("Appraisals: distribution of ratings"),
    Rating,
    summary=_("How many were rated, how, and how the grades are spread over departments, sites and superiors."),
    moment="rated_at",
    measures=(
        Measure("rated", _("Rated"), where=_given, says=_("{value} people were rated"), unit=_("people")),
        Measure("points", _("Mean of points"), "rating", value=_points, says=_("with {value} points on average")),
        Measure("excellent", Grade.EXCELLENT.label, where=_graded(Grade.EXCELLENT), unit=_("people")),
        Measure("good", Grade.GOOD.label, where=_graded(Grade.GOOD), unit=_("people")),
        Measure("fair", Grade.FAIR.label, where=_graded(Grade.FAIR), unit=_("people")),
        Measure("poor", Grade.POOR.label, where=_graded(Grade.POOR), unit=_("people")),
        Measure("well", _("Good and better"), where=_graded(Grade.EXCELLENT, Grade.GOOD), listed=False),
        Measure("late", _("Rated late"), where=_late, alarm=True, better="less"),
        Measure("appealed", _("Appeals decided"), where=_decided),
        Measure("upheld", _("Appeals upheld"), "percent", where=_upheld, of=_decided),
    ),
    groupings=(
        Grouping("department", chart="stacked"), Grouping("site", chart="stacked"), Grouping("area", chart="stacked"),
        Grouping("rater_id", chart="stacked"), Grouping("grade"), Grouping("month"),
    ),
    filters=("department", "grade"),
    stack=("well", "poor", "fair"),
)  # fmt: skip

REPORTS = (scores,)
