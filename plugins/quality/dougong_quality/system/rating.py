"""The arithmetic of ratings: the product of three degrees, its level, whether it is significant. Reads and writes nothing.

The method L × E × C with its levels at 20, 70, 160 and 320 is general practice in Chinese companies and in no law; all
numbers are settings. Degrees are decimals as text ("0.5"), so that a product is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import prod

from .choices import Level

ORDER = (Level.SLIGHT, Level.GENERAL, Level.NOTABLE, Level.HIGH, Level.EXTREME)


def score(degrees: Iterable[str]) -> Decimal:
    """The product of the degrees. :raises ArithmeticError: one is no number."""
    return prod((Decimal(one) for one in degrees), start=Decimal(1))


def level_of(points: Decimal, bounds: Sequence[float]) -> Level:
    """The level of a score. :param bounds: the four scores from which a level begins, the lowest first."""
    return ORDER[sum(points >= Decimal(str(one)) for one in bounds)]


def above(level: Level, other: Level) -> bool:
    """Whether a level is at least as high as another."""
    return ORDER.index(level) >= ORDER.index(other)
