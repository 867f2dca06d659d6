"""The description of the API over all modules together, and that the rules by which it is judged find what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong.plugins.checks import OPERATIONS
from dougong.testing.describing import mistakes
from dougong.web.openapi import document
from dougong.web.openapi_parts import inlined
from dougong.web.plans import plan_of

if TYPE_CHECKING:
    from dougong.plugins import Registry

SOUND: dict[str, Any] = {
    "paths": {"/a/{id}": {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {}}], "get": {
        "operationId": "a.get", "responses": {"200": {"description": "a"}},
    }}}
}  # fmt: skip


def test_all_modules_together_are_described_soundly(registry: Registry) -> None:
    spec = document([plan_of(one) for one in registry.resources.values()], "all", registry.routes)
    assert len(spec["paths"]) > 500
    assert mistakes(spec) == []


def test_every_operation_of_the_core_is_closed_to_steps(registry: Registry) -> None:
    """What a step may not be called is what the description calls the core's own operations."""
    plan = plan_of(registry.resources["hr.candidate"])  # with masked fields
    spec = document([plan], "one")
    said = {
        operation["operationId"].removeprefix("hr.candidate.")
        for path, item in spec["paths"].items()
        if "/transitions/" not in path and path.startswith("/api/v1/hr/")
        for operation in item.values()
        if isinstance(operation, dict)
    }
    assert {one for one in said if "." not in one} <= OPERATIONS


def other(**change: Any) -> dict[str, Any]:
    item = {**SOUND["paths"]["/a/{id}"], **change}
    return {"paths": {"/a/{id}": item}}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (SOUND, ""),
        (other(parameters=[]), "described is []"),
        (other(get={"operationId": "", "responses": {"200": {"description": "a"}}}), "no operationId"),
        (other(get={"operationId": "a", "responses": {}}), "no answers"),
        (other(get={"operationId": "a", "responses": {"200": {}}}), "no words for 200"),
        (other(get={"operationId": "a", "responses": {"200": {"$ref": "#/components/no"}}}), "leads nowhere"),
        (other(post=SOUND["paths"]["/a/{id}"]["get"]), "a.get: 2 times"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(spec: dict[str, Any], said: str) -> None:
    found = mistakes(spec)
    assert any(said in one for one in found) if said else found == []


def test_a_models_own_definitions_are_laid_in() -> None:
    body = {"$defs": {"A": {"type": "string"}, "B": {"type": "array", "items": {"$ref": "#/$defs/A"}}}, "type": "object",
            "properties": {"b": {"$ref": "#/$defs/B", "title": "b"}, "c": {"anyOf": [{"$ref": "#/$defs/A"}]}}}  # fmt: skip
    assert inlined(body) == {
        "type": "object",
        "properties": {
            "b": {"type": "array", "items": {"type": "string"}, "title": "b"},
            "c": {"anyOf": [{"type": "string"}]},
        },
    }
    ring = {"$defs": {"A": {"items": {"$ref": "#/$defs/A"}}}, "$ref": "#/$defs/A", "properties": {"a": {"$ref": "#/$defs/A"}}}
    with pytest.raises(ValueError, match="contains itself"):
        inlined(ring)
