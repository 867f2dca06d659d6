"""A record created with one statement is the record that a unit of work would have created, and only where it may be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.records import actions, history
from dougong.records.tables import History, HistoryValue

from .conftest import THINGS, World

NEW = {
    "title": "Lift stands",
    "category": "leak",
    "site": "n1",
    "phone": "13812345678",
    "begins": "2026-11-22T15:30+08:00",
}


@pytest.fixture
def units(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was created in units of work."""
    made: list[Any] = []
    really = actions.create

    def create(*args: Any, **options: Any) -> Any:
        made.append(really(*args, **options))
        return made[-1]

    monkeypatch.setattr(actions, "create", create)
    return made


def entry(world: World, id: str) -> tuple[History, dict[str, Any]]:
    with world.anhe.session() as session:
        assert history.verify(session, "sample.thing", UUID(id))
        found = session.scalars(sa.select(History).where(History.record_id == UUID(id))).one()
        aside = session.scalars(sa.select(HistoryValue).where(HistoryValue.history_id == found.id))
        return found, {kept.path: kept.value for kept in aside}


def test_both_ways_create_the_same(world: World, units: list[Any]) -> None:
    api = world.api("manager")
    direct = api.post(THINGS, NEW)
    assert direct.status_code == 201
    assert not units
    worked = api.post(THINGS, NEW, headers={"idempotency-key": "worked"})
    assert worked.status_code == 201
    assert len(units) == 1
    own = {"id", "number", "created_at", "updated_at", "due_at"}
    one, other = direct.json(), worked.json()
    assert {k: v for k, v in one.items() if k not in own} == {k: v for k, v in other.items() if k not in own}
    assert int(other["number"][-6:]) == int(one["number"][-6:]) + 1
    assert direct.headers["etag"] == worked.headers["etag"] == '"1"'
    assert api.get(direct.headers["location"]).json() == one
    assert api.get(worked.headers["location"]).json() == other


def test_history_is_the_same_and_sealed(world: World, units: list[Any]) -> None:
    api = world.api("manager")
    direct, direct_aside = entry(world, api.post(THINGS, NEW).json()["id"])
    worked, worked_aside = entry(world, api.post(THINGS, NEW, headers={"idempotency-key": "sealed"}).json()["id"])
    assert direct_aside == worked_aside == {"phone.1": "13812345678"}
    assert direct.changes.keys() == worked.changes.keys()
    own = {"number", "phone", "due_at"}
    assert {k: v for k, v in direct.changes.items() if k not in own} == {
        k: v for k, v in worked.changes.items() if k not in own
    }
    assert direct.changes["number"][1].startswith("SA-")
    assert set(direct.changes["phone"][1]) == {"digest"}
    assert (direct.actor_id, direct.action, direct.inputs) == (worked.actor_id, "create", {})


def test_a_reference_takes_a_unit_of_work(world: World, units: list[Any]) -> None:
    twin = world.thing()
    assert not units
    assert world.thing(twin_id=twin["id"])["twin_id"] == twin["id"]
    assert len(units) == 1
    assert world.api("manager").post(THINGS, {**NEW, "twin_id": str(UUID(int=1))}).status_code == 422


def test_who_may_not_see_what_they_created_gets_its_id_alone(world: World, units: list[Any]) -> None:
    accused = str(world.anhe.people["manager"])
    answer = world.api("manager").post(THINGS, {**NEW, "against_id": accused})
    assert answer.status_code == 201
    assert not units
    assert set(answer.json()) == {"id"}
    assert world.api("manager").get(answer.headers["location"]).status_code == 404


def test_what_is_refused_is_not_written(world: World) -> None:
    before = world.thing()["number"]
    assert world.api("manager").post(THINGS, {**NEW, "phone": "not a number"}).status_code == 422
    assert world.api("reader").post(THINGS, NEW).status_code == 403
    assert world.api("manager_s").post(THINGS, NEW).status_code == 422  # a site that they do not know
    assert int(world.thing()["number"][-6:]) == int(before[-6:]) + 1
