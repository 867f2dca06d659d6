"""Actuals, commitments, stops and alerts, closing of months: what is spent within the budgets that planning made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context

from . import resources
from .balances import Planned as Planned
from .balances import roll_up as roll_up
from .opening import open_year as open_year

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = ()
ROLES: tuple[Any, ...] = resources.ROLES
ROUTES: tuple[Any, ...] = ()
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = resources.EVENTS


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """What this part adds to other pages."""
    return ()


def fill(x: Context[Any]) -> None:
    """Its share of a demo company."""
