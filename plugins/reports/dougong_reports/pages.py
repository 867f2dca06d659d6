"""The addresses of reports: the list of them, one report as page, file and JSON."""

from __future__ import annotations

from typing import Any

from dougong import Asked, PageRoute, page, reports_of, translator
from starlette.responses import JSONResponse, Response

from . import drawing, export, words
from .asking import Answered, answered, wanted

_ = translator("dougong_reports")


async def index(asked: Asked) -> Response:
    """The reports that this person may read."""
    asked.params()
    return page(asked, "reports/index.html", drawing.index_page(asked, reports_of(asked.gate, asked.app.registry)))


async def show(asked: Asked) -> Response:
    """One report."""
    answer = await answered(asked, wanted(asked))
    return page(asked, "reports/report.html", drawing.report_page(asked, answer))


async def download(asked: Asked) -> Response:
    """Its table as a file."""
    one = wanted(asked, ("format",))
    kind = export.kind_of(asked.query.get("format", ""))
    answer = await answered(asked, one, trend=False)
    return await export.response(asked, kind, answer)


async def api_index(asked: Asked) -> Response:
    """The reports that this person may read, with what can be asked of them."""
    asked.params()
    found = [
        {
            "module": module,
            "name": report.name,
            "label": str(report.label),
            "record": report.record.kind,
            "measures": [{"name": m.name, "label": str(m.label), "kind": m.kind} for m in report.measures],
            "groupings": [g.name for g in report.groupings],
            "filters": list(report.filters),
            "address": f"/api/v1/reports/{module}/{report.name}",
        }
        for module, report in reports_of(asked.gate, asked.app.registry)
    ]
    return _json({"results": found})


async def api_show(asked: Asked) -> Response:
    """The figures of one report as numbers, with the rows behind each."""
    return _json(told(await answered(asked, wanted(asked), trend=False)))


def told(answer: Answered) -> dict[str, Any]:
    """A report as JSON: percents as 0 to 100, durations in seconds, money in fen; null where nothing can be divided."""
    one, now = answer.wanted, answer.now

    def figures(found: Any, group: Any = None) -> dict[str, Any]:
        return {
            m.name: {"value": found.value(m, group), "rows": found.rows(m, group)}
            for m in one.report.measures
            if m.listed
        }

    groups = [
        {
            "key": group.key,
            "label": words.group(one.grouping, group),
            "figures": figures(now, group),
            "records": {m.name: now.link(m, group) for m in one.report.measures if m.listed and now.rows(m, group)},
        }
        for group in now.groups
    ]
    before = one.period.before
    assert before is not None
    return {
        "report": f"{one.module}.{one.report.name}",
        "period": {"from": one.period.start.isoformat(), "to": one.period.last.isoformat()},
        "compared_with": {"from": before.start.isoformat(), "to": before.last.isoformat()},
        "by": one.grouping.name,
        "total": figures(now),
        "before": figures(answer.before),
        "groups": groups,
    }


def _json(body: Any) -> Response:
    return JSONResponse(body, headers={"cache-control": "no-store"})


def _operation(summary: Any, parameters: tuple[str, ...] = (), path: tuple[str, ...] = ()) -> dict[str, Any]:
    """The OpenAPI operation of an address here."""
    text = {"type": "string"}
    return {
        "summary": str(summary),
        "parameters": [
            *({"name": n, "in": "path", "required": True, "schema": text} for n in path),
            *({"name": n, "in": "query", "required": False, "schema": text} for n in parameters),
        ],
        "responses": {
            "200": {
                "description": str(_("The figures")),
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _describe_index() -> dict[str, Any]:
    return _operation(_("The reports that you may read"))


def _describe_one() -> dict[str, Any]:
    return _operation(_("The figures of a report"), ("period", "from", "to", "by", "site"), ("module", "name"))


ONE = "{module}/{name}"
ROUTES = (
    PageRoute("", index),
    PageRoute(ONE, show),
    PageRoute(f"{ONE}/export", download),
    PageRoute("", api_index, api=True, describes=_describe_index),
    PageRoute(ONE, api_show, api=True, describes=_describe_one),
)
