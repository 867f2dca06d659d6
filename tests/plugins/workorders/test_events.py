"""Whom each event of an order names: the trade's lead, whom it was given to, whoever asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from dougong_workorders import events
from dougong_workorders.records import Order

if TYPE_CHECKING:
    from .conftest import World


def named(world: World, id: UUID, event: str) -> set[str]:
    """User names of those whom the event of this order is for, now."""
    (one,) = [e for e in events.EVENTS if e.name == f"workorders.{event}"]
    assert one.to is not None
    by_id = {person: name for name, person in world.people.items()}
    with world.as_(None) as x:
        return {by_id[person] for person in one.to(x.session.get_one(Order, (world.tenant, id)), x) if person}


def test_raised_and_sent_back_are_told_to_the_lead_of_the_trade_at_the_site(world: World) -> None:
    repair = world.raise_()
    cleaning = world.raise_(category="cleaning", trade="cleaning")
    for event in ("raised", "returned"):
        assert named(world, repair, event) == {"engineer"}
        assert named(world, cleaning, event) == {"cleaner"}


def test_finished_is_told_to_who_raised_it_and_the_lead(world: World) -> None:
    assert named(world, world.finished(), "finished") == {"agent", "engineer"}


def test_rework_and_the_end_are_told_to_who_has_it(world: World) -> None:
    id = world.finished()
    assert named(world, id, "reworked") == {"tech"}
    assert named(world, id, "cancelled") == {"tech"}
    assert named(world, world.raise_(), "cancelled") == set()
