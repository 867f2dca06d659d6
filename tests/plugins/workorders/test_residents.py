"""Residents without an account, and what other modules open here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dougong import Conflict, Invalid, Source, Telling, new_id
from dougong.records import actions
from dougong_workorders import following, residents
from dougong_workorders.choices import Kind, State, Urgency
from dougong_workorders.records import IDENTITY, Order
from dougong_workorders.resource import resource

if TYPE_CHECKING:
    from .conftest import World

ASKED = {
    "category": "water",
    "location": "3 号楼 2 单元 1801",
    "title": "水管漏水",
    "reporter": "王女士",
    "phone": "13800005678",
}


def test_a_resident_reports_agrees_and_rates(world: World) -> None:
    with world.as_(None) as x:
        made = residents.form.receive(x, world.sites["garden"], ASKED)
        id = made.id
        assert (made.nature, made.urgency, made.created_by) == (Kind.REPAIR, Urgency.NORMAL, None)
    world.edit("lead", id, nature="paid")
    world.arrive(id)
    world.do("tech", id, "quote", amount=18_650, text="含材料")
    with world.as_(None) as x:
        o = x.session.get_one(Order, (world.tenant, id))
        told = residents.progress(o, x)
        assert "¥186.50" in [str(t.title) for t in told.told][-1]
        assert not [t for t in told.told if "tech" in f"{t.title}{t.text}"]
        assert residents.can_agree(o, x)
        with pytest.raises(Conflict):
            residents.agree(o, residents.Agreeing(agrees=False), x.for_resident())
        residents.agree(o, residents.Agreeing(agrees=True), x.for_resident())
    world.do("tech", id, "finish", result="换阀芯", minutes=20)
    with world.as_(None) as x:
        o = x.session.get_one(Order, (world.tenant, id))
        assert residents.can_rate(o, x)
        residents.rate(o, residents.Verdict(rating="satisfied"), x.for_resident())
        assert not residents.can_rate(o, x)
    assert world.see(id).status is State.FINISHED


@pytest.mark.parametrize("field", ["reporter", "phone", "title"])
def test_a_resident_leaves_out_nothing_that_is_needed(world: World, field: str) -> None:
    with world.as_(None) as x, pytest.raises(Invalid) as refused:
        residents.form.receive(x, world.sites["garden"], {k: v for k, v in ASKED.items() if k != field})
    assert [e.path for e in refused.value.errors] == [field]


def test_who_reported_is_masked_from_those_without_the_right(world: World) -> None:
    site = world.sites["garden"]
    with world.as_("agent") as x:
        assert x.gate.may(IDENTITY, site)
    with world.as_("client") as x:
        assert not x.gate.may(IDENTITY, site, frozenset({"raised", "mine"}))


@pytest.mark.parametrize("title", ["消防栓箱门缺失", "长" * 500, "两行\n标题"])
def test_what_another_module_found_is_filled_in(world: World, title: str) -> None:
    telling = Telling(title=title, text="夜间巡查发现", severity="critical", urgent=True)
    source = Source("inspections.finding", new_id(), world.sites["garden"], "FX-2026-000001", Order.label)
    with world.as_("lead") as x:
        made = actions.create(resource, following.fill(telling, source, x), x, site=world.sites["garden"])
        assert (made.nature, made.urgency, made.category) == (Kind.DEFECT, Urgency.URGENT, "other")
        assert len(made.title) <= 200
