"""Inputs of a management review: the figures of every report of the modules that are on, as they stand when they are gathered.

A report gives the figures that it shows on the start page, or its leading ones; each keeps the list behind it. What the
person who gathers may not see is not in it. A module that is off is simply not there.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from dougong import Measure, Question, Report, figures_within, reports_of

from .common import X
from .records import ManagementReview

LEADING = 4  # figures of a report


def gathered(r: ManagementReview, x: X) -> list[dict[str, Any]]:
    """Parts with ``label`` and ``lines`` of ``text``, ``value``, ``href``: plain words, frozen."""
    zone = x.snapshot.sites.zone(r.site_id)
    start = dt.datetime.combine(r.from_on, dt.time(), zone)
    end = dt.datetime.combine(r.until_on + dt.timedelta(days=1), dt.time(), zone)
    reports = [one for _module, one in reports_of(x.gate, x.registry)]
    site = None if r.site_id == x.snapshot.sites.root else r.site_id
    found = figures_within(x, [Question(one, start, end, site=site, zone=str(zone)) for one in reports])
    parts = []
    for report, figures in zip(reports, found, strict=True):
        lines = [
            {"text": str(one.label), "value": worded(one, figures.value(one)), "href": figures.link(one)}
            for one in leading(report)
        ]
        parts.append({"label": str(report.label), "lines": lines})
    return parts


def leading(report: Report) -> list[Measure]:
    """Those of a report's measures that say most."""
    return [one for one in report.measures if one.listed][:LEADING]


def worded(measure: Measure, value: float | None) -> str:
    """A figure in words with its unit."""
    if value is None:
        return "–"
    match measure.kind:
        case "percent":
            return f"{value:.1f}%"
        case "duration":
            return f"{value / 3600:.1f} h"
        case "money":
            return f"¥ {value / 100:,.2f}"
    said = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return f"{said} {measure.unit}" if measure.unit else said
