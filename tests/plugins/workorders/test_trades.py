"""Orders of several trades: one child a trade, the whole closes after all of them, whoever is quicker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from dougong import Conflict, Invalid, Problem
from dougong_workorders.choices import State
from sqlalchemy.orm.exc import StaleDataError

if TYPE_CHECKING:
    from .conftest import World

DONE = {"result": "完成", "minutes": 30}
TRADES = (("engineering", "power", "tech"), ("cleaning", "cleaning", "cleaner"), ("greening", "greening", "gardener"))


def whole(world: World) -> UUID:
    id = world.raise_(by="lead", category="other", trade="service", title="会所开放前整理")
    for trade, category, _who in TRADES:
        world.do("manager", id, "split", trade=trade, category=category, title=f"{trade} 部分")
    world.arrive(id, "manager")
    return id


def finish(world: World, id: UUID) -> None:
    who = {trade: name for trade, _category, name in TRADES}[world.see(id).trade or ""]
    world.arrive(id, who)
    world.do(who, id, "finish", **DONE)


def test_each_trade_has_an_order_of_its_own(world: World) -> None:
    id = whole(world)
    parts = world.parts(id)
    assert [(p.trade, p.main_id) for p in parts] == [(trade, id) for trade, _c, _w in TRADES]
    assert {p.location for p in parts} == {world.see(id).location}
    assert all(p.reporter is None for p in parts)
    with pytest.raises(Invalid):
        world.do("manager", id, "split", trade="cleaning", category="cleaning", title="再来一次")
    with pytest.raises(Conflict):
        world.do("manager", parts[0].id, "split", trade="order", category="order", title="子单再分")


def test_the_whole_closes_after_all_its_trades(world: World) -> None:
    id = whole(world)
    parts = [p.id for p in world.parts(id)]
    for one in parts[:2]:
        finish(world, one)
        world.end(one)
    with pytest.raises(Conflict):
        world.do("manager", id, "finish", **DONE)
    with pytest.raises(Conflict):
        world.do("lead", id, "cancel", reason="不做了")
    finish(world, parts[2])
    world.do("manager", id, "finish", **DONE)
    world.do("lead", id, "check")
    with pytest.raises(Conflict):
        world.do("lead", id, "close")
    world.end(parts[2])
    world.do("lead", id, "close")
    assert world.see(id).status is State.CLOSED


def test_closing_in_parallel_leaves_no_open_trade_below_a_closed_whole(world: World) -> None:
    """The trades close at once while somebody tries to close the whole: each trade closes; the whole only after them."""
    id = whole(world)
    parts = [p.id for p in world.parts(id)]
    for one in parts:
        finish(world, one)
        world.do("lead", one, "check")
    world.do("manager", id, "finish", **DONE)
    world.do("lead", id, "check")

    def close(one: UUID) -> str:
        try:
            world.do("lead", one, "close")
        except (Problem, StaleDataError) as refused:
            return type(refused).__name__
        return "closed"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(close, [*parts, id]))
    assert told[:3] == ["closed"] * 3
    assert told[3] in ("closed", "Conflict")
    if told[3] != "closed":
        world.do("lead", id, "close")
    assert {world.see(one).status for one in (*parts, id)} == {State.CLOSED}


def test_a_trade_is_not_added_to_what_closes_at_the_same_time(world: World) -> None:
    """Adding raises the whole's row version, so adding and cancelling at once cannot both succeed."""
    id = world.raise_(by="lead", category="other", trade="service")

    def attempt(step: str) -> str:
        body = {"reason": "不做"} if step == "cancel" else {"trade": "order", "category": "order", "title": "加一项"}
        try:
            world.do("manager", id, step, **body)
        except (Problem, StaleDataError):
            return "refused"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(attempt, ["cancel", "split"]))
    assert told.count("done") == 1
    assert (world.see(id).status is State.CANCELLED) == (not world.parts(id))
