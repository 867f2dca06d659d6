"""A complaint that nobody waits for is created with one statement, though webhooks are on; with a subscription it is told of."""

from __future__ import annotations

from typing import Any

import pytest
from dougong.records import actions

from .conftest import World


@pytest.fixture
def units(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was created in units of work."""
    made: list[Any] = []
    really = actions.create

    def create(*args: Any, **options: Any) -> Any:
        made.append(really(*args, **options))
        return made[-1]

    monkeypatch.setattr(actions, "create", create)
    return made


def test_without_a_subscription_one_statement_is_enough(world: World, units: list[Any]) -> None:
    world.complain()
    assert units == []
    assert world.deliveries() == []


def test_with_one_nothing_is_lost_and_no_number_is_left_out(world: World, units: list[Any]) -> None:
    before = world.complain()
    world.subscribe(events=["complaints.complaint:create"])
    units.clear()
    after = world.complain()
    assert len(units) == 1
    assert [one.record_id for one in world.deliveries()] == [units[0].id]
    assert int(after["number"][-6:]) == int(before["number"][-6:]) + 1
