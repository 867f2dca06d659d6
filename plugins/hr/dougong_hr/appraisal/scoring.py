"""Points: of goals and of four dimensions, their weights, the total in hundredths of a point, the grade.

Pure, integers throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dougong import Lazy, refuse, translator

from .choices import Grade

_ = translator("dougong_hr")

DIMENSIONS: dict[str, Lazy] = {
    "results": _("Results"),
    "methods": _("Methods"),
    "attitude": _("Attitude"),
    "cooperation": _("Cooperation"),
}
MOST = 100


def total(points: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """The weighted mean in hundredths of a point, half a hundredth rounded up.

    :param points: 0 to 100 of each dimension. :param weights: of each dimension, not all of them 0.
    :returns: 0 to 10,000; the same for the same points whatever their order.
    """
    whole = sum(weights[key] for key in DIMENSIONS)
    gained = 100 * sum(points[key] * weights[key] for key in DIMENSIONS)
    return (2 * gained + whole) // (2 * whole)


def results(points: Sequence[int], weights: Sequence[int]) -> int:
    """What the goals gained together: their weighted mean as whole points, half a point rounded up.

    :param points: 0 to 100 of each goal. :param weights: of each goal in the same order, not all of them 0.
    :returns: 0 to 100, between the fewest and the most points of a goal.
    """
    whole = sum(weights)
    gained = sum(n * weight for n, weight in zip(points, weights, strict=True))
    return (2 * gained + whole) // (2 * whole)


def grade(hundredths: int, settings: Any) -> Grade:
    """The grade of a total, by the company's own limits."""
    limits = settings.appraisal_grades
    steps = ((Grade.EXCELLENT, limits.excellent), (Grade.GOOD, limits.good), (Grade.FAIR, limits.fair))
    return next((one for one, least in steps if hundredths >= 100 * least), Grade.POOR)


def checked(scores: Mapping[str, int]) -> dict[str, int]:
    """Points of all four dimensions. :raises Invalid: one is missing or strange, by its path."""
    if wrong := sorted(set(scores) ^ set(DIMENSIONS)):
        raise refuse(f"scores.{wrong[0][:40]}", _("all four dimensions are rated, and no other"))
    return {key: scores[key] for key in DIMENSIONS}


def settled(scores: Mapping[str, int], goals: Sequence[int] | None, weights: Sequence[int]) -> dict[str, int]:
    """Points of all four dimensions; those of results reckoned from the goals where these were given points.

    :param goals: points of each goal in their order; None: results were given directly. :param weights: of the goals.
    :raises Invalid: not one number for each goal, results given twice, or as :func:`checked`.
    """
    if goals is None:
        return checked(scores)
    if len(goals) != len(weights):
        raise refuse("goals", _("There are {n} goals: give points for each of them, in their order.").format(n=len(weights)))
    if not weights:
        raise refuse("goals", _("There are no goals yet."))
    if "results" in scores:
        raise refuse("scores.results", _("The points of results are reckoned from those of the goals: leave them out."))
    return checked({**scores, "results": results(goals, weights)})


def written(hundredths: int | None) -> str:
    """A total as people read it: 85.35."""
    return "–" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


__all__ = ["DIMENSIONS", "MOST", "checked", "grade", "results", "settled", "total", "written"]
