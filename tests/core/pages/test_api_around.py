"""History and links over the API: what one may read of them, and who may link."""

from __future__ import annotations

from typing import Any

from .conftest import THINGS, World


def test_history_tells_before_and_after_and_no_personal_value(world: World) -> None:
    made = world.thing(title="First", phone="13800135678")
    api = world.api("manager")
    assert api.patch(f"{THINGS}/{made['id']}", {"title": "Second"}, made["row_version"]).status_code == 200
    answer = api.get(f"{THINGS}/{made['id']}/history")
    edited, created = answer.json()["results"]
    assert (edited["action"], created["action"]) == ("edit", "create")
    assert edited["changes"] == {"title": {"before": "First", "after": "Second"}}
    assert edited["actor"]["name"]
    assert "13800135678" not in answer.text
    assert "phone" not in created["changes"]


def test_links_are_seen_from_both_ends_and_once(world: World) -> None:
    one, other = world.thing(title="Leak above"), world.thing(title="Leak below")
    api = world.api("manager")
    body: dict[str, str] = {"kind": "sample.thing", "id": other["id"]}
    first = api.post(f"{THINGS}/{one['id']}/links", body)
    assert first.status_code == 201, first.text
    assert api.post(f"{THINGS}/{one['id']}/links", body).status_code == 201
    for mine, theirs in ((one, other), (other, one)):
        (found,) = api.get(f"{THINGS}/{mine['id']}/links").json()["results"]
        assert (found["id"], found["number"]) == (theirs["id"], theirs["number"])
    assert api.get(f"{THINGS}/{one['id']}/history").json()["results"][0]["inputs"]["number"] == other["number"]


def test_links_to_what_one_may_not_see_are_refused(world: World) -> None:
    mine, elsewhere = world.thing(), world.thing("manager_s", "s1")
    api, address = world.api("manager"), f"{THINGS}/{mine['id']}/links"
    wrong: list[Any] = [
        {"kind": "sample.thing", "id": elsewhere["id"]},
        {"kind": "sample.thing", "id": mine["id"]},
        {"kind": "nothing.there", "id": mine["id"]},
        {"kind": "sample.thing", "id": "x"},
        {"kind": "sample.thing"},
        [],
    ]
    for body in wrong:
        assert api.post(address, body).status_code == 422, body
    assert api.get(address).json()["results"] == []
    reader = world.api("reader").post(address, {"kind": "sample.thing", "id": world.thing()["id"]})
    assert reader.status_code == 403
    assert reader.json()["explanation"]["allowed"] is False
    assert world.api("manager_s").get(address).status_code == 404


def test_a_person_links_by_number_in_the_browser(world: World) -> None:
    one, other = world.thing(title="Leak above"), world.thing(title="Leak below")
    browser, path = world.browser("manager"), f"/sample/thing/{one['id']}"
    assert f"{path}/link" in browser.get(path).text
    assert browser.get(f"{path}/link").status_code == 200
    for wrong in ("", "SA-2026-999999", one["number"], "\0"):
        again = browser.submit(f"{path}/link", {"number": wrong})
        assert again.status_code in (400, 422), wrong
    done = browser.submit(f"{path}/link", {"number": other["number"]})
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert other["number"] in browser.get(path).text
    reader, third = world.browser("reader"), world.thing(title="Leak beside")
    assert reader.get(f"{path}/link").status_code == 403
    reader.get(path)
    assert reader.submit(f"{path}/link", {"number": third["number"]}).status_code == 403
    linked = world.api("manager").get(f"/api/v1{path}/links").json()["results"]
    assert [one["number"] for one in linked] == [other["number"]]
