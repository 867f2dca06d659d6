"""codes on the wall, cases of residents, consents"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "intake_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_consent")),
        schema="intake",
    )
    op.execute("ALTER TABLE intake.consent ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE intake.consent FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON intake.consent USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON intake.consent TO dougong_app")
    op.create_index(
        op.f("ix_consent_tenant_id_record_kind_record_id"),
        "consent",
        ["tenant_id", "record_kind", "record_id"],
        unique=False,
        schema="intake",
    )
    op.create_table(
        "tally",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", "since", name=op.f("pk_tally")),
        schema="intake",
    )
    op.execute("ALTER TABLE intake.tally ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE intake.tally FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON intake.tally USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON intake.tally TO dougong_app")
    op.create_index(op.f("ix_tally_tenant_id_until"), "tally", ["tenant_id", "until"], unique=False, schema="intake")
    op.create_table(
        "text",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_text")),
        sa.UniqueConstraint("tenant_id", "version", name=op.f("uq_text_tenant_id_version")),
        schema="intake",
    )
    op.execute("ALTER TABLE intake.text ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE intake.text FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON intake.text USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT ON intake.text TO dougong_app")
    op.create_table(
        "point",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["core.location.tenant_id", "core.location.id"],
            name=op.f("fk_point_tenant_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_point_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_point")),
        sa.UniqueConstraint("tenant_id", "token", name=op.f("uq_point_tenant_id_token")),
        schema="intake",
    )
    op.execute("ALTER TABLE intake.point ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE intake.point FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON intake.point USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON intake.point TO dougong_app")
    op.execute("CREATE STATISTICS intake.st_point_site (dependencies) ON tenant_id, site_id FROM intake.point")
    op.create_index(
        op.f("ix_point_tenant_id_location_id"),
        "point",
        ["tenant_id", "location_id"],
        unique=False,
        schema="intake",
    )
    op.create_index(
        op.f("ix_point_tenant_id_site_id"),
        "point",
        ["tenant_id", "site_id"],
        unique=False,
        schema="intake",
    )
    op.create_table(
        "submission",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["core.location.tenant_id", "core.location.id"],
            name=op.f("fk_submission_tenant_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_submission_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_submission")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_submission_tenant_id_number")),
        schema="intake",
    )
    op.execute("ALTER TABLE intake.submission ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE intake.submission FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON intake.submission USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON intake.submission TO dougong_app")
    op.execute(
        "CREATE STATISTICS intake.st_submission_site (dependencies) ON tenant_id, site_id FROM intake.submission",
    )
    op.create_index(
        op.f("ix_submission_tenant_id_created_at_id"),
        "submission",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="intake",
    )
    op.create_index(
        op.f("ix_submission_tenant_id_location_id"),
        "submission",
        ["tenant_id", "location_id"],
        unique=False,
        schema="intake",
    )
    op.create_index(
        op.f("ix_submission_tenant_id_site_id"),
        "submission",
        ["tenant_id", "site_id"],
        unique=False,
        schema="intake",
    )
    op.create_index(
        op.f("ix_submission_tenant_id_status"),
        "submission",
        ["tenant_id", "status"],
        unique=False,
        schema="intake",
    )
    op.create_table(
        "case",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "point_id"],
            ["intake.point.tenant_id", "intake.point.id"],
            name=op.f("fk_case_tenant_id_point_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_case")),
        sa.UniqueConstraint(
            "tenant_id",
            "record_kind",
            "record_id",
            name=op.f("uq_case_tenant_id_record_kind_record_id"),
        ),
        schema="intake",
    )
    op.execute("ALTER TABLE intake.case ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE intake.case FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON intake.case USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON intake.case TO dougong_app")
    op.create_index(op.f("ix_case_tenant_id_digest"), "case", ["tenant_id", "digest"], unique=False, schema="intake")
    op.create_index(
        op.f("ix_case_tenant_id_point_id"),
        "case",
        ["tenant_id", "point_id"],
        unique=False,
        schema="intake",
    )
    op.create_table(
        "key",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["intake.case.tenant_id", "intake.case.id"],
            name=op.f("fk_key_tenant_id_case_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "digest", name=op.f("pk_key")),
        schema="intake",
    )
    op.execute("ALTER TABLE intake.key ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE intake.key FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON intake.key USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON intake.key TO dougong_app")
    op.create_index(op.f("ix_key_tenant_id_case_id"), "key", ["tenant_id", "case_id"], unique=False, schema="intake")
