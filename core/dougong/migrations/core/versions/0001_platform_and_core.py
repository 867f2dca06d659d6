"""The ground floor: the platform's tables outside companies, the core's own behind the barrier, and their versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"

TABLES = (
    "core.attempt",
    "core.credential",
    "core.deputy",
    "core.grant",
    "core.invitation",
    "core.link",
    "core.location",
    "core.module",
    "core.module_site",
    "core.number",
    "core.person",
    "core.record_site",
    "core.reply",
    "core.role",
    "core.role_permission",
    "core.session",
    "core.setting",
    "core.site",
    "core.token",
)

# History is append-only; the personal values beside it may be erased, which is an update.
KEPT = {"core.history": "SELECT, INSERT", "core.history_value": "SELECT, INSERT, UPDATE"}

VERSIONED = (
    "core.deputy",
    "core.grant",
    "core.module",
    "core.module_site",
    "core.person",
    "core.role",
    "core.role_permission",
    "core.setting",
    "core.site",
    "core.token",
)

ASSERT_FRESH = """
CREATE FUNCTION platform.assert_fresh(tenant uuid, seen bigint, session text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY INVOKER AS $$
DECLARE
    state text;
    now_at bigint;
BEGIN
    SELECT t.status, v.version INTO state, now_at
    FROM platform.tenant t JOIN platform.tenant_version v ON v.tenant_id = t.id
    WHERE t.id = assert_fresh.tenant;
    IF state IS DISTINCT FROM 'active' THEN
        RAISE EXCEPTION 'company is not active' USING ERRCODE = 'DG003';
    END IF;
    IF seen > 0 AND now_at <> seen THEN
        RAISE EXCEPTION 'version is %, not %', now_at, seen USING ERRCODE = 'DG001';
    END IF;
    IF session IS NOT NULL AND NOT EXISTS (
        SELECT FROM core.session s WHERE s.tenant_id = assert_fresh.tenant AND s.id = assert_fresh.session
    ) THEN
        RAISE EXCEPTION 'session has ended' USING ERRCODE = 'DG002';
    END IF;
END
$$
"""

# As the owner, because the application may not write the platform's tables; the tenant comes from the setting.
RAISE_VERSION = """
CREATE FUNCTION platform.raise_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tenant uuid := nullif(current_setting('dougong.tenant', true), '')::uuid;
BEGIN
    UPDATE platform.tenant_version SET version = version + 1 WHERE tenant_id = tenant;
    IF NOT FOUND AND tenant IS NOT NULL THEN
        RAISE EXCEPTION 'company % has no row in platform.tenant_version', tenant;
    END IF;
    PERFORM pg_notify('dougong_tenant', tenant::text) WHERE tenant IS NOT NULL;
    RETURN NULL;
END
$$
"""

# A company's name, state and hosts are in its snapshots too.
RAISE_COMPANY = """
CREATE FUNCTION platform.raise_version_of_company() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone jsonb := to_jsonb(OLD);
    made jsonb := to_jsonb(NEW);
    tenant uuid;
BEGIN
    FOR tenant IN
        UPDATE platform.tenant_version SET version = version + 1
        WHERE tenant_id IN (
            coalesce(gone ->> 'tenant_id', gone ->> 'id')::uuid,
            coalesce(made ->> 'tenant_id', made ->> 'id')::uuid
        )
        RETURNING tenant_id
    LOOP
        PERFORM pg_notify('dougong_tenant', tenant::text);
    END LOOP;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "tenant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("cell", sa.Text(), server_default="main", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status in ('active', 'suspended')", name="status"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenant_slug")),
        schema="platform",
    )
    op.create_table(
        "host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["platform.tenant.id"],
            name=op.f("fk_host_tenant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host")),
        schema="platform",
    )
    op.create_index(op.f("ix_host_tenant_id"), "host", ["tenant_id"], unique=False, schema="platform")
    op.create_table(
        "tenant_version",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["platform.tenant.id"],
            name=op.f("fk_tenant_version_tenant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant_version")),
        schema="platform",
    )
    op.create_table(
        "attempt",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_attempt")),
        schema="core",
    )
    op.create_index(
        op.f("ix_attempt_tenant_id_key_at"),
        "attempt",
        ["tenant_id", "key", "at"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "history",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_history")),
        schema="core",
    )
    op.create_index(
        op.f("ix_history_tenant_id_record_kind_record_id_id"),
        "history",
        ["tenant_id", "record_kind", "record_id", "id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "link",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_kind", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_kind", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_link")),
        sa.UniqueConstraint(
            "tenant_id",
            "from_kind",
            "from_id",
            "to_kind",
            "to_id",
            name=op.f("uq_link_tenant_id_from_kind_from_id_to_kind_to_id"),
        ),
        schema="core",
    )
    op.create_index(
        op.f("ix_link_tenant_id_to_kind_to_id"),
        "link",
        ["tenant_id", "to_kind", "to_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "module",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name=op.f("pk_module")),
        schema="core",
    )
    op.create_table(
        "number",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "series", "year", name=op.f("pk_number")),
        schema="core",
    )
    op.create_table(
        "person",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_person")),
        sa.UniqueConstraint("tenant_id", "username", name=op.f("uq_person_tenant_id_username")),
        schema="core",
    )
    op.create_table(
        "reply",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", "key", name=op.f("pk_reply")),
        schema="core",
    )
    op.create_table(
        "role",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_role")),
        sa.UniqueConstraint("tenant_id", "slug", name=op.f("uq_role_tenant_id_slug")),
        schema="core",
    )
    op.create_table(
        "setting",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "module", name=op.f("pk_setting")),
        schema="core",
    )
    op.create_table(
        "site",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("households", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_site_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site")),
        sa.UniqueConstraint("tenant_id", "slug", name=op.f("uq_site_tenant_id_slug")),
        schema="core",
    )
    op.create_index(
        op.f("ix_site_tenant_id_parent_id"),
        "site",
        ["tenant_id", "parent_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "credential",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_credential_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name=op.f("pk_credential")),
        schema="core",
    )
    op.create_index(
        op.f("ix_credential_tenant_id_person_id"),
        "credential",
        ["tenant_id", "person_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "deputy",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "deputy_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_deputy_tenant_id_deputy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_deputy_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deputy")),
        schema="core",
    )
    op.create_index(
        op.f("ix_deputy_tenant_id_deputy_id"),
        "deputy",
        ["tenant_id", "deputy_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_deputy_tenant_id_person_id"),
        "deputy",
        ["tenant_id", "person_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "grant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_grant_tenant_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role_id"],
            ["core.role.tenant_id", "core.role.id"],
            name=op.f("fk_grant_tenant_id_role_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_grant_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_grant")),
        schema="core",
    )
    op.create_index(
        op.f("ix_grant_tenant_id_person_id"),
        "grant",
        ["tenant_id", "person_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_grant_tenant_id_role_id"),
        "grant",
        ["tenant_id", "role_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_grant_tenant_id_site_id"),
        "grant",
        ["tenant_id", "site_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "history_value",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("history_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("salt", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "history_id"],
            ["core.history.tenant_id", "core.history.id"],
            name=op.f("fk_history_value_tenant_id_history_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "history_id", "path", name=op.f("pk_history_value")),
        schema="core",
    )
    op.create_index(
        op.f("ix_history_value_tenant_id_history_id"),
        "history_value",
        ["tenant_id", "history_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "invitation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_invitation_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_invitation")),
        schema="core",
    )
    op.create_index(
        op.f("ix_invitation_tenant_id_person_id"),
        "invitation",
        ["tenant_id", "person_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "location",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("households", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["core.location.tenant_id", "core.location.id"],
            name=op.f("fk_location_tenant_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_location_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_location")),
        sa.UniqueConstraint("tenant_id", "site_id", "code", name=op.f("uq_location_tenant_id_site_id_code")),
        schema="core",
    )
    op.create_index(
        op.f("ix_location_tenant_id_parent_id"),
        "location",
        ["tenant_id", "parent_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_location_tenant_id_site_id"),
        "location",
        ["tenant_id", "site_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "module_site",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_module_site_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "name", "site_id", name=op.f("pk_module_site")),
        schema="core",
    )
    op.create_index(
        op.f("ix_module_site_tenant_id_site_id"),
        "module_site",
        ["tenant_id", "site_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "record_site",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_record_site_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "record_kind",
            "record_id",
            "site_id",
            name=op.f("pk_record_site"),
        ),
        schema="core",
    )
    op.create_index(
        op.f("ix_record_site_tenant_id_site_id_record_kind"),
        "record_site",
        ["tenant_id", "site_id", "record_kind"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "role_permission",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "role_id"],
            ["core.role.tenant_id", "core.role.id"],
            name=op.f("fk_role_permission_tenant_id_role_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "role_id", "permission", name=op.f("pk_role_permission")),
        schema="core",
    )
    op.create_index(
        op.f("ix_role_permission_tenant_id_role_id"),
        "role_permission",
        ["tenant_id", "role_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "session",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_session_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_session")),
        schema="core",
    )
    op.create_index(
        op.f("ix_session_tenant_id_person_id"),
        "session",
        ["tenant_id", "person_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "token",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_token_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_token")),
        schema="core",
    )
    op.create_index(
        op.f("ix_token_tenant_id_person_id"),
        "token",
        ["tenant_id", "person_id"],
        unique=False,
        schema="core",
    )
    for table in TABLES:
        _secure(table, "SELECT, INSERT, UPDATE, DELETE")
    for table, privileges in KEPT.items():
        _secure(table, privileges)
    _platform()


def _secure(table: str, privileges: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute(f"GRANT {privileges} ON {table} TO dougong_app")


def _platform() -> None:
    op.execute("GRANT USAGE ON SCHEMA platform TO dougong_operator")
    op.execute(
        "GRANT SELECT ON platform.tenant, platform.host, platform.tenant_version TO dougong_app, dougong_operator"
    )
    for function in (ASSERT_FRESH, RAISE_VERSION, RAISE_COMPANY):
        op.execute(function)
    for signature in ("assert_fresh(uuid, bigint, text)", "raise_version()", "raise_version_of_company()"):
        op.execute(f"REVOKE EXECUTE ON FUNCTION platform.{signature} FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION platform.assert_fresh(uuid, bigint, text) TO dougong_app")
    for table in VERSIONED:
        op.execute(
            f"CREATE TRIGGER raise_version AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION platform.raise_version()"
        )
    for table, events in (("tenant", "UPDATE"), ("host", "INSERT OR UPDATE OR DELETE")):
        op.execute(
            f"CREATE TRIGGER raise_version AFTER {events} ON platform.{table} "
            "FOR EACH ROW EXECUTE FUNCTION platform.raise_version_of_company()"
        )
