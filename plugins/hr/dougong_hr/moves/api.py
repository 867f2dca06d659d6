"""A leaver's clearance for programs: what is on hand and what is owed, and the handing over, by kind and person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast
from uuid import UUID

from dougong import Asked, FieldError, Form, Invalid, PageRoute, described, translator, validate, write
from dougong import asked as asking
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from . import clearing
from .base import X
from .records import Change

_ = translator("dougong_hr")
MODULE = "hr"
Kind = Annotated[str, Field(pattern=r"^[a-z_]{1,60}\.[a-z_]{1,60}$")]


class Handing(Form):
    """The body of a handing over."""

    to: Annotated[dict[Kind, UUID], Field(min_length=1, max_length=200)] = asking(
        _("Who takes over"), help=_("Kind of record → id of the person.")
    )


def told(c: Change, x: X) -> dict[str, Any]:
    """A clearance as the API tells it."""
    known = x.settings_of(MODULE).clearance_items
    items = [
        {
            "kind": one.kind,
            "label": str(one.label),
            "count": one.count,
            "records": [{"id": str(r.id), "number": r.number, "title": r.title, "href": r.href} for r in one.records],
        }
        for one in clearing.on_hand(c, x)
    ]
    return {
        "id": str(c.id),
        "number": c.number,
        "status": str(c.status.value),
        "items": items,
        "owed": [{"key": key, "label": str(known[key].label)} for key in clearing.owed(c, x)],
        "settled": [{"key": key, **seen} for key, seen in c.settled.items()],
    }


async def show(asked: Asked) -> Response:
    """``GET /api/v1/hr/changes/<id>/clearance``."""
    asked.params()

    def load(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        return told(clearing.leaving(x, asked.uuid()), x)

    return JSONResponse(await write(asked, load), headers={"cache-control": "no-store"})


async def hand(asked: Asked) -> Response:
    """``POST /api/v1/hr/changes/<id>/clearance/hand-over``."""
    asked.params()
    body = cast(Handing, validate(Handing, await asked.json(), None))

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        c = clearing.leaving(x, asked.uuid())
        try:
            done = clearing.give(c, body.to, x)
        except Invalid as wrong:
            raise Invalid(errors=tuple(FieldError(f"to.{one.path}", one.message) for one in wrong.errors)) from None
        stayed = [{"kind": kind, "id": str(id), "number": number, "why": why} for kind, id, number, why in done.refused]
        return {
            "counts": done.counts,
            "refused": stayed,
            "withheld": done.withheld,
            "more": done.more,
            "clearance": told(c, x),
        }

    return JSONResponse(await write(asked, work))


_TEXT, _UUID = {"type": "string"}, {"type": "string", "format": "uuid"}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _several(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


_RECORDS = _several(id=_UUID, number=_TEXT, title=_TEXT, href=_TEXT)
_CLEARANCE = _object(
    id=_UUID,
    number=_TEXT,
    status=_TEXT,
    items=_several(kind=_TEXT, label=_TEXT, count={"type": "integer"}, records=_RECORDS),
    owed=_several(key=_TEXT, label=_TEXT),
    settled=_several(key=_TEXT, by=_TEXT, at={"type": "string", "format": "date-time"}),
)


def _describe_show() -> Mapping[str, Any]:
    return described(
        str(_("A leaver's clearance: what is on hand over all modules, and what is owed")), answer=_CLEARANCE
    )


def _describe_hand() -> Mapping[str, Any]:
    body = {**_object(to={"type": "object", "additionalProperties": _UUID}), "required": ["to"]}
    answer = _object(
        counts={"type": "object", "additionalProperties": {"type": "integer"}},
        refused=_several(kind=_TEXT, id=_UUID, number=_TEXT, why=_TEXT),
        withheld={"type": "object", "additionalProperties": {"type": "integer"}},
        more={"type": "boolean"},
        clearance=_CLEARANCE,
    )
    return described(str(_("Hand over what a leaver has on hand, by kind and person")), body=body, answer=answer)


ROUTES = (
    PageRoute("changes/{id}/clearance", show, api=True, describes=_describe_show),
    PageRoute("changes/{id}/clearance/hand-over", hand, "POST", api=True, describes=_describe_hand),
)

__all__ = ["ROUTES", "Handing", "told"]
