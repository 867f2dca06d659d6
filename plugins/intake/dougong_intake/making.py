"""Making codes: one for a site, or one for each of its buildings or places that has none yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, FieldError, Invalid, Location, PageRoute, page, translator, with_problem, write
from dougong.views import Crumb, FormPage, Input, Option, Section
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .points import PATH, TITLE, forms_of, point_at, sites_of
from .records import Point

_ = translator("dougong_intake")

MOST = 500  # codes that are made at once


def _form(asked: Asked, sites: dict[UUID, str], sent: Any = None, problem: Invalid | None = None) -> FormPage:
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
    forms = [(form.slug, form.label) for _module, form in forms_of(asked)]
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
    made = FormPage(
        str(_("Make codes")),
        f"{PATH}/new",
        str(_("Make codes")),
        [Section("", inputs, help=str(_("Places that have a code already get no second one.")))],
        crumbs=[Crumb(str(TITLE), PATH), Crumb(str(_("Make codes")))],
        cancel=PATH,
    )
    return with_problem(made, problem)


async def new(asked: Asked) -> Response:
    """``GET /intake/codes/new``."""
    asked.params()
    return page(asked, "form.html", _form(asked, sites_of(asked)))


async def make(asked: Asked) -> Response:
    """``POST /intake/codes/new``."""
    sites, sent = sites_of(asked), await asked.form()
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
    if form is not None and all(one.slug != form for _module, one in forms_of(asked)):
        errors.append(FieldError("form", _("Choose a form.")))
    if errors or node is None:
        problem = Invalid(errors=tuple(errors))
        return page(asked, "form.html", _form(asked, sites, sent, problem), 422)
    site, what = node.id, sent["what"]
    made = await write(asked, lambda session: _made(session, asked, site, what, form, words))
    done = _("{n} codes were made.") if made < MOST else _("{n} codes were made; make codes again for the rest.")
    asked.flash(done.format(n=made), "good" if made else "info")
    return RedirectResponse(f"{PATH}?site={node.slug}", 303)


def _made(session: Session, asked: Asked, site: UUID, what: str, form: str | None, words: str) -> int:
    had = sa.select(Point.location_id).where(
        Point.site_id == site, Point.off_at.is_(None), Point.form.is_not_distinct_from(form)
    )
    places: list[UUID | None]
    if what == "site":
        there = session.scalar(had.where(Point.location_id.is_(None)).exists().select())
        places = [] if there else [None]
    else:
        without = Location.id.not_in(had.where(Point.location_id.is_not(None)))
        query = sa.select(Location.id).where(Location.site_id == site, without)
        if what == "buildings":
            query = query.where(Location.type.in_(("building", "point")))
        places = [*session.scalars(query.order_by(Location.code).limit(MOST))]
    session.add_all(point_at(asked, site, place, form, words) for place in places)
    return len(places)


ROUTES = (PageRoute("codes/new", new), PageRoute("codes/new", make, "POST"))
