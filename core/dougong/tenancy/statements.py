"""Writes that are compiled once: what every unit of work inserts, run on its own connection without the ORM's bookkeeping.

The hot spot of a create is not the database but composing the same few statements again; here they are text after
their first use. Row security, transaction and errors are those of the session. Everything else goes through the ORM.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import msgspec
import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.orm import Session

_DIALECT = psycopg_dialect.dialect()  # type: ignore[no-untyped-call]


class Statement:
    """A statement as text, with what its values need before they are sent."""

    __slots__ = ("_processors", "sql")

    def __init__(self, statement: sa.Insert | sa.Update | sa.Delete, names: tuple[str, ...] | None = None) -> None:
        done = statement.compile(dialect=_DIALECT, column_keys=list(names) if names is not None else None)
        self.sql = str(done)
        types = {name: parameter.type.dialect_impl(_DIALECT) for name, parameter in done.binds.items()}
        found = {name: kind.bind_processor(_DIALECT) for name, kind in types.items()}
        self._processors: dict[str, Callable[[Any], Any]] = {n: p for n, p in found.items() if p is not None}

    def run(self, session: Session, values: Mapping[str, Any]) -> psycopg.Cursor[Any]:
        """Run it in the session's transaction.

        :raises psycopg.errors.UniqueViolation: and the driver's other errors, as they are.
        """
        driver = session.connection().connection.driver_connection
        assert driver is not None
        given = {n: self._processors[n](v) if n in self._processors else v for n, v in values.items()}
        cursor: psycopg.Cursor[Any] = driver.execute(self.sql, given)
        return cursor


@functools.lru_cache(maxsize=1024)
def _insert(table: sa.Table, names: tuple[str, ...]) -> Statement:
    return Statement(sa.insert(table), names)


def insert_row(session: Session, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Insert one row of the session's company; values that are None are left out.

    :param values: by column; the tenant is put in.
    """
    given = {"tenant_id": session.info["bound"].tenant, **{n: v for n, v in values.items() if v is not None}}
    _insert(table, tuple(given)).run(session, given)


def insert_rows(
    session: Session, table: sa.FromClause, rows: Sequence[Mapping[str, Any]], *, key: tuple[str, ...] = ()
) -> None:
    """Insert many rows of the session's company with one statement; they travel as one JSON text.

    COPY is not to be had under row security, and a statement a row costs a multiple.

    :param table: a table, or a class's ``__table__``.
    :param rows: all with the same columns; values as their columns take them, enumerations by value.
    :param key: columns beside the tenant: a row that has the same ones already is replaced.
    """
    if not rows:
        return
    text = msgspec.json.encode(rows).decode()
    names = tuple(name for name in rows[0] if name != "tenant_id")
    _many(cast("sa.Table", table), names, key).run(session, {"tenant": session.info["bound"].tenant, "rows": text})


@functools.lru_cache(maxsize=256)
def _many(table: sa.Table, names: tuple[str, ...], key: tuple[str, ...]) -> Statement:
    columns = [sa.column(name, table.c[name].type) for name in names]
    given = sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text), sa.JSON(none_as_null=True)))
    found = given.table_valued(*columns, name="given").render_derived(with_types=True)
    chosen = sa.select(sa.bindparam("tenant", type_=sa.Uuid), *(found.c[name] for name in names))
    made = insert(table).from_select(["tenant_id", *names], chosen, include_defaults=False)
    if key:
        changed = {name: made.excluded[name] for name in names if name not in key}
        made = made.on_conflict_do_update(index_elements=["tenant_id", *key], set_=changed)
    return Statement(made)
