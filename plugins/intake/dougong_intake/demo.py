"""The demo's codes: one for each project and one for each of its buildings; the address of the first is told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Context, Location, translator

from .keys import new_token
from .records import Point

_ = translator("dougong_intake")


def fill(x: Context[Any]) -> None:
    """Codes as a company would have put them up."""
    for node in x.snapshot.sites.ordered():
        if node.type != "project" or not x.snapshot.module_on("intake", node.id):
            continue
        places = x.session.scalars(
            sa.select(Location.id).where(Location.site_id == node.id, Location.type == "building")
        )
        for place in (None, *places):
            x.session.add(Point(token=new_token(), site_id=node.id, location_id=place, made_at=x.now))


def doors(x: Context[Any]) -> list[tuple[str, str]]:
    """Label and path of one code that is in use: of a building, where there is one."""
    in_use = sa.select(Point).where(Point.off_at.is_(None))
    point = x.session.scalar(in_use.order_by(Point.location_id.is_(None), Point.id).limit(1))
    return [(str(_("As a resident, without an account")), f"/intake/f/{point.token}")] if point else []
