"""Small parts of the API's description: schemas of values, parameters, answers, problems; and plugins' own operations.

Pure functions of what they are given, in the current locale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..words import translator
from .shapes import Shape

_ = translator("dougong")

PREFIX = "/api/v1"
JSON = "application/json"
PROBLEM = "application/problem+json"

Schema = dict[str, Any]

SIMPLE: dict[str, Schema] = {
    "uuid": {"type": "string", "format": "uuid"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "bool": {"type": "boolean"},
    "number": {"type": "integer"},
    "money": {"type": "integer", "description": "Fen"},
    "email": {"type": "string", "format": "email"},
    "lines": {"type": "array", "items": {"type": "string"}},
    "choices": {"type": "array", "items": {"type": "string"}},
    "json": {},
}
for _kind in ("person", "site", "location", "record", "file"):
    SIMPLE[_kind] = SIMPLE["uuid"]

_WORDS = {
    400: _("The request cannot be understood"),
    401: _("Please sign in"),
    403: _("You may not do this"),
    404: _("Not found"),
    409: _("Not possible now"),
    412: _("Changed by someone else in the meantime"),
    413: _("Too much at once"),
    415: _("This kind of content is not understood here"),
    422: _("Please check what you entered"),
    428: _("Say which version you are changing"),
    429: _("Too many requests"),
}
_LIMITS = {
    "RateLimit": _("What is left of the rate: r requests, the whole of it again in t seconds"),
    "RateLimit-Policy": _("The rate: q requests in w seconds"),
}


def value(shape: Shape) -> Schema:
    """The schema of a value as it is answered; None where it is empty."""
    schema: Schema = dict(SIMPLE.get(shape.kind, {"type": "string"}))
    if shape.choice is not None:
        schema = {"oneOf": [*({"const": m.value, "title": str(m.label)} for m in shape.choice), {"type": "null"}]}
    elif isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    return {"title": str(shape.label), **schema}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def parameter(
    name: str, place: str, text: object, schema: Schema, *, required: bool = False, many: bool = False
) -> Schema:
    spec: Schema = {"name": name, "in": place, "description": str(text), "schema": schema}
    if many:
        spec |= {"schema": {"type": "array", "items": schema}, "style": "form", "explode": True}
    return spec | ({"required": True} if required else {})


def idempotency() -> Schema:
    """The header that every create takes."""
    words = _(
        "Repeating a request with the same key creates nothing twice; the same key with another body is refused (422)"
    )
    return parameter("Idempotency-Key", "header", words, {"type": "string", "maxLength": 200})


def problems(*codes: int) -> Schema:
    """Refusals by status; the one for too many requests always belongs to them."""
    found: Schema = {
        str(code): {"description": str(_WORDS[code]), "content": {PROBLEM: {"schema": ref("Problem")}}}
        for code in (*codes, 429)
    }
    seconds = {"description": str(_("Seconds to wait")), "schema": {"type": "integer"}}
    found["429"]["headers"] = {"Retry-After": seconds}
    return found


def answer(text: object, schema: Schema, *, etag: bool = False) -> Schema:
    made: Schema = {"description": str(text), "content": {JSON: {"schema": schema}}, "headers": {}}
    for name, words in _LIMITS.items():
        made["headers"][name] = {"description": str(words), "schema": {"type": "string"}}
    if etag:
        made["headers"]["ETag"] = {"description": str(_("Row version")), "schema": {"type": "string"}}
    return made


def body(schema: Schema, *, required: bool = True) -> Schema:
    return {"required": required, "content": {JSON: {"schema": schema}}}


def described(
    summary: str,
    *,
    answer: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    status: int = 200,
    parameters: Sequence[Mapping[str, Any]] = (),
    refusals: Sequence[int] = (400, 401, 403, 404, 409, 422),
    media_type: str = JSON,
    repeatable: bool = False,
) -> dict[str, Any]:
    """The OpenAPI operation of a plugin's API address, for ``PageRoute(api=True, describes=…)``.

    Segments of the path (``{id}``) and the operation's id are added by themselves.

    :param answer: JSON schema of the answer; None: it has no body. :param body: JSON schema of what is sent; that of a model
        as it makes it itself, with its ``$defs``.
    :param refusals: statuses of the problems that it may answer with. :param repeatable: takes ``Idempotency-Key``.
    """
    told: Schema = {"description": summary}
    if answer is not None:
        told["content"] = {media_type: {"schema": dict(answer)}}
    made: Schema = {"summary": summary, "responses": {str(status): told, **problems(*refusals)}}
    if body is not None:
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": inlined(body)}}}
    if parameters or repeatable:
        made["parameters"] = [*map(dict, parameters), *([idempotency()] if repeatable else [])]
    return made


def inlined(schema: Mapping[str, Any]) -> Schema:
    """A model's schema without ``$defs``: references into them would lead nowhere from within a larger document.

    :raises ValueError: a model that contains itself cannot be told so.
    """
    defs = schema.get("$defs", {})

    def laid(node: Any, within: tuple[str, ...]) -> Any:
        if isinstance(node, Mapping):
            name = str(node.get("$ref", "")).removeprefix("#/$defs/")
            if name not in defs:
                return {key: laid(value, within) for key, value in node.items()}
            if name in within:
                raise ValueError(f"{name} contains itself")
            rest = {key: value for key, value in node.items() if key != "$ref"}
            return {**laid(defs[name], (*within, name)), **rest}
        return [laid(one, within) for one in node] if isinstance(node, list) else node

    return {key: laid(value, ()) for key, value in schema.items() if key != "$defs"}


def tidy(schema: Schema) -> Schema:
    """Without ``default: null``: what may be left out is said by not being required."""
    properties = {
        name: {k: v for k, v in one.items() if k != "default" or v is not None}
        for name, one in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties} if properties else schema


def merged(schema: Schema, extra: Schema, required: Sequence[str] = ()) -> Schema:
    """An object's schema with more properties."""
    return {
        **schema,
        "properties": {**schema.get("properties", {}), **extra},
        "required": [*schema.get("required", []), *required],
    }


def problem_schema() -> Schema:
    text = {"type": "string"}
    error = {"type": "object", "required": ["path", "message"], "properties": {"path": text, "message": text}}
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "errors": {"type": "array", "items": error},
            "explanation": ref("Explanation"),
            "request": text,
        },
    }


def explanation_schema() -> Schema:
    text = {"type": "string"}
    check = {"type": "object", "properties": {"ok": {"type": "boolean"}, "text": text, "small": text}}
    return {
        "type": "object",
        "required": ["allowed", "checks"],
        "properties": {
            "allowed": {"type": "boolean"},
            "checks": {"type": "array", "items": check},
            "mend": text,
            "grants": {"type": "array", "items": text},
        },
    }


__all__ = [
    "JSON", "PREFIX", "PROBLEM", "SIMPLE", "Schema", "answer", "body", "described", "explanation_schema", "idempotency",
    "merged", "parameter", "problem_schema", "problems", "ref", "tidy", "value",
]  # fmt: skip
