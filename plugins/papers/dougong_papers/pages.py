"""The addresses of this module: a record's PDF, a list's, labels; the page of one code; the form for chosen records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from dougong import (
    Asked,
    BadRequest,
    Context,
    FieldError,
    Invalid,
    NotFound,
    PageRoute,
    Paper,
    Resource,
    described,
    page,
    record_page,
    speaking,
    translator,
    walk,
    work_progress,
    write,
)
from dougong.views import Action, Crumb, FormPage, Input, Option, Progress, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import forms_of, head, packing, prints, tables
from .choices import SHEETS, USUAL, PrintState, Stream, What
from .head import MODULE
from .press import press
from .prints import MOST, Order
from .records import Print

_ = translator("dougong_papers")

Pairs = list[tuple[str, str]]
Given = tuple[dict[str, Any], dict[str, bytes]]
_OWN = frozenset({"lang", "after"})
_CHOSEN = (What.FORMS, What.LABELS)  # of ticked records; an evidence pack is of one
_TOO_MANY = _("That are more than {n} records. Choose fewer, or print them in parts.")
_NONE = _("No record is chosen. Tick some in the list first.")


def _kind(asked: Asked) -> str:
    return f"{asked.path_params['module']}.{asked.path_params['resource']}"


def _base(asked: Asked) -> str:
    return f"{asked.scope['scheme']}://{asked.headers.get(b'host', b'').decode('latin-1')}"


def _language(asked: Asked, wanted: str) -> str:
    """:raises BadRequest: not one that is spoken here."""
    if wanted not in ("", "zh", "en"):
        raise BadRequest(_("Paper is to be had in zh and en."))
    return wanted or asked.locale


def _sent(name: str, body: bytes) -> Response:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    headers = {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "cache-control": "no-store",
    }
    return Response(body, headers=headers, media_type="application/pdf")


# ---- PDF ----


async def show(asked: Asked) -> Response:
    """``<id>.pdf``, ``list.pdf``, ``forms.pdf`` and ``labels.pdf``, as a page and as an API."""
    stem, dot, tail = asked.path_params["file"].rpartition(".")
    if not dot or tail != "pdf":
        raise NotFound()
    if stem == "list":
        return await _list(asked)
    if stem in (What.FORMS.value, What.LABELS.value):
        return await _several(asked, What(stem))  # type: ignore[call-arg]
    try:
        id = UUID(stem)
    except ValueError:
        raise NotFound() from None
    return await _one(asked, id)


async def _one(asked: Asked, id: UUID) -> Response:
    """``?timeline=none|steps|all`` and ``?lang=zh|en`` instead of what is set."""
    sent = asked.params(("timeline", "lang"))
    if sent.get("timeline") not in (None, *(one.value for one in Stream)):
        raise BadRequest(_("The timeline is one of: {names}.").format(names=", ".join(one.value for one in Stream)))
    stream = Stream(sent["timeline"]) if sent.get("timeline") else None  # type: ignore[call-arg]
    language = _language(asked, sent.get("lang", ""))

    def work(session: Session) -> Given:
        x = asked.context(session, MODULE)
        resource = prints.printable(x, _kind(asked))
        with speaking(language):
            return forms_of.gather(x, resource, [id], base=_base(asked), language=language, stream=stream)

    data, pictures = await write(asked, work)
    body = await asked.app.in_thread(forms_of.pdf, data, pictures)
    return _sent(f"{data['title']}.pdf", body)


async def _list(asked: Asked) -> Response:
    language = _language(asked, asked.query.get("lang", ""))
    pairs = [(n, v) for n, v in asked.query.multi_items() if n not in _OWN]

    def work(session: Session) -> Given:
        x = asked.context(session, MODULE)
        resource = prints.printable(x, _kind(asked))
        with speaking(language):
            return tables.gather(x, resource, pairs, language=language)

    data, pictures = await write(asked, work)
    return _sent(f"{data['title']}.pdf", await asked.app.in_thread(tables.pdf, data, pictures))


async def _several(asked: Asked, what: What) -> Response:
    """``?id=…&id=…``, as many as are made at once; ``?sheet=`` of labels."""
    asked.params(("id", "sheet", "lang"))
    query = asked.query
    order = _order(asked, what, _ids(query.getlist("id")), query.get("sheet", USUAL), query.get("lang", ""))
    most = MOST if what is What.LABELS else head.settings_in(asked.snapshot).at_once
    if len(order.ids) > most:
        raise Invalid(_TOO_MANY.format(n=most), errors=(FieldError("id", _TOO_MANY.format(n=most)),))
    return await _now(asked, order)


async def _now(asked: Asked, order: Order) -> Response:
    def work(session: Session) -> Given:
        x = asked.context(session, MODULE)
        return prints.gather(x, prints.printable(x, _kind(asked)), order)

    data, pictures = await write(asked, work)
    return _sent(f"{data['title']}.pdf", await asked.app.in_thread(prints.pdf, order, data, pictures))


def _order(asked: Asked, what: What, ids: Sequence[UUID], sheet: str, language: str) -> Order:
    """:raises BadRequest: a sheet that there is not."""
    if sheet not in SHEETS:
        raise BadRequest(_("Sheets of labels are: {names}.").format(names=", ".join(SHEETS)))
    return Order(what, ids, _base(asked), sheet, _language(asked, language))


def _ids(texts: Sequence[str]) -> list[UUID]:
    """:raises BadRequest: none, or something that is no id. :raises Invalid: too many."""
    if not texts:
        raise BadRequest(_NONE)
    try:
        found = list(dict.fromkeys(UUID(text) for text in texts[: MOST + 1]))
    except ValueError:
        raise BadRequest(_("These are no ids.")) from None
    if len(found) > MOST:
        raise Invalid(_TOO_MANY.format(n=MOST), errors=(FieldError("id", _TOO_MANY.format(n=MOST)),))
    return found


# ---- what another module has printed in its own way ----


async def paper(asked: Asked) -> Response:
    """``<id>/<name>.pdf`` of a contributed ``Paper``. :raises NotFound: there is none, or it is not to be had of this record."""
    asked.params(("lang",))
    language, id = _language(asked, asked.query.get("lang", "")), asked.uuid()
    name, dot, tail = asked.path_params["paper"].rpartition(".")
    if not dot or tail != "pdf":
        raise NotFound()

    def work(session: Session) -> tuple[Paper, dict[str, Any], dict[str, bytes]]:
        x = asked.context(session, MODULE)
        resource = prints.printable(x, _kind(asked))
        record = x.get(resource.record, id)
        for _module, one in x.contributed(Paper):
            if (one.kind, one.name) == (resource.kind, name) and one.offered(record, x):
                return _gathered(one, record, x, language)
        raise NotFound()

    found, data, pictures = await write(asked, work)
    form = f"own-{found.name}"
    return _sent(f"{data['title']}.pdf", await asked.app.in_thread(press, form, data, pictures, found.form()))


def _gathered(one: Paper, record: Any, x: Context[Any], language: str) -> tuple[Paper, dict[str, Any], dict[str, bytes]]:
    pictures: dict[str, bytes] = {}
    with speaking(language):
        data = dict(one.gather(record, x))
        shared = head.common(x, str(data.get("title") or record.number), pictures, language)
    return one, {**shared, **data}, pictures


def _papers(where: str, subject: Any, x: Context[Any]) -> list[Action]:
    kind = where.removeprefix("detail:")
    at = f"/{MODULE}/{kind.replace('.', '/')}/{subject.id}"
    return [
        Action(str(one.label), f"{at}/{one.name}.pdf", "doc")
        for _module, one in x.contributed(Paper)
        if one.kind == kind and one.offered(subject, x)
    ]


# ---- the code of one record ----


@dataclass
class CodePage:
    """A record's QR code, and the sheets on which it may be printed. ``papers/code.html`` draws it."""

    title: str
    subtitle: str
    qr: str
    address: str
    name: str
    site: str
    action: str
    id: str
    sheets: list[Option]
    label: str
    submit: str
    back: Action
    crumbs: list[Crumb]


async def code(asked: Asked) -> Response:
    """``GET …/<id>/label``."""
    asked.params()
    id = asked.uuid()

    def work(session: Session) -> CodePage:
        x = asked.context(session, MODULE)
        resource = prints.printable(x, _kind(asked))
        shown = record_page(x, resource, id)
        at = f"{resource.path}/{id}"
        return CodePage(
            str(_("QR label of {number}").format(number=shown.number)),
            str(_("Whoever scans it comes to this record, and signs in first.")),
            head.qr_inline(_base(asked) + at),
            _base(asked) + at,
            f"{shown.number} {shown.title}",
            shown.place,
            f"{_at(resource)}/labels.pdf",
            str(id),
            _sheets(),
            str(_("Sheet")),
            str(_("Labels as PDF")),
            Action(str(_("Back to {number}").format(number=shown.number)), at),
            [Crumb(str(resource.label), resource.path), Crumb(shown.number, at), Crumb(str(_("QR label")))],
        )

    return page(asked, "papers/code.html", await write(asked, work))


def _at(resource: Resource[Any]) -> str:
    return f"/{MODULE}{resource.path}"


def _sheets(chosen: str = USUAL) -> list[Option]:
    return [Option(name, str(one.label), name == chosen) for name, one in SHEETS.items()]


# ---- chosen records of a list ----


async def chosen(asked: Asked) -> Response:
    """The form for the rows that were ticked in the list, or (``all``) for all that it matches."""
    form = await asked.form()
    pairs = [(n, v) for n, v in asked.query.multi_items() if n not in _OWN]

    def work(session: Session) -> FormPage:
        x = asked.context(session, MODULE)
        resource = prints.printable(x, _kind(asked))
        ids = _matching(x, resource, pairs) if form.get("all") else _ids(form.getlist("id"))
        return _form(x, resource, ids)

    return page(asked, "form.html", await write(asked, work))


def _matching(x: Context[Any], resource: Resource[Any], pairs: Pairs) -> list[UUID]:
    """:raises Invalid: more than one print may have. :raises BadRequest: none."""
    found: list[UUID] = []
    for rows in walk(x, resource, ("number",), pairs):
        found += [row["id"] for row in rows]
        if len(found) > MOST:
            raise Invalid(_TOO_MANY.format(n=MOST), errors=(FieldError("all", _TOO_MANY.format(n=MOST)),))
    if not found:
        raise BadRequest(_NONE)
    return found


def _form(x: Context[Any], resource: Resource[Any], ids: Sequence[UUID]) -> FormPage:
    whats = [Option(one.value, str(one.label), one is What.FORMS) for one in _CHOSEN]
    inputs = [
        Input("what", str(_("What")), "radios", What.FORMS.value, options=whats, required=True),
        Input("sheet", str(_("Sheet of labels")), "choice", USUAL, options=_sheets(), required=True),
    ]
    n = head.settings_of(x).at_once
    help = _("More than {n} forms are made in the background; the file then lies with the print.").format(n=n)
    return FormPage(
        str(_("Print: {label}").format(label=resource.label)),
        f"{_at(resource)}/print",
        str(_("Make the PDF")),
        [Section("", inputs, help=str(help) if len(ids) > n else "")],
        crumbs=[Crumb(str(resource.label), resource.path), Crumb(str(_("Print")))],
        subtitle=str(_("{n} chosen records").format(n=len(ids))),
        hidden=[("ids", ",".join(str(id) for id in ids))],
        cancel=resource.path,
    )


async def make(asked: Asked) -> Response:
    """What the form asked for: at once, or put off."""
    asked.params()
    form = await asked.form()
    if form.get("what") not in (one.value for one in _CHOSEN):
        raise BadRequest(_("Print forms or labels."))
    what = What(form["what"])  # type: ignore[call-arg]
    ids = _ids([one for one in form.get("ids", "").split(",") if one])
    order = _order(asked, what, ids, form.get("sheet", USUAL), "")
    if what is What.LABELS or len(ids) <= head.settings_in(asked.snapshot).at_once:
        return await _now(asked, order)

    def work(session: Session) -> UUID:
        x = asked.context(session, MODULE)
        return prints.put_off(x, prints.printable(x, _kind(asked)), order).id

    made = await write(asked, work)
    asked.flash(_("The PDF is being made; you find it here when it is ready."))
    return RedirectResponse(f"/{MODULE}/print/{made}", 303)


# ---- beside other pages ----


def standing(where: str, subject: Any, x: Context[Any]) -> list[Action] | list[Progress]:
    """What this module adds: in a record's menu its PDF and label, at a list the list as PDF and the chosen records."""
    if isinstance(subject, Print) and subject.status is PrintState.WAITING:
        return [work_progress(x, subject.id, of=subject.count)]
    if where.startswith("detail:") and not where.startswith(f"detail:{MODULE}."):
        at = f"/{MODULE}/{where.removeprefix('detail:').replace('.', '/')}/{subject.id}"
        return [
            *_papers(where, subject, x),
            Action(str(_("PDF form")), f"{at}.pdf", "doc"),
            Action(str(packing.TITLE), f"{at}/pack", "doc"),
            Action(str(_("QR label")), f"{at}/label", "mods"),
        ]
    if where.startswith("list:") and isinstance(subject, Resource) and subject.module != MODULE:
        at = _at(subject)
        return [
            Action(str(_("List as PDF")), f"{at}/list.pdf", "print"),
            Action(str(_("Print")), f"{at}/chosen", "print", post=True),
        ]
    return []


def _describe() -> Mapping[str, Any]:
    words = _(
        "A PDF: “<id>.pdf” (takes timeline), “list.pdf” (takes the list's parameters), “forms.pdf” and “labels.pdf” (take id,"
        " several times; labels take sheet)"
    )
    names = {"timeline": [one.value for one in Stream], "lang": ["zh", "en"], "sheet": list(SHEETS)}
    query: list[dict[str, Any]] = [
        {"name": name, "in": "query", "schema": {"type": "string", "enum": values}} for name, values in names.items()
    ]
    ids = {"type": "array", "items": {"type": "string", "format": "uuid"}}
    query.append({"name": "id", "in": "query", "schema": ids})
    binary = {"type": "string", "format": "binary"}
    return described(str(words), answer=binary, media_type="application/pdf", parameters=query)


_FILE = "{module}/{resource}/{file}"
ROUTES = (
    PageRoute(_FILE, show, costly=True),
    PageRoute(_FILE, show, api=True, costly=True, describes=_describe),
    PageRoute("{module}/{resource}/{id}/label", code),
    *packing.ROUTES,
    PageRoute("{module}/{resource}/{id}/{paper}", paper, costly=True),
    PageRoute("{module}/{resource}/chosen", chosen, "POST"),
    PageRoute("{module}/{resource}/print", make, "POST", costly=True),
)
