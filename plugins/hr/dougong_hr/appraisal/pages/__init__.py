"""Pages of appraisals: goals, self-rating, the superior's points, all of it as one sheet, calibration of a round."""

from __future__ import annotations

from dougong import PageRoute

from . import calibration, goals, scores, sheet

ROUTES = (
    PageRoute("appraisals/{id}/goals", goals.show),
    PageRoute("appraisals/{id}/goals", goals.save, "POST"),
    PageRoute("appraisals/{id}/self", scores.show_self),
    PageRoute("appraisals/{id}/self", scores.save_self, "POST"),
    PageRoute("appraisals/{id}/sheet", sheet.show),
    PageRoute("ratings/{id}/score", scores.show_rating),
    PageRoute("ratings/{id}/score", scores.save_rating, "POST"),
    PageRoute("ratings/{id}/amend", scores.show_amended),
    PageRoute("ratings/{id}/amend", scores.save_amended, "POST"),
    PageRoute("calibration/{id}", calibration.show),
    PageRoute("calibration/{id}", calibration.api, api=True, describes=calibration.described),
)

__all__ = ["ROUTES"]
