"""The clocks: urgent repairs by the standard, appointments, categories; what was late stays late."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from dougong import now

if TYPE_CHECKING:
    from .conftest import World

DONE = {"result": "完成", "minutes": 30}


@pytest.mark.parametrize(("settings", "minutes"), [({}, 30), ({"urgent_response": 60}, 60)])
def test_urgent_repairs_are_answered_on_the_spot_by_grade(world: World, settings: dict[str, int], minutes: int) -> None:
    world.settings(**settings)
    id = world.raise_(urgency="urgent", category="water")
    o = world.see(id)
    assert o.arrive_by is not None
    assert o.reported_at is not None
    assert o.arrive_by - o.reported_at == dt.timedelta(minutes=minutes)


def test_on_the_spot_late_stays_late(world: World) -> None:
    id = world.raise_(urgency="urgent")
    world.do("lead", id, "dispatch", owner_id="tech")
    world.do("tech", id, "accept")
    world.clock.move(minutes=31)
    world.do("tech", id, "arrive")
    o = world.see(id)
    assert o.arrive_late
    assert o.accept_late is False


def test_an_appointment_is_when_to_be_there(world: World) -> None:
    at = now() + dt.timedelta(days=2)
    id = world.raise_(appointed_at=at.isoformat())
    assert world.see(id).arrive_by == at


def test_made_urgent_the_clocks_are_reckoned_anew(world: World) -> None:
    id = world.raise_(category="greening")
    before = world.see(id).arrive_by
    world.edit("lead", id, urgency="urgent")
    after = world.see(id).arrive_by
    assert before is not None
    assert after is not None
    assert after < before


def test_sending_back_and_handing_over_do_not_stop_the_clocks(world: World) -> None:
    id = world.raise_()
    due = world.see(id).finish_by
    world.do("lead", id, "dispatch", owner_id="tech")
    world.clock.move(minutes=10)
    world.do("tech", id, "send_back", reason="缺配件")
    world.do("lead", id, "dispatch", owner_id="tech2")
    o = world.see(id)
    assert o.finish_by == due
    assert o.accept_by is not None
    assert o.accept_by > now()


def test_on_hold_the_completion_waits_and_the_response_does_not(world: World) -> None:
    id = world.raise_(urgency="urgent")
    world.do("lead", id, "dispatch", owner_id="tech")
    before = world.see(id)
    world.do("tech", id, "hold", reason="业主不在家", until=str((now() + dt.timedelta(days=2)).date()))
    world.clock.move(hours=5)
    world.do("tech", id, "resume")
    after = world.see(id)
    assert after.arrive_by == before.arrive_by
    assert before.finish_by is not None
    assert after.finish_by == before.finish_by + dt.timedelta(hours=5)


def test_rework_has_a_time_of_its_own_and_keeps_the_breach(world: World) -> None:
    id = world.there(urgency="urgent")
    world.clock.move(hours=9)
    world.do("tech", id, "finish", **DONE)
    world.do("lead", id, "rework", reason="仍滴水")
    o = world.see(id)
    assert o.finish_late
    assert o.finish_by == now() + dt.timedelta(hours=8)


def test_acceptance_has_its_time(world: World) -> None:
    id = world.finished()
    assert world.see(id).check_by is not None
    world.do("lead", id, "check")
    assert world.see(id).passed_at == now()
