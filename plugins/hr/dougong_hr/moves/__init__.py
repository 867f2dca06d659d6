"""Recruiting, appointments with filing, transfers, leaving with its clearance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context

from . import resources, roles

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = roles.PERMISSIONS
ROLES: tuple[Any, ...] = roles.ROLES
ROUTES: tuple[Any, ...] = ()
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = ()


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """What this part adds to other pages."""
    return ()


def fill(x: Context[Any]) -> None:
    """Its share of a demo company."""
