"""References that a form offers to choose from: what ``ref(…, offers=…)`` opens to one person, by number and title.

Owns the question in SQL, the few that a form lists, the check on write, and numbers in the place of ids. Draws nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..errors import FieldError, Invalid
from ..tenancy.stored import Stored
from ..words import translator
from .fields import Meta, metas, target_of
from .naming import meant
from .record import Record
from .visibility import ME, me, readable

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

_ = translator("dougong")

FEW = 40  # listed in a select; more are searched by typing
MANY = 200  # offered to the search of an input

UNKNOWN = _("There is no record with this number, or you may not view it.")


def _offered(x: Context[Any], resource: Resource[Any], meta: Meta) -> sa.Select[Any]:
    """What this person may see of the target and the field offers."""
    query = readable(x, resource.record)
    return query.where(meta.offers(ME)).params(**me(x.gate)) if callable(meta.offers) else query


def options(x: Context[Any], target: str, meta: Meta, sites: Iterable[UUID] | None) -> list[tuple[UUID, str, str]]:
    """Id, number and title of what a form offers, at most ``MANY``, in order of their numbers; empty: its module is off.

    :param sites: where the record will be: offered is what stands there and as far around as the field reaches; None: anywhere.
    """
    resource = x.registry.resources.get(target)
    if resource is None or resource.module not in x.snapshot.modules:
        return []
    kind, tree = resource.record, x.snapshot.sites
    query = _offered(x, resource, meta)
    if sites is not None and meta.reach != "company":
        line = meta.reach == "line"
        near = {one for site in sites for one in ((*tree.ancestors(site), *tree.subtree(site)) if line else (site,))}
        query = query.where(kind.site_id.in_(near))
    named = query.with_only_columns(kind.id, kind.number, getattr(kind, str(resource.title)))
    rows = x.session.execute(named.order_by(kind.number).limit(MANY)).all()
    return [(id, number, "" if title == number else str(title or "")) for id, number, title in rows]


def is_offered(x: Context[Any], resource: Resource[Any], meta: Meta | None, id: UUID) -> bool:
    """Whether the field's own rule offers this record to this person; a field without a rule offers all that they see."""
    if meta is None or not callable(meta.offers) or x.gate.system:
        return True
    query = _offered(x, resource, meta).where(resource.record.id == id)
    return x.session.scalar(query.with_only_columns(resource.record.id)) is not None


@functools.lru_cache(maxsize=1024)
def _offering(kind: type[Stored]) -> Mapping[str, type[Record]]:
    found = {name: target_of(column, kind) for name, (column, meta) in metas(kind).items() if meta.offers}
    return {name: target for name, target in found.items() if target is not None and issubclass(target, Record)}


def named(kind: type[Stored], body: Mapping[str, Any], x: Context[Any]) -> Mapping[str, Any]:
    """A body with ids where it said what records that are offered are called: their numbers, or what they are known by.

    :raises Invalid: no record of such a name that this person may see, by field.
    """
    said = {
        name: body[name].strip() for name in _offering(kind) if isinstance(body.get(name), str) and body[name].strip()
    }
    made, wrong = dict(body), []
    for name, text in said.items():
        if _is_id(text):
            continue
        found = meant(x, _offering(kind)[name], text)
        if found is None:
            wrong.append(FieldError(name, UNKNOWN))
        made[name] = str(found)
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return made if said else body


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


__all__ = ["FEW", "is_offered", "named", "options"]
