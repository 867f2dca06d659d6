"""Imports and exports for programs: a file and a mapping go in, a run's counts and report come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from dougong import Asked, FieldError, Invalid, described, translator, write
from sqlalchemy.orm import Session
from starlette.responses import Response

from .. import mapping as mappings
from ..choices import RunState
from ..commands import faults_of
from ..records import Run
from ..settings import MB
from ..taking_in import take_in
from ..targets import resource_named
from .columns import run_of
from .export import answer

_ = translator("dougong_exchange")

_COUNTS = ("rows", "done", "created", "updated", "skipped", "errors")
_RUN = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"}, "number": {"type": "string"}, "status": {"type": "string"},
        **{name: {"type": "integer"} for name in _COUNTS},
        "trouble": {"type": ["string", "null"]}, "needs": {"type": "object"},
        "faults": {"type": "array", "items": {"type": "object"}},
    },
}  # fmt: skip
_FILE: dict[str, Any] = {"answer": {"type": "string"}, "media_type": "text/csv"}
DESCRIBED: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "send": lambda: {
        **described(str(_("Send a file to be imported, as multipart/form-data with “file” and, if wanted, “mapping” (TOML)")),
                    answer=_RUN, status=202),
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {
            "type": "object", "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary"}, "mapping": {"type": "string"}}}}}},
    },
    "show": lambda: described(str(_("How far an import is, its counts and first bad cells")), answer=_RUN),
    "start": lambda: described(str(_("Import what was checked")), answer=_RUN, status=202),
    "report": lambda: described(str(_("The bad rows of an import as a file")), **_FILE),
    "export": lambda: described(str(_("A list as a file; takes the list's parameters")), **_FILE),
}  # fmt: skip


async def send(asked: Asked) -> Response:
    """Take a file in and check it; it is imported when ``start`` is asked for."""
    asked.params()
    form = await asked.form()
    limit = asked.snapshot.settings("exchange").upload_mb * MB  # type: ignore[attr-defined]
    files = await asked.upload("file", limit)
    said = mappings.read(form["mapping"]) if form.get("mapping") else None

    def taken(session: Session) -> dict[str, Any]:
        x = asked.context(session, "exchange")
        resource = resource_named(x, asked.path_params["kind"])
        if not files:
            raise Invalid(errors=(FieldError("file", _("Choose a file.")),))
        if said is not None and said.resource != resource.kind:
            why = _("The mapping is for {kind}, not for {name}.").format(kind=said.resource, name=resource.kind)
            raise Invalid(errors=(FieldError("mapping.resource", why),))
        run = take_in(x, resource, files[0].path, files[0].name, mapping=said, upload=files[0])
        x.take(run, "check")
        return _told(x, run)

    return _json(await write(asked, taken), 202)


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> dict[str, Any]:
        x = asked.context(session, "exchange")
        return _told(x, run_of(x, asked.uuid()))

    return _json(await write(asked, load))


async def start(asked: Asked) -> Response:
    asked.params()

    def change(session: Session) -> dict[str, Any]:
        x = asked.context(session, "exchange")
        run = run_of(x, asked.uuid())
        x.take(run, "start")
        return _told(x, run)

    return _json(await write(asked, change), 202)


async def export(asked: Asked) -> Response:
    pairs = [(n, v) for n, v in asked.query.multi_items() if n not in ("after", "opened")]
    opened = asked.query.get("opened") == "true"
    pairs = pairs if any(name == "tab" for name, _value in pairs) else [*pairs, ("tab", "all")]
    everything = not any(name == "fields" for name, _value in pairs)
    return await answer(asked, asked.path_params["format"], pairs, None, everything=everything, opened=opened)


def _told(x: Any, run: Run) -> dict[str, Any]:
    faults = faults_of(x, run.id, 100) if run.status is not RunState.MAPPING else []
    return {
        "id": run.id, "number": run.number, "status": run.status.value, **{name: getattr(run, name) for name in _COUNTS},
        "trouble": run.trouble, "needs": run.needs,
        "faults": [{"row": f.row, "column": f.column, "value": f.value, "reason": f.reason} for f in faults],
    }  # fmt: skip


def _json(told: dict[str, Any], status: int = 200) -> Response:
    return Response(msgspec.json.encode(told), status, media_type="application/json")
