"""Two pages of choice: the clauses that a document answers, and the posts that must read it; and the one tap of a reading."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Context, PageRoute, page, translator, write
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import documents, readings
from .records import Document, Reading

_ = translator("dougong_quality")
_PATH = "/" + Document.kind.replace(".", "/")


def _document(asked: Asked, x: Context[Any], permission: str) -> Document:
    d = x.get(Document, asked.uuid())
    x.demand(permission, d)
    return d


def _frame(d: Document, title: str, address: str, sections: list[Section], subtitle: str) -> FormPage:
    at = f"{_PATH}/{d.id}"
    crumbs = [Crumb(str(_("Documents")), _PATH), Crumb(d.number, at), Crumb(title)]
    return FormPage(title, address, str(_("Save")), sections, crumbs=crumbs, subtitle=subtitle, cancel=at)


async def ask_clauses(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> FormPage:
        x = asked.context(session, "quality")
        d = _document(asked, x, documents.map_clauses.permission)
        chosen = set((d.answers or "").splitlines())
        wanted = x.settings.document_systems
        first = wanted[d.system].standards if d.system in wanted else []
        known = x.settings.standards()
        order = [*(key for key in first if key in known), *(key for key in known if key not in first)]
        sections = [_standard(key, known[key], chosen, key in first) for key in order]
        address = f"/quality/clauses-of/{d.id}"
        return _frame(d, str(_("Clauses of {number}").format(number=d.number)), address, sections, d.title)

    return page(asked, "form.html", await write(asked, load))


def _standard(key: str, standard: Any, chosen: set[str], own: bool) -> Section:
    options = [Option(f"{key} {c}", f"{c} {title}", f"{key} {c}" in chosen) for c, title in standard.clauses.items()]
    values = [one.value for one in options if one.selected]
    help = "" if own else str(_("Not among the standards of the document's system."))
    one = Input(f"c-{key.replace(':', '-')}", str(_("Clauses")), "checks", values=values, options=options)
    return Section(standard.name, [one], help=help)


async def take_clauses(asked: Asked) -> Response:
    asked.params()
    form = await asked.form()
    lines = "\n".join(value for name, value in form.multi_items() if name.startswith("c-"))
    return await _taken(asked, documents.map_clauses.name, "answers", lines)


async def ask_readers(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> FormPage:
        x = asked.context(session, "quality")
        d = _document(asked, x, documents.choose_readers.permission)
        chosen = readings.posts(d)
        options = [Option(slug, str(label), slug in chosen) for slug, label in x.settings.document_posts.items()]
        one = Input("readers", str(_("Posts")), "checks", values=chosen, options=options)
        days = x.settings.document_reading_days
        help = _("Everybody who holds one of these posts here or below has {n} days to read each new revision.").format(n=days)
        title = str(_("Who must read {number}").format(number=d.number))
        return _frame(d, title, f"/quality/readers-of/{d.id}", [Section("", [one], help=str(help))], d.title)

    return page(asked, "form.html", await write(asked, load))


async def take_readers(asked: Asked) -> Response:
    asked.params()
    form = await asked.form()
    return await _taken(asked, documents.choose_readers.name, "readers", "\n".join(form.getlist("readers")))


async def _taken(asked: Asked, step: str, field: str, text: str) -> Response:
    id = asked.uuid()

    def work(session: Session) -> None:
        x = asked.context(session, "quality")
        x.take(x.get(Document, id), step, **{field: text})

    if not text:
        asked.flash(_("Choose one at least."), "bad")
        return RedirectResponse(asked.path, 303)
    await write(asked, work)
    asked.flash(_("Saved."))
    return RedirectResponse(f"{_PATH}/{id}", 303)


async def read(asked: Asked) -> Response:
    """One tap: this person has read it."""
    asked.params()
    id = asked.uuid()

    def work(session: Session) -> str:
        x = asked.context(session, "quality")
        r = x.take(x.get(Reading, id), readings.acknowledge.name)
        return f"{r.document} {r.revision}"

    said = await write(asked, work)
    asked.flash(_("Noted: you have read {document}.").format(document=said))
    return RedirectResponse("/", 303)


ROUTES = (
    PageRoute("clauses-of/{id}", ask_clauses),
    PageRoute("clauses-of/{id}", take_clauses, "POST"),
    PageRoute("readers-of/{id}", ask_readers),
    PageRoute("readers-of/{id}", take_readers, "POST"),
    PageRoute("read/{id}", read, "POST"),
)
