"""Shift kinds, rosters of a month, swaps."""

from __future__ import annotations

from typing import Any

from dougong import Context

from . import api, asides, demo, duty, flow, own, pages, resources, roles

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = ()
ROLES: tuple[Any, ...] = roles.ROLES
ROUTES: tuple[Any, ...] = (*pages.ROUTES, *own.ROUTES, *api.ROUTES)
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = (duty.duty, *flow.EVENTS)
beside = asides.beside


def fill(x: Context[Any]) -> None:
    """Its share of a demo company."""
    demo.fill(x)
