"""Actuals, commitments, stops and alerts, closing of months: what is spent within the budgets that planning made."""

from __future__ import annotations

from typing import Any

from . import arising, imports, resources
from .asides import beside as beside
from .balances import Planned as Planned
from .balances import roll_up as roll_up
from .demo import fill as fill
from .opening import open_year as open_year

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = ()
ROLES: tuple[Any, ...] = resources.ROLES
ROUTES: tuple[Any, ...] = ()
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = (*resources.EVENTS, arising.FOLLOW_UP, imports.importable)
