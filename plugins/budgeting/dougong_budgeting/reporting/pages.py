"""``/budgeting/figures``: how a year goes. Of one site: its accounts, what is left, what the year will come to. Of a region or
the whole company: its sites beside each other. The same as a workbook, and for programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dougong import Asked, BadRequest, Context, FieldError, NotFound, PageRoute, described, page, translator, write
from dougong.views import Action, BarChart, ColumnChart, Crumb, Empty, Figure, FigureTable, Tab
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from ..planning.resources import budget as budget_resource
from ..spending.records import Actual
from . import execution, overview
from .reckoning import SiteYear, site_year
from .rollup import Place, places, sites_with_budget
from .workbook import XLSX, as_xlsx

_ = translator("dougong_budgeting")
MODULE, HERE, API = "budgeting", "/budgeting/figures", "/api/v1/budgeting/figures"
READ = f"{Actual.kind}.read"
FIRST, LAST = 2000, 2100


@dataclass(slots=True)
class FiguresPage:
    """One year as a page. ``finding``: it in a sentence."""

    title: str
    subtitle: str
    finding: str
    crumbs: list[Crumb]
    actions: list[Action]
    years: list[Tab]
    figures: list[Figure]
    charts: list[ColumnChart | BarChart]
    tables: list[FigureTable]
    empty: Empty
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """What the address asks for: one site's year, or several sites."""

    x: Context[Any]
    year: int
    title: str
    site: SiteYear | None = None
    places: list[Place] = field(default_factory=list)


def _found(asked: Asked, session: Session) -> Found:
    """:raises NotFound: no right to any figures. :raises BadRequest: no year."""
    sent = asked.params(("year", "of"))
    x = asked.context(session, MODULE)
    readable = x.gate.scope(READ).free
    if not readable:
        raise NotFound
    tree = x.snapshot.sites
    text, of = sent.get("year", ""), sent.get("of", "")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST <= int(text) <= LAST):
        raise BadRequest(errors=(FieldError("year", _("is not one of the possible choices")),))
    if of not in ("", "site"):
        raise BadRequest(errors=(FieldError("of", _("is not one of the possible choices")),))
    year = int(text) if text else x.today(tree.root).year
    below = tree.subtree(x.site) if x.site is not None else readable
    budgeted = sites_with_budget(x, sorted(readable & below), year)
    method = x.settings.forecast_method.value
    one = x.site if of == "site" else budgeted[0] if len(budgeted) == 1 else None
    if one is not None and one in readable:
        found = site_year(x, one, year, method)
        return Found(x, year, tree.node(one).name, site=found)
    name = tree.node(x.site).name if x.site is not None else str(_("All my sites"))
    return Found(x, year, name, places=places(x, sorted(readable & below), year, method) if budgeted else [])


def _page(asked: Asked, session: Session) -> FiguresPage:
    found = _found(asked, session)
    x, year = found.x, found.year
    slug = x.snapshot.sites.node(x.site).slug if x.site is not None else ""
    tail = (f"&site={slug}" if slug else "") + ("&of=site" if asked.params(("year", "of")).get("of") else "")
    title = str(_("Budget and spending {year}").format(year=year))
    made = FiguresPage(
        title, str(_("{place}, in yuan").format(place=found.title)), "",
        [Crumb(str(budget_resource.label), budget_resource.path), Crumb(title)],
        [Action(str(_("Export to Excel")), f"{HERE}/workbook?year={year}{tail}", "export")],
        [Tab(str(y), f"{HERE}?year={y}{tail}", current=y == year) for y in range(year - 1, year + 2)],
        [], [], [],
        Empty(
            str(_("No budget binds in {year}").format(year=year)),
            str(_("A budget binds once it is approved. Until then, and in a year without one, there is nothing to compare.")),
        ),
    )  # fmt: skip
    if found.site is not None:
        _put(made, execution.drawn(x, found.site))
    elif found.places:
        _put(made, overview.drawn(x, found.places, year))
    return made


def _put(made: FiguresPage, drawn: execution.Drawn) -> None:
    made.finding, made.figures, made.charts = drawn.finding, drawn.figures, drawn.charts
    made.tables, made.notes = drawn.tables, drawn.notes
    made.actions = [*drawn.actions, *made.actions]


async def show(asked: Asked) -> Response:
    """``GET /budgeting/figures``."""
    return page(asked, "budgeting/figures.html", await write(asked, lambda session: _page(asked, session)))


async def workbook(asked: Asked) -> Response:
    """``GET /budgeting/figures/workbook``."""
    made = await write(asked, lambda session: _page(asked, session))
    body = await asked.app.in_thread(as_xlsx, made.title, made.subtitle, made.tables)
    headers = {"content-disposition": 'attachment; filename="budget.xlsx"', "cache-control": "no-store"}
    return Response(body, 200, headers, XLSX)


# ---- for programs ----


async def told(asked: Asked) -> Response:
    """``GET /api/v1/budgeting/figures``."""

    def load(session: Session) -> dict[str, Any]:
        found = _found(asked, session)
        if found.site is not None:
            return {"year": found.year, "site": str(found.site.site), "accounts": execution.told(found.site)}
        return {"year": found.year, "sites": overview.told(found.places)}

    return JSONResponse(await write(asked, load), headers={"cache-control": "no-store"})


_FEN: Mapping[str, Any] = {"type": "integer", "description": "fen"}
_SUMS = dict.fromkeys(("approved", "committed", "spent", "left", "expected"), _FEN)
_ACCOUNT = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "name": {"type": "string"}, "direction": {"type": "string"}, **_SUMS},
}
_SITE = {
    "type": "object",
    "properties": {
        "site": {"type": "string", "format": "uuid"},
        "several": {"type": "boolean"},
        "area": {"type": "integer", "description": "m²"},
        "income": {"type": "object", "properties": _SUMS},
        "expense": {"type": "object", "properties": _SUMS},
    },
}


def _describe() -> Mapping[str, Any]:
    answer = {
        "type": "object",
        "properties": {
            "year": {"type": "integer"},
            "site": {"type": "string", "format": "uuid"},
            "accounts": {"type": "array", "items": _ACCOUNT},
            "sites": {"type": "array", "items": _SITE},
        },
    }
    return described(str(_("How a year's budget goes, of a site or of several")), answer=answer)


ROUTES = (
    PageRoute("figures", show),
    PageRoute("figures/workbook", workbook),
    PageRoute("figures", told, api=True, describes=_describe),
)

__all__ = ["API", "HERE", "READ", "ROUTES"]
