"""Audits, reviews, objectives, registers: the system around documents and corrections."""

from __future__ import annotations

from typing import Any

from . import events, pages, reports, resources, roles, triggers
from .asides import beside
from .demo import fill

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = ()
ROLES: tuple[Any, ...] = roles.ROLES
ROUTES: tuple[Any, ...] = pages.ROUTES
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = (*events.EVENTS, *reports.REPORTS, *triggers.TRIGGERS)

__all__ = ["CONTRIBUTIONS", "JOBS", "PERMISSIONS", "RESOURCES", "ROLES", "ROUTES", "beside", "fill"]
