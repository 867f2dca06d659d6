"""What is due, and when: the one place that writes a company's rows of ``platform.due``.

Owns the statements. What the kinds mean, and when something is due, is said by those who put it; ``platform.tick`` makes
jobs of the rows. Creating a record in one statement puts its row within that statement (``records.direct``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .statements import Statement
from .tables import due

_KEY = ["tenant_id", "kind", "id"]
_row = insert(due)
_upsert = _row.on_conflict_do_update(index_elements=_KEY, set_={"due_at": _row.excluded.due_at})
_PUT = Statement(_upsert, ("tenant_id", "kind", "id", "due_at"))
_DROP = Statement(
    sa.delete(due).where(
        due.c.tenant_id == sa.bindparam("tenant"),
        due.c.kind == sa.bindparam("of_kind"),
        due.c.id == sa.bindparam("of_id"),
    )
)
_FEW = 4  # so many are put by a statement that is compiled already


def put(session: Session, tenant: UUID, several: Iterable[tuple[str, UUID, dt.datetime]]) -> None:
    """Note when things are due, as (kind, id, moment); a thing has one moment, the last that was put."""
    rows = [{"tenant_id": tenant, "kind": kind, "id": id, "due_at": at} for kind, id, at in several]
    if len(rows) <= _FEW:
        for row in rows:
            _PUT.run(session, row)
        return
    session.connection().execute(_upsert, rows)


def put_sooner(session: Session, tenant: UUID, kind: str, id: UUID, at: dt.datetime) -> None:
    """Note when something is due, unless it is due earlier already."""
    row = insert(due).values(tenant_id=tenant, kind=kind, id=id, due_at=at)
    sooner = {"due_at": sa.func.least(due.c.due_at, row.excluded.due_at)}
    session.execute(row.on_conflict_do_update(index_elements=_KEY, set_=sooner))


def drop(session: Session, tenant: UUID, kind: str, id: UUID) -> None:
    """Nothing of this is due any more."""
    _DROP.run(session, {"tenant": tenant, "of_kind": kind, "of_id": id})


def drop_many(session: Session, tenant: UUID, kind: str, ids: Iterable[UUID]) -> None:
    """Nothing of these is due any more."""
    session.execute(sa.delete(due).where(due.c.tenant_id == tenant, due.c.kind == kind, due.c.id.in_(list(ids))))
