"""Rectification orders: signed for with a scan, assigned by item, answered, rechecked, closed; the deadline is the agency's."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Invalid
from dougong.errors import Forbidden, NotFound, Problem
from dougong_liaison.choices import ItemState, OrderState
from dougong_liaison.records import Agency, Deferral, Item, Order, Penalty

if TYPE_CHECKING:
    from .conftest import World

OPEN = (OrderState.SIGNED, OrderState.ASSIGNED, OrderState.FIXING, OrderState.REPLIED, OrderState.RECHECK)


@pytest.fixture
def agency(world: World) -> Agency:
    return world.agency()


def items(world: World, order: Order) -> list[Item]:
    return world.all(Item, Item.order_id == order.id)


def bring(world: World, order: Order, to: OrderState) -> Order:
    """From signed for to a state, in the order in which it goes."""
    world.attach(order, "order.pdf")
    if to is OrderState.SIGNED:
        return world.see(order)
    world.do("manager", order, "assign", person=world.who("security"))
    if to is OrderState.ASSIGNED:
        return world.see(order)
    world.do("manager", order, "begin")
    if to is OrderState.FIXING:
        return world.see(order)
    for one in items(world, order):
        world.do("security", one, "rectify", result="已完成")
    world.attach(order, "reply.pdf")
    world.do("manager", order, "answer", reply="已整改")
    if to is OrderState.REPLIED:
        return world.see(order)
    return world.do("manager", order, "recheck")


def test_an_order_is_answered_and_closed_on_time(world: World, agency: Agency) -> None:
    order = world.sign(agency)
    assert (order.agency_name, order.agency_kind) == ("消防救援大队", "fire")
    with pytest.raises(Conflict):
        world.do("manager", order, "assign", person=world.who("security"))  # no scan of it yet
    bring(world, order, OrderState.FIXING)
    made = items(world, order)
    assert [one.text for one in made] == ["补齐灭火器", "清理消防通道"]
    assert {one.owner_id for one in made} == {world.people["security"]}
    assert {one.status for one in made} == {ItemState.OPEN}
    with pytest.raises(Conflict):
        world.do("manager", order, "answer", reply="已整改")  # items are open
    for one in made:
        world.do("security", one, "rectify", result="已完成")
    with pytest.raises(Conflict):
        world.do("manager", order, "answer", reply="已整改")  # the scan is no reply
    world.attach(order, "reply.pdf")
    world.clock.move(days=8)
    world.do("manager", order, "answer", reply="已整改")
    world.do("manager", order, "recheck")
    found = world.do("manager", order, "close")
    assert found.status is OrderState.CLOSED
    assert found.closed_at == world.clock.now
    assert not found.late


def test_the_deadline_moves_by_the_agencys_document_alone(world: World, agency: Agency) -> None:
    order = world.sign(agency)
    for field in ("deadline_on", "due_by", "received_on", "document", "agency_id"):
        with pytest.raises(Problem):
            world.edit("boss", order, **{field: "2026-04-30"})
    world.attach(order, "order.pdf")
    with pytest.raises(Conflict):  # its own scan is none
        world.do("manager", order, "defer", document="消延1号", until="2026-03-31")
    bring(world, order, OrderState.ASSIGNED)
    with pytest.raises(Conflict):
        world.do("manager", order, "defer", document="消延1号", until="2026-03-31")
    world.attach(order, "extension.pdf")
    for wrong in ({"document": "消责改12号", "until": "2026-03-31"}, {"document": "消延1号", "until": "2026-03-01"}):
        with pytest.raises(Invalid):
            world.do("manager", order, "defer", **wrong)
    found = world.do("manager", order, "defer", document="消延1号", until="2026-03-31")
    assert found.deadline_on == dt.date(2026, 3, 31)
    assert found.due_by.astimezone(world.snapshot.sites.zone()).isoformat() == "2026-03-31T23:59:59+08:00"
    with world.as_(None) as x:
        (kept,) = x.children(x.session.get_one(Order, (world.tenant, order.id)), Deferral)
        assert (kept.before, kept.file_name) == (dt.date(2026, 3, 12), "extension.pdf")
    with pytest.raises(Conflict):  # one document moves it once
        world.do("manager", order, "defer", document="消延2号", until="2026-04-30")
    world.attach(order, "extension2.pdf")
    with pytest.raises(Invalid):
        world.do("manager", order, "defer", document="消延1号", until="2026-04-30")
    assert world.do("manager", order, "defer", document="消延2号", until="2026-03-20").deadline_on == dt.date(
        2026, 3, 20
    )


def test_a_scan_of_the_order_and_its_extension_are_told_apart_before_it_is_assigned(
    world: World, agency: Agency
) -> None:
    order = world.sign(agency)
    world.attach(order, "order.pdf")
    world.attach(order, "extension.pdf")
    assert world.do("manager", order, "defer", document="消延1号", until="2026-03-31").deadline_on == dt.date(
        2026, 3, 31
    )
    assert world.do("manager", order, "assign", person=world.who("security")).status is OrderState.ASSIGNED


@pytest.mark.parametrize("state", OPEN)
def test_while_it_is_open_the_agency_may_give_another_deadline(world: World, agency: Agency, state: OrderState) -> None:
    order = bring(world, world.sign(agency), state)
    assert order.status is state
    world.attach(order, "extension.pdf")
    found = world.do("manager", order, "defer", document="消延1号", until="2026-03-31")
    assert (found.status, str(found.deadline_on)) == (state, "2026-03-31")


def test_closed_it_has_no_other_deadline_but_may_have_a_penalty(world: World, agency: Agency) -> None:
    order = bring(world, world.sign(agency), OrderState.RECHECK)
    world.do("manager", order, "close")
    world.attach(order, "extension.pdf")
    with pytest.raises(Conflict):
        world.do("manager", order, "defer", document="消延1号", until="2026-03-31")
    assert world.do("manager", order, "fine", document="罚1号", amount=500000, reason="逾期").penalty == 500000


def test_a_failed_recheck_goes_back_and_wants_a_reply_of_its_own(world: World, agency: Agency) -> None:
    order = bring(world, world.sign(agency), OrderState.RECHECK)
    with pytest.raises(Invalid):
        world.do("manager", order, "failed")
    found = world.do("manager", order, "failed", reason="灭火器仍缺 2 具")
    assert (found.status, found.rechecks, found.replied_at) == (OrderState.FIXING, 1, None)
    first = items(world, order)[0]
    assert world.do("manager", first, "reopen", reason="仍缺 2 具").status is ItemState.OPEN
    assert (world.see(first).result, world.see(first).done_at) == (None, None)
    with pytest.raises(Conflict):
        world.do("manager", order, "answer", reply="再次整改")
    world.do("security", first, "rectify", result="已补齐")
    with pytest.raises(Conflict):  # the first reply has served
        world.do("manager", order, "answer", reply="再次整改")
    world.attach(order, "reply2.pdf")
    world.do("manager", order, "answer", reply="再次整改")
    world.do("manager", order, "recheck")
    assert world.do("manager", order, "close").status is OrderState.CLOSED


def test_an_item_of_an_answered_order_stays_as_it_is(world: World, agency: Agency) -> None:
    order = bring(world, world.sign(agency), OrderState.REPLIED)
    with pytest.raises(Conflict):
        world.do("manager", items(world, order)[0], "reopen", reason="看错了")


def test_assigned_again_the_open_items_go_along(world: World, agency: Agency) -> None:
    order = bring(world, world.sign(agency), OrderState.ASSIGNED)
    world.do("security", items(world, order)[0], "rectify", result="已完成")
    world.do("manager", order, "assign", person=world.who("engineer"))
    assert [one.owner_id for one in items(world, order)] == [world.people["security"], world.people["engineer"]]
    assert world.see(order).owner_id == world.people["engineer"]


def test_answered_late_it_climbs_the_line_day_by_day(world: World, agency: Agency) -> None:
    """Reminded every day; from the deadline on the next above, a day later the one above that."""
    order = bring(world, world.sign(agency, deadline_on="2026-03-04"), OrderState.FIXING)
    world.clock.through(days=5)
    taken = world.steps(order, "answer")
    daily = [(day, told) for step, day, told in taken if step.startswith("daily")]
    assert daily
    assert all(told == ["security"] for _day, told in daily)
    late = {step: (day, told) for step, day, told in taken if not step.startswith("daily")}
    assert late["overdue"] == ("2026-03-04", ["security"])
    assert late["up"] == ("2026-03-04", ["manager"])
    assert late["further_up"] == ("2026-03-05", ["region"])
    assert world.see(order).late
    for one in items(world, order):
        world.do("security", one, "rectify", result="已完成")
    world.attach(order, "reply.pdf")
    world.do("manager", order, "answer", reply="已整改")
    world.do("manager", order, "recheck")
    assert world.do("manager", order, "close").late  # what was late stays late
    before = len(world.steps(order, "answer"))
    world.clock.through(days=3)
    assert len(world.steps(order, "answer")) == before


def test_another_deadline_in_time_keeps_it_from_being_late(world: World, agency: Agency) -> None:
    order = bring(world, world.sign(agency, deadline_on="2026-03-04"), OrderState.FIXING)
    world.attach(order, "extension.pdf")
    world.do("manager", order, "defer", document="消延1号", until="2026-03-20")
    world.clock.through(days=5)
    assert not world.see(order).late
    assert {"overdue", "up"}.isdisjoint(step for step, _day, _told in world.steps(order, "answer"))


def test_bad_dates_and_strangers_are_refused(world: World, agency: Agency) -> None:
    for wrong in (
        {"received_on": "2026-03-03"},
        {"deadline_on": "2026-03-01"},
        {"items": "\n".join("x" * 3 for _n in range(101))},
        {"deadline_on": "2026-02-30"},
        {"agency_id": world.who("manager")},
    ):
        with pytest.raises(Invalid):
            world.sign(agency, **wrong)
    order = world.sign(agency)
    with pytest.raises((Forbidden, NotFound)):
        world.do("manager2", order, "assign", person=world.who("manager2"))
    for amount in (-1, 10**13 + 1, "viel"):
        with pytest.raises(Invalid):
            world.do("manager", order, "fine", document="罚1号", amount=amount, reason="未按期")
    world.do("manager", order, "fine", document="罚1号", amount=500000, reason="未按期")
    with pytest.raises(Invalid):
        world.do("manager", order, "fine", document="罚1号", amount=500000, reason="未按期")
    found = world.do("manager", order, "fine", document="罚2号", amount=100, reason="再次")
    assert found.penalty == 500100
    with world.as_(None) as x:
        assert len(x.children(x.session.get_one(Order, (world.tenant, order.id)), Penalty)) == 2


def test_steps_out_of_their_turn_are_refused(world: World, agency: Agency) -> None:
    order: Any = world.sign(agency)
    for step, body in (
        ("begin", {}),
        ("answer", {"reply": "x"}),
        ("recheck", {}),
        ("close", {}),
        ("failed", {"reason": "x"}),
    ):
        with pytest.raises(Conflict):
            world.do("manager", order, step, **body)
