"""What a code on the wall opens: its site and place, the forms that are offered there, the notice that holds.

Everything that cannot be opened (unknown, switched off, of another company, at a closed site, without a form) is the
same: it does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from dougong import Asked, Context, Location, NotFound, ResidentForm
from sqlalchemy.orm import Session

from . import texts
from .records import Point
from .settings import Settings

MODULE = "intake"


@dataclass(frozen=True)
class Scene:
    """Where somebody stands who has scanned a code. ``notice``: version, Chinese, English."""

    point: Point
    site: str
    place: str
    forms: list[ResidentForm[Any]]
    notice: tuple[int, str, str]

    def form(self, slug: str | None) -> ResidentForm[Any] | None:
        """The form that was chosen, or the only one. :raises NotFound: chosen, and not offered here."""
        if slug is None:
            return self.forms[0] if len(self.forms) == 1 else None
        found = next((one for one in self.forms if one.slug == slug), None)
        if found is None:
            raise NotFound
        return found


def settings_of(asked: Asked) -> Settings:
    found = asked.snapshot.settings(MODULE)
    assert isinstance(found, Settings)
    return found


def as_system(asked: Asked, session: Session) -> Context[Any]:
    """A unit of work of the system, for a page that is open to everybody: these pages answer for what they do in it."""
    gate = asked.snapshot.gate(None, asked.now)
    return Context(
        session, gate, settings_of(asked), asked.now, asked.app.registry, asked.app.jobs, store=asked.app.files
    )


def offered(x: Context[Any], point: Point) -> list[ResidentForm[Any]]:
    """The forms that a code opens now."""
    if not x.snapshot.module_on(MODULE, point.site_id):
        return []
    return [
        form
        for module, form in x.contributed(ResidentForm)
        if x.snapshot.module_on(module, point.site_id) and point.form in (None, form.slug)
    ]


def scene(session: Session, asked: Asked, token: str) -> Scene:
    """:raises NotFound: this token opens nothing."""
    point = session.scalar(sa.select(Point).where(Point.token == token, Point.off_at.is_(None)))
    forms = offered(as_system(asked, session), point) if point else []
    if point is None or not forms:
        raise NotFound
    place = session.get(Location, (asked.snapshot.tenant, point.location_id)) if point.location_id else None
    session.expunge(point)
    return Scene(
        point,
        asked.snapshot.sites.node(point.site_id).name,
        place.name if place else "",
        forms,
        texts.current(session, asked, settings_of(asked)),
    )
