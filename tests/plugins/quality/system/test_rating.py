"""The arithmetic of ratings, and the registers of aspects and hazards that live by it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from dougong import Invalid
from dougong_quality.settings import Settings
from dougong_quality.system.choices import Level
from dougong_quality.system.rating import ORDER, level_of, score
from dougong_quality.system.records import Aspect, Hazard, HazardRating
from hypothesis import given
from hypothesis import strategies as st

from .conftest import ASPECT, HAZARD, MANAGER, QUALITY

KNOWN = Settings()
POINTS = st.decimals(min_value=0, max_value=20_000, places=2)
BOUNDS = st.lists(st.integers(1, 10_000), min_size=4, max_size=4, unique=True).map(sorted)


@given(POINTS, POINTS, BOUNDS)
def test_more_points_are_never_a_lower_level(one: Decimal, other: Decimal, bounds: list[int]) -> None:
    low, high = sorted((one, other))
    assert ORDER.index(level_of(low, bounds)) <= ORDER.index(level_of(high, bounds))


@given(BOUNDS, st.integers(0, 3))
def test_a_level_begins_exactly_at_its_bound(bounds: list[int], at: int) -> None:
    assert level_of(Decimal(bounds[at]), bounds) is ORDER[at + 1]
    assert level_of(Decimal(bounds[at]) - Decimal("0.01"), bounds) is ORDER[at]


@given(st.permutations(["0.1", "0.5", "40"]))
def test_the_order_of_degrees_does_not_matter_and_the_product_is_exact(degrees: list[str]) -> None:
    assert score(degrees) == Decimal("2.00")


def test_every_product_of_the_usual_degrees_has_its_level_by_the_usual_bounds() -> None:
    factors = (KNOWN.hazard_likelihood, KNOWN.hazard_exposure, KNOWN.hazard_consequence)
    for degrees in product(*factors):
        points = score(degrees)
        wanted = (
            "1" if points >= 320 else "2" if points >= 160 else "3" if points >= 70 else "4" if points >= 20 else "5"
        )
        assert level_of(points, KNOWN.hazard_bounds).value == wanted, degrees


@pytest.mark.parametrize("bounds", [[20, 70, 160], [20, 20, 160, 320], [320, 160, 70, 20], []])
def test_bounds_that_cannot_be_are_refused(bounds: list[float]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Settings(hazard_bounds=bounds)


@pytest.mark.parametrize("key", ["often", "-1", "0", "NaN", "Infinity"])
def test_degrees_are_numbers(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Settings(hazard_likelihood={key: {}})


def test_a_hazard_is_rated_as_it_is_entered(world: Any) -> None:
    h = world.see(Hazard, world.make(Hazard, HAZARD, "n1"))
    assert (h.score, h.level, h.significant) == (135, Level.NOTABLE, False)
    (first,) = world.all(HazardRating)
    assert (first.parent_id, first.score) == (h.id, 135)


def test_a_major_hazard_needs_controls(world: Any) -> None:
    with pytest.raises(Invalid) as refused:
        world.make(Hazard, HAZARD, likelihood="6", controls=None)
    assert refused.value.errors[0].path == "controls"
    id = world.make(Hazard, HAZARD, controls=None)
    with pytest.raises(Invalid) as refused:
        world.do(QUALITY, Hazard, id, "rate", stage="inherent", likelihood="6", exposure="3", consequence="15")
    assert refused.value.errors[0].path == "measure"
    rated = world.do(
        QUALITY,
        Hazard,
        id,
        "rate",
        stage="inherent",
        likelihood="6",
        exposure="3",
        consequence="15",
        measure="登高作业票",
    )
    assert (rated.level, rated.significant, rated.controls) == (Level.HIGH, True, "登高作业票")


def test_a_residual_rating_leaves_the_degrees_and_the_former_ratings_stay(world: Any) -> None:
    id = world.make(Hazard, HAZARD)
    h = world.do(QUALITY, Hazard, id, "rate", stage="residual", likelihood="1", exposure="1", consequence="15")
    assert (h.score, h.residual, h.residual_level) == (135, 15, Level.SLIGHT)
    assert [one.score for one in world.all(HazardRating)] == [135, 15]


def test_degrees_that_the_company_does_not_use_are_refused(world: Any) -> None:
    with pytest.raises(Invalid):
        world.make(Hazard, HAZARD, likelihood="4")


def test_an_aspect_is_significant_from_the_companys_threshold(world: Any) -> None:
    a = world.see(Aspect, world.make(Aspect, ASPECT))
    assert (a.score, a.level, a.significant) == (20, Level.NOTABLE, False)
    world.company.settings("quality", aspect_significant=20)
    assert world.see(Aspect, world.make(Aspect, ASPECT, controls="分时照明")).significant


def test_ratings_are_due_yearly_and_a_new_one_starts_the_year_again(world: Any) -> None:
    id = world.make(Hazard, HAZARD)
    assert world.see(Hazard, id).rate_by.date() == dt.date(2027, 3, 2)
    world.later(dt.datetime(2027, 2, 20, 1, tzinfo=dt.UTC))
    again = world.do(QUALITY, Hazard, id, "rate", stage="inherent", likelihood="3", exposure="3", consequence="15")
    assert again.rate_by.date() == dt.date(2028, 2, 20)
    assert not again.rate_late
    world.later(dt.datetime(2028, 3, 1, 1, tzinfo=dt.UTC))
    assert world.see(Hazard, id).rate_late


def test_a_manager_rates_the_own_site_only(world: Any) -> None:
    id = world.make(Hazard, HAZARD, "n1", by=MANAGER)
    assert world.sees(MANAGER, Hazard, id)
    assert not world.sees("project_manager_s1", Hazard, id)
    company = world.make(Hazard, HAZARD)
    assert world.sees(MANAGER, Hazard, company)
