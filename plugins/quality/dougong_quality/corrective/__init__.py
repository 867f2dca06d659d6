"""Nonconformities and what keeps them from coming back: cause, measures, sister sites, verification, effect."""

from __future__ import annotations

from . import events, imports, loop, paper, reports
from .asides import beside
from .demo import fill
from .pages import ROUTES
from .resources import RESOURCES
from .roles import ROLES

PERMISSIONS: tuple[object, ...] = ()
JOBS: tuple[object, ...] = ()
CONTRIBUTIONS = (
    *reports.REPORTS, reports.SECTION, *events.EVENTS, *imports.IMPORTABLE, loop.follow_up, *loop.triggers, paper.paper,
)

__all__ = ["CONTRIBUTIONS", "JOBS", "PERMISSIONS", "RESOURCES", "ROLES", "ROUTES", "beside", "fill"]
