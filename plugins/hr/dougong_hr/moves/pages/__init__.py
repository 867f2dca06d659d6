"""Pages of moves: the scorecard of an interview, a leaver's clearance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context, PageRoute

from ..records import Change
from . import clearance, scorecard

ROUTES = (
    PageRoute("candidates/{id}/score", scorecard.show),
    PageRoute("candidates/{id}/score", scorecard.save, "POST"),
    PageRoute("changes/{id}/clearance", clearance.show),
    PageRoute("changes/{id}/clearance", clearance.save, "POST"),
)


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """What stands against a leaver's end, on the page of the change."""
    return clearance.beside(subject, x) if page == f"detail:{Change.kind}" else ()


__all__ = ["ROUTES", "beside"]
