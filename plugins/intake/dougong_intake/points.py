"""The codes on the wall: which there are, making them for whole buildings at once, switching off, renewing, printing.

A person sees and makes those of the sites where they hold ``intake.codes``. A code that is switched off opens nothing;
renewing switches it off and makes another one in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, FieldError, Invalid, Location, NotFound, PageRoute, ResidentForm, page, translator, write
from dougong.views import (
    Action,
    Column,
    Crumb,
    Empty,
    FormPage,
    Input,
    ListPage,
    Option,
    Row,
    Section,
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
MOST = 500
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


def _sites(asked: Asked) -> dict[UUID, str]:
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
    off = asked.params(("show",)).get("show") == "off"
    sites = _sites(asked)

    def work(session: Session) -> tuple[list[Any], dict[UUID, int]]:
        state = Point.off_at.is_not(None) if off else Point.off_at.is_(None)
        query = (
            _mine(asked, [*sites])
            .where(state)
            .order_by(Point.site_id, sa.func.length(Location.code).nulls_first(), Location.code, Point.id)
        )
        rows = session.execute(query.limit(MOST)).all()
        counted = sa.select(Case.point_id, sa.func.count()).where(Case.point_id.in_([r[0].id for r in rows]))
        counts = {row[0]: row[1] for row in session.execute(counted.group_by(Case.point_id)) if row[0]}
        return [(_copied(point), place or "") for point, place in rows], counts

    rows, counts = await write(asked, work)
    return page(asked, "list.html", _list(asked, rows, counts, sites, off=off))


def _copied(point: Point) -> Point:
    sa.inspect(point).session.expunge(point)  # type: ignore[union-attr]
    return point


def _list(asked: Asked, rows: list[Any], counts: dict[UUID, int], sites: dict[UUID, str], *, off: bool) -> ListPage:
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
                Value("date", f"{point.made_at:%Y-%m-%d}"),
            ],
        )
        for point, place in rows
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
            Column("made", str(_("Made")), role="desk"),
        ],
        made,
        actions=actions,
        tabs=[
            Tab(str(_("In use")), PATH, current=not off),
            Tab(str(_("Switched off")), f"{PATH}?show=off", current=off),
        ],
        search=False,
        bulk=bulk,
        summary=str(_("{n} codes").format(n=len(made))) if made else "",
        empty=Empty(
            str(_("No code yet")),
            str(_("Make one for a site or for each of its buildings, print the labels and put them up.")),
            Action(str(_("Make codes")), f"{PATH}/new", "plus", main=True),
        ),
    )


def _form_name(asked: Asked, slug: str | None) -> str:
    if slug is None:
        return str(_("Whatever is offered"))
    found = next((f for _m, f in _forms(asked) if f.slug == slug), None)
    return str(found.label) if found else slug


def _forms(asked: Asked) -> list[tuple[str, ResidentForm[Any]]]:
    return asked.app.registry.contributed(ResidentForm, asked.snapshot.modules)


# ---- making ----


def _make_form(asked: Asked, sites: dict[UUID, str], sent: Any = None, problem: Invalid | None = None) -> FormPage:
    wrong = {error.path: str(error.message) for error in problem.errors} if problem else {}
    held = sent or {}
    slugs = {asked.snapshot.sites.node(one).slug: name for one, name in sites.items()}
    projects = {s: n for s, n in slugs.items() if asked.snapshot.sites.by_slug[s].type == "project"} or slugs
    start = (
        asked.snapshot.sites.node(asked.site).slug if asked.site else next(iter(projects)) if len(projects) == 1 else ""
    )
    chosen = {name: held.get(name) or default for name, default in (("at", start), ("what", "buildings"), ("form", ""))}

    def options(pairs: Sequence[tuple[str, Any]], value: str) -> list[Option]:
        return [Option(key, str(label), key == value) for key, label in pairs]

    what = [
        ("buildings", _("Each building and point of the site")),
        ("all", _("Each place in the register, floors and rooms too")),
        ("site", _("One for the whole site")),
    ]
    forms = [(form.slug, form.label) for _module, form in _forms(asked)]
    inputs = [
        Input("at", str(_("Site")), "site", required=True, options=options([*projects.items()], chosen["at"])),
        Input("what", str(_("For")), "radios", required=True, options=options(what, chosen["what"])),
        Input(
            "words",
            str(_("Words below the place")),
            "line",
            value=held.get("words", ""),
            maxlength=60,
            help=str(_("Printed on the label, such as “Something broken? Tell us here.”")),
        ),
    ]
    if len(forms) > 1:
        inputs.insert(2, Input("form", str(_("Only this form")), "choice", options=options(forms, chosen["form"])))
    for one in inputs:
        one.error = wrong.get(one.name, "")
    return FormPage(
        str(_("Make codes")),
        f"{PATH}/new",
        str(_("Make codes")),
        [Section("", inputs, help=str(_("Places that have a code already get no second one.")))],
        crumbs=[Crumb(str(TITLE), PATH), Crumb(str(_("Make codes")))],
        cancel=PATH,
        errors=[(one.name, f"{one.label}: {one.error}") for one in inputs if one.error],
    )


async def new(asked: Asked) -> Response:
    """``GET /intake/codes/new``."""
    asked.params()
    return page(asked, "form.html", _make_form(asked, _sites(asked)))


async def make(asked: Asked) -> Response:
    """``POST /intake/codes/new``."""
    sites, sent = _sites(asked), await asked.form()
    node = asked.snapshot.sites.by_slug.get(sent.get("at", ""))
    errors = []
    if node is None or node.id not in sites:
        errors.append(FieldError("at", _("Choose a site.")))
    if sent.get("what") not in ("buildings", "all", "site"):
        errors.append(FieldError("what", _("Choose what the codes are for.")))
    words = sent.get("words", "").strip()
    if len(words) > 60 or "\n" in words:
        errors.append(FieldError("words", _("At most {n} characters.").format(n=60)))
    form = sent.get("form") or None
    if form is not None and all(one.slug != form for _module, one in _forms(asked)):
        errors.append(FieldError("form", _("Choose a form.")))
    if errors or node is None:
        problem = Invalid(errors=tuple(errors))
        return page(asked, "form.html", _make_form(asked, sites, sent, problem), 422)
    site, what = node.id, sent["what"]
    made = await write(asked, lambda session: _made(session, asked, site, what, form, words))
    asked.flash(_("{n} codes were made.").format(n=made), "good" if made else "info")
    return RedirectResponse(f"{PATH}?site={node.slug}", 303)


def _made(session: Session, asked: Asked, site: UUID, what: str, form: str | None, words: str) -> int:
    places: list[UUID | None] = [None]
    if what != "site":
        query = sa.select(Location.id).where(Location.site_id == site).order_by(Location.code)
        if what == "buildings":
            query = query.where(Location.type.in_(("building", "point")))
        places = list(session.scalars(query.limit(MOST)))
    had = set(
        session.scalars(
            sa.select(Point.location_id).where(
                Point.site_id == site, Point.off_at.is_(None), Point.form.is_not_distinct_from(form)
            )
        )
    )
    fresh = [place for place in places if place not in had]
    session.add_all(_point(asked, site, place, form, words) for place in fresh)
    return len(fresh)


def _point(asked: Asked, site: UUID, place: UUID | None, form: str | None, words: str) -> Point:
    by = asked.person.id if asked.person else None
    return Point(
        token=new_token(), site_id=site, location_id=place, form=form, words=words, made_by=by, made_at=asked.now
    )


# ---- one, and several ----


async def one(asked: Asked) -> Response:
    """``GET /intake/codes/<id>``."""
    asked.params()
    sites, id = _sites(asked), asked.uuid()
    found = await write(asked, lambda s: [(_copied(p), n or "") for p, n in s.execute(_own(sites, [id])).all()])
    if not found:
        raise NotFound
    point, place = found[0]
    address = address_of(asked, f"{F}/{point.token}")
    facts = [
        (str(_("Site")), sites[point.site_id]),
        (str(_("Form")), _form_name(asked, point.form)),
        (str(_("Words below the place")), point.words or "–"),
        (str(_("Made")), f"{point.made_at:%Y-%m-%d} {_name(asked, point.made_by)}"),
    ]
    if point.off_at is not None:
        facts.append((str(_("Switched off")), f"{point.off_at:%Y-%m-%d} {_name(asked, point.off_by)}"))
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
    sites = _sites(asked)
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
    sites, id = _sites(asked), asked.uuid()

    def work(session: Session) -> UUID:
        ended = _ended(session, asked, sites, [id])
        if not ended:
            raise NotFound
        old = ended[0]
        made = _point(asked, old.site_id, old.location_id, old.form, old.words)
        session.add(made)
        session.flush()
        return made.id

    made = await write(asked, work)
    asked.flash(_("Here is the new code. The old label opens nothing any more: print and put up the new one."))
    return RedirectResponse(f"{PATH}/{made}", 303)


async def sheet(asked: Asked) -> Response:
    """``GET /intake/codes/print?id=…`` and ``POST`` with the chosen ids: labels to print."""
    sites = _sites(asked)
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
    PageRoute("codes/new", new),
    PageRoute("codes/new", make, "POST"),
    PageRoute("codes/print", sheet),
    PageRoute("codes/print", sheet, "POST"),
    PageRoute("codes/off", switch_off, "POST"),
    PageRoute("codes/{id}", one),
    PageRoute("codes/{id}/off", switch_off, "POST"),
    PageRoute("codes/{id}/renew", renew, "POST"),
)
