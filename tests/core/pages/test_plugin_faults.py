"""What a plugin's code raises at work: the page stands, or nothing is written; other requests never notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from dougong import hookimpl
from dougong.records.tables import History, Number

from . import sample
from .conftest import THINGS, World
from .sample import Thing


class Faulty:
    """Hooks of a module that raises wherever it is asked."""

    @hookimpl
    def dougong_slots(self, page: str) -> Any:
        raise ZeroDivisionError(page)

    @hookimpl
    def dougong_changed(self, record: Any) -> None:
        raise ZeroDivisionError(record.number)


@pytest.fixture
def faulty(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    registry, plugin = world.app.registry, Faulty()
    registry._manager.register(plugin, name="faulty")
    monkeypatch.setattr(registry, "_hooks", {})
    yield
    registry._manager.unregister(plugin)


def counts(world: World) -> list[Any]:
    with world.anhe.session() as session:
        found = [session.scalar(sa.select(sa.func.count()).select_from(t)) for t in (Thing, History)]
        return [*found, session.scalar(sa.select(sa.func.sum(Number.last)))]


def test_pages_stand_without_the_part_that_fails(world: World, request: pytest.FixtureRequest) -> None:
    id, browser = world.thing()["id"], world.browser("manager")
    request.getfixturevalue("faulty")
    for path in ("/", "/sample/thing/new", f"/sample/thing/{id}"):
        assert browser.get(path).status_code == 200, path


def test_a_write_that_a_listener_breaks_is_not_written(world: World, faulty: None) -> None:
    before = counts(world)
    answer = world.api("manager").post(THINGS, {"title": "Broken", "category": "leak", "site": "n1"})
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert counts(world) == before


def test_a_guard_or_handler_that_raises_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world.thing()
    step = sample.flow.transitions["start"]

    def run(*_more: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(step.__dict__, "run", run)
    before = counts(world)
    body = {"owner_id": str(world.anhe.people["manager"])}
    path = f"{THINGS}/{made['id']}/transitions/start"
    assert world.api("manager").post(path, body).status_code == 500
    assert counts(world) == before
    monkeypatch.undo()
    assert world.api("manager").post(path, body).status_code == 200


def test_an_error_of_the_database_does_not_carry_values_into_the_log(world: World) -> None:
    phone, nothing = sa.literal("13800135678"), sa.literal(0)
    with pytest.raises(sa.exc.DBAPIError) as error, world.anhe.session() as session:
        session.execute(sa.select(phone, sa.literal(1) / nothing))
    assert "division" in str(error.value)
    assert "13800135678" not in str(error.value)
