"""Heads are counted again when an appointment is submitted, when its day comes and when somebody is taken on; what cannot take
effect on its day says why and is tried again the next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Invalid
from dougong_hr.moves.choices import ChangeState
from dougong_hr.organisation.records import Holding, Position

from .conftest import GM, HR, MANAGER, TECHNICIAN
from .test_recruiting import interviewed, offered

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import World

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday(world: World) -> None:
    world.clock.at(MONDAY)
    world.company.settings("hr", notice_days=0)


def full(world: World, roles: str = "service_agent") -> Position:
    """A post of one head, which is held."""
    post = world.post("客服", roles=roles)
    world.seat(world.employee("占"), post)
    return post


def ready(world: World, post: Position, n: int = 3, **over: Any) -> Any:
    """An appointment of a technician that waits for its day, to a post that is free when it is decided."""
    who = world.employee("甲", TECHNICIAN)
    c = world.approved(world.propose(who, post, type="hire", effective_on=world.day(n), **over))
    assert c.status is ChangeState.READY
    return c


def told(platform: Running, world: World, name: str = HR) -> list[str]:
    return [one["event"] for one in platform.program(world.company, name).api("GET", "/notify/inbox").json()["items"]]


def test_a_full_post_is_refused_when_submitted(world: World) -> None:
    c = world.propose(world.employee("甲"), full(world), type="hire")
    with pytest.raises(Invalid) as refused:
        world.do(HR, c, "approve_submit")
    (error,) = refused.value.errors
    assert error.path == "to_id"
    assert "1" in str(error.message)
    assert world.see(c).status is ChangeState.DRAFT


def test_who_goes_by_then_makes_room_and_who_was_promised_takes_it(world: World) -> None:
    post, leaving = world.post("客服"), world.employee("走")
    world.seat(leaving, post)
    world.approved(world.propose(leaving, type="leave", effective_on=world.day(5)))
    early = world.propose(world.employee("早"), post, type="hire", effective_on=world.day(4))
    with pytest.raises(Invalid):
        world.do(HR, early, "approve_submit")
    assert world.approved(world.propose(world.employee("甲"), post, type="hire")).status is ChangeState.READY
    second = world.propose(world.employee("乙"), post, type="hire")
    with pytest.raises(Invalid):
        world.do(HR, second, "approve_submit")


def test_an_exception_is_said_and_approved_further_up(world: World) -> None:
    who, post = world.employee("甲", TECHNICIAN), full(world)
    c = world.propose(who, post, type="hire", effective_on=world.day(0), over_why="旺季增援一个月")
    c = world.approved(c)
    assert c.status is ChangeState.APPROVAL
    assert not world.held(who)
    with pytest.raises(Conflict):
        world.edit(HR, c, over_why="另一个理由")
    c = world.do(GM, c, "approve_agree")
    assert c.status is ChangeState.EFFECTIVE
    assert post.id in world.held(who)


def test_who_acts_needs_no_head(world: World) -> None:
    c = world.propose(
        world.employee("甲"),
        full(world),
        type="transfer",
        nature="acting",
        effective_on=world.day(0),
        until_on=world.day(30),
    )
    assert world.approved(c).status is ChangeState.EFFECTIVE


def test_what_cannot_take_effect_says_why_and_is_tried_again(world: World, platform: Running) -> None:
    post = world.post("客服", roles="service_agent")
    c = ready(world, post)
    world.seat(world.employee("占"), post)  # somebody is put into the post meanwhile
    world.clock.through(days=3, hours=1)
    c = world.see(c)
    assert c.status is ChangeState.READY
    assert "客服" in c.blocked_why
    assert not world.roles(TECHNICIAN)
    assert told(platform, world).count("hr.change_blocked") == 1
    shown = platform.browser(world.company, HR).get(f"/hr/change/{c.id}")
    assert c.blocked_why.splitlines()[0][:10] in shown.text
    world.clock.through(days=1)
    assert told(platform, world).count("hr.change_blocked") == 2, "every day anew"
    world.edit(None, post, headcount=2)
    world.clock.through(days=1)
    c = world.see(c)
    assert c.status is ChangeState.EFFECTIVE
    assert c.blocked_why is None
    assert world.roles(TECHNICIAN)


def test_a_post_abolished_meanwhile_blocks_and_can_be_dropped(world: World) -> None:
    post = world.post("客服")
    c = ready(world, post)
    world.do(None, post, "abolish")
    world.clock.through(days=4)
    c = world.see(c)
    assert c.status is ChangeState.READY
    assert c.blocked_why
    c = world.do(HR, c, "drop", reason="岗位已撤销")
    assert c.status is ChangeState.DROPPED
    assert c.blocked_why is None


def test_approving_a_day_that_has_come_is_not_stopped_by_a_full_post(world: World) -> None:
    """The project approves what HR proposed; whether there is a head is the day's, and HR is told."""
    post = world.post("客服")
    c = world.propose(world.employee("甲"), post, type="hire", effective_on=world.day(0))
    world.do(HR, c, "approve_submit")
    world.seat(world.employee("占"), post)
    c = world.do(MANAGER, c, "approve_agree")
    assert c.status is ChangeState.READY
    world.clock.through(minutes=5)
    assert world.see(c).blocked_why


def test_two_at_once_take_one_head_one_after_the_other(world: World) -> None:
    post = world.post("客服")
    several = [world.propose(world.employee(n), post, type="hire", effective_on=world.day(3)) for n in ("甲", "乙")]
    world.approved(several[0])
    with pytest.raises(Invalid):
        world.do(HR, several[1], "approve_submit")
    swapped = world.post("前台")
    who = world.employee("丙")
    world.seat(who, swapped)
    out = world.approved(world.propose(who, post, over_why="替岗", effective_on=world.day(3)))
    world.do(GM, out, "approve_agree")
    into = world.propose(world.employee("丁"), swapped, type="hire", effective_on=world.day(3))
    world.approved(into)
    world.clock.through(days=4)
    held = {h.position_id for h in world.all(Holding)}
    assert held == {post.id, swapped.id}
    assert world.see(into).status is ChangeState.EFFECTIVE, "who goes on the same day frees the head"


def test_a_head_that_is_gone_is_offered_to_nobody(world: World) -> None:
    post = world.post("客服")
    r = world.opened(post)
    first, second = offered(world, r), interviewed(world, r)
    world.edit(None, post, headcount=0)
    with pytest.raises(Conflict, match="客服"):
        world.do(HR, first, "accept")
    with pytest.raises(Conflict, match="客服"):
        world.do(HR, second, "offer", pay=1, start_on=world.day(3), probation_until=world.day(90))
    world.edit(None, post, headcount=1)
    assert world.do(HR, first, "accept").status.value == "hired"


def test_whoever_reported_for_work_holds_a_head_before_the_appointment_does(world: World) -> None:
    post = world.post("客服")
    c = world.do(HR, offered(world, world.opened(post)), "accept")
    world.do(HR, c, "join", code="YG-900")
    r = world.make(type(world.opened(world.post("别"))), HR, position_id=str(post.id), reason="added", heads=1,
                   wanted_on=world.day(30))  # fmt: skip
    with pytest.raises(Invalid):
        world.do(HR, r, "approve_submit")


def test_a_refusal_names_the_field_that_its_form_does_not_ask_for(world: World, platform: Running) -> None:
    c = world.propose(world.employee("甲"), full(world), type="hire")
    browser, here = platform.browser(world.company, HR), f"/hr/change/{c.id}"
    browser.get(here)
    said = browser.post(f"{here}/do/approve_submit", {"row_version": "1"})
    assert said.status_code == 422
    assert "拟任岗位：" in said.text
    assert "to_id" not in said.text
