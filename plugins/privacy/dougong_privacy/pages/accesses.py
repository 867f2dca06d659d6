"""Who opened which masked value, and who searched for a person: the log of the privacy officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, BadRequest, Context, Opening, field_labels, openings, page, translator, write
from dougong.views import Action, Card, CardsPage, Column, Empty, Filter, Line, ListPage, Option, Row, Value
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..records import Lookup
from ..roles import ACCESSES
from .frame import href_of, moment, need, tabs, zone_of

_ = translator("dougong_privacy")

ROWS = 50
PARAMS = ("person", "kind", "record", "at.from", "at.to", "after")
HERE = "/privacy/accesses"


def asked_for(x: Context[Any], given: Any, most: int) -> tuple[list[Opening], str | None]:
    """The openings that a request's parameters ask for, and after which the next page goes on.

    :raises BadRequest: a parameter is no id, no day or no kind of record.
    """
    kind = given.get("kind", "")
    if kind and kind not in x.registry.resources:
        raise BadRequest(_("There is no such kind of record."))
    zone = zone_of(x)
    until = _day(given.get("at.to", ""))
    since = _day(given.get("at.from", ""))
    found = openings(
        x,
        person=_id(given.get("person", "")),
        kind=kind,
        record=_id(given.get("record", "")),
        since=dt.datetime.combine(since, dt.time(), zone) if since else None,
        until=dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone) if until else None,
        before=_id(given.get("after", "")),
        most=most + 1,
    )
    return found[:most], str(found[most - 1].id) if len(found) > most else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadRequest(_("“{text}” is no id.").format(text=text[:60])) from None


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadRequest(_("“{text}” is no date.").format(text=text[:60])) from None
    if found is not None and not 1900 <= found.year <= 2200:
        raise BadRequest(_("“{text}” is no date.").format(text=text[:60]))
    return found


def numbers(x: Context[Any], found: Sequence[Opening]) -> dict[UUID, tuple[str, UUID]]:
    """Number and site of the records, of all sites; those that were deleted are left out."""
    out: dict[UUID, tuple[str, UUID]] = {}
    for kind in {one.kind for one in found} & set(x.registry.resources):
        record: Any = x.registry.resources[kind].record
        ids = [one.record for one in found if one.kind == kind]
        query = sa.select(record.id, record.number, record.site_id).where(
            record.tenant_id == x.tenant, record.id.in_(ids)
        )
        out |= {row[0]: (row[1], row[2]) for row in x.session.execute(query)}
    return out


async def show(asked: Asked) -> Response:
    given = asked.params(PARAMS)

    def load(session: Session) -> ListPage:
        x = asked.context(session, "privacy")
        need(x, ACCESSES)
        return _list(asked, x, given)

    return page(asked, "list.html", await write(asked, load))


def _list(asked: Asked, x: Context[Any], given: Any) -> ListPage:
    found, following = asked_for(x, given, ROWS)
    known = numbers(x, found)
    kept = [(name, given[name]) for name in PARAMS if name != "after" and given.get(name)]
    return ListPage(
        title=str(_("Opened values")),
        columns=[
            Column("record", str(_("Record")), role="title"),
            Column("field", str(_("Field"))),
            Column("person", str(_("Who")), "person"),
            Column("at", str(_("When")), "datetime"),
            Column("site", str(_("Site")), role="desk"),
        ],
        rows=[_row(x, one, known) for one in found],
        actions=[Action(str(_("Searches for a person")), "/privacy/lookups", "search")],
        tabs=tabs(asked),
        filters=_filters(x, given),
        hidden=[("record", given["record"])] if given.get("record") else [],
        search=False,
        clear_href=HERE if kept else None,
        next_href=f"{HERE}?{urlencode([*kept, ('after', following)])}" if following else None,
        first_href=f"{HERE}?{urlencode(kept)}" if given.get("after") else None,
        empty=Empty(str(_("Nothing was opened")), str(_("As soon as somebody opens a masked value it stands here."))),
    )


def _row(x: Context[Any], one: Opening, known: dict[UUID, tuple[str, UUID]]) -> Row:
    resource = x.registry.resources.get(one.kind)
    number, site = known.get(one.record, ("–", None))
    label = f"{resource.record.label} {number}" if resource else one.kind
    href = href_of(x, resource, one.record, site) if resource and site else None
    person = x.snapshot.people.get(one.person) if one.person else None
    names = field_labels(x, one.kind) if resource else {}
    cells = [
        Value("text", label),
        Value("text", names.get(one.field, one.field)),
        Value("person", person.name) if person else Value("empty", "–"),
        moment(one.at, zone_of(x)),
        Value("text", x.snapshot.sites.node(site).name) if site else Value("empty", "–"),
    ]
    return Row(str(one.id), href or f"{HERE}?record={one.record}", label, cells)


def _filters(x: Context[Any], given: Any) -> list[Filter]:
    person, kind = given.get("person", ""), given.get("kind", "")
    people = sorted(x.snapshot.people.values(), key=lambda p: p.name)
    who = [Option(str(p.id), p.name, str(p.id) == person) for p in people]
    kinds = [
        Option(r.kind, str(r.label), r.kind == kind)
        for r in x.registry.resources.values()
        if r.module in x.snapshot.modules
    ]
    chosen = [next((o.label for o in options if o.selected), "") for options in (who, kinds)]
    first, last = given.get("at.from", ""), given.get("at.to", "")
    return [
        Filter("person", str(_("Who")), "person", who, person, summary=chosen[0]),
        Filter("kind", str(_("Kind")), "choice", kinds, kind, summary=chosen[1]),
        Filter("at", str(_("When")), "date_range", [], first, last, f"{first} – {last}" if first or last else ""),
    ]


async def lookups(asked: Asked) -> Response:
    """Searches without a request: who, when, why, how much was found; never for whom."""
    asked.params()

    def load(session: Session) -> CardsPage:
        x = asked.context(session, "privacy")
        need(x, ACCESSES)
        zone, lines = zone_of(x), []
        query = sa.select(Lookup).where(Lookup.tenant_id == x.tenant).order_by(Lookup.at.desc(), Lookup.id.desc())
        for one in session.scalars(query.limit(200)):
            person = x.snapshot.people.get(one.person_id) if one.person_id else None
            end = Value("text", str(_("{n} found").format(n=one.found)))
            lines.append(
                Line(person.name if person else "–", f"{moment(one.at, zone).text} · {one.why}", None, "search", end)
            )
        title = str(_("Searches for a person"))
        card = Card(title, lines, len(lines), empty=str(_("Nobody has searched yet.")))
        return CardsPage(
            title,
            [card],
            subtitle=str(_("The last two hundred. For whom was searched is kept nowhere.")),
            tabs=tabs(asked),
        )

    return page(asked, "cards.html", await write(asked, load))
