"""Documents of the three standards: revisions, copies, reading, clauses."""

from __future__ import annotations

from . import choosing, demo, events, matrix, opening, paper, schedules
from .asides import beside
from .records import Revision
from .resources import RESOURCES
from .revisions import files_changed
from .roles import PERMISSIONS, ROLES

ROUTES = (*matrix.ROUTES, *choosing.ROUTES)
JOBS = ()
CONTRIBUTIONS = (*events.EVENTS, schedules.SCHEDULE, *paper.PAPERS, opening.FOLLOW_UP)
fill = demo.fill

__all__ = [
    "CONTRIBUTIONS", "JOBS", "PERMISSIONS", "RESOURCES", "ROLES", "ROUTES", "Revision", "beside", "files_changed", "fill",
]  # fmt: skip
