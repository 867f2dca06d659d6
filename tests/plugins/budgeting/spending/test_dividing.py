"""Parts always sum to the whole; nobody gets more than the next whole fen; forecasts are plain sums."""

from __future__ import annotations

import pytest
from dougong_budgeting.spending.dividing import divide, forecast
from hypothesis import given
from hypothesis import strategies as st

WEIGHTS = st.dictionaries(st.integers(), st.integers(0, 10**12), min_size=1, max_size=40).filter(
    lambda found: sum(found.values()) > 0
)


@given(st.integers(-(10**15), 10**15), WEIGHTS)
def test_parts_sum_to_the_whole(amount: int, weights: dict[int, int]) -> None:
    parts = divide(amount, weights)
    assert sum(parts.values()) == amount
    whole = sum(weights.values())
    assert all(abs(parts[key] * whole - amount * weight) < whole for key, weight in weights.items())
    assert all(parts[key] == 0 for key, weight in weights.items() if weight == 0)


@pytest.mark.parametrize("weights", [{}, {1: 0}, {1: -1, 2: 5}])
def test_keys_that_divide_nothing_are_refused(weights: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="shares"):
        divide(100, weights)


def test_forecast() -> None:
    assert forecast([10] * 12, [12, 12, 12, *[0] * 9], 3) == (126, 144)
    assert forecast([10] * 12, [0] * 12, 0) == (120, 120)
