"""The cells of a roster for programs: all of a month, and many written at once or none, each against what stood in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, cast
from uuid import UUID

from dougong import Asked, FieldError, Form, Invalid, PageRoute, described, translator, validate, write
from dougong import asked as asking
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from . import cells
from .choices import Absence
from .pages import EDIT, MOST_CELLS
from .records import Roster, Shift, Turn

_ = translator("dougong_hr")
MODULE = "hr"


class Wanted(Form):
    """One cell of a request: a shift or an absence; neither empties it."""

    employee: UUID = asking(_("Employee"))
    day: dt.date = asking(_("Day"))
    shift: UUID | None = asking(_("Shift"), default=None)
    absence: Absence | None = asking(_("Absence"), default=None)
    seen: Annotated[str, Field(max_length=40)] = asking(
        _("What stood there"), help=_("As the list of cells says it; empty: nothing.")
    )


class Wishes(Form):
    """The body of a request."""

    cells: Annotated[list[Wanted], Field(min_length=1, max_length=MOST_CELLS)] = asking(_("Cells"))


def _told(turn: Turn) -> dict[str, Any]:
    return {
        "employee": str(turn.employee_id),
        "day": turn.day.isoformat(),
        "shift": str(turn.shift_id) if turn.shift_id else None,
        "absence": str(turn.absence.value) if turn.absence else None,
        "seen": cells.shown(turn),
    }


def _all(x: cells.X, roster: Roster) -> dict[str, Any]:
    stands = cells.turns(x, roster)
    return {
        "month": roster.month,
        "cells": [_told(stands[key]) for key in sorted(stands, key=lambda k: (k[1], str(k[0])))],
    }


async def read(asked: Asked) -> Response:
    """``GET /api/v1/hr/rosters/<id>/cells``: those that are not empty."""
    asked.params()

    def load(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        return _all(x, x.get(Roster, asked.uuid()))

    return JSONResponse(await write(asked, load), headers={"cache-control": "no-store"})


async def put(asked: Asked) -> Response:
    """``PUT /api/v1/hr/rosters/<id>/cells``."""
    asked.params()
    body = cast(Wishes, validate(Wishes, await asked.json(), None))

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        x.demand(EDIT, x.get(Roster, asked.uuid()))
        roster = cells.locked(x, asked.uuid())
        wanted = _wanted(x, roster, body)
        changed = cells.put(x, roster, wanted, {(one.employee, one.day): one.seen for one in body.cells})
        x.session.flush()
        return {"changed": changed, **_all(x, roster)}

    return JSONResponse(await write(asked, work))


def _wanted(x: cells.X, roster: Roster, body: Wishes) -> dict[cells.Cell, Shift | Absence | None]:
    known = {one.id: one for one in cells.shifts(x, roster.site_id)}
    wanted: dict[cells.Cell, Shift | Absence | None] = {}
    errors = []
    for n, one in enumerate(body.cells):
        if one.shift is not None and one.absence is not None:
            errors.append(FieldError(f"cells.{n}.absence", _("A shift or an absence, not both.")))
        elif one.shift is not None and one.shift not in known:
            errors.append(FieldError(f"cells.{n}.shift", _("This is no shift that is in use at the site.")))
        elif (one.employee, one.day) in wanted:
            errors.append(FieldError(f"cells.{n}", _("This cell is named twice.")))
        wanted[one.employee, one.day] = known.get(one.shift) if one.shift else one.absence
    if errors:
        raise Invalid(errors=tuple(errors[:200]))
    return wanted


_TEXT = {"type": "string"}
_CELL = {
    "type": "object",
    "properties": {
        "employee": {"type": "string", "format": "uuid"},
        "day": {"type": "string", "format": "date"},
        "shift": {"type": ["string", "null"], "format": "uuid"},
        "absence": {"type": ["string", "null"], "enum": [*(one.value for one in Absence), None]},
        "seen": _TEXT,
    },
    "required": ["employee", "day", "seen"],
}
_CELLS = {"type": "array", "items": _CELL}


def _answer(**more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {**more, "month": _TEXT, "cells": _CELLS}}


def _describe_read() -> Mapping[str, Any]:
    return described(str(_("The cells of a roster")), answer=_answer())


def _describe_put() -> Mapping[str, Any]:
    body = {"type": "object", "properties": {"cells": _CELLS}, "required": ["cells"]}
    text = _("Set cells of a roster, all or none; 409 where somebody else changed one since it was read")
    return described(str(text), body=body, answer=_answer(changed={"type": "integer"}))


ROUTES = (
    PageRoute("rosters/{id}/cells", read, api=True, describes=_describe_read),
    PageRoute("rosters/{id}/cells", put, "PUT", api=True, describes=_describe_put),
)

__all__ = ["ROUTES", "Wanted", "Wishes"]
