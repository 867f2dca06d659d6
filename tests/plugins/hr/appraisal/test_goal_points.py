"""Goals gain points, results follow from them by weight: of oneself, by the superior, after an appeal; the old form goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Invalid
from dougong_hr.appraisal.choices import AppraisalState, Grade, RatingState
from dougong_hr.appraisal.records import Goal, GoalScore

from .conftest import AGENT, GIVEN, HR, LEAD, MANAGER, OWN, REGION

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import World

REST = {key: value for key, value in GIVEN.items() if key != "results"}
OWN_REST = {key: value for key, value in OWN.items() if key != "results"}


@pytest.fixture
def a(world: World) -> Any:
    """Its two goals weigh 60 and 40."""
    world.line()
    world.started()
    return world.of(AGENT)


def scores(world: World) -> list[tuple[int, str, int]]:
    return sorted((one.place, one.title, one.points) for one in world.all(GoalScore))


def own(world: World) -> list[int | None]:
    return [one.self_points for one in sorted(world.all(Goal), key=lambda goal: goal.place)]


def rated_self(world: World, a: Any) -> Any:
    world.goals(a)
    return world.do(AGENT, a, "rate_self", scores=OWN_REST, goals=[95, 82])


def test_results_follow_from_the_goals(world: World, a: Any) -> None:
    a = rated_self(world, a)
    assert (a.self_results, own(world)) == (90, [95, 82])  # 95 × 0.6 + 82 × 0.4 = 89.8
    assert a.self_total == 90 * 50 + 80 * 20 + 85 * 15 + 85 * 15
    r = world.do(LEAD, world.rating(a), "give", scores=REST, goals=[82, 79], words="办结率达标")
    assert (r.results, r.methods, r.total, r.grade) == (81, 75, 7755, Grade.FAIR)
    assert scores(world) == [(1, "按时办结率", 82), (2, "一次修复率", 79)]
    assert own(world) == [95, 82]  # what the superior gives is nowhere with the goals


def test_an_upheld_appeal_overwrites_the_points(world: World, a: Any) -> None:
    rated_self(world, a)
    r = world.do(LEAD, world.rating(a), "give", scores=REST, goals=[82, 60], words="办结率达标")
    world.do(MANAGER, r, "confirm")
    world.do(LEAD, a, "talk", on=world.today.isoformat(), words="面谈")
    world.do(AGENT, a, "appeal", reason="一次修复率按工单应为 91%")
    r = world.do(REGION, r, "amend", scores=REST, goals=[82, 91], reason="采用工单统计")
    assert (r.status, r.results, scores(world)) == (
        RatingState.FINAL,
        86,
        [(1, "按时办结率", 82), (2, "一次修复率", 91)],
    )
    assert {one.created_by for one in world.all(GoalScore)} == {world.company.people[REGION]}


def test_nothing_is_left_of_goals_when_results_are_given_directly(world: World, a: Any) -> None:
    rated_self(world, a)
    r = world.do(LEAD, world.rating(a), "give", scores=REST, goals=[82, 79], words="依据")
    world.do(MANAGER, r, "send_back", reason="依据不足")
    r = world.do(LEAD, r, "give", scores={**REST, "results": 95}, words="补充")
    assert (r.results, scores(world)) == (95, [])


def test_programs_that_give_results_directly_go_on(world: World, platform: Running, a: Any) -> None:
    world.goals(a)
    path = f"/hr/appraisal/{a.id}/transitions/rate_self"
    said = platform.program(world.company, AGENT).api("POST", path, {"scores": OWN})
    assert (said.status_code, said.json()["self_points"], own(world)) == (200, "86.50", [None, None])
    path = f"/hr/rating/{world.rating(a).id}/transitions/give"
    given = platform.program(world.company, LEAD).api("POST", path, {"scores": GIVEN, "words": "依据", "goals": None})
    assert (given.json()["points"], scores(world)) == ("77.55", [])
    sheet = platform.browser(world.company, LEAD).get(f"/hr/appraisals/{a.id}/sheet").text
    assert sheet.count("上级评分</th>") == 1  # no columns of points where no goal has any


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"scores": REST, "goals": []}, "goals"),
    ({"scores": REST, "goals": [82]}, "goals"),
    ({"scores": REST, "goals": [82, 79, 90]}, "goals"),
    ({"scores": REST, "goals": [82] * 13}, "goals"),
    ({"scores": REST, "goals": "82,79"}, "goals"),
    ({"scores": REST, "goals": {"0": 82, "1": 79}}, "goals"),
    ({"scores": REST, "goals": [101, 79]}, "goals.0"),
    ({"scores": REST, "goals": [82, -1]}, "goals.1"),
    ({"scores": REST, "goals": [82, "良"]}, "goals.1"),
    ({"scores": REST, "goals": [82, None]}, "goals.1"),
    ({"scores": REST, "goals": [82, 79.5]}, "goals.1"),
    ({"scores": REST, "goals": [True, 79]}, "goals.0"),
    ({"scores": GIVEN, "goals": [82, 79]}, "scores.results"),
    ({"scores": {**REST, "luck": 50}, "goals": [82, 79]}, "scores.luck"),
    ({"scores": {}, "goals": [82, 79]}, "scores.attitude"),
    ({"scores": REST}, "scores.results"),
]


@pytest.mark.parametrize(("body", "path"), WRONG)
def test_points_of_goals_that_cannot_be_are_refused(world: World, a: Any, body: dict[str, Any], path: str) -> None:
    world.goals(a)
    with pytest.raises(Invalid) as refused:
        world.do(AGENT, a, "rate_self", **body)
    assert refused.value.errors[0].path == path
    assert (world.see(a).status, own(world)) == (AppraisalState.SELF, [None, None])
    world.do(AGENT, a, "rate_self", scores=OWN)
    r = world.rating(a)
    with pytest.raises(Invalid) as refused:
        world.do(LEAD, r, "give", **body, words="依据")
    assert refused.value.errors[0].path == path
    assert (world.see(r).total, scores(world)) == (None, [])


def test_programs_are_told_where_it_is_wrong(world: World, platform: Running, a: Any) -> None:
    world.goals(a)
    program, path = platform.program(world.company, AGENT), f"/hr/appraisal/{a.id}/transitions/rate_self"
    both = program.api("POST", path, {"scores": OWN, "goals": [95, 82]})
    assert (both.status_code, both.json()["errors"][0]["path"]) == (422, "scores.results")
    assert "折算" in both.json()["errors"][0]["message"]
    few = program.api("POST", path, {"scores": OWN_REST, "goals": [95]})
    assert (few.status_code, few.json()["errors"][0]["path"]) == (422, "goals")


# ---- pages ----


def typed(values: dict[str, int], goals: list[Any], **more: str) -> dict[str, str]:
    points = {f"scores.{key}": str(value) for key, value in values.items()}
    return points | {f"goals.{n}": str(value) for n, value in enumerate(goals)} | more


def test_forms_ask_for_points_of_goals_instead_of_results(world: World, platform: Running, a: Any) -> None:
    world.goals(a)
    page, address = platform.browser(world.company, AGENT), f"/hr/appraisals/{a.id}/self"
    shown = page.get(address).text
    assert 'name="scores.results"' not in shown
    for words in ('name="goals.0"', 'name="goals.1"', "由各目标得分按权重折算", "不低于 95%"):
        assert words in shown
    for wrong in (["95", ""], ["101", "82"], ["-1", "82"], ["良", "82"], ["95"]):
        refused = page.post(address, typed(OWN_REST, wrong, words="还好"))
        assert refused.status_code == 422
        assert 'aria-invalid="true"' in refused.text
        assert f'value="{wrong[0]}"' in refused.text  # what was typed stays
    assert page.post(address, typed(OWN_REST, [95, 82])).status_code == 303
    assert (world.see(a).self_results, own(world)) == (90, [95, 82])
    superior, r = platform.browser(world.company, LEAD), world.rating(a)
    shown = superior.get(f"/hr/ratings/{r.id}/score").text
    assert 'name="scores.results"' not in shown
    for words in ("按时办结率", "权重 60%", "不低于 95%", "自评 95 分", "由各目标得分按权重折算"):
        assert words in shown
    assert superior.post(f"/hr/ratings/{r.id}/score", typed(REST, [82, 79], words="依据")).status_code == 303
    assert (world.see(r).points, [one[2] for one in scores(world)]) == ("77.55", [82, 79])


def test_a_rating_sent_back_and_an_appeal_begin_with_what_was_given(world: World, platform: Running, a: Any) -> None:
    rated_self(world, a)
    r = world.do(LEAD, world.rating(a), "give", scores=REST, goals=[82, 60], words="依据")
    world.do(MANAGER, r, "send_back", reason="依据不足")
    superior = platform.browser(world.company, LEAD)
    begun = superior.get(f"/hr/ratings/{r.id}/score").text
    assert 'name="goals.1"' in begun
    assert 'value="60"' in begun
    world.do(LEAD, r, "give", scores={**REST, "results": 73}, words="补充")
    world.do(MANAGER, r, "confirm")
    world.do(LEAD, a, "talk", on=world.today.isoformat(), words="面谈")
    world.do(AGENT, a, "appeal", reason="不认可")
    page = platform.browser(world.company, REGION)
    assert "直接评定为 73 分" in page.get(f"/hr/ratings/{r.id}/amend").text
    done = page.post(f"/hr/ratings/{r.id}/amend", typed(REST, [82, 91], reason="采用工单统计"))
    assert (done.status_code, world.see(r).results) == (303, 86)


def test_the_sheet_and_the_rating_show_points_of_goals(world: World, platform: Running, a: Any) -> None:
    rated_self(world, a)
    r = world.do(LEAD, world.rating(a), "give", scores=REST, goals=[82, 79], words="依据")
    for who in (LEAD, MANAGER, HR):
        sheet = platform.browser(world.company, who).get(f"/hr/appraisals/{a.id}/sheet").text
        for words in ('data-k="自评">95<', 'data-k="上级评分">82<', 'data-k="上级评分">79<'):
            assert words in sheet
        assert "目标得分" in platform.browser(world.company, who).get(f"/hr/rating/{r.id}").text
    entries = platform.program(world.company, HR).api("GET", f"/hr/rating/{r.id}?include=timeline").json()["timeline"]
    told = {(one["place"], one["title"], one["points"]) for one in entries if one["kind"] == GoalScore.kind}
    assert told == {(1, "按时办结率", 82), (2, "一次修复率", 79)}
