"""Pages of the system beside those of its records."""

from __future__ import annotations

from dougong import PageRoute

from . import checklist, coverage, heat, inputs, scoreboard, takeover

ROUTES = (
    PageRoute("audits/{id}/checklist", checklist.show),
    PageRoute("audits/{id}/checklist", checklist.save, "POST"),
    PageRoute("coverage", coverage.show),
    PageRoute("reviews/{id}/inputs", inputs.show),
    PageRoute("scoreboard", scoreboard.show),
    PageRoute("ratings/{of}", heat.show),
    PageRoute("law/template", takeover.show),
    PageRoute("law/template", takeover.take, "POST"),
)
