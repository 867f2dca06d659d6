"""Accounts, budgets as grids, drivers, versions, the approval line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context

from . import resources, roles
from .amounts import accounts, active, amounts, leaves, sums, totals
from .records import Account, Basis, Budget, Cell

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = ()
ROLES: tuple[Any, ...] = roles.ROLES
ROUTES: tuple[Any, ...] = ()
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = ()


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """What this part adds to other pages."""
    return ()


def fill(x: Context[Any]) -> None:
    """Its share of a demo company."""


__all__ = [
    "CONTRIBUTIONS", "JOBS", "PERMISSIONS", "RESOURCES", "ROLES", "ROUTES", "Account", "Basis", "Budget", "Cell", "accounts",
    "active", "amounts", "beside", "fill", "leaves", "sums", "totals",
]  # fmt: skip
