"""Many at once on one record or one key: one effect, everybody else is told, never a fault."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from typing import Any

import httpx
import sqlalchemy as sa
from dougong.records.history import verify
from dougong.records.tables import History, Reply

from .conftest import THINGS, World
from .sample import Note, Thing

MANY = 12


def at_once(world: World, username: str, requests: list[tuple[str, str, Any, dict[str, str]]]) -> list[httpx.Response]:
    client = world.api(username)._client

    async def all_of_them() -> list[httpx.Response]:
        asked = (client.request(m, path, json=body, headers=headers) for m, path, body, headers in requests)
        return list(await asyncio.gather(*asked))

    return world.runner.run(all_of_them())


def test_one_key_makes_one_record(world: World) -> None:
    body = {"title": "Keyed at once", "category": "leak", "site": "n1"}
    answers = at_once(world, "manager", [("POST", THINGS, body, {"idempotency-key": "race"})] * MANY)
    assert Counter(a.status_code for a in answers) == {201: MANY}
    assert len({a.json()["id"] for a in answers}) == 1
    with world.anhe.session() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Thing.title == "Keyed at once")) == 1


def test_a_key_is_each_persons_own(world: World) -> None:
    body = {"title": "Two people, one key", "category": "leak", "site": "n1"}
    headers = {"idempotency-key": "shared"}
    one, two = (world.api(name).post(THINGS, body, headers=headers) for name in ("manager", "director"))
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json()["id"] != two.json()["id"]


def test_a_failed_request_frees_its_key(world: World) -> None:
    body = {"title": "Fails first", "category": "leak", "site": "n1"}
    api, headers = world.api("manager"), {"idempotency-key": "again"}
    assert api.post(THINGS, {**body, "category": "fire"}, headers=headers).status_code == 422
    assert api.post(THINGS, body, headers=headers).status_code == 201


def test_keys_are_not_kept_for_ever(world: World) -> None:
    body, api = {"title": "Kept", "category": "leak", "site": "n1"}, world.api("manager")
    assert api.post(THINGS, body, headers={"idempotency-key": "old"}).status_code == 201
    with world.anhe.session() as session:
        session.execute(sa.update(Reply).where(Reply.key == "old").values(at=Reply.at - dt.timedelta(days=2)))
    assert api.post(THINGS, body, headers={"idempotency-key": "new"}).status_code == 201
    with world.anhe.session() as session:
        assert session.scalar(sa.select(Reply.key).where(Reply.key == "old")) is None


def test_one_step_is_taken_once(world: World) -> None:
    for version in (True, False):
        made = world.thing()
        path = f"{THINGS}/{made['id']}/transitions/start"
        body = {"owner_id": str(world.anhe.people["manager"])}
        headers = {"if-match": f'"{made["row_version"]}"'} if version else {}
        answers = at_once(world, "manager", [("POST", path, body, headers)] * MANY)
        codes = Counter(a.status_code for a in answers)
        assert codes[200] == 1, [a.text for a in answers]
        assert codes[409] + codes[412] == MANY - 1, [a.text for a in answers]
        with world.anhe.session() as session:
            steps = sa.select(sa.func.count()).where(History.record_id == made["id"], History.action == "start")
            assert session.scalar(steps) == 1
            assert verify(session, Thing.kind, made["id"])


def test_entries_added_at_once_all_count_or_are_told(world: World) -> None:
    made = world.thing()
    requests = [("POST", f"{THINGS}/{made['id']}/transitions/note", {"text": f"Note {n}"}, {}) for n in range(MANY)]
    codes = Counter(a.status_code for a in at_once(world, "manager", requests))
    assert codes[200] >= 1
    assert set(codes) <= {200, 412}
    with world.anhe.session() as session:
        assert session.scalar(sa.select(sa.func.count()).where(Note.parent_id == made["id"])) == codes[200]
        assert session.scalar(sa.select(Thing.row_version).where(Thing.id == made["id"])) == codes[200] + 1
        assert verify(session, Thing.kind, made["id"])


def test_changes_against_a_step(world: World) -> None:
    made = world.thing()
    one, match = f"{THINGS}/{made['id']}", {"if-match": f'"{made["row_version"]}"'}
    body = {"owner_id": str(world.anhe.people["manager"])}
    requests = [("PATCH", one, {"title": f"Title {n}"}, match) for n in range(MANY // 2)]
    requests += [("POST", f"{one}/transitions/start", body, match)] * (MANY // 2)
    codes = Counter(a.status_code for a in at_once(world, "manager", requests))
    assert codes[200] == 1
    assert set(codes) <= {200, 409, 412}


def test_more_requests_than_connections(world: World) -> None:
    made = world.thing()
    requests: list[tuple[str, str, Any, dict[str, str]]] = []
    for n in range(60):
        requests.append(("GET", THINGS, None, {}))
        requests.append(("GET", f"/sample/thing/{made['id']}", None, {}))
        requests.append(("POST", THINGS, {"title": f"Crowd {n}", "category": "leak", "site": "n1"}, {}))
    codes = Counter(a.status_code for a in at_once(world, "manager", requests))
    assert codes == {200: 120, 201: 60}
    with world.anhe.session() as session:
        numbers = session.scalars(sa.select(Thing.number)).all()
    assert len(set(numbers)) == len(numbers)
