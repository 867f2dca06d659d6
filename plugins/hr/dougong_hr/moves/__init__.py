"""Recruiting, appointments with filing, transfers, leaving with its clearance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context

from . import api, events, pages, reports, resources, roles
from .demo import fill

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = roles.PERMISSIONS
ROLES: tuple[Any, ...] = roles.ROLES
ROUTES: tuple[Any, ...] = (*pages.ROUTES, *api.ROUTES)
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = (*reports.REPORTS, *events.EVENTS, *events.TRIGGERS)


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """What this part adds to other pages."""
    return pages.beside(page, subject, x)


__all__ = ["CONTRIBUTIONS", "JOBS", "PERMISSIONS", "RESOURCES", "ROLES", "ROUTES", "beside", "fill"]
