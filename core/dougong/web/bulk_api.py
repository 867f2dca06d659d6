"""The API of what is done to many records: ``POST …/bulk`` and the report of a run in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import UUID

from sqlalchemy.orm import Session
from starlette.responses import Response

from ..errors import BadRequest, FieldError, Forbidden, Invalid, NotFound
from ..records import bulk_actions, reads
from ..records.bulk_actions import EDIT, MOST
from ..words import translator
from . import listquery
from .answers import answer
from .bulk import do, ids_of
from .plans import Plan
from .repeating import once
from .requests import read, write
from .work import context, settings_of

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

_KNOWN = frozenset({"action", "ids", "query", "body"})


class BulkApi:
    """The endpoints ``…/bulk`` and ``…/bulk/<run>`` of the API."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def post(self, asked: Asked) -> Response:
        asked.params()
        plan = self.plan
        if not asked.gate.scope(plan.resource.permission("read")):
            raise NotFound()
        given = await asked.json()
        action, sent, body = self._parts(given)
        self._demand(asked, action)
        ids = await self._matching(asked, sent) if isinstance(sent, str) else ids_of(sent)

        def work(session: Session) -> dict[str, Any]:
            done = do(asked, session, plan, ids, action, body)
            if isinstance(done, UUID):
                where = f"{plan.api_path}/bulk/{done}"
                return {"run": done, "href": where, "total": len(ids), "finished": False}
            return _report([one.told() for one in done], len(ids), True)

        told = await write(asked, lambda session: once(asked, session, given, lambda: work(session)))
        return answer(told, 202, location=told["href"]) if "href" in told else answer(told)

    async def report(self, asked: Asked) -> Response:
        asked.params()
        plan, id = self.plan, asked.uuid("run")

        def load(session: Session) -> dict[str, Any]:
            run = bulk_actions.report(context(asked, session, plan), plan.kind, id)
            return {"run": run.id, **_report(run.results, len(run.ids), run.finished_at is not None)}

        return answer(await write(asked, load))

    def _parts(self, sent: Any) -> tuple[str, str | list[Any], Mapping[str, Any]]:
        """:raises BadRequest, Invalid: with each field's path."""
        if not isinstance(sent, dict):
            raise BadRequest(_("Send a JSON object."))
        wrong = [FieldError(str(n)[:60], _("is not a field of this form")) for n in sent if n not in _KNOWN]
        action, ids, query, body = (sent.get(name) for name in ("action", "ids", "query", "body"))
        names = (EDIT, *self.plan.transitions)
        if not isinstance(action, str) or action not in names:
            wrong.append(FieldError("action", _("must be one of: {known}").format(known=", ".join(names))))
        if (ids is None) == (query is None):
            wrong.append(FieldError("ids", _("give either “ids” or “query”")))
        elif ids is not None and not isinstance(ids, list):
            wrong.append(FieldError("ids", _("is not a possible value")))
        elif query is not None and (not isinstance(query, str) or len(query) > 4000 or "\x00" in query):
            wrong.append(FieldError("query", _("must be a query of the list, as in “tab=open&sort=number”")))
        if body is not None and not isinstance(body, dict):
            wrong.append(FieldError("body", _("is not a possible value")))
        if wrong:
            raise Invalid(errors=tuple(wrong))
        return (EDIT if action == EDIT else f"do:{action}"), (ids if ids is not None else str(query)), body or {}

    def _demand(self, asked: Asked, action: str) -> None:
        """:raises Forbidden: this person may do it nowhere at all."""
        step = self.plan.transitions.get(action.partition(":")[2])
        permission = step.permission if step else self.plan.resource.permission(EDIT)
        if step is None and self.plan.edit is None:
            raise Invalid(errors=(FieldError("action", _("is not one of the possible choices")),))
        if not asked.gate.scope(permission):
            told = asked.gate.explain(permission, asked.site)
            raise Forbidden(told.mend, extra={"explanation": told})

    async def _matching(self, asked: Asked, text: str) -> list[UUID]:
        plan = self.plan
        try:
            pairs = [(k, v) for k, v in parse_qsl(text, keep_blank_values=True, max_num_fields=200) if v]
        except ValueError:
            raise Invalid(errors=(FieldError("query", _("is not a possible value")),)) from None
        query = listquery.parse(asked, plan, pairs=[(k, v) for k, v in pairs if k not in ("after", "limit")])
        query = listquery.bare(query, MOST)
        found = reads.listing(plan.resource, asked.gate, query, settings_of(asked, plan) if query.filters else None)
        rows = await read(asked, found.query, **found.given)
        return ids_of([str(row["id"]) for row in rows])


def _report(results: Sequence[Mapping[str, Any]], total: int, finished: bool) -> dict[str, Any]:
    done = sum(1 for one in results if one["status"] == 200)
    return {"total": total, "done": done, "failed": len(results) - done, "finished": finished, "results": list(results)}
