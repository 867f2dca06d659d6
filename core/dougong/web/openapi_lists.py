"""What the API's description says of saved views and of bulk actions of one resource: the twins of ``savedpages`` and
``bulk_api``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..records.bulk_actions import AT_ONCE, EDIT, MOST
from ..records.savedviews import NAME_LENGTH
from ..words import translator
from .openapi_parts import PREFIX, SIMPLE, Schema, answer, body, parameter, problems

if TYPE_CHECKING:
    from .plans import Plan

_ = translator("dougong")

_TEXT: Schema = {"type": "string"}
_FIELDS: Schema = {
    "name": {"type": "string", "maxLength": NAME_LENGTH},
    "query": {"type": "array", "items": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2}},
    "columns": {"type": ["array", "null"], "items": _TEXT},
    "share": {"type": "string", "pattern": "^(me|all|role:.+)$"},
    "opens": {"type": "boolean"},
}
_VIEW: Schema = {"type": "object", "properties": {"id": SIMPLE["uuid"], **_FIELDS}}
_CHANGE: Schema = {"type": "object", "properties": _FIELDS, "additionalProperties": False}
_NEW: Schema = {**_CHANGE, "required": ["name"]}
_RESULT: Schema = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {
        "id": SIMPLE["uuid"], "number": _TEXT, "status": {"type": "integer"}, "title": _TEXT, "detail": _TEXT,
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}  # fmt: skip
_REPORT: Schema = {
    "type": "object",
    "properties": {
        "run": SIMPLE["uuid"], "total": {"type": "integer"}, "done": {"type": "integer"}, "failed": {"type": "integer"},
        "finished": {"type": "boolean"}, "results": {"type": "array", "items": _RESULT},
    },
}  # fmt: skip


def views_and_bulk(plan: Plan) -> Schema:
    """The paths."""
    base = f"{PREFIX}/{plan.module}/{plan.name}"

    def told(verb: str, text: object, **more: Any) -> Schema:
        return {"operationId": f"{plan.kind}.{verb}", "summary": str(text), "tags": [plan.kind], **more}

    several: Schema = {"type": "object", "properties": {"results": {"type": "array", "items": _VIEW}}}
    one, run = (
        [parameter(name, "path", words, SIMPLE["uuid"], required=True)]
        for name, words in (("view", _("Id of a saved view")), ("run", _("Id of the work in the background")))
    )
    view, report = answer(_("Saved view"), _VIEW), answer(_("How it went with each record"), _REPORT)
    later = answer(_("More than {n} records: a worker does it; ask “href” how far it is").format(n=AT_ONCE), _REPORT)
    return {
        f"{base}/views": {
            "get": told(
                "views", _("Saved views"),
                responses={"200": answer(_("Saved views"), several), **problems(400, 401, 404)},
            ),
            "post": told(
                "save_view", _("Save as a view"), requestBody=body(_NEW),
                responses={"201": view, **problems(400, 401, 403, 404, 413, 415, 422)},
            ),
        },
        f"{base}/views/{{view}}": {
            "parameters": one,
            "get": told("view", _("Saved view"), responses={"200": view, **problems(400, 401, 404)}),
            "patch": told(
                "change_view", _("Change"), requestBody=body(_CHANGE),
                responses={"200": view, **problems(400, 401, 403, 404, 413, 415, 422)},
            ),
            "delete": told(
                "delete_view", _("Delete"),
                responses={"204": {"description": str(_("Deleted"))}, **problems(400, 401, 403, 404)},
            ),
        },
        f"{base}/bulk": {
            "post": told(
                "bulk", _("Do one thing to many records"), requestBody=body(_asked(plan)),
                responses={"200": report, "202": later, **problems(400, 401, 403, 404, 413, 415, 422)},
            )
        },
        f"{base}/bulk/{{run}}": {
            "parameters": run,
            "get": told("bulk_run", _("How it went with each record"), responses={"200": report, **problems(400, 401, 404)}),
        },
    }  # fmt: skip


def _asked(plan: Plan) -> Schema:
    ids = {"type": "array", "items": SIMPLE["uuid"], "maxItems": MOST}
    query = {"type": "string", "description": str(_("A query of the list, instead of ids: all that match"))}
    inputs = {"type": "object", "description": str(_("What the transition asks for, or the fields to edit"))}
    return {
        "type": "object",
        "required": ["action"],
        "properties": {"action": {"enum": [EDIT, *plan.transitions]}, "ids": ids, "query": query, "body": inputs},
        "additionalProperties": False,
    }
