"""requests, disposals, searches"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "privacy_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "lookup",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_lookup")),
        schema="privacy",
    )
    op.execute("ALTER TABLE privacy.lookup ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE privacy.lookup FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON privacy.lookup USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON privacy.lookup TO dougong_app")
    op.create_index(
        op.f("ix_lookup_tenant_id_at_id"),
        "lookup",
        ["tenant_id", "at", "id"],
        unique=False,
        schema="privacy",
    )
    op.create_table(
        "disposal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_disposal_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_disposal")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_disposal_tenant_id_number")),
        schema="privacy",
    )
    op.execute("ALTER TABLE privacy.disposal ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE privacy.disposal FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON privacy.disposal USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON privacy.disposal TO dougong_app")
    op.execute("CREATE STATISTICS privacy.st_disposal_site (dependencies) ON tenant_id, site_id FROM privacy.disposal")
    op.create_index(
        op.f("ix_disposal_tenant_id_created_at_id"),
        "disposal",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="privacy",
    )
    op.create_index(
        op.f("ix_disposal_tenant_id_site_id"),
        "disposal",
        ["tenant_id", "site_id"],
        unique=False,
        schema="privacy",
    )
    op.create_index(
        op.f("ix_disposal_tenant_id_target_id"),
        "disposal",
        ["tenant_id", "target_id"],
        unique=False,
        schema="privacy",
    )
    op.create_table(
        "request",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("terms", sa.Text(), nullable=True),
        sa.Column("package", sa.Text(), nullable=True),
        sa.Column("order", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_request_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_request")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_request_tenant_id_number")),
        schema="privacy",
    )
    op.execute("ALTER TABLE privacy.request ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE privacy.request FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON privacy.request USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON privacy.request TO dougong_app")
    op.execute("CREATE STATISTICS privacy.st_request_site (dependencies) ON tenant_id, site_id FROM privacy.request")
    op.create_index(
        "ix_request_by_due_by",
        "request",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN due_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE due_by\nEND)",
            ),
            "id",
        ],
        unique=False,
        schema="privacy",
    )
    op.create_index(
        op.f("ix_request_tenant_id_created_at_id"),
        "request",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="privacy",
    )
    op.create_index(
        op.f("ix_request_tenant_id_site_id"),
        "request",
        ["tenant_id", "site_id"],
        unique=False,
        schema="privacy",
    )
    op.create_index(
        op.f("ix_request_tenant_id_status"),
        "request",
        ["tenant_id", "status"],
        unique=False,
        schema="privacy",
    )
    op.create_table(
        "account",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["privacy.request.tenant_id", "privacy.request.id"],
            name=op.f("fk_account_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_account")),
        schema="privacy",
    )
    op.execute("ALTER TABLE privacy.account ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE privacy.account FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON privacy.account USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON privacy.account TO dougong_app")
    op.create_index(
        op.f("ix_account_tenant_id_parent_id_at"),
        "account",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="privacy",
    )
