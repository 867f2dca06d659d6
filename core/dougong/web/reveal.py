"""Opening a masked value: allowed by the field's own permission, and written into the record's history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ..errors import Forbidden, NotFound
from ..records import custom, history
from ..records.context import Context
from ..records.visibility import judged
from .plans import Plan
from .rights import revealable


def reveal(x: Context[Any], plan: Plan, id: UUID, name: str) -> Any:
    """The open value of a masked field; that it was opened is logged in the same transaction.

    :raises NotFound: no such record or no masked field of that name, for this person.
    :raises Forbidden: the record may be viewed, this value may not.
    """
    held = judged(x, plan.resource, id)
    shape = plan.fields.get(name)
    if held is None or shape is None or not shape.meta.mask:
        raise NotFound()
    record, relations = held
    if not revealable(shape, x.gate, record.site_id, relations):
        told = x.gate.explain(shape.meta.reads or plan.resource.permission("read"), record.site_id, relations)
        raise Forbidden(told.mend, extra={"explanation": told})
    history.write(x.session, plan.kind, id, "reveal", actor=x.actor, at=x.now, changes={}, inputs={"field": name})
    return getattr(custom.fill(x, record), name)
