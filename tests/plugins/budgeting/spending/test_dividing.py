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


@pytest.mark.parametrize(
    ("through", "method", "expected"),
    [
        (3, "plan", 41 + 5 + 80),
        (3, "run_rate", 144),
        (0, "plan", 41 + 5 + 80),
        (0, "run_rate", 41 + 5 + 80),
        (12, "plan", 41),
    ],
)
def test_forecast(through: int, method: str, expected: int) -> None:
    """Twelve spent in each of three months of ten, five promised for the fourth."""
    spent, committed = [12, 12, 12, *[0] * 9], [0, 0, 0, 5, *[0] * 8]
    assert forecast([10] * 12, spent, committed, through, method) == expected


@given(
    st.lists(st.integers(0, 10**12), min_size=12, max_size=12), st.lists(st.integers(0, 10**12), min_size=12, max_size=12),
    st.lists(st.integers(0, 10**12), min_size=12, max_size=12), st.integers(0, 12), st.sampled_from(["plan", "run_rate"]),
)  # fmt: skip
def test_no_forecast_is_below_what_is_gone(
    plan: list[int], spent: list[int], committed: list[int], through: int, method: str
) -> None:
    expected = forecast(plan, spent, committed, through, method)
    assert expected >= sum(spent) + sum(committed)
    if method == "plan":
        assert expected <= sum(max(p, s + c) for p, s, c in zip(plan, spent, committed, strict=True))
