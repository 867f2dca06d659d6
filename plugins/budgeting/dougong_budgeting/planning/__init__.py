"""Accounts, budgets as grids, drivers, versions, the approval line."""

from __future__ import annotations

from typing import Any

from . import api, grid, resources, roles, transfer
from .asides import beside
from .demo import fill
from .ledger import accounts, active, amounts, leaves, sums, totals
from .records import Account, Basis, Budget, Cell

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = ()
ROLES: tuple[Any, ...] = roles.ROLES
ROUTES: tuple[Any, ...] = (*grid.ROUTES, *transfer.ROUTES, *api.ROUTES)
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = ()


__all__ = [
    "CONTRIBUTIONS", "JOBS", "PERMISSIONS", "RESOURCES", "ROLES", "ROUTES", "Account", "Basis", "Budget", "Cell", "accounts",
    "active", "amounts", "beside", "fill", "leaves", "sums", "totals",
]  # fmt: skip
