"""Vocabularies: values that a company edits in its settings and records store as text."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


def entries(settings: BaseModel, name: str) -> dict[str, str]:
    """Values and their labels, in the company's order.

    A vocabulary is an attribute of the settings: a mapping of value → anything with a ``label`` (or of value → text),
    or a list of texts.
    """
    found: Any = getattr(settings, name)
    if isinstance(found, dict):
        return {key: str(getattr(entry, "label", entry)) for key, entry in found.items()}
    return {str(entry): str(entry) for entry in found}


def keys(settings: BaseModel, name: str) -> frozenset[str] | dict[str, Any]:
    """The values alone."""
    found: Any = getattr(settings, name)
    return found if isinstance(found, dict) else frozenset(str(entry) for entry in found)
