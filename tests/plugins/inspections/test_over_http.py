"""Over HTTP: the API of a walk, sent once and again; scanning; the editor of a template without a script; labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Invalid
from dougong_inspections import layouts
from dougong_inspections.choices import TaskState
from dougong_inspections.records import Plan, Point, Route, Task, Template

from .conftest import World
from .test_tasks import LEAD, TECH, at

if TYPE_CHECKING:
    from dougong.testing.clients import Running


@pytest.fixture
def task(world: World) -> Task:
    world.plan()
    world.clock.at(at("2026-03-02 08:30"))
    return world.tasks()[0]


def test_a_walk_is_sent_once_and_again(world: World, task: Task, platform: Running) -> None:
    phone = platform.program(world.company, TECH)
    body = world.walk(task.id, at("2026-03-02 08:30"))
    address = f"/inspections/task/{task.id}/submission"
    first = phone.api("POST", address, body, key="a")
    assert (first.status_code, first.json()["status"], first.json()["late"]) == (200, "submitted", None), first.text
    assert phone.api("POST", address, body, key="a").json() == first.json()
    assert phone.api("POST", address, body).json()["status"] == "submitted"


def test_progress_over_the_api(world: World, task: Task, platform: Running) -> None:
    phone = platform.program(world.company, TECH)
    point = str(world.points(task.id)[0])
    body = {"points": [{"point": point, "answers": {"volt": {"value": 380}}}]}
    answer = phone.api("POST", f"/inspections/task/{task.id}/progress", body)
    assert (answer.status_code, answer.json()["answered"]) == (200, 1), answer.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 400),
        ({}, 422),
        ({"id": "x", "points": []}, 422),
        ({"id": "01a2050f-b246-7606-8c9c-7ca3ff055896", "points": [{"point": "x"}]}, 422),
        ({"id": "01a2050f-b246-7606-8c9c-7ca3ff055896", "points": "x"}, 422),
        ({"id": "01a2050f-b246-7606-8c9c-7ca3ff055896", "sent_at": "gestern"}, 422),
        (
            {
                "id": "01a2050f-b246-7606-8c9c-7ca3ff055896",
                "points": [{"point": "01a2050f-b246-7606-8c9c-7ca3ff055896"}],
            },
            422,
        ),
    ],
)
def test_bad_input_is_refused_in_words(world: World, task: Task, platform: Running, body: Any, status: int) -> None:
    answer = platform.program(world.company, TECH).api("POST", f"/inspections/task/{task.id}/submission", body)
    assert answer.status_code == status, answer.text
    assert world.see(Task, task.id).status is TaskState.PENDING


def test_whose_task_it_is_not_gets_what_a_stranger_gets(world: World, task: Task, platform: Running) -> None:
    for who in ("technician_s1", "nobody"):
        answer = platform.program(world.company, who).api("POST", f"/inspections/task/{task.id}/progress", {})
        assert answer.status_code == 404


def test_scanning_names_the_point(world: World, task: Task, platform: Running) -> None:
    code = world.all(Point)[0].code
    phone = platform.program(world.company, TECH)
    answer = phone.api("POST", f"/inspections/task/{task.id}/scan", {"code": f"http://x{layouts.SCAN}{code}"})
    assert answer.status_code == 200
    assert phone.api("POST", f"/inspections/task/{task.id}/scan", {"code": "fremd"}).status_code == 422
    assert phone.api("POST", f"/inspections/task/{task.id}/scan", {}).status_code == 422


def test_a_template_is_written_without_a_script(world: World, platform: Running) -> None:
    browser = platform.browser(world.company, "quality")
    address = f"/inspections/templates/{world.template}/items"
    first = browser.get(address)
    assert first.status_code == 200
    version = world.see(Template, world.template).row_version
    typed = {
        "version": version, "i0_id": "exit", "i0_type": "yes_no", "i0_text": "出口畅通", "i0_good": "yes", "i0_position": "2",
        "i1_id": "smell", "i1_type": "option", "i1_text": "气味", "i1_options": "无\n! 明显", "i1_position": "1",
    }  # fmt: skip
    more = browser.post(address, {**typed, "add": "number"})
    assert more.status_code == 200
    assert 'name="i2_low"' in more.text
    bad = browser.post(
        address, {**typed, "i2_id": "v", "i2_type": "number", "i2_text": "电压", "i2_low": "9", "i2_high": "1"}
    )
    assert bad.status_code == 422
    assert browser.post(address, {**typed, "i2_type": "strange"}).status_code == 400
    assert browser.post(address, typed).status_code == 303
    kept = world.see(Template, world.template).draft
    assert [one["id"] for one in kept] == ["smell", "exit"]
    assert kept[0]["failing"] == ["明显"]
    assert browser.post(address, typed).status_code == 409  # somebody changed it meanwhile


def test_who_may_not_edit_templates_does_not(world: World, platform: Running) -> None:
    assert (
        platform.browser(world.company, TECH).get(f"/inspections/templates/{world.template}/items").status_code == 403
    )


def test_labels_of_a_route(world: World, platform: Running) -> None:
    shown = platform.browser(world.company, LEAD).get(f"/inspections/routes/{world.route}/labels")
    assert shown.status_code == 200
    assert shown.text.count("<svg") >= 2
    assert platform.browser(world.company, TECH).get(f"/inspections/routes/{world.route}/labels").status_code == 403


def test_a_week_passes(world: World) -> None:
    """Every day's task is there, those that nobody walked are missed, and nothing runs wild."""
    world.plan(times="08:00 22:00", window_minutes=120)
    world.clock.through(days=7, of=world.company)
    past = [t for t in world.tasks() if t.due_by is None or t.due_by < world.clock.now]
    assert len(past) == 14
    assert {t.status for t in past} == {TaskState.MISSED}
    assert len({(t.window_from) for t in world.tasks()}) == len(world.tasks())


def test_points_are_moved_changed_and_taken_off(world: World) -> None:
    """The code on the wall stays the point's own, wherever it stands on the route."""

    def named() -> list[tuple[str, bool]]:
        return [(p.name, p.active) for p in sorted(world.all(Point), key=lambda p: p.position)]

    codes = {p.id: p.code for p in world.all(Point)}
    world.do(Route, world.route, "move_point", LEAD, position=2, to=1)
    world.do(Route, world.route, "change_point", LEAD, position=1, name="改名")
    assert named() == [("改名", True), ("1 号配电房", True)]
    world.do(Route, world.route, "drop_point", LEAD, position=2)
    assert world.see(Route, world.route).points == 1
    assert {p.id: p.code for p in world.all(Point)} == codes
    with pytest.raises(Invalid):
        world.do(Route, world.route, "drop_point", LEAD, position=2)


def test_what_is_no_longer_used_makes_no_tasks(world: World) -> None:
    plan = world.plan()
    world.do(Route, world.route, "retire", LEAD, reason="改造")
    had = len(world.tasks())
    world.clock.through(days=2, of=world.company)
    assert len(world.tasks()) == had
    world.do(Route, world.route, "use_again", LEAD)
    world.clock.through(days=1, of=world.company)
    assert len(world.tasks()) > had
    world.do(Plan, plan, "end", LEAD, reason="改造")
    world.do(Template, world.template, "retire", "quality", reason="改版")
    world.do(Template, world.template, "use_again", "quality")


def test_an_empty_template_is_not_published(world: World) -> None:
    empty = world.make(Template, world.company.slug, "quality", name="空", trade="quality")
    with pytest.raises(Conflict):
        world.do(Template, empty, "publish", "quality", note="第一版")


def test_nobody_starts_before_the_window(world: World) -> None:
    world.plan()
    with pytest.raises(Conflict):
        world.do(Task, world.tasks()[0].id, "start", TECH)


def test_a_task_is_handed_over(world: World, task: Task) -> None:
    world.do(Task, task.id, "start", TECH)
    world.do(Task, task.id, "hand_over", TECH, to_id=str(world.company.people[LEAD]), reason="急修")
    world.send(task.id, LEAD, world.walk(task.id, at("2026-03-02 08:30")))
    assert world.see(Task, task.id).claimed_by == world.company.people[LEAD]


def test_a_colleague_does_not_hand_over_what_another_walks_and_the_lead_does(world: World, task: Task) -> None:
    colleague = world.company.add_person("second_tech", ("technician", "n1"))
    world.do(Task, task.id, "start", TECH)
    with pytest.raises(Conflict):
        world.do(Task, task.id, "hand_over", "second_tech", to_id=str(colleague), reason="我来")
    assert world.see(Task, task.id).claimed_by == world.company.people[TECH]
    world.do(Task, task.id, "hand_over", LEAD, to_id=str(colleague), reason="急修")
    assert world.see(Task, task.id).claimed_by == colleague
