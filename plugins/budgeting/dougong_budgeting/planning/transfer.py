"""A budget in and out as a file, on its page and for programs: a sheet is read whole or refused, a grid is a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dougong import Asked, Invalid, PageRoute, described, refuse, translator, write
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from . import files, grid, ledger, sheet
from .api import MODULE
from .records import Budget

_ = translator("dougong_budgeting")


async def workbook(asked: Asked) -> Response:
    """``GET /budgeting/grid/<id>/workbook``, and ``GET /api/v1/budgeting/sheet/<id>``."""
    asked.params()

    def load(session: Session) -> tuple[Any, ...]:
        x = asked.context(session, MODULE)
        b = x.get(Budget, asked.uuid())
        own = {id: one.amounts for id, one in ledger.by_account(x, b.id).items()}
        site = x.snapshot.sites.node(b.site_id).name
        return b, str(_("{title}, {site}").format(title=b.title, site=site)), ledger.accounts(x), own

    body = await asked.app.in_thread(files.as_xlsx, *await write(asked, load))
    headers = {"content-disposition": 'attachment; filename="budget.xlsx"', "cache-control": "no-store"}
    return Response(body, 200, headers, files.XLSX)


async def _taken(asked: Asked) -> dict[str, Any]:
    """What a file holds is written, all of it or nothing; how many cells, and the year's sums."""
    asked.params()
    await write(
        asked, lambda session: ledger.locked(asked.context(session, MODULE), asked.uuid()).id
    )  # before any work
    sent = await asked.upload("file", files.MOST)
    if not sent:
        raise refuse("file", _("Choose a file."))
    cells: Sequence[list[str]]
    cells, slack = await asked.app.in_thread(lambda: files.cells_of(sent[0].path.read_bytes()))

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        budget = ledger.locked(x, asked.uuid())
        found = ledger.save(x, budget, sheet.of_rows(cells, ledger.accounts(x), slack, "file"))
        return {"cells": len(found), "income": budget.income, "expense": budget.expense}

    return await write(asked, work)


async def send(asked: Asked) -> Response:
    """``POST /budgeting/grid/<id>/file``."""
    try:
        done = await _taken(asked)
    except Invalid as wrong:
        return await grid.drawn(asked, "year", "", "", error=wrong)
    asked.flash(_("{n} cells were read from the file.").format(n=done["cells"]))
    return RedirectResponse(f"/budgeting/grid/{asked.uuid()}", 303)


async def put(asked: Asked) -> Response:
    """``POST /api/v1/budgeting/sheet/<id>``."""
    return JSONResponse(await _taken(asked))


_DONE = {"type": "object", "properties": {key: {"type": "integer"} for key in ("cells", "income", "expense")}}


def _describe_put() -> Mapping[str, Any]:
    content = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
    return {
        **described(str(_("Write a budget from a sheet (.xlsx, .csv), all or nothing")), answer=_DONE),
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": content}}},
    }


def _describe_get() -> Mapping[str, Any]:
    return described(str(_("A budget as a workbook")), answer={"type": "string"}, media_type=files.XLSX)


ROUTES = (
    PageRoute("grid/{id}/workbook", workbook, costly=True),
    PageRoute("grid/{id}/file", send, method="POST", uploads=files.MOST, costly=True),
    PageRoute("sheet/{id}", workbook, api=True, costly=True, describes=_describe_get),
    PageRoute("sheet/{id}", put, method="POST", api=True, uploads=files.MOST, costly=True, describes=_describe_put),
)

__all__ = ["ROUTES"]
