"""documents"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "quality_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("own_number", sa.Text(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("above", sa.Text(), nullable=True),
        sa.Column("above_id", sa.Uuid(), nullable=True),
        sa.Column("owner_post", sa.Text(), nullable=False),
        sa.Column("review_months", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_number", sa.Text(), nullable=True),
        sa.Column("source_edition", sa.Text(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("readers", sa.Text(), nullable=True),
        sa.Column("revision", sa.Text(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("checked_revision", sa.Text(), nullable=True),
        sa.Column("checked_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_late", sa.Boolean(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "above_id"],
            ["quality.document.tenant_id", "quality.document.id"],
            name=op.f("fk_document_tenant_id_above_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["quality.document.tenant_id", "quality.document.id"],
            name=op.f("fk_document_tenant_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_document_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_document")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_document_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.document ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.document FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.document USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.document TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_document_site (dependencies) ON tenant_id, site_id FROM quality.document")
    op.create_index(
        "ix_document_by_review_by",
        "document",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN review_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE review_by\nEND)",  # noqa: E501
            ),
            "id",
        ],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_document_tenant_id_above_id"),
        "document",
        ["tenant_id", "above_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_document_tenant_id_created_at_id"),
        "document",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_document_tenant_id_parent_id"),
        "document",
        ["tenant_id", "parent_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_document_tenant_id_site_id_level"),
        "document",
        ["tenant_id", "site_id", "level"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_document_tenant_id_status"),
        "document",
        ["tenant_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "revision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("revision", sa.Text(), nullable=True),
        sa.Column("new_edition", sa.Boolean(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("drafter_id", sa.Uuid(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("consistent", sa.Text(), nullable=True),
        sa.Column("against", sa.Text(), nullable=True),
        sa.Column("former_id", sa.Uuid(), nullable=True),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("obsolete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign_late", sa.Boolean(), nullable=False),
        sa.Column("force_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratify_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ratify_late", sa.Boolean(), nullable=False),
        sa.Column("again_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["quality.document.tenant_id", "quality.document.id"],
            name=op.f("fk_revision_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "former_id"],
            ["quality.revision.tenant_id", "quality.revision.id"],
            name=op.f("fk_revision_tenant_id_former_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_revision_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_revision")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_revision_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.revision ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.revision FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.revision USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.revision TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_revision_site (dependencies) ON tenant_id, site_id FROM quality.revision")
    op.create_index(
        op.f("ix_revision_tenant_id_created_at_id"),
        "revision",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_revision_tenant_id_document_id_status"),
        "revision",
        ["tenant_id", "document_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_revision_tenant_id_former_id"),
        "revision",
        ["tenant_id", "former_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_revision_tenant_id_site_id"),
        "revision",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_revision_tenant_id_status"),
        "revision",
        ["tenant_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "uq_revision_in_force",
        "revision",
        ["tenant_id", "document_id"],
        unique=True,
        schema="quality",
        postgresql_where=sa.text("status = ANY (ARRAY['current'::text, 'emergency'::text])"),
    )
    op.create_index(
        "uq_revision_label",
        "revision",
        ["tenant_id", "document_id", "revision"],
        unique=True,
        schema="quality",
        postgresql_where=sa.text("status <> 'dropped'::text"),
    )
    op.create_table(
        "copy",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("revision", sa.Text(), nullable=True),
        sa.Column("copy_no", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("held_at", sa.Uuid(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_why", sa.Text(), nullable=True),
        sa.Column("recall_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["quality.document.tenant_id", "quality.document.id"],
            name=op.f("fk_copy_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "replaces_id"],
            ["quality.copy.tenant_id", "quality.copy.id"],
            name=op.f("fk_copy_tenant_id_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "revision_id"],
            ["quality.revision.tenant_id", "quality.revision.id"],
            name=op.f("fk_copy_tenant_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_copy_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_copy")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_copy_tenant_id_number")),
        sa.UniqueConstraint("tenant_id", "revision_id", "copy_no", name=op.f("uq_copy_tenant_id_revision_id_copy_no")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.copy ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.copy FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.copy USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.copy TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_copy_site (dependencies) ON tenant_id, site_id FROM quality.copy")
    op.create_index(
        op.f("ix_copy_tenant_id_created_at_id"),
        "copy",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_copy_tenant_id_document_id_status"),
        "copy",
        ["tenant_id", "document_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_copy_tenant_id_holder_id_status"),
        "copy",
        ["tenant_id", "holder_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_copy_tenant_id_replaces_id"),
        "copy",
        ["tenant_id", "replaces_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_copy_tenant_id_revision_id"),
        "copy",
        ["tenant_id", "revision_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(op.f("ix_copy_tenant_id_site_id"), "copy", ["tenant_id", "site_id"], unique=False, schema="quality")
    op.create_table(
        "form_record",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_id"],
            ["quality.document.tenant_id", "quality.document.id"],
            name=op.f("fk_form_record_tenant_id_form_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "revision_id"],
            ["quality.revision.tenant_id", "quality.revision.id"],
            name=op.f("fk_form_record_tenant_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_form_record_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_form_record")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_form_record_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.form_record ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.form_record FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.form_record USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.form_record TO dougong_app")
    op.execute(
        "CREATE STATISTICS quality.st_form_record_site (dependencies) ON tenant_id, site_id FROM quality.form_record",
    )
    op.create_index(
        op.f("ix_form_record_tenant_id_created_at_id"),
        "form_record",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_form_record_tenant_id_form_id"),
        "form_record",
        ["tenant_id", "form_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_form_record_tenant_id_revision_id"),
        "form_record",
        ["tenant_id", "revision_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_form_record_tenant_id_site_id_made_on"),
        "form_record",
        ["tenant_id", "site_id", "made_on"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "reading",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("revision", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["quality.document.tenant_id", "quality.document.id"],
            name=op.f("fk_reading_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "revision_id"],
            ["quality.revision.tenant_id", "quality.revision.id"],
            name=op.f("fk_reading_tenant_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_reading_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reading")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_reading_tenant_id_number")),
        sa.UniqueConstraint(
            "tenant_id",
            "revision_id",
            "person_id",
            name=op.f("uq_reading_tenant_id_revision_id_person_id"),
        ),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.reading ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.reading FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.reading USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.reading TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_reading_site (dependencies) ON tenant_id, site_id FROM quality.reading")
    op.create_index(
        op.f("ix_reading_tenant_id_created_at_id"),
        "reading",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_reading_tenant_id_document_id_status"),
        "reading",
        ["tenant_id", "document_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_reading_tenant_id_person_id_status"),
        "reading",
        ["tenant_id", "person_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_reading_tenant_id_revision_id"),
        "reading",
        ["tenant_id", "revision_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_reading_tenant_id_site_id"),
        "reading",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
