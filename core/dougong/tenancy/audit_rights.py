"""The schema audit's second half: what roles may do, and what functions and views do in another's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from ..words import Lazy, translator
from .searching import FUNCTION as SEARCH_FUNCTION
from .searching import SEARCH_ROLE
from .searching import TABLE as SEARCH_TABLE
from .stored import APP_ROLE, KINDS, Stored

_ = translator("dougong")

OPERATOR_ROLE = "dougong_operator"
_SEARCHING = SEARCH_FUNCTION.replace(", ", ",")  # as PostgreSQL writes it
KEPT = {"core.history": "SELECT, INSERT", "core.history_value": "SELECT, INSERT, UPDATE"}

DUE_RIGHTS = {"SELECT", "INSERT", "UPDATE", "DELETE"}  # of its own company's rows: the tables have the policy
OWN_ROWS = frozenset({"platform.due", "platform.job_progress"})  # not forced: the owner's functions see all companies'

# What runs as the owner and the application may call: in a business transaction, of the company that it is for …
_CALLED = {
    "assert_fresh", "enqueue_job", "begin_job", "end_job", "fail_job", "job_waits",
    "company_jobs", "company_jobs_counted", "company_failures", "company_retry", "company_drop",
    # … of the whole installation, with nothing of any company …
    "next_due", "queue_health", "nobody_works", "workers_seen",
    # … and what only a worker does, outside of all companies.
    "tick", "take_job", "rescue_jobs", "beat_worker", "loose_jobs", "sweep_jobs", "procrastinate_register_worker_v1",
    "procrastinate_unregister_worker_v1", "procrastinate_prune_stalled_workers_v1",
}  # fmt: skip

_ROLES = """
SELECT rolname AS name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
    (SELECT string_agg(m.roleid::regrole::text, ', ') FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid) AS member,
    (SELECT count(*) FROM pg_catalog.pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid
        AND d.deptype = 'o' AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))) AS owns,
    has_database_privilege(r.oid, current_database(), 'CREATE') AS "database",
    (SELECT string_agg(n.nspname, ', ') FROM pg_catalog.pg_namespace n
     WHERE has_schema_privilege(r.oid, n.oid, 'CREATE')) AS creates
FROM pg_catalog.pg_roles r WHERE rolname = ANY (%s) ORDER BY 1
"""

# Columns too: a right on one column is a right.
_TABLES = """
SELECT n.nspname AS schema, c.relname AS name, r.rolname AS role,
    array(SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
          WHERE has_table_privilege(r.oid, c.oid, p)
             OR p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(r.oid, c.oid, p)) AS held,
    EXISTS (SELECT FROM aclexplode(c.relacl) x WHERE x.grantee = 0) AS public
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN pg_catalog.pg_roles r
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname !~ '^(pg_|information_schema$)' AND r.rolname = ANY (%s)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2, 3
"""

_FUNCTIONS = """
SELECT p.oid::regprocedure::text AS name, p.proname AS bare, n.nspname AS schema, o.rolname AS owner,
    array(SELECT r.rolname::text FROM pg_catalog.pg_roles r
          WHERE r.rolname = ANY (%s) AND has_function_privilege(r.oid, p.oid, 'EXECUTE')) AS callers,
    o.rolsuper OR o.rolbypassrls AS mighty,
    (SELECT substr(s, 13) FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%%') AS path,
    EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x WHERE x.grantee = 0) AS public
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
WHERE p.prosecdef AND n.nspname !~ %s
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1
"""

_VIEWS = """
SELECT n.nspname AS schema, c.relname AS name, c.relkind = 'm' AS stored,
    coalesce((SELECT bool_or(option_value::boolean) FROM pg_options_to_table(c.reloptions)
              WHERE option_name = 'security_invoker'), false) AS invoker
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND n.nspname !~ %s
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""

_OWNERS = """
SELECT DISTINCT r.rolname AS name FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
WHERE (r.rolsuper OR r.rolbypassrls) AND c.relkind IN ('r', 'p') AND n.nspname !~ %s
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""

# The role that searches: what it may do, who may become it.
_SEARCH = """
SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolcanlogin AS more,
    array(SELECT m.member::regrole::text FROM pg_catalog.pg_auth_members m
          JOIN pg_catalog.pg_roles w ON w.oid = m.member, pg_catalog.pg_database d
          WHERE m.roleid = r.oid AND d.datname = current_database() AND m.member <> d.datdba AND NOT w.rolsuper) AS members,
    array(SELECT p.oid::regprocedure::text FROM pg_catalog.pg_proc p WHERE p.proowner = r.oid) AS functions,
    EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relowner = r.oid) AS tables,
    (SELECT string_agg(n.nspname, ', ') FROM pg_catalog.pg_namespace n
     WHERE has_schema_privilege(r.oid, n.oid, 'CREATE')) AS creates
FROM pg_catalog.pg_roles r WHERE r.rolname = %s
"""

_SYSTEM = "^(pg_|information_schema$)"


def judge_rights(cursor: psycopg.Cursor[Any]) -> Iterator[Lazy]:
    """Rights beyond what each role needs, and ways round row security."""
    yield from _judge_roles(cursor)
    yield from _judge_owner(cursor)
    yield from _judge_tables(cursor)
    yield from _judge_functions(cursor)
    yield from _judge_views(cursor)
    yield from _judge_search(cursor)


def _judge_roles(cursor: psycopg.Cursor[Any]) -> Iterator[Lazy]:
    for role in cursor.execute(_ROLES, [[APP_ROLE, OPERATOR_ROLE]]).fetchall():
        attributes = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
        for attribute in attributes:
            if getattr(role, attribute):
                yield _("The role {role} has the attribute {attribute}.").format(
                    role=role.name, attribute=attribute[3:].upper()
                )
        if role.member:
            yield _("The role {role} is a member of {others}.").format(role=role.name, others=role.member)
        if role.owns:
            yield _("The role {role} owns {n} objects.").format(role=role.name, n=role.owns)
        if role.database:
            yield _("The role {role} may create schemas in this database.").format(role=role.name)
        if role.creates:
            yield _("The role {role} may create objects in {schemas}.").format(role=role.name, schemas=role.creates)


def _judge_owner(cursor: psycopg.Cursor[Any]) -> Iterator[Lazy]:
    for role in cursor.execute(_OWNERS, [_SYSTEM]).fetchall():
        yield _("Tables belong to {role}, for whom row-level security does not hold.").format(role=role.name)


def _judge_tables(cursor: psycopg.Cursor[Any]) -> Iterator[Lazy]:
    for row in cursor.execute(_TABLES, [[APP_ROLE, OPERATOR_ROLE, SEARCH_ROLE]]).fetchall():
        name = f"{row.schema}.{row.name}"
        excess = set(row.held) - _allowed(row.role, row.schema, row.name)
        if excess:
            yield _("The role {role} may {rights} on {table}, which it does not need.").format(
                role=row.role, rights=", ".join(sorted(excess)), table=name
            )
        if row.public and row.role == APP_ROLE:
            yield _("Every role has rights on {table} (PUBLIC).").format(table=name)


def _allowed(role: str, schema: str, table: str) -> set[str]:
    if role == SEARCH_ROLE:
        return {"SELECT"} if f"{schema}.{table}" == SEARCH_TABLE else set()
    if schema == "platform":
        return DUE_RIGHTS if role == APP_ROLE and f"{schema}.{table}" in OWN_ROWS else {"SELECT"}
    if role != APP_ROLE:
        return set()
    if table == "alembic_version":
        return {"SELECT"}
    name = f"{schema}.{table}"
    said = KEPT.get(name) or KINDS.get(name, Stored).privileges
    return set(said.split(", "))


def _judge_functions(cursor: psycopg.Cursor[Any]) -> Iterator[Lazy]:
    for function in cursor.execute(_FUNCTIONS, [[APP_ROLE, OPERATOR_ROLE], _SYSTEM]).fetchall():
        places = [place.strip().strip('"') for place in (function.path or "").split(",") if place.strip()]
        if not places or {"public", "$user"} & set(places) or places[-1] != "pg_temp":
            yield _("{function} runs as its owner without a pinned search_path that ends with pg_temp.").format(
                function=function.name
            )
        if function.public:
            yield _("{function} runs as its owner and may be called by every role.").format(function=function.name)
        known = (function.schema == "platform" and function.bare in _CALLED) or function.name == _SEARCHING
        for role in [] if function.public else function.callers:
            if role != APP_ROLE or not known:
                yield _("{function} runs as its owner and may be called by {role}, which does not need it.").format(
                    function=function.name, role=role
                )
        if function.mighty and (function.owner, function.name) != (SEARCH_ROLE, _SEARCHING):
            yield _("{function} runs as a role for whom row-level security does not hold.").format(
                function=function.name
            )


def _judge_views(cursor: psycopg.Cursor[Any]) -> Iterator[Lazy]:
    for view in cursor.execute(_VIEWS, [_SYSTEM]).fetchall():
        name = f"{view.schema}.{view.name}"
        if view.stored:
            yield _("{view} is a materialized view, which row-level security cannot guard.").format(view=name)
        elif not view.invoker:
            yield _("{view} is a view without security_invoker: it reads as its owner.").format(view=name)


def _judge_search(cursor: psycopg.Cursor[Any]) -> Iterator[Lazy]:
    """Nobody can be the role for which row security does not hold, and it does one thing only."""
    for role in cursor.execute(_SEARCH, [SEARCH_ROLE]).fetchall():
        if role.more:
            yield _("The role {role} may sign in or has more attributes than BYPASSRLS.").format(role=SEARCH_ROLE)
        if role.members:
            yield _("{others} may act as {role}, for whom row-level security does not hold.").format(
                role=SEARCH_ROLE, others=", ".join(role.members)
            )
        if role.tables or set(role.functions) - {_SEARCHING}:
            yield _("The role {role} owns more than the function that searches.").format(role=SEARCH_ROLE)
        if role.creates:
            yield _("The role {role} may create objects in {schemas}.").format(role=SEARCH_ROLE, schemas=role.creates)
