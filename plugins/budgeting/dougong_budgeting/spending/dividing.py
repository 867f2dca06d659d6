"""Dividing an amount by a key so that the parts always sum to the whole, and the forecast to the end of a year. Pure sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

K = TypeVar("K")


def divide(amount: int, weights: Mapping[K, int]) -> dict[K, int]:
    """Parts of an amount in proportion to a key (areas, households, fixed shares), by the largest remainder.

    Earlier entries get the remainder among equals. :param amount: fen, of either sign. :param weights: whole numbers ≥ 0.
    :raises ValueError: a weight is negative, or none is positive.
    """
    whole = sum(weights.values())
    if whole <= 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("shares must not be negative, and one must be positive")
    size = abs(amount)
    parts = {key: size * weight // whole for key, weight in weights.items()}
    order = sorted(weights, key=lambda key: -(size * weights[key] % whole))
    for key in order[: size - sum(parts.values())]:
        parts[key] += 1
    return parts if amount >= 0 else {key: -part for key, part in parts.items()}


def forecast(plan: Sequence[int], spent: Sequence[int], through: int) -> tuple[int, int]:
    """What a year will come to, in fen: actuals + remaining plan, and the run rate (actuals so far carried on evenly).

    :param plan: twelve months. :param spent: twelve months. :param through: months that have passed, 0 to 12; without one
        the run rate is the plan.
    """
    done = sum(spent[:through])
    return done + sum(plan[through:]), done * 12 // through if through else sum(plan)


__all__ = ["divide", "forecast"]
