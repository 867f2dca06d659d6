"""Administration of the site tree and of the locations inside a site.

Each service checks, changes, and writes its history in the caller's transaction. Nothing is deleted here: a closed
site opens nothing any more, but what happened there stays.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..errors import Conflict, FieldError, Invalid, NotFound
from ..tenancy.tables import Location, Site
from ..words import translator
from . import calendars
from .desk import Desk

_ = translator("dougong")

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")
SITE_TYPES = ("region", "project")  # the company itself is made with the company
LOCATION_TYPES = ("building", "floor", "room", "point")
HOUSEHOLDS = range(1_000_000)
_SITE = ("name", "type", "timezone", "parent_id", "position", "households", "active")
_LOCATION = ("code", "name", "type", "parent_id", "households")


def site(desk: Desk, site_id: UUID) -> Site:
    """:raises NotFound: no such site, or one whose tree the administrator may not change."""
    found = desk.session.scalar(sa.select(Site).where(Site.id == site_id))
    if found is None or not desk.gate.may("core.sites.edit", desk.judged_at(site_id)):
        raise NotFound(_("There is no such site."))
    return found


def create_site(desk: Desk, *, parent_id: UUID, slug: str, name: str, **more: Any) -> Site:
    """A site below another.

    :param more: ``type`` (region, project), ``timezone`` (IANA name), ``position``, ``households``.
    :raises Invalid: one entry per wrong input; a short name that is taken is one. :raises NotFound: the parent.
    """
    above = site(desk, parent_id)
    values = {"name": name, "type": "project", "timezone": above.timezone, **more}
    wrong = _wrong_site(desk, values)
    if not _SLUG.fullmatch(slug):
        wrong.append(FieldError("slug", _("Lower-case letters, digits and -; at most {n} characters.").format(n=62)))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    if "position" not in more:
        last = sa.select(sa.func.coalesce(sa.func.max(Site.position), 0)).where(Site.parent_id == parent_id)
        values["position"] = (desk.session.scalar(last) or 0) + 1
    made = Site(parent_id=parent_id, slug=slug, **values)
    try:
        with desk.session.begin_nested():
            desk.session.add(made)
    except IntegrityError:
        raise Invalid(errors=(FieldError("slug", _("This name is taken.")),)) from None
    said = {"slug": slug, "parent": parent_id, **values}
    desk.note("core.site", made.id, "create", {k: (None, v) for k, v in said.items() if v is not None}, first=True)
    return made


def change_site(desk: Desk, site_id: UUID, **values: Any) -> Site:
    """Rename, move, open or close a site; only what is given changes.

    :raises Invalid: wrong inputs; a move below itself. :raises Conflict: closing the company itself.
    :raises NotFound: the site, or the one to move to.
    """
    found = site(desk, site_id)
    if unknown := values.keys() - set(_SITE):
        raise TypeError(f"not a changeable part of a site: {sorted(unknown)}")
    wrong = _wrong_site(desk, values)
    root = found.parent_id is None
    if "parent_id" in values and values["parent_id"] != found.parent_id:
        wrong += _wrong_move(desk, found, values["parent_id"])
    if root:
        values.pop("type", None)
        if values.get("active") is False:
            raise Conflict(_("The company itself cannot be closed."))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    changes = {k: (getattr(found, k), v) for k, v in values.items() if getattr(found, k) != v}
    for key, (_before, after) in changes.items():
        setattr(found, key, after)
    desk.session.flush()
    if changes:
        desk.note("core.site", site_id, "edit", changes)
    if changes.keys() & {"timezone", "parent_id"}:  # what is counted there is counted by another clock, or another calendar
        calendars.moved(desk)
    return found


def _wrong_move(desk: Desk, found: Site, parent_id: UUID | None) -> list[FieldError]:
    if found.parent_id is None or parent_id is None:
        return [FieldError("parent_id", _("The company itself stands above all others and cannot be moved."))]
    site(desk, parent_id)
    above: UUID | None = parent_id
    # The tree as it is now, not as the snapshot has it: two moves at once must not make a circle.
    desk.session.execute(sa.select(Site.id).with_for_update())
    while above is not None:
        if above == found.id:
            return [FieldError("parent_id", _("A site cannot be moved below itself."))]
        above = desk.session.scalar(sa.select(Site.parent_id).where(Site.id == above))
    return []


def _wrong_site(desk: Desk, values: dict[str, Any]) -> list[FieldError]:
    wrong = _wrong_common(values)
    if "type" in values and values["type"] not in (*SITE_TYPES, "company"):
        wrong.append(FieldError("type", _("Choose one of the list.")))
    if "timezone" in values and values["timezone"] not in available_timezones():
        wrong.append(FieldError("timezone", _("There is no such time zone; write it as in Asia/Shanghai.")))
    return wrong


def _wrong_common(values: dict[str, Any]) -> list[FieldError]:
    wrong = []
    if "name" in values:
        values["name"] = values["name"].strip()
        if not values["name"] or len(values["name"]) > 100 or "\0" in values["name"]:
            wrong.append(FieldError("name", _("Give it a name of at most {n} characters.").format(n=100)))
    for key in ("households", "position"):
        if values.get(key) is not None and values[key] not in HOUSEHOLDS:
            wrong.append(FieldError(key, _("A whole number from 0 to 999999.")))
    return wrong


def locations(desk: Desk, site_id: UUID) -> list[tuple[int, Location]]:
    """The places of a site in the order of their tree, with their depth."""
    below: dict[UUID | None, list[Location]] = {}
    rows = desk.session.scalars(sa.select(Location).where(Location.site_id == site_id).order_by(Location.code))
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[tuple[int, Location]] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for one in below.get(parent, ()):
            found.append((depth, one))
            walk(one.id, depth + 1)

    walk(None, 0)
    return found


def location(desk: Desk, location_id: UUID) -> Location:
    """:raises NotFound: no such place, or at a site that the administrator may not change."""
    found = desk.session.scalar(sa.select(Location).where(Location.id == location_id))
    if found is None:
        raise NotFound(_("There is no such location."))
    site(desk, found.site_id)
    return found


def create_location(desk: Desk, site_id: UUID, **values: Any) -> Location:
    """A place inside a site: ``code`` (unique there), ``name``, ``type``, ``parent_id``, ``households``.

    :raises Invalid: one entry per wrong input.
    """
    site(desk, site_id)
    _check_location(desk, site_id, None, values)
    made = Location(site_id=site_id, **values)
    _store(desk, made)
    said = {k: (None, v) for k, v in {"site": site_id, **values}.items() if v is not None}
    desk.note("core.location", made.id, "create", said, first=True)
    return made


def change_location(desk: Desk, location_id: UUID, **values: Any) -> Location:
    """Rename or move a place; only what is given changes. :raises Invalid: one entry per wrong input."""
    found = location(desk, location_id)
    _check_location(desk, found.site_id, location_id, values)
    changes = {k: (getattr(found, k), v) for k, v in values.items() if getattr(found, k) != v}
    with desk.session.no_autoflush:
        for key, (_before, after) in changes.items():
            setattr(found, key, after)
    _store(desk, found)
    if changes:
        desk.note("core.location", location_id, "edit", changes)
    return found


def _store(desk: Desk, row: Location) -> None:
    try:
        with desk.session.begin_nested():
            desk.session.add(row)
    except IntegrityError:
        raise Invalid(errors=(FieldError("code", _("This code is taken at this site.")),)) from None


def _check_location(desk: Desk, site_id: UUID, own: UUID | None, values: dict[str, Any]) -> None:
    if unknown := values.keys() - set(_LOCATION):
        raise TypeError(f"not a part of a location: {sorted(unknown)}")
    wrong = _wrong_common(values)
    if "code" in values:
        values["code"] = values["code"].strip()
        if not 1 <= len(values["code"]) <= 40 or "\0" in values["code"]:
            wrong.append(FieldError("code", _("Give it a code of at most {n} characters.").format(n=40)))
    if "type" in values and values["type"] not in LOCATION_TYPES:
        wrong.append(FieldError("type", _("Choose one of the list.")))
    above = values.get("parent_id")
    if above is not None and not _fits_below(desk, site_id, own, above):
        wrong.append(FieldError("parent_id", _("Choose a place of this site that does not lie inside this one.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))


def _fits_below(desk: Desk, site_id: UUID, own: UUID | None, above: UUID) -> bool:
    places = {one.id: one.parent_id for _depth, one in locations(desk, site_id)}
    step: UUID | None = above
    while step is not None:
        if step not in places or step == own:
            return False
        step = places[step]
    return True
