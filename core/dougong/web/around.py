"""What lies around one record: its history with before and after, and its links to records of any module.

Both over the API; linking by number as a page too. Shows of a change what the person may read of the field; a personal
value stands beside the history and is never told here.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..errors import FieldError, Invalid, NotFound
from ..records import actions, links
from ..records.context import Context
from ..records.joining import NOT_THERE, join, named, numbered
from ..records.models import validate
from ..records.tables import History
from ..records.visibility import judged
from ..words import translator
from . import forms, rights
from .api import answer
from .clockpanel import only_told
from .pages import page
from .plans import Plan
from .repeating import once
from .requests import Asked, write
from .views import Crumb, FormPage, Input, Section
from .work import context

_ = translator("dougong")
MOST = 500


class NewLink(BaseModel):
    """The other end of a link."""

    model_config = ConfigDict(extra="forbid")
    kind: str
    id: UUID


class Around:
    """The endpoints ``…/<id>/history`` and ``…/<id>/links`` of one resource."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def history(self, asked: Asked) -> Response:
        """Entries, the newest first."""
        asked.params()

        def load(session: Session) -> list[dict[str, Any]]:
            record, relations = self._record(asked, session)
            mine = (History.record_kind == self.plan.kind, History.record_id == record.id)
            rows = session.scalars(sa.select(History).where(*mine).order_by(History.id.desc()).limit(MOST))
            inner = asked.gate.may(self.plan.resource.permission("comment"), record.site_id, relations)
            shown = (row for row in rows if inner or not only_told(row))
            return [self._entry(asked, row, record.site_id, relations, inner=inner) for row in shown]

        return answer({"results": await write(asked, load)})

    async def links(self, asked: Asked) -> Response:
        """The linked records that this person may see."""
        asked.params()

        def load(session: Session) -> list[dict[str, Any]]:
            record, _relations = self._record(asked, session)
            return self._linked(asked, session, record.id)

        return answer({"results": await write(asked, load)})

    async def link(self, asked: Asked) -> Response:
        """Link another record; linking twice is one link. It takes the right to edit this record and to see the other."""
        asked.params()
        body = await asked.json()

        def make(session: Session) -> list[dict[str, Any]]:
            record, relations = self._record(asked, session)
            x = context(asked, session, self.plan)
            self._demand(x, record, relations)
            given = validate(NewLink, body if isinstance(body, dict) else {}, None)
            assert isinstance(given, NewLink)
            other = named(x, given.kind, given.id)
            if other is None:
                raise Invalid(errors=(FieldError("id", NOT_THERE),))
            join(record, other, x)
            return self._linked(asked, session, record.id)

        found = await write(asked, lambda session: once(asked, session, body, lambda: make(session)))
        return answer({"results": found}, 201)

    async def ask(self, asked: Asked) -> Response:
        """The page that asks for the number of the record to link."""
        asked.params()
        return page(asked, "form.html", await write(asked, lambda session: self._form(asked, session)))

    async def join(self, asked: Asked) -> Response:
        """Link the record of that number; afterwards the first is shown again."""
        asked.params()
        number = (await asked.form()).get("number", "").strip()

        def make(session: Session) -> str:
            record, relations = self._record(asked, session)
            x = context(asked, session, self.plan)
            self._demand(x, record, relations)
            other = numbered(x, number) if number else None
            if other is None or (other.kind, other.id) == (self.plan.kind, record.id):
                raise Invalid(errors=(FieldError("number", NOT_THERE if number else _("is required")),))
            join(record, other, x)
            return str(record.number)

        try:
            mine = await write(asked, make)
        except Invalid as problem:
            again = await write(asked, partial(self._form, asked, typed=number, problem=problem))
            return page(asked, "form.html", again, problem.status)
        asked.flash(_("{number} is linked with {other}.").format(number=mine, other=number))
        return RedirectResponse(f"{self.plan.path}/{asked.uuid()}", 303)

    def _form(self, asked: Asked, session: Session, typed: str = "", problem: Invalid | None = None) -> FormPage:
        record, relations = self._record(asked, session)
        x = context(asked, session, self.plan)
        self._demand(x, record, relations)
        address, errors = f"{self.plan.path}/{record.id}", forms.Errors(problem)
        label, title = str(_("Number")), str(_("Link another record"))
        help = str(_("As it stands on the record, for instance {number}.").format(number=record.number))
        wanted = Input(
            "number", label, "line", typed, required=True, help=help, error=errors.take("number"), maxlength=200
        )
        crumbs = [Crumb(str(self.plan.label), self.plan.path), Crumb(record.number, address), Crumb(title)]
        made = FormPage(
            title, f"{address}/link", str(_("Link")), [Section("", [wanted])], crumbs=crumbs, cancel=address
        )
        return forms.said(made, errors, self.plan)

    def _demand(self, x: Context[Any], record: Any, relations: frozenset[str]) -> None:
        """It takes the right to edit the record."""
        actions.demand(x, self.plan.resource, self.plan.resource.permission("edit"), record.site_id, relations, record)

    def _record(self, asked: Asked, session: Session) -> tuple[Any, frozenset[str]]:
        held = judged(context(asked, session, self.plan), self.plan.resource, asked.uuid())
        if held is None:
            raise NotFound()
        return held

    def _linked(self, asked: Asked, session: Session, id: UUID) -> list[dict[str, Any]]:
        x = context(asked, session, self.plan)
        return [
            {
                "kind": other.kind,
                "id": other.id,
                "number": other.number,
                "title": other.title,
                "state": rights.stored(other.state),
                "address": f"/api/v1/{other.kind.replace('.', '/')}/{other.id}",
            }
            for other in links.linked(x, self.plan.kind, id)
        ]

    def _entry(
        self, asked: Asked, row: History, site: UUID, relations: frozenset[str], *, inner: bool
    ) -> dict[str, Any]:
        """:param inner: whether this person is told whom clocks have told."""
        person = asked.snapshot.people.get(row.actor_id) if row.actor_id else None
        changes = {}
        for name, (before, after) in row.changes.items():
            shape = self.plan.fields.get(name)
            if shape is not None and rights.seen(shape, asked.gate, site, relations) == rights.OPEN:
                changes[name] = {"before": _told(before), "after": _told(after)}
        return {
            "id": row.id,
            "action": row.action,
            "at": row.at,
            "actor": {"id": row.actor_id, "name": person.name if person else None} if row.actor_id else None,
            "changes": changes,
            "inputs": {name: _told(value) for name, value in row.inputs.items() if inner or name != "told"},
        }


def _told(value: Any) -> Any:
    """A value of the history; of a personal one only that there was one."""
    return {"personal": True} if isinstance(value, dict) and set(value) == {"digest"} else value
