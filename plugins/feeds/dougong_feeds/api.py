"""One's own feeds over the API: the link is in the answer that makes it, and never again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import Asked, BadRequest, PageRoute, described, once, translator, validate, write
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from .making import MODULE, NewFeed, link, make, own, pairs_of, remove, renew
from .records import Feed

_ = translator("dougong_feeds")


def _written(one: Feed) -> dict[str, Any]:
    query: dict[str, list[str]] = {}
    for name, value in one.query:
        query.setdefault(name, []).append(value)
    return {
        "id": str(one.id),
        "name": one.name,
        "kind": one.record_kind,
        "query": query,
        "made_at": one.made_at.isoformat(),
        "used_at": one.used_at.isoformat() if one.used_at else None,
    }


async def index(asked: Asked) -> Response:
    asked.params()
    found = await write(asked, lambda session: [_written(one) for one in own(asked.context(session, MODULE))])
    return JSONResponse({"results": found})


async def create(asked: Asked) -> Response:
    """A repetition of the same request tells of the feed, but not of the link: that is kept nowhere."""
    asked.params()
    body = await asked.json()
    if not isinstance(body, dict):
        raise BadRequest(_("Send a JSON object."))
    told: list[str] = []

    def work(session: Session) -> dict[str, Any]:
        wanted = validate(NewFeed, body, None)
        assert isinstance(wanted, NewFeed)
        feed, secret = make(asked.context(session, MODULE), wanted.name, wanted.kind, pairs_of(wanted.query))
        told.append(secret)
        return _written(feed)

    made = await write(asked, lambda session: once(asked, session, body, lambda: work(session)))
    return JSONResponse({**made, "link": link(told[-1]) if told else None}, 201, headers={"cache-control": "no-store"})


async def new_link(asked: Asked) -> Response:
    asked.params()

    def work(session: Session) -> dict[str, Any]:
        feed, secret = renew(asked.context(session, MODULE), asked.uuid())
        return {**_written(feed), "link": link(secret)}

    return JSONResponse(await write(asked, work), 201, headers={"cache-control": "no-store"})


async def take_back(asked: Asked) -> Response:
    asked.params()
    await write(asked, lambda session: remove(asked.context(session, MODULE), asked.uuid()))
    return Response(status_code=204)


def _feed(**more: Any) -> dict[str, Any]:
    text, moment = {"type": "string"}, {"type": ["string", "null"], "format": "date-time"}
    query = {"type": "object", "additionalProperties": {"type": "array", "items": text}}
    named = {"id": {"type": "string", "format": "uuid"}, "name": text, "kind": text, "query": query}
    return {"type": "object", "properties": {**named, "made_at": moment, "used_at": moment, **more}}


_LINK = {"type": ["string", "null"]}


def _describe_list() -> Mapping[str, Any]:
    rows = {"results": {"type": "array", "items": _feed()}}
    return described(str(_("Calendar feeds")), answer={"type": "object", "properties": rows})


def _describe_create() -> Mapping[str, Any]:
    told = {**_LINK, "description": str(_("The secret address; in this answer only"))}
    return described(
        str(_("New feed")), answer=_feed(link=told), body=NewFeed.model_json_schema(), status=201, repeatable=True
    )


def _describe_renew() -> Mapping[str, Any]:
    return described(str(_("New link")), answer=_feed(link=_LINK), status=201)


def _describe_remove() -> Mapping[str, Any]:
    return described(str(_("Remove")), status=204)


ROUTES = (
    PageRoute("feed", index, api=True, describes=_describe_list),
    PageRoute("feed", create, "POST", api=True, describes=_describe_create),
    PageRoute("feed/{id}/renew", new_link, "POST", api=True, describes=_describe_renew),
    PageRoute("feed/{id}", take_back, "DELETE", api=True, describes=_describe_remove),
)
