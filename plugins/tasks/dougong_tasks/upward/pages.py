"""The addresses of reports: the sheet and its workbook, of the site and of the client's copy, and the form of their words."""

from __future__ import annotations

from urllib.parse import quote

from dougong import Asked, PageRoute, page, translator, write
from sqlalchemy.orm import Session
from starlette.responses import Response

from . import writing
from .records import ClientReport, SiteReport
from .sheet import Sheet, of_client, of_site
from .workbook import as_xlsx

_ = translator("dougong_tasks")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _load(asked: Asked, session: Session, client: bool) -> Sheet:
    x = asked.context(session, "tasks")
    if client:
        return of_client(x, x.get(ClientReport, asked.uuid()))
    return of_site(x, x.get(SiteReport, asked.uuid()))


async def sheet(asked: Asked) -> Response:
    asked.params()
    return page(asked, "tasks/sheet.html", await write(asked, lambda s: _load(asked, s, client=False)))


async def copy(asked: Asked) -> Response:
    asked.params()
    return page(asked, "tasks/sheet.html", await write(asked, lambda s: _load(asked, s, client=True)))


async def workbook(asked: Asked) -> Response:
    return await _book(asked, client=False)


async def copy_workbook(asked: Asked) -> Response:
    return await _book(asked, client=True)


async def _book(asked: Asked, client: bool) -> Response:
    asked.params()
    found = await write(asked, lambda s: _load(asked, s, client))
    columns = (_("Section"), _("Figure"), _("Value"), _("Unit"), _("Period before"), _("Note"))
    body = await asked.app.in_thread(as_xlsx, found, [str(one) for one in columns])
    name = quote(f"{found.title} {found.far}.xlsx", safe="")
    headers = {
        "content-disposition": f"attachment; filename=\"report.xlsx\"; filename*=UTF-8''{name}",
        "cache-control": "no-store",
    }
    return Response(body, 200, headers, XLSX)


ROUTES = (
    PageRoute("sheet/{id}", sheet),
    PageRoute("sheet/{id}/workbook", workbook, costly=True),
    PageRoute("copy/{id}", copy),
    PageRoute("copy/{id}/workbook", copy_workbook, costly=True),
    PageRoute("writing/{id}", writing.show),
    PageRoute("writing/{id}", writing.save, "POST"),
)
