"""The floor: bare Starlette and one hand-written SQL statement a request through asyncpg, msgspec out, no row security.

It answers the same questions with the same fields from the same rows, and judges the same session and grants, in
its one statement. Nothing is kept between requests but the hosts, the roles that hold a permission and the template.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from .floor_page import page

READERS = ["project_manager", "service_agent"]

ALLOWED = """
WITH RECURSIVE me AS (
  SELECT person_id FROM core.session WHERE tenant_id = $1 AND id = $2 AND expires_at > now()
), allowed AS (
  SELECT g.site_id FROM core."grant" g JOIN me ON me.person_id = g.person_id
    JOIN core.role r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
   WHERE g.tenant_id = $1 AND r.slug = ANY($3) AND g.relation IS NULL
     AND (g.starts_at IS NULL OR g.starts_at <= now()) AND (g.ends_at IS NULL OR now() < g.ends_at)
  UNION
  SELECT s.id FROM core.site s JOIN allowed a ON s.parent_id = a.site_id WHERE s.tenant_id = $1
)
"""
UNACCUSED = "(c.against_id IS NULL OR c.against_id <> (SELECT person_id FROM me))"
LISTED = (
    "c.id, c.row_version, c.site_id, c.number, c.statement, c.category, c.status, c.owner_id, c.resolve_by, c.progress_by, "
    "c.severity, c.urgency, c.resolved_at, c.contact_by, c.contacted_at, c.visit_by, c.visited_at, c.created_at, c.updated_at"
)
LIST = f"""{ALLOWED} SELECT {LISTED} FROM complaints.complaint c
WHERE c.tenant_id = $1 AND c.site_id = ANY(ARRAY(SELECT site_id FROM allowed))
  AND c.status IN ('registered', 'accepted', 'working', 'held', 'visit') AND {UNACCUSED}
ORDER BY c.created_at DESC, c.id DESC LIMIT $4"""
ONE = f"""{ALLOWED} SELECT {{fields}} FROM complaints.complaint c
WHERE c.tenant_id = $1 AND c.id = $4 AND c.site_id = ANY(ARRAY(SELECT site_id FROM allowed)) AND {UNACCUSED}"""
CREATE = f"""{ALLOWED}, number AS (
  INSERT INTO core.number (tenant_id, series, year, last) SELECT $1, 'TS', 2026, 1 WHERE $4 IN (SELECT site_id FROM allowed)
  ON CONFLICT (tenant_id, series, year) DO UPDATE SET last = core.number.last + 1 RETURNING last
), made AS (
  INSERT INTO complaints.complaint ({{columns}})
  SELECT {{values}} FROM number, me RETURNING id, number, row_version, created_at, statement, created_by
), told AS (
  INSERT INTO core.history (tenant_id, id, record_kind, record_id, action, actor_id, at, changes, inputs, seal)
  SELECT $1, $6, 'complaints.complaint', id, 'create', created_by, now(),
         jsonb_build_object('statement', jsonb_build_array(NULL, statement)), '{{{{}}}}', ''
  FROM made)
SELECT id, number, row_version, created_at FROM made"""

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


class Floor:
    """Routes over one pool."""

    def __init__(self, address: str, tenants: dict[str, str], sites: dict[str, dict[str, str]]) -> None:
        self.address = address
        self.tenants = {host: UUID(id) for host, id in tenants.items()}
        self.sites = {host: {slug: UUID(id) for slug, id in of.items()} for host, of in sites.items()}
        self.one = self.create = ""
        self.required: tuple[str, ...] = ()

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with asyncpg.create_pool(
            self.address, min_size=4, max_size=16, reset=_keep, server_settings={"jit": "off"}
        ) as self.pool:
            found = await self.pool.fetch(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
                " WHERE table_schema = 'complaints' AND table_name = 'complaint' AND column_name <> 'tenant_id'"
            )
            names = [r["column_name"] for r in found]
            self.one = ONE.format(fields=", ".join(f"c.{n}" for n in names))
            self.create = self._create(found)
            yield

    def _create(self, found: list[Any]) -> str:
        given = {
            "tenant_id": "$1", "id": "$5", "site_id": "$4", "number": "'TS-2026-' || lpad(last::text, 6, '0')",
            "row_version": "1", "created_by": "person_id", "created_at": "now()", "updated_at": "now()",
            "status": "'registered'", "channel": "$7", "complainant_type": "$8", "category": "$9", "location": "$10",
            "statement": "$11", "severity": "$12", "urgency": "$13", "complainant": "$14", "phone": "$15",
            "registered_at": "now()", "contact_by": "now() + interval '30 min'",
            "resolve_by": "now() + interval '1 day'", "progress_by": "now() + interval '1 day'",
        }  # fmt: skip
        empty = {"bigint": "0", "boolean": "false", "text": "''"}
        for row in found:
            if row["is_nullable"] == "NO" and row["column_name"] not in given:
                given[row["column_name"]] = empty[row["data_type"]]
        return CREATE.format(columns=", ".join(given), values=", ".join(given.values())).replace("{{}}", "{}")

    def _who(self, request: Request) -> tuple[UUID, str]:
        host = request.headers["host"].partition(":")[0]
        return self.tenants[host], hashlib.sha256(request.cookies["dougong_session"].encode()).hexdigest()

    async def list(self, request: Request) -> Response:
        tenant, session = self._who(request)
        rows = await self.pool.fetch(LIST, tenant, session, READERS, 21)
        out = {"results": [dict(r) for r in rows[:20]], "next": str(rows[19]["id"]) if len(rows) > 20 else None}
        return Response(msgspec.json.encode(out), media_type="application/json")

    async def detail(self, request: Request) -> Response:
        tenant, session = self._who(request)
        row = await self.pool.fetchrow(self.one, tenant, session, READERS, UUID(request.path_params["id"]))
        if row is None:
            return Response(b"{}", 404, media_type="application/json")
        return Response(msgspec.json.encode(dict(row)), media_type="application/json")

    async def register(self, request: Request) -> Response:
        tenant, session = self._who(request)
        new = msgspec.json.decode(await request.body(), type=NewComplaint)
        site = self.sites[request.headers["host"].partition(":")[0]][new.site or ""]
        row = await self.pool.fetchrow(
            self.create, tenant, session, READERS, site, uuid4(), uuid4(), new.channel, new.complainant_type, new.category,
            new.location, new.statement, new.severity, new.urgency, new.complainant, new.phone,
        )  # fmt: skip
        return Response(msgspec.json.encode(dict(row or {})), 201 if row else 403, media_type="application/json")

    async def html(self, request: Request) -> Response:
        tenant, session = self._who(request)
        rows = await self.pool.fetch(LIST, tenant, session, READERS, 31)
        return HTMLResponse(page(rows[:30]))

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


async def _keep(connection: Any) -> None:
    """No session state is used, so there is nothing to reset."""


def main() -> None:
    given = json.loads(os.environ["FLOOR"])
    app = Floor(given["address"], given["tenants"], given["sites"]).app()
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
