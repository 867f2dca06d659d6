"""What the API's description says of files and comments of one resource: the twins of ``files`` and ``talk``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..words import translator
from .openapi_parts import PREFIX, SIMPLE, Schema, body, described, parameter

if TYPE_CHECKING:
    from .plans import Plan

_ = translator("dougong")

_UUID, _TEXT, _NUMBER = SIMPLE["uuid"], {"type": "string"}, {"type": ["integer", "null"]}
_FILE: Schema = {
    "type": "object",
    "properties": {
        "id": _UUID, "name": _TEXT, "media_type": _TEXT, "size": {"type": "integer"}, "digest": _TEXT, "width": _NUMBER,
        "height": _NUMBER, "created_by": {"type": ["string", "null"], "format": "uuid"}, "created_at": SIMPLE["datetime"],
        "address": _TEXT, "thumb": {"type": ["string", "null"]},
    },
}  # fmt: skip
_COMMENT: Schema = {
    "type": "object",
    "properties": {
        "id": _UUID, "text": _TEXT, "mentions": {"type": "array", "items": _UUID},
        "created_by": {"type": ["string", "null"], "format": "uuid"}, "at": SIMPLE["datetime"],
    },
}  # fmt: skip
_NEW_COMMENT: Schema = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "maxLength": 4000}, "mentions": {"type": "array", "items": _UUID}},
}
_UPLOAD: Schema = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
    },
}


def files_and_comments(plan: Plan) -> Schema:
    """Paths with their operations, in the current locale."""
    one = f"{PREFIX}{plan.resource.path}/{{id}}"
    record = parameter("id", "path", _("Id"), _UUID, required=True)
    file = [record, parameter("file", "path", _("Id of the file"), _UUID, required=True)]
    comment = [record, parameter("comment", "path", _("Id of the comment"), _UUID, required=True)]

    def told(action: str, summary: object, **more: Any) -> Schema:
        return {"tags": [plan.kind], "operationId": f"{plan.kind}.{action}", **described(str(summary), **more)}

    send = told(
        "files.create",
        _("Attach files"),
        answer=_several(_FILE),
        status=201,
        refusals=(400, 401, 403, 404, 413, 415, 422),
    )
    send["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
    say = told(
        "comments.create", _("Write a comment; “@name” in the text mentions people"), answer=_COMMENT, status=201
    )
    say["requestBody"] = body(_NEW_COMMENT)
    seen = (400, 401, 403, 404)
    return {
        f"{one}/files": {
            "parameters": [record],
            "get": told("files.list", _("Files"), answer=_several(_FILE), refusals=seen),
            "post": send,
        },
        f"{one}/files/{{file}}": {
            "parameters": file,
            "get": _bytes(told("files.read", _("Download a file; parts of it with Range"), refusals=seen)),
            "delete": told("files.delete", _("Remove a file"), status=204, refusals=seen),
        },
        f"{one}/files/{{file}}/thumb": {
            "parameters": file,
            "get": _bytes(told("files.thumb", _("Its small picture, a JPEG"), refusals=seen)),
        },
        f"{one}/comments": {
            "parameters": [record],
            "get": told("comments.list", _("Comments"), answer=_several(_COMMENT), refusals=seen),
            "post": say,
        },
        f"{one}/comments/{{comment}}": {
            "parameters": comment,
            "delete": told("comments.delete", _("Take a comment back"), status=204, refusals=seen),
        },
    }


def _several(schema: Schema) -> Schema:
    return {"type": "object", "properties": {"results": {"type": "array", "items": schema}}}


def _bytes(operation: Schema) -> Schema:
    operation["responses"]["200"]["content"] = {"application/octet-stream": {}}
    return operation


__all__ = ["files_and_comments"]
