"""The API twin of the page of background work, under ``/api/v1/core/jobs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import orm
from starlette.responses import Response

from ...scheduling import watching
from ...scheduling.watching import Failure, Seen
from ..api import answer
from ..requests import write
from ..routing import Route
from . import jobs, jobs_do
from .api import API, LIMIT
from .common import address, need_whole

if TYPE_CHECKING:
    from ..requests import Asked


def _told(asked: Asked, one: Seen) -> dict[str, Any]:
    return {
        "id": one.id, "job": one.job, "what": jobs.what(asked, one.job), "module": one.module, "state": one.state,
        "attempts": one.attempts, "made_at": one.made_at, "tried_at": one.tried_at, "due_at": one.due_at,
        "why": jobs.reason(one) or None, "done": one.done, "total": one.total, "note": one.note,
    }  # fmt: skip


async def index(asked: Asked) -> Response:
    need_whole(asked, jobs.READ)
    sent = asked.params(("state", "module", "before"))
    state, module = jobs.state_in(sent.get("state", "")), sent.get("module") or None
    before = jobs.number_in(sent.get("before", "")) if sent.get("before") else None

    def look(session: orm.Session) -> tuple[list[Seen], dict[watching.State, int]]:
        found = watching.jobs_of(session, state=state, named=module, before=before, most=LIMIT + 1)
        return found, watching.counted(session)

    rows, counts = await write(asked, look)
    following = None
    if len(rows) > LIMIT:
        pairs = [("state", state), ("module", module), ("before", str(rows[LIMIT - 1].id))]
        following = address(f"{API}/jobs", pairs)
    return answer({"results": [_told(asked, one) for one in rows[:LIMIT]], "counts": counts, "next": following})


async def show(asked: Asked) -> Response:
    need_whole(asked, jobs.READ)
    asked.params()
    return answer(await _full(asked))


async def _full(asked: Asked) -> dict[str, Any]:
    number = jobs.id_of(asked)

    def look(session: orm.Session) -> tuple[Seen, list[Failure]]:
        return jobs.one_of(session, number), watching.failures(session, number)

    one, failed = await write(asked, look)
    told = [
        {"at": f.at, "attempt": f.attempt, "kind": f.kind, "place": f.place, "why": jobs.reason(f) or None} for f in failed
    ]
    return {**_told(asked, one), "failures": told}


async def retry(asked: Asked) -> Response:
    need_whole(asked, jobs.EDIT)
    asked.params()
    number = jobs.id_of(asked)

    def work(session: orm.Session) -> Seen:
        jobs_do.try_again(asked, session, number)
        return jobs.one_of(session, number)

    return answer(_told(asked, await write(asked, work)))


async def drop(asked: Asked) -> Response:
    need_whole(asked, jobs.EDIT)
    asked.params()
    number = jobs.id_of(asked)
    await write(asked, lambda session: jobs_do.forget(asked, session, number))
    return Response(status_code=204)


ROUTES = [
    Route("GET", f"{API}/jobs", index),
    Route("GET", f"{API}/jobs/{{id}}", show),
    Route("POST", f"{API}/jobs/{{id}}/retry", retry),
    Route("DELETE", f"{API}/jobs/{{id}}", drop),
]
