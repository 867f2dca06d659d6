"""The API of a walk: progress and whole submissions; and scanning, which says what point a code names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import Asked, BadRequest, PageRoute, described, once, translator, write
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from . import layouts, submission
from .base import X
from .records import Task

_ = translator("dougong_inspections")


async def _object(asked: Asked) -> dict[str, Any]:
    body = await asked.json()
    if not isinstance(body, dict):
        raise BadRequest(_("The body must be a JSON object."))
    return body


def told(task: Task, late: Any = None) -> dict[str, Any]:
    """What the phone has to know of a task after it sent something."""
    return {
        "id": str(task.id), "number": task.number, "status": task.status.value, "answered": task.answered,
        "items": task.item_count, "failed": task.failed, "skipped": task.skipped, "on_time": task.on_time,
        "late_sync": task.late_sync, "skewed": task.skewed, "score": task.score,
        "late": {"id": str(late.id), "why": late.why, "state": late.state.value} if late is not None else None,
    }  # fmt: skip


async def progress(asked: Asked) -> Response:
    """``POST /api/v1/inspections/task/{id}/progress``: some points, as often as wanted."""
    asked.params()
    body, id = await _object(asked), asked.uuid()

    def work(session: Session) -> dict[str, Any]:
        x: X = asked.context(session, "inspections")
        return told(submission.save(x, x.get(Task, id), submission.read_progress(body)))

    return JSONResponse(await write(asked, lambda session: once(asked, session, body, lambda: work(session))))


async def submission_of(asked: Asked) -> Response:
    """``POST /api/v1/inspections/task/{id}/submission``: a whole walk in one body, as often as wanted."""
    asked.params()
    body, id = await _object(asked), asked.uuid()

    def work(session: Session) -> dict[str, Any]:
        x: X = asked.context(session, "inspections")
        sent = submission.submit(x, x.get(Task, id), submission.read(body))
        return told(sent.task, sent.late)

    return JSONResponse(await write(asked, lambda session: once(asked, session, body, lambda: work(session))))


async def scan(asked: Asked) -> Response:
    """``POST /api/v1/inspections/task/{id}/scan``: which point of the task a code names, or why it names none."""
    asked.params()
    body, id = await _object(asked), asked.uuid()

    def work(session: Session) -> dict[str, Any]:
        x: X = asked.context(session, "inspections")
        task = x.get(Task, id)
        stop = layouts.by_text(x, str(body.get("code", ""))[:500], layouts.of_task(x, task), task.site_id)
        return {"point": str(stop.point_id), "position": stop.position, "name": stop.name}

    return JSONResponse(await write(asked, work))


# ---- the description ----


_TOLD = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "number": {"type": "string"},
        "status": {"type": "string"},
        **{name: {"type": "integer"} for name in ("answered", "items", "failed", "skipped")},
        "on_time": {"type": ["boolean", "null"]},
        "late_sync": {"type": "boolean"},
        "skewed": {"type": "boolean"},
        "score": {"type": ["number", "null"]},
        "late": {"type": ["object", "null"], "description": "Kept apart for a decision: the task was closed."},
    },
}


def _describe_progress() -> Mapping[str, Any]:
    words = str(_("Save what was answered at some points"))
    return described(words, answer=_TOLD, body=submission.Progress.model_json_schema(), repeatable=True)


def _describe_submission() -> Mapping[str, Any]:
    words = str(_("Submit a whole walk"))
    return described(words, answer=_TOLD, body=submission.Submission.model_json_schema(), repeatable=True)


def _describe_scan() -> Mapping[str, Any]:
    text = {"type": "string", "maxLength": 500}
    found = {"point": {"type": "string", "format": "uuid"}, "position": {"type": "integer"}, "name": {"type": "string"}}
    return described(
        str(_("Which point of the task a code names")),
        answer={"type": "object", "properties": found},
        body={"type": "object", "required": ["code"], "properties": {"code": text}},
    )


ROUTES = (
    PageRoute("task/{id}/progress", progress, "POST", api=True, describes=_describe_progress),
    PageRoute("task/{id}/submission", submission_of, "POST", api=True, describes=_describe_submission),
    PageRoute("task/{id}/scan", scan, "POST", api=True, describes=_describe_scan),
)
