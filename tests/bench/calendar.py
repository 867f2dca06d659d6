"""The year's compliance calendar: 300 sites in ten regions with 20 obligations each, a year of their filings, permits and orders.

``CAL_SITES`` (300) changes the size. Asked as a page over the wire by somebody who sees all of it, by a region's director, and of
one site, in turns with the list of complaints of a company of 1,000 (W4). Nothing is asserted.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
from dougong.access.secret import fingerprint
from dougong.access.tables import Grant, Person, Role, Session
from dougong.plugins.registry import Registry
from dougong.records.tables import RecordSite
from dougong.tenancy.install import Addresses
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import Module, Site, hosts, tenants, versions
from dougong_liaison.records import Agency, Filing, Obligation, Order, Permit
from dougong_liaison.templates_of_law import of_kind

from .data import Size, fill
from .data import _copy as copy
from .data import _stored as stored
from .serving import served

SITES = int(os.environ.get("CAL_SITES") or "300")
REGIONS, OBLIGATIONS, PERMITS, ROUNDS = 10, 20, 5, 40
PORT, HOST = 8975, "yearly.localhost"
MONTHS = {"monthly": range(1, 13), "quarterly": (1, 4, 7, 10), "half_yearly": (4, 10), "yearly": (6,)}
Row = dict[str, Any]


def run(registry: Registry, where: Addresses) -> dict[str, float]:
    """Fill one company and the one of W4, then ask for both in turns."""
    assert where.superuser is not None
    visitor = fill(where.superuser, registry, Size(1, complaints=1000), first=9000)[0]
    with psycopg.connect(where.superuser) as connection:
        _company(connection, registry)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    year = _year()
    asked = {
        "W4": (visitor.host, visitor.cookie, "/complaints/complaint"),
        "whole company": (HOST, "bench-boss", f"/liaison/year?year={year}"),
        "one region": (HOST, "bench-region", f"/liaison/year?year={year}"),
        "one site": (HOST, "bench-boss", f"/liaison/year?year={year}&site=s0"),
        "one kind of agency": (HOST, "bench-boss", f"/liaison/year?year={year}&agency_kind=tax"),
    }
    with served(["-m", "tests.bench.platform"], {"DOUGONG_PORT": str(PORT)}, PORT, HOST):
        return _turns(asked)


def _turns(asked: dict[str, tuple[str, str, str]]) -> dict[str, float]:
    took: dict[str, list[float]] = {name: [] for name in asked}
    size: dict[str, int] = {}
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
        for turn in range(-8, ROUNDS):
            for name, (host, cookie, path) in asked.items():
                headers = {"host": f"{host}:{PORT}", "cookie": f"dougong_session={cookie}"}
                begun = time.perf_counter()
                answer = client.get(path, headers=headers)
                spent = (time.perf_counter() - begun) * 1000
                assert answer.status_code == 200, answer.text[:500]
                size[name] = len(answer.content)
                if turn >= 0:
                    took[name].append(spent)
    middle = {name: statistics.median(times) for name, times in took.items()}
    for name, ms in middle.items():
        print(
            f"calendar of {SITES} sites × {OBLIGATIONS} obligations, {name}: {ms:.1f} ms (median of {ROUNDS}),"
            f" {max(took[name]):.1f} at most, {ms / middle['W4']:.2f} times W4, {size[name] / 1000:,.0f} kB",
            flush=True,
        )
    return {f"{name}_ms": ms for name, ms in middle.items()}


def _year() -> int:
    return dt.datetime.now(dt.UTC).year


def _company(connection: Any, registry: Registry) -> None:
    tenant, root, agency = (new_id() for _n in range(3))
    copy(connection, tenants, [{"id": tenant, "slug": "yearly", "name": "Yearly"}])
    copy(connection, versions, [{"tenant_id": tenant, "version": 1}])
    copy(connection, hosts, [{"host": HOST, "tenant_id": tenant}])
    regions, sites = [new_id() for _n in range(REGIONS)], [new_id() for _n in range(SITES)]
    stored(connection, Site, tenant, [{"id": root, "slug": "company", "name": "Company", "type": "company"}])
    tree = [(f"r{n}", id, root, "region") for n, id in enumerate(regions)]
    tree += [(f"s{n}", id, regions[n % REGIONS], "project") for n, id in enumerate(sites)]
    for slug, id, above, type in tree:
        stored(
            connection,
            Site,
            tenant,
            [{"id": id, "parent_id": above, "slug": slug, "name": f"Site {slug}", "type": type}],
        )
    stored(connection, Module, tenant, [{"name": "liaison"}])
    people = _people(connection, registry, tenant, {"general_manager": root, "regional_director": regions[0]})
    stored(
        connection, Agency, tenant,
        [{"id": agency, "site_id": root, "number": "JG-1", "row_version": 1, "nature": "fire", "name": "A", "jurisdiction": "B"}],
    )  # fmt: skip
    obligations = list(_obligations(sites, people[0]))
    stored(connection, Obligation, tenant, obligations)
    stored(connection, Filing, tenant, list(_filings(obligations)))
    permits = [_permit(n, sites[n % SITES], people[0]) for n in range(SITES * PERMITS)]
    stored(connection, Permit, tenant, permits)
    stored(
        connection, RecordSite, tenant,
        [{"record_kind": Permit.kind, "record_id": one["id"], "site_id": one["site_id"]} for one in permits],
    )  # fmt: skip
    stored(connection, Order, tenant, [_order(n, sites[n], people[0], agency) for n in range(SITES)])


def _people(connection: Any, registry: Registry, tenant: UUID, posts: dict[str, UUID]) -> list[UUID]:
    made, ends = [], dt.datetime.now(dt.UTC) + dt.timedelta(days=10)
    for (slug, place), cookie in zip(posts.items(), ("bench-boss", "bench-region"), strict=True):
        person, role = new_id(), new_id()
        stored(connection, Role, tenant, [{"id": role, "slug": slug, "level": registry.roles[slug].level}])
        stored(connection, Person, tenant, [{"id": person, "username": slug, "name": slug}])
        stored(connection, Grant, tenant, [{"id": new_id(), "person_id": person, "role_id": role, "site_id": place}])
        stored(connection, Session, tenant, [{"id": fingerprint(cookie), "person_id": person, "expires_at": ends}])
        made.append(person)
    return made


def _obligations(sites: list[UUID], owner: UUID) -> Iterator[Row]:
    for n, site in enumerate(sites):
        for m, one in enumerate(of_kind(("home", "park", "hospital")[n % 3])[:OBLIGATIONS]):
            yield {
                "id": new_id(), "site_id": site, "number": f"HG-{n:04d}{m:02d}", "row_version": 1, "status": "active",
                "title": one.title, "agency_kind": one.agency, "basis": one.basis, "checked": one.checked.value,
                "repeat": one.repeat.value, "month": one.month, "day": one.day, "on_closed": "as_is",
                "evidence": one.evidence, "files": 1, "owner_id": owner, "code": one.code,
            }  # fmt: skip


def _filings(obligations: list[Row]) -> Iterator[Row]:
    """A year of each; two thirds of what is past were handed in."""
    today, year = dt.datetime.now(dt.UTC).date(), _year()
    for n, o in enumerate(obligations):
        for month in MONTHS[o["repeat"]]:
            day = dt.date(year, month, min(int(o["day"]), 28))
            handed = day < today and (n + month) % 3 > 0
            due = dt.datetime.combine(day, dt.time(15, 59, 59), dt.UTC)
            yield {
                "id": new_id(), "site_id": o["site_id"], "number": f"BS-{n:06d}{month:02d}", "row_version": 1,
                "status": "archived" if handed else "todo", "obligation_id": o["id"], "title": o["title"],
                "agency_kind": o["agency_kind"], "basis": o["basis"], "evidence": o["evidence"], "files": 1,
                "owner_id": o["owner_id"], "due_on": day, "due_by": due, "submitted_at": due if handed else None,
                "returned": 0, "late": False,
            }  # fmt: skip


def _permit(n: int, site: UUID, owner: UUID) -> Row:
    day = dt.date(_year(), n % 12 + 1, n % 28 + 1)
    return {
        "id": new_id(), "site_id": site, "number": f"XK-{n:06d}", "row_version": 1, "status": "valid", "title": f"Permit {n}",
        "nature": "lift", "paper": f"TJ-{n}", "expires_on": day, "owner_id": owner, "expired": False, "applied_late": False,
        "expires_by": dt.datetime.combine(day, dt.time(15, 59, 59), dt.UTC),
    }  # fmt: skip


def _order(n: int, site: UUID, owner: UUID, agency: UUID) -> Row:
    day = dt.date(_year(), n % 12 + 1, n % 28 + 1)
    return {
        "id": new_id(), "site_id": site, "number": f"ZG-{n:06d}", "row_version": 1, "status": "closed" if n % 2 else "fixing",
        "title": f"Order {n}", "agency_id": agency, "agency_name": "A", "agency_kind": "fire", "document": f"D-{n}",
        "received_on": day, "deadline_on": day, "items": "x", "owner_id": owner, "rechecks": 0, "penalty": 0, "late": False,
        "due_by": dt.datetime.combine(day, dt.time(15, 59, 59), dt.UTC), "used": [],
    }  # fmt: skip
