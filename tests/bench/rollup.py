"""The roll-up of budgets: a year of 300 sites in ten regions, 120 accounts each, asked in January, in March and in November.

``ROLL_SITES`` (300) and ``ROLL_ACCOUNTS`` (120) change the size. Asked as the sums alone, in a transaction under row security,
and as the page over the wire, with its rankings and its table. Nothing is asserted.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from typing import Any
from uuid import UUID

import psycopg
from dougong.access.secret import fingerprint
from dougong.access.tables import Grant, Person, Role, Session
from dougong.app import opener, parts
from dougong.config import Config
from dougong.plugins.registry import Registry
from dougong.tenancy.install import Addresses
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import Module, Site, hosts, tenants, versions
from dougong_budgeting.planning.records import Account, Budget
from dougong_budgeting.reporting import rollup

from .data import _copy as copy
from .data import _stored as stored
from .serving import served

SITES = int(os.environ.get("ROLL_SITES") or "300")
ACCOUNTS = int(os.environ.get("ROLL_ACCOUNTS") or "120")
REGIONS, ROUNDS = 10, 20
PORT, HOST, COOKIE = 8974, "rolled.localhost", "bench-rolled"
# months that are over, and who looks at it how
MOMENTS = {"January": 0, "March": 2, "November": 10}


def run(registry: Registry, where: Addresses) -> dict[str, float]:
    """Fill one company and ask."""
    assert where.superuser is not None
    with psycopg.connect(where.superuser) as connection:
        tenant, boss, sites = _company(connection, registry)
        _balances(connection, tenant, sites[1 + REGIONS :])
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    found = _sums(tenant, boss, sites)
    with served(["-m", "tests.bench.platform"], {"DOUGONG_PORT": str(PORT)}, PORT, HOST):
        found |= _page()
    return found


def _year() -> int:
    return dt.datetime.now(dt.UTC).year


def _company(connection: Any, registry: Registry) -> tuple[UUID, UUID, list[UUID]]:
    tenant, root, boss, role = (new_id() for _n in range(4))
    copy(connection, tenants, [{"id": tenant, "slug": "rolled", "name": "Rolled"}])
    copy(connection, versions, [{"tenant_id": tenant, "version": 1}])
    copy(connection, hosts, [{"host": HOST, "tenant_id": tenant}])
    regions, sites = [new_id() for _n in range(REGIONS)], [new_id() for _n in range(SITES)]
    stored(connection, Site, tenant, [{"id": root, "slug": "company", "name": "Company", "type": "company"}])
    stored(
        connection, Site, tenant,
        [{"id": id, "parent_id": root, "slug": f"r{n}", "name": f"Region {n}", "type": "region", "position": n}
         for n, id in enumerate(regions)],
    )  # fmt: skip
    stored(
        connection, Site, tenant,
        [{"id": id, "parent_id": regions[n % REGIONS], "slug": f"s{n}", "name": f"Site {n}", "position": n}
         for n, id in enumerate(sites)],
    )  # fmt: skip
    stored(connection, Role, tenant, [{"id": role, "slug": "finance", "level": registry.roles["finance"].level}])
    stored(connection, Person, tenant, [{"id": boss, "username": "finance", "name": "Finance"}])
    stored(connection, Grant, tenant, [{"id": new_id(), "person_id": boss, "role_id": role, "site_id": root}])
    stored(connection, Module, tenant, [{"name": "budgeting"}])
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=10)
    stored(connection, Session, tenant, [{"id": fingerprint(COOKIE), "person_id": boss, "expires_at": ends}])
    accounts = [
        {"id": new_id(), "site_id": root, "number": f"KM-{n}", "row_version": 1, "code": f"{5000 + n}", "name": f"Account {n}",
         "direction": "income" if n < ACCOUNTS // 6 else "expense", "place": n}
        for n in range(ACCOUNTS)
    ]  # fmt: skip
    stored(connection, Account, tenant, accounts)
    budgets = [
        {"id": new_id(), "site_id": id, "number": f"YS-{n}", "row_version": 1, "status": "active", "title": "Budget",
         "year": _year(), "fee_mode": "lump", "area": 100_000 + n, "active_at": dt.datetime.now(dt.UTC)}
        for n, id in enumerate(sites)
    ]  # fmt: skip
    stored(connection, Budget, tenant, budgets)
    return tenant, boss, [root, *regions, *sites]


def _balances(connection: Any, tenant: UUID, sites: list[UUID]) -> None:
    """A year of every account of each of these sites: months, and their sums as the year."""
    given = {"tenant": tenant, "year": _year(), "sites": sites, "accounts": ACCOUNTS}
    connection.execute(
        "INSERT INTO budgeting.ledger (tenant_id, site_id, year, closed, temporary)"
        " SELECT %(tenant)s, s, %(year)s, 0, false FROM unnest(%(sites)s::uuid[]) s",
        given,
    )
    connection.execute(
        "WITH m AS (SELECT s.id, s.n, a, p, 100000 + (s.n * 7 + a * 13 + p * 3) %% 50000 AS plan"
        " FROM unnest(%(sites)s::uuid[]) WITH ORDINALITY s(id, n), generate_series(0, %(accounts)s - 1) a,"
        " generate_series(1, 12) p), f AS (SELECT id, a, p, plan, plan / 10 AS promised,"
        " CASE WHEN p < 11 THEN plan * (80 + (n + a) %% 50) / 100 ELSE 0 END AS spent FROM m)"
        " INSERT INTO budgeting.balance (tenant_id, site_id, year, account, period, approved, committed, spent, stop, alerted)"
        " SELECT %(tenant)s, id, %(year)s, (5000 + a)::text, p, plan, promised, spent, 'soft', 0 FROM f UNION ALL"
        " SELECT %(tenant)s, id, %(year)s, (5000 + a)::text, 0, sum(plan), sum(promised), sum(spent), 'soft', 0 FROM f"
        " GROUP BY id, a",
        given,
    )


def _sums(tenant: UUID, boss: UUID, sites: list[UUID]) -> dict[str, float]:
    of = parts(Config())
    opened: Any = opener(of)
    found: dict[str, float] = {}
    for method in ("plan", "run_rate"):
        for name, done in MOMENTS.items():
            took = []
            for turn in range(-3, ROUNDS):
                with opened(tenant, "budgeting") as system:
                    x = system.as_person(boss)
                    begun = time.perf_counter()
                    rolled = rollup.places(x, sites, _year(), method, done=done)
                    spent = (time.perf_counter() - begun) * 1000
                if turn >= 0:
                    took.append(spent)
            key = f"{method} in {name}"
            found[f"{key}_ms"] = statistics.median(took)
            print(
                f"roll-up of {SITES} sites × {ACCOUNTS} accounts, {key}: {statistics.median(took):.1f} ms (median of {ROUNDS}), "
                f"{max(took):.1f} at most; {len(rolled)} sites and regions",
                flush=True,
            )
    of.cell.engine.dispose()
    return found


def _page() -> dict[str, float]:
    import httpx

    headers = {"host": f"{HOST}:{PORT}", "cookie": f"dougong_session={COOKIE}"}
    took, size = [], 0
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", headers=headers, timeout=60) as client:
        for turn in range(-3, ROUNDS):
            begun = time.perf_counter()
            answer = client.get(f"/budgeting/figures?year={_year()}")
            spent = (time.perf_counter() - begun) * 1000
            assert answer.status_code == 200, answer.text[:500]
            size = len(answer.content)
            if turn >= 0:
                took.append(spent)
    print(
        f"roll-up as a page: {statistics.median(took):.1f} ms (median of {ROUNDS}), {max(took):.1f} at most;"
        f" {size / 1000:,.0f} kB before compression",
        flush=True,
    )
    return {"page_ms": statistics.median(took)}
