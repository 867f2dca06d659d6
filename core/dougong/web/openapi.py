"""The OpenAPI 3.1 description of one company's API: only the modules that it has, in the reader's language.

Built from the same pydantic models and field declarations that serve the API, and from what plugins say of addresses of
their own; kept per set of modules, locale and settings version. Owns no behaviour.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ..words import translator
from .openapi_admin import admin_paths
from .openapi_files import files_and_comments
from .openapi_lists import views_and_bulk
from .openapi_parts import PREFIX, Schema, described, explanation_schema, parameter, problem_schema, tidy
from .openapi_records import RecordPaths
from .plans import Plan
from .routing import PageRoute
from .security import SESSION_COOKIE

_ = translator("dougong")

_SEGMENT = re.compile(r"\{(\w+)(?:\.\.\.)?\}")


def document(plans: Sequence[Plan], company: str, own: Mapping[str, Sequence[PageRoute]] | None = None) -> Schema:
    """The whole description, in the current locale.

    :param own: addresses that modules add, by module; those with ``api`` and ``describes`` are told.
    """
    schemas: Schema = {
        "Problem": problem_schema(),
        "Explanation": explanation_schema(),
        "Expanded": _expanded_schema(),
    }
    bodies = _bodies(plans, schemas)
    paths: Schema = {}
    for plan in plans:
        paths |= RecordPaths(plan, schemas, bodies).paths()
        paths |= files_and_comments(plan)
        paths |= views_and_bulk(plan)
    for module, routes in (own or {}).items():
        for route in routes:
            if route.api and route.describes is not None:
                path, operation = _plugin_operation(module, route)
                paths.setdefault(path, {})[route.method.lower()] = operation
    paths |= _search_path() | admin_paths()
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{company} · Dougong", "version": "1", "description": str(_INTRODUCTION)},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"cookie": []}],
        "tags": [{"name": plan.kind, "description": str(plan.label)} for plan in plans],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
            },
        },
    }


_INTRODUCTION = _(
    "Refusals are application/problem+json with the path of each wrong field. Changes carry If-Match, creates may carry "
    "Idempotency-Key. Requests with a token are counted: RateLimit tells what is left, 429 comes with Retry-After."
)


def _bodies(plans: Sequence[Plan], schemas: Schema) -> dict[type[BaseModel], Schema]:
    """Schemas of all input models; what they share goes into ``schemas``."""
    models = [model for plan in plans for model in (plan.create, plan.edit, *plan.forms.values()) if model]
    found, definitions = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template="#/components/schemas/{model}"
    )
    schemas |= {name: tidy(schema) for name, schema in definitions.get("$defs", {}).items()}
    return {model: schema for (model, _mode), schema in found.items()}  # type: ignore[misc]


def _plugin_operation(module: str, route: PageRoute) -> tuple[str, Schema]:
    """A plugin's address with what it says of it; path parameters and the operation's id are added where it says none."""
    assert route.describes is not None
    path = f"{PREFIX}/{module}/" + _SEGMENT.sub(r"{\1}", route.path)
    told: dict[str, Any] = {"tags": [module], **route.describes()}
    plain = re.sub(r"\W+", "_", route.path).strip("_")
    told.setdefault("operationId", f"{module}.{plain}.{route.method.lower()}")
    said = {(one["name"], one["in"]) for one in told.get("parameters", ())}
    missing = [
        parameter(name, "path", name, {"type": "string"}, required=True)
        for name in _SEGMENT.findall(route.path)
        if (name, "path") not in said
    ]
    if missing:
        told["parameters"] = [*missing, *told.get("parameters", ())]
    return path, told


def _search_path() -> Schema:
    """The search over all lists."""
    words = parameter("q", "query", _("Words to look for"), {"type": "string"}, required=True)
    made = described(str(_("Search everything")), answer={"type": "object"}, parameters=[words], refusals=(400, 401))
    return {f"{PREFIX}/search": {"get": {**made, "operationId": "core.search", "tags": ["core"]}}}


def _expanded_schema() -> Schema:
    """By reference, then by id; ``links`` holds the linked records of each record."""
    named: Schema = {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}}
    linked: Schema = {"type": "array", "items": named}
    by_id: Schema = {"type": "object", "additionalProperties": {"anyOf": [named, linked]}}
    words = _("What ?expand asked for, as far as you may see it: by reference, then by id")
    return {"type": "object", "description": str(words), "additionalProperties": by_id}


__all__ = ["document"]
