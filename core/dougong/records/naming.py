"""How records are named: what codes stand for (``field(named=…)``), and what a record is known by (``known_by=``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..tenancy.stored import Stored
from .fields import metas
from .record import Record
from .visibility import readable

if TYPE_CHECKING:
    from .context import Context

LONGEST = 200  # characters of what a record may be called


def name_of(kind: type[Stored], name: str) -> sa.Label[str] | None:
    """What a coded field stands for, as ``<field>.named`` in a statement about the rows; None: it has no names."""
    found = metas(kind).get(name)
    if found is None or found[1].named is None:
        return None
    return found[1].named(getattr(kind, name)).correlate(kind).scalar_subquery().label(f"{name}.named")


def named(x: Context[Any], record: Any, name: str) -> str | None:
    """What the code in a field of a stored record stands for; None: nothing has this code, or the field has no names."""
    kind = type(record)
    wanted = name_of(kind, name)
    if wanted is None:
        return None
    return x.session.scalar(sa.select(wanted).where(kind.tenant_id == x.tenant, kind.id == record.id))


def meant(x: Context[Any], kind: type[Record], text: str) -> UUID | None:
    """The record that somebody means: with this number, else known by it; None: none that they may see."""
    if "\0" in text:  # what the database cannot even be asked
        return None
    said = text.strip()[:LONGEST]
    known: Any = kind
    ways = [known.number == said, *(getattr(known, name) == said for name in known.known_by)]
    query = readable(x, kind).where(sa.or_(*ways)).with_only_columns(known.id)
    return x.session.scalar(query.order_by(sa.desc(ways[0])).limit(1))


__all__ = ["meant", "name_of", "named"]
