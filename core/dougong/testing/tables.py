"""Tables straight from a declaration, for tests of modules that have no migrations (yet)."""

from __future__ import annotations

import psycopg
import sqlalchemy as sa

from ..tenancy.stored import APP_ROLE, KINDS, Base, companions


def create_tables(owner_address: str, schema: str) -> None:
    """Create a module's schema with its tables, policies and grants, as its first migration would.

    :param owner_address: libpq URI of the database's owner. :param schema: the module's name.
    """
    kinds = [cls for kind, cls in KINDS.items() if kind.partition(".")[0] == schema]
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_address))
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {schema} TO {APP_ROLE}")
        Base.metadata.create_all(connection, tables=[cls.__table__ for cls in kinds], checkfirst=False)  # type: ignore[misc]
        for cls in kinds:
            for statement in companions(cls):
                connection.exec_driver_sql(statement)
    engine.dispose()
