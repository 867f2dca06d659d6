"""The phone's pages and what its outbox sends: who gets to them, and what is refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong_inspections.records import LateSubmission, Task

from .conftest import GOOD, ITEMS, World
from .test_tasks import LEAD, TECH, at

if TYPE_CHECKING:
    from dougong.testing.clients import Running

TODAY = "/inspections/today"


@pytest.fixture
def task(world: World) -> Task:
    world.plan()
    world.clock.at(at("2026-03-02 08:30"))
    return world.tasks()[0]


def test_the_way_to_the_walk(world: World, task: Task, platform: Running) -> None:
    """From the menu, from the start page, from the task; for whoever may walk, and nobody else."""
    mine, walk = platform.browser(world.company, TECH), f"/inspections/walk/{task.id}"
    home = mine.get("/").text
    assert f'href="{TODAY}"' in home
    assert f'href="{walk}"' in home
    assert walk in mine.get(f"/inspections/task/{task.id}").text
    assert walk in mine.get(TODAY).text
    reader = platform.browser(world.company, "client_n1")
    assert walk not in reader.get(f"/inspections/task/{task.id}").text
    assert TODAY not in reader.get("/").text
    world.do(Task, task.id, "start", TECH)
    lead = platform.browser(world.company, LEAD)
    assert walk not in lead.get(TODAY).text
    assert walk not in lead.get(f"/inspections/task/{task.id}").text


SEND = "/inspections/walk/{}/send"


def body(world: World, task: Task, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    walk = world.walk(task.id, at("2026-03-02 08:30"), {**GOOD, **answers})
    return {"v": 1, "what": "submit", **walk, **more}


def paths(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["path"] for error in answer.json()["errors"]]


# ---- what a failure needs ----


def test_a_failure_needs_words_by_every_way(world: World, task: Task, platform: Running) -> None:
    phone = platform.program(world.company, TECH)
    sent = body(world, task, {"volt": {"value": 500, "note": "  "}})
    wanted = ["points.0.answers.volt.note", "points.1.answers.volt.note"]
    assert paths(phone.api("POST", SEND.format(task.id), sent)) == wanted
    whole = {name: value for name, value in sent.items() if name not in ("v", "what")}
    assert paths(phone.api("POST", f"/inspections/task/{task.id}/submission", whole)) == wanted
    assert paths(phone.api("POST", f"/inspections/task/{task.id}/progress", {"points": sent["points"]})) == wanted
    browser = platform.browser(world.company, TECH)
    browser.get(f"/inspections/walk/{task.id}")
    form = {"a.1.exit": "ok", "v.1.volt": "500", "v.1.smell": "无", "act": "save"}
    refused = browser.post(f"/inspections/walk/{task.id}", form)
    assert refused.status_code == 422
    assert "1 号配电房 · 电压" in refused.text
    assert 'value="500"' in refused.text  # what was typed is still there
    assert world.see(Task, task.id).answered == 0
    assert browser.post(f"/inspections/walk/{task.id}", {**form, "n.1.volt": "电压过高"}).status_code == 303
    assert world.see(Task, task.id).failed == 1


def test_a_failure_needs_its_photo(world: World, platform: Running) -> None:
    world.publish([{**ITEMS[0], "photo_on_fail": True}])
    world.plan()
    world.clock.at(at("2026-03-02 08:30"))
    task = world.tasks()[0]
    points = [{"point": str(world.points(task.id)[0]), "answers": {"exit": {"value": False, "note": "堆放杂物"}}}]
    phone = platform.program(world.company, TECH)
    wanted = ["points.0.answers.exit.photos"]
    assert paths(phone.api("POST", SEND.format(task.id), {"v": 1, "what": "progress", "points": points})) == wanted
    assert paths(phone.api("POST", f"/inspections/task/{task.id}/progress", {"points": points})) == wanted
    browser = platform.browser(world.company, TECH)
    browser.get(f"/inspections/walk/{task.id}")
    form = {"a.1.exit": "bad", "n.1.exit": "堆放杂物", "act": "save"}
    assert browser.post(f"/inspections/walk/{task.id}", form).status_code == 422
    assert world.see(Task, task.id).answered == 0


def test_the_inspector_says_how_severe_it_is_and_never_milder_than_demanded(
    world: World, task: Task, platform: Running
) -> None:
    phone = platform.program(world.company, TECH)
    mild = body(world, task, {"exit": {"value": False, "note": "堆放杂物", "severity": "minor"}})
    assert paths(phone.api("POST", SEND.format(task.id), mild)) == [f"points.{n}.answers.exit.severity" for n in (0, 1)]
    odd = body(world, task, {"exit": {"value": False, "note": "堆放杂物", "severity": "huge"}})
    assert "points.0.answers.exit.severity" in paths(phone.api("POST", SEND.format(task.id), odd))
    said = {
        "volt": {"value": 500, "note": "电压过高", "severity": "critical"},
        "smell": {"value": "明显", "note": "焦味"},
    }
    assert phone.api("POST", SEND.format(task.id), body(world, task, said)).status_code == 200
    found = sorted((f.item_code, f.severity.value, "焦味" in f.description) for f in world.findings())
    assert found == [("smell", "minor", True)] * 2 + [("volt", "critical", False)] * 2


def test_a_company_may_let_the_inspector_choose_milder(world: World, task: Task, platform: Running) -> None:
    world.company.settings("inspections", milder=True)
    said = {"exit": {"value": False, "note": "堆放杂物", "severity": "minor"}}
    answer = platform.program(world.company, TECH).api("POST", SEND.format(task.id), body(world, task, said))
    assert answer.status_code == 200, answer.text
    assert {f.severity.value for f in world.findings()} == {"minor"}


def test_a_walk_kept_apart_is_judged_before_it_is_kept(world: World, task: Task, platform: Running) -> None:
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30")))
    late = body(world, task, {"volt": {"value": 500}})
    phone = platform.program(world.company, TECH)
    assert "points.0.answers.volt.note" in paths(phone.api("POST", SEND.format(task.id), late))
    assert world.all(LateSubmission) == []
