"""Searching for a person without a request: the page of its own permission. What was searched for is kept nowhere."""

from __future__ import annotations

from typing import Any

from dougong import (
    Asked,
    Context,
    Findings,
    Form,
    Line,
    Prose,
    field_labels,
    find_person,
    form_body,
    form_inputs,
    page,
    translator,
    validate,
    write,
)
from dougong import asked as asks
from dougong.views import Card, CardsPage, Flash, FormPage, Section, Value
from dougong.views import Line as Row
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..finding import site_name
from ..flow import terms_of
from ..records import Lookup
from ..roles import SEARCH
from .frame import crumbs, href_of, need, tabs

_ = translator("dougong_privacy")


class Query(Form):
    terms: Prose = asks(
        _("Search for"), help=_("Names, phone numbers, e-mail addresses and rooms, one a line."), personal=True
    )
    why: Line = asks(_("Why"), help=_("It is noted that you searched, and why; never for whom."))


async def show(asked: Asked) -> Response:
    asked.params()
    return page(asked, "cards.html", await write(asked, lambda s: _page(asked, s, None)))


async def find(asked: Asked) -> Response:
    """The results come with the answer; nothing of them is kept."""
    asked.params()
    typed, body = form_body(asked, Query, await asked.form())

    def work(session: Session) -> CardsPage:
        return _page(asked, session, typed, looked_up(asked, session, body))

    response = page(asked, "cards.html", await write(asked, work))
    response.headers["cache-control"] = "no-store"
    return response


def looked_up(asked: Asked, session: Session, body: Any) -> Findings:
    """Search, and note that it was done. :raises Invalid: too little or too much is asked for."""
    x = asked.context(session, "privacy")
    need(x, SEARCH)
    query = validate(Query, body, None)
    assert isinstance(query, Query)
    found = find_person(x, terms_of(query.terms))
    session.add(Lookup(person_id=x.actor, why=query.why, found=len(found.hits) + len(found.kept), at=x.now))
    return found


def _page(asked: Asked, session: Session, typed: dict[str, str] | None, found: Findings | None = None) -> CardsPage:
    x = asked.context(session, "privacy")
    need(x, SEARCH)
    inputs = form_inputs(asked, Query, "privacy", typed=typed)
    form = FormPage(
        str(_("Search in all modules")), "/privacy/search", str(_("Search")), [Section("", list(inputs.values()))]
    )
    if found is not None and found.unsearched:
        words = _("Not searched, because they are switched off: {modules}").format(modules="、".join(found.unsearched))
        form.note = Flash("warn", str(words))
    return CardsPage(
        str(_("Search for a person")),
        cards_of(x, found) if found is not None else [],
        subtitle=str(_("Everything that the company keeps of somebody, at every site. Values are not shown here.")),
        crumbs=crumbs(str(_("Search for a person"))),
        forms=[form],
        tabs=tabs(asked),
    )


def cards_of(x: Context[Any], found: Findings) -> list[Card]:
    """What was found as cards: records, what lies beside them, what names the person in free text."""
    lines = []
    for one in found.hits:
        resource = x.registry.resources[one.kind]
        names = field_labels(x, one.kind)
        small = f"{site_name(x, one.site_id)} · " + "、".join(names.get(name, name) for name in one.fields)
        href = href_of(x, resource, one.id, one.site_id)
        held = Value("tag", str(_("Legal hold")), "warn") if one.id in found.held else None
        lines.append(Row(f"{resource.record.label} {one.number}", small, href, resource.icon, held))
    cards = [Card(str(_("Records")), lines, len(lines), empty=str(_("No record holds these values.")))]
    if found.kept:
        kept = [
            Row(f"{store.label}: {one.label}", "、".join(one.fields), one.href or None, "doc")
            for store, one in found.kept
        ]
        cards.append(Card(str(_("Beside the records")), kept, len(kept)))
    if found.mentioned:
        cards.append(mentions_of(x, found))
    return cards


_PLACES = {"text": _("in its text"), "comments": _("in comments"), "files": _("in the name of a file")}


def mentions_of(x: Context[Any], found: Findings) -> Card:
    """Free text that names the person: nobody but a reader can tell what of it is about them."""
    lines = []
    for kind, id, number, place in found.mentioned:
        resource = x.registry.resources[kind]
        may = x.gate.may(resource.permission("read"), x.snapshot.sites.root)
        lines.append(
            Row(
                f"{resource.record.label} {number}",
                str(_PLACES[place]),
                f"{resource.path}/{id}" if may else None,
                resource.icon,
            )
        )
    text = _("Free text is not erased by itself: read it, and change it by hand where it is about this person.")
    return Card(str(_("Also mentioned in free text")), lines, len(lines), text=str(text))
