"""What lies around one record, over the API: its history with before and after, and its links to records of any module.

Shows of a change what the person may read of the field; a personal value stands beside the history and is never told here.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..errors import FieldError, Forbidden, Invalid, NotFound
from ..records import history, links
from ..records.models import validate
from ..records.tables import History
from ..records.visibility import judged
from ..words import translator
from . import rights
from .api import answer
from .plans import Plan
from .requests import Asked, write
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
            return [self._entry(asked, row, record.site_id, relations) for row in rows]

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
            permission = self.plan.resource.permission("edit")
            if not x.gate.may(permission, record.site_id, relations):
                told = x.gate.explain(permission, record.site_id, relations)
                raise Forbidden(told.mend, extra={"explanation": told})
            given = validate(NewLink, body if isinstance(body, dict) else {}, None)
            assert isinstance(given, NewLink)
            resource = x.registry.resources.get(given.kind)
            other = judged(x, resource, given.id) if resource and resource.module in x.snapshot.modules else None
            if other is None or (given.kind, given.id) == (self.plan.kind, record.id):
                raise Invalid(errors=(FieldError("id", _("does not exist, or you may not use it here")),))
            links.link(x, record, other[0])
            for one, beside in ((record, other[0]), (other[0], record)):
                history.write(
                    session, one.kind, one.id, "link", actor=x.actor, at=x.now, changes={},
                    inputs={"kind": beside.kind, "number": beside.number},
                )  # fmt: skip
            return self._linked(asked, session, record.id)

        return answer({"results": await write(asked, make)}, 201)

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

    def _entry(self, asked: Asked, row: History, site: UUID, relations: frozenset[str]) -> dict[str, Any]:
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
            "inputs": {name: _told(value) for name, value in row.inputs.items()},
        }


def _told(value: Any) -> Any:
    """A value of the history; of a personal one only that there was one."""
    return {"personal": True} if isinstance(value, dict) and set(value) == {"digest"} else value
