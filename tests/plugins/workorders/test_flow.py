"""The life of an order, step by step, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Forbidden, Invalid, now
from dougong.web.shapes import asked_of
from dougong_workorders.choices import State
from dougong_workorders.flow import flow
from dougong_workorders.flow.working import cost_of
from dougong_workorders.records import Material
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from .conftest import World

DONE = {"result": "更换阀芯，试水正常", "minutes": 40}


def in_hours(hours: float) -> str:
    return (now() + dt.timedelta(hours=hours)).isoformat()


def test_from_raising_to_closing(world: World) -> None:
    id = world.finished()
    o = world.see(id)
    assert (o.status, o.trade, o.desk, o.minutes) == (State.FINISHED, "engineering", "engineering_lead", 40)
    assert o.done_by == world.people["tech"]
    world.end(id)
    o = world.see(id)
    assert o.status is State.CLOSED
    assert o.closed_at is not None
    world.do("agent", id, "rate", rating="satisfied")
    assert str(world.see(id).rating.value) == "satisfied"  # type: ignore[union-attr]


def test_only_these_steps_lead_from_a_state() -> None:
    found = {s: sorted(n for n, t in flow.transitions.items() if t.open_from(s)) for s in State}
    common = ["agree", "cancel", "permit", "quote"]
    assert found[State.NEW] == sorted([*common, "dispatch", "split", "spot"])
    assert found[State.ASSIGNED] == sorted([*common, "accept", "hold", "send_back", "split", "transfer"])
    assert found[State.ACCEPTED] == sorted([*common, "arrive", "hold", "send_back", "split", "transfer"])
    assert found[State.ON_SITE] == sorted([*common, "finish", "hold", "send_back", "split", "transfer", "use"])
    assert found[State.HELD] == sorted([*common, "resume", "split", "transfer"])
    assert found[State.FINISHED] == ["check", "rate", "rework"]
    assert found[State.PASSED] == ["close", "rate"]
    assert found[State.CLOSED] == ["rate"]
    assert found[State.CANCELLED] == []


def test_mended_on_the_spot(world: World) -> None:
    id = world.raise_(by="lead", then="spot")
    o = world.see(id)
    assert (o.status, o.on_the_spot, o.done_by) == (State.FINISHED, True, world.people["lead"])
    with pytest.raises(Conflict):
        world.do("lead", id, "check")
    world.do("manager", id, "check")


def test_who_did_the_work_does_not_accept_it(world: World) -> None:
    id = world.raise_()
    world.arrive(id, "engineer")
    world.do("engineer", id, "finish", **DONE)
    with pytest.raises(Conflict):
        world.do("engineer", id, "check")
    world.do("lead", id, "check")
    assert world.see(id).checked_by == world.people["lead"]


def test_failed_acceptance_is_counted_and_done_again(world: World) -> None:
    id = world.finished()
    world.do("lead", id, "rework", reason="仍滴水")
    o = world.see(id)
    assert (o.status, o.reworks, o.finished_at, o.owner_id) == (State.ACCEPTED, 1, None, world.people["tech"])
    world.do("tech", id, "arrive")
    world.do("tech", id, "finish", **DONE)
    world.end(id)
    assert world.see(id).reworks == 1


def test_sent_back_waits_to_be_dispatched_again(world: World) -> None:
    id = world.there()
    with pytest.raises(Invalid):
        world.do("tech", id, "send_back")
    world.do("tech", id, "send_back", reason="缺配件")
    o = world.see(id)
    assert (o.status, o.returns, o.owner_id, o.accepted_at) == (State.NEW, 1, None, None)


def test_handed_over_to_somebody_else_who_accepts_anew(world: World) -> None:
    id = world.there()
    with pytest.raises(Invalid):
        world.do("engineer", id, "transfer", reason="换人", owner_id="tech")
    with pytest.raises(Invalid):
        world.do("engineer", id, "transfer", reason="换人", owner_id="finance")
    world.do("engineer", id, "transfer", reason="换人", owner_id="tech2")
    assert world.see(id).status is State.ASSIGNED
    assert not world.sees("tech", id)
    world.do("tech2", id, "accept")


def test_only_whom_it_was_dispatched_to_accepts(world: World) -> None:
    id = world.raise_()
    world.do("lead", id, "dispatch", owner_id="tech")
    with pytest.raises(Conflict):
        world.do("engineer", id, "accept")
    world.do("tech", id, "accept")


@pytest.mark.parametrize("days", [0, -1, 31])
def test_held_until_a_day_within_the_limit(world: World, days: int) -> None:
    id = world.there()
    day = (now() + dt.timedelta(days=days)).date()
    with pytest.raises(Invalid):
        world.do("tech", id, "hold", reason="等配件", until=str(day))
    assert world.see(id).status is State.ON_SITE


def test_held_twice_at_most_and_goes_on_where_it_was(world: World) -> None:
    id = world.there()
    for _ in range(2):
        world.do("tech", id, "hold", reason="等配件", until=str((now() + dt.timedelta(days=3)).date()))
        world.do("tech", id, "resume")
        assert world.see(id).status is State.ON_SITE
    with pytest.raises(Conflict):
        world.do("tech", id, "hold", reason="等配件", until=str((now() + dt.timedelta(days=3)).date()))


# ---- permit, price, materials ----


def test_dangerous_work_needs_a_permit_that_is_still_valid(world: World) -> None:
    id = world.raise_(category="welding")
    assert world.see(id).permit_kind == "hot_work"
    world.do("lead", id, "dispatch", owner_id="tech")
    world.do("tech", id, "accept")
    with pytest.raises(Conflict):
        world.do("tech", id, "arrive")
    with pytest.raises(Invalid):
        world.do("engineer", id, "permit", permit_number="DH-1", permit_until=in_hours(-1))
    world.do("engineer", id, "permit", permit_number="DH-1", permit_until=in_hours(2))
    world.do("tech", id, "arrive")
    world.clock.move(hours=3)
    with pytest.raises(Conflict):
        world.do("tech", id, "finish", **DONE)
    world.do("engineer", id, "permit", permit_number="DH-2", permit_until=in_hours(2))
    world.do("tech", id, "finish", **DONE)


def test_paid_work_goes_on_only_with_consent_to_the_last_price(world: World) -> None:
    id = world.there(nature="paid")
    part: dict[str, Any] = {"name": "龙头", "quantity": "1", "measure": "只", "price": 10_600}
    for step, body in (("use", part), ("finish", DONE)):
        with pytest.raises(Conflict):
            world.do("tech", id, step, **body)
    world.do("tech", id, "quote", amount=18_600, text="含材料")
    with pytest.raises(Invalid):
        world.do("agent", id, "agree", by="signed", price=10_000)
    world.do("agent", id, "agree", by="signed", price=18_600)
    world.do("tech", id, "use", **part)
    world.do("tech", id, "quote", amount=20_000, text="多一只角阀")
    assert world.see(id).agreed_at is None
    with pytest.raises(Conflict):
        world.do("tech", id, "finish", **DONE)
    world.do("agent", id, "agree", by="phone", price=20_000)
    world.do("tech", id, "finish", **DONE)
    o = world.see(id)
    assert (o.agreed, o.cost) == (20_000, 10_600)
    assert "quote" not in world.offered("tech", world.there())


def test_what_was_quoted_stays_paid(world: World) -> None:
    id = world.there(nature="paid")
    world.do("tech", id, "quote", amount=18_600, text="含材料")
    with pytest.raises(Invalid):
        world.edit("lead", id, nature="repair")


def test_materials_cost_exactly(world: World) -> None:
    id = world.there()
    for quantity, price in (("2.5", 4_261), ("0.335", 1_000), ("3", 1)):
        world.do("tech", id, "use", name="件", quantity=quantity, measure="件", price=price)
    assert [m.cost for m in world.children(id, Material)] == [10_653, 335, 3]
    assert world.see(id).cost == 10_991


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", "0"), ("quantity", "-1"), ("quantity", "1e3"), ("quantity", "1.2345"), ("quantity", "NaN"),
        ("quantity", 2), ("price", -1), ("price", 1.5), ("price", 2**70), ("price", True), ("name", ""), ("name", "a\x00b"),
    ],
)  # fmt: skip
def test_bad_materials_are_refused_by_field(world: World, field: str, value: Any) -> None:
    id = world.there()
    body = {"name": "件", "quantity": "1", "measure": "件", "price": 100, field: value}
    with pytest.raises(Invalid) as refused:
        world.do("tech", id, "use", **body)
    assert [e.path for e in refused.value.errors] == [field]
    assert world.see(id).cost == 0


@given(st.integers(1, 999_999_999), st.integers(0, 10**9))
def test_a_cost_is_never_more_than_half_a_fen_off(thousandths: int, price: int) -> None:
    quantity = f"{thousandths // 1000}.{thousandths % 1000:03d}"
    assert abs(cost_of(quantity, price) * 1000 - thousandths * price) <= 500


def test_a_photo_where_the_company_demands_it(world: World) -> None:
    world.settings(photos=True)
    id = world.there()
    with pytest.raises(Conflict):
        world.do("tech", id, "finish", **DONE)


@pytest.mark.parametrize(("step", "name"), [("quote", "amount"), ("agree", "price"), ("use", "price")])
def test_people_type_amounts_in_yuan(step: str, name: str) -> None:
    assert asked_of(flow.transitions[step].form)[name].kind == "money"


# ---- bad input ----


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "nonsense"), ("trade", "nonsense"), ("permit_kind", "nonsense"), ("nature", "x"), ("title", ""),
        ("title", "a" * 201), ("phone", "abc"), ("location_id", "00000000-0000-0000-0000-000000000001"),
        ("appointed_at", "2001-01-01T08:00:00+08:00"), ("urgency", None),
    ],
)  # fmt: skip
def test_bad_orders_are_refused_by_field(world: World, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        world.raise_(**{field: value})
    assert [e.path for e in refused.value.errors] == [field]


def test_ended_orders_are_not_changed(world: World) -> None:
    id = world.raise_()
    world.do("lead", id, "cancel", reason="重复报修")
    with pytest.raises(Conflict):
        world.edit("lead", id, title="改")


def test_technicians_do_not_dispatch(world: World) -> None:
    id = world.there()
    with pytest.raises(Forbidden):
        world.do("tech", id, "cancel", reason="不想做")
