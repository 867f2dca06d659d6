"""What lists are ordered by: an expression that is never NULL, so that a cursor can compare with it, and its index.

CASE and not COALESCE: under row security PostgreSQL takes only conditions into an index of which it knows that they tell
nothing, and it does not know that of COALESCE.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ..choices import ChoiceType


def nothing(kind: Any) -> Any:
    """What an empty value is sorted as: after everything else, text before."""
    if isinstance(kind, sa.DateTime):
        return dt.datetime(2300, 1, 1, tzinfo=dt.UTC)
    if isinstance(kind, sa.Date):
        return dt.date(2300, 1, 1)
    if isinstance(kind, sa.Uuid):
        return UUID(int=2**128 - 1)
    if isinstance(kind, sa.Boolean):
        return False
    return 2**53 if isinstance(kind, sa.Integer | sa.Numeric) else ""


def order_key(column: Any, nullable: bool) -> Any:
    """What a list is ordered by for a column."""
    if isinstance(column.type, ChoiceType):
        column = sa.type_coerce(column, sa.Text())
    if not nullable:
        return column
    # In the text and no parameter: the index holds the same text.
    empty = sa.bindparam(None, nothing(column.type), column.type, literal_execute=True)
    return sa.case((column.is_(None), empty), else_=column)


def _written(empty: Any) -> str:
    return f"{empty:%Y-%m-%d %H:%M:%S}+00" if isinstance(empty, dt.datetime) else str(empty)


def order_index(table: sa.Table, name: str) -> sa.Index:
    """The index that makes a list ordered by a column as quick on any page as on the first."""
    column = table.c[name]
    key: Any = column
    if column.nullable:  # as PostgreSQL writes it itself, so that declaration and table compare equal
        empty = f"{sa.literal(_written(nothing(column.type))).compile(compile_kwargs={'literal_binds': True})}"
        kind = column.type.compile(postgresql.dialect()).lower()  # type: ignore[no-untyped-call]
        key = sa.literal_column(f"(\nCASE\n    WHEN {name} IS NULL THEN {empty}::{kind}\n    ELSE {name}\nEND)")
    return sa.Index(f"ix_{table.name}_by_{name}", table.c.tenant_id, key, table.c.id)


__all__ = ["nothing", "order_index", "order_key"]
