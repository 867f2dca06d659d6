"""The total: a weighted mean in integers, the same however it is counted, never outside of what was given."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from dougong.errors import Invalid
from dougong_hr.appraisal import scoring
from dougong_hr.appraisal.choices import Grade
from dougong_hr.appraisal.settings import AppraisalGrades, AppraisalSettings, AppraisalWeights
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

POINTS = st.fixed_dictionaries({key: st.integers(0, 100) for key in scoring.DIMENSIONS})
WEIGHTS = st.fixed_dictionaries({key: st.integers(0, 100) for key in scoring.DIMENSIONS}).filter(
    lambda w: sum(w.values()) > 0
)


@given(POINTS, WEIGHTS)
def test_the_total_is_the_weighted_mean_half_up(points: dict[str, int], weights: dict[str, int]) -> None:
    total = scoring.total(points, weights)
    exact = Fraction(100 * sum(points[k] * weights[k] for k in points), sum(weights.values()))
    assert total == (exact + Fraction(1, 2)).__floor__()
    counted = [points[key] for key, weight in weights.items() if weight]
    assert 100 * min(counted) <= total <= 100 * max(counted)
    assert total == scoring.total(dict(reversed(points.items())), dict(reversed(weights.items())))


@given(POINTS, WEIGHTS, st.sampled_from(sorted(scoring.DIMENSIONS)))
def test_more_points_are_never_worth_less(points: dict[str, int], weights: dict[str, int], key: str) -> None:
    better = {**points, key: min(points[key] + 1, 100)}
    assert scoring.total(better, weights) >= scoring.total(points, weights)


@given(POINTS)
def test_weights_of_a_hundred_lose_nothing(points: dict[str, int]) -> None:
    weights = {"results": 50, "methods": 20, "attitude": 15, "cooperation": 15}
    assert scoring.total(points, weights) == sum(points[key] * weights[key] for key in points)


GOALS = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 100)), min_size=1, max_size=12)


@given(GOALS, st.randoms())
def test_results_are_the_weighted_mean_of_the_goals_half_up(goals: list[tuple[int, int]], random: Random) -> None:
    points, weights = zip(*goals, strict=True)
    found = scoring.results(points, weights)
    exact = Fraction(sum(n * weight for n, weight in goals), sum(weights))
    assert found == (exact + Fraction(1, 2)).__floor__()
    assert min(points) <= found <= max(points)
    random.shuffle(goals)
    assert found == scoring.results(*zip(*goals, strict=True))
    assert scoring.results([points[0]] * len(weights), weights) == points[0]


@given(GOALS)
def test_a_goal_with_more_points_never_lowers_the_results(goals: list[tuple[int, int]]) -> None:
    points, weights = zip(*goals, strict=True)
    assert scoring.results([min(points[0] + 1, 100), *points[1:]], weights) >= scoring.results(points, weights)


def test_half_a_point_of_results_is_rounded_up() -> None:
    assert scoring.results([81, 80], [50, 50]) == 81
    assert scoring.results([80, 79], [49, 51]) == 79
    assert [scoring.results([n], [100]) for n in (0, 100)] == [0, 100]


@pytest.mark.parametrize(("goals", "weights", "path"), [([], [], "goals"), ([80], [], "goals"), ([80], [50, 50], "goals")])
def test_points_of_goals_that_are_not_there(goals: list[int], weights: list[int], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        scoring.settled({"methods": 1, "attitude": 1, "cooperation": 1}, goals, weights)
    assert refused.value.errors[0].path == path


def test_grades_begin_where_the_company_says() -> None:
    settings = AppraisalSettings()
    found = [scoring.grade(total, settings) for total in (10_000, 9_000, 8_999, 8_000, 7_999, 6_000, 5_999, 0)]
    assert found == [
        Grade.EXCELLENT, Grade.EXCELLENT, Grade.GOOD, Grade.GOOD, Grade.FAIR, Grade.FAIR, Grade.POOR, Grade.POOR,
    ]  # fmt: skip


def test_the_defaults_are_the_domains() -> None:
    assert AppraisalWeights().model_dump() == {"results": 50, "methods": 20, "attitude": 15, "cooperation": 15}
    assert AppraisalSettings().appeal_days == 5


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValidationError):
        AppraisalWeights(results=60)
    with pytest.raises(ValidationError):
        AppraisalGrades(good=90)


def test_written() -> None:
    assert [scoring.written(n) for n in (7755, 10_000, 5, None)] == ["77.55", "100.00", "0.05", "–"]
