"""Posts, the line of command, employees, contracts and certificates."""

from __future__ import annotations

from typing import Any

from . import command, holdings, imports, pages, people, reports, resources, roles, standing
from .asides import beside
from .demo import fill

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = roles.PERMISSIONS
ROLES: tuple[Any, ...] = roles.ROLES
ROUTES: tuple[Any, ...] = pages.ROUTES
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = (
    command.line, *reports.REPORTS, *standing.REPORTS, reports.section, imports.employees, imports.positions,
    imports.certificates, imports.contracts,
)  # fmt: skip

__all__ = [
    "CONTRIBUTIONS", "JOBS", "PERMISSIONS", "RESOURCES", "ROLES", "ROUTES", "beside", "fill", "holdings", "people",
]  # fmt: skip
