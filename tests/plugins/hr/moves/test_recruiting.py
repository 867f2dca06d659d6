"""Recruiting: heads within the establishment, scorecards, credentials, an offer, reporting for work; the rest is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Forbidden, Invalid
from dougong_hr.moves.choices import CandidateState, ChangeState, RequisitionState
from dougong_hr.moves.records import Candidate, Change, Requisition, Scorecard
from dougong_hr.organisation.records import Employee

from .conftest import AGENT, GM, HR, LEAD, MANAGER

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import World

WHO = {"name": "应聘者甲", "phone": "13800005678", "source": "site", "resume": "做过三年"}
SCORES = {"performance": 80, "ability": 90, "potential": 70, "cooperation": 81}


def candidate(world: World, r: Any, **over: Any) -> Any:
    return world.make(Candidate, HR, requisition_id=str(r.id), **{**WHO, **over})


def interviewed(world: World, r: Any) -> Any:
    c = candidate(world, r)
    world.do(HR, c, "invite", interview_at="2099-01-01T09:00:00+08:00")
    for by in (LEAD, MANAGER):
        c = world.do(by, c, "score", scores=SCORES, words="稳重")
    return c


def offered(world: World, r: Any) -> Any:
    return world.do(
        HR, interviewed(world, r), "offer", pay=520000, start_on=world.day(3), probation_until=world.day(90)
    )


def test_heads_are_held_against_the_establishment(world: World) -> None:
    post = world.post("客服", headcount=2)
    world.seat(world.employee("甲"), post)
    r = world.make(Requisition, HR, position_id=str(post.id), reason="added", heads=2, wanted_on=world.day(30))
    with pytest.raises(Invalid) as refused:
        world.do(HR, r, "approve_submit")
    assert refused.value.errors[0].path == "heads"
    one = world.opened(post)
    assert one.status is RequisitionState.OPEN
    assert one.opened_at is not None
    again = world.make(Requisition, HR, position_id=str(post.id), reason="replaced", heads=1, wanted_on=world.day(30))
    with pytest.raises(Invalid):  # the free head has been asked for already
        world.do(HR, again, "approve_submit")


def test_a_leaver_on_the_way_makes_room(world: World) -> None:
    post, who = world.post("客服"), world.employee("甲")
    world.seat(who, post)
    r = world.make(Requisition, HR, position_id=str(post.id), reason="replaced", heads=1, wanted_on=world.day(30))
    with pytest.raises(Invalid):
        world.do(HR, r, "approve_submit")
    world.approved(world.propose(who, type="leave"))
    assert world.approved(r).status is RequisitionState.OPEN


def test_a_new_head_goes_further_up(world: World) -> None:
    post = world.post("客服")
    r = world.make(Requisition, HR, position_id=str(post.id), reason="added", heads=1, wanted_on=world.day(30))
    assert world.approved(r).status is RequisitionState.APPROVAL
    assert world.do(GM, r, "approve_agree").status is RequisitionState.OPEN


def test_from_candidate_to_proposed_appointment(world: World) -> None:
    r = world.opened(world.post("客服"))
    c = offered(world, r)
    assert c.status is CandidateState.PROPOSED
    assert c.score == 80
    assert c.cards == 2
    world.do(HR, c, "accept")
    c = world.do(HR, c, "join", code="YG-900")
    assert c.status is CandidateState.JOINED
    (hired,) = world.all(Employee, id=c.employee_id)
    assert (hired.name, hired.salary, hired.department) == ("应聘者甲", 520000, "service")
    (change,) = world.all(Change, employee_id=hired.id)
    assert change.status is ChangeState.DRAFT
    assert change.type.value == "hire"
    r = world.see(r)
    assert r.status is RequisitionState.CLOSED
    assert r.filled == 1
    assert r.filled_at is not None


def test_one_card_a_person_and_enough_of_them(world: World) -> None:
    c = candidate(world, world.opened(world.post("客服")))
    world.do(HR, c, "invite", interview_at="2099-01-01T09:00:00+08:00")
    world.do(LEAD, c, "score", scores=SCORES)
    with pytest.raises(Conflict):
        world.do(LEAD, c, "score", scores=SCORES)
    with pytest.raises(Conflict):
        world.do(HR, c, "offer", pay=1, start_on=world.day(3), probation_until=world.day(90))
    for wrong in ({}, {**SCORES, "luck": 3}, {**SCORES, "ability": 101}, {**SCORES, "ability": "many"}):
        with pytest.raises(Invalid):
            world.do(MANAGER, c, "score", scores=wrong)
    assert len(world.all(Scorecard, parent_id=c.id)) == 1


def test_certificates_that_the_post_requires_are_checked(world: World) -> None:
    c = interviewed(world, world.opened(world.post("电工", certificates="electrician")))
    offer = {"pay": 520000, "start_on": world.day(3), "probation_until": world.day(90)}
    with pytest.raises(Conflict):
        world.do(HR, c, "offer", **offer)
    for bad in ({"genuine": False}, {"genuine": True, "ends_on": world.day(-1)}):
        world.do(HR, c, "check", type="electrician", paper="DG-1", **bad)
        with pytest.raises(Conflict):
            world.do(HR, c, "offer", **offer)
    world.do(HR, c, "check", type="electrician", paper="DG-2", genuine=True, ends_on=world.day(400))
    assert world.do(HR, c, "offer", **offer).status is CandidateState.PROPOSED


def test_whoever_was_not_taken_is_closed(world: World) -> None:
    c = candidate(world, world.opened(world.post("客服")))
    assert world.sees(MANAGER, c)
    assert world.sees(LEAD, c)
    assert not world.sees(AGENT, c)
    c = world.do(HR, c, "reject", reason="经历不符")
    assert c.status is CandidateState.REJECTED
    assert c.closed_at is not None
    assert world.sees(HR, c)
    assert not world.sees(MANAGER, c)
    assert not world.sees(LEAD, c)


def test_no_more_are_taken_than_were_asked_for(world: World) -> None:
    r = world.opened(world.post("客服"))
    first, second = offered(world, r), offered(world, r)
    world.do(HR, first, "accept")
    with pytest.raises(Conflict):
        world.do(HR, second, "accept")
    with pytest.raises(Conflict):  # others are still in the selection
        world.do(HR, r, "close", reason="不招了")
    with pytest.raises(Forbidden):
        world.do(MANAGER, first, "join", code="X")


def test_the_timeline_says_a_score_once(world: World, platform: Running) -> None:
    c = interviewed(world, world.opened(world.post("客服")))
    shown = platform.browser(world.company, HR).get(f"/hr/candidate/{c.id}").text
    told = shown.partition('id="timeline"')[2].partition("</section>")[0]
    assert told.count("稳重") == 2
    assert told.count("面试评分") == told.count("面试评分表") > 1
    assert "安排面试" in told


def test_the_scorecard_as_a_page(world: World, platform: Running) -> None:
    c = candidate(world, world.opened(world.post("客服")))
    world.do(HR, c, "invite", interview_at="2099-01-01T09:00:00+08:00")
    lead = platform.browser(world.company, LEAD)
    here = f"/hr/candidates/{c.id}/score"
    assert lead.get(here).status_code == 200
    bad = lead.post(here, {f"c-{key}": "101" for key in SCORES})
    assert bad.status_code == 422
    assert lead.post(here, {f"c-{key}": str(n) for key, n in SCORES.items()}).status_code == 303
    assert world.see(c).score == 80
    assert platform.browser(world.company, AGENT).get(here).status_code == 404
