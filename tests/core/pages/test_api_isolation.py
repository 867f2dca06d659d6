"""Every address of a module × nobody, another company, another site, a lesser role, a disabled module.

Nothing shows and nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from dougong.web.router import routes_for

from .conftest import Asker, World

BODIES: dict[str, Any] = {"title": "B", "category": "leak", "site": "n1"}
SKIPPED = {"/", "/api/v1/openapi.json"}


def addresses(world: World) -> Iterator[tuple[str, str]]:
    for route in routes_for(world.app.registry, frozenset({"sample"})):
        if route.pattern not in SKIPPED:
            yield route.method, route.pattern


@pytest.fixture(scope="module")
def thing(world: World) -> dict[str, Any]:
    return world.thing(phone="13800135678", title="Only for n1")


def concrete(pattern: str, id: str) -> str:
    path = pattern.replace("{id}", id).replace("{field}", "phone").replace("{transition}", "note")
    return path + ("?action=edit" if path.endswith("/explain") else "")


def ask(asker: Asker, method: str, path: str) -> httpx.Response:
    if path.startswith("/api"):
        return asker.ask(
            method, path, **({} if method == "GET" else {"json": {"text": "x"}}), headers={"if-match": '"1"'}
        )
    return asker.get(path) if method == "GET" else asker.submit(path, {"text": "x", "row_version": "1", "was": "{}"})


def asker_for(world: World, path: str, username: str) -> Asker:
    return world.api(username) if path.startswith("/api") else world.browser(username)


def test_nobody_gets_nowhere(world: World, thing: dict[str, Any]) -> None:
    stranger = Asker(world, world.anhe.host, None)
    for method, pattern in addresses(world):
        answer = ask(stranger, method, concrete(pattern, thing["id"]))
        assert answer.status_code in (303, 401), (method, pattern)
        assert "Only for n1" not in answer.text


def test_another_company_finds_nothing(world: World, thing: dict[str, Any]) -> None:
    world.jinxiu.switch("sample", True)
    try:
        stranger = world.api("director", world.jinxiu)
        for method, pattern in addresses(world):
            if pattern.startswith("/api") and "{id}" in pattern and "/thing" in pattern:
                assert ask(stranger, method, concrete(pattern, thing["id"])).status_code == 404, (method, pattern)
        assert stranger.get("/api/v1/sample/thing").json()["results"] == []
        token = world.anhe.token("manager")
        foreign = Asker(world, world.jinxiu.host, token)  # a token of the one company at the other's host
        assert foreign.get("/api/v1/sample/thing").status_code == 401
    finally:
        world.jinxiu.switch("sample", False)


def test_a_disabled_module_has_no_addresses(world: World, thing: dict[str, Any]) -> None:
    manager = world.api("director", world.jinxiu)
    missing = manager.get("/api/v1/nothing/there")
    for method, pattern in addresses(world):
        if pattern.startswith("/api"):
            answer = ask(manager, method, concrete(pattern, thing["id"]))
            assert (answer.status_code, answer.content) == (404, missing.content), (method, pattern)
    paths = manager.get("/api/v1/openapi.json").json()["paths"]
    assert not [p for p in paths if "/sample/" in p]


@pytest.mark.parametrize("username", ["manager_s", "nobody", "fitter"])
def test_who_may_not_view_gets_what_does_not_exist_gives(world: World, thing: dict[str, Any], username: str) -> None:
    """Another site, no grant at all, a grant whose relation does not hold: the same bytes as an id that is nobody's."""
    none = "0190aaaa-0000-7000-8000-000000000000"
    for method, pattern in addresses(world):
        if "{id}" not in pattern or "/thing" not in pattern:
            continue
        path, absent = concrete(pattern, thing["id"]), concrete(pattern, none)
        answers = [ask(asker_for(world, p, username), method, p) for p in (path, absent)]
        assert [a.status_code for a in answers] == [404, 404], (method, path, answers[0].text[:300])
        if path.startswith("/api"):
            assert answers[0].content == answers[1].content
        assert "Only for n1" not in answers[0].text


def test_lists_hold_only_what_may_be_viewed(world: World, thing: dict[str, Any]) -> None:
    world.thing("manager_s", "s1", title="Only for s1")
    mine = world.thing(title="The fitter's own", owner_id=str(world.anhe.people["fitter"]))
    for username, seen in (
        ("manager", {"Only for n1", "The fitter's own"}), ("manager_s", {"Only for s1"}), ("fitter", {"The fitter's own"}),
        ("director", {"Only for n1", "Only for s1", "The fitter's own"}),
    ):  # fmt: skip
        found = world.api(username).get("/api/v1/sample/thing", params={"limit": 100, "tab": "all"})
        titles = {row["title"] for row in found.json()["results"]}
        known = {"Only for n1", "Only for s1", "The fitter's own"}
        assert titles & known == seen, username
    assert world.api("nobody").get("/api/v1/sample/thing").status_code == 404
    assert world.api("fitter").get(f"/api/v1/sample/thing/{mine['id']}").json()["transitions"] == ["note"]


def test_a_lesser_role_is_refused_with_an_explanation(world: World, thing: dict[str, Any]) -> None:
    reader, address = world.api("reader"), f"/api/v1/sample/thing/{thing['id']}"
    shown = reader.get(address).json()
    assert shown["transitions"] == []
    assert shown["phone"] == "138 **** 5678"
    assert "email" not in shown
    for method, path, body in (
        ("POST", "/api/v1/sample/thing", BODIES),
        ("PATCH", address, {"title": "C"}),
        ("POST", f"{address}/transitions/note", {"text": "x"}),
        ("POST", f"{address}/reveal/phone", {}),
    ):
        headers = {"if-match": f'"{shown["row_version"]}"'} if method == "PATCH" else {}
        answer = reader.ask(method, path, json=body, headers=headers)
        assert answer.status_code == 403, (method, path, answer.text)
        assert not answer.json()["explanation"]["allowed"]
        assert answer.json()["explanation"]["checks"]
    browser = world.browser("reader")
    page = browser.get(f"/sample/thing/{thing['id']}")
    assert page.status_code == 200
    for path in (f"/sample/thing/{thing['id']}/edit", f"/sample/thing/{thing['id']}/do/note", "/sample/thing/new"):
        assert browser.get(path).status_code == 403, path
        assert browser.submit(path, {"text": "x", "row_version": "1", "was": "{}"}).status_code == 403, path


def test_the_accused_and_those_below_do_not_see_it(world: World) -> None:
    """The rule of the record holds beyond permissions: who stands below the accused in line sees as little."""
    made = world.thing("director", against_id=str(world.anhe.people["manager"]))
    path = f"/api/v1/sample/thing/{made['id']}"
    assert [world.api(u).get(path).status_code for u in ("manager", "agent", "director")] == [404, 404, 200]


def test_scopes(world: World) -> None:
    director = world.api("director")
    notice = director.post("/api/v1/sample/notice", {"title": "To all", "site": "anhe"}).json()
    contract = director.post("/api/v1/sample/contract", {"title": "Lifts", "sites": ["n1", "s1"]}).json()
    assert world.api("agent").get(f"/api/v1/sample/notice/{notice['id']}").json()["title"] == "To all"
    assert world.api("agent").patch(f"/api/v1/sample/notice/{notice['id']}", {"title": "X"}, 1).status_code == 403
    for username in ("manager", "manager_s"):
        asker = world.api(username)
        found = asker.get(f"/api/v1/sample/contract/{contract['id']}")
        assert found.json()["title"] == "Lifts"
        assert asker.patch(f"/api/v1/sample/contract/{contract['id']}", {"title": "X"}, 1).status_code == 403, username
    changed = director.patch(f"/api/v1/sample/contract/{contract['id']}", {"title": "All lifts"}, 1)
    assert changed.json()["title"] == "All lifts"
    assert world.api("nobody").get(f"/api/v1/sample/notice/{notice['id']}").status_code == 404


def test_reveal_is_logged(world: World, thing: dict[str, Any]) -> None:
    address = f"/api/v1/sample/thing/{thing['id']}"
    assert world.api("manager").post(f"{address}/reveal/phone").json() == {"phone": "13800135678"}
    assert world.api("manager").post(f"{address}/reveal/title").status_code == 404
    shown = world.browser("director").get(f"/sample/thing/{thing['id']}?show=history")
    assert "查看了" in shown.text or "Opened: " in shown.text


def test_a_changed_grant_holds_on_the_next_request(world: World, thing: dict[str, Any]) -> None:
    path = f"/api/v1/sample/thing/{thing['id']}"
    nobody = world.api("nobody")
    assert nobody.get(path).status_code == 404
    grant = world.anhe.grant("nobody", "quality", "n1")
    assert nobody.get(path).status_code == 200
    world.anhe.revoke(grant)
    assert nobody.get(path).status_code == 404


def test_switching_a_module_off_holds_on_the_next_request(world: World, thing: dict[str, Any]) -> None:
    path = f"/api/v1/sample/thing/{thing['id']}"
    world.anhe.switch("sample", False)
    assert world.api("manager").get(path).status_code == 404
    assert world.browser("manager").get("/sample/thing").status_code == 404
    world.anhe.switch("sample", True)
    assert world.api("manager").get(path).status_code == 200
