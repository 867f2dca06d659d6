"""Support applications: handed in before they close, granted, refused, paid, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Invalid
from dougong_liaison.choices import SupportState
from dougong_liaison.records import Support

if TYPE_CHECKING:
    from .conftest import World


def application(world: World, **over: Any) -> Support:
    body = {"title": "稳岗补贴", "amount": 300000, "closes_on": "2026-03-31", "owner_id": world.who("manager"), **over}
    made: Support = world.make(Support, **body)
    return made


def test_handed_in_granted_and_paid(world: World) -> None:
    s = application(world)
    assert s.status is SupportState.PREPARING
    found = world.do("manager", s, "apply")
    assert (found.status, found.submitted_at) == (SupportState.SUBMITTED, world.clock.now)
    for wrong in (
        {},
        {"granted": 300001, "result": "全额"},
        {"granted": -1, "result": "x"},
        {"granted": "viel", "result": "x"},
    ):
        with pytest.raises(Invalid):
            world.do("manager", s, "grant", **wrong)
    found = world.do("manager", s, "grant", granted=250000, result="核减 500 元")
    assert (found.status, found.granted, found.result) == (SupportState.GRANTED, 250000, "核减 500 元")
    assert world.do("manager", s, "pay").status is SupportState.PAID


def test_refused_it_says_why_and_brings_nothing(world: World) -> None:
    s = application(world)
    world.do("manager", s, "apply")
    with pytest.raises(Invalid):
        world.do("manager", s, "turn_down")
    found = world.do("manager", s, "turn_down", result="不符合条件")
    assert (found.status, found.granted, found.result) == (SupportState.REFUSED, 0, "不符合条件")
    with pytest.raises(Conflict):
        world.do("manager", s, "pay")


@pytest.mark.parametrize("handed_in", [False, True])
def test_withdrawn_with_a_reason(world: World, handed_in: bool) -> None:
    s = application(world)
    if handed_in:
        world.do("manager", s, "apply")
    with pytest.raises(Invalid):
        world.do("manager", s, "withdraw")
    found = world.do("manager", s, "withdraw", reason="改由总部申报")
    assert (found.status, found.result) == (SupportState.WITHDRAWN, "改由总部申报")


def test_nothing_is_granted_that_was_not_handed_in(world: World) -> None:
    s = application(world)
    for step, body in (("grant", {"granted": 1, "result": "x"}), ("turn_down", {"result": "x"}), ("pay", {})):
        with pytest.raises(Conflict):
            world.do("manager", s, step, **body)


def test_reminded_before_they_close_then_up(world: World) -> None:
    s, other = application(world), application(world, closes_on=None)
    world.later("03-18", "03-29", "04-01", "04-03")
    assert world.steps(s, "applying") == [
        ("remind_14", "2026-03-17", ["manager"]),
        ("remind_3", "2026-03-28", ["manager"]),
        ("overdue", "2026-03-31", ["manager"]),
        ("up", "2026-04-01", ["region"]),
    ]
    assert world.see(s).late
    assert world.steps(other, "applying") == []


def test_handed_in_in_time_nobody_is_reminded(world: World) -> None:
    s = application(world)
    world.do("manager", s, "apply")
    world.later("04-03")
    assert world.steps(s, "applying") == []
    assert not world.see(s).late


def test_amounts_that_cannot_be_are_refused(world: World) -> None:
    for amount in (-1, 10**13 + 1, 1e30, "drei"):
        with pytest.raises(Invalid):
            application(world, amount=amount)
