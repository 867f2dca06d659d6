"""Reading over the API: the list, one record, and why one may or may not, under ``/api/v1/<module>/<resource>``.

Turns requests into reads and rows into JSON, as they come from the database. Rights are the gate's; errors leave as
problems and are answered in ``errors``. Changing is in ``api_writing``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..errors import BadRequest, FieldError, NotFound
from ..records import actions, reads
from ..records.cursors import encode
from ..records.direct import NeedsDatabase
from ..records.masks import masked
from ..records.visibility import judged
from ..words import translator
from . import expansion, guards, listquery, looking, onerow, rights
from .answers import answer, guard
from .plans import Plan
from .requests import read, write
from .work import context, settings_of

if TYPE_CHECKING:
    from ..access.gate import Gate
    from .requests import Asked

_ = translator("dougong")

_NO_RELATIONS: frozenset[str] = frozenset()


class Api:
    """The endpoints of one resource."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    # ---- reading ----

    async def index(self, asked: Asked) -> Response:
        plan, gate = self.plan, asked.gate
        if not gate.scope(plan.resource.permission("read")):  # who may read none is not told that there is a list
            raise NotFound()
        query = await self._query(asked)
        found = reads.listing(plan.resource, gate, query, settings_of(asked, plan) if query.filters else None)
        rows = await read(asked, found.query, **found.given)
        more = len(rows) > found.limit
        if more:
            del rows[found.limit :]
        out: list[Any] = [dict(row) for row in rows]
        if query.columns is not None:  # what it is sorted by was read for the cursor only
            wanted = {*reads.ALWAYS, *query.columns}
            out = [{name: value for name, value in row.items() if name in wanted} for row in out]
        if not plan.plain_rows or query.columns is not None:
            out = [guard(plan, gate, row, row["site_id"], _NO_RELATIONS) for row in out]
        following = None
        if more:
            kept = [(k, v) for k, v in asked.query.multi_items() if k != "after"]
            before = f"{urlencode(kept)}&" if kept else ""
            following = f"{plan.api_path}?{before}after={encode(plan.resource, found.sort, rows[-1])}"
        told: dict[str, Any] = {"results": out, "next": following}
        if b"expand=" in asked.scope["query_string"] and (names := expansion.wanted(asked, plan)):
            told["expanded"] = await expansion.expanded(asked, plan, names, out)
        return answer(told)

    async def _query(self, asked: Asked) -> reads.ListQuery:
        """What is asked for: by the address, or by the saved view that it names."""
        if b"view=" not in asked.scope["query_string"] or not asked.query.get("view"):
            return listquery.parse(asked, self.plan)
        return await looking.of_api(asked, self.plan)

    async def one(self, asked: Asked) -> Response:
        include = asked.params(("include", "expand")).getlist("include")
        if any(name != onerow.TIMELINE for name in include):
            raise BadRequest(
                _("“include” must be: {known}").format(known=onerow.TIMELINE),
                errors=(FieldError("include", _("is not one of the possible choices")),),
            )
        found = await self._shown(asked, asked.uuid(), timeline=bool(include))
        if found is None:
            raise NotFound()
        if names := expansion.wanted(asked, self.plan):
            found["expanded"] = await expansion.expanded(asked, self.plan, names, [found])
        return answer(found, version=found["row_version"])

    async def _shown(self, asked: Asked, id: UUID, *, timeline: bool = False) -> dict[str, Any] | None:
        """One record as this person may see it; None where they may not."""
        plan, gate = self.plan, asked.gate
        query, given = onerow.query(plan, gate, id, timeline=timeline)
        rows = await read(asked, query, **given)
        if not rows:
            return None
        row = rows[0]
        relations = rights.holding(row, plan.resource.relations)
        out = await self._told(asked, row, relations)
        if timeline:
            out[onerow.TIMELINE] = self._timeline(row[onerow.TIMELINE], gate, row["site_id"], relations)
        return out

    async def _told(
        self, asked: Asked, row: Mapping[str, Any], relations: frozenset[str], *, fresh: bool = False
    ) -> dict[str, Any]:
        """A row of all columns as this person may see it, with what they may do now."""
        plan = self.plan
        out = {name: row[name] for name in plan.told}
        if plan.guarded or plan.raw:
            guard(plan, asked.gate, out, row["site_id"], relations)
        out["transitions"] = await self._transitions(asked, row, relations, fresh=fresh)
        return out

    def _timeline(self, text: str | None, gate: Gate, site: UUID, relations: frozenset[str]) -> Any:
        """The children as the database wrote them; taken apart only where a field is not for everybody."""
        if text is None:
            return []
        if not self.plan.guarded_children:
            return msgspec.Raw(text.encode())
        entries: list[dict[str, Any]] = msgspec.json.decode(text)
        for entry in entries:
            for shape in self.plan.guarded_children.get(entry["kind"], ()):
                how = rights.seen(shape, gate, site, relations)
                if how == rights.ABSENT:
                    del entry[shape.name]
                elif how == rights.MASKED and entry[shape.name] is not None:
                    entry[shape.name] = masked(str(entry[shape.name]), shape.meta.mask or "all")
        return entries

    async def _transitions(
        self, asked: Asked, row: Mapping[str, Any], relations: frozenset[str], *, fresh: bool = False
    ) -> list[str]:
        """Names of what this person may do now. Only guards need the record itself, in a thread."""
        plan, state = self.plan, self.plan.resource.state
        if state is None:
            return []
        steps = rights.permitted(plan, asked.gate, row[state], row["site_id"], relations)
        if not any(step.guards for step in steps) and not rights.vetoed(asked):
            return [step.name for step in steps]
        if not rights.vetoed(asked):
            try:
                return await guards.offered(asked, plan, row, steps, fresh=fresh)
            except NeedsDatabase:
                pass  # judged with the whole database in reach

        def judge(session: Session) -> list[str]:
            x = context(asked, session, plan)
            held = judged(x, plan.resource, row["id"])
            offers = actions.choices_for(plan.resource, held[0], x, held[1]) if held else []
            return [offer.transition.name for offer in offers if offer.allowed]

        return await write(asked, judge)

    async def explain(self, asked: Asked) -> Response:
        plan, id = self.plan, asked.uuid()
        action = asked.params(("action",)).get("action", "")
        if action not in ("read", "edit", *plan.transitions):
            known = ", ".join(("read", "edit", *plan.transitions))
            raise BadRequest(
                _("“action” must be one of: {known}").format(known=known),
                errors=(FieldError("action", _("is not one of the possible choices")),),
            )

        def ask(session: Session) -> dict[str, Any]:
            x = context(asked, session, plan)
            held = judged(x, plan.resource, id)
            if held is None:
                raise NotFound()
            told = rights.explain(x, plan, *held, action)
            checks = [{"ok": c.ok, "text": str(c.text), "small": str(c.small)} for c in told.checks]
            return {
                "allowed": told.allowed, "checks": checks, "mend": str(told.mend), "grants": [str(g) for g in told.grants],
            }  # fmt: skip

        return answer(await write(asked, ask))


__all__ = ["Api", "answer"]
