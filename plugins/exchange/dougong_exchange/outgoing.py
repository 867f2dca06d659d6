"""Exports as records: made at a list, written at once or in the background, the long ones attached."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from dougong import Context, Forbidden, Invalid, JobContext, NotFound, Problem, Resource, Upload, speaking, translator

from . import exporting, flow
from .choices import ExportState, Format
from .records import Export
from .settings import MB
from .targets import EXPORT

_ = translator("dougong_exchange")

LARGEST = 500 * MB  # of an export: no attachment that people chose, but rows that they asked for


def exportable(x: Context[Any], kind: str) -> Resource[Any]:
    """:raises NotFound: no such list for this person. :raises Forbidden: it may be seen but not exported."""
    resource = x.registry.resources.get(kind)
    if resource is None or resource.module not in x.snapshot.modules or resource.module == "exchange":
        raise NotFound
    if not x.gate.scope(resource.permission("read")):
        raise NotFound
    if not x.gate.scope(EXPORT).free:
        raise Forbidden(_("You may export nothing."))
    return resource


def begin(
    x: Context[Any],
    resource: Resource[Any],
    format: Format,
    pairs: exporting.Pairs,
    *,
    everything: bool,
    ids: Sequence[UUID] | None = None,
    opened: bool = False,
    language: str = "zh",
) -> Export:
    """Note that something is exported, by whom, and what was asked for.

    :raises BadRequest, Invalid: the list does not know these parameters.
    """
    opened = opened and bool(exporting.guarded(x, resource))
    names = exporting.columns(x, resource, pairs, everything)
    asked = {
        "names": names,
        "pairs": [list(p) for p in pairs],
        "ids": [str(i) for i in ids] if ids is not None else None,
    }
    allowed = x.gate.scope(EXPORT).free
    return x.create(
        Export,
        next(node.id for node in x.snapshot.sites.ordered() if node.id in allowed),
        target=resource.kind,
        what=str(resource.label)[:200],
        format=format,
        opened=opened,
        asked=asked,
        language=language,
        token_scope=None if x.gate.only is None else list(x.gate.only),
    )


def write(x: Context[Any], export: Export, path: Path, tell: Callable[[int, int], None] | None = None) -> None:
    """Write the file of an export, as the context's person may see it now. :param tell: told how far it is."""
    resource = exportable(x, export.target)
    asked = export.asked
    pairs = [(str(name), str(value)) for name, value in asked["pairs"]]
    ids = [UUID(one) for one in asked["ids"]] if asked["ids"] is not None else None
    export.rows = exporting.export(
        x, resource, path, export.format, asked["names"], pairs, ids=ids, opened=export.opened, tell=tell
    )


def acting(x: Context[Any], export: Export) -> Context[Any]:
    """The context of whoever asked for an export, and by what."""
    return x.as_person(export.created_by, only=export.token_scope)


def file_name(export: Export) -> str:
    """What the file is called: kind, number, ending."""
    return f"{export.what} {export.number}.{export.format.value}"


def job(running: JobContext, export: UUID) -> None:
    """The background job: the file is written and attached; what goes wrong is said in words."""
    x: Context[Any] = running.context
    found = x.get(Export, export)
    if found.status is not ExportState.WAITING:
        return
    running.progress(0, 0)
    with speaking(found.language), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{found.format.value}"
        try:
            with x.session.begin_nested():
                write(acting(x, found), found, path, running.progress)
                x.attach(found, Upload.of(path, file_name(found)), most=LARGEST)
        except Problem as problem:
            words = (
                [str(problem.detail), *(str(e.message) for e in problem.errors)] if isinstance(problem, Invalid) else []
            )
            found.trouble = " ".join(w for w in words if w)[:1000] or str(problem.detail) or str(type(problem).title)
            x.take(found, flow.failed.name)
            return
    x.take(found, flow.ready.name)
