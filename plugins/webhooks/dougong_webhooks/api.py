"""The API beside that of the subscriptions themselves: deliveries, sending one again, a new secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import Asked, Context, PageRoute, described, translator, write
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from .choices import Outcome
from .log import found, renewed, replayed, seen, state_named, subscription
from .matching import MODULE
from .records import Delivery
from .secrets import told

_ = translator("dougong_webhooks")


def _written(one: Delivery, visible: bool) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "message": one.message,
        "kind": one.record_kind,
        "action": one.action,
        "record": str(one.record_id) if visible else None,
        "number": one.number if visible else None,
        "at": one.at.isoformat(),
        "state": one.state.value,
        "attempts": one.attempts,
        "tried_at": one.tried_at.isoformat() if one.tried_at else None,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "code": one.code,
        "milliseconds": one.milliseconds,
        "answer": one.answer,
    }


async def deliveries(asked: Asked) -> Response:
    """The log of one subscription, the newest first."""
    sent = asked.params(("state", "after"))
    state, after = state_named(sent.get("state", "")), sent.get("after", "")

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        of = subscription(x, asked.uuid())
        held, following = found(x, of.id, state, after)
        visible = seen(x, held)
        results = [_written(one, one.record_id in visible) for one in held]
        kept = f"state={state}&" if state else ""
        return {"results": results, "next": f"{asked.path}?{kept}after={following}" if following else None}

    return JSONResponse(await write(asked, work))


async def replay(asked: Asked) -> Response:
    asked.params()

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        one = replayed(x, asked.uuid())
        return _written(one, bool(seen(x, [one])))

    return JSONResponse(await write(asked, work), 202)


async def secret(asked: Asked) -> Response:
    """A new secret, in this answer and never again."""
    asked.params()

    def work(session: Session) -> dict[str, Any]:
        x: Context[Any] = asked.context(session, MODULE)
        overlap = x.settings.overlap_hours if told(x, subscription(x, asked.uuid())) else 0
        return {"secret": renewed(x, asked.uuid())[0], "overlap_hours": overlap}

    return JSONResponse(await write(asked, work), 201, headers={"cache-control": "no-store"})


_TEXT: Mapping[str, Any] = {"type": "string"}
_MOMENT: Mapping[str, Any] = {"type": ["string", "null"], "format": "date-time"}


def _delivery() -> dict[str, Any]:
    number = {"type": ["integer", "null"]}
    return {
        "type": "object",
        "required": ["id", "message", "kind", "action", "at", "state", "attempts"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "message": {**_TEXT, "description": str(_("Message id"))},
            "kind": _TEXT,
            "action": _TEXT,
            "record": {"type": ["string", "null"], "format": "uuid"},
            "number": {"type": ["string", "null"]},
            "at": {"type": "string", "format": "date-time"},
            "state": {"enum": [one.value for one in Outcome]},
            "attempts": {"type": "integer"},
            "tried_at": _MOMENT,
            "due_at": _MOMENT,
            "code": number,
            "milliseconds": number,
            "answer": _TEXT,
        },
    }


def _describe_list() -> Mapping[str, Any]:
    state = {
        "name": "state",
        "in": "query",
        "description": str(_("Outcome")),
        "schema": _delivery()["properties"]["state"],
    }
    after = {"name": "after", "in": "query", "description": str(_("Continue after this id")), "schema": _TEXT}
    rows = {"results": {"type": "array", "items": _delivery()}, "next": {"type": ["string", "null"]}}
    return described(
        str(_("Log of a webhook")), answer={"type": "object", "properties": rows}, parameters=[state, after]
    )


def _describe_replay() -> Mapping[str, Any]:
    return described(str(_("Send again")), answer=_delivery(), status=202)


def _describe_secret() -> Mapping[str, Any]:
    told_once = {
        "secret": {**_TEXT, "description": str(_("Shown in this answer only"))},
        "overlap_hours": {"type": "number"},
    }
    return described(str(_("Make a new secret")), answer={"type": "object", "properties": told_once}, status=201)


ROUTES = (
    PageRoute("subscription/{id}/deliveries", deliveries, api=True, describes=_describe_list),
    PageRoute("delivery/{id}/replay", replay, "POST", api=True, describes=_describe_replay),
    PageRoute("subscription/{id}/secret", secret, "POST", api=True, describes=_describe_secret),
)
