"""The addresses of evidence packs: a small form at each record, and the same for programs. Made in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dougong import (
    Asked,
    Context,
    FieldError,
    Invalid,
    PageRoute,
    Resource,
    described,
    page,
    record_page,
    translator,
    write,
)
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from . import prints
from .choices import Purpose, What
from .head import MODULE
from .pack import Wanted
from .prints import Order
from .records import Print

_ = translator("dougong_papers")

TITLE = _("Evidence pack")
_HELP = _(
    "This record with all that led to it and followed from it, as far as you may read it. Personal data stays masked."
)
_CHOOSE = _("is not one of the possible choices")
_LONG = _("is too long: {n} characters at most")
_NOTE = 200


def _resource(asked: Asked, x: Context[Any]) -> Resource[Any]:
    return prints.printable(x, f"{asked.path_params['module']}.{asked.path_params['resource']}")


def _form(
    x: Context[Any], resource: Resource[Any], id: UUID, sent: Mapping[str, str], wrong: Invalid | None
) -> FormPage:
    shown = record_page(x, resource, id)
    at, chosen = f"{resource.path}/{id}", sent.get("purpose", "")
    errors = {one.path: str(one.message) for one in wrong.errors} if wrong else {}
    purposes = [Option(one.value, str(one.label), one.value == chosen) for one in Purpose]
    what = sent.get("files", "")
    contents = [
        Option("", str(_("PDF, attachments listed")), not what),
        Option("1", str(_("ZIP: the PDF and the attachments themselves")), bool(what)),
    ]
    inputs = [
        Input(
            "purpose", str(_("Purpose")), "choice", chosen, required=True, options=purposes, error=errors.get("purpose", "")
        ),
        Input(
            "note", str(_("Remark")), "line", sent.get("note", ""), maxlength=_NOTE, error=errors.get("note", ""),
            help=str(_("It stands on the cover: who receives it, which visit it is for.")),
        ),
        Input("files", str(_("Contents")), "radios", what, options=contents, required=True),
    ]  # fmt: skip
    lines = [(one.name, f"{one.label}: {one.error}") for one in inputs if one.error]
    return FormPage(
        str(TITLE), f"/{MODULE}{at}/pack", str(_("Make the pack")), [Section("", inputs)],
        crumbs=[Crumb(str(resource.label), resource.path), Crumb(shown.number, at), Crumb(str(TITLE))],
        subtitle=str(_HELP), cancel=at, errors=lines,
    )  # fmt: skip


async def ask(asked: Asked) -> Response:
    """``GET …/<id>/pack``."""
    asked.params()
    id = asked.uuid()

    def work(session: Session) -> FormPage:
        x = asked.context(session, MODULE)
        return _form(x, _resource(asked, x), id, {}, None)

    return page(asked, "form.html", await write(asked, work))


def _wanted(purpose: Any, note: Any, files: Any) -> Wanted:
    """:raises Invalid: something that cannot be made, by field."""
    wrong = []
    if purpose not in [one.value for one in Purpose]:
        wrong.append(FieldError("purpose", _CHOOSE if purpose else _("is required")))
    if not isinstance(note, str) or len(note) > _NOTE:
        wrong.append(FieldError("note", _LONG.format(n=_NOTE)))
    if not isinstance(files, bool):
        wrong.append(FieldError("files", _CHOOSE))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return Wanted(Purpose(purpose), " ".join(note.split()), files)  # type: ignore[call-arg]


def _put_off(asked: Asked, session: Session, id: UUID, wanted: Wanted) -> Print:
    """:raises NotFound: the record may not be seen."""
    x = asked.context(session, MODULE)
    resource = _resource(asked, x)
    record = x.get(resource.record, id)
    base = f"{asked.scope['scheme']}://{asked.headers.get(b'host', b'').decode('latin-1')}"
    order = Order(What.PACK, [record.id], base, "", asked.locale, wanted)
    return prints.put_off(x, resource, order, what=f"{record.number} {wanted.purpose.label}", site=record.site_id)


async def make(asked: Asked) -> Response:
    """``POST …/<id>/pack``."""
    asked.params()
    form, id = await asked.form(), asked.uuid()
    sent = {name: form.get(name, "") for name in ("purpose", "note", "files")}

    def again(session: Session, problem: Invalid) -> FormPage:
        x = asked.context(session, MODULE)
        return _form(x, _resource(asked, x), id, sent, problem)

    try:
        wanted = _wanted(sent["purpose"], sent["note"], sent["files"] == "1")
    except Invalid as problem:
        wrong = problem
        return page(asked, "form.html", await write(asked, lambda session: again(session, wrong)), problem.status)
    made = await write(asked, lambda session: _put_off(asked, session, id, wanted).id)
    asked.flash(_("The evidence pack is being made; you find it here when it is ready."))
    return RedirectResponse(f"/{MODULE}/print/{made}", 303)


async def post(asked: Asked) -> Response:
    """``POST /api/v1/papers/<module>/<resource>/<id>/pack``: the print in which the pack will lie."""
    asked.params()
    body, id = await asked.json(), asked.uuid()
    if not isinstance(body, dict) or body.keys() - {"purpose", "note", "files"}:
        raise Invalid(errors=(FieldError("", _("Send an object with “purpose”, “note” and “files”.")),))
    wanted = _wanted(body.get("purpose"), body.get("note", ""), body.get("files", False))

    def work(session: Session) -> dict[str, Any]:
        made = _put_off(asked, session, id, wanted)
        return {"id": str(made.id), "number": made.number, "address": f"/api/v1/{MODULE}/print/{made.id}"}

    return JSONResponse(await write(asked, work), 202)


def _describe() -> Mapping[str, Any]:
    purposes = {"type": "string", "enum": [one.value for one in Purpose]}
    body = {
        "type": "object",
        "required": ["purpose"],
        "properties": {"purpose": purposes, "note": {"type": "string"}, "files": {"type": "boolean"}},
    }
    words = _(
        "Have an evidence pack made of a record and its chain: a PDF, or with “files” a ZIP; it lies with the print"
    )
    told = {"type": "object", "properties": {name: {"type": "string"} for name in ("id", "number", "address")}}
    return described(str(words), body=body, answer=told, status=202)


_AT = "{module}/{resource}/{id}/pack"
ROUTES = (
    PageRoute(_AT, ask),
    PageRoute(_AT, make, "POST", costly=True),
    PageRoute(_AT, post, "POST", api=True, costly=True, describes=_describe),
)
