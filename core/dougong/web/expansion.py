"""``?expand=owner_id,site_id,links``: what references name, told beside the rows, by reference and id.

Tells exactly what the person may see: a reference to a record that they may not view is left out, as it is in a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..errors import BadRequest, FieldError
from ..records.tables import Link
from ..tenancy.tables import Location
from ..words import translator
from . import rights
from .plans import Plan
from .requests import write
from .work import context

if TYPE_CHECKING:
    from ..records.context import Context
    from .requests import Asked

_ = translator("dougong")

LINKS = "links"
_KINDS = ("person", "site", "location", "record")
_MOST_LINKS = 2000
Rows = Sequence[Mapping[str, Any]]


def expandable(plan: Plan) -> list[str]:
    """Fields that refer to something."""
    return [name for name, shape in plan.fields.items() if shape.kind in _KINDS]


def wanted(asked: Asked, plan: Plan) -> tuple[str, ...]:
    """The references that a request wants told. :raises BadRequest: one that there is not."""
    texts = asked.query.getlist("expand")
    if not texts:
        return ()
    names = tuple(dict.fromkeys(name.strip() for text in texts for name in text.split(",") if name.strip()))
    known = [*expandable(plan), LINKS]
    if unknown := [name for name in names if name not in known]:
        told = _("“expand” cannot tell of {names}. Possible are: {known}.")
        raise BadRequest(
            told.format(names=", ".join(n[:60] for n in unknown[:5]), known=", ".join(known)),
            errors=(FieldError("expand", _("is not one of the possible choices")),),
        )
    return names


async def expanded(asked: Asked, plan: Plan, names: Iterable[str], rows: Rows) -> dict[str, dict[str, Any]]:
    """What the references of rows name. :param rows: as this person is shown them, so that nothing hidden is followed."""
    out: dict[str, dict[str, Any]] = {}
    loading: dict[str, set[UUID]] = {}
    for name in names:
        if name == LINKS:
            loading[LINKS] = {row["id"] for row in rows}
            continue
        ids = {id for row in rows if isinstance(id := row.get(name), UUID)}
        kind = plan.fields[name].kind
        if kind == "person":
            people = asked.snapshot.people
            out[name] = {str(id): {"id": id, "name": people[id].name} for id in ids if id in people}
        elif kind == "site":
            sites = {id: asked.snapshot.sites.get(id) for id in ids}
            out[name] = {str(id): {"id": id, "slug": n.slug, "name": n.name} for id, n in sites.items() if n}
        else:
            loading[name] = ids
    if loading:
        out |= await write(asked, lambda session: _loaded(asked, session, plan, loading))
    return out


def _loaded(asked: Asked, session: Session, plan: Plan, loading: Mapping[str, set[UUID]]) -> dict[str, dict[str, Any]]:
    x = context(asked, session, plan)
    out: dict[str, dict[str, Any]] = {}
    for name, ids in loading.items():
        if name == LINKS:
            out[name] = _links(x, plan.kind, ids)
        elif plan.fields[name].kind == "location":
            query = sa.select(Location).where(Location.tenant_id == x.tenant, Location.id.in_(ids))
            found = session.scalars(query) if ids else ()
            out[name] = {str(one.id): {"id": one.id, "code": one.code, "name": one.name} for one in found}
        else:
            out[name] = {str(id): told for id, told in records(x, plan.fields[name].target or "", ids).items()}
    return out


def records(x: Context[Any], kind: str, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Number, title and state of records of one kind, as far as this person may see them."""
    resource, ids = x.registry.resources.get(kind), tuple(ids)
    if not ids or resource is None or resource.module not in x.snapshot.modules:
        return {}
    if not x.gate.scope(resource.permission("read")):
        return {}
    out = {}
    for one in x.session.scalars(x.readable(resource.record).where(resource.record.id.in_(ids))):
        state = rights.stored(getattr(one, resource.state)) if resource.state else None
        title = getattr(one, str(resource.title))
        out[one.id] = {"kind": kind, "id": one.id, "number": one.number, "title": str(title), "state": state}
    return out


def _links(x: Context[Any], kind: str, ids: set[UUID]) -> dict[str, Any]:
    """The linked records of each record, both ways, in the order in which they were linked."""
    here = sa.or_(
        sa.and_(Link.from_kind == kind, Link.from_id.in_(ids)), sa.and_(Link.to_kind == kind, Link.to_id.in_(ids))
    )
    query = sa.select(Link).where(Link.tenant_id == x.tenant, here).order_by(Link.id).limit(_MOST_LINKS)
    pairs: list[tuple[UUID, str, UUID]] = []
    for link in x.session.scalars(query) if ids else ():
        ends = ((link.from_kind, link.from_id), (link.to_kind, link.to_id))
        for mine, there in (ends, ends[::-1]):
            if mine[0] == kind and mine[1] in ids:
                pairs.append((mine[1], *there))
    known: dict[tuple[str, UUID], dict[str, Any]] = {}
    for other_kind in dict.fromkeys(k for _id, k, _other in pairs):
        told = records(x, other_kind, {other for _id, k, other in pairs if k == other_kind})
        known |= {(other_kind, id): one for id, one in told.items()}
    out: dict[str, Any] = {str(id): [] for id in ids}
    for id, other_kind, other in pairs:
        if (other_kind, other) in known:
            out[str(id)].append(known[other_kind, other])
    return out


__all__ = ["expandable", "expanded", "records", "wanted"]
