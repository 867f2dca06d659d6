"""Which posts are key posts is the company's: who proposes an appointment cannot take the mark off, nor go round the filing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Forbidden, Invalid
from dougong_hr.moves.choices import ChangeState
from dougong_hr.organisation.records import Position

from .conftest import DIRECTOR, GM, HR, MANAGER

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import World

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday(world: World) -> None:
    world.clock.at(MONDAY)
    world.company.settings("hr", notice_days=0)


def test_who_proposes_does_not_take_the_mark_off(world: World, platform: Running) -> None:
    post = world.post("项目副经理", key=True)
    with pytest.raises(Invalid) as refused:
        world.edit(HR, post, key=False)
    assert refused.value.errors[0].path == "key"
    with pytest.raises(Forbidden):
        world.do(HR, post, "no_key_post", reason="已降级")
    program = platform.program(world.company, HR)
    version = program.api("GET", f"/hr/position/{post.id}").json()["row_version"]
    assert program.api("PATCH", f"/hr/position/{post.id}", {"key": False}, version=version).status_code == 422
    sent = {"action": "edit", "ids": [str(post.id)], "values": {"key": False}}
    program.api("POST", "/hr/position/bulk", sent)
    assert world.see(post).key
    assert world.approved(world.propose(world.employee("甲"), post, type="hire")).status is ChangeState.FILING


def test_the_company_takes_it_off_with_a_reason(world: World) -> None:
    post = world.post("项目副经理", key=True)
    for by in (MANAGER, "regional_director_north"):
        with pytest.raises(Forbidden):
            world.do(by, post, "no_key_post", reason="已降级")
    with pytest.raises(Invalid):
        world.do(DIRECTOR, post, "no_key_post", reason="")
    assert not world.do(DIRECTOR, post, "no_key_post", reason="岗位目录调整").key
    with pytest.raises(Conflict):
        world.do(GM, post, "no_key_post", reason="再来一次")
    assert world.edit(HR, post, key=True).key, "marking one is no way round anything"
    c = world.propose(world.employee("甲"), post, type="hire")
    world.do(DIRECTOR, post, "no_key_post", reason="岗位目录调整")
    assert world.approved(c).status is ChangeState.FILING, "what was proposed for a key post is filed"


def test_a_post_that_becomes_a_key_post_meanwhile_is_filed(world: World) -> None:
    post = world.post("项目副经理")
    c = world.propose(world.employee("甲"), post, type="hire")
    world.do(HR, c, "approve_submit")
    world.edit(HR, post, key=True)
    c = world.do(MANAGER, c, "approve_agree")
    assert (c.status, c.key) == (ChangeState.FILING, True)


def test_nobody_is_put_into_a_key_post_past_the_filing(world: World) -> None:
    post, who = world.post("项目副经理", key=True), world.employee("甲")
    body: dict[str, Any] = {"employee": "甲", "kind": "main", "on": world.day(0)}
    with pytest.raises(Conflict):
        world.do(HR, post, "appoint", **body)
    assert not world.held(who)
    with world.acting(None) as x:  # the system seats whoever was there before
        x.take(x.session.get_one(Position, (x.tenant, post.id)), "appoint", **body)
    assert set(world.held(who)) == {post.id}
    other = world.post("客服主管")
    world.do(HR, other, "appoint", **{**body, "kind": "concurrent"})
    assert other.id in world.held(who)
