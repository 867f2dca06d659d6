"""Inspections: making a day's tasks of many companies, submitting a walk with photos, the figures of a million results.

``INS_COMPANIES`` (1,000), ``INS_ROUTES`` (20), ``INS_RESULTS`` (1,000,000) and ``INS_WALKS`` (60) change the size. Tasks are made
twice over: by the function alone, in the transaction that a job has, and by the schedule with all its steps (due, planned,
queued, taken, run, noted), by one pair of hands in one process. Nothing is asserted.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import statistics
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import psycopg
from dougong.access.secret import fingerprint
from dougong.access.tables import Grant, Person, Role, Session
from dougong.access.tokens import token_create
from dougong.app import opener, parts
from dougong.config import Config
from dougong.plugins.registry import Registry
from dougong.scheduling.stepping import Stepper
from dougong.tenancy.install import Addresses
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import Module, Site, hosts, tenants, versions
from dougong_inspections import making
from dougong_inspections.records import Plan, Point, Revision, Route, Template
from PIL import Image
from psycopg.types.json import Jsonb

from .data import _copy as copy
from .data import _stored as stored
from .serving import served

COMPANIES = int(os.environ.get("INS_COMPANIES") or "1000")
ROUTES = int(os.environ.get("INS_ROUTES") or "20")
RESULTS = int(os.environ.get("INS_RESULTS") or "1000000")
WALKS = int(os.environ.get("INS_WALKS") or "60")
PORT, HOST, COOKIE = 8973, "inspected.localhost", "bench-inspected"
ITEMS, POINTS = 5, 6  # of a point, of a route: thirty items a walk
PHOTOS = 5
DAYS = 365
_TRADE = "engineering"


def run(registry: Registry, where: Addresses) -> dict[str, Any]:
    """All parts, in one database."""
    assert where.superuser is not None
    with psycopg.connect(where.superuser) as connection:
        several = [_company(connection, registry, f"i{n}", ROUTES, 2) for n in range(COMPANIES)]
        one = _company(connection, registry, "inspected", 40, POINTS, host=HOST)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
        found = {"making": _making(connection, several)}
        asked = _asked(connection, registry, one)
        _results(connection, asked)
        with served(["-m", "tests.bench.platform"], {"DOUGONG_PORT": str(PORT)}, PORT, HOST):
            found["figures"] = _figures()
            found["walks"] = _walks(connection, asked)
    return found


# ---- data ----


def _items() -> list[dict[str, Any]]:
    return [{"id": f"item_{n}", "type": "yes_no", "text": f"Item {n}", "criticality": "normal"} for n in range(ITEMS)]


def _company(connection: Any, registry: Registry, slug: str, routes: int, points: int, host: str | None = None) -> UUID:
    """A company with one project, who walks there, and daily plans over routes that each have so many points."""
    tenant, root, site, boss, role = (new_id() for _n in range(5))
    copy(connection, tenants, [{"id": tenant, "slug": slug, "name": slug}])
    copy(connection, versions, [{"tenant_id": tenant, "version": 1}])
    if host:
        copy(connection, hosts, [{"host": host, "tenant_id": tenant}])
    places = [
        {"id": root, "slug": "company", "name": "Company", "type": "company", "position": 0},
        {"id": site, "parent_id": root, "slug": "p1", "name": "Project", "type": "project", "position": 1},
    ]
    for row in places:
        stored(connection, Site, tenant, [row])
    people = [(boss, role, "project_manager", root), (new_id(), new_id(), "technician", site)]
    stored(
        connection, Role, tenant, [{"id": r, "slug": s, "level": registry.roles[s].level} for _p, r, s, _at in people]
    )
    stored(connection, Person, tenant, [{"id": p, "username": s, "name": s} for p, _r, s, _at in people])
    stored(
        connection, Grant, tenant,
        [{"id": new_id(), "person_id": p, "role_id": r, "site_id": at} for p, r, _s, at in people],
    )  # fmt: skip
    stored(connection, Module, tenant, [{"name": "inspections"}])
    if host:
        ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=10)
        stored(connection, Session, tenant, [{"id": fingerprint(COOKIE), "person_id": boss, "expires_at": ends}])
    _routes(connection, tenant, root, site, routes, points)
    return tenant


def _routes(connection: Any, tenant: UUID, root: UUID, site: UUID, routes: int, points: int) -> None:
    template, revision, items = new_id(), new_id(), _items()
    own = {"trade": _TRADE, "row_version": 1}
    stored(connection, Template, tenant, [{
        **own, "id": template, "site_id": root, "number": "XJM-1", "name": "Template", "status": "active", "revision": 1,
        "current_id": revision, "draft": Jsonb(items),
    }])  # fmt: skip
    stored(connection, Revision, tenant, [{
        "id": revision, "parent_id": template, "version": 1, "note": "first", "items": Jsonb(items),
    }])  # fmt: skip
    ids = [new_id() for _n in range(routes)]
    stored(connection, Route, tenant, [
        {**own, "id": id, "site_id": site, "number": f"XJL-{n}", "name": f"Route {n}", "points": points, "status": "active"}
        for n, id in enumerate(ids)
    ])  # fmt: skip
    stored(connection, Point, tenant, [
        {
            "id": new_id(), "parent_id": id, "name": f"Point {n}", "position": n, "template_id": template,
            "code": str(new_id()), "active": True,
        }
        for id in ids
        for n in range(1, points + 1)
    ])  # fmt: skip
    stored(connection, Plan, tenant, [
        {
            **own, "id": new_id(), "site_id": site, "number": f"XJP-{n}", "name": f"Plan {n}", "status": "active",
            "route_id": id, "post": "technician", "repeat": "daily", "times": "08:00", "window_minutes": 60,
        }
        for n, id in enumerate(ids)
    ])  # fmt: skip


# ---- a day's tasks ----


def _making(connection: Any, companies: list[UUID]) -> dict[str, float]:
    """By the function alone for a first day; then by the schedule, after the tasks and what the plans remember are gone."""
    of = parts(Config())
    opened: Any = opener(of)
    before, begun, made = _rss(), time.perf_counter(), 0
    for tenant in companies:
        with opened(tenant, "inspections") as x:
            made += making.due(x.with_settings(x.settings_of("inspections")))
    found = {"function_s": time.perf_counter() - begun, "tasks": made, "function_mb": _rss() - before}
    print(
        f"tasks of a day, {len(companies):,} companies × {ROUTES} routes, the function in a job's transaction: {made:,} tasks,"
        f" {found['function_s']:.1f} s; memory {before:.0f} MB before, {_rss():.0f} MB at most",
        flush=True,
    )
    connection.execute("TRUNCATE inspections.task CASCADE")
    connection.execute("UPDATE inspections.plan SET made_to = NULL")
    connection.execute("DELETE FROM platform.due")
    connection.execute(
        "INSERT INTO platform.due SELECT id, 'core.schedules', id, 'epoch' FROM platform.tenant WHERE id = ANY(%s)",
        (companies,),
    )
    hands = Stepper(of.cell, of.jobs, opened)
    for _ran in hands.run():
        pass
    connection.execute(
        "UPDATE core.schedule SET planned_to = now() - interval '13 hours' WHERE name = 'inspections.tasks'"
    )
    connection.execute(
        "UPDATE platform.due d SET due_at = now() FROM core.schedule s WHERE d.tenant_id = s.tenant_id AND d.id = s.id"
        " AND s.name = 'inspections.tasks'"
    )
    connection.execute("VACUUM ANALYZE")
    begun, jobs = time.perf_counter(), 0
    for _ran in hands.run():
        jobs += 1
    found["path_s"], found["path_mb"] = time.perf_counter() - begun, _rss() - before
    count = connection.execute("SELECT count(*) FROM inspections.task").fetchone()[0]
    print(
        f"the same by the schedule, {jobs:,} jobs one after another: {count:,} tasks, {found['path_s']:.1f} s;"
        f" memory {_rss():.0f} MB at most",
        flush=True,
    )
    of.cell.engine.dispose()
    return found


def _rss() -> float:
    """Megabytes that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ---- a million results ----


@dataclass(frozen=True)
class Asked:
    """The company that is asked: its site, its manager with a token, a route and that route as it is pinned."""

    tenant: UUID
    site: UUID
    boss: UUID
    token: str
    route: UUID
    layout: UUID


def _asked(connection: Any, registry: Registry, tenant: UUID) -> Asked:
    def value(query: str) -> Any:
        return connection.execute(query, (tenant,)).fetchone()[0]

    boss = value("SELECT id FROM core.person WHERE tenant_id = %s AND username = 'project_manager'")
    of = parts(Config())
    opened: Any = opener(of)
    with opened(tenant, "inspections") as x:
        making.due(x.with_settings(x.settings_of("inspections")))
        ends = x.now + dt.timedelta(days=1)
        token = token_create(
            x.session, boss, name="bench", scope=("*",), ends=ends, now=x.now, permissions=registry.permissions
        )
    of.cell.engine.dispose()
    return Asked(
        tenant,
        value("SELECT id FROM core.site WHERE tenant_id = %s AND slug = 'p1'"),
        boss,
        token,
        value("SELECT parent_id FROM inspections.layout WHERE tenant_id = %s ORDER BY id LIMIT 1"),
        value("SELECT id FROM inspections.layout WHERE tenant_id = %s ORDER BY id LIMIT 1"),
    )


def _results(connection: Any, asked: Asked) -> None:
    """Tasks of a year with their points and results; one in twenty missed, one answer in forty failed."""
    tasks = RESULTS // (ITEMS * POINTS)
    given = {"tenant": asked.tenant, "site": asked.site, "tasks": tasks, "days": DAYS}
    connection.execute(
        "CREATE TEMP TABLE made AS WITH r AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at, count(*) OVER () AS many"
        " FROM inspections.route WHERE tenant_id = %(tenant)s) SELECT gen_random_uuid() AS id, n, r.id AS route_id,"
        " l.id AS layout_id, n %% 20 = 0 AS missed, (n * 7) %% 24 AS hour, current_date - (n %% %(days)s) AS day"
        " FROM generate_series(1, %(tasks)s) n JOIN r ON r.at = n %% r.many"
        " JOIN inspections.layout l ON l.tenant_id = %(tenant)s AND l.parent_id = r.id",
        given,
    )
    connection.execute(
        "INSERT INTO inspections.task (tenant_id, id, site_id, number, row_version, created_at, updated_at, name, status, trade,"
        " route_id, layout_id, business_date, window_from, window_to, due_by, substitute, statutory, review, item_count,"
        " point_count, answered, failed, skipped, late_sync, skewed, too_fast, off_place, made_up, was_missed, on_time,"
        " review_late, returned, score) SELECT %(tenant)s, id, %(site)s, 'B-' || n, 1, day, day, 'Route',"
        " CASE WHEN missed THEN 'missed' ELSE 'reviewed' END, 'engineering', route_id, layout_id, day,"
        " day + hour * interval '1 hour', day + (hour + 1) * interval '1 hour', day + (hour + 1) * interval '1 hour', false,"
        " false, true, 30, 6, 30, 0, 0, false, false, false, false, false, missed, NOT missed, false, 0,"
        " CASE WHEN missed THEN NULL ELSE 60 + n %% 40 END FROM made",
        given,
    )
    connection.execute(
        "INSERT INTO inspections.scan (tenant_id, task_id, point_id, site_id, business_date, hour, trade, state, off_place,"
        " server_at) SELECT %(tenant)s, m.id, p.id, %(site)s, m.day, m.hour, 'engineering',"
        " CASE WHEN m.missed THEN 'missed' ELSE 'done' END, false, m.day FROM made m JOIN inspections.point p"
        " ON p.tenant_id = %(tenant)s AND p.parent_id = m.route_id",
        given,
    )
    connection.execute(
        "INSERT INTO inspections.result (tenant_id, task_id, point_id, item, site_id, business_date, template_id, revision_id,"
        " trade, criticality, outcome, value, weight, server_at) SELECT %(tenant)s, m.id, p.id, 'item_' || i, %(site)s, m.day,"
        " p.template_id, t.current_id, 'engineering', 'normal', CASE WHEN (m.n * 31 + i * 7) %% 40 = 0 THEN 'fail' ELSE 'pass'"
        " END, 'yes', 1, m.day FROM made m JOIN inspections.point p ON p.tenant_id = %(tenant)s AND p.parent_id = m.route_id"
        " JOIN inspections.template t ON t.tenant_id = p.tenant_id AND t.id = p.template_id CROSS JOIN generate_series(0, 4) i",
        given,
    )
    connection.execute("VACUUM ANALYZE inspections.task, inspections.scan, inspections.result")


def _client(token: str = "") -> httpx.Client:
    """Somebody signed in, or a program with its token."""
    own = {"authorization": f"Bearer {token}"} if token else {"cookie": f"dougong_session={COOKIE}"}
    headers = {"host": f"{HOST}:{PORT}", **own}
    return httpx.Client(base_url=f"http://127.0.0.1:{PORT}", headers=headers, timeout=120)


def _figures() -> dict[str, float]:
    """Each page of figures over the whole year, as a page; median of five."""
    found = {}
    with _client() as client:
        for name in ("missed", "failures", "scores"):
            took = []
            for _n in range(6):
                begun = time.perf_counter()
                answer = client.get(f"/inspections/reports/{name}", params=_year())
                took.append(time.perf_counter() - begun)
                assert answer.status_code == 200, answer.text[:500]
            found[name] = statistics.median(took[1:])
            told = client.get(f"/api/v1/inspections/reports/{name}", params=_year()).json()
            print(
                f"{name} of {RESULTS:,} results: {found[name]:.2f} s (median of 5; the first {took[0]:.2f} s);"
                f" counted: {told.get('total', told.get('sites'))}",
                flush=True,
            )
    return found


def _year() -> dict[str, str]:
    today = dt.datetime.now(dt.UTC).date()
    return {"from": (today - dt.timedelta(days=DAYS)).isoformat(), "to": (today + dt.timedelta(days=1)).isoformat()}


# ---- a walk with photos ----


def _photo(seed: int) -> bytes:
    """A picture as the phone sends it, made smaller there: 1,600 pixels, some 300 kB."""
    out = BytesIO()
    Image.effect_noise((1600, 1200), 20 + seed).convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()


def _walks(connection: Any, asked: Asked) -> dict[str, float]:
    """Thirty answers and five photos, one walk after another: the photos, and the submission."""
    pinned = connection.execute("SELECT points FROM inspections.layout WHERE id = %s", (asked.layout,)).fetchone()[0]
    photos = [_photo(n) for n in range(PHOTOS)]
    sending, submitting, whole = list[float](), list[float](), list[float]()
    api = "/api/v1/inspections/task"
    with _client(asked.token) as client:
        for n in range(WALKS + 5):
            begin = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=20)
            made = client.post(api, json={
                "site": "p1", "name": f"Walk {n}", "route_id": str(asked.route), "window_from": begin.isoformat(),
                "window_to": (begin + dt.timedelta(hours=2)).isoformat(),
            })  # fmt: skip
            assert made.status_code == 201, made.text[:500]
            task = made.json()["id"]
            begun = time.perf_counter()
            ids = [
                _sent(client.post(f"{api}/{task}/files", files=[("file", (f"{k}.jpg", one, "image/jpeg"))]))["results"][
                    0
                ]["id"]
                for k, one in enumerate(photos)
            ]
            between = time.perf_counter()
            _sent(client.post(f"{api}/{task}/submission", json=_body(pinned, ids)))
            if n >= 5:  # the first ones warm up
                sending.append((between - begun) * 1000)
                submitting.append((time.perf_counter() - between) * 1000)
                whole.append((time.perf_counter() - begun) * 1000)
    size = sum(map(len, photos)) / PHOTOS / 1024
    found = {}
    for name, took in (("photos", sending), ("submission", submitting), ("whole", whole)):
        cuts = statistics.quantiles(took, n=20)
        found[f"{name}_p50"], found[f"{name}_p95"] = statistics.median(took), cuts[18]
        print(
            f"walk of {ITEMS * POINTS} items with {PHOTOS} photos of {size:.0f} kB, {name}: p50 {found[f'{name}_p50']:.0f} ms,"
            f" p95 {found[f'{name}_p95']:.0f} ms ({WALKS} walks, one after another)",
            flush=True,
        )
    return found


def _sent(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, answer.text[:500]
    return answer.json()


def _body(points: list[dict[str, Any]], photos: list[str]) -> dict[str, Any]:
    now = dt.datetime.now(dt.UTC)
    answers: list[dict[str, dict[str, Any]]] = [{f"item_{n}": {"value": True} for n in range(ITEMS)} for _p in points]
    for n, photo in enumerate(photos):
        answers[n]["item_0"] = {"value": True, "photos": [photo]}
    walked = [
        {"point": p["point_id"], "method": "qr", "code": p["code"], "answers": a}
        for p, a in zip(points, answers, strict=True)
    ]
    began = now - dt.timedelta(minutes=15)
    return {
        "id": str(new_id()), "sent_at": now.isoformat(), "started_at": began.isoformat(), "finished_at": now.isoformat(),
        "points": walked,
    }  # fmt: skip
