"""The OpenAPI 3.1 description of one company's API: only the modules that it has, in the reader's language.

Built from the same pydantic models and field declarations that serve the API; kept per set of modules, locale
and settings version. Owns no behaviour: what it says is done in ``api``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ..words import Lazy, translator
from .onerow import TIMELINE
from .plans import Plan
from .security import SESSION_COOKIE
from .shapes import Shape

_ = translator("dougong")

PREFIX = "/api/v1"
JSON = "application/json"
PROBLEM = "application/problem+json"

Schema = dict[str, Any]

_SIMPLE: dict[str, Schema] = {
    "uuid": {"type": "string", "format": "uuid"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "bool": {"type": "boolean"},
    "number": {"type": "integer"},
    "money": {"type": "integer", "description": "Fen"},
    "email": {"type": "string", "format": "email"},
    "json": {},
}
for _kind in ("person", "site", "location", "record"):
    _SIMPLE[_kind] = _SIMPLE["uuid"]


def _value(shape: Shape) -> Schema:
    """The schema of a value as it is answered; None where it is empty."""
    schema: Schema = dict(_SIMPLE.get(shape.kind, {"type": "string"}))
    if shape.choice is not None:
        schema = {"oneOf": [*({"const": m.value, "title": str(m.label)} for m in shape.choice), {"type": "null"}]}
    elif isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
    return {"title": str(shape.label), **schema}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _parameter(
    name: str, place: str, text: str, schema: Schema, *, required: bool = False, many: bool = False
) -> Schema:
    spec: Schema = {"name": name, "in": place, "description": text, "schema": schema}
    if many:
        spec |= {"schema": {"type": "array", "items": schema}, "style": "form", "explode": True}
    return spec | ({"required": True} if required else {})


def _problems(*codes: int) -> Schema:
    words = {
        400: _("The request cannot be understood"),
        401: _("Please sign in"),
        403: _("You may not do this"),
        404: _("Not found"),
        409: _("Not possible now"),
        412: _("Changed by someone else in the meantime"),
        422: _("Please check what you entered"),
        428: _("Say which version you are changing"),
    }
    return {
        str(code): {"description": str(words[code]), "content": {PROBLEM: {"schema": _ref("Problem")}}}
        for code in codes
    }


def _answer(text: str, schema: Schema, *, etag: bool = False) -> Schema:
    answer: Schema = {"description": text, "content": {JSON: {"schema": schema}}}
    if etag:
        answer["headers"] = {"ETag": {"description": str(_("Row version")), "schema": {"type": "string"}}}
    return answer


class Writer:
    """Writes one document."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans = plans
        self.schemas: dict[str, Schema] = {"Problem": _problem_schema(), "Explanation": _explanation_schema()}
        self.bodies: dict[type[BaseModel], Schema] = {}

    def document(self, company: str) -> Schema:
        models = [model for plan in self.plans for model in (plan.create, plan.edit, *plan.forms.values()) if model]
        found, definitions = models_json_schema(
            [(model, "validation") for model in dict.fromkeys(models)], ref_template="#/components/schemas/{model}"
        )
        self.bodies = {model: schema for (model, _mode), schema in found.items()}  # type: ignore[misc]
        self.schemas |= {name: _tidy(schema) for name, schema in definitions.get("$defs", {}).items()}
        paths: Schema = {}
        for plan in self.plans:
            paths |= self._paths(plan)
        return {
            "openapi": "3.1.0",
            "info": {"title": f"{company} · Dougong", "version": "1"},
            "servers": [{"url": "/"}],
            "security": [{"bearer": []}, {"cookie": []}],
            "tags": [{"name": plan.kind, "description": str(plan.label)} for plan in self.plans],
            "paths": paths,
            "components": {
                "schemas": dict(sorted(self.schemas.items())),
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer"},
                    "cookie": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
                },
            },
        }

    def _paths(self, plan: Plan) -> Schema:
        base = f"{PREFIX}/{plan.module}/{plan.name}"
        record = plan.schema_name
        self.schemas[record] = _record_schema(plan, plan.detail, one=True)
        self.schemas[f"{record}Row"] = _record_schema(plan, plan.listed, one=False)
        identity = [_parameter("id", "path", str(_("Id of the record")), _SIMPLE["uuid"], required=True)]
        paths: Schema = {
            base: {"get": self._list(plan, record)},
            f"{base}/{{id}}": {"parameters": identity, "get": self._one(plan, record)},
            f"{base}/{{id}}/explain": {"parameters": identity, "get": self._explain(plan)},
            f"{base}/{{id}}/history": {"parameters": identity, "get": self._several(plan, "history", _("History"))},
            f"{base}/{{id}}/links": {
                "parameters": identity,
                "get": self._several(plan, "links", _("Linked records")),
                "post": self._link(plan),
            },
        }
        if plan.create is not None:
            paths[base]["post"] = self._create(plan, record)
        if plan.edit is not None:
            paths[f"{base}/{{id}}"]["patch"] = self._edit(plan, record)
        for name, form in plan.forms.items():
            paths[f"{base}/{{id}}/transitions/{name}"] = {
                "parameters": identity,
                "post": self._transition(plan, record, name, form),
            }
        return paths

    def _operation(self, plan: Plan, verb: str, text: str, **more: Any) -> Schema:
        return {"operationId": f"{plan.kind}.{verb}", "summary": text, "tags": [plan.kind], **more}

    def _body(self, model: type[BaseModel], *, required: bool = True) -> Schema:
        return {"required": required, "content": {JSON: {"schema": self.bodies[model]}}}

    def _list(self, plan: Plan, record: str) -> Schema:
        parameters = [
            _parameter("site", "query", str(_("Slug of a site: it and everything below it")), {"type": "string"}),
            _parameter("after", "query", str(_("Continue after: taken from “next”")), {"type": "string"}),
            _parameter(
                "limit", "query", str(_("How many, at most 100")), {"type": "integer", "minimum": 1, "maximum": 100}
            ),
            _parameter(
                "sort", "query", str(_("Field to sort by; “-” before it turns the order")), {"enum": plan.sorts}
            ),
        ]
        if plan.searched:
            parameters.append(_parameter("q", "query", str(_("Words to look for")), {"type": "string"}))
        if plan.tabs:
            parameters.append(_parameter("tab", "query", str(_("One of the list's tabs")), {"enum": plan.tabs}))
        for shape in plan.filtered:
            parameters += _filters(plan, shape)
        rows = {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": {"type": "array", "items": _ref(f"{record}Row")},
                "next": {"type": ["string", "null"], "description": str(_("Address of the next page"))},
            },
        }
        return self._operation(
            plan, "list", str(plan.label), parameters=parameters,
            responses={"200": _answer(str(plan.label), rows), **_problems(400, 401, 403, 422)},
        )  # fmt: skip

    def _one(self, plan: Plan, record: str) -> Schema:
        text = str(_("What the answer holds besides the record: its entries, the newest last"))
        include = _parameter("include", "query", text, {"enum": [TIMELINE]})
        return self._operation(
            plan, "get", str(plan.one), parameters=[include],
            responses={"200": _answer(str(plan.one), _ref(record), etag=True), **_problems(400, 401, 404)},
        )  # fmt: skip

    def _create(self, plan: Plan, record: str) -> Schema:
        assert plan.create is not None
        key = _parameter(
            "Idempotency-Key", "header", str(_("Repeating a request with the same key creates nothing twice")),
            {"type": "string", "maxLength": 200},
        )  # fmt: skip
        body = self._body(plan.create)
        extra: Schema = {}
        if plan.scope != "company":
            extra["site"] = {"type": "string", "description": str(_("Slug or id of the site"))}
        if plan.also:
            extra["then"] = {"enum": list(plan.also), "description": str(_("A transition to take at once"))}
            extra["then_body"] = {"type": "object", "description": str(_("What that transition asks for"))}
        self.schemas[f"{record}New"] = _merged(self._resolved(plan.create), extra, ["site"] if "site" in extra else [])
        body["content"][JSON]["schema"] = _ref(f"{record}New")
        return self._operation(
            plan, "create", str(_("Create")), parameters=[key], requestBody=body,
            responses={"201": _answer(str(plan.one), _ref(record), etag=True), **_problems(400, 401, 403, 409, 422)},
        )  # fmt: skip

    def _resolved(self, model: type[BaseModel]) -> Schema:
        schema = self.bodies[model]
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.schemas[name] if name else schema

    def _edit(self, plan: Plan, record: str) -> Schema:
        assert plan.edit is not None
        words = str(_("ETag of the version that you changed"))
        match = _parameter("If-Match", "header", words, {"type": "string"}, required=True)
        return self._operation(
            plan, "edit", str(_("Edit")), parameters=[match], requestBody=self._body(plan.edit),
            responses={
                "200": _answer(str(plan.one), _ref(record), etag=True), **_problems(400, 401, 403, 404, 409, 412, 422, 428),
            },
        )  # fmt: skip

    def _transition(self, plan: Plan, record: str, name: str, form: type[BaseModel]) -> Schema:
        match = _parameter("If-Match", "header", str(_("ETag of the version that you saw")), {"type": "string"})
        return self._operation(
            plan, name, plan.transition_label(name), parameters=[match], requestBody=self._body(form, required=False),
            responses={
                "200": _answer(str(plan.one), _ref(record), etag=True), **_problems(400, 401, 403, 404, 409, 412, 422),
            },
        )  # fmt: skip

    def _several(self, plan: Plan, verb: str, text: Lazy) -> Schema:
        entries: Schema = {"type": "array", "items": {"type": "object"}}
        schema: Schema = {"type": "object", "properties": {"results": entries}, "required": ["results"]}
        return self._operation(
            plan, verb, str(text), responses={"200": _answer(str(text), schema), **_problems(400, 401, 404)}
        )

    def _link(self, plan: Plan) -> Schema:
        named: Schema = {"kind": {"type": "string"}, "id": {"type": "string", "format": "uuid"}}
        schema: Schema = {"type": "object", "properties": named, "required": ["kind", "id"]}
        body: Schema = {"required": True, "content": {"application/json": {"schema": schema}}}
        told = _answer(str(_("Linked records")), {"type": "object"})
        return self._operation(
            plan, "link", str(_("Link another record")), requestBody=body,
            responses={"201": told, **_problems(400, 401, 403, 404, 422)},
        )  # fmt: skip

    def _explain(self, plan: Plan) -> Schema:
        action = _parameter(
            "action", "query", str(_("What you want to do")), {"enum": ["read", "edit", *plan.forms]}, required=True
        )
        return self._operation(
            plan, "explain", str(_("Why may I, or may I not?")), parameters=[action],
            responses={"200": _answer(str(_("Explanation")), _ref("Explanation")), **_problems(400, 401, 404)},
        )  # fmt: skip


def _filters(plan: Plan, shape: Shape) -> list[Schema]:
    """A field's filter: values of which any fits (“-” is the empty one), or two bounds."""
    known = plan.parameters[0]
    simple = {"type": "string"} if shape.kind == "datetime" else _SIMPLE.get(shape.kind, {"type": "string"})
    if f"{shape.name}.from" in known:
        bounds = (("from", _("{field}, from")), ("to", _("{field}, up to")))
        return [
            _parameter(f"{shape.name}.{end}", "query", str(w.format(field=shape.label)), simple) for end, w in bounds
        ]
    if shape.name not in known:
        return []
    values: Schema = {"enum": [*(m.value for m in shape.choice), "-"]} if shape.choice else {"type": "string"}
    return [_parameter(shape.name, "query", str(shape.label), values, many=True)]


def _tidy(schema: Schema) -> Schema:
    """Without ``default: null``: what may be left out is said by not being required."""
    properties = {
        name: {k: v for k, v in one.items() if k != "default" or v is not None}
        for name, one in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties} if properties else schema


def _merged(schema: Schema, extra: Schema, required: list[str]) -> Schema:
    return {
        **schema,
        "properties": {**schema.get("properties", {}), **extra},
        "required": [*schema.get("required", []), *required],
    }


def _record_schema(plan: Plan, shapes: Sequence[Shape], *, one: bool) -> Schema:
    properties: Schema = {"id": _SIMPLE["uuid"], "row_version": {"type": "integer"}}
    properties |= {shape.name: _value(shape) for shape in shapes}
    if one:
        names = {"enum": list(plan.forms)} if plan.forms else {"type": "string"}
        properties["transitions"] = {
            "type": "array", "items": names, "description": str(_("What you may do with it now")),
        }  # fmt: skip
        properties["timeline"] = {"type": "array", "items": {"type": "object"}}
    return {"type": "object", "title": str(plan.one), "required": ["id", "row_version"], "properties": properties}


def _problem_schema() -> Schema:
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["path", "message"],
                    "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                },
            },
            "explanation": _ref("Explanation"),
        },
    }


def _explanation_schema() -> Schema:
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


def document(plans: Sequence[Plan], company: str) -> Schema:
    """The whole description, in the current locale."""
    return Writer(plans).document(company)


__all__ = ["document"]
