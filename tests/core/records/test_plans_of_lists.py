"""Lists, searches and sorts read about a page of rows, however many there are and however far down: by their plans."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from dougong import now
from dougong.access.store import Snapshots
from dougong.records import reads, search
from dougong.records.cursors import encode
from dougong.records.filters import sortable
from dougong.tenancy.cells import Cell
from dougong.tenancy.readers import Readers
from dougong.tenancy.stored import new_id
from dougong.testing.companies import Company, found_company
from dougong.testing.server import Database
from dougong_complaints.records import Complaint

ROWS = 12_000
WORDS = ("渗水", "噪音", "电梯")


@pytest.fixture(scope="module")
def company(shared_database: Database, shared_cell: Cell, registry: Any) -> Company:
    """One company with many complaints: every one has 楼道, one in 400 has 霉斑."""
    company = found_company(shared_database.owner, shared_cell, registry, "anhe", modules=["complaints"])
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    resource = registry.resources[Complaint.kind]
    sites = [company.sites[name] for name in ("n1", "n2", "s1")]
    columns = [c for c in Complaint.__table__.columns if c.default is not None and c.default.is_scalar]
    defaults = {c.name: c.default.arg for c in columns if c.default is not None}
    plain = {name: getattr(value, "value", value) for name, value in defaults.items()}
    with company.session() as session:
        for start in range(0, ROWS, 2000):
            made = []
            for n in range(start, start + 2000):
                at = begin + dt.timedelta(minutes=n)
                text = f"楼道 {WORDS[n % 3]} {n}" + ("，有霉斑" if n % 400 == 0 else "")
                made.append({
                    **plain, "tenant_id": company.tenant, "id": new_id(), "site_id": sites[n % 3], "number": f"TS-2026-{n:06}",
                    "row_version": 1, "created_at": at, "updated_at": at, "status": ("closed", "accepted")[n % 10 == 0],
                    "channel": "phone", "complainant_type": "owner", "category": ("noise", "charges")[n % 2],
                    "location": "1 号楼", "statement": text, "severity": "minor", "urgency": "normal",
                    "resolve_by": at if n % 5 else None,
                })  # fmt: skip
            session.execute(sa.insert(Complaint), made)
            search.put_many(session, resource, made)
    with psycopg.connect(shared_database.superuser, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return company


class Asking:
    """Asks for a list and says how many rows of tables its plan touched."""

    def __init__(self, company: Company, cell: Cell, runner: asyncio.Runner, address: str) -> None:
        self.company, self.runner, self.address = company, runner, address
        self.resource = company.registry.resources[Complaint.kind]
        self.snapshot = Snapshots(cell, company.registry).get(company.tenant)

    def rows(self, **asked: Any) -> tuple[int, list[Any]]:
        query = reads.ListQuery(**{"tab": "all", "limit": 30, **asked})
        gate = self.snapshot.gate(self.company.people["general_manager"], now())
        found = reads.listing(self.resource, gate, query, self.snapshot.settings("complaints"))
        return self.runner.run(self._explained(found))

    async def _explained(self, found: reads.Listing) -> tuple[int, list[Any]]:
        connection = await Readers(self.address, 1, {"jit": "off"})._connect()
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL dougong.tenant = '{self.company.tenant}'")
                given = found.query.arguments(found.given)
                rows = await connection.fetch(found.query.sql, *given)
                text = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {found.query.sql}", *given)
        finally:
            await connection.close()
        return _touched(json.loads(text)[0]["Plan"]), rows


def _touched(node: dict[str, Any]) -> int:
    """Rows that scans of tables gave or threw away, over all loops."""
    here = 0
    if node.get("Relation Name"):
        thrown = sum(v for k, v in node.items() if k.startswith("Rows Removed by"))
        here = int((node["Actual Rows"] + thrown) * node["Actual Loops"])
    return here + sum(_touched(child) for child in node.get("Plans", ()))


@pytest.fixture(scope="module")
def asking(company: Company, shared_cell: Cell, shared_database: Database) -> Iterator[Asking]:
    with asyncio.Runner() as runner:
        yield Asking(company, shared_cell, runner, shared_database.app)


def test_every_offered_sort_reads_a_page(asking: Asking) -> None:
    for name in sorted(sortable(asking.resource)):
        for sort in (name, f"-{name}"):
            first, rows = asking.rows(sort=sort)
            assert len(rows) == 31
            assert first <= 100, (sort, first)


@pytest.mark.parametrize("sort", ["-created_at", "number", "resolve_by", "-resolve_by", "-updated_at"])
def test_a_page_far_down_reads_no_more_than_the_first(asking: Asking, sort: str) -> None:
    _first, many = asking.rows(sort=sort, limit=ROWS * 9 // 10)
    after = encode(asking.resource, sort, many[-2])
    far, rows = asking.rows(sort=sort, after=after)
    assert [row["id"] for row in rows][:1] == [many[-1]["id"]]
    assert far <= 100, far


@pytest.mark.parametrize(("word", "filters", "most"), [
    ("楼道", {}, 900), ("渗水", {}, 900), ("霉斑", {}, 2000), ("9999", {}, 2000), ("不存在的", {}, 2000), ("楼", {}, 900),
    ("TS-2026-000777", {}, 2000), ("噪音", {"category": ("noise",), "status": ("accepted",), "severity": ("minor",)}, 14000),
    ("霉斑", {"category": ("noise",), "status": ("accepted",), "severity": ("minor",)}, 14000),
])  # fmt: skip
def test_a_search_reads_a_bounded_part(asking: Asking, word: str, filters: dict[str, tuple[str, ...]], most: int) -> None:
    touched, _rows = asking.rows(search=word, filters=filters)
    assert touched <= most, touched


def test_the_index_is_used_for_a_rare_word(asking: Asking) -> None:
    _count, rows = asking.rows(search="霉斑")
    assert len(rows) == ROWS // 400
