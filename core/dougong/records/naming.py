"""What codes stand for: the names that lists and pages say after them (``field(named=…)``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..tenancy.stored import Stored
from .fields import metas

if TYPE_CHECKING:
    from .context import Context


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


__all__ = ["name_of", "named"]
