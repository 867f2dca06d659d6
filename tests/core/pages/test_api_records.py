"""The API of a declared record: what it gives, creates and changes."""

from __future__ import annotations

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
    answer = world.api("manager").get(f"{THINGS}/{made['id']}")
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{made["row_version"]}"'
    body = answer.json()
    assert (body["price"], body["day"], body["begins"]) == (123456, "2026-11-22", "2026-11-22T07:30:00Z")
    assert body["phone"] == "138 **** 5678"
    assert set(body["transitions"]) == {"start", "at_once", "note"}
    assert body["timeline"] == []
    rows = world.api("manager").get(THINGS, params={"tab": "all", "limit": 100}).json()["results"]
    assert made["id"] in {row["id"] for row in rows}
