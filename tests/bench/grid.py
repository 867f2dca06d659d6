"""A budget as a grid: its page beside W4 in turns, and a pasted year saved whole.

120 accounts below twelve sums, twelve months each, a year before to look back at, a basis for every fourth account, a tenth of
the cells changed. ``GRID_ACCOUNTS`` (120), ``GRID_COMPLAINTS`` (20,000, what W4 lists) and ``ROUNDS_EACH`` (40) change the
size. Nothing is asserted but that what was saved is there.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import statistics
import time
from http.client import HTTPConnection
from typing import Any
from uuid import UUID

import psycopg
from dougong.plugins.registry import Registry
from dougong.tenancy.install import Addresses
from dougong.tenancy.stored import new_id
from dougong_budgeting.planning.records import Account, Basis, Budget, Cell

from .data import Size, Visitor, fill
from .data import _stored as stored
from .serving import cpu, postgres_cpu, served

ACCOUNTS = int(os.environ.get("GRID_ACCOUNTS") or "120")
COMPLAINTS = int(os.environ.get("GRID_COMPLAINTS") or "20000")
ROUNDS = int(os.environ.get("ROUNDS_EACH") or "40")
FIRST, PORT, SAVES = 9_000, 8975, 10


def run(registry: Registry, where: Addresses) -> dict[str, float]:
    """Fill one company and ask."""
    assert where.superuser is not None
    visitor = fill(where.superuser, registry, Size(1, 20, 50, COMPLAINTS), first=FIRST)[0]
    with psycopg.connect(where.superuser) as connection:
        id, accounts = _budgets(connection, visitor)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    with served(["-m", "tests.bench.platform"], {"DOUGONG_PORT": str(PORT)}, PORT, visitor.host) as pid:
        return _pages(visitor, id, pid, where.superuser) | _saves(visitor, id, accounts)


def _budgets(connection: Any, visitor: Visitor) -> tuple[UUID, list[UUID]]:
    tenant, site, now = visitor.tenant, visitor.site, dt.datetime.now(dt.UTC)
    sums, leaves = [new_id() for _n in range(12)], [new_id() for _n in range(ACCOUNTS)]
    kept = {"site_id": site, "row_version": 1}
    tree = [
        {**kept, "id": id, "number": f"KM-{n}", "code": f"{50 + n}", "name": f"Sum {n}", "place": n * 1000,
         "direction": "income" if n < 2 else "expense", "parent_id": None}
        for n, id in enumerate(sums)
    ]  # fmt: skip
    tree += [
        {**kept, "id": id, "number": f"KM-L{n}", "code": f"{50 + n % 12}{n:03}", "name": f"Account {n}",
         "place": n % 12 * 1000 + n, "direction": "income" if n % 12 < 2 else "expense", "parent_id": sums[n % 12]}
        for n, id in enumerate(leaves)
    ]  # fmt: skip
    stored(connection, Account, tenant, tree)
    draft, before = new_id(), new_id()
    year = now.year + 1
    both = {**kept, "title": "Budget", "fee_mode": "lump", "area": 176_400, "created_by": visitor.person}
    stored(
        connection, Budget, tenant,
        [{**both, "id": draft, "number": "YS-1", "year": year, "status": "draft"},
         {**both, "id": before, "number": "YS-2", "year": year - 1, "status": "active", "income": 1, "expense": 1}],
    )  # fmt: skip
    for budget in (draft, before):
        cells = [
            {"budget_id": budget, "account_id": id, "month": month, "amount": amount, "row_version": 1,
             "first": amount - (n % 10 == 0) * 100, "changed_by": visitor.person, "changed_at": now}
            for n, id in enumerate(leaves) for month in range(1, 13) for amount in [1_234_500 + n * 991 + month * 87]
        ]  # fmt: skip
        stored(connection, Cell, tenant, cells)
    basis = {"budget_id": draft, "method": "area", "quantity": 176_400_000, "price": 220, "share": 9600}
    stored(connection, Basis, tenant, [{**basis, "account_id": id} for id in leaves[::4]])
    return draft, leaves


class _Asking:
    def __init__(self, visitor: Visitor) -> None:
        host = f"{visitor.host}:{PORT}"
        self._headers = {
            "Host": host, "Cookie": f"dougong_session={visitor.cookie}", "Origin": f"http://{host}",
            "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json",
        }  # fmt: skip
        self._connection = HTTPConnection("127.0.0.1", PORT, timeout=60)

    def ask(self, path: str, body: Any = None) -> tuple[float, bytes]:
        """Milliseconds, and what was answered."""
        given = json.dumps(body).encode() if body is not None else None
        begun = time.perf_counter()
        self._connection.request("PUT" if given else "GET", path, given, self._headers)
        answer = self._connection.getresponse()
        found = answer.read()
        took = (time.perf_counter() - begun) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {found[:500]!r}")
        return took, found


def _pages(visitor: Visitor, id: UUID, pid: int, address: str) -> dict[str, float]:
    asking = _Asking(visitor)
    paths = {"W4": "/complaints/complaint", "grid": f"/budgeting/grid/{id}"}
    took: dict[str, list[float]] = {name: [] for name in paths}
    spent = dict.fromkeys(paths, 0.0)
    for turn in range(-5, ROUNDS):
        for name, path in paths.items():
            before = cpu(pid) + postgres_cpu(address)
            ms, _body = asking.ask(path)
            if turn >= 0:
                took[name].append(ms)
                spent[name] += (cpu(pid) + postgres_cpu(address) - before) * 1000 / ROUNDS
    page = asking.ask(paths["grid"])[1]
    middle = {name: statistics.median(times) for name, times in took.items()}
    for name, ms in middle.items():
        print(
            f"  {name:6}{ms:9.2f} ms (median of {ROUNDS}){spent[name]:9.2f} ms CPU{ms / middle['W4']:8.2f} x W4",
            flush=True,
        )
    size = len(gzip.compress(page, 6)) / 1000
    print(f"  the grid of {ACCOUNTS} accounts: {len(page) / 1000:,.0f} kB, {size:.1f} kB compressed", flush=True)
    return {"times_w4": middle["grid"] / middle["W4"], "grid_ms": middle["grid"], "compressed_kb": size}


def _saves(visitor: Visitor, id: UUID, accounts: list[UUID]) -> dict[str, float]:
    """A whole year as it is pasted, each time with all amounts changed and the versions that were seen."""
    asking, took = _Asking(visitor), []
    path = f"/api/v1/budgeting/cells/{id}"
    seen = json.loads(asking.ask(path)[1])["cells"]
    for turn in range(SAVES):
        wanted = [
            {**{name: one[name] for name in ("account", "month", "version")}, "text": f"{20_000 + turn * 10 + n:,}.50"}
            for n, one in enumerate(seen)
        ]
        ms, body = asking.ask(path, {"cells": wanted})
        took.append(ms)
        seen = json.loads(body)["cells"]
    assert len(seen) == len(accounts) * 12
    assert seen[0]["amount"] == (20_000 + (SAVES - 1) * 10) * 100 + 50
    print(
        f"  {len(seen):,} cells saved: {statistics.median(took):.0f} ms (median of {SAVES}), {max(took):.0f} at most",
        flush=True,
    )
    return {"save_ms": statistics.median(took), "save_most_ms": max(took)}
