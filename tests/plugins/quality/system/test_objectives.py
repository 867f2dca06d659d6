"""Objectives: what is reached, what is missed, when an actual is due, figures taken from a report."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dougong import Invalid
from dougong_quality.system.choices import Outcome
from dougong_quality.system.records import Actual, Objective

from .conftest import MANAGER, OBJECTIVE, QUALITY

JAN, FEB = "2026-01-15", "2026-02-01"


@pytest.mark.parametrize(
    ("direction", "value", "wanted"),
    [
        ("at_least", 95, "achieved"),
        ("at_least", 94.99, "missed"),
        ("at_most", 95, "achieved"),
        ("at_most", 95.1, "missed"),
    ],
)
def test_the_direction_says_what_is_reached(world: Any, direction: str, value: float, wanted: str) -> None:
    id = world.make(Objective, OBJECTIVE, direction=direction)
    assert world.do(QUALITY, Objective, id, "record", of=JAN, value=value).latest is Outcome(wanted)


def test_an_actual_is_of_the_first_day_of_its_period_and_the_newest_period_counts(world: Any) -> None:
    id = world.make(Objective, OBJECTIVE, "n1", period="quarter")
    o = world.do(MANAGER, Objective, id, "record", of="2026-02-17", value=90)
    assert o.latest is Outcome.MISSED
    (one,) = world.all(Actual)
    assert (one.of, one.outcome) == (dt.date(2026, 1, 1), Outcome.MISSED)
    assert o.since == dt.date(2026, 4, 1)


def test_of_two_actuals_of_one_period_both_stay(world: Any) -> None:
    id = world.make(Objective, OBJECTIVE)
    world.do(QUALITY, Objective, id, "record", of=JAN, value=90)
    o = world.do(QUALITY, Objective, id, "record", of=JAN, value=96, remark="更正")
    assert o.latest is Outcome.ACHIEVED
    assert len(world.all(Actual)) == 2


def test_an_older_period_entered_late_says_nothing_of_the_latest(world: Any) -> None:
    id = world.make(Objective, OBJECTIVE)
    world.do(QUALITY, Objective, id, "record", of=FEB, value=96)
    assert world.do(QUALITY, Objective, id, "record", of=JAN, value=90).latest is Outcome.ACHIEVED


@pytest.mark.parametrize("of", ["2025-12-31", "2027-01-01", "2026-04-01", "someday"])
def test_periods_of_another_year_or_ahead_are_refused(world: Any, of: str) -> None:
    id = world.make(Objective, OBJECTIVE)
    with pytest.raises(Invalid) as refused:
        world.do(QUALITY, Objective, id, "record", of=of, value=1)
    assert refused.value.errors[0].path == "of"


@pytest.mark.parametrize("value", [True, "viel", float("nan"), 1e300, None])
def test_numbers_only(world: Any, value: Any) -> None:
    with pytest.raises(Invalid):
        world.make(Objective, OBJECTIVE, target=value)


def test_actuals_are_due_after_each_period(world: Any) -> None:
    id = world.make(Objective, OBJECTIVE)
    world.do(QUALITY, Objective, id, "record", of=JAN, value=96)
    world.do(QUALITY, Objective, id, "record", of=FEB, value=96)
    o = world.see(Objective, id)
    assert o.actual_by.date() == dt.date(2026, 4, 10)
    world.later(dt.datetime(2026, 4, 12, 1, tzinfo=dt.UTC))
    assert world.see(Objective, id).actual_late


def test_an_actual_is_taken_from_a_report_where_its_module_is_on(world: Any) -> None:
    with pytest.raises(Invalid):
        world.make(Objective, OBJECTIVE, measure="complaints.handling:no_such")
    id = world.make(
        Objective, OBJECTIVE, measure="complaints.handling:volume", direction="at_most", target=3, unit="件"
    )
    o = world.do(QUALITY, Objective, id, "take", of="2026-03-01")
    assert o.latest is Outcome.ACHIEVED
    (one,) = world.all(Actual)
    assert one.value == 0
    assert one.source
    world.company.switch("complaints", False)
    with pytest.raises(Invalid):
        world.do(QUALITY, Objective, id, "take", of="2026-03-01")
    assert world.do(QUALITY, Objective, id, "record", of="2026-03-01", value=5).latest is Outcome.MISSED
