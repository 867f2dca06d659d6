"""Tables straight from a declaration, for tests of modules that have no migrations (yet)."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa

from ..tenancy.stored import APP_ROLE, KINDS, Base, row_security


def create_tables(owner_address: str, schema: str) -> None:
    """Create a module's schema with its tables, policies and grants, as its first migration would.

    :param owner_address: libpq URI of the database's owner. :param schema: the module's name.
    """
    tables = [cls.__table__ for kind, cls in KINDS.items() if kind.partition(".")[0] == schema]
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_address))
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {APP_ROLE}")
        Base.metadata.create_all(connection, tables=tables, checkfirst=False)  # type: ignore[arg-type]
        for table in tables:
            for statement in row_security(schema, table.name):  # type: ignore[attr-defined]
                connection.exec_driver_sql(statement)
    engine.dispose()
