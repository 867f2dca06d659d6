"""A mapping as TOML, so that it can be kept as a file and used by the command: the part of TOML that a mapping needs."""

from __future__ import annotations

import json
import re
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def dumps(given: dict[str, Any]) -> str:
    """Tables of tables of plain values; empty tables are left out."""
    lines: list[str] = []
    _table(given, (), lines)
    return "\n".join(lines).strip() + "\n"


def _table(given: dict[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    inline = len(path) >= 2  # what lies deeper stands on one line
    nested = {} if inline else {k: v for k, v in given.items() if isinstance(v, dict)}
    plain = {k: v for k, v in given.items() if k not in nested and v is not None}
    if path and plain:
        lines += ["", f"[{'.'.join(map(_key, path))}]"]
    lines += [f"{_key(k)} = {_value(v)}" for k, v in plain.items()]
    for key, value in nested.items():
        _table(value, (*path, key), lines)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value) if isinstance(value, int | float) else json.dumps(str(value), ensure_ascii=False)
