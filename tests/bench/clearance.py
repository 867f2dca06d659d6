"""A leaver's clearance: what one person has on hand, over a million records of one company of eight kinds and four modules.

``CLEAR_RECORDS`` (1,000,000) changes the size. Half of them are complaints, the rest orders, tasks, findings, nonconformities,
measures, roll-outs and decisions; 500 people hold them and one in five is open. Asked through ``open_items`` as the manager
who may see all, as HR that may see none of it, and of somebody who holds nothing, each in a transaction under row security.
Nothing is asserted.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from dougong import open_items
from dougong.access.tables import Grant, Person, Role
from dougong.app import opener, parts
from dougong.config import Config
from dougong.plugins.registry import Registry
from dougong.tenancy.install import Addresses
from dougong.tenancy.stored import Stored, new_id
from dougong.tenancy.tables import Module, Site, tenants, versions
from dougong_complaints.records import Complaint
from dougong_inspections.records import Finding, Route, Task
from dougong_quality.corrective.records import Measure, Nonconformity, Rollout
from dougong_quality.system.records import Decision, ManagementReview
from dougong_workorders.records import Order

from .data import START
from .data import _copy as copy
from .data import _stored as stored

RECORDS = int(os.environ.get("CLEAR_RECORDS") or "1000000")
PEOPLE, SITES, ROUNDS = 500, 20, 30
MODULES = ("complaints", "workorders", "inspections", "quality")
_COMPLAINT = {
    "channel": "phone", "complainant_type": "owner", "category": "water_leak", "location": "3 号楼", "severity": "minor",
    "urgency": "normal", "statement": "卫生间顶棚渗水", "registered_at": START,
}  # fmt: skip
# kind → (of twenty records, field of the holder, an open state, an ended one, what else a row has to say)
KINDS: dict[type[Stored], tuple[int, str, str, str, dict[str, Any]]] = {
    Complaint: (10, "owner_id", "working", "closed", _COMPLAINT),
    Order: (4, "owner_id", "accepted", "closed", {}),
    Task: (2, "assignee_id", "pending", "reviewed", {}),
    Finding: (1, "responsible_id", "fixing", "closed", {}),
    Nonconformity: (1, "responsible_id", "plan", "closed", {}),
    Measure: (1, "responsible_id", "open", "done", {}),
    Rollout: (1, "responsible_id", "open", "done", {}),
}


def run(registry: Registry, where: Addresses) -> dict[str, float]:
    """Fill one company and ask."""
    assert where.superuser is not None
    with psycopg.connect(where.superuser) as connection:
        tenant, people, boss = _company(connection, registry)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    return _asked(tenant, people, boss)


def _company(connection: Any, registry: Registry) -> tuple[UUID, list[UUID], dict[str, UUID]]:
    tenant, root = new_id(), new_id()
    copy(connection, tenants, [{"id": tenant, "slug": "clearance", "name": "Clearance"}])
    copy(connection, versions, [{"tenant_id": tenant, "version": 1}])
    sites = [new_id() for _n in range(SITES)]
    stored(connection, Site, tenant, [{"id": root, "slug": "company", "name": "Company", "type": "company"}])
    stored(
        connection, Site, tenant,
        [{"id": id, "parent_id": root, "slug": f"s{n}", "name": f"Site {n}", "position": n} for n, id in enumerate(sites)],
    )  # fmt: skip
    people, boss = [new_id() for _n in range(PEOPLE)], {"manager": new_id(), "hr": new_id(), "idle": new_id()}
    stored(
        connection,
        Person,
        tenant,
        [{"id": id, "username": f"p{n}", "name": f"Person {n}"} for n, id in enumerate(people)],
    )
    stored(connection, Person, tenant, [{"id": id, "username": name, "name": name} for name, id in boss.items()])
    for who, slug in (("manager", "general_manager"), ("hr", "hr")):
        role = new_id()
        stored(connection, Role, tenant, [{"id": role, "slug": slug, "level": registry.roles[slug].level}])
        stored(connection, Grant, tenant, [{"id": new_id(), "person_id": boss[who], "role_id": role, "site_id": root}])
    stored(connection, Module, tenant, [{"name": name} for name in MODULES])
    route = {
        "id": new_id(),
        "site_id": sites[0],
        "number": "XJL-1",
        "name": "Route",
        "trade": "quality",
        "row_version": 1,
    }
    stored(connection, Route, tenant, [route])
    review = {
        "id": new_id(), "site_id": root, "number": "GP-1", "title": "Review", "row_version": 1,
        **dict.fromkeys(("planned_on", "from_on", "until_on"), START.date()),
    }  # fmt: skip
    stored(connection, ManagementReview, tenant, [review])
    own: dict[type[Stored], dict[str, Any]] = {Task: {"route_id": route["id"]}}
    for kind, (share, holder, going, ended, more) in KINDS.items():
        rows = _rows(kind, RECORDS * share // 20, sites, people, (holder, going, ended), {**more, **own.get(kind, {})})
        for piece in _pieces(rows):
            stored(connection, kind, tenant, piece)
    decided = {"review_id": review["id"], "due_on": START.date(), "statement": "Decided"}
    stored(
        connection, Decision, tenant, [*_rows(Decision, 2000, [root], people, ("owner_id", "open", "closed"), decided)]
    )
    return tenant, people, boss


def _rows(
    kind: type[Stored],
    count: int,
    sites: list[UUID],
    people: list[UUID],
    held: tuple[str, str, str],
    more: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """Rows with what every column needs that has no default: text, a moment, a day, a choice."""
    holder, going, ended = held
    filled = {**_filled(kind), **more}
    for n in range(count):
        yield {
            **filled, "id": new_id(), "site_id": sites[n % len(sites)], "number": f"N-{n:07d}", "row_version": 1,
            "status": going if n % 5 == 0 else ended, holder: people[n // 5 % len(people)],
        }  # fmt: skip


def _filled(kind: type[Stored]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for column in kind.__table__.columns:
        if column.nullable or column.default is not None or column.name in ("tenant_id", "id"):
            continue
        choice, type_ = getattr(column.type, "choice", None), column.type.python_type
        out[column.name] = next(iter(choice)).value if choice else _plain(type_)
    return out


def _plain(type_: type) -> Any:
    return {dt.datetime: START, dt.date: START.date(), int: 1, float: 1.0, bool: False}.get(type_, "Text")


def _pieces(rows: Iterator[dict[str, Any]], most: int = 50_000) -> Iterator[list[dict[str, Any]]]:
    piece: list[dict[str, Any]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == most:
            yield piece
            piece = []
    if piece:
        yield piece


def _asked(tenant: UUID, people: list[UUID], boss: dict[str, UUID]) -> dict[str, float]:
    of = parts(Config())
    opened: Any = opener(of)
    found: dict[str, float] = {}
    for name, who in (
        ("manager", boss["manager"]),
        ("hr", boss["hr"]),
        ("of somebody who has nothing", boss["manager"]),
    ):
        took, items, counted = [], 0, 0
        for turn in range(-2, ROUNDS):
            leaver = boss["idle"] if name.startswith("of ") else people[(turn + 2) * 13 % len(people)]
            with opened(tenant, "complaints") as system:
                x = system.as_person(who)
                begun = time.perf_counter()
                held = open_items(x, leaver)
                spent = (time.perf_counter() - begun) * 1000
            if turn >= 0:
                took.append(spent)
                items, counted = max(items, len(held)), max(counted, sum(one.count for one in held))
        found[f"{name}_ms"], found[f"{name}_most_ms"] = statistics.median(took), max(took)
        print(
            f"clearance over {RECORDS:,} records, {name}: {statistics.median(took):.1f} ms, {max(took):.1f} ms at most;"
            f" up to {counted:,} open of {items} kinds",
            flush=True,
        )
    of.cell.engine.dispose()
    return found
