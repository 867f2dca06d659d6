"""Sites and locations of a company's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..access import places
from ..access.desk import Desk
from ..errors import FieldError, Invalid
from ..tenancy.tables import Location, Site
from ..words import translator
from .company_file import LocationPart, Part, SitePart
from .told import told_at

if TYPE_CHECKING:
    from .applying import Work

_ = translator("dougong")

SITE = ("name", "type", "timezone", "position", "households", "active")
LOCATION = ("name", "type", "households")


def put_sites(work: Work) -> None:
    """Make and change the sites that the file mentions, each after the one that it hangs below."""
    desk = work.desk()
    known = {row.slug: row for row in work.session.scalars(sa.select(Site))}
    for part in work.file.sites:
        with told_at(f"sites.{part.slug}"):
            if part.slug in known:
                _change_site(work, desk, part, known)
            else:
                known[part.slug] = _make_site(work, desk, part, known)
            _locations(work, desk, part, known[part.slug].id)


def _make_site(work: Work, desk: Desk, part: SitePart, known: Mapping[str, Site]) -> Site:
    parent = _parent(part, known) or desk.root
    active = part.active
    more = {key: value for key, value in _given(part, SITE).items() if key not in ("name", "active")}
    made = places.create_site(desk, parent_id=parent, slug=part.slug, name=part.name or part.slug, **more)
    if not active:
        places.change_site(desk, made.id, active=False)
    work.did("create", "site", part.slug, made.name)
    return made


def _change_site(work: Work, desk: Desk, part: SitePart, known: Mapping[str, Site]) -> None:
    row = known[part.slug]
    wanted = _given(part, SITE)
    if parent := _parent(part, known):
        wanted["parent_id"] = parent
    changed = {key: value for key, value in wanted.items() if getattr(row, key) != value}
    if changed:
        places.change_site(desk, row.id, **changed)
        work.did("change", "site", part.slug, ", ".join(changed))


def _parent(part: SitePart, known: Mapping[str, Site]) -> UUID | None:
    if part.parent is None:
        return None
    if part.parent not in known:
        said = _("There is no site “{slug}” here or before this one.").format(slug=part.parent)
        raise Invalid(errors=(FieldError("parent", said),))
    return known[part.parent].id


def _locations(work: Work, desk: Desk, site: SitePart, id: UUID) -> None:
    query = sa.select(Location).where(Location.tenant_id == work.tenant, Location.site_id == id)
    known = {row.code: row for row in work.session.scalars(query)} if site.locations else {}
    made = changed = 0
    for part in site.locations:
        with told_at(f"locations.{part.code}"):
            row = known.get(part.code)
            wanted = _given(part, LOCATION) | _above(part, known)
            if row is None:
                known[part.code] = places.create_location(
                    desk, id, **{"code": part.code, "name": part.code, "type": part.type, **wanted}
                )
                made += 1
            elif differing := {key: value for key, value in wanted.items() if getattr(row, key) != value}:
                places.change_location(desk, row.id, **differing)
                changed += 1
    if made:
        work.did("create", "locations", site.slug, made)
    if changed:
        work.did("change", "locations", site.slug, changed)


def _above(part: LocationPart, known: Mapping[str, Location]) -> dict[str, Any]:
    if part.parent is None:
        return {}
    if part.parent not in known:
        said = _("There is no location “{code}” here or before this one.").format(code=part.parent)
        raise Invalid(errors=(FieldError("parent", said),))
    return {"parent_id": known[part.parent].id}


def _given(part: Part, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in part.said(*keys).items() if value is not None}
