"""Cells for programs and for the grid's own script: all cells of a budget, and many written at once or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, cast
from uuid import UUID

from dougong import Asked, Fen, FieldError, Form, Invalid, PageRoute, Whole, described, translator, validate, write
from dougong import asked as asking
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from . import ledger
from .ledger import Entry, Wish
from .reading import Unreadable, fen
from .records import Budget

_ = translator("dougong_budgeting")
MODULE = "budgeting"
MOST = 6000  # cells in one request: five hundred accounts


class Wanted(Form):
    """One cell of a request: ``amount`` in fen or ``text`` as a spreadsheet shows it in yuan."""

    account: UUID = asking(_("Account"))
    month: Annotated[Whole, Field(ge=1, le=12)] = asking(_("Month"))
    amount: Fen | None = asking(_("Amount in fen"), default=None)
    text: Annotated[str, Field(max_length=100)] | None = asking(_("Amount as written"), default=None)
    version: Annotated[Whole, Field(ge=0)] | None = asking(_("Row version"), default=None)


class Wishes(Form):
    """The body of a request."""

    cells: Annotated[list[Wanted], Field(min_length=1, max_length=MOST)] = asking(_("Cells"))


def told(key: ledger.Key, one: Entry) -> dict[str, Any]:
    """A cell as the API tells it."""
    return {"account": str(key[0]), "month": key[1], "amount": one.amount, "first": one.first, "version": one.version}


async def read(asked: Asked) -> Response:
    """``GET /api/v1/budgeting/cells/<id>``."""
    asked.params()

    def load(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        budget = x.get(Budget, asked.uuid())
        return {"cells": [told(key, one) for key, one in ledger.cells(x, budget.id).items()]}

    return JSONResponse(await write(asked, load), headers={"cache-control": "no-store"})


async def put(asked: Asked) -> Response:
    """``PUT /api/v1/budgeting/cells/<id>``."""
    asked.params()
    body = cast(Wishes, validate(Wishes, await asked.json(), None))

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        budget = ledger.locked(x, asked.uuid())
        saved = ledger.save(x, budget, _wishes(body))
        cells = [told(key, one) for key, one in saved.items()]
        return {"cells": cells, "income": budget.income, "expense": budget.expense}

    return JSONResponse(await write(asked, work))


def _wishes(body: Wishes) -> list[Wish]:
    out, errors = [], []
    for n, one in enumerate(body.cells):
        try:
            if one.amount is None and one.text is None:
                errors.append(FieldError(f"cells.{n}.amount", _("Say the amount.")))
            amount = one.amount if one.amount is not None else fen(one.text or "")
            out.append(Wish(one.account, one.month, amount, one.version, f"cells.{n}"))
        except Unreadable as wrong:
            errors.append(FieldError(f"cells.{n}.text", wrong.why))
    if errors:
        raise Invalid(errors=tuple(errors[:200]))
    return out


_CELL = {
    "type": "object",
    "properties": {
        "account": {"type": "string", "format": "uuid"},
        "month": {"type": "integer", "minimum": 1, "maximum": 12},
        "amount": {"type": "integer", "description": "fen"},
        "version": {"type": "integer", "description": "row version"},
    },
    "required": ["account", "month"],
}
_CELLS = {"type": "object", "properties": {"cells": {"type": "array", "items": _CELL}}, "required": ["cells"]}


def _describe_read() -> Mapping[str, Any]:
    return described(str(_("All cells of a budget")), answer=_CELLS)


def _describe_put() -> Mapping[str, Any]:
    return described(str(_("Write cells of a budget, all or none")), body=_CELLS, answer=_CELLS)


ROUTES = (
    PageRoute("cells/{id}", read, api=True, describes=_describe_read),
    PageRoute("cells/{id}", put, method="PUT", api=True, describes=_describe_put),
)

__all__ = ["MODULE", "MOST", "ROUTES", "Wanted", "Wishes"]
