"""Connections of compiled statements: nothing of one transaction reaches the next, and none stays open for long."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from dougong.tenancy.cells import Bound, Compiled
from dougong.tenancy.readers import Readers
from dougong.testing.server import Database

from .conftest import World
from .sample import Thing

COUNT = Compiled(
    sa.select(sa.func.count().label("n")).select_from(Thing).where(Thing.site_id != sa.bindparam("none", type_=sa.Uuid))
)
SLOW = Compiled(sa.select(sa.func.pg_sleep(sa.bindparam("seconds", type_=sa.Float))))


def readers(world: World) -> Readers:
    found = world.app.cell._pool
    assert found is not None
    return found


def states(database: Database) -> list[str]:
    with psycopg.connect(database.superuser) as connection:
        query = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND usename = %s"
        return [state for (state,) in connection.execute(query, ["dougong_app"])]


def test_the_next_transaction_is_another_company_s(world: World) -> None:
    world.thing()
    cell = world.app.cell

    async def ask() -> list[int]:
        bounds = [Bound(world.anhe.tenant), Bound(world.jinxiu.tenant), Bound(UUID(int=1))] * 2
        return [(await cell.read(bound, COUNT, none=UUID(int=0)))[0]["n"] for bound in bounds]

    there, *rest = world.runner.run(ask())
    assert there > 0
    assert rest == [0, 0, there, 0, 0]


def test_what_was_only_read_is_ended_after_a_moment(world: World, shared_database: Database) -> None:
    pool = readers(world)

    async def ask() -> None:
        await world.app.cell.read(Bound(world.anhe.tenant), COUNT, none=UUID(int=0))

    async def rest() -> None:
        pool._end_idle()
        pool._end_idle()
        await asyncio.gather(*pool._tasks)

    world.runner.run(ask())
    assert pool._open
    world.runner.run(rest())
    assert not pool._open
    assert "idle in transaction" not in states(shared_database)


def test_a_connection_that_was_given_up_is_not_used_again(world: World) -> None:
    pool = readers(world)

    async def give_up() -> Any:
        asking = asyncio.ensure_future(pool.run(Bound(world.anhe.tenant), [(SLOW, {"seconds": 30.0})]))
        while len(pool._free) == before:
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    world.runner.run(world.app.cell.read(Bound(world.anhe.tenant), COUNT, none=UUID(int=0)))
    before = len(pool._free)
    world.runner.run(give_up())
    assert len(pool._free) == before - 1
    assert world.thing()["id"]
