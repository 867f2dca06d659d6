"""The API twin of the pages of schedules: ``/api/v1/core/schedules``, with what is ahead and what was run below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from starlette.responses import Response

from ...errors import BadRequest, FieldError, Invalid, NotFound
from ...records.context import Context
from ...timing import occurrences, schedule_desk
from ...timing.rules import Rule
from ...timing.schedule_desk import STATES
from ...timing.schedules import READ
from ...timing.tables import Occurrence, ScheduleRow
from ...timing.upcoming import LONGEST, upcoming
from ...words import translator
from ..api import answer
from ..api_writing import Unconditional, if_match
from ..routing import Route
from . import schedule_run, schedule_runs, schedule_steps, schedules
from .api import API, LIMIT
from .common import address, in_context, need, page_number
from .upcoming import place_of

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

_STORED = (
    "id", "name", "rule", "calendar", "window", "grace", "missed", "active", "starts_on", "ends_on", "next_at", "changed",
    "row_version",
)  # fmt: skip
_RUN = (
    "id", "nominal", "business_date", "window_ends", "state", "attempts", "started_at", "finished_at", "asked_by",
)  # fmt: skip
_MOST = 100


def _site(asked: Asked, id: UUID | None) -> str | None:
    node = asked.snapshot.sites.get(id) if id else None
    return node.slug if node else None


def _out(asked: Asked, x: Context[Any], row: ScheduleRow, run: Occurrence | None) -> dict[str, Any]:
    one = schedule_desk.declared(x)[row.name]
    return {
        **{name: getattr(row, name) for name in _STORED},
        "module": one.module,
        "label": row.label_text or str(one.label),
        "site": _site(asked, row.site_id),
        "words": str(Rule.from_json(row.rule).words),
        "fixed": sorted(one.fixed),
        "last_run": None if run is None else {"id": run.id, "nominal": run.nominal, "state": run.state},
    }


def _run(asked: Asked, run: Occurrence, row: ScheduleRow) -> dict[str, Any]:
    found = {name: getattr(run, name) for name in _RUN}
    return {**found, "schedule": row.id, "site": _site(asked, run.site_id), "reason": str(occurrences.reason_words(run)) or None}


def _paged(asked: Asked, rows: list[dict[str, Any]], path: str) -> Response:
    """One page; ``rows`` holds one more where there is another."""
    following = None
    if len(rows) > LIMIT:
        kept = [(k, v) for k, v in asked.query.multi_items() if k != "page"]
        following = address(f"{API}/{path}", [*kept, ("page", page_number(asked) + 1)])
    return answer({"results": rows[:LIMIT], "next": following})


# ---- schedules ----------------------------------------------------------------------------------------


async def index(asked: Asked) -> Response:
    """``?module``, ``state`` (of the last run), ``active``, ``site``, ``page``."""
    need(asked, READ)
    sent = asked.params(("module", "state", "active", "page"))
    if (active := sent.get("active")) not in (None, "true", "false"):
        raise Invalid(errors=(FieldError("active", _("is not one of the possible choices")),))
    if any(one not in STATES for one in sent.getlist("state")):
        raise Invalid(errors=(FieldError("state", _("is not one of the possible choices")),))

    def read(x: Context[Any]) -> list[dict[str, Any]]:
        where = schedules.narrowed(asked, x, schedule_desk.declared(x), schedule_desk.seen(x, asked.site))
        if active is not None:
            where.append(ScheduleRow.active.is_(active == "true"))
        query = sa.select(ScheduleRow).where(*where).order_by(*schedules.ORDER)
        rows = list(x.session.scalars(query.offset((page_number(asked) - 1) * LIMIT).limit(LIMIT + 1)))
        runs = schedule_desk.last_runs(x, [row.id for row in rows])
        return [_out(asked, x, row, runs.get(row.id)) for row in rows]

    return _paged(asked, await in_context(asked, read), "schedules")


async def _answered(asked: Asked, change: Callable[[Context[Any]], ScheduleRow]) -> Response:
    def work(x: Context[Any]) -> dict[str, Any]:
        row = change(x)
        return _out(asked, x, row, schedule_desk.last_runs(x, [row.id]).get(row.id))

    found = await in_context(asked, work)
    return answer(found, version=found["row_version"])


async def one(asked: Asked) -> Response:
    need(asked, READ)
    asked.params()
    id = asked.uuid()
    return await _answered(asked, lambda x: schedule_desk.one(x, id))


async def edit(asked: Asked) -> Response:
    """What is given replaces what stood there; needs ``If-Match``."""
    need(asked, READ)
    asked.params()
    id, version = asked.uuid(), if_match(asked)
    if b"if-match" not in asked.headers:
        raise Unconditional(_("Send If-Match with the ETag of the version that you changed."))
    sent = await asked.json()
    if not isinstance(sent, dict):
        raise BadRequest(_("Send a JSON object."))
    return await _answered(asked, lambda x: schedule_desk.change(x, id, sent, version=version))


async def take(asked: Asked) -> Response:
    """``…/run``, ``…/skip``, ``…/pause``, ``…/resume``, ``…/reset``; ``skip`` takes ``?next=``, the run that was seen."""
    need(asked, READ)
    what = asked.path_params["what"]
    if what not in schedule_steps.STEPS:
        raise NotFound
    expected = asked.params(("next",) if what == "skip" else ()).get("next", "")
    id = asked.uuid()

    def work(x: Context[Any]) -> ScheduleRow:
        schedule_steps.do(x, id, what, expected)
        x.session.flush()
        return schedule_desk.one(x, id)

    return await _answered(asked, work)


async def times(asked: Asked) -> Response:
    """``…/times``: the next times (``?most=10``, at most 100), with why one is not on the day that the rule names."""
    need(asked, READ)
    text = asked.params(("most",)).get("most", "10")
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= _MOST):
        raise Invalid(errors=(FieldError("most", _("A whole number from {least} to {most}.").format(least=1, most=_MOST)),))
    id = asked.uuid()

    def read(x: Context[Any]) -> list[dict[str, Any]]:
        found = schedule_desk.ahead(x, schedule_desk.one(x, id), int(text))
        return [{"at": t.at, "note": str(t.note) if t.note else None, "skipped": t.skipped is not None} for t in found]

    return answer({"results": await in_context(asked, read), "next": None})


async def ahead(asked: Asked) -> Response:
    """``…/upcoming``: what fires in the next ``?days=30`` (at most 366), schedules and steps of clocks; ``module``, ``site``."""
    need(asked, READ)
    sent = asked.params(("days", "module"))
    days = sent.get("days", "30")
    if not (days.isascii() and days.isdigit() and len(days) <= 3 and 1 <= int(days) <= LONGEST):
        raise Invalid(errors=(FieldError("days", _("A whole number from {least} to {most}.").format(least=1, most=LONGEST)),))
    modules = set(sent.getlist("module"))
    found = await in_context(asked, lambda x: upcoming(x, int(days), place_of(asked)))
    results = [
        {
            "at": one.at, "what": one.what, "label": str(one.label), "note": str(one.note) or None, "module": one.module,
            "site": _site(asked, one.site), "kind": one.kind, "id": one.id, "skipped": one.skipped,
        }
        for one in found
        if not modules or one.module in modules
    ]  # fmt: skip
    return answer({"results": results, "next": None})


# ---- runs ---------------------------------------------------------------------------------------------


async def runs(asked: Asked) -> Response:
    """``?state``, ``schedule``, ``at.from``, ``at.to``, ``site``, ``page``; the newest first."""
    need(asked, READ)
    asked.params(("state", "schedule", "at.from", "at.to", "page"))

    def read(x: Context[Any]) -> list[dict[str, Any]]:
        query = schedule_runs.newest_first(schedule_runs.matching(asked, x))
        found = x.session.execute(query.offset((page_number(asked) - 1) * LIMIT).limit(LIMIT + 1))
        return [_run(asked, run, row) for run, row in found]

    return _paged(asked, await in_context(asked, read), "schedules/runs")


async def run(asked: Asked) -> Response:
    """One run, with each try that failed."""
    need(asked, READ)
    asked.params()
    id = asked.uuid()

    def read(x: Context[Any]) -> dict[str, Any]:
        found, row = schedule_desk.occurrence(x, id)
        tries = [
            {"at": f.at, "attempt": f.attempt, "kind": f.kind, "words": f.words} for f in schedule_desk.failures(x, found)
        ]
        return {**_run(asked, found, row), "failures": tries}

    return answer(await in_context(asked, read))


async def take_run(asked: Asked) -> Response:
    """``…/again``, ``…/unskip``."""
    need(asked, READ)
    asked.params()
    id, what = asked.uuid(), asked.path_params["what"]
    if what not in schedule_run.STEPS:
        raise NotFound

    def work(x: Context[Any]) -> dict[str, Any]:
        schedule = schedule_run.do(x, id, what)
        if what == "unskip":
            return {"id": id, "schedule": schedule, "state": None}
        return _run(asked, *schedule_desk.occurrence(x, id))

    return answer(await in_context(asked, work))


ROUTES = [
    Route("GET", f"{API}/schedules", index),
    Route("GET", f"{API}/schedules/upcoming", ahead, costly=True),
    Route("GET", f"{API}/schedules/runs", runs),
    Route("GET", f"{API}/schedules/runs/{{id}}", run),
    Route("POST", f"{API}/schedules/runs/{{id}}/{{what}}", take_run),
    Route("GET", f"{API}/schedules/{{id}}", one),
    Route("PATCH", f"{API}/schedules/{{id}}", edit),
    Route("GET", f"{API}/schedules/{{id}}/times", times),
    Route("POST", f"{API}/schedules/{{id}}/{{what}}", take),
]
