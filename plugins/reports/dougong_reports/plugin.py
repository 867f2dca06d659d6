"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Manifest, PageRoute, hookimpl, translator

from . import home, pages

_ = translator("dougong_reports")

manifest = Manifest(
    name="reports",
    version="0.1.0",
    label=_("Reports"),
    summary=_("Figures, charts and comparisons of what the other modules hold."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="chart",
)


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return pages.ROUTES


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return home.parts(page, context)
