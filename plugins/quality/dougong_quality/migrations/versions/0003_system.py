"""system"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "quality_0003"
down_revision = "quality_0002"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "aspect",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("aspect", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("tense", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("controls", sa.Text(), nullable=True),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("significant", sa.Boolean(), nullable=False),
        sa.Column("residual", sa.Float(), nullable=True),
        sa.Column("residual_level", sa.Text(), nullable=True),
        sa.Column("rated_on", sa.Date(), nullable=True),
        sa.Column("rate_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rate_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_aspect_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_aspect")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_aspect_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.aspect ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.aspect FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.aspect USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.aspect TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_aspect_site (dependencies) ON tenant_id, site_id FROM quality.aspect")
    op.create_index(
        op.f("ix_aspect_tenant_id_created_at_id"),
        "aspect",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_aspect_tenant_id_site_id"),
        "aspect",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "hazard",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("hazard", sa.Text(), nullable=False),
        sa.Column("accident", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("tense", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.Text(), nullable=False),
        sa.Column("exposure", sa.Text(), nullable=False),
        sa.Column("consequence", sa.Text(), nullable=False),
        sa.Column("controls", sa.Text(), nullable=True),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("significant", sa.Boolean(), nullable=False),
        sa.Column("residual", sa.Float(), nullable=True),
        sa.Column("residual_level", sa.Text(), nullable=True),
        sa.Column("rated_on", sa.Date(), nullable=True),
        sa.Column("rate_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rate_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_hazard_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_hazard")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_hazard_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.hazard ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.hazard FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.hazard USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.hazard TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_hazard_site (dependencies) ON tenant_id, site_id FROM quality.hazard")
    op.create_index(
        op.f("ix_hazard_tenant_id_created_at_id"),
        "hazard",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_hazard_tenant_id_site_id"),
        "hazard",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "legal_item",
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
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("articles", sa.Text(), nullable=True),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("checked", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("evaluated_on", sa.Date(), nullable=True),
        sa.Column("check_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_late", sa.Boolean(), nullable=False),
        sa.Column("evaluate_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evaluate_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_legal_item_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_legal_item")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_legal_item_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.legal_item ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.legal_item FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.legal_item USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.legal_item TO dougong_app")
    op.execute(
        "CREATE STATISTICS quality.st_legal_item_site (dependencies) ON tenant_id, site_id FROM quality.legal_item",
    )
    op.create_index(
        "ix_legal_item_by_check_by",
        "legal_item",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN check_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE check_by\nEND)",  # noqa: E501
            ),
            "id",
        ],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_legal_item_by_evaluate_by",
        "legal_item",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN evaluate_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE evaluate_by\nEND)",  # noqa: E501
            ),
            "id",
        ],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_legal_item_tenant_id_created_at_id"),
        "legal_item",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_legal_item_tenant_id_site_id"),
        "legal_item",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "management_review",
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
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("attendees", sa.Text(), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("gathered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("held_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_late", sa.Boolean(), nullable=False),
        sa.Column("approve_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approve_late", sa.Boolean(), nullable=False),
        sa.Column("again_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_management_review_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_management_review")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_management_review_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.management_review ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.management_review FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.management_review USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.management_review TO dougong_app")
    op.execute(
        "CREATE STATISTICS quality.st_management_review_site (dependencies) ON tenant_id, site_id FROM quality.management_review",
    )
    op.create_index(
        op.f("ix_management_review_tenant_id_created_at_id"),
        "management_review",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_management_review_tenant_id_site_id"),
        "management_review",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "objective",
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
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("way", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("latest", sa.Text(), nullable=True),
        sa.Column("actual_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("actual_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_objective_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_objective")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_objective_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.objective ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.objective FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.objective USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.objective TO dougong_app")
    op.execute(
        "CREATE STATISTICS quality.st_objective_site (dependencies) ON tenant_id, site_id FROM quality.objective",
    )
    op.create_index(
        op.f("ix_objective_tenant_id_created_at_id"),
        "objective",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_objective_tenant_id_site_id"),
        "objective",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "programme",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("close_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_late", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_programme_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_programme")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_programme_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.programme ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.programme FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.programme USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.programme TO dougong_app")
    op.execute(
        "CREATE STATISTICS quality.st_programme_site (dependencies) ON tenant_id, site_id FROM quality.programme",
    )
    op.create_index(
        op.f("ix_programme_tenant_id_created_at_id"),
        "programme",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_programme_tenant_id_site_id"),
        "programme",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "aspect_rating",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("frequency", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["quality.aspect.tenant_id", "quality.aspect.id"],
            name=op.f("fk_aspect_rating_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_aspect_rating")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.aspect_rating ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.aspect_rating FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.aspect_rating USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.aspect_rating TO dougong_app")
    op.create_index(
        op.f("ix_aspect_rating_tenant_id_parent_id_at"),
        "aspect_rating",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "audit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind_of", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("standards", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("scope_text", sa.Text(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("auditor_id", sa.Uuid(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("observed", sa.BigInteger(), nullable=False),
        sa.Column("report_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_late", sa.Boolean(), nullable=False),
        sa.Column("again_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_late", sa.Boolean(), nullable=False),
        sa.Column("certificate_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "programme_id"],
            ["quality.programme.tenant_id", "quality.programme.id"],
            name=op.f("fk_audit_tenant_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_audit_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_audit_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.audit ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.audit FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.audit USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.audit TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_audit_site (dependencies) ON tenant_id, site_id FROM quality.audit")
    op.create_index(
        "ix_audit_by_again_by",
        "audit",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN again_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE again_by\nEND)",  # noqa: E501
            ),
            "id",
        ],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_audit_by_report_by",
        "audit",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN report_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE report_by\nEND)",  # noqa: E501
            ),
            "id",
        ],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_audit_tenant_id_certificate"),
        "audit",
        ["tenant_id", "certificate"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_audit_tenant_id_created_at_id"),
        "audit",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_audit_tenant_id_programme_id"),
        "audit",
        ["tenant_id", "programme_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_audit_tenant_id_site_id"),
        "audit",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "compliance_evaluation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["quality.legal_item.tenant_id", "quality.legal_item.id"],
            name=op.f("fk_compliance_evaluation_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_compliance_evaluation")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.compliance_evaluation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.compliance_evaluation FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.compliance_evaluation USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.compliance_evaluation TO dougong_app")
    op.create_index(
        op.f("ix_compliance_evaluation_tenant_id_parent_id_at"),
        "compliance_evaluation",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "decision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("done_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "review_id"],
            ["quality.management_review.tenant_id", "quality.management_review.id"],
            name=op.f("fk_decision_tenant_id_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_decision_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_decision")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_decision_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.decision ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.decision FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.decision USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.decision TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_decision_site (dependencies) ON tenant_id, site_id FROM quality.decision")
    op.create_index(
        op.f("ix_decision_tenant_id_created_at_id"),
        "decision",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_decision_tenant_id_review_id"),
        "decision",
        ["tenant_id", "review_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_decision_tenant_id_site_id"),
        "decision",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "hazard_rating",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.Text(), nullable=False),
        sa.Column("exposure", sa.Text(), nullable=False),
        sa.Column("consequence", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["quality.hazard.tenant_id", "quality.hazard.id"],
            name=op.f("fk_hazard_rating_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_hazard_rating")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.hazard_rating ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.hazard_rating FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.hazard_rating USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.hazard_rating TO dougong_app")
    op.create_index(
        op.f("ix_hazard_rating_tenant_id_parent_id_at"),
        "hazard_rating",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "legal_check",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["quality.legal_item.tenant_id", "quality.legal_item.id"],
            name=op.f("fk_legal_check_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_legal_check")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.legal_check ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.legal_check FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.legal_check USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.legal_check TO dougong_app")
    op.create_index(
        op.f("ix_legal_check_tenant_id_parent_id_at"),
        "legal_check",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "objective_actual",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("of", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["quality.objective.tenant_id", "quality.objective.id"],
            name=op.f("fk_objective_actual_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_objective_actual")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.objective_actual ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.objective_actual FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.objective_actual USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.objective_actual TO dougong_app")
    op.create_index(
        op.f("ix_objective_actual_tenant_id_parent_id_at"),
        "objective_actual",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "audit_check",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["quality.audit.tenant_id", "quality.audit.id"],
            name=op.f("fk_audit_check_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_check")),
        sa.UniqueConstraint(
            "tenant_id",
            "parent_id",
            "standard",
            "clause",
            name=op.f("uq_audit_check_tenant_id_parent_id_standard_clause"),
        ),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.audit_check ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.audit_check FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.audit_check USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.audit_check TO dougong_app")
    op.create_index(
        op.f("ix_audit_check_tenant_id_parent_id_at"),
        "audit_check",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="quality",
    )
    op.create_table(
        "audit_finding",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("settlement", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "audit_id"],
            ["quality.audit.tenant_id", "quality.audit.id"],
            name=op.f("fk_audit_finding_tenant_id_audit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_audit_finding_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit_finding")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_audit_finding_tenant_id_number")),
        schema="quality",
    )
    op.execute("ALTER TABLE quality.audit_finding ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.audit_finding FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.audit_finding USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.audit_finding TO dougong_app")
    op.execute(
        "CREATE STATISTICS quality.st_audit_finding_site (dependencies) ON tenant_id, site_id FROM quality.audit_finding",
    )
    op.create_index(
        op.f("ix_audit_finding_tenant_id_audit_id"),
        "audit_finding",
        ["tenant_id", "audit_id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_audit_finding_tenant_id_created_at_id"),
        "audit_finding",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        op.f("ix_audit_finding_tenant_id_site_id"),
        "audit_finding",
        ["tenant_id", "site_id"],
        unique=False,
        schema="quality",
    )
