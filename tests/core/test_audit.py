"""The schema audit finds each defect that is planted, and nothing in the database as it is made."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from dougong.tenancy.audit import audit, judge
from dougong.tenancy.stored import row_security
from dougong.testing.server import Database
from dougong.words import locale

GOOD = (
    "CREATE SCHEMA mod",
    "CREATE TABLE mod.thing (tenant_id uuid, id uuid, site_id uuid, code text, PRIMARY KEY (tenant_id, id),"
    " FOREIGN KEY (tenant_id, site_id) REFERENCES core.site (tenant_id, id), UNIQUE (tenant_id, code))",
    *row_security("mod", "thing"),
)
SECURED = row_security("mod", "other")

# what is planted → a part of the finding
TABLES = {
    "no tenant": (["CREATE TABLE mod.other (id uuid PRIMARY KEY)"], "mod.other has no column tenant_id"),
    "tenant is text": (["CREATE TABLE mod.other (tenant_id text PRIMARY KEY)"], "mod.other has no column tenant_id"),
    "a table that hides as Alembic's": (
        ["CREATE TABLE mod.alembic_version (version_num text, secret text)"],
        "mod.alembic_version has no column tenant_id",
    ),
    "a table in public": (["CREATE TABLE public.other (id uuid PRIMARY KEY)"], "public.other has no column"),
    "a table among the platform's": (["CREATE TABLE platform.more (id uuid)"], "platform.more has no column"),
    "no primary key": (["CREATE TABLE mod.other (tenant_id uuid)", *SECURED], "mod.other has no primary key"),
    "tenant second in the key": (
        ["CREATE TABLE mod.other (tenant_id uuid, id uuid, PRIMARY KEY (id, tenant_id))", *SECURED],
        "the key other_pkey does not begin",
    ),
    "unique over all companies": (["ALTER TABLE mod.thing ADD UNIQUE (code)"], "the key thing_code_key does not begin"),
    "unique expression": (
        ["CREATE UNIQUE INDEX low ON mod.thing (lower(code), tenant_id)"],
        "the key low does not begin",
    ),
    "exclusion over all companies": (
        ["ALTER TABLE mod.thing ADD CONSTRAINT alone EXCLUDE (code WITH =)"],
        "the key alone does not begin",
    ),
    "foreign key without tenant": (
        [
            "CREATE TABLE mod.other (tenant_id uuid PRIMARY KEY REFERENCES platform.tenant (id))",
            *SECURED,
        ],
        "the foreign key other_tenant_id_fkey to platform.tenant",
    ),
    "foreign key in another order": (
        [
            "CREATE UNIQUE INDEX crossed ON mod.thing (tenant_id, site_id)",
            "ALTER TABLE mod.thing ADD CONSTRAINT crossed_fk"
            " FOREIGN KEY (site_id, tenant_id) REFERENCES mod.thing (tenant_id, site_id)",
        ],
        "the foreign key crossed_fk to mod.thing",
    ),
    "not enabled": (
        ["ALTER TABLE mod.thing DISABLE ROW LEVEL SECURITY"],
        "mod.thing: row-level security is not enabled",
    ),
    "not forced": (["ALTER TABLE mod.thing NO FORCE ROW LEVEL SECURITY"], "is not forced"),
    "no policy": (["DROP POLICY tenant ON mod.thing"], "mod.thing has 0 policies"),
    "two policies": (["CREATE POLICY open ON mod.thing USING (true)"], "mod.thing has 2 policies"),
    "another condition": (["ALTER POLICY tenant ON mod.thing USING (true)"], "the policy tenant differs"),
    "another check": (["ALTER POLICY tenant ON mod.thing WITH CHECK (true)"], "the policy tenant differs"),
    "no check": (
        ["DROP POLICY tenant ON mod.thing", "CREATE POLICY tenant ON mod.thing FOR SELECT USING (true)"],
        "the policy tenant differs",
    ),
    "for one role": (["ALTER POLICY tenant ON mod.thing TO dougong_app"], "the policy tenant differs"),
    "a partition": (
        [
            "CREATE TABLE mod.other (tenant_id uuid PRIMARY KEY) PARTITION BY HASH (tenant_id)",
            *SECURED,
            "CREATE TABLE mod.part PARTITION OF mod.other FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        ],
        "mod.part: row-level security is not enabled",
    ),
}
RIGHTS = {
    "superuser": (["ALTER ROLE dougong_app SUPERUSER"], "dougong_app has the attribute SUPER"),
    "passes row security": (["ALTER ROLE dougong_app BYPASSRLS"], "dougong_app has the attribute BYPASSRLS"),
    "makes roles": (["ALTER ROLE dougong_operator CREATEROLE"], "dougong_operator has the attribute CREATEROLE"),
    "makes databases": (["ALTER ROLE dougong_app CREATEDB"], "dougong_app has the attribute CREATEDB"),
    "member": (["GRANT dougong_owner TO dougong_app"], "dougong_app is a member of dougong_owner"),
    "owner": (["ALTER TABLE mod.thing OWNER TO dougong_app"], "dougong_app owns 1 objects"),
    "create in a schema": (["GRANT CREATE ON SCHEMA mod TO dougong_app"], "dougong_app may create objects in mod"),
    "create for everybody": (["GRANT CREATE ON SCHEMA public TO PUBLIC"], "dougong_app may create objects in public"),
    "create schemas": (["GRANT CREATE ON DATABASE {database} TO dougong_app"], "dougong_app may create schemas"),
    "truncate": (["GRANT TRUNCATE ON mod.thing TO dougong_app"], "dougong_app may TRUNCATE on mod.thing"),
    "references": (["GRANT REFERENCES ON mod.thing TO dougong_app"], "dougong_app may REFERENCES on mod.thing"),
    "trigger": (["GRANT TRIGGER ON mod.thing TO dougong_app"], "dougong_app may TRIGGER on mod.thing"),
    "history rewritten": (["GRANT UPDATE (seal) ON core.history TO dougong_app"], "may UPDATE on core.history"),
    "history deleted": (["GRANT DELETE ON core.history TO dougong_app"], "may DELETE on core.history"),
    "companies changed": (["GRANT UPDATE ON platform.tenant TO dougong_app"], "may UPDATE on platform.tenant"),
    "operator reads companies": (["GRANT SELECT ON core.person TO dougong_operator"], "may SELECT on core.person"),
    "everybody": (["GRANT SELECT ON core.person TO PUBLIC"], "Every role has rights on core.person"),
    "tables of a superuser": (["ALTER TABLE mod.thing OWNER TO postgres"], "Tables belong to postgres"),
    "no path": (
        ["CREATE FUNCTION mod.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"],
        "mod.f() runs as its owner without a pinned search_path",
    ),
    "a path of others": (
        [
            "CREATE FUNCTION mod.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp"
            " AS 'SELECT 1'"
        ],
        "mod.f() runs as its owner without a pinned search_path",
    ),
    "called by all": (
        [
            "CREATE FUNCTION mod.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = mod, pg_temp"
            " AS 'SELECT 1'"
        ],
        "mod.f() runs as its owner and may be called by every role",
    ),
    "called without need": (
        ["GRANT EXECUTE ON FUNCTION platform.retry_jobs(text, bigint, text) TO dougong_app"],
        "platform.retry_jobs(text,bigint,text) runs as its owner and may be called by dougong_app",
    ),
    "called by the operator": (
        ["GRANT EXECUTE ON FUNCTION platform.company_drop(bigint, text) TO dougong_operator"],
        "may be called by dougong_operator",
    ),
    "what is due, of all companies": (
        ["ALTER TABLE platform.due DISABLE ROW LEVEL SECURITY"],
        "platform.due: row-level security is not enabled",
    ),
    "how far work is, of all companies": (
        ["ALTER POLICY tenant ON platform.job_progress USING (true)"],
        "platform.job_progress: the policy tenant differs",
    ),
    "a view of the owner's": (["CREATE VIEW mod.v AS SELECT * FROM mod.thing"], "mod.v is a view without"),
    "a stored view": (["CREATE MATERIALIZED VIEW mod.v AS SELECT * FROM mod.thing"], "mod.v is a materialized view"),
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    token = locale.set("en")
    yield
    locale.reset(token)


@pytest.fixture
def planting(shared_database: Database) -> Iterator[psycopg.Connection]:
    """A superuser's transaction that holds one sound table more and is rolled back: roles belong to the whole server."""
    with psycopg.connect(shared_database.superuser) as connection:
        connection.execute("SET LOCAL ROLE dougong_owner")
        for statement in GOOD:
            connection.execute(statement)
        yield connection
        connection.rollback()


def test_sound_as_made(shared_database: Database) -> None:
    assert audit(shared_database.owner) == []


def test_sound_table_and_view_pass(planting: psycopg.Connection) -> None:
    planting.execute("CREATE VIEW mod.v WITH (security_invoker = true) AS SELECT * FROM mod.thing")
    assert judge(planting) == []


@pytest.mark.parametrize("planted", TABLES)
def test_table(planting: psycopg.Connection, planted: str) -> None:
    statements, finding = TABLES[planted]
    if planted == "a table in public":
        planting.execute("RESET ROLE")
    for statement in statements:
        planting.execute(statement)
    assert any(finding in line for line in judge(planting)), judge(planting)


@pytest.mark.parametrize("planted", RIGHTS)
def test_rights(planting: psycopg.Connection, planted: str) -> None:
    statements, finding = RIGHTS[planted]
    if "ROLE" in statements[0] or "OWNER TO" in statements[0] or "GRANT" in statements[0]:
        planting.execute("RESET ROLE")
    for statement in statements:
        planting.execute(statement.format(database=planting.info.dbname))
    assert any(finding in line for line in judge(planting)), judge(planting)


def test_declared_privileges_are_the_audited_ones() -> None:
    from dougong.records.tables import History, HistoryValue
    from dougong.tenancy.audit_rights import KEPT

    assert {cls.kind: cls.privileges for cls in (History, HistoryValue)} == KEPT
