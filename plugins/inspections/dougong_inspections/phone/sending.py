"""What the phone's outbox sends: photos one by one, then points, then the whole walk. Versioned by its body.

A photo is named by the phone (by what it shows, so that sending it twice makes one file) and answers speak of it by that
name; here names become the ids of files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dougong import Asked, BadRequest, Conflict, FieldError, Invalid, described, once, translator, write
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from .. import submission
from ..api import told
from ..base import X
from ..records import Task

_ = translator("dougong_inspections")

VERSION = 1
ROOM = 64 * 1024 * 1024  # bytes of a form with its photos
_NAME = 24  # hexadecimal digits of a photo's name on the phone


def _versioned(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadRequest(_("The body must be a JSON object."))
    if body.get("v") != VERSION:
        words = _(
            "This page is of another version of the software. Load it again; what is on the phone stays and is sent after that."
        )
        raise Conflict(words, extra={"code": "reload"})
    return {name: value for name, value in body.items() if name not in ("v", "sent")}


def _sent_at(body: Mapping[str, Any]) -> Any:
    """The device's clock when this try was sent: it differs from try to try, and so is no part of what is repeated."""
    sent = body.get("sent")
    return sent.get("device") if isinstance(sent, dict) else None


async def photo(asked: Asked) -> Response:
    """``POST /api/v1/inspections/walk/{id}/photo``: one photo, also of a task that is closed by now."""
    asked.params()
    form = await asked.form()
    try:
        _versioned(json.loads(form.get("body", "")))
    except ValueError:
        raise BadRequest(_("The body must be a JSON object.")) from None
    uploads, id = await asked.upload("file"), asked.uuid()
    if len(uploads) != 1 or not uploads[0].media_type.startswith("image/"):
        raise Invalid(errors=(FieldError("file", _("One picture, please.")),))

    def work(session: Session) -> dict[str, Any]:
        x: X = asked.context(session, "inspections")
        task = x.get(Task, id)
        x.demand(f"{Task.kind}.submit", task)
        had = next((f for f in x.files(task) if f.name == uploads[0].name), None)
        return {"file": str((had or x.attach(task, uploads[0])).id)}

    return JSONResponse(await write(asked, work))


def _named(x: X, task: Task, points: Any) -> Any:
    """Points whose photos are ids of files. :raises Invalid: a photo has not come."""
    if not isinstance(points, list):
        return points
    known = {file.name.rpartition(".")[0][-_NAME:]: str(file.id) for file in x.files(task)}
    ids = set(known.values())
    wrong = []
    for n, point in enumerate(points):
        answers = point.get("answers") if isinstance(point, dict) else None
        for item, answer in (answers or {}).items() if isinstance(answers, dict) else ():
            names = answer.get("photos") if isinstance(answer, dict) else None
            if not isinstance(names, list):
                continue
            said = [known.get(str(one), str(one)) for one in names]
            if not ids.issuperset(said):
                where = f"points.{n}.answers.{item}.photos"
                wrong.append(FieldError(where, _("A photo has not arrived. Try again; else take it once more.")))
            answer["photos"] = said
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return points


async def send(asked: Asked) -> Response:
    """``POST /api/v1/inspections/walk/{id}/send``: points so far (``what``: ``progress``) or the whole walk (``submit``)."""
    asked.params()
    raw = await asked.json()
    body, id = _versioned(raw), asked.uuid()
    what = body.pop("what", "progress")
    if what not in ("progress", "submit"):
        raise Invalid(errors=(FieldError("what", _("Either “progress” or “submit”.")),))
    sent_at = _sent_at(raw)

    def work(session: Session) -> dict[str, Any]:
        x: X = asked.context(session, "inspections")
        task = x.get(Task, id)
        given = {**body, "points": _named(x, task, body.get("points", [])), "sent_at": sent_at}
        if what == "progress":
            return told(submission.save(x, task, submission.read_progress(given)))
        sent = submission.submit(x, task, submission.read(given))
        return told(sent.task, sent.late)

    content = {**body, "what": what}
    return JSONResponse(await write(asked, lambda session: once(asked, session, content, lambda: work(session))))


def describe_photo() -> Mapping[str, Any]:
    file = {"type": "object", "properties": {"file": {"type": "string", "format": "uuid"}}}
    return described(str(_("Send a photo of a walk (the phone's outbox)")), answer=file)


def describe_send() -> Mapping[str, Any]:
    body = {
        "type": "object",
        "required": ["v", "what"],
        "properties": {
            "v": {"const": VERSION},
            "what": {"enum": ["progress", "submit"]},
            "points": {"type": "array", "items": {"type": "object"}},
        },
    }
    answer = {"type": "object", "properties": {"status": {"type": "string"}, "late": {"type": ["object", "null"]}}}
    return described(
        str(_("Send points or a whole walk (the phone's outbox)")), answer=answer, body=body, repeatable=True
    )
