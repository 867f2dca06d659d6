"""Mapped base classes of every tenant-owned table, and the row-level security that belongs to them.

Owns: composite keys that begin with the tenant, table and schema from the ``kind``, tenant-aware foreign
keys, the policy text. Knows nothing of sites, people or records.
"""

from __future__ import annotations

import contextvars
import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, cast
from uuid import UUID

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ..words import Lazy

APP_ROLE = "dougong_app"
POLICY = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

current_tenant: contextvars.ContextVar[UUID] = contextvars.ContextVar("current_tenant")
KINDS: dict[str, type[Stored]] = {}


def new_id() -> UUID:
    """A UUIDv7, made here so that PostgreSQL 15 to 17 serve too."""
    return UUID(int=uuid_utils.uuid7().int)


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {
        str: sa.Text,
        int: sa.BigInteger,
        dt.datetime: sa.DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


class Stored(Base):
    """A tenant-owned row. ``kind="schema.table"`` is the one stable name of a table, address, permission and link.

    :param of: parent of a child table; its ``parent_id`` becomes a foreign key.
    :param unique: column names of unique constraints, without the tenant, which is put first.
    :param indexes: likewise for plain indexes.
    """

    __abstract__ = True
    kind: ClassVar[str] = ""
    label: ClassVar[Lazy] = Lazy("")
    privileges: ClassVar[str] = "SELECT, INSERT, UPDATE, DELETE"  # of the application's role

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, default=current_tenant.get, sort_order=-10)

    def __init_subclass__(
        cls,
        *,
        kind: str | None = None,
        label: Lazy | None = None,
        of: type[Stored] | None = None,
        unique: Sequence[Sequence[str]] = (),
        indexes: Sequence[Sequence[str]] = (),
        **more: Any,
    ) -> None:
        if kind is None:
            super().__init_subclass__(**more)
            return
        schema, _dot, name = kind.partition(".")
        if not name or kind in KINDS:
            raise TypeError(f"{cls.__name__}: kind {kind!r} must be 'module.name' and not used before")
        cls.kind, cls.label = kind, label or Lazy(cls.__name__)
        cls.__tablename__ = name
        cls.__table_args__ = (
            *(sa.UniqueConstraint("tenant_id", *columns) for columns in unique),
            *(sa.Index(None, "tenant_id", *columns) for columns in indexes),
            {"schema": schema},
        )
        super().__init_subclass__(**more)
        _add_references(cls, of)
        KINDS[kind] = cls


def _add_references(cls: type[Stored], of: type[Stored] | None) -> None:
    table = cast(sa.Table, cls.__table__)
    for column in list(table.columns):
        target = column.info.get("ref") or (of if column.name == "parent_id" else None)
        if target is None:
            continue
        other = cls if target == "self" else KINDS[target] if isinstance(target, str) else target
        there = cast(sa.Table, other.__table__)
        table.append_constraint(sa.ForeignKeyConstraint([table.c.tenant_id, column], [there.c.tenant_id, there.c.id]))
        if not any(list(i.columns)[:2] == [table.c.tenant_id, column] for i in table.indexes):
            sa.Index(None, table.c.tenant_id, column)


class Identified(Stored):
    """A tenant-owned row with an id of its own (UUIDv7)."""

    __abstract__ = True
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-9)


def reference(target: type[Stored] | str, **options: Any) -> Any:
    """A column that points to ``target`` (a class, a kind, or ``"self"``) within the same tenant."""
    return mapped_column(info={"ref": target}, **options)


def companions(cls: type[Stored]) -> list[str]:
    """Every statement that makes a declared table what it has to be, beyond the table: row security, grants, statistics.

    A site belongs to one company, which the planner cannot know: it multiplies the two and expects a tenth of the rows
    that come, so a list's newest rows would be sorted out of all instead of read in order. The statistics say it.
    """
    schema, _dot, table = cls.kind.partition(".")
    out = row_security(schema, table, cls.privileges)
    if "site_id" in cls.__table__.columns:
        out.append(
            f"CREATE STATISTICS {schema}.st_{table}_site (dependencies) ON tenant_id, site_id FROM {schema}.{table}"
        )
    return out


def row_security(schema: str, table: str, privileges: str = Stored.privileges) -> list[str]:
    """The statements that put a table behind the tenant barrier; migrations carry them, the audit compares them."""
    name = f"{schema}.{table}"
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {name} USING ({POLICY}) WITH CHECK ({POLICY})",
        f"GRANT {privileges} ON {name} TO {APP_ROLE}",
    ]


__all__ = [
    "APP_ROLE",
    "KINDS",
    "POLICY",
    "Base",
    "Identified",
    "Stored",
    "current_tenant",
    "new_id",
    "reference",
    "row_security",
]
