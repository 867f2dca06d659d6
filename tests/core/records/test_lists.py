"""Lists: any sort, any page size, any filter give exactly the rows that they should, page by page."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import BadRequest, Invalid, now
from dougong.access.store import Snapshots
from dougong.records import actions, reads
from dougong.records.cursors import encode
from dougong.tenancy.cells import Bound
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..declaration.conftest import World
from ..declaration.inspections import RESOURCES, Finding, FindingState

FINDING = RESOURCES[2]
SORTS = ["number", "-number", "created_at", "-created_at", "status", "-status", "text"]


@pytest.fixture(scope="module")
def findings(world: World) -> list[UUID]:
    made = []
    with world.work("manager", "rounds") as x:
        for n in range(23):
            text = f"finding {('zero', 'one', 'two', 'three', 'four')[n % 5]}"
            record = actions.create(FINDING, {"text": text}, x, site=world.sites["garden"])
            record.status = list(FindingState)[n % 3]
            made.append(record.id)
    return made


def run(world: World, query: reads.ListQuery, person: str = "manager") -> tuple[list[dict[str, Any]], str]:
    """One page and the cursor behind it."""
    snapshot = Snapshots(world.cell, world.registry).get(world.tenant)
    listing = reads.listing(
        FINDING, snapshot.gate(world.people[person], now()), query, snapshot.settings("rounds")
    )

    async def fetch() -> list[dict[str, Any]]:
        await world.cell.open()
        try:
            rows = await world.cell.read(Bound(world.tenant, snapshot.version), listing.query, **listing.given)
            return [dict(zip(listing.names, row, strict=True)) for row in rows]
        finally:
            pool, world.cell._pool = world.cell._pool, None
            assert pool is not None
            await pool.close()

    rows = asyncio.run(fetch())
    more = len(rows) > listing.limit
    rows = rows[: listing.limit]
    return rows, encode(FINDING, listing.sort, rows[-1]) if more else ""


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sort=st.sampled_from(SORTS), size=st.integers(1, 30))
def test_pages_put_together_are_the_whole_list_in_order(
    world: World, findings: list[UUID], sort: str, size: int
) -> None:
    seen: list[dict[str, Any]] = []
    after = ""
    while True:
        rows, after = run(world, reads.ListQuery(sort=sort, limit=size, after=after))
        seen += rows
        if not after:
            break
    assert len({r["id"] for r in seen}) == len(seen)
    assert set(findings) <= {r["id"] for r in seen}
    keys = [(r[sort.lstrip("-")], r["id"]) for r in seen]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


def test_filters_and_search(world: World, findings: list[UUID]) -> None:
    rows, _after = run(world, reads.ListQuery(search="NDING three", limit=100))
    assert {r["text"] for r in rows} == {"finding three"}
    with world.work("manager", "rounds") as x:
        number = x.session.scalar(sa.select(Finding.number).where(Finding.id == findings[0]))
    rows, _after = run(world, reads.ListQuery(search=str(number)))
    assert [r["id"] for r in rows] == [findings[0]]


IMPOSSIBLE: list[dict[str, Any]] = [
    {"tab": "nothing"},
    {"sort": "text; drop"},
    {"sort": "--number"},
    {"after": "!!"},
    {"after": "bm9wZQ"},
    {"filters": {"nothing": ("1",)}},
]


@pytest.mark.parametrize("query", IMPOSSIBLE)
def test_impossible_questions_are_refused(world: World, query: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        run(world, reads.ListQuery(**query))


@pytest.mark.parametrize("value", ["soon", "2026-13-01", "\x00"])
def test_impossible_filter_values_are_refused_by_name(world: World, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        run(world, reads.ListQuery(filters={"created_at.from": (value,)}))
    assert refused.value.errors[0].path == "created_at.from"


def test_a_site_narrows_and_never_widens(world: World, findings: list[UUID]) -> None:
    assert run(world, reads.ListQuery(site=world.sites["park"]))[0] == []
    assert len(run(world, reads.ListQuery(site=world.sites["company"], limit=100))[0]) >= len(findings)
