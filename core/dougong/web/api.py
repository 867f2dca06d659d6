"""The API of one resource under ``/api/v1/<module>/<resource>``.

Turns requests into reads and actions and rows into JSON, as they come from the database. Rights are the gate's, rules
are the record's; errors leave as problems and are answered in ``errors``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..errors import BadRequest, FieldError, Invalid, NotFound, Problem
from ..records import actions, reads
from ..records.cursors import encode
from ..records.direct import NeedsDatabase
from ..records.masks import masked
from ..records.visibility import judged
from ..tenancy.cells import Stale
from ..words import Lazy, translator
from . import guards, listquery, onerow, rights
from .creation import creatable, site_named
from .plans import Plan
from .requests import read, write
from .reveal import reveal
from .work import KEY_LENGTH, Draft, context, create, created, settings_of

if TYPE_CHECKING:
    from ..access.gate import Gate
    from .requests import Asked

_ = translator("dougong")

_EXTRA = ("site", "sites", "then", "then_body")


class Unconditional(Problem):
    """A change that does not say which version it changes."""

    status: ClassVar[int] = 428
    title: ClassVar[Lazy] = _("Say which version you are changing")


def _plain(value: Any) -> Any:
    """What msgspec does not know itself: choices are stored texts."""
    return rights.stored(value)


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_encode = _encoder.encode


def answer(body: Any, status: int = 200, *, version: int | None = None, location: str | None = None) -> Response:
    """JSON, with the row version as ETag."""
    response = Response(_encode(body), status, media_type="application/json")
    headers = response.raw_headers
    headers.append((b"cache-control", b"no-store"))
    if version is not None:
        headers.append((b"etag", b'"%d"' % version))
    if location is not None:
        headers.append((b"location", location.encode("latin-1")))
    return response


def _guard(plan: Plan, gate: Gate, out: dict[str, Any], site: UUID, relations: frozenset[str]) -> dict[str, Any]:
    """Take out, or mask, what this person may not read."""
    for shape in plan.guarded:
        if shape.name not in out:
            continue
        how = rights.seen(shape, gate, site, relations)
        if how == rights.ABSENT:
            del out[shape.name]
        elif how == rights.MASKED and out[shape.name] is not None:
            out[shape.name] = masked(str(out[shape.name]), shape.meta.mask or "all")
    for name in plan.raw:
        if isinstance(out.get(name), str):
            out[name] = msgspec.Raw(out[name].encode())
    return out


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
        query = listquery.parse(asked, plan)
        found = reads.listing(plan.resource, gate, query, settings_of(asked, plan) if query.filters else None)
        rows = await read(asked, found.query, **found.given)
        more = len(rows) > found.limit
        if more:
            del rows[found.limit :]
        out: list[Any] = [dict(row) for row in rows]
        if not plan.plain_rows:
            out = [_guard(plan, gate, row, row["site_id"], _NO_RELATIONS) for row in out]
        following = None
        if more:
            kept = [(k, v) for k, v in asked.query.multi_items() if k != "after"]
            before = f"{urlencode(kept)}&" if kept else ""
            following = f"{plan.api_path}?{before}after={encode(plan.resource, found.sort, rows[-1])}"
        return answer({"results": out, "next": following})

    async def one(self, asked: Asked) -> Response:
        include = asked.params(("include",)).getlist("include")
        if any(name != onerow.TIMELINE for name in include):
            raise BadRequest(
                _("“include” must be: {known}").format(known=onerow.TIMELINE),
                errors=(FieldError("include", _("is not one of the possible choices")),),
            )
        found = await self._shown(asked, asked.uuid(), timeline=bool(include))
        if found is None:
            raise NotFound()
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
            _guard(plan, asked.gate, out, row["site_id"], relations)
        out["transitions"] = await self._transitions(asked, row, relations, fresh=fresh)
        return out

    async def _written(self, asked: Asked, id: UUID, status: int = 200, location: str | None = None) -> Response:
        """The record after an action, as far as this person may (still) see it: read when the transaction is over, so
        that nobody waits for it, by a snapshot that is renewed where it grew old meanwhile."""
        try:
            found = await self._shown(asked, id)
        except Stale:
            await asked.app.refresh(asked)
            found = await self._shown(asked, id)
        if found is None:
            return answer({"id": id}, status, location=location)
        return answer(found, status, version=found["row_version"], location=location)

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

    # ---- writing ----

    async def create(self, asked: Asked) -> Response:
        if not any(asked.gate.scope(self.plan.resource.permission(name)) for name in ("create", "read")):
            raise NotFound()  # as the list: to such a person there is nothing of this kind, not even its fields
        asked.params()
        body = await _object(asked)
        draft = self._draft(asked, body)
        key = _key(asked)
        if key is None and draft.then is None and not draft.sites:
            made = await created(asked, self.plan, draft)
            if made is not None:
                return await self._made(asked, *made)

        def make(session: Session) -> UUID:
            return create(context(asked, session, self.plan), self.plan, draft, key=key)[0]

        id = await write(asked, make)
        return await self._written(asked, id, 201, f"{self.plan.api_path}/{id}")

    async def _made(self, asked: Asked, row: Mapping[str, Any], relations: frozenset[str] | None) -> Response:
        """What was created at once, without reading it again."""
        location = f"{self.plan.api_path}/{row['id']}"
        if relations is None:
            return answer({"id": row["id"]}, 201, location=location)
        out = await self._told(asked, row, relations, fresh=True)
        return answer(out, 201, version=row["row_version"], location=location)

    def _draft(self, asked: Asked, body: dict[str, Any]) -> Draft:
        plan = self.plan
        own = {name: body.pop(name) for name in _EXTRA if name in body and name not in plan.create_fields}
        then, then_body = own.get("then"), own.get("then_body")
        errors = []
        if then is not None and then not in plan.also:
            errors.append(FieldError("then", _("is not one of the possible choices")))
        if then_body is not None and (not isinstance(then_body, dict) or then is None):
            errors.append(FieldError("then_body", _("must be an object, beside “then”")))
        named = own.get("sites") if plan.scope == "sites" and "sites" in own else own.get("site")
        wanted = named if isinstance(named, list) else [] if named is None else [named]
        places = [site_named(asked, plan, one) for one in wanted[:1000]]
        if not places:
            may = creatable(asked, plan)
            places = [asked.site] if asked.site else [*may] if len(may) == 1 else []
        if not places:
            errors.append(FieldError("site", _("is required")))
        elif None in places:
            errors.append(FieldError("site", _("does not exist, or you may not use it here")))
        elif len(places) > 1 and plan.scope != "sites":
            errors.append(FieldError("site", _("must be one site")))
        if "sites" in own and plan.scope != "sites":
            errors.append(FieldError("sites", _("is not a field of this form")))
        if errors:
            raise Invalid(errors=tuple(errors))
        first, *others = [place for place in places if place is not None]
        return Draft(body, first, tuple(others), then, then_body)

    async def edit(self, asked: Asked) -> Response:
        asked.params()
        version = _version(asked)
        if version is None:
            raise Unconditional(_("Send If-Match with the ETag of the version that you changed."))
        body = await _object(asked)
        id = asked.uuid()

        def change(session: Session) -> None:
            actions.update(self.plan.resource, id, body, context(asked, session, self.plan), version=version)

        await write(asked, change)
        return await self._written(asked, id)

    async def move(self, asked: Asked) -> Response:
        asked.params()
        version = _version(asked)
        body = await _object(asked) if await asked.body() else {}
        id, name = asked.uuid(), asked.path_params["transition"]

        def take(session: Session) -> None:
            actions.transition(self.plan.resource, id, name, body, context(asked, session, self.plan), version=version)

        await write(asked, take)
        return await self._written(asked, id)

    async def reveal(self, asked: Asked) -> Response:
        asked.params()
        id, name = asked.uuid(), asked.path_params["field"]

        def show(session: Session) -> Any:
            return reveal(context(asked, session, self.plan), self.plan, id, name)

        return answer({name: await write(asked, show)})


async def _object(asked: Asked) -> dict[str, Any]:
    body = await asked.json()
    if not isinstance(body, dict):
        raise BadRequest(_("Send a JSON object."))
    return body


def _key(asked: Asked) -> str | None:
    raw = asked.headers.get(b"idempotency-key")
    if raw is None:
        return None
    key = raw.decode("latin-1").strip()
    if not key or len(key) > KEY_LENGTH or not key.isprintable():
        raise BadRequest(_("Idempotency-Key must be 1 to {most} printable characters.").format(most=KEY_LENGTH))
    return key


def _version(asked: Asked) -> int | None:
    """The row version of If-Match; ``*`` matches any."""
    raw = asked.headers.get(b"if-match")
    if raw is None:
        return None
    text = raw.decode("latin-1").strip().removeprefix("W/").strip('"')
    if text == "*":
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadRequest(_('If-Match must be the ETag that came with the record, as in "3".'))
    return int(text)
