"""Data of the benchmark: companies, sites, people, grants and complaints, written with COPY as the superuser.

Deterministic. Complaints are spread over 90 days and over all states; one in five is open. Each company has one person
who sees all its sites (``boss``) and 49 service agents with two sites each.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from dougong.access.secret import fingerprint
from dougong.access.tables import Grant, Person, Role, Session
from dougong.plugins.registry import Registry
from dougong.records import search
from dougong.records.search import SearchDoc
from dougong.records.tables import Number
from dougong.tenancy.stored import Stored, new_id
from dougong.tenancy.tables import Module, Site, hosts, tenants, versions
from dougong_complaints.choices import State
from dougong_complaints.records import Complaint

CATEGORIES = ("water_leak", "facility_fault", "cleanliness", "noise", "parking", "charges", "service_attitude", "other")
START = dt.datetime(2026, 8, 24, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in: what a request needs."""

    host: str
    cookie: str
    tenant: UUID
    person: UUID
    site: UUID
    site_slug: str
    complaint: UUID


@dataclass(frozen=True)
class Size:
    companies: int = 200
    sites: int = 20
    people: int = 50
    complaints: int = 200_000


def steps(registry: Registry) -> dict[str, dict[str, list[str]]]:
    """By role that may read complaints, and state, the steps that they allow together; what the floor knows of rights."""
    resource = registry.resources[Complaint.kind]
    flow = resource.flow
    assert flow is not None
    out: dict[str, dict[str, list[str]]] = {}
    for slug, role in registry.roles.items():
        if resource.permission("read") in role.permissions and role.relation is None:
            held = [t for t in flow.transitions.values() if t.permission in role.permissions and not t.automatic]
            out[slug] = {s.value: [t.name for t in held if t.open_from(s)] for s in State}
    return out


def modules(registry: Registry) -> list[str]:
    """What the companies have on: everything that is installed, or ``MODULES``."""
    every = [name for name, one in registry.plugins.items() if one.manifest.kind == "module"]
    return os.environ["MODULES"].split(",") if os.environ.get("MODULES") else every


def fill(address: str, registry: Registry, size: Size, *, first: int = 0) -> list[Visitor]:
    """Write everything and return one visitor for each person who will ask. ``first``: number of the first company."""
    rng = random.Random(1)
    visitors: list[Visitor] = []
    with psycopg.connect(address) as connection:
        for number in range(first, first + size.companies):
            visitors += _company(connection, registry, size, number, rng)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    return visitors


def _company(
    connection: psycopg.Connection[Any], registry: Registry, size: Size, number: int, rng: random.Random
) -> list[Visitor]:
    tenant, root, now = new_id(), new_id(), dt.datetime.now(dt.UTC)
    host = f"bench{number}.localhost"
    _copy(connection, tenants, [{"id": tenant, "slug": f"bench{number}", "name": f"Bench {number}"}])
    _copy(connection, hosts, [{"host": host, "tenant_id": tenant}])
    _copy(connection, versions, [{"tenant_id": tenant, "version": 1}])
    sites: list[dict[str, Any]] = [
        {"id": new_id(), "parent_id": root, "slug": f"s{n}", "name": f"Site {n}", "position": n}
        for n in range(size.sites)
    ]
    _stored(connection, Site, tenant, [{"id": root, "slug": "company", "name": "Company", "type": "company"}, *sites])
    roles = {slug: new_id() for slug in registry.roles}
    _stored(
        connection, Role, tenant, [{"id": i, "slug": s, "level": registry.roles[s].level} for s, i in roles.items()]
    )
    people: list[dict[str, Any]] = [
        {"id": new_id(), "username": f"p{n}", "name": f"Person {n}"} for n in range(size.people)
    ]
    _stored(connection, Person, tenant, people)
    grants = [{"id": new_id(), "person_id": people[0]["id"], "role_id": roles["project_manager"], "site_id": root}]
    for n, person in enumerate(people[1:]):
        for place in (n % size.sites, (n * 7 + 3) % size.sites):
            grants.append(
                {
                    "id": new_id(),
                    "person_id": person["id"],
                    "role_id": roles["service_agent"],
                    "site_id": sites[place]["id"],
                }
            )
    _stored(connection, Grant, tenant, grants)
    _stored(connection, Module, tenant, [{"name": name} for name in modules(registry)])
    cases = list(_complaints(size.complaints // size.companies, sites, people, rng))
    _stored(connection, Complaint, tenant, cases)
    found = registry.resources[Complaint.kind]
    _stored(connection, SearchDoc, tenant, (search.row(found, tenant, case) for case in cases))
    _stored(connection, Number, tenant, [{"series": "TS", "year": 2026, "last": len(cases)}])
    out = []
    for n in range(0, size.people, 5):
        cookie, somebody = f"bench-{number}-{n}", people[n]
        begun = {"id": fingerprint(cookie), "person_id": somebody["id"], "expires_at": now + dt.timedelta(days=10)}
        _stored(connection, Session, tenant, [begun])
        here = sites[(n - 1) % size.sites] if n else sites[0]
        seen = next(c for c in reversed(cases) if c["site_id"] == here["id"])
        out.append(Visitor(host, cookie, tenant, somebody["id"], here["id"], here["slug"], seen["id"]))
    return out


def _complaints(
    count: int, sites: Sequence[dict[str, Any]], people: Sequence[dict[str, Any]], rng: random.Random
) -> Iterator[dict[str, Any]]:
    states, open_states = [State.CLOSED, State.MERGED], [State.NEW, State.ACCEPTED, State.WORKING, State.VISIT]
    for n in range(count):
        at = START + dt.timedelta(minutes=n * 90 * 24 * 60 / count)
        state = rng.choice(open_states) if rng.random() < 0.2 else rng.choice(states)
        yield {
            "id": new_id(),
            "site_id": rng.choice(sites)["id"],
            "number": f"TS-2026-{n + 1:06d}",
            "created_by": people[0]["id"],
            "created_at": at,
            "updated_at": at,
            "status": state.value,
            "channel": "phone",
            "complainant_type": "owner",
            "complainant": "Owner",
            "phone": "13800138000",
            "room": f"{n % 12 + 1}-{n % 4 + 1}-{n % 2000}",
            "category": CATEGORIES[n % len(CATEGORIES)],
            "location": f"{n % 12 + 1} 号楼 {n % 4 + 1} 单元",
            "statement": f"{n % 12 + 1} 号楼 {n % 4 + 1} 单元 {n % 2000} 卫生间顶棚渗水，第 {n % 3 + 1} 次报修未根治",
            "severity": "minor",
            "urgency": "normal",
            "owner_id": people[n % len(people)]["id"],
            "registered_at": at,
            "contact_by": at + dt.timedelta(minutes=30),
            "contacted_at": at + dt.timedelta(minutes=10),
            "resolve_by": at + dt.timedelta(hours=24),
            "progress_by": at + dt.timedelta(hours=24),
        }


def _stored(
    connection: psycopg.Connection[Any], kind: type[Stored], tenant: UUID, rows: Iterable[dict[str, Any]]
) -> None:
    _copy(connection, kind.__table__, [{"tenant_id": tenant, **row} for row in rows])  # type: ignore[arg-type]


def _copy(connection: psycopg.Connection[Any], table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """COPY rows, with the declared defaults for what they leave out."""
    if table.name == "complaint":
        rows = [{"row_version": 1, **row} for row in rows]
    given = {name for row in rows for name in row}
    names = [c.name for c in table.columns if c.name in given or c.default is not None]
    defaults = {c.name: c.default for c in table.columns if c.name in names}
    quoted = ", ".join(f'"{n}"' for n in names)
    with connection.cursor().copy(f'COPY "{table.schema}"."{table.name}" ({quoted}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([row[n] if n in row else _default(defaults[n]) for n in names])


def _default(default: Any) -> Any:
    if default is None:
        return None
    value = default.arg(None) if callable(default.arg) else default.arg
    return getattr(value, "value", value)
