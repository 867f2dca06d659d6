"""Bad input to the API: a 4xx that says what is wrong and where, nothing half written, never a 500."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from .conftest import THINGS, World
from .sample import Thing

NOBODY = "0190f0e0-0000-7000-8000-000000000000"  # fixed: each worker of a parallel run collects the same names
GOOD = {"title": "Lift stands", "category": "leak", "site": "n1"}

WRONG: list[tuple[str, Any]] = [
    ("title", None), ("title", 5), ("title", ""), ("title", "   "), ("title", "x" * 201), ("title", "a\0b"), ("title", ["a"]),
    ("title", {"a": 1}), ("title", True), ("title", "a\nb"), ("text", "x" * 20_001), ("text", "a\0b"),
    ("category", "fire"),
    ("category", 1), ("category", "leak\0"), ("colour", "pink"), ("colour", 3), ("colour", ["red"]), ("phone", "call me"),
    ("phone", "1"),
    ("phone", "13800135678\0"), ("email", "nobody"), ("email", "a@b"), ("price", 2**70), ("price", -(2**63)), ("price", 1.5),
    ("price", True),
    ("price", "much"), ("pieces", 2**53 + 1), ("pieces", "9" * 5000), ("day", "2026-13-01"), ("day", 20261122),
    ("day", "0001-01-01"), ("day", "2026-11-22T10:00"), ("begins", "2026-11-22T15:30"), ("begins", "yesterday"), ("begins", 0),
    ("begins", "9999-12-31T23:59:59Z"), ("urgent", "perhaps"), ("urgent", 2), ("owner_id", "nobody"), ("owner_id", 7),
    ("owner_id", NOBODY), ("twin_id", NOBODY), ("twin_id", "x"), ("row_version", 1), ("number", "SA-1"),
    ("tenant_id", NOBODY), ("status", "done"), ("unknown", 1), ("then", "finish"), ("then_body", {}), ("sites", ["n1"]),
]  # fmt: skip


def count(world: World) -> int:
    with world.anhe.session() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Thing)) or 0


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    return body


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{n}-{str(v)[:20]!r}" for n, v in WRONG])
def test_a_wrong_value_names_its_field(world: World, name: str, value: Any) -> None:
    before = count(world)
    body = problem(world.api("manager").post(THINGS, {**GOOD, name: value}), 422)
    paths = {e["path"].partition(".")[0] for e in body["errors"]}
    assert name in paths
    assert all(e["message"] for e in body["errors"])
    assert count(world) == before


@pytest.mark.parametrize(("name", "value"), [w for w in WRONG if w[0] not in ("then", "then_body", "sites")][:40])
def test_the_same_for_an_edit(world: World, name: str, value: Any) -> None:
    made = world.thing()
    body = problem(world.api("manager").patch(f"{THINGS}/{made['id']}", {name: value}, made["row_version"]), 422)
    assert name in {e["path"].partition(".")[0] for e in body["errors"]}
    assert world.api("manager").get(f"{THINGS}/{made['id']}").json()["row_version"] == made["row_version"]


def test_missing_fields_are_all_named(world: World) -> None:
    body = problem(world.api("manager").post(THINGS, {"site": "n1"}), 422)
    assert {e["path"] for e in body["errors"]} == {"title", "category"}


@pytest.mark.parametrize("site", ["s1", "nowhere", "jinxiu", "\0", "", 5, NOBODY, ["n1", "n1"], None])
def test_a_site_that_is_not_theirs_does_not_exist(world: World, site: Any) -> None:
    body = problem(world.api("agent_two").post(THINGS, {**GOOD, "site": site}), 422)
    assert [e["path"] for e in body["errors"]] == ["site"]


def test_another_companys_people_and_records_do_not_exist(world: World) -> None:
    stranger = world.jinxiu.people["manager"]
    body = problem(world.api("manager").post(THINGS, {**GOOD, "owner_id": str(stranger)}), 422)
    assert [e["path"] for e in body["errors"]] == ["owner_id"]
    elsewhere = world.thing("manager_s", "s1")
    body = problem(world.api("manager").post(THINGS, {**GOOD, "twin_id": elsewhere["id"]}), 422)
    assert [e["path"] for e in body["errors"]] == ["twin_id"]


RAW = [b"", b"{", b"[]", b"5", b"null", b'"x"', b"\xff\xfe", b'{"title": NaN}', b'{"a":' * 5000, b"[" * 100_000,
       b'{"title": "\\ud800"}', b'{"price": ' + b"9" * 6000 + b"}", b'{"price": 1e999}']  # fmt: skip


@pytest.mark.parametrize("content", RAW, ids=[str(r[:12]) for r in RAW])
def test_broken_json(world: World, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    made = world.thing()
    address = f"{THINGS}/{made['id']}"
    for method, path, more in (
        ("POST", THINGS, {}),
        ("PATCH", address, {"if-match": '"1"'}),
        ("POST", f"{address}/transitions/start", {}),
    ):
        if not content and path.endswith("start"):
            continue  # nothing sent is nothing asked
        answer = world.api("manager").ask(method, path, content=content, headers={**headers, **more})
        assert answer.status_code in (400, 422), (method, answer.text)
        assert answer.json()["title"]


def test_another_content_type_is_refused(world: World) -> None:
    problem(world.api("manager").ask("POST", THINGS, content=b"title=x", headers={"content-type": "text/plain"}), 415)


QUERIES = [
    ({"colour": "pink"}, 422), ({"status": "gone"}, 422), ({"sort": "nothing"}, 400), ({"sort": "--number"}, 400),
    ({"limit": "0"}, 400), ({"limit": "101"}, 400), ({"limit": "x"}, 400), ({"limit": "9" * 400}, 400), ({"after": "x"}, 400),
    ({"after": "W10"}, 400), ({"tab": "nothing"}, 400), ({"nothing": "1"}, 400), ({"owner_id": "x"}, 422),
    ({"day.from": "x"}, 422),
    ({"day.to": "9999-99-99"}, 422), ({"created_at.from": "2026-02-30"}, 422), ({"created_at.to": "9999-12-31"}, 422),
    ({"created_at.to": "2026-11-22", "created_at.from": "2026-11-01T00:00Z"}, 200), ({"created_at.from": ""}, 200),
    ({"pieces.from": "9" * 30}, 422), ({"urgent": "perhaps"}, 422), ({"q": "x" * 5000}, 200), ({"site": "nowhere"}, 404),
    ({"site": "s1"}, 404), ({"q": "a\0"}, 400), ({"day": "someday"}, 422), ({"phone": "138"}, 400), ({"sort": "phone"}, 400),
]  # fmt: skip


@pytest.mark.parametrize(("query", "status"), QUERIES, ids=[str(q)[:40] for q, _s in QUERIES])
def test_queries(world: World, query: dict[str, str], status: int) -> None:
    answer = world.api("manager").get(THINGS, params=query)
    assert answer.status_code == status, answer.text
    page = world.browser("manager").get("/sample/thing", params=query)
    assert page.status_code == status


def test_an_unknown_parameter_is_named_with_the_known_ones(world: World) -> None:
    body = problem(world.api("manager").get(THINGS, params={"statuss": "new"}), 400)
    assert "statuss" in body["detail"]
    assert "status" in body["detail"].replace("statuss", "")
    one = world.thing()
    problem(world.api("manager").get(f"{THINGS}/{one['id']}", params={"x": "1"}), 400)


def test_row_versions(world: World) -> None:
    made = world.thing()
    address, api = f"{THINGS}/{made['id']}", world.api("manager")
    problem(api.patch(address, {"title": "B"}), 428)
    problem(api.patch(address, {"title": "B"}, "x"), 400)
    done = api.patch(address, {"title": "B"}, made["row_version"])
    assert done.status_code == 200
    assert done.json()["title"] == "B"
    assert done.headers["etag"] == f'"{done.json()["row_version"]}"'
    problem(api.patch(address, {"title": "C"}, made["row_version"]), 412)
    problem(api.post(f"{address}/transitions/at_once", {"text": "x"}, headers={"if-match": '"1"'}), 412)
    assert api.get(address).json()["title"] == "B"


def test_a_repeated_request_creates_once(world: World) -> None:
    api, headers = world.api("manager"), {"idempotency-key": uuid4().hex}
    before = count(world)
    first = api.post(THINGS, GOOD, headers=headers)
    again = api.post(THINGS, dict(reversed(GOOD.items())), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert count(world) == before + 1
    problem(api.post(THINGS, {**GOOD, "title": "Other"}, headers=headers), 422)
    assert world.api("agent").post(THINGS, GOOD, headers=headers).json()["id"] != first.json()["id"]
    problem(api.post(THINGS, GOOD, headers={"idempotency-key": "x" * 201}), 400)
    assert problem(api.post(THINGS, {**GOOD, "title": ""}, headers={"idempotency-key": "k"}), 422)
    assert api.post(THINGS, GOOD, headers={"idempotency-key": "k"}).status_code == 201  # a refusal uses no key up


def test_transitions(world: World) -> None:
    made = world.thing()
    api, steps = world.api("manager"), f"{THINGS}/{made['id']}/transitions"
    problem(api.post(f"{steps}/finish"), 409)
    problem(api.post(f"{steps}/nothing"), 404)
    problem(api.post(f"{steps}/start", {}), 422)
    problem(api.post(f"{steps}/start", {"owner_id": None}), 422)
    assert api.post(f"{steps}/start", {"owner_id": str(world.anhe.people["agent"])}).status_code == 200
    body = problem(api.post(f"{steps}/finish"), 409)
    assert body["detail"]
    assert (
        problem(api.post(f"{steps}/hold", {"reason": "r", "until": "2020-01-01"}), 422)["errors"][0]["path"] == "until"
    )
    problem(api.post(f"{steps}/hold", {"reason": "never", "until": "2099-01-01"}), 409)
    assert api.get(f"{THINGS}/{made['id']}").json()["holds"] == 0
    assert api.post(f"{steps}/note", {"text": "told", "caller": "Wang"}).status_code == 200
    problem(api.get(f"{THINGS}/{made['id']}", params={"include": "everything"}), 400)
    shown = api.get(f"{THINGS}/{made['id']}", params={"include": "timeline"}).json()
    assert shown["transitions"] == ["hold", "note", "finish"]
    assert [e["text"] for e in shown["timeline"]] == ["told"]
    assert api.post(f"{steps}/finish").json()["status"] == "done"


def test_creation_with_a_step_at_once(world: World) -> None:
    api = world.api("manager")
    before = count(world)
    body = problem(api.post(THINGS, {**GOOD, "title": "", "then": "at_once", "then_body": {"text": ""}}), 422)
    assert {e["path"] for e in body["errors"]} == {"title", "then_body.text"}
    problem(api.post(THINGS, {**GOOD, "then": "at_once", "then_body": []}), 422)
    assert count(world) == before
    made = api.post(THINGS, {**GOOD, "then": "at_once", "then_body": {"text": "wiped"}})
    assert made.status_code == 201, made.text
    assert (made.json()["status"], made.json()["text"]) == ("done", "wiped")


@pytest.mark.parametrize("id", ["x", "1", "00000000-0000-0000-0000-000000000000", "%00", "..", "a" * 3000])
def test_ids_that_are_none(world: World, id: str) -> None:
    for path in (f"{THINGS}/{id}", f"/sample/thing/{id}", f"/sample/thing/{id}/edit", f"/sample/thing/{id}/do/start"):
        asker = world.api("manager") if path.startswith("/api") else world.browser("manager")
        assert asker.get(path).status_code in (400, 404), path


def test_explain(world: World) -> None:
    made = world.thing()
    told = world.api("agent").get(f"{THINGS}/{made['id']}/explain", params={"action": "finish"}).json()
    assert not told["allowed"]
    assert told["grants"]
    told = world.api("manager").get(f"{THINGS}/{made['id']}/explain", params={"action": "finish"}).json()
    assert not told["allowed"]
    problem(world.api("manager").get(f"{THINGS}/{made['id']}/explain", params={"action": "x"}), 400)
    assert world.api("manager").get(f"{THINGS}/{made['id']}/explain", params={"action": "edit"}).json()["allowed"]
