"""Whoever works on an order neither accepts it nor speaks for the resident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dougong import Conflict, Invalid
from dougong_workorders.following import tells
from dougong_workorders.records import Order

from .conftest import DONE

if TYPE_CHECKING:
    from .conftest import World


@pytest.mark.parametrize("name", ["engineer", "manager"])
def test_who_declares_it_finished_in_anothers_name_does_not_accept_it(world: World, name: str) -> None:
    id = world.there()
    world.do(name, id, "finish", **DONE)
    with pytest.raises(Conflict):
        world.do(name, id, "check")
    world.do("lead", id, "check")


def test_staff_do_not_agree_online_in_the_residents_name(world: World) -> None:
    id = world.there(nature="paid")
    world.do("tech", id, "quote", amount=500_000, text="换整套龙头")
    with pytest.raises(Invalid):
        world.do("tech", id, "agree", by="online", price=500_000)
    world.do("tech", id, "agree", by="signed", price=500_000)


def test_what_a_resident_said_of_their_home_stays_with_the_order(world: World) -> None:
    told = []
    for body in ({}, {"reporter": None, "phone": None, "source": "staff"}):
        id = world.raise_(title="王女士家水龙头滴水", **body)
        with world.as_(None) as x:
            told.append(tells(x.session.get_one(Order, (world.tenant, id)), x))
    assert "王女士" not in told[0].title + told[0].text
    assert (told[0].location, told[0].location_id) == ("", None)
    assert (told[1].title, told[1].location) == ("王女士家水龙头滴水", "3 号楼 2 单元 1801")
