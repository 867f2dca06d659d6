"""Guards judged in the event loop: which steps a record offers, from rows that are already there.

A guard only reads. It gets the record built from its row, and children are read (once, compiled) when one asks for
them. A guard that needs more of the database says so by touching the session; the caller then judges in a thread.
This only says what is offered: whether a step is taken is judged again by ``records.actions``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from ..choices import ChoiceType
from ..records.context import Context
from ..records.direct import NeedsDatabase, NoSession
from ..records.record import Child, Record
from ..records.workflow import Transition
from ..tenancy.cells import Compiled
from ..tenancy.stored import Stored
from .plans import Plan
from .requests import read
from .work import settings_of

if TYPE_CHECKING:
    from .requests import Asked

MOST_KINDS = 8  # of children that one look at a record may read


class _Rows(Context[Any]):
    """A context over rows instead of a session."""

    held: dict[type[Child], list[Any]]
    parent: UUID
    fresh: bool

    def children(self, parent: Record, kind: type[Any]) -> list[Any]:
        if parent.id != self.parent:
            raise NeedsDatabase
        if self.fresh:
            return []
        if kind not in self.held:
            raise NeedsDatabase(kind)
        return self.held[kind]


_COLUMNS: dict[type[Stored], tuple[tuple[str, Any], ...]] = {}


def _columns(kind: type[Stored]) -> tuple[tuple[str, Any], ...]:
    """Attributes of a class with what turns a driver's value into Python's, where it needs that."""
    if kind in _COLUMNS:
        return _COLUMNS[kind]
    made = []
    for attribute in sa.inspect(kind).column_attrs:
        column = attribute.columns[0]
        turn: Any = None
        if isinstance(column.type, ChoiceType):
            turn = lambda value, type=column.type: type.process_result_value(value, None)  # noqa: E731
        elif isinstance(column.type, JSONB):
            turn = lambda value: msgspec.json.decode(value) if isinstance(value, str) else value  # noqa: E731
        made.append((attribute.key, turn))
    found = _COLUMNS[kind] = tuple(made)
    return found


def revive(kind: type[Any], row: Mapping[str, Any], tenant: UUID) -> Any:
    """An object of a declared class from a row with all its columns; belongs to no session."""
    made = sa.inspect(kind).class_manager.new_instance()
    values = {key: (turn(row[key]) if turn else row[key]) for key, turn in _columns(kind) if key != "tenant_id"}
    made.__dict__.update(values, tenant_id=tenant)
    return made


@lru_cache(maxsize=512)
def _children(kind: type[Child]) -> Compiled:
    columns = [getattr(kind, key) for key, _turn in _columns(kind) if key != "tenant_id"]
    tenant, parent = sa.bindparam("tenant", type_=sa.Uuid), sa.bindparam("id", type_=sa.Uuid)
    mine = (kind.tenant_id == tenant, kind.parent_id == parent)
    return Compiled(sa.select(*columns).where(*mine).order_by(kind.at, kind.id))


async def offered(
    asked: Asked,
    plan: Plan,
    row: Mapping[str, Any],
    steps: Sequence[Transition[Any, Any, Any]],
    *,
    fresh: bool = False,
) -> list[str]:
    """Names of those steps whose guards let the record through.

    :param row: all columns of the record. :param fresh: it was just created and has no children yet.
    :raises NeedsDatabase: a guard wants more than the record and its children.
    """
    tenant, id = asked.snapshot.tenant, row["id"]
    session = cast("Session", NoSession())
    x = _Rows(session, asked.gate, settings_of(asked, plan), asked.now, asked.app.registry)
    x.held, x.parent, x.fresh = {}, id, fresh
    record = revive(plan.record, row, tenant)
    for _try in range(MOST_KINDS):
        try:
            return [step.name for step in steps if all(guard.test(record, x) for guard in step.guards)]
        except NeedsDatabase as needs:
            if needs.kind is None:
                raise
            kind = needs.kind
        rows = await read(asked, _children(kind), tenant=tenant, id=id)
        x.held[kind] = [revive(kind, child, tenant) for child in rows]
    raise NeedsDatabase
