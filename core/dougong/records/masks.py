"""Masks: how much of a personal value is shown before it is revealed."""

from __future__ import annotations

from collections.abc import Callable


def _phone(value: str) -> str:
    digits = value.replace(" ", "").replace("-", "")
    return f"{digits[:3]} **** {digits[-4:]}" if len(digits) >= 8 else "****"


def _name(value: str) -> str:
    return value[:1] + "**"


def _all(value: str) -> str:
    return "****"


MASKS: dict[str, Callable[[str], str]] = {"phone": _phone, "name": _name, "all": _all}


def masked(value: str | None, mask: str) -> str | None:
    """The value as anybody may see it; None stays None. :raises KeyError: unknown mask."""
    return None if value is None else MASKS[mask](value)
