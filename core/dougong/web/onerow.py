"""One record, with its timeline where that is asked for, as a single statement: what the API's detail reads.

The children come as one JSON text, made by the database in order, so that nothing is built per entry here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from ..records.custom import expression, stored_here
from ..records.fields import metas
from ..records.reads import ALWAYS
from ..records.record import Child
from ..records.visibility import ME, clause, known_relations, parameters
from ..tenancy.cells import Compiled

if TYPE_CHECKING:
    from ..access.gate import Gate
    from .plans import Plan

MOST = 500  # entries of each kind
TIMELINE = "timeline"


def query(plan: Plan, gate: Gate, id: UUID, *, timeline: bool = False) -> tuple[Compiled, dict[str, Any]]:
    """The statement and its values: all columns, ``is_<relation>`` flags, and ``timeline`` as JSON text (or NULL)."""
    resource = plan.resource
    scope = gate.scope(resource.permission("read"))
    given = parameters(resource, gate, scope)
    given["id"] = id
    return _compiled(plan, known_relations(resource, scope), timeline), given


@lru_cache(maxsize=512)
def _compiled(plan: Plan, relations: tuple[str, ...], timeline: bool) -> Compiled:
    resource, record = plan.resource, plan.record
    names = dict.fromkeys([*ALWAYS, *metas(record), *plan.unshown])
    columns: list[Any] = [getattr(record, name) for name in names]
    columns += [expression(record, one) for one in stored_here(plan.added)]
    columns += [sa.func.coalesce(rule(ME), False).label(f"is_{name}") for name, rule in resource.relations.items()]
    if timeline:
        columns.append(_timeline(plan).label(TIMELINE))
    mine = record.id == sa.bindparam("id", type_=sa.Uuid)
    return Compiled(sa.select(*columns).where(clause(resource, relations), mine))


def _timeline(plan: Plan) -> sa.ColumnElement[Any]:
    parts = [_entries(child) for child in plan.resource.timeline]
    if not parts:
        return sa.null()
    entries = sa.union_all(*parts).subquery()
    in_order = aggregate_order_by(entries.c.entry, entries.c.at)
    return sa.cast(sa.select(sa.func.json_agg(in_order)).scalar_subquery(), sa.Text)


def _word(text: str) -> sa.ColumnElement[str]:
    return sa.bindparam(None, text, sa.Text, unique=True, literal_execute=True)  # a declared name, part of the text


def _entries(child: type[Child]) -> sa.Select[Any]:
    pairs: list[Any] = [_word("kind"), _word(child.kind), _word("id"), child.id]
    for name in metas(child):
        pairs += [_word(name), getattr(child, name)]
    return (
        sa.select(child.at.label("at"), sa.func.json_build_object(*pairs, type_=sa.JSON).label("entry"))
        .where(
            child.tenant_id == sa.bindparam("tenant", type_=sa.Uuid),
            child.parent_id == sa.bindparam("id", type_=sa.Uuid),
        )
        .order_by(child.at.desc())
        .limit(MOST)
    )
