"""The form of an export, and the export itself: short ones come with the answer, long ones are written in the background."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from dougong import Asked, BadRequest, Context, Resource, page, translator, write
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .. import exporting, flow, outgoing
from ..choices import Format
from .preview import sent

_ = translator("dougong_exchange")

MOST_IDS = 2000
Pairs = list[tuple[str, str]]


async def show(asked: Asked) -> Response:
    """The form; the list's parameters come with the address."""
    return await _form(asked, [(n, v) for n, v in asked.query.multi_items() if n != "after"], None)


async def chosen(asked: Asked) -> Response:
    """The form for the rows that were ticked in the list, or (``all``) for all that it matches."""
    form = await asked.form()
    pairs = [(n, v) for n, v in asked.query.multi_items() if n != "after"]
    if form.get("all"):
        return await _form(asked, pairs, None)
    ids = list(dict.fromkeys(form.getlist("id")))
    if not ids:
        raise BadRequest(_("No row is chosen. Tick some in the list first."))
    return await _form(asked, [("tab", "all")], _ids(ids))


def _ids(texts: Sequence[str]) -> list[UUID]:
    try:
        found = [UUID(text) for text in texts]
    except ValueError:
        raise BadRequest(_("These are no ids.")) from None
    if len(found) > MOST_IDS:
        raise BadRequest(_("That are more than {n} rows at once.").format(n=MOST_IDS))
    return found


async def _form(asked: Asked, pairs: Pairs, ids: list[UUID] | None) -> Response:
    kind = asked.path_params["kind"]

    def load(session: Session) -> FormPage:
        x = asked.context(session, "exchange")
        resource = outgoing.exportable(x, kind)
        exporting.columns(x, resource, pairs, False)  # refuses parameters that the list does not know
        return _page(x, resource, pairs, ids)

    return page(asked, "form.html", await write(asked, load))


def _page(x: Context[Any], resource: Resource[Any], pairs: Pairs, ids: list[UUID] | None) -> FormPage:
    formats = [Option(f.value, str(f.label), f is Format.XLSX) for f in Format]
    fields = [Option("list", str(_("those of the list"))), Option("all", str(_("all")), True)]
    inputs = [
        Input("format", str(_("Format")), "radios", "xlsx", options=formats, required=True),
        Input("fields", str(_("Fields")), "radios", "all", options=fields, required=True),
    ]
    if shapes := exporting.guarded(x, resource):
        names = "、".join(str(s.meta.label) for s in shapes)
        words = _("Open personal data: {names}").format(names=names)
        inputs.append(Input("opened", str(words), "bool", help=str(_("It is noted in the history of each record."))))
    hidden = [(f"q.{name}", value) for name, value in pairs] + [("id", str(id)) for id in ids or ()]
    note = _("{n} chosen rows").format(n=len(ids)) if ids is not None else _("All rows of the list as you look at it")
    return FormPage(
        str(_("Export: {label}").format(label=resource.label)),
        f"/exchange/out/{resource.kind}",
        str(_("Export")),
        [Section(str(_("File")), inputs)],
        crumbs=[Crumb(str(resource.label), resource.path), Crumb(str(_("Export")))],
        subtitle=str(note),
        hidden=hidden,
        cancel=resource.path,
    )


async def make(asked: Asked) -> Response:
    asked.params()
    form = await asked.form()
    pairs = [(n[2:], v) for n, v in form.multi_items() if n.startswith("q.")]
    ids = _ids(form.getlist("id")) if form.getlist("id") else None
    return await answer(
        asked,
        form.get("format", "xlsx"),
        pairs,
        ids,
        everything=form.get("fields") != "list",
        opened=bool(form.get("opened")),
    )


async def answer(
    asked: Asked, format: str, pairs: Pairs, ids: list[UUID] | None, *, everything: bool, opened: bool
) -> Response:
    """The file, or the way to the export that is being written."""
    if format not in (f.value for f in Format):
        raise BadRequest(_("An export is to be had as xlsx or csv."))
    kind, made = asked.path_params["kind"], Format(format)  # type: ignore[call-arg]
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "export"

    def run(session: Session) -> tuple[UUID, str]:
        x = asked.context(session, "exchange")
        resource = outgoing.exportable(x, kind)
        export = outgoing.begin(
            x, resource, made, pairs, everything=everything, ids=ids, opened=opened, language=asked.locale
        )
        most = x.settings.at_once
        if exporting.count(x, resource, pairs, ids, most) > most:
            x.enqueue(flow.WRITE, export=export.id)
            return export.id, ""
        outgoing.write(x, export, path)
        x.session.flush()
        x.as_person(None).take(export, flow.ready.name)
        return export.id, outgoing.file_name(export)

    try:
        id, name = await write(asked, run)
    except BaseException:
        folder.cleanup()
        raise
    if name:
        return sent(path, name, made, folder)
    folder.cleanup()
    if asked.is_api:
        return Response(status_code=202, headers={"location": f"/api/v1/exchange/export/{id}"})
    asked.flash(_("The file is being written; you find it here when it is ready."))
    return RedirectResponse(f"/exchange/export/{id}", 303)
