"""Whether a description of the API holds together: what a client generator stumbles over, judged without a validator.

Validating OpenAPI 3.1 in full takes a minute for all modules, so each module's share of it is judged by these rules, and a small
description is validated in full by a test of the core's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_METHODS = frozenset({"get", "put", "post", "patch", "delete"})
_SEGMENT = re.compile(r"\{([^}]+)\}")


def mistakes(spec: Mapping[str, Any]) -> list[str]:
    """What is wrong: an operation's id that is missing or there twice, a reference to nothing, a segment of a path that is not
    described, or described and not there, an answer without words, a body for what has none."""
    found = [
        f"{name}: {n} times"
        for name, n in Counter(id for _where, _path, _one, id in _operations(spec)).items()
        if n > 1
    ]
    for where, path, one, id in _operations(spec):
        if not id:
            found.append(f"{where}: no operationId")
        found += [f"{where}: {said}" for said in _of_operation(path, one, spec)]
    return found + [f"{name}: leads nowhere" for name in sorted(set(_references(spec))) if not _there(spec, name)]


def _operations(spec: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    for path, item in spec["paths"].items():
        shared = item.get("parameters", [])
        for method, one in item.items():
            if method in _METHODS:
                told = {**one, "parameters": [*shared, *one.get("parameters", [])]}
                yield f"{method} {path}", path, told, str(one.get("operationId", ""))


def _of_operation(path: str, one: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[str]:
    several = [_resolved(spec, p) for p in one["parameters"]]
    named = {p.get("name") for p in several if p.get("in") == "path"}
    if named != set(_SEGMENT.findall(path)):
        yield f"its path has {_SEGMENT.findall(path)}, described is {sorted(map(str, named))}"
    places = Counter((p.get("name"), p.get("in")) for p in several)
    yield from (f"parameter {name} twice" for (name, _in), n in places.items() if n > 1)
    yield from (
        f"parameter {p.get('name')} without a schema" for p in several if "schema" not in p and "content" not in p
    )
    if not one.get("responses"):
        yield "no answers"
    for status, answer in one.get("responses", {}).items():
        if not _resolved(spec, answer).get("description"):
            yield f"no words for {status}"
    if "requestBody" in one and not _resolved(spec, one["requestBody"]).get("content"):
        yield "a body without content"


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _references(value)


def _there(spec: Mapping[str, Any], name: str) -> bool:
    return _at(spec, name) is not None


def _resolved(spec: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    found = _at(spec, node["$ref"]) if "$ref" in node else node
    return found if isinstance(found, Mapping) else {}


def _at(spec: Mapping[str, Any], name: str) -> Any:
    node: Any = spec
    for part in name.removeprefix("#/").split("/"):
        if not isinstance(node, Mapping) or part not in node:
            return None
        node = node[part]
    return node


__all__ = ["mistakes"]
