"""The codes on the wall: which there are, switching off, renewing, printing. ``making`` makes them.

A person sees and makes those of the sites where they hold ``intake.codes``. A code that is switched off opens nothing;
renewing switches it off and makes another one in its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, BadRequest, Location, NotFound, PageRoute, ResidentForm, page, translator, write
from dougong.views import (
    Action,
    Column,
    Crumb,
    Empty,
    ListPage,
    Row,
    Tab,
    Value,
)
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .keys import address_of, new_token, qr
from .public import F, P
from .records import Case, Point
from .scene import settings_of

_ = translator("dougong_intake")

CODES = "intake.codes"
PATH = "/intake/codes"
MOST = 500  # that are chosen at once
ROWS = 100
TITLE = _("QR codes for residents")


@dataclass
class Label:
    """One label of the printed sheet."""

    company: str
    site: str
    place: str
    words: str
    qr: str
    address: str


@dataclass
class SheetPage:
    """Labels to be printed, four on an A4 sheet. ``intake/labels.html`` draws it."""

    title: str
    labels: list[Label]
    phone: str
    follow: str
    back: str


@dataclass
class PointPage:
    """One code. ``intake/code.html`` draws it."""

    title: str
    subtitle: str
    facts: list[tuple[str, str]]
    qr: str
    address: str
    on: bool
    actions: list[Action]
    crumbs: list[Crumb]


def sites_of(asked: Asked) -> dict[UUID, str]:
    """Where this person looks after the codes, in the order of the tree."""
    scope = asked.gate.scope(CODES)
    if not scope.free:
        raise NotFound
    nodes = [n for n in asked.snapshot.sites.ordered() if n.id in scope.free and n.id in asked.snapshot.sites.open]
    return {n.id: n.name for n in nodes}


def _mine(asked: Asked, sites: Sequence[UUID]) -> sa.Select[Point, str]:
    chosen = [asked.site] if asked.site else []
    inside = [s for s in sites if not chosen or any(s in asked.snapshot.sites.subtree(c) for c in chosen)]
    return (
        sa.select(Point, Location.name)
        .outerjoin(Location, sa.and_(Location.tenant_id == Point.tenant_id, Location.id == Point.location_id))
        .where(Point.site_id.in_(inside))
    )


async def index(asked: Asked) -> Response:
    """``GET /intake/codes``."""
    sent = asked.params(("show", "page"))
    off, at = sent.get("show") == "off", _page_named(sent.get("page", "1"))
    sites = sites_of(asked)

    def work(session: Session) -> tuple[list[Any], dict[UUID, int]]:
        state = Point.off_at.is_not(None) if off else Point.off_at.is_(None)
        query = (
            _mine(asked, [*sites])
            .where(state)
            .order_by(Point.site_id, sa.func.length(Location.code).nulls_first(), Location.code, Point.id)
        )
        rows = session.execute(query.limit(ROWS + 1).offset((at - 1) * ROWS)).all()
        counted = sa.select(Case.point_id, sa.func.count()).where(Case.point_id.in_([r[0].id for r in rows]))
        counts = {row[0]: row[1] for row in session.execute(counted.group_by(Case.point_id)) if row[0]}
        return [(_copied(point), place or "") for point, place in rows], counts

    rows, counts = await write(asked, work)
    return page(asked, "list.html", _list(asked, rows, counts, sites, off=off, at=at))


def _page_named(text: str) -> int:
    """:raises BadRequest: no number of a page."""
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text)):
        raise BadRequest(_("“page” must be a number from 1."))
    return int(text)


def _copied(point: Point) -> Point:
    sa.inspect(point).session.expunge(point)  # type: ignore[union-attr]
    return point


def _list(
    asked: Asked, rows: list[Any], counts: dict[UUID, int], sites: dict[UUID, str], *, off: bool, at: int
) -> ListPage:
    here = [("show", "off")] if off else []
    here += [("site", asked.snapshot.sites.node(asked.site).slug)] if asked.site else []
    made = [
        Row(
            str(point.id),
            f"{PATH}/{point.id}",
            place or str(_("Whole site")),
            [
                Value("text", place or str(_("Whole site"))),
                Value("text", sites[point.site_id]),
                Value("text", _form_name(asked, point.form)),
                Value("number", str(counts.get(point.id, 0))),
                Value("date", _day(asked, point.made_at, point)),
            ],
        )
        for point, place in rows[:ROWS]
    ]
    actions = [Action(str(_("Make codes")), f"{PATH}/new", "plus", main=True)]
    if asked.gate.may(CODES, asked.snapshot.sites.root):
        actions.append(Action(str(_("Notice to residents")), "/intake/notice", "shield"))
    bulk = [Action(str(_("Print labels")), f"{PATH}/print", "print")]
    if not off:
        bulk.append(Action(str(_("Switch off")), f"{PATH}/off", "close"))
    return ListPage(
        str(TITLE),
        [
            Column("place", str(_("Place")), role="title"),
            Column("site", str(_("Site"))),
            Column("form", str(_("Form")), role="desk"),
            Column("count", str(_("Reports")), "number"),
            Column("made", str(_("Made")), "date", role="desk"),
        ],
        made,
        actions=actions,
        tabs=[
            Tab(str(_("In use")), PATH, current=not off),
            Tab(str(_("Switched off")), f"{PATH}?show=off", current=off),
        ],
        search=False,
        bulk=bulk,
        summary=str(_("{n} codes").format(n=len(made))) if made and at == 1 and len(rows) <= ROWS else "",
        next_href=f"{PATH}?{urlencode([*here, ('page', at + 1)])}" if len(rows) > ROWS else None,
        first_href=f"{PATH}?{urlencode(here)}" if at > 1 else None,
        empty=Empty(
            str(_("No code yet")),
            str(_("Make one for a site or for each of its buildings, print the labels and put them up.")),
            Action(str(_("Make codes")), f"{PATH}/new", "plus", main=True),
        ),
    )


def _day(asked: Asked, at: dt.datetime, point: Point) -> str:
    return at.astimezone(asked.snapshot.sites.zone(point.site_id)).date().isoformat()


def _form_name(asked: Asked, slug: str | None) -> str:
    if slug is None:
        return str(_("Whatever is offered"))
    found = next((f for _m, f in forms_of(asked) if f.slug == slug), None)
    return str(found.label) if found else slug


def forms_of(asked: Asked) -> list[tuple[str, ResidentForm[Any]]]:
    return asked.app.registry.contributed(ResidentForm, asked.snapshot.modules)


def point_at(asked: Asked, site: UUID, place: UUID | None, form: str | None, words: str) -> Point:
    by = asked.person.id if asked.person else None
    return Point(
        token=new_token(), site_id=site, location_id=place, form=form, words=words, made_by=by, made_at=asked.now
    )


# ---- one, and several ----


async def one(asked: Asked) -> Response:
    """``GET /intake/codes/<id>``."""
    asked.params()
    sites, id = sites_of(asked), asked.uuid()
    found = await write(asked, lambda s: [(_copied(p), n or "") for p, n in s.execute(_own(sites, [id])).all()])
    if not found:
        raise NotFound
    point, place = found[0]
    address = address_of(asked, f"{F}/{point.token}")
    facts = [
        (str(_("Site")), sites[point.site_id]),
        (str(_("Form")), _form_name(asked, point.form)),
        (str(_("Words below the place")), point.words or "–"),
        (str(_("Made")), f"{_day(asked, point.made_at, point)} {_name(asked, point.made_by)}"),
    ]
    if point.off_at is not None:
        facts.append((str(_("Switched off")), f"{_day(asked, point.off_at, point)} {_name(asked, point.off_by)}"))
    at = f"{PATH}/{point.id}"
    actions = [Action(str(_("Print label")), f"{PATH}/print?id={point.id}", "print", main=True)]
    if point.off_at is None:
        actions += [
            Action(str(_("Renew")), f"{at}/renew", "undo", post=True, danger=True),
            Action(str(_("Switch off")), f"{at}/off", "close", post=True, danger=True),
        ]
    title = place or str(_("Whole site"))
    shown = PointPage(
        title, sites[point.site_id], facts, qr(address), address, point.off_at is None, actions,
        [Crumb(str(TITLE), PATH), Crumb(title)],
    )  # fmt: skip
    return page(asked, "intake/code.html", shown)


def _name(asked: Asked, id: UUID | None) -> str:
    person = asked.snapshot.people.get(id) if id else None
    return person.name if person else ""


def _own(sites: dict[UUID, str], ids: Sequence[UUID]) -> sa.Select[Point, str]:
    return (
        sa.select(Point, Location.name)
        .outerjoin(Location, sa.and_(Location.tenant_id == Point.tenant_id, Location.id == Point.location_id))
        .where(Point.site_id.in_([*sites]), Point.id.in_(ids))
        .order_by(Point.site_id, sa.func.length(Location.code).nulls_first(), Location.code, Point.id)
    )


def _ids(values: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in values[:MOST]]
    except ValueError:
        raise NotFound from None


async def switch_off(asked: Asked) -> Response:
    """``POST /intake/codes/off`` (several) and ``/intake/codes/<id>/off``."""
    sites = sites_of(asked)
    ids = [asked.uuid()] if "id" in asked.path_params else _ids((await asked.form()).getlist("id"))
    done = await write(asked, lambda session: len(_ended(session, asked, sites, ids)))
    asked.flash(_("{n} codes were switched off.").format(n=done), "good" if done else "info")
    return RedirectResponse(PATH, 303)


def _ended(session: Session, asked: Asked, sites: dict[UUID, str], ids: Sequence[UUID]) -> list[Point]:
    found = [point for point, _place in session.execute(_own(sites, ids)).all() if point.off_at is None]
    for point in found:
        point.off_at, point.off_by = asked.now, asked.person.id if asked.person else None
    return found


async def renew(asked: Asked) -> Response:
    """``POST /intake/codes/<id>/renew``: another token in the place of one that is known too widely."""
    sites, id = sites_of(asked), asked.uuid()

    def work(session: Session) -> UUID:
        ended = _ended(session, asked, sites, [id])
        if not ended:
            raise NotFound
        old = ended[0]
        made = point_at(asked, old.site_id, old.location_id, old.form, old.words)
        session.add(made)
        session.flush()
        return made.id

    made = await write(asked, work)
    asked.flash(_("Here is the new code. The old label opens nothing any more: print and put up the new one."))
    return RedirectResponse(f"{PATH}/{made}", 303)


async def sheet(asked: Asked) -> Response:
    """``GET /intake/codes/print?id=…`` and ``POST`` with the chosen ids: labels to print."""
    sites = sites_of(asked)
    given = (await asked.form()).getlist("id") if asked.method == "POST" else asked.params(("id",)).getlist("id")
    ids = _ids(given)
    rows = await write(asked, lambda s: [(_copied(p), n or "") for p, n in s.execute(_own(sites, ids)).all()])
    usual = str(_("Something broken, a complaint, an idea? Scan and tell us."))
    labels = [
        Label(
            asked.snapshot.name,
            sites[point.site_id],
            place,
            point.words or usual,
            qr(address_of(asked, f"{F}/{point.token}")),
            address_of(asked, f"{F}/{point.token}"),
        )
        for point, place in rows
        if point.off_at is None
    ]
    shown = SheetPage(str(_("Labels")), labels, settings_of(asked).phone, address_of(asked, P), PATH)
    return page(asked, "intake/labels.html", shown)


ROUTES = (
    PageRoute("codes", index),
    PageRoute("codes/print", sheet),
    PageRoute("codes/print", sheet, "POST"),
    PageRoute("codes/off", switch_off, "POST"),
    PageRoute("codes/{id}", one),
    PageRoute("codes/{id}/off", switch_off, "POST"),
    PageRoute("codes/{id}/renew", renew, "POST"),
)
