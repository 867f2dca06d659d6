"""The floor: bare Starlette and one hand-written SQL statement a request through asyncpg, msgspec out, no row security.

It answers the same questions with the same fields from the same rows, and judges the same session, grants and accused in
its one statement. Between requests it keeps what never changes while it is measured: hosts, sites, people's names,
which roles hold a permission and take a step, and the template.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import msgspec
import uuid_utils
import uvicorn
from dougong.records.search import normal, tokens
from dougong.web.application import COLLECTED
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from .floor_page import page

OPEN = "('registered', 'accepted', 'working', 'held', 'visit')"
ACTIVE = "('registered', 'accepted', 'working', 'held')"

# Whoever holds a higher level over one of my sites stands above me: the accused among them hides a complaint from me.
ALLOWED = """
WITH RECURSIVE me AS (
  SELECT person_id FROM core.session WHERE tenant_id = $1 AND id = $2 AND expires_at > now()
), granted AS (
  SELECT g.site_id, r.slug, r.level FROM core."grant" g JOIN me ON me.person_id = g.person_id
    JOIN core.role r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
   WHERE g.tenant_id = $1 AND g.relation IS NULL
     AND (g.starts_at IS NULL OR g.starts_at <= now()) AND (g.ends_at IS NULL OR now() < g.ends_at)
), allowed AS (
  SELECT site_id, slug FROM granted WHERE slug = ANY($3)
  UNION
  SELECT s.id, a.slug FROM core.site s JOIN allowed a ON s.parent_id = a.site_id WHERE s.tenant_id = $1
), over AS (
  SELECT site_id, level FROM granted
  UNION
  SELECT s.parent_id, o.level FROM core.site s JOIN over o ON s.id = o.site_id WHERE s.tenant_id = $1 AND s.parent_id IS NOT NULL
), chain AS (
  SELECT person_id FROM me
  UNION
  SELECT g.person_id FROM over o JOIN core."grant" g ON g.tenant_id = $1 AND g.site_id = o.site_id
    JOIN core.role r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
   WHERE r.level > o.level AND (g.starts_at IS NULL OR g.starts_at <= now()) AND (g.ends_at IS NULL OR now() < g.ends_at)
)
"""
SEEN = """c.tenant_id = $1 AND c.site_id = ANY(ARRAY(SELECT site_id FROM allowed))
  AND (c.against_id IS NULL OR c.against_id <> ALL(ARRAY(SELECT person_id FROM chain)))"""
LISTED = (
    "c.id, c.row_version, c.site_id, c.number, c.statement, c.category, c.status, c.owner_id, c.resolve_by, c.progress_by, "
    "c.severity, c.urgency, c.resolved_at, c.contact_by, c.contacted_at, c.visit_by, c.visited_at, c.created_at, c.updated_at"
)
LIST = f"""{ALLOWED} SELECT {LISTED} FROM complaints.complaint c
WHERE {SEEN} AND c.status IN {OPEN} ORDER BY c.created_at DESC, c.id DESC LIMIT 21"""
PAGE = f"""{ALLOWED}, listed AS MATERIALIZED (SELECT {LISTED} FROM complaints.complaint c
  WHERE {SEEN} AND c.status IN {OPEN} ORDER BY c.created_at DESC, c.id DESC LIMIT 31
), counted AS (SELECT count(*) FILTER (WHERE status IN {OPEN}) AS open,
    count(*) FILTER (WHERE status IN {OPEN} AND owner_id = (SELECT person_id FROM me)) AS mine,
    count(*) FILTER (WHERE status IN ('registered', 'accepted', 'working') AND resolve_by < now()
      OR status IN {ACTIVE} AND (progress_by < now() OR contacted_at IS NULL AND contact_by < now())
      OR status = 'visit' AND visited_at IS NULL AND visit_by < now()) AS overdue,
    count(*) FILTER (WHERE status = 'visit') AS visit, count(*) AS "all"
  FROM complaints.complaint c WHERE {SEEN})
SELECT * FROM listed, counted ORDER BY created_at DESC, id DESC"""
ROLES = "ARRAY(SELECT slug FROM allowed WHERE site_id = {site}) AS roles"
TOLD = """EXISTS (SELECT FROM complaints.escalation e WHERE e.tenant_id = $1 AND e.parent_id = c.id
  AND e.acknowledged_at IS NULL AND e.told ? (SELECT person_id::text FROM me)) AS told"""
ONE = f"""{ALLOWED} SELECT {{fields}}, {ROLES.format(site="c.site_id")}, {TOLD} FROM complaints.complaint c
WHERE c.id = $4 AND {SEEN}"""
CREATE = f"""{ALLOWED}, number AS (
  INSERT INTO core.number (tenant_id, series, year, last) SELECT $1, 'TS', 2026, 1 WHERE $4 IN (SELECT site_id FROM allowed)
  ON CONFLICT (tenant_id, series, year) DO UPDATE SET last = core.number.last + 1 RETURNING last
), made AS (
  INSERT INTO complaints.complaint ({{columns}}) SELECT {{values}} FROM number, me RETURNING *
), entry AS (
  SELECT made.*, $16::jsonb || jsonb_build_object('number', jsonb_build_array(NULL, number),
    'owner_id', jsonb_build_array(NULL, owner_id), 'contact_by', jsonb_build_array(NULL, contact_by),
    'resolve_by', jsonb_build_array(NULL, resolve_by), 'progress_by', jsonb_build_array(NULL, progress_by)) AS changes FROM made
), told AS (
  INSERT INTO core.history (tenant_id, id, record_kind, record_id, action, actor_id, at, changes, inputs, seal)
  SELECT $1, $6, 'complaints.complaint', id, 'create', created_by, created_at, changes, '{{{{}}}}',
         encode(sha256(convert_to(concat('create', created_by, created_at, changes), 'UTF8')), 'hex') FROM entry
), aside AS (
  INSERT INTO core.history_value (tenant_id, history_id, path, value, salt)
  SELECT $1, $6, k.path, to_jsonb(k.value), k.salt
    FROM made, unnest($17::text[], $18::text[], $19::text[]) AS k(path, value, salt)
), searched AS (
  INSERT INTO core.search_doc (tenant_id, record_id, record_kind, site_id, status, body, tok)
  SELECT $1, id, 'complaints.complaint', site_id, status, lower(number) || $20, $21 FROM made
)
SELECT {{fields}}, {ROLES.format(site="$4")}, false AS told FROM made c"""

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class NewComplaint(msgspec.Struct, forbid_unknown_fields=True):
    """What a registration holds, checked as strictly as a hand-written service would."""

    channel: str
    complainant_type: str
    category: str
    location: Text
    statement: Text
    severity: str
    urgency: str
    complainant: str | None = None
    phone: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9][0-9 -]{4,19}$")] | None = None
    site: str | None = None


def new_id() -> UUID:
    return UUID(int=uuid_utils.uuid7().int)


def shown(row: Any, steps: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    """A record as the person may see it: personal values masked, and the steps that roles, state and guards allow."""
    out = dict(row)
    roles, told = out.pop("roles"), out.pop("told")
    if out["complainant"]:
        out["complainant"] = out["complainant"][:1] + "**"
    if out["phone"]:
        out["phone"] = f"{out['phone'][:3]} **** {out['phone'][-4:]}"
    if out["room"]:
        out["room"] = "****"
    names = dict.fromkeys(name for role in roles for name in steps[role].get(out["status"], ()))
    if out["contacted_at"] is not None:
        names.pop("contact", None)
    if not told:
        names.pop("acknowledge", None)
    out["transitions"] = list(names)
    return out


class Floor:
    """Routes over one pool.

    :param steps: by role and state, the transitions that they hold together; the roles are those that may read.
    """

    def __init__(
        self,
        address: str,
        tenants: dict[str, str],
        sites: dict[str, dict[str, str]],
        steps: dict[str, dict[str, list[str]]],
    ) -> None:
        self.address = address
        self.tenants = {host: UUID(id) for host, id in tenants.items()}
        self.sites = {host: {slug: UUID(id) for slug, id in of.items()} for host, of in sites.items()}
        self.names: dict[UUID, dict[UUID, str]] = {}
        self.steps, self.readers = steps, list(steps)
        self.one = self.create = ""

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            self.address, min_size=4, max_size=16, reset=_keep, server_settings={"jit": "off"}
        ) as self.pool:
            found = await self.pool.fetch(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
                " WHERE table_schema = 'complaints' AND table_name = 'complaint' AND column_name <> 'tenant_id'"
            )
            for table in ("person", "site"):
                for tenant, id, name in await self.pool.fetch(f"SELECT tenant_id, id, name FROM core.{table}"):
                    self.names.setdefault(tenant, {})[id] = name
            own = {"waived_at", "leaders_told_at", "alarmed", "timing"}
            fields = ", ".join(f"c.{r['column_name']}" for r in found if r["column_name"] not in own)
            self.one = ONE.format(fields=fields)
            self.create = self._create(found, fields)
            yield

    def _create(self, found: list[Any], fields: str) -> str:
        given = {
            "tenant_id": "$1", "id": "$5", "site_id": "$4", "number": "'TS-2026-' || lpad(last::text, 6, '0')",
            "row_version": "1", "created_by": "person_id", "created_at": "now()", "updated_at": "now()",
            "status": "'registered'", "channel": "$7", "complainant_type": "$8", "category": "$9", "location": "$10",
            "statement": "$11", "severity": "$12", "urgency": "$13", "complainant": "$14", "phone": "$15",
            "owner_id": "person_id", "registered_at": "now()",
            "contact_by": "now() + interval '30 min'",
            "resolve_by": "now() + interval '1 day'", "progress_by": "now() + interval '1 day'",
        }  # fmt: skip
        empty = {"bigint": "0", "boolean": "false", "text": "''"}
        for row in found:
            if row["is_nullable"] == "NO" and row["column_name"] not in given:
                given[row["column_name"]] = empty[row["data_type"]]
        made = CREATE.format(columns=", ".join(given), values=", ".join(given.values()), fields=fields)
        return made.replace("{{}}", "{}")

    def _who(self, request: Request) -> tuple[UUID, str]:
        host = request.headers["host"].partition(":")[0]
        return self.tenants[host], hashlib.sha256(request.cookies["dougong_session"].encode()).hexdigest()

    async def list(self, request: Request) -> Response:
        tenant, session = self._who(request)
        rows = await self.pool.fetch(LIST, tenant, session, self.readers)
        out = {"results": [dict(r) for r in rows[:20]], "next": str(rows[19]["id"]) if len(rows) > 20 else None}
        return Response(msgspec.json.encode(out), media_type="application/json")

    async def detail(self, request: Request) -> Response:
        tenant, session = self._who(request)
        row = await self.pool.fetchrow(self.one, tenant, session, self.readers, UUID(request.path_params["id"]))
        if row is None:
            return Response(b"{}", 404, media_type="application/json")
        return Response(msgspec.json.encode(shown(row, self.steps)), media_type="application/json")

    async def register(self, request: Request) -> Response:
        tenant, session = self._who(request)
        new = msgspec.json.decode(await request.body(), type=NewComplaint)
        site = self.sites[request.headers["host"].partition(":")[0]][new.site or ""]
        changes, aside = _changes(new, site)
        text = normal(f"\x1f{new.location}\x1f{new.statement}")
        row = await self.pool.fetchrow(
            self.create, tenant, session, self.readers, site, new_id(), new_id(), new.channel, new.complainant_type,
            new.category, new.location, new.statement, new.severity, new.urgency, new.complainant, new.phone,
            changes, [a[0] for a in aside], [a[1] for a in aside], [a[2] for a in aside], text, tokens(tenant, text),
        )  # fmt: skip
        if row is None:
            return Response(b"{}", 403, media_type="application/json")
        return Response(msgspec.json.encode(shown(row, self.steps)), 201, media_type="application/json")

    async def html(self, request: Request) -> Response:
        tenant, session = self._who(request)
        rows = await self.pool.fetch(PAGE, tenant, session, self.readers)
        return HTMLResponse(page(rows, self.names[tenant]))

    def app(self) -> Starlette:
        api = "/api/v1/complaints/complaint"
        return Starlette(
            routes=[
                Route(api, self.list),
                Route(api, self.register, methods=["POST"]),
                Route(api + "/{id}", self.detail),
                Route("/complaints/complaint", self.html),
            ],
            lifespan=self.lifespan,
        )


def _changes(new: NewComplaint, site: UUID) -> tuple[str, list[tuple[str, str, str]]]:
    """What the history says of a registration, and the personal values that lie beside it under their salts."""
    changes: dict[str, list[Any]] = {"site_id": [None, str(site)], "status": [None, "registered"]}
    aside = []
    for name in new.__struct_fields__:
        value = getattr(new, name)
        if name == "site" or value is None:
            continue
        if name in ("complainant", "phone"):
            salt = secrets.token_hex(16)
            aside.append((f"{name}.1", value, salt))
            value = {"digest": hashlib.sha256(salt.encode() + value.encode()).hexdigest()}
        changes[name] = [None, value]
    return msgspec.json.encode(changes).decode(), aside


async def _keep(connection: Any) -> None:
    """No session state is used, so there is nothing to reset."""


def main() -> None:
    gc.set_threshold(*COLLECTED)  # as the platform has it
    given = json.loads(os.environ["FLOOR"])
    app = Floor(given["address"], given["tenants"], given["sites"], given["steps"]).app()
    uvicorn.run(
        app,
        uds=None,
        host="127.0.0.1",
        port=given["port"],
        log_level="warning",
        access_log=False,
        loop="uvloop",
        http="httptools",
    )


if __name__ == "__main__":
    main()
