"""The API's description of one resource: its list, its records, and what may be done with one of them.

What it says is done in ``api``, ``api_writing`` and ``around``; what stands beside is in
``openapi_lists`` and ``openapi_files``. Schemas that it needs go into the document's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from ..records import clockfilter
from ..records.periods import PERIODS
from ..words import Lazy, translator
from .expansion import expandable
from .onerow import TIMELINE
from .openapi_parts import (
    PREFIX,
    SIMPLE,
    Schema,
    answer,
    body,
    idempotency,
    merged,
    parameter,
    problems,
    ref,
    value,
)
from .plans import Plan
from .shapes import Shape

_ = translator("dougong")

_DAYS = _("A date, a moment, or one of these words: {words}")
_CHAIN = _("What gave rise to it, and to what it did")
_TEXT: Schema = {"type": "string"}


class RecordPaths:
    """Writes the paths of one resource.

    :param schemas: of the document; filled. :param bodies: schemas of the input models.
    """

    def __init__(self, plan: Plan, schemas: Schema, bodies: Mapping[type[BaseModel], Schema]) -> None:
        self.plan, self.schemas, self.bodies = plan, schemas, bodies
        self.record = plan.schema_name
        schemas[self.record] = _record_schema(plan, plan.detail, one=True)
        schemas[f"{self.record}Row"] = _record_schema(plan, plan.listed, one=False)

    def paths(self) -> Schema:
        plan, one = self.plan, f"{PREFIX}/{self.plan.module}/{self.plan.name}/{{id}}"
        base = one.removesuffix("/{id}")
        identity = [parameter("id", "path", _("Id of the record"), SIMPLE["uuid"], required=True)]
        found: Schema = {
            base: {"get": self._list(), "post": self._create()},
            one: {"parameters": identity, "get": self._one()},
            f"{one}/explain": {"parameters": identity, "get": self._explain()},
            f"{one}/history": {"parameters": identity, "get": self._several("history", _("History"))},
            f"{one}/links": {
                "parameters": identity,
                "get": self._several("links", _("Linked records")),
                "post": self._link(),
            },
            f"{one}/chain": {"parameters": identity, "get": self._several("chain", _CHAIN)},
        }
        if plan.edit is not None:
            found[one]["patch"] = self._edit(plan.edit)
        masked = [shape.name for shape in plan.guarded if shape.meta.mask]
        if masked:
            found[f"{one}/reveal/{{field}}"] = {"parameters": identity, "post": self._reveal(masked)}
        for name, form in plan.forms.items():
            found[f"{one}/transitions/{name}"] = {"parameters": identity, "post": self._transition(name, form)}
        return found

    def _operation(self, verb: str, text: object, **more: Any) -> Schema:
        kind = self.plan.kind
        return {"operationId": f"{kind}.{verb}", "summary": str(text), "tags": [kind], **more}

    def _told(self, *, etag: bool = True) -> Schema:
        return answer(self.plan.one, ref(self.record), etag=etag)

    def _list(self) -> Schema:
        rows = {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": {"type": "array", "items": ref(f"{self.record}Row")},
                "next": {"type": ["string", "null"], "description": str(_("Address of the next page"))},
                "expanded": ref("Expanded"),
            },
        }
        responses = {"200": answer(self.plan.label, rows), **problems(400, 401, 403, 422)}
        return self._operation("list", self.plan.label, parameters=self._queries(), responses=responses)

    def _queries(self) -> list[Schema]:
        """Every parameter that the list knows."""
        plan, known = self.plan, self.plan.parameters[1]
        limit = {"type": "integer", "minimum": 1, "maximum": 100}
        made = [
            parameter("site", "query", _("Slug of a site: it and everything below it"), _TEXT),
            parameter("after", "query", _("Continue after: taken from “next”"), _TEXT),
            parameter("limit", "query", _("How many, at most 100"), limit),
            parameter("sort", "query", _("Field to sort by; “-” before it turns the order"), {"enum": plan.sorts}),
        ]
        if plan.searched:
            made.append(parameter("q", "query", _("Words to look for"), _TEXT))
        if plan.tabs:
            made.append(parameter("tab", "query", _("One of the list's tabs"), {"enum": plan.tabs}))
        if "view" in known:
            made.append(parameter("view", "query", _("Id of a saved view: its filters, order and columns"), _TEXT))
        if "fields" in known:
            words = _("The fields of each row, separated by commas, instead of the list's own")
            made.append(parameter("fields", "query", words, _TEXT))
        made.append(self._expand(links=True))
        for shape in plan.filters:
            made += _filters(plan, shape)
        if clocks := clockfilter.known(plan.resource):
            words = _("How a clock stands, as clock:state; “any” is any of them, several mean one or the other")
            made.append(parameter(clockfilter.PARAMETER, "query", words, {"enum": clocks}, many=True))
        return made

    def _expand(self, *, links: bool) -> Schema:
        names = [*expandable(self.plan), *(["links"] if links else [])]
        words = _("References to tell of beside the answer, separated by commas: {names}")
        return parameter("expand", "query", words.format(names=", ".join(names)), _TEXT)

    def _one(self) -> Schema:
        text = _("What the answer holds besides the record: its entries, the newest last")
        wanted = [parameter("include", "query", text, {"enum": [TIMELINE]}), self._expand(links=True)]
        return self._operation(
            "get", self.plan.one, parameters=wanted, responses={"200": self._told(), **problems(400, 401, 404)}
        )

    def _create(self) -> Schema:
        plan = self.plan
        extra: Schema = {}
        if plan.scope != "company":
            extra["site"] = {"type": "string", "description": str(_("Slug or id of the site"))}
        if plan.also:
            extra["then"] = {"enum": list(plan.also), "description": str(_("A transition to take at once"))}
            extra["then_body"] = {"type": "object", "description": str(_("What that transition asks for"))}
        words = _("The record that gives rise to it, as kind:id; the two are linked")
        extra.setdefault("from", {"type": "string", "description": str(words)})
        required = ["site"] if "site" in extra else []
        self.schemas[f"{self.record}New"] = merged(self._resolved(plan.create), extra, required)
        return self._operation(
            "create", _("Create"), parameters=[idempotency()], requestBody=body(ref(f"{self.record}New")),
            responses={"201": self._told(), **problems(400, 401, 403, 404, 409, 413, 415, 422)},
        )  # fmt: skip

    def _resolved(self, model: type[BaseModel]) -> Schema:
        schema = self.bodies[model]
        name = schema.get("$ref", "").rpartition("/")[2]
        found: Schema = self.schemas[name] if name else schema
        return found

    def _edit(self, model: type[BaseModel]) -> Schema:
        words = _("ETag of the version that you changed")
        match = parameter("If-Match", "header", words, _TEXT, required=True)
        return self._operation(
            "edit", _("Edit"), parameters=[match], requestBody=body(self.bodies[model]),
            responses={"200": self._told(), **problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428)},
        )  # fmt: skip

    def _transition(self, name: str, form: type[BaseModel]) -> Schema:
        match = parameter("If-Match", "header", _("ETag of the version that you saw"), _TEXT)
        return self._operation(
            name, self.plan.transition_label(name), parameters=[match],
            requestBody=body(self.bodies[form], required=False),
            responses={"200": self._told(), **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)},
        )  # fmt: skip

    def _reveal(self, masked: Sequence[str]) -> Schema:
        field = parameter("field", "path", _("The masked field"), {"enum": list(masked)}, required=True)
        opened = answer(_("The value; that it was opened is logged"), {"type": "object"})
        return self._operation(
            "reveal", _("Open a masked value"), parameters=[field], responses={"200": opened, **problems(401, 403, 404)}
        )

    def _several(self, verb: str, text: Lazy) -> Schema:
        entries: Schema = {"type": "array", "items": {"type": "object"}}
        schema: Schema = {"type": "object", "properties": {"results": entries}, "required": ["results"]}
        return self._operation(verb, text, responses={"200": answer(text, schema), **problems(400, 401, 404)})

    def _link(self) -> Schema:
        named: Schema = {"kind": {"type": "string"}, "id": SIMPLE["uuid"]}
        schema: Schema = {"type": "object", "properties": named, "required": ["kind", "id"]}
        told = answer(_("Linked records"), {"type": "object"})
        return self._operation(
            "link", _("Link another record"), requestBody=body(schema),
            responses={"201": told, **problems(400, 401, 403, 404, 413, 415, 422)},
        )  # fmt: skip

    def _explain(self) -> Schema:
        known = {"enum": ["read", "edit", *self.plan.forms]}
        action = parameter("action", "query", _("What you want to do"), known, required=True)
        return self._operation(
            "explain", _("Why may I, or may I not?"), parameters=[action],
            responses={"200": answer(_("Explanation"), ref("Explanation")), **problems(400, 401, 404)},
        )  # fmt: skip


def _filters(plan: Plan, shape: Shape) -> list[Schema]:
    """A field's filter: values of which any fits (“-” is the empty one), or two bounds."""
    known = plan.parameters[0]
    days = str(_DAYS.format(words=", ".join(PERIODS)))
    simple = _TEXT if shape.kind in ("datetime", "date") else SIMPLE.get(shape.kind, _TEXT)
    if f"{shape.name}.from" in known:
        bounds = (("from", _("{field}, from")), ("to", _("{field}, up to")))
        made = []
        for end, words in bounds:
            text = str(words.format(field=shape.label))
            said = f"{text}. {days}" if shape.kind in ("datetime", "date") else text
            made.append(parameter(f"{shape.name}.{end}", "query", said, simple))
        if shape.name in known:  # a word for a whole stretch of days
            made.append(parameter(shape.name, "query", f"{shape.label}. {days}", _TEXT))
        return made
    if shape.name not in known:
        return []
    values: Schema = {"enum": [*(m.value for m in shape.choice), "-"]} if shape.choice else {"type": "string"}
    return [parameter(shape.name, "query", shape.label, values, many=True)]


def _record_schema(plan: Plan, shapes: Sequence[Shape], *, one: bool) -> Schema:
    properties: Schema = {"id": SIMPLE["uuid"], "row_version": {"type": "integer"}}
    properties |= {shape.name: value(shape) for shape in shapes}
    if one:
        names = {"enum": list(plan.forms)} if plan.forms else {"type": "string"}
        properties["transitions"] = {
            "type": "array", "items": names, "description": str(_("What you may do with it now")),
        }  # fmt: skip
        properties["timeline"] = {"type": "array", "items": {"type": "object"}}
        properties["expanded"] = ref("Expanded")
    return {"type": "object", "title": str(plan.one), "required": ["id", "row_version"], "properties": properties}


__all__ = ["RecordPaths"]
