"""The role in whose name searching reads, and the functions that are its own.

``dougong_search`` passes row security, cannot sign in, may read one table and owns one function, which takes the company
from the transaction's setting. Where the server grants no such role, the function stays the owner's and finds the same by
reading more; ``dougong doctor`` says so.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import errors, sql

SEARCH_ROLE = "dougong_search"
TABLE = "core.search_doc"
FUNCTION = "core.search_ids(text[], bigint[], text[], uuid[], text[], integer)"

_FIT = """
SELECT rolname FROM pg_catalog.pg_roles
WHERE rolname = 'dougong_search' AND rolbypassrls AND NOT rolcanlogin AND pg_has_role(current_user, oid, 'MEMBER')
"""
_OWNER = f"SELECT proowner::regrole::text FROM pg_catalog.pg_proc WHERE oid = to_regprocedure('{FUNCTION}')"  # noqa: S608


def make_role(connection: psycopg.Connection[Any], owner: str) -> bool:
    """Make the role and let the database's owner hand the function to it.

    :param connection: in autocommit. :returns: False where the connected role may not: a superuser has to.
    """
    try:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (SEARCH_ROLE,)).fetchone():
            connection.execute(
                sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT BYPASSRLS").format(
                    sql.Identifier(SEARCH_ROLE)
                )
            )
    except (errors.DuplicateObject, errors.UniqueViolation):
        pass  # another process was first
    except errors.InsufficientPrivilege:
        return False
    held = "SELECT pg_has_role(%s, %s, 'MEMBER')"
    row = connection.execute(held, (owner, SEARCH_ROLE)).fetchone()
    if row and row[0]:
        return True
    try:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(SEARCH_ROLE), sql.Identifier(owner)))
    except errors.UniqueViolation:
        return True  # likewise
    except errors.InsufficientPrivilege:
        return False
    return True


def hand_over(connection: psycopg.Connection[Any]) -> bool:
    """As the owner of the database, after the core's migrations: the function belongs to the role, if there is one.

    :returns: whether it does now.
    """
    if handed_over(connection):
        return True
    if connection.execute(_OWNER).fetchone() is None or connection.execute(_FIT).fetchone() is None:
        return False
    for statement in (
        f"GRANT USAGE, CREATE ON SCHEMA core TO {SEARCH_ROLE}",  # a new owner must be able to make it there
        f"GRANT SELECT ON {TABLE} TO {SEARCH_ROLE}",
        f"ALTER FUNCTION {FUNCTION} OWNER TO {SEARCH_ROLE}",
        f"REVOKE CREATE ON SCHEMA core FROM {SEARCH_ROLE}",
    ):
        connection.execute(sql.SQL(statement))
    return True


def handed_over(connection: psycopg.Connection[Any]) -> bool:
    """Whether searching uses its index in this database."""
    row = connection.execute(_OWNER).fetchone()
    return bool(row and row[0] == SEARCH_ROLE)


__all__ = ["FUNCTION", "SEARCH_ROLE", "TABLE", "hand_over", "handed_over", "make_role"]
