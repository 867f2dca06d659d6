"""Links between records of any modules, named by kind and seen only by those who may see both ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ..tenancy.stored import Stored, new_id
from .tables import Link
from .visibility import judged

if TYPE_CHECKING:
    from .context import Context


@dataclass(frozen=True)
class Linked:
    """The other end of a link."""

    kind: str
    id: UUID
    number: str
    title: str
    state: Any


def link(x: Context[Any], one: Stored, other: Stored, *, origin: bool = False, rule: str | None = None) -> None:
    """Link two records; doing it twice, or from the other end, makes one link.

    :param origin: ``one`` gave rise to ``other``; a link that said so of neither says it from now on.
    :param rule: key of the company's rule by which it did.
    :raises IntegrityError: the rule did so already.
    """
    first, second = sorted(((one.kind, one.id), (other.kind, other.id)))  # type: ignore[attr-defined]
    x.session.flush()
    statement = insert(Link.__table__).values(  # type: ignore[arg-type]
        tenant_id=x.tenant,
        id=new_id(),
        from_kind=first[0],
        from_id=first[1],
        to_kind=second[0],
        to_id=second[1],
        created_by=x.actor,
        created_at=x.now,
        origin_id=one.id if origin else None,  # type: ignore[attr-defined]
        rule=rule,
    )
    ends = ["tenant_id", "from_kind", "from_id", "to_kind", "to_id"]
    if origin:
        said = {"origin_id": statement.excluded.origin_id}
        x.session.execute(
            statement.on_conflict_do_update(index_elements=ends, set_=said, where=Link.origin_id.is_(None))
        )
    else:
        x.session.execute(statement.on_conflict_do_nothing(index_elements=ends))


def linked(x: Context[Any], kind: str, id: UUID) -> list[Linked]:
    """Records linked with one, as far as this person may see them and their modules are on."""
    query = sa.select(Link).where(
        sa.or_(sa.and_(Link.from_kind == kind, Link.from_id == id), sa.and_(Link.to_kind == kind, Link.to_id == id))
    )
    out = []
    for row in x.session.scalars(query.order_by(Link.id)):
        other = (row.to_kind, row.to_id) if (row.from_kind, row.from_id) == (kind, id) else (row.from_kind, row.from_id)
        resource = x.registry.resources.get(other[0])
        if resource is None or not x.gate.scope(resource.permission("read")):
            continue
        seen = judged(x, resource, other[1])
        if seen is not None:
            record = seen[0]
            state = getattr(record, resource.state) if resource.state else None
            out.append(
                Linked(*other, number=record.number, title=str(getattr(record, str(resource.title))), state=state)
            )
    return out
