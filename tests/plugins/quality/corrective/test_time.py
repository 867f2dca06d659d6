"""The clocks: containment, cause, correction, verification, effect after 30 and 90 days; extensions; who hears of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from dougong import Conflict, Forbidden, Invalid
from dougong_quality.corrective.choices import State
from dougong_quality.corrective.records import Measure

from .conftest import ENGINEER, MANAGER, QUALITY, REGION, TECHNICIAN, World

DAY = dt.timedelta(days=1)


def test_a_major_one_is_contained_within_a_day_around_the_clock(world: World) -> None:
    id = world.bring(State.CONTAIN, severity="major")
    assert world.see(id).contain_by == world.clock.now + DAY
    world.clock.move(hours=25)
    world.clock.run()
    assert world.see(id).contain_late
    world.do(ENGINEER, id, "contain", text="停用并挂牌")
    assert world.see(id).contain_late


def test_a_minor_one_in_two_working_days(world: World) -> None:
    id = world.bring(State.CONTAIN)
    due = world.see(id).contain_by.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert due.date() == dt.date(2026, 3, 4)


def test_the_cause_has_its_own_time_in_every_round(world: World) -> None:
    id = world.bring(State.CAUSE)
    first = world.see(id).cause_by
    assert first is not None
    world.clock.move(days=30)
    world.clock.run()
    assert world.see(id).cause_late


def test_the_correction_runs_until_its_day_ends(world: World) -> None:
    id = world.bring(State.ACT, due=world.day(10))
    due = world.see(id).rectify_by.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert str(due.date() - dt.timedelta(microseconds=1) if due.hour == 0 else due.date()) <= world.day(11)
    world.clock.move(days=12)
    world.clock.run()
    assert world.see(id).rectify_late
    assert world.see(world.measures(id)[0].id, Measure).late


def test_submitted_in_time_is_not_late(world: World) -> None:
    id = world.bring(State.VERIFY)
    world.clock.move(days=60)
    world.clock.run()
    c = world.see(id)
    assert (c.rectify_late, c.verify_late) == (False, True)


@pytest.mark.parametrize(("over", "days"), [({}, 30), ({"severity": "major"}, 90), ({"nature": "potential"}, 90)])
def test_the_effect_is_asked_for_after_its_days(world: World, over: dict[str, str], days: int) -> None:
    if over.get("nature"):
        id = world.open(**over)
        world.do(QUALITY, id, "issue")
        from .conftest import ANALYSIS

        world.do(ENGINEER, id, "analyse", **ANALYSIS)
        world.plan(id)
        world.do(ENGINEER, id, "start")
        world.finish(id)
        world.do(ENGINEER, id, "submit")
        world.do(QUALITY, id, "verify", verdict="passed", text="现场核查")
    else:
        id = world.bring(State.EFFECT, **over)
    c = world.see(id)
    assert c.effect_from == world.clock.now + days * DAY
    assert c.effect_by == world.clock.now + (days + 7) * DAY
    world.clock.move(days=days)
    world.clock.run()
    world.clock.through(days=8)
    assert world.see(id).effect_late
    world.do(QUALITY, id, "judge", effect="effective", text="无再发")
    c = world.see(id)
    assert (c.status, c.effect_late) == (State.CLOSED, True)


def test_overdue_goes_up_the_line(world: World) -> None:
    id = world.bring(State.CONTAIN, severity="major")
    world.clock.through(days=3)
    told = _told(world, id)
    assert world.id(ENGINEER) in told
    assert world.id(MANAGER) in told


def _told(world: World, id: Any) -> set[str]:
    from dougong.records.tables import History

    with world.company.acting(None, "quality") as x:
        rows = x.session.scalars(sa.select(History).where(History.record_id == id))
        return {one for row in rows for one in row.inputs.get("told") or ()}


# ---- extensions ----


def test_an_extension_is_decided_by_the_manager_and_moves_the_date(world: World) -> None:
    id = world.bring(State.ACT, due=world.day(10))
    world.do(ENGINEER, id, "extend_submit", until=world.day(20), reason="备件在途")
    c = world.see(id)
    assert (str(c.due), str(c.wanted), c.status) == (world.day(10), world.day(20), State.ACT)
    before = c.rectify_by
    world.do(MANAGER, id, "extend_agree")
    c = world.see(id)
    assert (str(c.due), c.wanted, c.extended, c.status) == (world.day(20), None, 1, State.ACT)
    assert c.rectify_by - before == 10 * DAY


def test_a_refused_extension_changes_nothing(world: World) -> None:
    id = world.bring(State.ACT, due=world.day(10))
    world.do(ENGINEER, id, "extend_submit", until=world.day(20), reason="备件在途")
    world.do(MANAGER, id, "extend_return", reason="先行采购")
    c = world.see(id)
    assert (str(c.due), c.wanted, c.extended) == (world.day(10), None, 0)
    world.do(ENGINEER, id, "extend_submit", until=world.day(12), reason="改为本地采购")
    world.do(ENGINEER, id, "extend_withdraw")
    assert world.see(id).wanted is None


def test_a_manager_who_is_responsible_does_not_extend_for_themselves(world: World) -> None:
    id = world.open(responsible_id=world.id(MANAGER), due=world.day(10))
    world.do(QUALITY, id, "issue")
    world.do(MANAGER, id, "extend_submit", until=world.day(15), reason="等甲方停水")
    with pytest.raises((Conflict, Forbidden)):
        world.do(MANAGER, id, "extend_agree")
    world.do(REGION, id, "extend_agree")
    assert str(world.see(id).due) == world.day(15)


@pytest.mark.parametrize("days", [5, 10, 41])
def test_an_extension_lies_after_the_date_and_not_too_far(world: World, days: int) -> None:
    id = world.bring(State.ACT, due=world.day(10))
    with pytest.raises(Invalid) as error:
        world.do(ENGINEER, id, "extend_submit", until=world.day(days), reason="备件在途")
    assert error.value.errors[0].path == "until"
    assert world.see(id).wanted is None


def test_quality_neither_asks_for_nor_grants_an_extension(world: World) -> None:
    id = world.bring(State.ACT, due=world.day(10))
    with pytest.raises(Forbidden):
        world.do(QUALITY, id, "extend_submit", until=world.day(20), reason="x")
    world.do(ENGINEER, id, "extend_submit", until=world.day(20), reason="备件在途")
    with pytest.raises(Forbidden):
        world.do(QUALITY, id, "extend_agree")
    with pytest.raises(Forbidden):
        world.do(TECHNICIAN, id, "extend_agree")
