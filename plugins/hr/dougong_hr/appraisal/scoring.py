"""Points: four dimensions, their weights, the total in hundredths of a point, the grade. Pure, integers throughout."""

from __future__ import annotations

from collections.abc import Mapping
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


def written(hundredths: int | None) -> str:
    """A total as people read it: 85.35."""
    return "–" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


__all__ = ["DIMENSIONS", "MOST", "checked", "grade", "total", "written"]
