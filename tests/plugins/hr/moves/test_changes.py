"""Appointments: approved by the project, on notice for three working days, filed for a key post, in effect on the day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Forbidden, Invalid
from dougong_hr.moves.choices import ChangeState, FilingOutcome, NoticeState
from dougong_hr.moves.records import Change, Filing, Notice, Objection

from .conftest import AGENT, DIRECTOR, GM, HR, LEAD, MANAGER, MANAGER2, TECHNICIAN

if TYPE_CHECKING:
    from .conftest import World

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)  # nine in the morning at the site


@pytest.fixture(autouse=True)
def monday(world: World) -> None:
    world.clock.at(MONDAY)


def notice_of(world: World, change: Any) -> Any:
    return world.all(Notice, change_id=change.id)[-1]


def filed(world: World, change: Any) -> Any:
    world.do(HR, change, "file", basis="关键岗位任用备案办法", receiver_id=world.id(DIRECTOR))
    return world.do(DIRECTOR, change, "accept_filing")


def test_a_key_appointment_takes_effect_only_after_filing(world: World) -> None:
    before, post = world.post("客服主管"), world.post("项目副经理", key=True, roles="service_agent")
    who = world.employee("甲", TECHNICIAN)
    world.seat(who, before)
    c = world.propose(who, post, type="promote", effective_on=world.day(3))
    assert c.key
    c = world.approved(c)
    assert c.status is ChangeState.NOTICE
    world.clock.through(days=2)
    assert world.see(c).status is ChangeState.NOTICE
    world.clock.through(days=2)
    assert notice_of(world, c).status is NoticeState.PASSED
    assert world.see(c).status is ChangeState.FILING
    world.clock.through(days=3)  # its day has gone by: it waits all the same
    assert world.see(c).status is ChangeState.FILING
    assert post.id not in world.held(who)
    assert not world.roles(TECHNICIAN)
    c = filed(world, c)
    assert c.status is ChangeState.EFFECTIVE
    assert c.filed_at is not None
    assert world.roles(TECHNICIAN)
    assert set(world.held(who)) == {before.id, post.id}
    assert world.held(who)[before.id][1] == c.effective_on


def test_a_filing_is_returned_with_a_reason_and_no_approval(world: World) -> None:
    post, who = world.post("项目副经理", key=True), world.employee("甲")
    world.company.settings("hr", notice_days=0)
    c = world.approved(world.propose(who, post, type="hire"))
    assert c.status is ChangeState.FILING
    with pytest.raises(Conflict):  # nothing lies with the company yet
        world.do(DIRECTOR, c, "accept_filing")
    world.do(HR, c, "file", basis="备案办法", receiver_id=world.id(DIRECTOR))
    with pytest.raises(Forbidden):
        world.do(MANAGER, c, "accept_filing")
    with pytest.raises(Invalid):
        world.do(DIRECTOR, c, "return_filing", reason="")
    c = world.do(DIRECTOR, c, "return_filing", reason="缺任职资格证明")
    assert c.status is ChangeState.DRAFT
    assert c.returned_why == "缺任职资格证明"
    (entry,) = world.all(Filing, parent_id=c.id)
    assert entry.outcome is FilingOutcome.RETURNED
    assert entry.accepted_at is None


def test_filed_within_days_after_it_took_effect(world: World) -> None:
    world.company.settings("hr", notice_days=0, filing_mode="after", filing_days=2)
    post, who = world.post("项目副经理", key=True, roles="service_agent"), world.employee("甲", TECHNICIAN)
    c = world.approved(world.propose(who, post, type="hire", effective_on=world.day(0)))
    assert c.status is ChangeState.EFFECTIVE
    assert c.filed_at is None
    assert c.filing_by is not None
    assert world.roles(TECHNICIAN)
    steps = [one.step for one in world.clock.upcoming(2) if one.id == c.id and one.name == "filing"]
    world.clock.through(days=4)
    assert world.see(c).filing_late, steps
    world.do(HR, c, "file", basis="备案办法", receiver_id=world.id(DIRECTOR))
    c = world.do(DIRECTOR, c, "return_filing", reason="依据写错")
    assert c.status is ChangeState.EFFECTIVE
    assert c.filed_at is None
    c = filed(world, c)
    assert c.status is ChangeState.EFFECTIVE
    assert c.filed_at is not None
    assert c.filing_late


def test_nobody_approves_or_files_their_own(world: World) -> None:
    post, who = world.post("区域副总监", key=True), world.employee("甲", MANAGER)
    c = world.propose(who, post, type="hire")
    world.do(HR, c, "approve_submit")
    with pytest.raises(Conflict):
        world.do(MANAGER, c, "approve_agree")
    own = world.employee("乙", GM)
    world.company.settings("hr", notice_days=0)
    other = world.approved(world.propose(own, world.post("副总", key=True), type="hire"))
    with pytest.raises(Invalid):
        world.do(HR, other, "file", basis="备案办法", receiver_id=world.id(GM))
    world.do(HR, other, "file", basis="备案办法", receiver_id=world.id(DIRECTOR))
    with pytest.raises(Conflict):
        world.do(GM, other, "accept_filing")


def test_the_project_approves_not_human_resources(world: World) -> None:
    c = world.propose(world.employee("甲"), world.post("客服主管"), type="hire")
    world.do(HR, c, "approve_submit")
    with pytest.raises((Forbidden, Conflict)):
        world.do(HR, c, "approve_agree")
    c = world.do(MANAGER, c, "approve_return", reason="写明理由")
    assert c.status is ChangeState.DRAFT
    assert c.returned_why == "写明理由"


def test_an_objection_that_is_upheld_sends_it_back(world: World) -> None:
    c = world.approved(world.propose(world.employee("甲", AGENT), world.post("客服主管"), type="hire"))
    n = notice_of(world, c)
    assert world.sees(TECHNICIAN, n)
    assert not world.sees(TECHNICIAN, c)
    with pytest.raises(Conflict):
        world.do(AGENT, n, "raise_objection", words="是我自己")
    world.do(TECHNICIAN, n, "raise_objection", words="证书不是本人的")
    world.clock.through(days=5)
    assert world.see(n).status is NoticeState.OPEN  # an objection waits for its answer, and the notice for it
    n = world.do(MANAGER, n, "answer", upheld=True, answer="查实")
    assert n.status is NoticeState.STOPPED
    c = world.see(c)
    assert c.status is ChangeState.DRAFT
    assert c.returned_why == "查实"


def test_an_objection_that_is_dismissed_lets_it_pass(world: World) -> None:
    c = world.approved(world.propose(world.employee("甲"), world.post("客服主管"), type="hire"))
    n = notice_of(world, c)
    world.do(TECHNICIAN, n, "raise_objection", words="听说能力不够")
    n = world.do(MANAGER, n, "answer", upheld=False, answer="已核实，不成立")
    assert n.status is NoticeState.OPEN
    world.clock.through(days=4)
    assert world.see(c).status is ChangeState.READY
    (one,) = world.all(Objection, parent_id=n.id)
    assert one.upheld is False
    assert one.answer == "已核实，不成立"


def test_a_weekend_is_no_time_of_notice(world: World) -> None:
    world.clock.at(MONDAY + dt.timedelta(days=3))  # Thursday: Friday, Monday, Tuesday count
    c = world.approved(world.propose(world.employee("甲"), world.post("客服主管"), type="hire"))
    world.clock.through(days=4)
    assert world.see(c).status is ChangeState.NOTICE
    world.clock.through(days=2)
    assert world.see(c).status is ChangeState.READY


def test_a_transfer_changes_posts_and_rights_on_its_day(world: World) -> None:
    world.company.settings("hr", notice_days=0)
    old, new = world.post("客服一", roles="service_agent"), world.post("客服二", "n2", roles="service_agent")
    who = world.employee("甲", TECHNICIAN)
    world.seat(who, old)
    assert world.roles(TECHNICIAN)
    assert not world.roles(TECHNICIAN, site="n2")
    c = world.propose(who, new, "n2", effective_on=world.day(7))
    world.do(HR, c, "approve_submit")
    c = world.do(MANAGER2, c, "approve_agree")
    assert c.status is ChangeState.READY
    world.clock.through(days=6)
    assert world.roles(TECHNICIAN)
    assert not world.roles(TECHNICIAN, site="n2")
    world.clock.through(days=2)
    assert world.see(c).status is ChangeState.EFFECTIVE
    assert not world.roles(TECHNICIAN)
    assert world.roles(TECHNICIAN, site="n2")


def test_a_backdated_transfer_changes_later_rights_only(world: World) -> None:
    world.company.settings("hr", notice_days=0)
    old, new = world.post("客服一", roles="service_agent"), world.post("客服二", "n2", roles="service_agent")
    who = world.employee("甲", TECHNICIAN)
    world.seat(who, old)
    c = world.propose(who, new, "n2", effective_on=world.day(-20))
    world.do(HR, c, "approve_submit")
    c = world.do(MANAGER2, c, "approve_agree")
    assert c.status is ChangeState.EFFECTIVE
    assert world.held(who)[new.id][0] == c.effective_on
    past = MONDAY - dt.timedelta(days=5)
    assert not world.roles(TECHNICIAN, past, site="n2")
    world.clock.move(minutes=1)
    assert world.roles(TECHNICIAN, site="n2")
    assert not world.roles(TECHNICIAN)


def test_two_posts_at_two_sites_at_once(world: World) -> None:
    world.company.settings("hr", notice_days=0)
    main, beside = world.post("客服一", roles="service_agent"), world.post("客服二", "n2", roles="service_agent")
    who = world.employee("甲", TECHNICIAN)
    world.seat(who, main)
    c = world.propose(who, beside, "n2", nature="concurrent", effective_on=world.day(0))
    world.do(HR, c, "approve_submit")
    world.do(MANAGER2, c, "approve_agree")
    world.clock.move(minutes=1)
    assert world.roles(TECHNICIAN)
    assert world.roles(TECHNICIAN, site="n2")
    assert world.held(who)[main.id][1] is None


def test_acting_ends_after_ninety_days_at_the_latest(world: World) -> None:
    who, post = world.employee("甲"), world.post("客服主管")
    for wrong in ({}, {"until_on": world.day(101)}):
        with pytest.raises(Invalid) as refused:
            world.propose(who, post, nature="acting", **wrong)
        assert refused.value.errors[0].path == "until_on"
    assert world.propose(who, post, nature="acting", until_on=world.day(100)).until_on is not None


def test_probation_is_confirmed_on_the_day(world: World) -> None:
    who = world.employee("甲", hired_on=world.day(-60), probation_until=world.day(30))
    c = world.approved(world.propose(who, type="confirm", effective_on=world.day(2)))
    assert c.status is ChangeState.READY
    world.clock.through(days=3)
    assert world.see(c).status is ChangeState.EFFECTIVE
    assert world.see(who).status.value == "employed"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"type": "transfer"}, "to_id"),
        ({"type": "confirm"}, "employee_id"),
        ({"type": "transfer", "effective_on": "nonsense"}, "effective_on"),
        ({"type": "transfer", "why": ""}, "why"),
    ],
)
def test_bad_input_is_refused_by_its_field(world: World, body: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.propose(world.employee("甲"), **body)
    assert refused.value.errors[0].path == path


def test_what_was_submitted_is_not_changed_and_not_proposed_twice(world: World) -> None:
    who, post = world.employee("甲"), world.post("客服主管")
    c = world.propose(who, post, type="hire")
    with pytest.raises(Invalid):
        world.propose(who, post, type="hire")
    world.approved(c)
    c = world.do(HR, c, "drop", reason="本人放弃")
    assert c.status is ChangeState.DROPPED
    assert notice_of(world, c).status is NoticeState.STOPPED
    world.clock.through(days=15)
    assert world.see(c).status is ChangeState.DROPPED
    assert world.held(who) == {}


def test_changes_are_not_everybodys(world: World) -> None:
    c = world.propose(world.employee("甲"), world.post("客服主管"), type="hire")
    assert world.sees(HR, c)
    assert world.sees(MANAGER, c)
    assert not any(world.sees(one, c) for one in (AGENT, LEAD, TECHNICIAN, MANAGER2))
    with pytest.raises(Forbidden):
        world.make(Change, MANAGER, type="leave", employee_id=str(c.employee_id), effective_on=world.day(1), why="x")
