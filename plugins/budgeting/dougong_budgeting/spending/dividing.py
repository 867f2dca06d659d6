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


def forecast(plan: Sequence[int], spent: Sequence[int], committed: Sequence[int], through: int, method: str) -> int:
    """What a year will come to, in fen; never less than what is spent and committed already.

    :param plan, spent, committed: twelve months. :param through: months that are over, 0 to 12.
    :param method: ``plan``: what is used, and for each month to come its plan or what is used of it, whichever is more.
        ``run_rate``: the months that are over, carried on evenly; before one is over, like ``plan``.
    """
    used = [s + c for s, c in zip(spent, committed, strict=True)]
    if method == "run_rate" and through:
        done = sum(spent[:through]) * 12
        return max(abs(done) // through * (-1 if done < 0 else 1), sum(used))
    return sum(used) + sum(max(p - u, 0) for p, u in zip(plan[through:], used[through:], strict=True))


__all__ = ["divide", "forecast"]
