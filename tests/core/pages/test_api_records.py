"""The API of a declared record: what it gives, creates and changes."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from dougong.records.tables import Reply

from .conftest import THINGS, World


def test_create_read_and_list(world: World) -> None:
    made = world.thing(
        title="Pump room",
        price=123456,
        phone="13800135678",
        day="2026-11-22",
        begins="2026-11-22T15:30+08:00",
        colour="red",
    )
    assert made["number"].startswith("SA-")
    assert "timeline" not in world.api("manager").get(f"{THINGS}/{made['id']}").json()
    answer = world.api("manager").get(f"{THINGS}/{made['id']}", params={"include": "timeline"})
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{made["row_version"]}"'
    body = answer.json()
    assert (body["price"], body["day"], body["begins"]) == (123456, "2026-11-22", "2026-11-22T07:30:00Z")
    assert body["phone"] == "138 **** 5678"
    assert set(body["transitions"]) == {"start", "at_once", "note"}
    assert body["timeline"] == []
    rows = world.api("manager").get(THINGS, params={"tab": "all", "limit": 100}).json()["results"]
    assert made["id"] in {row["id"] for row in rows}


def test_a_key_may_be_used_anew_after_a_day(world: World) -> None:
    body, headers = {"title": "Again", "category": "leak", "site": "n1"}, {"idempotency-key": "daily"}
    first = world.api("manager").post(THINGS, body, headers=headers).json()["id"]
    with world.anhe.session() as session:
        session.execute(sa.update(Reply).where(Reply.key == "daily").values(at=Reply.at - dt.timedelta(days=2)))
    assert world.api("manager").post(THINGS, body, headers=headers).json()["id"] != first


def test_the_next_address_leads_through_the_whole_list(world: World) -> None:
    ids = {world.thing(title="Leads on")["id"] for _ in range(7)}
    address, seen = f"{THINGS}?q=leads&limit=3&sort=title", list[str]()
    while address:
        answer = world.api("manager").get(address).json()
        seen += [row["id"] for row in answer["results"]]
        address = answer["next"]
    assert len(seen) == 7
    assert set(seen) == ids


def test_filters_take_several_values_and_the_empty_one(world: World) -> None:
    for colour in ("red", "green", None):
        world.thing(title="Coloured", colour=colour)
    for query, expected in (
        ("colour=red", {"red"}), ("colour=red&colour=green", {"red", "green"}), ("colour=-", {None}),
        ("colour=-&colour=red", {None, "red"}),
    ):  # fmt: skip
        rows = world.api("manager").get(f"{THINGS}?q=coloured&{query}").json()["results"]
        assert {row["colour"] for row in rows} == expected, query


def test_what_is_offered_is_what_may_be_taken(world: World) -> None:
    """The detail judges guards from rows; taking a step judges them again with the record itself. Both must agree."""
    api, until = world.api("manager"), {"reason": "parts", "until": "2099-01-01"}
    made = world.thing()
    address = f"{THINGS}/{made['id']}"

    def offered() -> set[str]:
        shown = set(api.get(address).json()["transitions"])
        for step in ("start", "at_once", "hold", "go_on", "note", "finish"):
            told = api.get(f"{address}/explain", params={"action": step}).json()
            assert told["allowed"] == (step in shown), step
        return shown

    assert offered() == {"start", "at_once", "note"}
    for step, body, after in (
        ("start", {"owner_id": str(world.anhe.people["agent"])}, {"hold", "note"}),
        ("hold", until, {"go_on", "note"}),
        ("go_on", {}, {"note"}),
        ("note", {"text": "told"}, {"note", "finish"}),
        ("finish", {}, set()),
    ):
        assert api.post(f"{address}/transitions/{step}", body).status_code == 200, step
        assert offered() == after, step


def test_who_may_not_see_what_they_made_learns_its_id_and_no_more(world: World) -> None:
    made = world.thing(against_id=str(world.anhe.people["manager"]))
    assert set(made) == {"id"}
    assert world.api("manager").get(f"{THINGS}/{made['id']}").status_code == 404
    assert world.api("director").get(f"{THINGS}/{made['id']}").status_code == 200
