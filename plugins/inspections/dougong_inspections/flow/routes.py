"""Routes and their ordered points. What tasks have pinned stays as it was, whatever is changed here."""

from __future__ import annotations

from dougong import Form as Form
from dougong import Line, Whole, Workflow, asked, translator

from .. import layouts
from ..base import Reason, X, refuse
from ..choices import RouteState
from ..records import Point, Route
from ..settings import Settings

_ = translator("dougong_inspections")

flow = Workflow(Route, Route.status, Settings)
EDIT = "inspections.route.edit"


@flow.adding(_("Add a point"), RouteState.ACTIVE, Point, permission=EDIT, icon="plus")
def add_point(r: Route, p: Point, x: X) -> None:
    if r.points >= layouts.MOST_POINTS:
        raise refuse("name", _("A route has at most {n} points.").format(n=layouts.MOST_POINTS))
    _placed(p)
    p.code, p.position = layouts.new_code(), r.points + 1
    r.points += 1


def _placed(p: Point) -> None:
    """A position has both numbers, on the earth; a radius belongs to one."""
    if (p.latitude is None) != (p.longitude is None):
        raise refuse("longitude", _("Give both latitude and longitude, or neither."))
    if p.latitude is not None and not (-90 <= p.latitude <= 90 and -180 <= (p.longitude or 0) <= 180):
        raise refuse("latitude", _("is no place on the earth"))
    if p.radius is not None and not 5 <= p.radius <= 5_000:
        raise refuse("radius", _("must lie between 5 and 5000 metres"))
    if p.latitude is not None and p.radius is None:
        p.radius = 50


class OnePoint(Form):
    position: Whole = asked(_("Position"))


def _at(r: Route, position: int, x: X) -> tuple[Point, list[Point]]:
    points = layouts.points_of(x, r.id)
    if not 1 <= position <= len(points):
        raise refuse("position", _("There is no point at this position."))
    return points[position - 1], points


def _numbered(points: list[Point]) -> None:
    for n, point in enumerate(points, start=1):
        point.position = n


class Moving(OnePoint):
    to: Whole = asked(_("To position"))


@flow.on(_("Move a point"), RouteState.ACTIVE, form=Moving, permission=EDIT, icon="mods")
def move_point(r: Route, f: Moving, x: X) -> None:
    point, points = _at(r, f.position, x)
    if not 1 <= f.to <= len(points):
        raise refuse("to", _("There is no point at this position."))
    points.remove(point)
    points.insert(f.to - 1, point)
    _numbered(points)


class Changing(OnePoint):
    name: Line | None = asked(_("New name"), default=None)
    location: Line | None = asked(_("New location"), default=None)
    nfc: Line | None = asked(_("New text on the NFC tag"), default=None)


@flow.on(_("Change a point"), RouteState.ACTIVE, form=Changing, permission=EDIT, icon="edit")
def change_point(r: Route, f: Changing, x: X) -> None:
    """What is left empty stays; its QR code stays in any case."""
    point, _points = _at(r, f.position, x)
    for name in ("name", "location", "nfc"):
        if (value := getattr(f, name)) is not None:
            setattr(point, name, value)


@flow.on(_("Take a point off"), RouteState.ACTIVE, form=OnePoint, permission=EDIT, icon="trash", danger=True)
def drop_point(r: Route, f: OnePoint, x: X) -> None:
    """Its results stay; its code opens nothing any more."""
    point, points = _at(r, f.position, x)
    point.active = False
    points.remove(point)
    _numbered(points)
    r.points = len(points)


@flow.on(_("Use no longer"), RouteState.ACTIVE, RouteState.RETIRED, form=Reason, icon="close", danger=True)
def retire(r: Route, f: Reason, x: X) -> None:
    """Plans of it make no more tasks."""


flow.step(
    "use_again",
    _("Use again"),
    RouteState.RETIRED,
    RouteState.ACTIVE,
    permission="inspections.route.retire",
    icon="undo",
)
