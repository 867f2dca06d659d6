"""What was found for a request: the list with ticks, handing over, erasing after a second question."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Context, Findings, field_labels, page, refuse, translator, work_progress, write
from dougong.views import (
    Action,
    AsideCard,
    Card,
    CardsPage,
    Column,
    Crumb,
    Empty,
    Flash,
    FormPage,
    Input,
    Line,
    ListPage,
    Row,
    Section,
    Value,
)
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..choices import OPEN, State
from ..finding import Picked, found_for, key_of, picked, request_of, site_name, terms_in
from ..handing import record_of
from ..records import HANDLE, Account, Request
from ..resources import requests
from ..working import order, why_not
from .frame import href_of
from .search import mentions_of

_ = translator("dougong_privacy")


def _crumbs(r: Request, *trail: str) -> list[Crumb]:
    here = [Crumb(str(requests.label), requests.path), Crumb(r.number, f"{requests.path}/{r.id}")]
    return [*here, *(Crumb(one) for one in trail)]


def _at(r: Request, rest: str = "") -> str:
    return f"/privacy/case/{r.id}{rest}"


async def show(asked: Asked) -> Response:
    """Everything that the request's terms find."""
    asked.params()

    def load(session: Session) -> ListPage:
        x = asked.context(session, "privacy")
        r = request_of(x, asked.uuid())
        return _list(x, r, found_for(x, r))

    response = page(asked, "list.html", await write(asked, load))
    response.headers["cache-control"] = "no-store"
    return response


def _list(x: Context[Any], r: Request, found: Findings) -> ListPage:
    rows = [_hit(x, found, one) for one in found.hits]
    for store, kept in found.kept:
        fields = Value("text", "、".join(kept.fields)) if kept.fields else Value("empty", "–")
        cells = [
            Value("empty", "–"),
            Value("text", f"{store.label}: {kept.label}"),
            Value("empty", "–"),
            fields,
            Value("empty", "–"),
        ]
        rows.append(Row(key_of((store, kept)), kept.href or _at(r), kept.label, cells))
    actions = []
    if r.status in OPEN:
        actions.append(Action(str(_("Search for something else")), f"{requests.path}/{r.id}/do/search", "search"))
    if found.mentioned:
        label = _("In free text ({n})").format(n=len(found.mentioned))
        actions.append(Action(str(label), _at(r, "/mentions"), "info"))
    actions.append(Action(str(_("Back to the request")), f"{requests.path}/{r.id}", "left"))
    return ListPage(
        title=str(_("Found for {number}").format(number=r.number)),
        columns=[
            Column("number", str(_("Number")), role="id"),
            Column("what", str(_("What")), role="title"),
            Column("site", str(_("Site"))),
            Column("fields", str(_("Fields"))),
            Column("state", str(_("Stands against erasing")), "text"),
        ],
        rows=rows,
        actions=actions,
        search=False,
        bulk=_bulk(r),
        bulk_all=str(_("All {n} that were found").format(n=len(rows))) if len(rows) > 1 else "",
        notes=_notes(r, found),
        summary=str(_("{n} found").format(n=len(rows))),
        empty=Empty(
            str(_("Nothing was found")), str(_("No record of the enabled modules holds what was searched for."))
        ),
    )


def _hit(x: Context[Any], found: Findings, one: Any) -> Row:
    resource = x.registry.resources[one.kind]
    names = field_labels(x, one.kind)
    held = one.id in found.held
    against = str(_("Legal hold")) if held else why_not(x, record_of(x, one))
    cells = [
        Value("text", one.number),
        Value("text", str(resource.record.label)),
        Value("text", site_name(x, one.site_id)),
        Value("text", "、".join(names.get(name, name) for name in one.fields)),
        Value("text", against) if against else Value("empty", "–"),
    ]
    tags = [Value("tag", str(_("Legal hold")), "warn")] if held else []
    return Row(
        key_of(one),
        href_of(x, resource, one.id, one.site_id) or f"/privacy/hold/{one.kind}/{one.id}",
        one.number,
        cells,
        tags,
    )


def _bulk(r: Request) -> list[Action]:
    if r.status is not State.WORKING or r.order:
        return []
    return [
        Action(str(_("Hand over")), _at(r, "/export"), "export"),
        Action(str(_("Erase …")), _at(r, "/erase"), "trash", danger=True),
    ]


def _notes(r: Request, found: Findings) -> list[Flash]:
    notes = [Flash("info", str(_("Searched for: {terms}").format(terms="、".join(terms_in(r)))))]
    if r.order:
        notes.append(Flash("info", str(_("Something is still being done for this request in the background."))))
    elif r.status in OPEN and r.status is not State.WORKING:
        notes.append(
            Flash("warn", str(_("Check the person's identity first; then something may be handed over or erased.")))
        )
    if found.unsearched:
        words = _("Not searched, because they are switched off: {modules}").format(modules="、".join(found.unsearched))
        notes.append(Flash("warn", str(words)))
    return notes


async def mentions(asked: Asked) -> Response:
    """What names the person in free text."""
    asked.params()

    def load(session: Session) -> CardsPage:
        x = asked.context(session, "privacy")
        r = request_of(x, asked.uuid())
        title = str(_("Also mentioned in free text"))
        return CardsPage(title, [mentions_of(x, found_for(x, r))], crumbs=_crumbs(r, title))

    return page(asked, "cards.html", await write(asked, load))


async def _chosen(asked: Asked) -> list[str] | None:
    form = await asked.form()
    return None if form.get("all") else form.getlist("id")


async def export(asked: Asked) -> Response:
    """Ask whether the records' files go along."""
    asked.params()
    keys = await _chosen(asked)

    def load(session: Session) -> FormPage:
        x = asked.context(session, "privacy")
        r = request_of(x, asked.uuid(), working=True)
        parts = picked(found_for(x, r), keys)
        inputs = [
            Input(
                "files", str(_("With the files of these records")), "bool", help=str(_("They may show other people."))
            )
        ]
        title = _("Hand over {n} finds for {number}").format(n=parts.number, number=r.number)
        return FormPage(
            str(title), _at(r, "/exported"), str(_("Make the file")), [Section(str(_("What goes along")), inputs)],
            crumbs=_crumbs(r, str(_("Hand over"))), cancel=_at(r), hidden=_hidden(parts),
            subtitle=str(_("A zip with a page for people and JSON for programs. It lies with the request.")),
        )  # fmt: skip

    return page(asked, "form.html", await write(asked, load))


def _hidden(parts: Picked) -> list[tuple[str, str]]:
    return [("id", key_of(one)) for one in parts.parts]


async def exported(asked: Asked) -> Response:
    return await _do(asked, "export")


async def erase(asked: Asked) -> Response:
    """The second question, in words."""
    asked.params()
    keys = await _chosen(asked)
    return page(asked, "form.html", await write(asked, lambda s: _asking(asked, s, keys)))


def _asking(asked: Asked, session: Session, keys: list[str] | None) -> FormPage:
    x = asked.context(session, "privacy")
    r = request_of(x, asked.uuid(), working=True)
    found = found_for(x, r)
    parts = picked(found, keys)
    lines = []
    for one in parts.hits:
        against = str(_("Legal hold")) if one.id in found.held else why_not(x, record_of(x, one))
        text = f"{x.registry.resources[one.kind].record.label} {one.number}"
        lines.append(Line(text, against, icon="warn" if against else "case"))
    lines += [Line(f"{store.label}: {kept.label}", icon="doc") for store, kept in parts.kept]
    inputs = [
        Input("words", str(_("Comments of these records, too")), "bool"),
        Input("files", str(_("Files of these records, too")), "bool"),
        Input("sure", str(_("I have read the list and know that this cannot be undone")), "bool", required=True),
    ]
    words = _(
        "Names, numbers and rooms of this person are taken out of {n} finds, out of their entries and their history. "
        "What happened and when stays."
    )
    return FormPage(
        str(_("Erase {n} finds for {number}?").format(n=parts.number, number=r.number)),
        _at(r, "/erased"),
        str(_("Erase for good")),
        [Section(str(_("What goes along")), inputs)],
        crumbs=_crumbs(r, str(_("Erase"))),
        subtitle=str(words.format(n=parts.number)),
        hidden=_hidden(parts),
        cancel=_at(r),
        danger=True,
        aside=[_card(lines)],
    )


def _card(lines: list[Line]) -> Any:
    return Card(str(_("What it is about")), lines[:100], len(lines))


async def erased(asked: Asked) -> Response:
    form = await asked.form()
    if not form.get("sure"):
        raise refuse("sure", _("say that you know that this cannot be undone"))
    return await _do(asked, "erase")


async def _do(asked: Asked, what: str) -> Response:
    asked.params()
    form = await asked.form()
    keys = form.getlist("id")

    def work(session: Session) -> tuple[str, bool]:
        x = asked.context(session, "privacy")
        r = request_of(x, asked.uuid(), working=True)
        parts = picked(found_for(x, r), keys)
        done = order(x, r, what, parts, words=bool(form.get("words")), files=bool(form.get("files")))
        return f"{requests.path}/{r.id}", done

    to, done = await write(asked, work)
    asked.flash(
        _("It is done; what became of it stands in the timeline.") if done else _("It is being done in the background.")
    )
    return RedirectResponse(to, 303)


async def account(asked: Asked) -> Response:
    """The whole account of one order."""
    asked.params()

    def load(session: Session) -> CardsPage:
        x = asked.context(session, "privacy")
        r = request_of(x, asked.uuid())
        cards = []
        for one in reversed(x.children(r, Account)):
            lines = [
                Line(
                    row[0],
                    row[2],
                    icon="warn" if row[2] else "check",
                    end=Value("tag", row[1], "warn" if row[2] else "good"),
                )
                for row in one.rows
            ]
            cards.append(Card(one.text.splitlines()[0], lines, len(lines)))
        return CardsPage(str(_("What became of it")), cards, crumbs=_crumbs(r, str(_("What became of it"))))

    return page(asked, "cards.html", await write(asked, load))


def beside(r: Request, x: Context[Any]) -> list[Any]:
    """What the page of a request shows: the ways to what was found, what was handed over, and the account."""
    if not x.gate.may(HANDLE, x.snapshot.sites.root):
        return []
    lines = [Line(str(_("What is found")), str(_("in all modules")), _at(r), "search")]
    lines += [
        Line(file.name, str(_("Handed over")), f"{requests.path}/{r.id}/files/{file.id}", "export")
        for file in x.files(r, field="package")
    ]
    if x.children(r, Account):
        lines.append(Line(str(_("What became of it")), "", _at(r, "/account"), "doc"))
    far = [work_progress(x, r.id)] if r.order else []
    return [AsideCard(str(_("Handling")), lines=lines), *far]
