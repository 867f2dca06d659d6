"""What may be told of a record to a program that nobody watches: messages, feeds, webhooks.

Narrower than a page: a masked value can be opened there, which is logged, and here it is left out, as is every personal
value that no permission guards. Judges by the person of the context it is given.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from ..access.gate import Gate
from ..choices import Choice
from ..records import custom
from ..records.context import Context
from ..records.visibility import judged
from .plans import plan_of


def told(x: Context[Any], kind: str, id: UUID) -> dict[str, Any] | None:
    """The fields of a record, ready for JSON, as far as the context's person may read them at this moment.

    :returns: None where there is no such record for this person: it is not there, not theirs to see, its module is off.
    """
    resource = x.registry.resources.get(kind)
    if resource is None or resource.module not in x.snapshot.modules:
        return None
    held = judged(x, resource, id)
    if held is None:
        return None
    record, relations = custom.fill(x, held[0]), held[1]
    fields = plan_of(resource, x.snapshot.custom(kind)).fields
    return {
        name: jsonable(getattr(record, name))
        for name, shape in fields.items()
        if shape.kind != "file" and _open(shape.meta, x.gate, record.site_id, relations)
    }


def _open(meta: Any, gate: Gate, site: UUID, relations: frozenset[str]) -> bool:
    if meta.mask or (meta.personal and not meta.reads):
        return False
    return not meta.reads or gate.may(meta.reads, site, relations)


def jsonable(value: Any) -> Any:
    """A stored value as the API writes it."""
    if isinstance(value, Choice):
        return value.value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date | UUID):
        return str(value)
    return custom.plain_number(value) if isinstance(value, Decimal) else value


__all__ = ["jsonable", "told"]
