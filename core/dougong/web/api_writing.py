"""Writing over the API: create, edit, move, open a masked value.

Reads what was sent; rules and rights are judged where the work is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from ..errors import BadRequest, FieldError, Invalid, NotFound, Problem
from ..records import actions
from ..records.following import FROM
from ..tenancy.cells import Stale
from ..words import Lazy, translator
from .answers import answer
from .api import Api
from .creation import creatable, site_named
from .repeating import key_of
from .requests import write
from .reveal import reveal
from .work import Draft, context, create, created

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

_EXTRA = ("site", "sites", "then", "then_body", FROM)


class Unconditional(Problem):
    """A change that does not say which version it changes."""

    status: ClassVar[int] = 428
    title: ClassVar[Lazy] = _("Say which version you are changing")


class Writing(Api):
    """The endpoints that change records of one resource."""

    async def create(self, asked: Asked) -> Response:
        if not any(asked.gate.scope(self.plan.resource.permission(name)) for name in ("create", "read")):
            raise NotFound()  # as the list: to such a person there is nothing of this kind, not even its fields
        asked.params()
        body = await _object(asked)
        draft = self._draft(asked, body)
        key = key_of(asked)
        if key is None and draft.then is None and not draft.sites and not draft.origin:
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
        origin = own.get(FROM)
        if not isinstance(origin, str | None) or origin == "":
            errors.append(FieldError(FROM, _("must be the record's kind and id, as in complaints.complaint:…")))
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
        return Draft(body, first, tuple(others), then, then_body, origin or "")

    async def edit(self, asked: Asked) -> Response:
        asked.params()
        version = if_match(asked)
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
        version = if_match(asked)
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


async def _object(asked: Asked) -> dict[str, Any]:
    body = await asked.json()
    if not isinstance(body, dict):
        raise BadRequest(_("Send a JSON object."))
    return body


def if_match(asked: Asked) -> int | None:
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
