"""Numbers as people write them. Owns the one place where text becomes a decimal, so that an exponent costs nothing.

``1e-999999999`` is a few letters, and a number that no database takes and that some arithmetic fills the memory with.
"""

from __future__ import annotations

from decimal import Decimal

LONGEST = 60  # characters
_DEEPEST = 60  # places on either side of the point, before anything is reckoned with it


def decimal_of(text: str) -> Decimal:
    """A number in its plainest form. :raises ValueError: none, not finite, or of a size that only makes trouble."""
    if len(text) > LONGEST:
        raise ValueError(text[:LONGEST])
    try:
        found = Decimal(text)
    except ArithmeticError:
        raise ValueError(text) from None
    if not found.is_finite() or abs(int(found.as_tuple().exponent)) > _DEEPEST:
        raise ValueError(text)
    return found.normalize() + 0  # without the sign of a zero


__all__ = ["decimal_of"]
