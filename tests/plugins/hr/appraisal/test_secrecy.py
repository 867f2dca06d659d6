"""Ratings are seen by the employee after the interview, by those above, by human resources, and by nobody else by any way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.errors import Invalid
from dougong.records import journal
from dougong.testing.clients import legible
from dougong.web.telling import told
from dougong_hr.appraisal import evidence
from dougong_hr.appraisal.records import Appraisal, Goal, GoalScore, Rating
from dougong_workorders.records import Order

from .conftest import AGENT, GM, HR, LEAD, MANAGER, OTHER, REGION, TECHNICIAN

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

    from .conftest import World

CANARY = {"methods": 17, "attitude": 19, "cooperation": 23}
GOALS = [3, 28]  # results 13
TOTAL = "16.20"
WORDS = "这句话只有该看的人能看到"


@pytest.fixture
def a(world: World) -> Any:
    world.line()
    world.started()
    found = world.rated_self(world.of(AGENT))
    world.do(LEAD, world.rating(found), "give", scores=CANARY, goals=GOALS, words=WORDS)
    return world.see(found)


def test_who_sees_an_appraisal(world: World, a: Any) -> None:
    seen = {
        by: world.sees(by, a) for by in (AGENT, LEAD, MANAGER, REGION, GM, HR, OTHER, TECHNICIAN, "quality", "finance")
    }
    assert {by for by, may in seen.items() if may} == {AGENT, LEAD, MANAGER, REGION, GM, HR}


def test_who_sees_a_rating_before_and_after_the_interview(world: World, a: Any) -> None:
    r = world.rating(a)
    above = {LEAD, MANAGER, REGION, GM, HR}
    everybody = (*above, AGENT, OTHER, TECHNICIAN, "quality", "finance", "admin")
    assert {by for by in everybody if world.sees(by, r)} == above
    world.do(MANAGER, r, "confirm")
    assert not world.sees(AGENT, r)
    world.do(LEAD, a, "talk", on=world.today.isoformat(), words="谈过")
    assert {by for by in everybody if world.sees(by, r)} == above | {AGENT}


def test_human_resources_do_not_see_what_they_were_given_before_the_interview(world: World) -> None:
    world.employee("人事", HR)
    world.started()
    mine = world.of(HR)
    with world.acting(None) as x:
        one = x.session.get_one(Appraisal, (x.tenant, mine.id))
        r = x.create(Rating, one.site_id, title=one.title, appraisal_id=one.id, round_id=one.round_id)
        journal.settle(x)
        id = r.id
    assert not world.sees(HR, world.see(world.all(Rating, id=id)[0]))


def ways(world: World, a: Any) -> list[str]:
    r, (round,) = world.rating(a), {one.round_id for one in world.all(Appraisal)}
    api = [f"/api/v1/hr/{kind}" for kind in ("appraisal", "rating")]
    return [
        *(f"{way}?tab=all&fields={name}" for way in api for name in ("title", "points", "grade", "results", "words")),
        *(f"{way}?tab=all&limit=100" for way in api),
        *(f"/api/v1/hr/rating/{r.id}{rest}" for rest in ("", "?include=timeline", "/history", "/comments", "/files", "/links")),
        *(f"/api/v1/hr/appraisal/{a.id}{rest}" for rest in ("", "?include=timeline", "/history", "/links")),
        *(f"/api/v1/exchange/exports/hr.{kind}/{form}?tab=all" for kind in ("appraisal", "rating") for form in ("csv", "json")),
        f"/api/v1/hr/calibration/{round}",
        "/api/v1/reports/hr/appraisals?period=this-year",
        "/api/v1/hr/rating?tab=all&grade=poor",
    ]  # fmt: skip


def pages(world: World, a: Any) -> list[str]:
    r, round = world.rating(a), a.round_id
    return [
        "/", "/hr/appraisal?tab=all", "/hr/rating?tab=all", f"/hr/appraisal/{a.id}", f"/hr/rating/{r.id}",
        f"/hr/appraisals/{a.id}/sheet", f"/hr/appraisals/{a.id}/self", f"/hr/ratings/{r.id}/score", f"/hr/ratings/{r.id}/amend",
        f"/hr/calibration/{round}", f"/hr/round/{round}", f"/hr/employee/{a.employee_id}", f"/search?q={a.number}",
        "/reports/hr/appraisals?period=this-year", f"/papers/hr/rating/{r.id}.pdf", f"/search?q={r.number}",
    ]  # fmt: skip


@pytest.mark.parametrize("who", [AGENT, TECHNICIAN, OTHER, "quality"])
def test_no_way_leads_to_a_rating(world: World, platform: Running, a: Any, who: str) -> None:
    program, page = platform.program(world.company, who), platform.browser(world.company, who)
    r = world.rating(a)
    secret = (
        TOTAL, "1620", WORDS, '"grade":"poor"', '"results":13', GoalScore.kind, '"points" : 3}', '"points" : 28}',
        "[3,28]", "[3, 28]", 'data-k="上级评分">3<', 'data-k="上级评分">28<', "目标得分</",
    )  # fmt: skip
    found = []
    for address in ways(world, a):
        text = legible(program.get(address).text)
        found += [f"{address}: {word}" for word in secret if word in text]
    for address in pages(world, a):
        whole = page.get(address).text
        found += [f"{address}: {word}" for word in secret if word in legible(whole)]
        if str(r.id) in whole and str(r.id) not in address:
            found.append(f"{address}: its id")
    assert found == []
    with world.acting(who) as x:
        assert not told(x, Rating.kind, r.id)


@pytest.mark.parametrize("who", [AGENT, HR])
def test_what_goals_were_given_is_told_with_the_rating(world: World, platform: Running, a: Any, who: str) -> None:
    """To human resources at once, to the employee from the interview on; with the same words that are looked for above."""
    r, program, page = world.rating(a), platform.program(world.company, who), platform.browser(world.company, who)
    if who == AGENT:
        assert program.get(f"/api/v1/hr/rating/{r.id}?include=timeline").status_code == 404
        world.do(MANAGER, r, "confirm")
        world.do(LEAD, a, "talk", on=world.today.isoformat(), words="谈过")
    entries = program.get(f"/api/v1/hr/rating/{r.id}?include=timeline").text
    for words in (GoalScore.kind, '"points" : 3}', '"points" : 28}'):
        assert words in entries
    sheet = page.get(f"/hr/appraisals/{a.id}/sheet").text
    assert 'data-k="上级评分">3<' in sheet
    assert 'data-k="上级评分">28<' in sheet


def test_figures_are_of_those_whom_one_may_see(world: World, platform: Running, a: Any) -> None:
    counted = {}
    for who in (HR, LEAD, MANAGER, AGENT, OTHER, "quality"):
        answer = platform.program(world.company, who).get("/api/v1/reports/hr/appraisals?period=this-year")
        counted[who] = answer.json()["total"]["rated"]["value"] if answer.status_code == 200 else None
    assert counted == {HR: 1, LEAD: 1, MANAGER: 1, AGENT: 0, OTHER: 0, "quality": 0}


def test_the_history_of_an_appraisal_says_nothing_of_points(world: World, platform: Running, a: Any) -> None:
    said = json.dumps(platform.program(world.company, HR).get(f"/api/v1/hr/appraisal/{a.id}/history").json())
    assert "rated" in said
    for one in (TOTAL, WORDS, "poor", json.dumps(GOALS), GoalScore.kind):
        assert one not in said


def test_another_company_sees_nothing(world: World, platform: Running, a: Any, other_company: Company) -> None:
    program = platform.program(other_company, HR)
    assert program.get(f"/api/v1/hr/rating/{world.rating(a).id}").status_code == 404
    assert program.get(f"/api/v1/hr/calibration/{a.round_id}").status_code == 404


# ---- evidence ----


@pytest.fixture
def order(world: World) -> Any:
    """A work order of the site, which technicians and human resources do not see."""
    with world.company.acting(None, "workorders") as x:
        body = {
            "nature": "repair", "urgency": "normal", "source": "phone", "category": "water", "title": "厨房水龙头滴水",
            "location": "3 号楼 2 单元 1801", "reporter": "王女士", "phone": "13800005678",
        }  # fmt: skip
        made = x.submit(Order, world.company.sites["n1"], body)
        x.session.flush()
        x.session.refresh(made)
        x.session.expunge(made)
        return made


def test_evidence_is_shown_to_those_who_may_see_it(world: World, platform: Running, order: Any) -> None:
    world.line()
    world.started()
    a = world.goals(world.of(AGENT))
    world.do(AGENT, a, "evidence", goal=1, number=order.number)
    world.do(AGENT, a, "evidence", goal=1, number=order.number)  # twice is once
    (goal,) = world.all(Goal, place=1)
    assert goal.evidence == [[order.kind, str(order.id)]]
    for who, sees in ((AGENT, True), (LEAD, True), (MANAGER, True), (HR, False)):
        with world.acting(who) as x:
            assert [one.number for one in evidence.shown(x, x.session.get_one(Goal, (x.tenant, goal.id)))] == (
                [order.number] if sees else []
            )
        page, program = platform.browser(world.company, who), platform.program(world.company, who)
        texts = [
            page.get(f"/hr/appraisals/{a.id}/sheet").text,
            page.get(f"/hr/appraisal/{a.id}").text,
            program.get(f"/api/v1/hr/appraisal/{a.id}/history").text,
            program.get(f"/api/v1/hr/appraisal/{a.id}?include=timeline").text,
        ]
        assert (order.number in texts[0]) is sees
        if not sees:
            assert not [one for one in texts if order.number in one or order.title in one or str(order.id) in one]


def test_evidence_is_linked_by_those_alone_who_may_see_it(world: World, order: Any) -> None:
    world.line()
    world.started()
    a = world.goals(world.of(GM), GM, HR)  # nobody stands above the general manager
    with pytest.raises(Invalid) as refused:
        world.do(HR, a, "evidence", goal=1, number=order.number)
    assert refused.value.errors[0].path == "number"
    for wrong in ("GD-2026-999999", "", "   ", "<script>", "x" * 200):
        with pytest.raises(Invalid):
            world.do(GM, a, "evidence", goal=1, number=wrong)
    with pytest.raises(Invalid) as refused:
        world.do(GM, a, "evidence", goal=9, number=order.number)
    assert refused.value.errors[0].path == "goal"
    world.do(GM, a, "evidence", goal=1, number=order.number)
    with pytest.raises(Invalid):
        world.do(HR, a, "drop_evidence", goal=1, number=order.number)
    world.do(GM, a, "drop_evidence", goal=1, number=order.number)
    assert world.all(Goal, place=1)[0].evidence == []


def test_evidence_of_a_module_that_is_off_is_not_shown(world: World, order: Any) -> None:
    world.line()
    world.started()
    a = world.goals(world.of(AGENT))
    world.do(AGENT, a, "evidence", goal=1, number=order.number)
    world.company.switch("workorders", False)
    with world.acting(AGENT) as x:
        goal = x.session.scalars(sa.select(Goal).where(Goal.parent_id == a.id, Goal.place == 1)).one()
        assert evidence.shown(x, goal) == []
