"""A round makes the appraisal of everybody in its scope, once; who rates them; what a round refuses."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Forbidden, Invalid, NotFound
from dougong.records import actions
from dougong_hr.appraisal import rounds
from dougong_hr.appraisal.choices import RoundState, Span
from dougong_hr.appraisal.records import Appraisal, Round
from dougong_hr.appraisal.resources import round as resource
from dougong_hr.organisation.records import Position

from .conftest import AGENT, GM, HR, LEAD, MANAGER, OWN, REGION, TECHNICIAN

if TYPE_CHECKING:
    from .conftest import World


def test_everybody_in_scope_once(world: World) -> None:
    staff = world.line()
    r = world.started()
    made = world.all(Appraisal)
    assert {one.employee_id for one in made} == {one.id for one in staff.values()}
    assert all(one.title.endswith("年度考核") for one in made)
    for _time in range(2):
        world.run(r)
    assert len(world.all(Appraisal)) == len(staff)


def test_those_who_came_since_are_added(world: World) -> None:
    world.line()
    r = world.started()
    late = world.employee("新来")
    world.do(HR, r, "gather")
    world.clock.run()
    assert len(world.all(Appraisal, employee_id=late.id)) == 1
    assert len(world.all(Appraisal)) == 6


def test_by_small_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        world.employee(f"甲{n}")
    monkeypatch.setattr(rounds, "STEP", 2)
    r = world.round()
    world.do(HR, r, "start")
    world.run(r)
    assert len(world.all(Appraisal)) == 2
    world.clock.run()
    assert len(world.all(Appraisal)) == 5


def test_who_is_left_out(world: World) -> None:
    """On probation, outsourced, gone, not long enough here, of another site; a company decides it in its settings."""
    world.employee("试用", hired_on="2026-02-20", probation_until="2026-05-20")
    world.employee("外包", employment="outsourced", employer="某公司")
    world.employee("刚来", hired_on="2026-11-01")
    world.employee("别处", site="n2")
    world.employee("派遣", employment="agency")
    world.started()
    (only,) = world.all(Appraisal)
    assert only.title.startswith("派遣")
    world.company.settings(
        "hr", appraised_on_probation=True, appraised=["own", "agency", "outsourced"], appraised_days=0
    )
    (r,) = world.all(Round)
    world.do(HR, r, "gather")
    world.clock.run()
    assert len(world.all(Appraisal)) == 4


def test_a_round_of_the_whole_company(world: World) -> None:
    world.employee("甲")
    world.employee("乙", site="n2")
    world.started(site=world.company.slug)
    assert {one.site_id for one in world.all(Appraisal)} == {world.company.sites["n1"], world.company.sites["n2"]}


def test_a_round_that_does_not_run_makes_nothing(world: World) -> None:
    world.employee("甲")
    r = world.round()
    world.run(r)
    assert world.all(Appraisal) == []


def test_weights_are_the_rounds(world: World) -> None:
    r = world.round()
    assert [r.results, r.methods, r.attitude, r.cooperation] == [50, 20, 15, 15]
    own = world.round(results=40, methods=30, attitude=15, cooperation=15)
    assert own.results == 40
    for weights in ({"results": 60}, {"results": 50, "methods": 20, "attitude": 15, "cooperation": 16}):
        with pytest.raises(Invalid) as refused:
            world.round(**weights)
        assert refused.value.errors[0].path == "results"


@pytest.mark.parametrize(
    ("over", "path"),
    [
        ({"year": 1999}, "year"),
        ({"year": "今年"}, "year"),
        ({"span": "quarter"}, "span"),
        ({"results": -1, "methods": 101}, "methods"),
        ({"opens_on": "2025-12-31"}, "opens_on"),
        ({"title": ""}, "title"),
    ],
)
def test_rounds_that_cannot_be_are_refused(world: World, over: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.round(**over)
    assert path in [one.path for one in refused.value.errors]


def test_periods() -> None:
    day = dt.date
    assert rounds.period(2026, Span.YEAR) == (day(2026, 1, 1), day(2026, 12, 31))
    assert rounds.period(2026, Span.FIRST_HALF) == (day(2026, 1, 1), day(2026, 6, 30))
    assert rounds.period(2026, Span.SECOND_HALF) == (day(2026, 7, 1), day(2026, 12, 31))


def test_a_round_that_runs_keeps_its_period_and_weights(world: World) -> None:
    r = world.started()
    with world.acting(HR) as x:
        found = x.get(Round, r.id)
        with pytest.raises(Conflict):
            actions.update(resource, r.id, {"results": 40, "methods": 30}, x, version=found.row_version)
        x.session.rollback()


def test_a_round_is_closed_when_all_are_settled(world: World) -> None:
    world.employee("甲")
    r = world.started()
    with pytest.raises(Conflict):
        world.do(HR, r, "close")
    world.do(HR, world.all(Appraisal)[0], "drop", reason="另行考核")
    assert world.do(HR, r, "close").status is RoundState.CLOSED


def test_only_human_resources_keeps_rounds(world: World) -> None:
    r = world.round()
    for by in (MANAGER, GM, AGENT):
        with pytest.raises((Forbidden, NotFound)):
            world.do(by, r, "start")


# ---- who rates ----


def test_a_line_by_posts(world: World) -> None:
    world.line()
    world.started()
    people = world.company.people
    a = world.of(AGENT)
    assert (a.rater_id, a.reviewer_id, a.decider_id) == (people[LEAD], people[MANAGER], people[REGION])
    assert a.above == [people[LEAD], people[MANAGER], people[REGION], people[GM]]


def test_nobody_above_falls_to_roles(world: World) -> None:
    """Without a post the roles above; at the very top, human resources."""
    world.employee("技工", TECHNICIAN)
    world.employee("总经理", GM)
    world.employee("无账号")
    world.started()
    people = world.company.people
    a = world.of(TECHNICIAN)
    assert a.rater_id == people[MANAGER]
    assert a.reviewer_id not in (None, people[MANAGER], people[TECHNICIAN])
    assert a.above == []
    top = world.of(GM)
    assert top.rater_id == people[HR]
    assert top.reviewer_id is None
    (without,) = world.all(Appraisal, person_id=None)
    assert without.rater_id == people[MANAGER]


def test_the_line_of_somebody_without_an_account(world: World) -> None:
    world.line()
    (lead,) = world.all(Position, code="客服主管")
    who = world.employee("保洁员")
    world.seat(who, world.post("保洁", lead))
    world.started()
    (a,) = world.all(Appraisal, employee_id=who.id)
    assert (a.person_id, a.rater_id) == (None, world.company.people[LEAD])
    world.do(LEAD, a, "set_goals", goals=[{"title": "卫生达标", "weight": 100, "target": "抽查合格"}])
    world.do(LEAD, a, "agree_goals")
    with pytest.raises(Conflict):
        world.do(LEAD, a, "rate_self", scores=OWN)
    a = world.do(HR, a, "rate_self", scores=OWN, words="由人事按纸质自评表代录")
    assert a.self_total is not None
