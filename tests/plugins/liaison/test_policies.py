"""Policies: collected, assessed, put into practice or not applicable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Invalid
from dougong.errors import Forbidden, NotFound
from dougong_liaison.choices import Impact, PolicyState
from dougong_liaison.records import Action, Policy

if TYPE_CHECKING:
    from .conftest import World

ASSESSED = {"impact": "high", "assessment": "需更换灭火器 40 具"}


def policy(world: World, **over: Any) -> Policy:
    body = {
        "title": "高层消防规定",
        "source": "应急管理部",
        "effective_on": "2026-08-01",
        "owner_id": world.who("boss"),
        **over,
    }
    made: Policy = world.make(Policy, "boss", "company", **body)
    return made


def test_collected_assessed_and_put_into_practice(world: World) -> None:
    p = policy(world)
    assert p.status is PolicyState.COLLECTED
    found = world.do("boss", p, "assess", **ASSESSED)
    assert (found.status, found.impact, found.assessment) == (PolicyState.ASSESSED, Impact.HIGH, ASSESSED["assessment"])
    world.do("boss", p, "add_action", text="更换灭火器", owner_id=world.who("engineer"), until="2026-07-01")
    with world.as_(None) as x:
        (kept,) = x.children(x.session.get_one(Policy, (world.tenant, p.id)), Action)
        assert (kept.text, kept.owner_id) == ("更换灭火器", world.people["engineer"])
    found = world.do("boss", p, "put_into_practice", outcome="全部更换完毕")
    assert (found.status, found.outcome) == (PolicyState.APPLIED, "全部更换完毕")


@pytest.mark.parametrize("first", [False, True])
def test_not_applicable_with_its_reason(world: World, first: bool) -> None:
    p = policy(world)
    if first:
        world.do("boss", p, "assess", impact="none", assessment="与本公司无关")
    with pytest.raises(Invalid):
        world.do("boss", p, "irrelevant")
    found = world.do("boss", p, "irrelevant", reason="仅适用于工业企业")
    assert (found.status, found.outcome) == (PolicyState.IRRELEVANT, "仅适用于工业企业")


def test_no_practice_without_an_assessment_and_nothing_after_the_end(world: World) -> None:
    p = policy(world)
    for step, body in (("put_into_practice", {"outcome": "x"}), ("add_action", {"text": "x"})):
        with pytest.raises(Conflict):
            world.do("boss", p, step, **body)
    for wrong in ({}, {"impact": "high"}, {"assessment": "x"}, {**ASSESSED, "impact": "huge"}):
        with pytest.raises(Invalid):
            world.do("boss", p, "assess", **wrong)
    world.do("boss", p, "irrelevant", reason="与本公司无关")
    with pytest.raises(Conflict):
        world.do("boss", p, "assess", **ASSESSED)


def test_what_the_company_keeps_its_sites_read(world: World) -> None:
    p = policy(world)
    with world.as_("manager") as x:
        assert x.get(Policy, p.id).title == "高层消防规定"
    with pytest.raises(Forbidden):
        world.do("manager", p, "irrelevant", reason="x")
    for who in ("engineer", "security"):
        with world.as_(who) as x, pytest.raises(NotFound):
            x.get(Policy, p.id)
