"""The pages of the system over HTTP: the checklist without a script, coverage, matrix, scoreboard, template, inputs."""

from __future__ import annotations

from typing import Any

import pytest
from dougong_quality.system.pages.takeover import TEMPLATE
from dougong_quality.system.records import Audit, Hazard, LegalItem, ManagementReview, Objective

from .conftest import AUDIT, HAZARD, OBJECTIVE, QUALITY, REVIEW

PAGES = (
    "/quality/coverage",
    "/quality/scoreboard",
    "/quality/ratings/hazards",
    "/quality/ratings/aspects",
    "/quality/law/template",
)


@pytest.fixture
def visit(platform: Any, world: Any) -> Any:
    return lambda username: platform.browser(world.company, username)


def test_the_checklist_is_answered_by_its_form(world: Any, visit: Any) -> None:
    id = world.running()
    one, other, *_rest = world.lines(id)
    address = f"/quality/audits/{id}/checklist"
    client = visit(QUALITY)
    assert one.clause in client.get(address).text
    wrong = client.post(address, {f"v-{one.id}": "conforms", f"v-{other.id}": "nonconforming", f"e-{other.id}": " "})
    assert wrong.status_code == 422
    assert world.see(Audit, id).answered == 0, "nothing is kept of what is refused"
    good = client.post(
        address, {f"v-{one.id}": "conforms", f"v-{other.id}": "nonconforming", f"e-{other.id}": "旧版表单"}
    )
    assert good.status_code == 303
    assert (world.see(Audit, id).answered, world.see(Audit, id).failed) == (2, 1)
    again = client.post(address, {f"v-{one.id}": "conforms"})
    assert again.status_code == 303
    strange = client.post(address, {f"v-{one.id}": "perhaps"})
    assert strange.status_code == 422


def test_who_is_not_on_the_team_reads_the_checklist_and_answers_nothing(world: Any, visit: Any) -> None:
    id = world.running()
    line = world.lines(id)[0]
    client = visit("project_manager_n1")
    assert client.get(f"/quality/audits/{id}/checklist").status_code == 200
    assert client.post(f"/quality/audits/{id}/checklist", {f"v-{line.id}": "conforms"}).status_code in (403, 409)
    assert visit("project_manager_s1").get(f"/quality/audits/{id}/checklist").status_code == 404


def test_an_audit_without_a_checklist_says_so(world: Any, visit: Any) -> None:
    id = world.make(Audit, AUDIT, "n1")
    assert visit(QUALITY).get(f"/quality/audits/{id}/checklist").status_code == 409


def test_every_page_opens_and_says_what_there_is(world: Any, visit: Any) -> None:
    world.reported(c7_5_3="nonconforming")
    world.make(Hazard, HAZARD)
    objective = world.make(Objective, OBJECTIVE)
    world.do(QUALITY, Objective, objective, "record", of="2026-01-01", value=90)
    review = world.make(ManagementReview, REVIEW)
    world.do(QUALITY, ManagementReview, review, "gather")
    client = visit(QUALITY)
    for path in (*PAGES, f"/quality/reviews/{review}/inputs"):
        assert client.get(path).status_code == 200, path
    assert "<rect" in client.get("/quality/scoreboard?year=2026").text
    assert client.get("/quality/scoreboard?year=last").status_code == 400
    assert client.get("/quality/ratings/people").status_code == 404


def test_the_template_is_taken_over_by_those_who_keep_the_register(world: Any, visit: Any) -> None:
    assert visit("project_manager_n1").get("/quality/law/template").status_code == 404
    client = visit(QUALITY)
    client.get("/quality/law/template")
    assert client.post("/quality/law/template", {}).status_code == 303
    assert len(world.all(LegalItem)) == len(TEMPLATE)


def test_with_the_module_off_nothing_of_it_is_there(world: Any, visit: Any) -> None:
    id = world.running()
    world.company.switch("quality", False)
    client = visit(QUALITY)
    for path in (*PAGES, f"/quality/audit/{id}", f"/quality/audits/{id}/checklist"):
        assert client.get(path).status_code == 404, path
