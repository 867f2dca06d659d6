"""Shifts and rosters, swaps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context

RESOURCES: tuple[Any, ...] = ()
PERMISSIONS: tuple[Any, ...] = ()
ROLES: tuple[Any, ...] = ()
ROUTES: tuple[Any, ...] = ()
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = ()


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """What this part adds to other pages."""
    return ()


def fill(x: Context[Any]) -> None:
    """Its share of a demo company."""
