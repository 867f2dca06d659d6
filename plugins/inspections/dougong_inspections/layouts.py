"""Routes as they are walked: points in order, each with the revision of its template, pinned once and kept for good."""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, FieldError, Invalid, NotFound, translator

from . import items
from .base import X
from .records import Layout, Point, Revision, Route, Task, Template

_ = translator("dougong_inspections")

MOST_POINTS = 100
EARTH = 6_371_000.0  # metres
SCAN = "/inspections/scan/"  # the address in a QR code goes on with the point's code
_CODE_BYTES = 9


@dataclass(frozen=True)
class Stop:
    """One point of a pinned route, with what is looked at there.

    :ivar stopped: it was out of use when this was read.
    """

    point_id: UUID
    position: int
    name: str
    location: str
    location_id: UUID | None
    code: str
    nfc: str
    latitude: float | None
    longitude: float | None
    radius: int | None
    template_id: UUID
    revision_id: UUID
    template: str
    version: int
    scored: bool
    items: tuple[items.AnyItem, ...]

    def distance(self, latitude: float | None, longitude: float | None) -> int | None:
        """Metres from its place, on a sphere; None where one of the two is not known."""
        if None in (latitude, longitude, self.latitude, self.longitude):
            return None
        a, b = math.radians(float(self.latitude or 0)), math.radians(float(latitude or 0))
        east = math.radians(float(longitude or 0) - float(self.longitude or 0))
        h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(east / 2) ** 2
        return round(2 * EARTH * math.asin(math.sqrt(min(1.0, h))))


def new_code() -> str:
    """What a point's QR code says behind ``SCAN``: not to be guessed, so that having read it says something."""
    return secrets.token_urlsafe(_CODE_BYTES)


def points_of(x: X, route: UUID) -> list[Point]:
    """The points that are on a route now, in order."""
    mine = sa.select(Point).where(Point.tenant_id == x.tenant, Point.parent_id == route, Point.active)
    return list(x.session.scalars(mine.order_by(Point.position, Point.id)))


@dataclass(frozen=True)
class Pinned:
    """A route as it is now: the layout that tasks pin, and how much there is to do."""

    layout: Layout
    points: int
    items: int


def pin(x: X, route: Route) -> Layout:
    """The route as it is now, with its templates' current revisions; equal ones are one row.

    :raises Conflict: it has no point, or a template has no revision yet.
    """
    found = pin_many(x, [route]).get(route.id)
    if found is not None:
        return found.layout
    if not points_of(x, route.id):
        raise Conflict(_("The route “{name}” has no points yet.").format(name=route.name))
    raise Conflict(_("A template of the route “{name}” has not been published yet.").format(name=route.name))


def pin_many(x: X, routes: Sequence[Route]) -> dict[UUID, Pinned]:
    """Routes as they are now, by id, in a few statements however many they are; those that cannot be walked are left out."""
    rows = _rows(x, routes)
    digests = {id: hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest() for id, one in rows.items()}
    here = Layout.tenant_id == x.tenant, Layout.parent_id.in_(digests), Layout.digest.in_(digests.values())
    known = {(one.parent_id, one.digest): one for one in x.session.scalars(sa.select(Layout).where(*here))}
    for route in routes:
        if route.id in rows and (route.id, digests[route.id]) not in known:
            made = x.add(route, Layout(digest=digests[route.id], points=rows[route.id]))
            known[route.id, made.digest] = made
    x.session.flush()
    wanted = {UUID(row["revision_id"]) for one in rows.values() for row in one}
    length = sa.select(Revision.id, sa.func.jsonb_array_length(Revision.items))
    sizes = {
        r[0]: r[1] for r in x.session.execute(length.where(Revision.tenant_id == x.tenant, Revision.id.in_(wanted)))
    }
    return {
        id: Pinned(known[id, digests[id]], len(one), sum(sizes[UUID(row["revision_id"])] for row in one))
        for id, one in rows.items()
    }


def _rows(x: X, routes: Sequence[Route]) -> dict[UUID, list[dict[str, Any]]]:
    """What is pinned of each route that can be walked."""
    mine = sa.select(Point).where(
        Point.tenant_id == x.tenant, Point.parent_id.in_([r.id for r in routes]), Point.active
    )
    points: dict[UUID, list[Point]] = {}
    for point in x.session.scalars(mine.order_by(Point.parent_id, Point.position, Point.id)):
        points.setdefault(point.parent_id, []).append(point)
    used = {p.template_id for several in points.values() for p in several}
    templates = {t.id: t for t in x.session.scalars(_of(x, Template, used))}
    return {
        id: [_row(n, p, templates[p.template_id]) for n, p in enumerate(several, start=1)]
        for id, several in points.items()
        if all(templates[p.template_id].current_id is not None for p in several)
    }


def _of(x: X, kind: Any, ids: set[UUID]) -> sa.Select[Any]:
    return sa.select(kind).where(kind.tenant_id == x.tenant, kind.id.in_(ids))


def _row(place: int, p: Point, template: Template) -> dict[str, Any]:
    return {
        "point_id": str(p.id), "position": place, "name": p.name, "location": p.location or "",
        "location_id": str(p.location_id) if p.location_id else None, "code": p.code, "nfc": p.nfc or "",
        "latitude": p.latitude, "longitude": p.longitude, "radius": p.radius,
        "template_id": str(p.template_id), "revision_id": str(template.current_id), "template": template.name,
    }  # fmt: skip


def stops(x: X, layout: Layout) -> list[Stop]:
    """The points of a pinned route with their items, in order."""
    wanted = {UUID(row["revision_id"]) for row in layout.points}
    known = {r.id: r for r in x.session.scalars(_of(x, Revision, wanted))}
    read = {id: tuple(items.read(r.items)) for id, r in known.items()}
    out = []
    for row in layout.points:
        revision = known[UUID(row["revision_id"])]
        ids = {n: UUID(row[n]) if row[n] else None for n in ("point_id", "location_id", "template_id", "revision_id")}
        out.append(Stop(**{**row, **ids}, version=revision.version, scored=revision.scored, items=read[revision.id]))
    return out


def of_task(x: X, task: Task) -> list[Stop]:
    """The points that a task pins. :raises NotFound: it pins none."""
    layout = x.session.get(Layout, (x.tenant, task.layout_id)) if task.layout_id else None
    if layout is None:
        raise NotFound()
    return stops(x, layout)


def by_text(x: X, text: str, pinned: Sequence[Stop], site: UUID) -> Stop:
    """The point of a task's route that a QR code or NFC tag names.

    :param text: what was read: an address that ends in the code, the code, or the tag's own text.
    :raises Invalid: in words: it is a point of another site, of another route, or no point at all.
    """
    code = text.strip().rsplit("/", 1)[-1]
    for stop in pinned:
        if stop.code == code or (stop.nfc and stop.nfc == text.strip()):
            return stop
    point = x.session.scalar(sa.select(Point).where(Point.tenant_id == x.tenant, Point.code == code))
    if point is None:
        raise _no(_("This code is none of the company's inspection points."))
    route = x.session.get_one(Route, (x.tenant, point.parent_id))
    if route.site_id != site:
        raise _no(_("This code belongs to another site. Look for the label of this route's point."))
    raise _no(_("“{point}” is on another route: {route}.").format(point=point.name, route=route.name))


def point_at(x: X, code: str) -> tuple[Point, Route]:
    """A point by what its QR code says, as far as this person may see its route. :raises NotFound: otherwise."""
    point = x.session.scalar(sa.select(Point).where(Point.tenant_id == x.tenant, Point.code == code))
    if point is None:
        raise NotFound()
    return point, x.get(Route, point.parent_id)


def _no(words: Any) -> Invalid:
    return Invalid(errors=(FieldError("code", words),))
