"""Nonconformities of a demo company."""

from __future__ import annotations

from typing import Any

from dougong import Context


def fill(x: Context[Any]) -> None:
    """Its share of a demo company."""
