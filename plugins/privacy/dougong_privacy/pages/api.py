"""The same for programs: search, what a request finds, handing over and erasing, holds, terms, openings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dougong import Asked, Context, Findings, Form, described, refuse, translator, validate, write
from dougong import asked as asks
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from ..finding import found_for, key_of, picked, request_of
from ..roles import ACCESSES, TERMS
from ..terms import coming, holdings
from ..working import order
from .accesses import PARAMS, ROWS, asked_for, numbers
from .frame import need
from .retention import AHEAD, SHOWN
from .search import looked_up

_ = translator("dougong_privacy")


class Order(Form):
    """What is chosen of what was found: keys of the answer of ``found``; none: all."""

    ids: list[str] | None = Field(default=None, max_length=5000)
    words: bool = asks(_("Comments of these records, too"), default=False)
    files: bool = asks(_("Files of these records, too"), default=False)
    sure: bool = asks(_("I have read the list and know that this cannot be undone"), default=False)


async def body_of(asked: Asked) -> dict[str, Any]:
    """The body as an object; anything else is as nothing, so that the fields that are missing are named."""
    body = await asked.json()
    return body if isinstance(body, dict) else {}


def _found(x: Context[Any], found: Findings) -> dict[str, Any]:
    records = [
        {
            "id": key_of(one), "kind": one.kind, "record": str(one.id), "number": one.number,
            "site": x.snapshot.sites.node(one.site_id).slug, "fields": list(one.fields), "hold": found.held.get(one.id),
        }
        for one in found.hits
    ]  # fmt: skip
    beside = [
        {"id": key_of(one), "store": one[0].name, "label": one[1].label, "fields": list(one[1].fields)}
        for one in found.kept
    ]
    texts = [{"kind": k, "record": str(id), "number": n, "where": where} for k, id, n, where in found.mentioned]
    return {"records": records, "beside": beside, "mentioned": texts, "not_searched": list(found.unsearched)}


async def search(asked: Asked) -> Response:
    asked.params()
    body = await body_of(asked)

    def work(session: Session) -> dict[str, Any]:
        found = looked_up(asked, session, body)
        return _found(asked.context(session, "privacy"), found)

    return JSONResponse(await write(asked, work), headers={"cache-control": "no-store"})


async def found(asked: Asked) -> Response:
    asked.params()

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, "privacy")
        return _found(x, found_for(x, request_of(x, asked.uuid())))

    return JSONResponse(await write(asked, work), headers={"cache-control": "no-store"})


async def export(asked: Asked) -> Response:
    return await _order(asked, "export")


async def erase(asked: Asked) -> Response:
    return await _order(asked, "erase")


async def _order(asked: Asked, what: str) -> Response:
    asked.params()
    body = await body_of(asked)

    def work(session: Session) -> bool:
        x = asked.context(session, "privacy")
        r = request_of(x, asked.uuid(), working=True)
        wanted = validate(Order, body, None)
        assert isinstance(wanted, Order)
        if what == "erase" and not wanted.sure:
            raise refuse("sure", _("say that you know that this cannot be undone"))
        parts = picked(found_for(x, r), wanted.ids)
        return order(x, r, what, parts, words=wanted.words, files=wanted.files)

    done = await write(asked, work)
    return JSONResponse({"done": done}, 200 if done else 202)


async def terms(asked: Asked) -> Response:
    asked.params()

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, "privacy")
        need(x, TERMS)
        held = [
            {
                "kind": one.resource.kind, "months": one.months, "ends": one.ending.value, "own": one.own,
                "basis": str(one.declared.basis), "since": one.declared.since,
            }
            for one in holdings(x)
        ]  # fmt: skip
        ahead = [
            {"kind": record.kind, "record": str(record.id), "number": record.number, "since": since.isoformat()}
            for _one, record, since in coming(x, x.now + AHEAD, SHOWN)
        ]
        return {"on": x.settings.dispose, "terms": held, "coming": ahead}

    return JSONResponse(await write(asked, work))


async def accesses(asked: Asked) -> Response:
    given = asked.params(PARAMS)

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, "privacy")
        need(x, ACCESSES)
        some, following = asked_for(x, given, ROWS)
        known = numbers(x, some)
        rows = [
            {
                "id": str(one.id), "at": one.at.isoformat(), "person": str(one.person) if one.person else None,
                "kind": one.kind, "record": str(one.record), "field": one.field,
                "number": known[one.record][0] if one.record in known else None,
            }
            for one in some
        ]  # fmt: skip
        return {"results": rows, "after": following}

    return JSONResponse(await write(asked, work))


_OBJECT: dict[str, Any] = {"type": "object"}
_LIST: dict[str, Any] = {"type": "array", "items": _OBJECT}
_FOUND = {
    "type": "object",
    "properties": {
        "records": _LIST,
        "beside": _LIST,
        "mentioned": _LIST,
        "not_searched": {"type": "array", "items": {"type": "string"}},
    },
}
_DONE = {"type": "object", "properties": {"done": {"type": "boolean"}}}
_HOLD = {"type": "object", "properties": {"held": {"type": "boolean"}, "reason": {"type": ["string", "null"]}}}


def _with(made: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = {"type": "object", "properties": dict(properties)}
    return {**made, "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_TEXT: dict[str, Any] = {"type": "string"}
_CHOSEN: dict[str, Any] = {
    "ids": {"type": ["array", "null"], "items": _TEXT},
    "words": {"type": "boolean"},
    "files": {"type": "boolean"},
    "sure": {"type": "boolean"},
}
DESCRIBED: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "search": lambda: _with(described(str(_("Search for a person")), answer=_FOUND), {"terms": _TEXT, "why": _TEXT}),
    "found": lambda: described(str(_("What the terms of a request find")), answer=_FOUND),
    "export": lambda: _with(
        described(str(_("Hand over what was found; the file lies with the request")), answer=_DONE), _CHOSEN
    ),
    "erase": lambda: _with(described(str(_("Erase what was found, for good")), answer=_DONE), _CHOSEN),
    "hold": lambda: _with(described(str(_("Set a legal hold")), answer=_HOLD), {"reason": _TEXT}),
    "release": lambda: _with(described(str(_("Release the legal hold")), answer=_HOLD), {"reason": _TEXT}),
    "terms": lambda: described(str(_("Terms, and what ends within the next thirty days")), answer=_OBJECT),
    "accesses": lambda: described(
        str(_("Who opened which masked value")),
        answer=_OBJECT,
        parameters=[{"name": name, "in": "query", "schema": _TEXT} for name in PARAMS],
    ),
}
