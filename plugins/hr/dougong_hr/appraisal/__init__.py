"""Appraisal in four dimensions, with appeal and calibration."""

from __future__ import annotations

from typing import Any

from . import asides, demo, events, pages, reports, resources, roles, rounds

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = roles.PERMISSIONS
ROLES: tuple[Any, ...] = roles.ROLES
ROUTES: tuple[Any, ...] = pages.ROUTES
JOBS: tuple[Any, ...] = rounds.JOBS
CONTRIBUTIONS: tuple[Any, ...] = (*reports.REPORTS, *events.EVENTS, *events.TRIGGERS)
beside = asides.beside
fill = demo.fill
