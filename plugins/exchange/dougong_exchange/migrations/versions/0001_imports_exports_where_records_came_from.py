"""imports, exports, where records came from"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "exchange_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "mapping",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "record_kind", "signature", name=op.f("pk_mapping")),
        schema="exchange",
    )
    op.execute("ALTER TABLE exchange.mapping ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange.mapping FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON exchange.mapping USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.mapping TO dougong_app")
    op.create_table(
        "origin",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "record_kind", "source", "key", name=op.f("pk_origin")),
        schema="exchange",
    )
    op.execute("ALTER TABLE exchange.origin ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange.origin FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON exchange.origin USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.origin TO dougong_app")
    op.create_index(
        op.f("ix_origin_tenant_id_record_kind_record_id"),
        "origin",
        ["tenant_id", "record_kind", "record_id"],
        unique=False,
        schema="exchange",
    )
    op.create_index(
        op.f("ix_origin_tenant_id_run_id"),
        "origin",
        ["tenant_id", "run_id"],
        unique=False,
        schema="exchange",
    )
    op.create_table(
        "export",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_export_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_export")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_export_tenant_id_number")),
        schema="exchange",
    )
    op.execute("ALTER TABLE exchange.export ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange.export FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON exchange.export USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.export TO dougong_app")
    op.execute("CREATE STATISTICS exchange.st_export_site (dependencies) ON tenant_id, site_id FROM exchange.export")
    op.create_index(
        op.f("ix_export_tenant_id_created_at_id"),
        "export",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="exchange",
    )
    op.create_index(
        op.f("ix_export_tenant_id_created_by"),
        "export",
        ["tenant_id", "created_by"],
        unique=False,
        schema="exchange",
    )
    op.create_index(
        op.f("ix_export_tenant_id_site_id"),
        "export",
        ["tenant_id", "site_id"],
        unique=False,
        schema="exchange",
    )
    op.create_table(
        "run",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("errors", sa.BigInteger(), nullable=False),
        sa.Column("headings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("heading_row", sa.BigInteger(), nullable=False),
        sa.Column("samples", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("needs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_run_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_run")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_run_tenant_id_number")),
        schema="exchange",
    )
    op.execute("ALTER TABLE exchange.run ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange.run FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON exchange.run USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.run TO dougong_app")
    op.execute("CREATE STATISTICS exchange.st_run_site (dependencies) ON tenant_id, site_id FROM exchange.run")
    op.create_index(
        op.f("ix_run_tenant_id_created_at_id"),
        "run",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="exchange",
    )
    op.create_index(
        op.f("ix_run_tenant_id_created_by"),
        "run",
        ["tenant_id", "created_by"],
        unique=False,
        schema="exchange",
    )
    op.create_index(op.f("ix_run_tenant_id_site_id"), "run", ["tenant_id", "site_id"], unique=False, schema="exchange")
    op.create_table(
        "block",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["exchange.run.tenant_id", "exchange.run.id"],
            name=op.f("fk_block_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "number", name=op.f("pk_block")),
        schema="exchange",
    )
    op.execute("ALTER TABLE exchange.block ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange.block FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON exchange.block USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.block TO dougong_app")
    op.create_index(
        op.f("ix_block_tenant_id_run_id"),
        "block",
        ["tenant_id", "run_id"],
        unique=False,
        schema="exchange",
    )
    op.create_table(
        "fault",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["exchange.run.tenant_id", "exchange.run.id"],
            name=op.f("fk_fault_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "row", "part", name=op.f("pk_fault")),
        schema="exchange",
    )
    op.execute("ALTER TABLE exchange.fault ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange.fault FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON exchange.fault USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.fault TO dougong_app")
    op.create_index(
        op.f("ix_fault_tenant_id_run_id"),
        "fault",
        ["tenant_id", "run_id"],
        unique=False,
        schema="exchange",
    )
    op.create_table(
        "seen",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["exchange.run.tenant_id", "exchange.run.id"],
            name=op.f("fk_seen_tenant_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "run_id", "key", name=op.f("pk_seen")),
        schema="exchange",
    )
    op.execute("ALTER TABLE exchange.seen ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE exchange.seen FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON exchange.seen USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON exchange.seen TO dougong_app")
    op.create_index(op.f("ix_seen_tenant_id_run_id"), "seen", ["tenant_id", "run_id"], unique=False, schema="exchange")
