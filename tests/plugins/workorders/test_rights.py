"""Who sees and does what: trades by post, technicians their own, clients what they raised, costs without identities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dougong import Forbidden, NotFound
from dougong_workorders.records import IDENTITY

if TYPE_CHECKING:
    from .conftest import World


def test_a_trade_lead_sees_the_orders_of_the_trade_at_the_site(world: World) -> None:
    water, dirt = world.raise_(), world.raise_(category="cleaning")
    there = world.raise_(by="lead2", site="park")
    assert [world.sees("engineer", one) for one in (water, dirt, there)] == [True, False, False]
    assert [world.sees("cleaner", one) for one in (water, dirt, there)] == [False, True, False]
    assert [world.sees("engineer2", one) for one in (water, dirt, there)] == [False, False, True]
    world.do("engineer", water, "dispatch", owner_id="tech")
    with pytest.raises(NotFound):
        world.do("engineer", dirt, "dispatch", owner_id="tech")


def test_the_trade_goes_by_the_post_not_by_the_person(world: World) -> None:
    id = world.raise_()
    world.hand_post("engineer", "engineer2")
    assert not world.sees("engineer", id)
    assert world.sees("engineer2", id)


def test_an_order_of_another_trade_leaves_the_lead(world: World) -> None:
    id = world.raise_()
    world.edit("lead", id, trade="cleaning")
    assert not world.sees("engineer", id)
    assert world.sees("cleaner", id)


def test_a_technician_sees_what_is_theirs(world: World) -> None:
    id = world.raise_()
    assert not world.sees("tech", id)
    world.do("engineer", id, "dispatch", owner_id="tech")
    assert world.sees("tech", id)
    assert not world.sees("tech2", id)


def test_a_client_sees_what_they_raised(world: World) -> None:
    own, other = world.raise_(by="client", source="client"), world.raise_()
    assert world.sees("client", own)
    assert not world.sees("client", other)


def test_a_lead_raises_only_orders_of_their_trade(world: World) -> None:
    assert world.sees("cleaner", world.raise_(by="cleaner", category="cleaning"))
    with pytest.raises(Forbidden):
        world.raise_(by="cleaner", category="water")


@pytest.mark.parametrize("name", ["finance", "quality"])
def test_costs_without_identities_and_nothing_to_do(world: World, name: str) -> None:
    id = world.there()
    assert world.sees(name, id)
    assert world.offered(name, id) == set()
    with world.as_(name) as x:
        assert not x.gate.may(IDENTITY, world.sites["garden"], frozenset({"mine", "raised"}))
