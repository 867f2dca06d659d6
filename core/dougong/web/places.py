"""The locations of one site as a form offers them: the tree from buildings down to points, in the order of their codes.

Reads rows; who may see the site was judged by the caller.
"""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..tenancy.tables import Location

_STEP = "\u3000"  # a full-width space: the only indent that an option of a select keeps


def places(session: Session, tenant: UUID, site: UUID) -> list[tuple[str, str]]:
    """Ids and names, indented by depth; empty where the site keeps no register of its places."""
    query = sa.select(Location).where(Location.tenant_id == tenant, Location.site_id == site).order_by(Location.code)
    below: dict[UUID | None, list[Location]] = {}
    for each in session.scalars(query):
        below.setdefault(each.parent_id, []).append(each)
    made: list[tuple[str, str]] = []

    def walk(parent: UUID | None, depth: int) -> None:
        for each in below.get(parent, ()):
            made.append((str(each.id), _STEP * depth + each.name))
            walk(each.id, depth + 1)

    walk(None, 0)
    return made


def place(session: Session, tenant: UUID, id: UUID) -> str:
    """A location with what it lies in: ``3 号楼 / 2 单元``."""
    names: list[str] = []
    at: UUID | None = id
    while at is not None:
        found = session.get(Location, (tenant, at))
        if found is None:
            break
        names.append(found.name)
        at = found.parent_id
    return " / ".join(reversed(names)) or "–"
