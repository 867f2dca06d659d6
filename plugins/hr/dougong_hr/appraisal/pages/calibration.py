"""Calibration of a round: grades by department and site, and each superior's distance from the mean. As page and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dougong import Asked, Context, page, translator, write
from dougong.views import (
    Action,
    BarChart,
    BarPiece,
    ChartBar,
    Crumb,
    Empty,
    FigureCell,
    FigureHeading,
    FigureRow,
    FigureTable,
)
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from ..calibrating import FAR, GRADES, Calibration, Spread, read
from ..choices import Grade
from ..records import CALIBRATE, Round
from ..resources import rating, round
from ..scoring import written

_ = translator("dougong_hr")
COLOURS = {Grade.EXCELLENT: "on", Grade.GOOD: "soft", Grade.FAIR: "rest", Grade.POOR: "over"}


@dataclass(slots=True)
class CalibrationPage:
    title: str
    subtitle: str
    crumbs: list[Crumb]
    actions: list[Action]
    sentence: str
    charts: list[BarChart]
    tables: list[FigureTable]
    empty: Empty


async def show(asked: Asked) -> Response:
    asked.params()
    return page(asked, "hr/calibration.html", await write(asked, lambda s: _page(*_found(asked, s))))


async def api(asked: Asked) -> Response:
    """The same as numbers."""
    asked.params()
    return JSONResponse(
        await write(asked, lambda s: told(*_found(asked, s)[1:])), headers={"cache-control": "no-store"}
    )


def described() -> Mapping[str, Any]:
    """The OpenAPI operation."""
    return {
        "summary": str(_("Calibration of a round of appraisals")),
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}],
        "responses": {
            "200": {
                "description": str(_("Totals in hundredths of a point, of the ratings that you may view")),
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _found(asked: Asked, session: Session) -> tuple[Context[Any], Round, Calibration]:
    x = asked.context(session, "hr")
    r = x.get(Round, asked.uuid())
    if not x.gate.scope(CALIBRATE):  # held anywhere: what is compared is only what the person may see
        x.demand(CALIBRATE, r)
    return x, r, read(x, r)


def told(r: Round, found: Calibration) -> dict[str, Any]:
    """A calibration as JSON."""

    def spread(one: Spread) -> dict[str, Any]:
        return {
            "rated": one.count,
            "mean": one.mean,
            "off": one.off(found.all),
            "least": one.least if one.count else None,
            "most": one.most if one.count else None,
            "grades": {grade.value: one.grades.get(grade, 0) for grade in GRADES},
        }

    return {
        "round": str(r.id),
        "number": r.number,
        "open": found.open,
        "all": spread(found.all),
        "departments": [{"department": key, **spread(one)} for key, one in sorted(found.departments.items())],
        "sites": [{"site": str(key), **spread(one)} for key, one in found.sites.items()],
        "raters": [{"rater": str(key) if key else None, **spread(one)} for key, one in found.raters.items()],
    }


# ---- the page ----


def _page(x: Context[Any], r: Round, found: Calibration) -> CalibrationPage:
    departments = {_department(x, key): one for key, one in found.departments.items()}
    sites = {x.snapshot.sites.node(key).name: one for key, one in found.sites.items()}
    raters = {_person(x, key): one for key, one in found.raters.items()}
    charts, tables = [], []
    if found.all.count:
        charts = [_chart(str(_("Grades by department")), {str(_("All")): found.all, **_sorted(departments)})]
        if len(sites) > 1:
            charts.append(_chart(str(_("Grades by site")), _sorted(sites)))
        tables = [
            _deviation(raters, found.all),
            _spreads(str(_("By department")), str(_("Department")), departments, found.all),
        ]
        tables.append(_spreads(str(_("By site")), str(_("Site")), sites, found.all))
    title = str(_("Calibration"))
    sentence = _("{rated} people are rated, {open} are still to be; the mean is {mean} points.").format(
        rated=found.all.count, open=found.open, mean=written(found.all.mean)
    )
    return CalibrationPage(
        title,
        f"{r.number} {r.title}",
        [Crumb(str(round.label), round.path), Crumb(r.number, f"{round.path}/{r.id}"), Crumb(title)],
        [
            Action(str(_("Ratings")), f"{rating.path}?tab=all", "chart"),
            Action(str(_("Report")), "/reports/hr/appraisals", "chart"),
        ],
        str(sentence),
        charts,
        tables,
        Empty(str(_("Nobody is rated yet")), str(_("What superiors give appears here, of those whom you may see."))),
    )


def _department(x: Context[Any], key: str) -> str:
    known = x.settings_of("hr").departments
    return str(known[key].label) if key in known else key


def _person(x: Context[Any], id: UUID | None) -> str:
    found = x.snapshot.people.get(id) if id else None
    return found.name if found else "–"


def _sorted(groups: Mapping[str, Spread]) -> dict[str, Spread]:
    return dict(sorted(groups.items(), key=lambda one: (-(one[1].mean or 0), one[0])))


def _chart(title: str, groups: Mapping[str, Spread]) -> BarChart:
    """A bar a group, the same length for all: what counts is the share of each grade."""
    bars = []
    for label, one in groups.items():
        pieces, at = [], 0.0
        for grade in GRADES:
            count = one.grades.get(grade, 0)
            width = 100 * count / one.count
            if count:
                pieces.append(
                    BarPiece(f"{at:.2f}%", f"{width:.2f}%", COLOURS[grade], f"{label} · {grade.label}: {count}")
                )
            at += width
        bars.append(ChartBar(label, str(one.count), None, pieces))
    return BarChart(title, bars, [(COLOURS[grade], str(grade.label)) for grade in GRADES])


def _deviation(groups: Mapping[str, Spread], all: Spread) -> FigureTable:
    heads = (_("Superior"), _("Rated"), _("Mean"), _("From the mean of all"), _("Lowest"), _("Highest"))
    rows = []
    for label, one in sorted(groups.items(), key=lambda each: (-abs(each[1].off(all) or 0), each[0])):
        off = one.off(all) or 0
        cells = [str(one.count), written(one.mean), signed(off), written(one.least), written(one.most)]
        made = [FigureCell(text) for text in cells]
        made[2].bad = abs(off) > FAR
        rows.append(FigureRow(label, None, made))
    title = str(_("Superiors: distance from the mean"))
    more = str(_("Marked: more than {n} points away.").format(n=FAR // 100))
    return FigureTable(title, [FigureHeading(str(one)) for one in heads], rows, None, more)


def signed(hundredths: int) -> str:
    """With its sign: +3.20, −12.50."""
    sign = "+" if hundredths > 0 else "−" if hundredths < 0 else "±"
    return sign + written(abs(hundredths))


def _spreads(title: str, first: str, groups: Mapping[str, Spread], all: Spread) -> FigureTable:
    heads = (first, _("Rated"), _("Mean"), *(grade.label for grade in GRADES))
    rows = [FigureRow(label, None, _cells(one)) for label, one in _sorted(groups).items()]
    total = FigureRow(str(_("Together")), None, _cells(all)) if len(rows) > 1 else None
    return FigureTable(title, [FigureHeading(str(one)) for one in heads], rows, total)


def _cells(one: Spread) -> list[FigureCell]:
    counts = [FigureCell(str(n), soft=not n) for n in (one.grades.get(grade, 0) for grade in GRADES)]
    return [FigureCell(str(one.count)), FigureCell(written(one.mean)), *counts]


__all__ = ["api", "described", "show", "told"]
