"""The phone's pages and what its outbox sends: who gets to them, and what is refused in words."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from dougong_inspections.choices import TaskState
from dougong_inspections.records import ItemResult, LateSubmission, Point, Task
from PIL import Image

from .conftest import GOOD, ITEMS, World
from .test_tasks import LEAD, TECH, at

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

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


# ---- who gets to it ----


def pages(task: Task, code: str) -> list[str]:
    return [f"/inspections/walk/{task.id}", f"/inspections/scan/{code}"]


def code_of(world: World) -> str:
    return str(world.all(Point)[0].code)


def picture(size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, "JPEG")
    return out.getvalue()


def send_photo(
    client: Any, task: Task, name: str = "08 a.jpg", data: bytes | None = None, body: str = '{"v": 1}'
) -> Any:
    files = {"file": (name, data or picture(), "image/jpeg")}
    return client.ask("POST", f"/api/v1/inspections/walk/{task.id}/photo", data={"body": body}, files=files)


@pytest.mark.parametrize("username", ["technician_s1", "nobody"])
def test_a_stranger_of_the_company_gets_nothing(world: World, task: Task, platform: Running, username: str) -> None:
    browser, phone = platform.browser(world.company, username), platform.program(world.company, username)
    for address in pages(task, code_of(world)):
        assert browser.get(address).status_code == 404, address
    assert str(task.id) not in browser.get(TODAY).text
    assert phone.api("POST", SEND.format(task.id), body(world, task, {})).status_code == 404
    assert send_photo(phone, task).status_code == 404
    assert world.see(Task, task.id).status is TaskState.PENDING


def test_another_company_gets_nothing(world: World, task: Task, platform: Running, other_company: Company) -> None:
    browser, phone = platform.browser(other_company, TECH), platform.program(other_company, TECH)
    for address in pages(task, code_of(world)):
        assert browser.get(address).status_code == 404, address
    assert str(task.id) not in browser.get(TODAY).text
    assert phone.api("POST", SEND.format(task.id), body(world, task, {})).status_code == 404
    assert send_photo(phone, task).status_code == 404


def test_nobody_signed_in_gets_nothing(world: World, task: Task, platform: Running) -> None:
    browser = platform.browser(world.company)
    for address in (TODAY, *pages(task, code_of(world))):
        answer = browser.get(address)
        assert (answer.status_code, "signin" in answer.headers.get("location", "")) == (303, True), address
    assert platform.program(world.company).api("POST", SEND.format(task.id), body(world, task, {})).status_code == 401
    assert send_photo(platform.program(world.company), task).status_code == 401


def test_a_module_that_is_off_is_absent(world: World, task: Task, platform: Running) -> None:
    sent, code = body(world, task, {}), code_of(world)
    world.company.switch("inspections", on=False)
    browser, phone = platform.browser(world.company, TECH), platform.program(world.company, TECH)
    for address in (TODAY, *pages(task, code)):
        assert browser.get(address).status_code == 404, address
    assert phone.api("POST", SEND.format(task.id), sent).status_code == 404
    assert send_photo(phone, task).status_code == 404


def test_who_only_reads_cannot_send(world: World, task: Task, platform: Running) -> None:
    """The client's representative sees the task as evidence; there is no form for them, and what they send is refused."""
    browser, phone = platform.browser(world.company, "client_n1"), platform.program(world.company, "client_n1")
    assert '<form id="walk"' not in browser.get(f"/inspections/walk/{task.id}").text
    assert phone.api("POST", SEND.format(task.id), body(world, task, {})).status_code == 403
    assert send_photo(phone, task).status_code == 403
    assert world.see(Task, task.id).status is TaskState.PENDING


def test_a_walk_of_another_is_kept_apart_and_shows_no_form(world: World, task: Task, platform: Running) -> None:
    world.do(Task, task.id, "start", TECH)
    browser, phone = platform.browser(world.company, LEAD), platform.program(world.company, LEAD)
    assert '<form id="walk"' not in browser.get(f"/inspections/walk/{task.id}").text
    progress = {"v": 1, "what": "progress", "points": []}
    assert phone.api("POST", SEND.format(task.id), progress).status_code == 409
    assert phone.api("POST", SEND.format(task.id), body(world, task, {})).json()["late"] is not None
    assert world.see(Task, task.id).status is TaskState.WORKING


def test_a_finished_task(world: World, task: Task, platform: Running) -> None:
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30")))
    browser, phone = platform.browser(world.company, TECH), platform.program(world.company, TECH)
    assert str(task.id) not in browser.get(TODAY).text
    assert '<form id="walk"' not in browser.get(f"/inspections/walk/{task.id}").text
    assert phone.api("POST", SEND.format(task.id), {"v": 1, "what": "progress", "points": []}).status_code == 409
    assert send_photo(phone, task).status_code == 200  # what belongs to a late walk is not lost
    assert browser.get(f"/inspections/scan/{code_of(world)}").headers["location"] == TODAY


def test_a_label_leads_to_the_walk(world: World, task: Task, platform: Running) -> None:
    browser, code = platform.browser(world.company, TECH), code_of(world)
    assert browser.get(f"/inspections/scan/{code}").headers["location"] == f"/inspections/walk/{task.id}#code={code}"
    assert browser.get("/inspections/scan/none-of-ours").status_code == 404
    foreign = body(world, task, {})
    foreign["points"][0]["code"] = "https://example.org/x"
    assert paths(platform.program(world.company, TECH).api("POST", SEND.format(task.id), foreign)) == ["points.0.code"]
    foreign["points"][0]["code"] = next(p.code for p in world.all(Point) if str(p.id) != foreign["points"][0]["point"])
    assert paths(platform.program(world.company, TECH).api("POST", SEND.format(task.id), foreign)) == ["points.0.code"]


# ---- what is sent ----


def test_a_kept_page_says_whose_it_is(world: World, task: Task, platform: Running) -> None:
    mine, other = platform.browser(world.company, TECH), platform.browser(world.company, LEAD)
    kept = {b.get(TODAY).headers["x-dougong-keep"] for b in (mine, other)}
    assert len(kept) == 2
    assert "x-dougong-keep" not in mine.get(f"/inspections/task/{task.id}").headers


def test_a_body_of_another_version_is_told_to_load_the_page_again(world: World, task: Task, platform: Running) -> None:
    phone = platform.program(world.company, TECH)
    for version in (0, 2, None, "1"):
        answer = phone.api("POST", SEND.format(task.id), body(world, task, {}, v=version))
        assert (answer.status_code, answer.json()["code"]) == (409, "reload")
    assert send_photo(phone, task, body='{"v": 2}').status_code == 409


def test_sent_twice_it_counts_once(world: World, task: Task, platform: Running) -> None:
    phone, sent = platform.program(world.company, TECH), body(world, task, {"volt": {"value": 500, "note": "高"}})
    first, second = (
        phone.api("POST", SEND.format(task.id), {**sent, "sent": {"device": moment}}, key="k")
        for moment in ("2026-03-02T00:30:00Z", "2026-03-02T00:31:00Z")  # each try tells its own moment
    )
    assert first.status_code == second.status_code == 200, first.text + second.text
    assert first.json() == second.json()
    assert (len(world.findings()), world.all(LateSubmission)) == (2, [])
    photos = [send_photo(phone, task).json()["file"] for _n in range(2)]
    assert photos[0] == photos[1]


def test_a_clock_that_is_off_is_corrected_and_said(world: World, task: Task, platform: Running) -> None:
    ahead = world.walk(task.id, at("2026-03-02 10:30"))
    sent = {"v": 1, "what": "submit", **ahead, "sent": {"device": "2026-03-02T02:30:00Z"}}  # two hours ahead
    answer = platform.program(world.company, TECH).api("POST", SEND.format(task.id), sent)
    assert (answer.json()["skewed"], answer.json()["on_time"]) == (True, True)
    assert world.see(Task, task.id).finished_at == at("2026-03-02 08:30")


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"what": "all"}, "what"),
        ({"what": []}, "what"),
        ({"id": "x"}, "id"),
        ({"points": "x"}, "points"),
        ({"points": [1]}, "points.0"),
        ({"points": [{"point": "x"}]}, "points.0.point"),
        ({"sent": {"device": "gestern"}}, "sent_at"),
        ({"note": "x" * 2001}, "note"),
        ({"more": 1}, "more"),
    ],
)
def test_wrong_bodies_are_refused_with_the_path(
    world: World, task: Task, platform: Running, more: dict[str, Any], path: str
) -> None:
    phone = platform.program(world.company, TECH)
    assert path in paths(phone.api("POST", SEND.format(task.id), body(world, task, {}, **more)))
    assert world.see(Task, task.id).status is TaskState.PENDING


@pytest.mark.parametrize(
    "answers", [{"volt": {"photos": ["f" * 24]}}, {"volt": {"photos": [{}]}}, {"volt": {"photos": [None]}}]
)
def test_a_photo_that_has_not_come_is_named(world: World, task: Task, platform: Running, answers: Any) -> None:
    sent = body(world, task, answers)
    assert "points.0.answers.volt.photos" in paths(
        platform.program(world.company, TECH).api("POST", SEND.format(task.id), sent)
    )


def test_a_photo_is_named_by_the_phone(world: World, task: Task, platform: Running) -> None:
    phone, name = platform.program(world.company, TECH), "0" * 24
    file = send_photo(phone, task, f"0830 电压 {name}.jpg").json()["file"]
    answer = phone.api("POST", SEND.format(task.id), body(world, task, {"volt": {"value": 380, "photos": [name]}}))
    assert answer.status_code == 200, answer.text
    assert [r.photos for r in world.all(ItemResult) if r.item == "volt"] == [[file], [file]]


def test_what_is_no_picture_is_refused(world: World, task: Task, platform: Running) -> None:
    phone = platform.program(world.company, TECH)
    answer = send_photo(phone, task, "08 a.txt", b"words")
    assert answer.status_code == 422, answer.text
    for wrong in ("", "x", "[]"):
        assert send_photo(phone, task, body=wrong).status_code == 400
    big = send_photo(phone, task, data=picture() + b"\0" * (65 * 1024 * 1024))
    assert big.status_code == 413
    assert phone.api("POST", f"/inspections/walk/{task.id}/photo", {"v": 1}).status_code in (400, 415, 422)
