"""Sites and locations of a company's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..access.desk import Desk
from ..errors import FieldError, Invalid
from ..tenancy.stored import new_id
from ..tenancy.tables import Location, Site
from ..words import translator
from .company_file import LocationPart, SitePart

if TYPE_CHECKING:
    from .applying import Work

_ = translator("dougong")

SITE = ("name", "type", "timezone", "position", "households", "active")
LOCATION = ("name", "type", "households")


def put_sites(work: Work) -> None:
    """Make and change the sites that the file mentions, each after the one that it hangs below."""
    desk = work.desk()
    tree = desk.gate.snapshot.sites
    ids: dict[str, UUID] = {node.slug: node.id for node in tree.ordered()}
    last = max((node.position for node in tree.ordered()), default=0)
    for site in work.file.sites:
        parent = _parent(site, ids)
        if site.slug in ids:
            _change(work, desk, site, ids[site.slug], parent)
        else:
            last += 1
            ids[site.slug] = _make(work, desk, site, parent or tree.root, last)
        _locations(work, desk, site, ids[site.slug])


def _parent(site: SitePart, ids: Mapping[str, UUID]) -> UUID | None:
    if site.parent is None:
        return None
    if site.parent not in ids:
        said = _("There is no site “{slug}” here or before this one.").format(slug=site.parent)
        raise Invalid(errors=(FieldError(f"sites.{site.slug}.parent", said),))
    return ids[site.parent]


def _make(work: Work, desk: Desk, site: SitePart, parent: UUID, position: int) -> UUID:
    values: dict[str, Any] = {
        "slug": site.slug,
        "name": site.name or site.slug,
        "type": site.type,
        "timezone": site.timezone,
        "position": position if site.position is None else site.position,
        "households": site.households,
        "active": site.active,
        "parent_id": parent,
    }
    made = new_id()
    work.session.execute(sa.insert(Site), {"id": made, **values})
    desk.note("core.site", made, "create", {key: (None, value) for key, value in values.items()}, first=True)
    work.did("create", "site", site.slug, values["name"])
    return made


def _change(work: Work, desk: Desk, site: SitePart, id: UUID, parent: UUID | None) -> None:
    row = work.session.scalars(sa.select(Site).where(Site.tenant_id == work.tenant, Site.id == id)).one()
    wanted = {key: value for key, value in site.said(*SITE).items() if value is not None}
    if parent is not None:
        _no_circle(work, site, id, parent)
        wanted["parent_id"] = parent
    changes = {key: (getattr(row, key), value) for key, value in wanted.items() if getattr(row, key) != value}
    if changes:
        for key, (_before, after) in changes.items():
            setattr(row, key, after)
        work.session.flush()
        desk.note("core.site", id, "edit", changes)
        work.did("change", "site", site.slug, ", ".join(changes))


def _no_circle(work: Work, site: SitePart, id: UUID, parent: UUID) -> None:
    above = {row.id: row.parent_id for row in work.session.scalars(sa.select(Site))}
    at: UUID | None = parent
    while at is not None and at != id:
        at = above.get(at)
    if at == id or above.get(id) is None:
        said = _("A site cannot hang below itself, nor the company below a site.")
        raise Invalid(errors=(FieldError(f"sites.{site.slug}.parent", said),))


def _locations(work: Work, desk: Desk, site: SitePart, id: UUID) -> None:
    if not site.locations:
        return
    query = sa.select(Location).where(Location.tenant_id == work.tenant, Location.site_id == id)
    known = {row.code: row for row in work.session.scalars(query)}
    made = changed = 0
    for part in site.locations:
        if part.parent is not None and part.parent not in known:
            said = _("There is no location “{code}” here or before this one.").format(code=part.parent)
            raise Invalid(errors=(FieldError(f"sites.{site.slug}.locations.{part.code}.parent", said),))
        above = known[part.parent].id if part.parent else None
        row = known.get(part.code)
        if row is None:
            known[part.code] = _make_location(desk, part, id, above)
            made += 1
            continue
        wanted = part.said(*LOCATION) | ({"parent_id": above} if above else {})
        changes = {key: (getattr(row, key), value) for key, value in wanted.items() if getattr(row, key) != value}
        for key, (_before, after) in changes.items():
            setattr(row, key, after)
        if changes:
            desk.note("core.location", row.id, "edit", changes)
            changed += 1
    if made:
        work.did("create", "locations", site.slug, made)
    if changed:
        work.did("change", "locations", site.slug, changed)


def _make_location(desk: Desk, part: LocationPart, site: UUID, above: UUID | None) -> Location:
    values = {"type": part.type, "name": part.name or part.code, "households": part.households, "parent_id": above}
    row = Location(id=new_id(), site_id=site, code=part.code, **values)
    desk.session.add(row)
    desk.session.flush()
    said = {"code": part.code, "site": site, **values}
    desk.note("core.location", row.id, "create", {key: (None, v) for key, v in said.items() if v is not None}, first=True)
    return row
