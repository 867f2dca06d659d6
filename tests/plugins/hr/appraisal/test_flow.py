"""An appraisal from goals to its end: who does what, never of oneself, appeals decided by others, nothing changed when final."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.errors import Conflict, Forbidden, Invalid, NotFound
from dougong_hr.appraisal.choices import AppraisalState, Grade, RatingState
from dougong_hr.appraisal.records import Appraisal, Goal, Rating
from dougong_hr.organisation import holdings
from dougong_hr.organisation.records import Employee, Holding

from .conftest import AGENT, GIVEN, GM, GOALS, HR, LEAD, MANAGER, OTHER, OWN, REGION

if TYPE_CHECKING:
    from .conftest import World

A = AppraisalState


@pytest.fixture
def a(world: World) -> Any:
    world.line()
    world.started()
    return world.of(AGENT)


def test_from_goals_to_the_confirmed_result(world: World, a: Any) -> None:
    assert (a.status, a.rater_id, a.reviewer_id) == (A.GOALS, world.company.people[LEAD], world.company.people[MANAGER])
    a = world.rated_self(a)
    assert a.status is A.RATING
    assert a.self_total == 90 * 50 + 80 * 20 + 85 * 15 + 85 * 15
    assert [one.outcome for one in sorted(world.all(Goal), key=lambda g: g.place)] == ["96%", "91%"]
    r = world.do(LEAD, world.rating(a), "give", scores=GIVEN, words="办结率达标")
    assert (r.total, r.grade, r.rater_id) == (7755, Grade.FAIR, world.company.people[LEAD])
    assert world.see(a).status is A.REVIEW
    r = world.do(MANAGER, r, "confirm")
    assert (r.status, r.reviewed_by) == (RatingState.REVIEWED, world.company.people[MANAGER])
    a = world.do(LEAD, a, "talk", on=world.today.isoformat(), words="夜班交接要加强")
    assert a.status is A.TOLD
    a = world.do(AGENT, a, "accept")
    assert (a.status, world.rating(a).status) == (A.FINAL, RatingState.FINAL)
    assert a.final_at is not None


def test_nobody_rates_or_reviews_themselves(world: World) -> None:
    """Not even somebody who may rate others there, whatever stands in the fields."""
    world.line()
    world.started()
    mine = world.of(LEAD)
    world.rated_self(mine, by=LEAD, superior=MANAGER)
    with pytest.raises(NotFound):  # the rating about oneself does not exist before the interview
        world.do(LEAD, world.rating(mine), "give", scores=GIVEN, words="我很好")
    with pytest.raises(Invalid) as refused:
        world.do(HR, mine, "assign", rater=world.id(LEAD), reviewer=world.id(GM))
    assert refused.value.errors[0].path == "rater"
    with pytest.raises(Invalid):
        world.do(HR, mine, "assign", rater=world.id(GM), reviewer=world.id(GM))
    with pytest.raises(Invalid):
        world.do(None, mine, "assign", rater=world.id(GM), reviewer=world.id(REGION), decider=world.id(GM))
    with world.acting(None) as x:  # as a handing over of what somebody has on hand would do it
        one = x.session.get_one(Appraisal, (x.tenant, mine.id))
        one.rater_id = one.person_id
        with pytest.raises(Conflict):
            x.take(one, "drop", reason="…")
        x.session.rollback()


def test_only_those_whose_turn_it_is(world: World, a: Any) -> None:
    for by in (HR, MANAGER):
        with pytest.raises(Conflict):
            world.do(by, a, "set_goals", goals=GOALS)
    world.do(AGENT, a, "set_goals", goals=GOALS)
    with pytest.raises(Forbidden):
        world.do(AGENT, a, "agree_goals")
    with pytest.raises(Conflict):
        world.do(MANAGER, a, "agree_goals")
    world.do(LEAD, a, "agree_goals")
    with pytest.raises(Conflict):
        world.do(LEAD, a, "rate_self", scores=OWN)
    world.do(AGENT, a, "rate_self", scores=OWN)
    r = world.rating(a)
    with pytest.raises(Conflict):
        world.do(MANAGER, r, "give", scores=GIVEN, words="越级")
    world.do(LEAD, r, "give", scores=GIVEN, words="办结率达标")
    for by in (LEAD, HR):  # whoever rated, and somebody who is not the reviewer
        with pytest.raises(Conflict):
            world.do(by, r, "confirm")
    world.do(MANAGER, r, "confirm")
    with pytest.raises(Conflict):
        world.do(MANAGER, a, "talk", on=world.today.isoformat(), words="…")
    world.do(LEAD, a, "talk", on=world.today.isoformat(), words="面谈")
    with pytest.raises(Conflict):
        world.do(LEAD, a, "appeal", reason="替他申诉")


def test_a_reviewer_sends_it_back(world: World, a: Any) -> None:
    world.given(a)
    r = world.do(MANAGER, world.rating(a), "send_back", reason="依据不足")
    assert (r.status, r.returned_why, world.see(a).status) == (RatingState.OPEN, "依据不足", A.RATING)
    r = world.do(LEAD, r, "give", scores={**GIVEN, "results": 95}, words="补充办结清单")
    assert (r.returned_why, r.total) == (None, 8455)


def test_an_appeal_is_decided_by_somebody_other_than_the_rater(world: World, a: Any) -> None:
    world.told(a)
    a = world.do(AGENT, a, "appeal", reason="一次修复率按工单应为 91%")
    assert (a.status, a.appeal_why) == (A.APPEAL, "一次修复率按工单应为 91%")
    r = world.rating(a)
    with pytest.raises(Forbidden):
        world.do(LEAD, r, "amend", scores=GIVEN, reason="维持")
    with pytest.raises(Conflict):  # neither rated nor decides here
        world.do(MANAGER, r, "dismiss", reason="维持")
    r = world.do(REGION, r, "amend", scores={**GIVEN, "results": 91}, reason="采用工单统计")
    assert (r.status, r.upheld, r.total, r.grade) == (RatingState.FINAL, True, 8255, Grade.GOOD)
    assert r.decided_by == world.company.people[REGION]
    assert world.see(a).status is A.FINAL


def test_an_appeal_may_be_dismissed(world: World, a: Any) -> None:
    world.told(a)
    world.do(AGENT, a, "appeal", reason="不认可")
    r = world.do(HR, world.rating(a), "dismiss", reason="依据充分")
    assert (r.upheld, r.total, r.status) == (False, 7755, RatingState.FINAL)
    assert world.see(a).status is A.FINAL


def test_five_working_days_for_an_appeal(world: World, a: Any) -> None:
    """From Monday: the weekend does not count; then the result is final by itself."""
    a = world.told(a)
    assert a.appeal_by == dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
    world.clock.through(days=6)
    assert world.see(a).status is A.TOLD
    world.clock.through(days=2)
    a = world.see(a)
    assert (a.status, world.rating(a).status) == (A.FINAL, RatingState.FINAL)
    with pytest.raises(Conflict):
        world.do(AGENT, a, "appeal", reason="太晚")


def test_an_appeal_stops_the_clock_and_starts_that_of_its_decision(world: World, a: Any) -> None:
    world.told(a)
    world.do(AGENT, a, "appeal", reason="不认可")
    r = world.rating(a)
    assert world.see(a).appeal_by is None or world.see(a).status is A.APPEAL
    assert r.decide_by == dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
    world.clock.through(days=10)
    assert world.see(a).status is A.APPEAL
    assert world.see(r).decide_late


def test_every_stage_has_its_clock(world: World, a: Any) -> None:
    day = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
    assert a.goals_by == day + dt.timedelta(days=14)
    a = world.goals(a)
    assert a.self_by == day + dt.timedelta(days=7)
    world.clock.through(days=8)
    assert world.see(a).self_late
    world.do(AGENT, a, "rate_self", scores=OWN)
    r = world.rating(a)
    assert r.rate_by is not None
    world.clock.through(days=8)
    assert world.see(r).rate_late
    r = world.do(LEAD, r, "give", scores=GIVEN, words="依据")
    assert r.review_by is not None
    world.do(MANAGER, r, "confirm")
    assert world.see(a).talk_by is not None
    world.clock.through(days=20)
    assert world.see(a).talk_late


def test_when_final_nothing_changes(world: World, a: Any) -> None:
    world.told(a)
    a = world.do(AGENT, a, "accept")
    r = world.rating(a)
    for by, record, step, body in (
        (LEAD, a, "talk", {"on": world.today.isoformat(), "words": "再谈"}),
        (AGENT, a, "evidence", {"goal": 1, "number": "GD-2026-000001"}),
        (HR, a, "assign", {"rater": world.id(GM), "reviewer": world.id(REGION)}),
        (HR, a, "drop", {"reason": "不要了"}),
        (LEAD, r, "give", {"scores": GIVEN, "words": "改"}),
        (HR, r, "amend", {"scores": GIVEN, "reason": "改"}),
    ):
        with pytest.raises(Conflict):
            world.do(by, record, step, **body)
    with world.acting(None) as x:
        one = x.session.get_one(Appraisal, (x.tenant, a.id))
        with pytest.raises(Conflict):
            x.take(one, "decided")
        assert x.session.get_one(Rating, (x.tenant, r.id)).total == 7755


def test_self_rating_waits_for_the_period(world: World) -> None:
    world.line()
    world.started(opens_on=None)
    a = world.goals(world.of(AGENT))
    assert a.self_by == dt.datetime(2027, 1, 7, 16, 0, tzinfo=dt.UTC) or a.self_by > dt.datetime(
        2027, 1, 4, tzinfo=dt.UTC
    )
    with pytest.raises(Conflict):
        world.do(AGENT, a, "rate_self", scores=OWN)
    with pytest.raises(Conflict):
        world.do(HR, a, "pass_over", reason="不自评")
    a = world.do(LEAD, a, "reopen_goals", reason="年中调整")
    assert (a.status, a.goals_at) == (A.GOALS, None)


def test_human_resources_goes_on_without_a_self_rating(world: World, a: Any) -> None:
    world.goals(a)
    with pytest.raises(Forbidden):
        world.do(LEAD, a, "pass_over", reason="不自评")
    a = world.do(HR, a, "pass_over", reason="长期病假")
    assert (a.status, a.self_total) == (A.RATING, None)


def test_left_out_of_the_round(world: World, a: Any) -> None:
    world.given(a)
    a = world.do(HR, a, "drop", reason="已离职")
    assert (a.status, world.rating(a).status) == (A.DROPPED, RatingState.DROPPED)


@pytest.mark.parametrize(
    ("goals", "path"),
    [
        ([], "goals"),
        ([{"title": "一", "weight": 99, "target": "二"}], "goals"),
        ([{"title": "一", "weight": 0, "target": "二"}], "goals.0.weight"),
        ([{"title": "", "weight": 100, "target": "二"}], "goals.0.title"),
        ([{"title": "一", "weight": "百", "target": "二"}], "goals.0.weight"),
        ([{"title": "一", "weight": 100}], "goals.0.target"),
        ([{"title": "一", "weight": 10, "target": "二"}] * 13, "goals"),
    ],
)
def test_goals_that_cannot_be_are_refused(world: World, a: Any, goals: Any, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.do(AGENT, a, "set_goals", goals=goals)
    assert refused.value.errors[0].path == path
    assert world.all(Goal) == []
    with pytest.raises(Conflict):
        world.do(LEAD, a, "agree_goals")


def test_goals_are_replaced_as_a_whole(world: World, a: Any) -> None:
    world.do(AGENT, a, "set_goals", goals=GOALS)
    world.do(LEAD, a, "set_goals", goals=[{"title": "只一项", "weight": 100, "target": "完成"}])
    assert [(one.place, one.title, one.weight) for one in world.all(Goal)] == [(1, "只一项", 100)]


@pytest.mark.parametrize(
    ("scores", "path"),
    [
        ({}, "scores.attitude"),
        ({**GIVEN, "results": 101}, "scores.results"),
        ({**GIVEN, "results": -1}, "scores.results"),
        ({**GIVEN, "results": 80.5}, "scores.results"),
        ({**GIVEN, "results": 1e30}, "scores.results"),
        ({**GIVEN, "results": True}, "scores.results"),
        ({**GIVEN, "luck": 50}, "scores.luck"),
        ({key: value for key, value in GIVEN.items() if key != "methods"}, "scores.methods"),
    ],
)
def test_points_that_cannot_be_are_refused(world: World, a: Any, scores: Any, path: str) -> None:
    world.rated_self(a)
    with pytest.raises(Invalid) as refused:
        world.do(LEAD, world.rating(a), "give", scores=scores, words="依据")
    assert refused.value.errors[0].path == path
    assert world.rating(a).total is None


def test_an_interview_is_not_noted_ahead(world: World, a: Any) -> None:
    world.do(MANAGER, world.given(a), "confirm")
    with pytest.raises(Invalid):
        world.do(LEAD, a, "talk", on=(world.today + dt.timedelta(days=1)).isoformat(), words="明天")


def test_the_superior_is_who_it_is_when_the_rating_begins(world: World, a: Any) -> None:
    """Somebody else has become lead by then; whom human resources chose by hand stays."""
    world.goals(a)
    with world.acting(None) as x:
        join = Employee.id == Holding.employee_id
        mine = sa.select(Holding).join(Employee, join).where(Employee.person_id == world.company.people[LEAD])
        lead = x.session.scalars(mine).one()
        holdings.leave_post(x, lead.id, x.today(world.company.sites["n1"]))
    a = world.do(AGENT, a, "rate_self", scores=OWN)
    assert (a.rater_id, a.reviewer_id) == (world.company.people[MANAGER], world.company.people[REGION])
    a = world.do(HR, a, "assign", rater=world.id(REGION), reviewer=world.id(GM), decider=world.id(HR))
    assert a.assigned
    assert world.do(REGION, world.rating(a), "give", scores=GIVEN, words="依据").status is RatingState.GIVEN
    with pytest.raises(Invalid) as refused:  # of another site, with no rights here
        world.do(HR, a, "assign", rater=world.id(OTHER), reviewer=world.id(GM))
    assert refused.value.errors[0].path == "rater"
