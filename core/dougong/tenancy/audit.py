"""The schema audit: whether the database as it stands keeps companies apart, whatever the code believes.

Every table outside the fixed list of the platform must have the tenant first in every key and be behind row
security with the one policy; those of the platform in which a company writes rows of its own have the policy too.
What roles, functions and views may do is judged in ``audit_rights``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from ..words import Lazy, translator
from .audit_rights import OWN_ROWS, judge_rights
from .stored import POLICY
from .tables import PLATFORM

_ = translator("dougong")

QUEUE = (
    "procrastinate_workers",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_events",
    "job_effect",
    "job_failure",
    "worker",
    "tick_seen",
)
FIXED = frozenset([*(str(name) for name in PLATFORM.tables), *(f"platform.{name}" for name in QUEUE)])
VERSION_TABLE = "alembic_version"  # one in each schema, with nothing of any company in it

_TABLES = """
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
    a.attnum AS tenant, format_type(a.atttypid, NULL) AS type,
    array(SELECT v.attname::text FROM pg_catalog.pg_attribute v
          WHERE v.attrelid = c.oid AND v.attnum > 0 AND NOT v.attisdropped) AS columns
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE c.relkind = ANY (%s) AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 2, 3
"""

# Key columns in order; 0 stands for an expression.
_INDEXES = """
SELECT r.relname AS name, i.indisprimary AS "primary", i.indkey::int2[] AS columns
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class r ON r.oid = i.indexrelid
WHERE i.indrelid = %s AND (i.indisunique OR i.indisexclusion) ORDER BY 1
"""

_FOREIGN = """
SELECT k.conname AS name, k.conkey AS here, k.confkey AS there, k.confrelid::regclass::text AS target,
    (SELECT a.attnum FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = k.confrelid AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS tenant
FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.conrelid = %s ORDER BY 1
"""

_POLICIES = """
SELECT polname AS name, polpermissive AND polcmd = '*' AND polroles = '{0}' AS plain,
    pg_get_expr(polqual, polrelid) AS using, pg_get_expr(polwithcheck, polrelid) AS checked
FROM pg_catalog.pg_policy WHERE polrelid = %s ORDER BY 1
"""


def audit(owner_address: str) -> list[str]:
    """What is wrong with the database's own defences, one line a finding, in the current language.

    :param owner_address: libpq URI of the owner; only catalogues are read.
    """
    with psycopg.connect(owner_address) as connection:
        connection.read_only = True
        return judge(connection)


def judge(connection: psycopg.Connection[Any]) -> list[str]:
    """As ``audit``, within the transaction of an open connection."""
    # Deparsed expressions name what is not on the path with its schema, and must not depend on the role's own path.
    connection.execute("SET LOCAL search_path = pg_catalog")
    cursor = connection.cursor(row_factory=namedtuple_row)
    return [str(line) for line in (*_judge_tables(cursor), *judge_rights(cursor))]


def _judge_tables(cursor: psycopg.Cursor[Any]) -> Iterator[Lazy]:
    for table in cursor.execute(_TABLES, [["r", "p", "f"]]).fetchall():
        name = f"{table.schema}.{table.name}"
        if name in OWN_ROWS:
            yield from _judge_policy(cursor, name, table)
        if name in FIXED or (table.name == VERSION_TABLE and table.columns == ["version_num"]):
            continue
        if table.tenant is None or table.type != "uuid":
            yield _("{table} has no column tenant_id of type uuid and is not on the platform's list.").format(
                table=name
            )
            continue
        yield from _judge_keys(cursor, name, table)
        yield from _judge_security(cursor, name, table)


def _judge_keys(cursor: psycopg.Cursor[Any], name: str, table: Any) -> Iterator[Lazy]:
    indexes = cursor.execute(_INDEXES, [table.oid]).fetchall()
    if not any(index.primary for index in indexes):
        yield _("{table} has no primary key.").format(table=name)
    for index in indexes:
        if index.columns[0] != table.tenant:
            yield _("{table}: the key {key} does not begin with tenant_id.").format(table=name, key=index.name)
    for key in cursor.execute(_FOREIGN, [table.oid]).fetchall():
        if key.here[0] != table.tenant or key.tenant is None or key.there[0] != key.tenant:
            yield _("{table}: the foreign key {key} to {target} does not begin with tenant_id on both sides.").format(
                table=name, key=key.name, target=key.target
            )


def _judge_security(cursor: psycopg.Cursor[Any], name: str, table: Any) -> Iterator[Lazy]:
    if not table.forced:
        yield _("{table}: row-level security is not forced on its owner.").format(table=name)
    yield from _judge_policy(cursor, name, table)


def _judge_policy(cursor: psycopg.Cursor[Any], name: str, table: Any) -> Iterator[Lazy]:
    if not table.enabled:
        yield _("{table}: row-level security is not enabled.").format(table=name)
    policies = cursor.execute(_POLICIES, [table.oid]).fetchall()
    if len(policies) != 1:
        yield _("{table} has {n} policies instead of one.").format(table=name, n=len(policies))
    for policy in policies:
        if not policy.plain or {_bare(policy.using), _bare(policy.checked)} != {POLICY}:
            yield _("{table}: the policy {policy} differs from the one that every table has.").format(
                table=name, policy=policy.name
            )


def _bare(expression: str | None) -> str | None:
    """Without the outermost brackets, which PostgreSQL puts round every deparsed condition."""
    return expression[1:-1] if expression and expression.startswith("(") and expression.endswith(")") else expression


__all__ = ["FIXED", "audit", "judge"]
