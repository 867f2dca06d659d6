"""What the database itself refuses or cannot do: never a fault of ours, nothing half written, and the next request works."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from dougong.records import actions
from dougong.tenancy import cells
from dougong.testing.server import Database
from sqlalchemy.orm import Session

from .conftest import THINGS, World
from .sample import Thing


def count(world: World) -> int:
    with world.anhe.session() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Thing)) or 0


def drop_connections(database: Database) -> None:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"  # waits until it has gone
            " WHERE datname = current_database() AND usename = %s AND pid <> pg_backend_pid()",
            ["dougong_app"],
        )


@pytest.fixture
def contended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first so many edits end as the database's choice in a deadlock, after they were written."""
    left, really = [1], actions.update

    def update(*args: Any, **options: Any) -> Any:
        made = really(*args, **options)
        if left[0] > 0:
            left[0] -= 1
            raise psycopg.errors.DeadlockDetected("deadlock detected")
        return made

    monkeypatch.setattr(actions, "update", update)
    return left


@pytest.fixture(autouse=True)
def _states(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psycopg.errors.DeadlockDetected, "sqlstate", "40P01", raising=False)


def test_a_deadlock_is_tried_again(world: World, contended: list[int]) -> None:
    made = world.thing()
    answer = world.api("manager").patch(f"{THINGS}/{made['id']}", {"title": "Both"}, made["row_version"])
    assert answer.status_code == 200, answer.text
    assert (answer.json()["title"], answer.json()["row_version"]) == ("Both", made["row_version"] + 1)


def test_deadlock_after_deadlock_is_a_conflict(world: World, contended: list[int]) -> None:
    made = world.thing()
    contended[0] = 9
    answer = world.api("manager").patch(f"{THINGS}/{made['id']}", {"title": "Both"}, made["row_version"])
    assert answer.status_code == 409
    assert answer.json()["detail"]
    contended[0] = 0
    assert world.api("manager").get(f"{THINGS}/{made['id']}").json()["row_version"] == made["row_version"]


def test_connections_that_died_idle_are_replaced(world: World, shared_database: Database) -> None:
    made, manager, browser = world.thing(), world.api("manager"), world.browser("manager")
    for _again in range(2):
        drop_connections(shared_database)
        assert manager.get(THINGS).status_code == 200
        assert manager.get(f"{THINGS}/{made['id']}").status_code == 200
        assert browser.get("/sample/thing/new").status_code == 200
        drop_connections(shared_database)
        assert manager.post(THINGS, {"title": "After", "category": "leak", "site": "n1"}).status_code == 201
        assert browser.get(f"/sample/thing/{made['id']}").status_code == 200


def test_a_connection_that_dies_at_work_is_told_plainly(
    world: World, shared_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, really = count(world), actions.create

    def create(resource: Any, body: Any, x: Any, **options: Any) -> Any:
        made = really(resource, body, x, **options)
        drop_connections(shared_database)
        session: Session = x.session
        session.execute(sa.select(sa.literal(1)))
        return made

    monkeypatch.setattr(actions, "create", create)
    body = {"title": "Lost", "category": "leak", "site": "n1"}
    answer = world.api("manager").post(THINGS, body, headers={"idempotency-key": "lost"})
    assert answer.status_code == 503, answer.text
    assert answer.headers["retry-after"]
    monkeypatch.undo()
    assert count(world) == before
    assert world.api("manager").post(THINGS, body, headers={"idempotency-key": "lost"}).status_code == 201
    assert count(world) == before + 1


def test_a_lock_is_not_waited_for_for_ever(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world.thing()
    monkeypatch.setattr(cells, "LONGEST_WAIT", "200ms")
    world.app.cell.engine.dispose()  # so that new connections have it
    with world.anhe.session() as session:
        session.execute(sa.select(Thing.id).where(Thing.tenant_id == world.anhe.tenant).with_for_update())
        answer = world.api("manager").patch(f"{THINGS}/{made['id']}", {"title": "Waits"}, made["row_version"])
    assert answer.status_code == 409, answer.text
    monkeypatch.undo()
    world.app.cell.engine.dispose()
    answer = world.api("manager").patch(f"{THINGS}/{made['id']}", {"title": "Goes"}, made["row_version"])
    assert answer.status_code == 200
