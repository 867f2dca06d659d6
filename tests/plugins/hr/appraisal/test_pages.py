"""What people see and send: forms without a script, the sheet, calibration as page and for programs, the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong_hr.appraisal import calibrating
from dougong_hr.appraisal.choices import AppraisalState
from dougong_hr.appraisal.records import Goal, Round

from .conftest import AGENT, GIVEN, GM, GOALS, HR, LEAD, MANAGER, OTHER, OWN, REGION

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import World


@pytest.fixture
def a(world: World) -> Any:
    world.line()
    world.started()
    return world.of(AGENT)


def _goals(rows: list[dict[str, Any]]) -> dict[str, str]:
    typed = {f"goals.{n}.{key}": str(value) for n, row in enumerate(rows) for key, value in row.items()}
    return {"rows": str(len(rows)), **typed}


def test_goals_are_typed_as_a_table(world: World, platform: Running, a: Any) -> None:
    page, address = platform.browser(world.company, AGENT), f"/hr/appraisals/{a.id}/goals"
    assert "goals.2.title" in page.get(address).text
    more = page.post(address, {**_goals(GOALS), "add": "goals"})
    assert "goals.2.title" in more.text
    assert "按时办结率" in more.text
    wrong = page.post(address, _goals([{"title": "一", "weight": "abc", "target": "二"}]))
    assert wrong.status_code == 422
    assert world.all(Goal) == []
    empty = {"title": "", "weight": "", "target": ""}
    saved = page.post(address, _goals([GOALS[0], empty, GOALS[1]]))
    assert saved.status_code == 303
    assert [one.title for one in world.all(Goal)] == ["按时办结率", "一次修复率"]
    assert platform.browser(world.company, OTHER).get(address).status_code == 404


def test_points_are_typed_and_handed_in(world: World, platform: Running, a: Any) -> None:
    world.goals(a)
    page = platform.browser(world.company, AGENT)
    points = {f"scores.{key}": str(value) for key, value in OWN.items()} | {"goals.0": "90", "goals.1": "90"}
    assert "按时办结率" in page.get(f"/hr/appraisals/{a.id}/self").text
    wrong = page.post(f"/hr/appraisals/{a.id}/self", {**points, "evidence.0": "GD-2026-999999"})
    assert wrong.status_code == 422
    assert world.see(a).status is AppraisalState.SELF
    done = page.post(f"/hr/appraisals/{a.id}/self", {**points, "outcomes.0": "96%", "words": "还好"})
    assert done.status_code == 303
    for over in ("self", "goals"):  # a stage that is over has no form any more
        assert page.get(f"/hr/appraisals/{a.id}/{over}").headers["location"] == f"/hr/appraisal/{a.id}"
    superior, r = platform.browser(world.company, LEAD), world.rating(a)
    shown = superior.get(f"/hr/ratings/{r.id}/score").text
    assert "96%" in shown
    assert "还好" in shown
    refused = superior.post(f"/hr/ratings/{r.id}/score", {"goals.0": "101", "words": "依据"})
    assert refused.status_code == 422
    given = {f"scores.{key}": str(value) for key, value in GIVEN.items()} | {"goals.0": "81", "goals.1": "81"}
    assert superior.post(f"/hr/ratings/{r.id}/score", {**given, "words": "依据"}).status_code == 303
    sheet = superior.get(f"/hr/appraisals/{a.id}/sheet").text
    assert "77.55" in sheet
    assert "86.50" in sheet


def test_the_start_page_says_whose_turn_it_is(world: World, platform: Running, a: Any) -> None:
    world.given(a)
    assert a.title in platform.browser(world.company, MANAGER).get("/").text
    assert a.title not in platform.browser(world.company, REGION).get("/").text


def test_programs_do_the_same(world: World, platform: Running, a: Any) -> None:
    program, path = platform.program(world.company, AGENT), f"/hr/appraisal/{a.id}"
    assert program.api("POST", f"{path}/transitions/set_goals", {"goals": GOALS}).status_code < 300
    assert program.api("POST", f"{path}/transitions/agree_goals", {}).status_code == 403
    platform.program(world.company, LEAD).api("POST", f"{path}/transitions/agree_goals", {})
    said = program.api("POST", f"{path}/transitions/rate_self", {"scores": OWN, "outcomes": ["96%"]})
    assert said.json()["self_points"] == "86.50"
    rating = f"/hr/rating/{world.rating(a).id}"
    given = platform.program(world.company, LEAD).api(
        "POST", f"{rating}/transitions/give", {"scores": GIVEN, "words": "依据"}
    )
    assert given.json()["points"] == "77.55"
    assert given.json()["grade"] == "fair"
    assert program.api("GET", rating).status_code == 404


def test_calibration_holds_superiors_against_the_mean(world: World, platform: Running, a: Any) -> None:
    (r,) = world.all(Round)
    world.given(a)  # 77.55 by the lead
    lead = world.of(LEAD)
    world.rated_self(lead, by=LEAD, superior=MANAGER)
    world.do(MANAGER, world.rating(lead), "give", scores=dict.fromkeys(GIVEN, 95), words="突出")
    said = platform.program(world.company, HR).get(f"/api/v1/hr/calibration/{r.id}").json()
    assert said["all"] == {
        "rated": 2, "mean": 8628, "off": 0, "least": 7755, "most": 9500,
        "grades": {"excellent": 1, "good": 0, "fair": 1, "poor": 0},
    }  # fmt: skip
    off = {one["rater"]: one["off"] for one in said["raters"]}
    assert off == {world.id(LEAD): -873, world.id(MANAGER): 872}
    page = platform.browser(world.company, HR).get(f"/hr/calibration/{r.id}").text
    for words in ("+8.72", "−8.73", "86.28"):
        assert words in page
    below = platform.program(world.company, MANAGER).get(f"/api/v1/hr/calibration/{r.id}").json()
    assert below["all"]["rated"] == 2
    for who in (AGENT, LEAD, "quality"):
        assert platform.program(world.company, who).get(f"/api/v1/hr/calibration/{r.id}").status_code == 403
    assert platform.program(world.company, HR).get("/api/v1/hr/calibration/nonsense").status_code == 404
    assert platform.program(world.company, GM).get(f"/api/v1/hr/calibration/{r.id}").status_code == 200


def test_means_are_rounded_half_up() -> None:
    spread = calibrating.Spread()
    assert spread.mean is None
    spread.count, spread.sum = 2, 17255
    assert spread.mean == 8628
