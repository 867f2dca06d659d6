"""complaints and their timeline"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "complaints_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "lookup",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", "since", name=op.f("pk_lookup")),
        schema="complaints",
    )
    op.execute("ALTER TABLE complaints.lookup ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE complaints.lookup FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON complaints.lookup USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON complaints.lookup TO dougong_app")
    op.create_table(
        "complaint",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("complainant_type", sa.Text(), nullable=False),
        sa.Column("complainant", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("against_id", sa.Uuid(), nullable=True),
        sa.Column("government_deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("soothing", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("whys", sa.Text(), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=True),
        sa.Column("master_id", sa.Uuid(), nullable=True),
        sa.Column("merged", sa.BigInteger(), nullable=False),
        sa.Column("reopened", sa.BigInteger(), nullable=False),
        sa.Column("holds", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("waived_by", sa.Uuid(), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_late", sa.Boolean(), nullable=False),
        sa.Column("resolve_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_seconds", sa.BigInteger(), nullable=False),
        sa.Column("resolve_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolve_late", sa.Boolean(), nullable=False),
        sa.Column("progress_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress_late", sa.Boolean(), nullable=False),
        sa.Column("visit_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_late", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reckoned", sa.Text(), nullable=False),
        sa.Column("alarmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["core.location.tenant_id", "core.location.id"],
            name=op.f("fk_complaint_tenant_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "master_id"],
            ["complaints.complaint.tenant_id", "complaints.complaint.id"],
            name=op.f("fk_complaint_tenant_id_master_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_complaint_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("tenant_id", "follow_up", name=op.f("uq_complaint_tenant_id_follow_up")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_complaint_tenant_id_number")),
        schema="complaints",
    )
    op.execute("ALTER TABLE complaints.complaint ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE complaints.complaint FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON complaints.complaint USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON complaints.complaint TO dougong_app")
    op.execute(
        "CREATE STATISTICS complaints.st_complaint_site (dependencies) ON tenant_id, site_id FROM complaints.complaint"
    )
    op.create_index(
        op.f("ix_complaint_tenant_id_created_at_id"),
        "complaint",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        op.f("ix_complaint_tenant_id_location_id"),
        "complaint",
        ["tenant_id", "location_id"],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        op.f("ix_complaint_tenant_id_master_id"),
        "complaint",
        ["tenant_id", "master_id"],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        op.f("ix_complaint_tenant_id_owner_id"),
        "complaint",
        ["tenant_id", "owner_id"],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        op.f("ix_complaint_tenant_id_site_id_status"),
        "complaint",
        ["tenant_id", "site_id", "status"],
        unique=False,
        schema="complaints",
    )
    op.create_table(
        "answer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["complaints.complaint.tenant_id", "complaints.complaint.id"],
            name=op.f("fk_answer_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_answer")),
        schema="complaints",
    )
    op.execute("ALTER TABLE complaints.answer ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE complaints.answer FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON complaints.answer USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON complaints.answer TO dougong_app")
    op.create_index(
        op.f("ix_answer_tenant_id_parent_id_at"),
        "answer",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="complaints",
    )
    op.create_table(
        "escalation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("to_level", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("acknowledge_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["complaints.complaint.tenant_id", "complaints.complaint.id"],
            name=op.f("fk_escalation_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_escalation")),
        schema="complaints",
    )
    op.execute("ALTER TABLE complaints.escalation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE complaints.escalation FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON complaints.escalation USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON complaints.escalation TO dougong_app")
    op.create_index(
        op.f("ix_escalation_tenant_id_parent_id_at"),
        "escalation",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="complaints",
    )
    op.create_table(
        "notice",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["complaints.complaint.tenant_id", "complaints.complaint.id"],
            name=op.f("fk_notice_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_notice")),
        schema="complaints",
    )
    op.execute("ALTER TABLE complaints.notice ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE complaints.notice FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON complaints.notice USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON complaints.notice TO dougong_app")
    op.create_index(
        op.f("ix_notice_tenant_id_parent_id_at"),
        "notice",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="complaints",
    )
    op.create_table(
        "visit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["complaints.complaint.tenant_id", "complaints.complaint.id"],
            name=op.f("fk_visit_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_visit")),
        schema="complaints",
    )
    op.execute("ALTER TABLE complaints.visit ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE complaints.visit FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON complaints.visit USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON complaints.visit TO dougong_app")
    op.create_index(
        op.f("ix_visit_tenant_id_parent_id_at"),
        "visit",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="complaints",
    )
    op.create_table(
        "announcement",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("escalation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "escalation_id"],
            ["complaints.escalation.tenant_id", "complaints.escalation.id"],
            name=op.f("fk_announcement_tenant_id_escalation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["complaints.complaint.tenant_id", "complaints.complaint.id"],
            name=op.f("fk_announcement_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("tenant_id", "escalation_id", name=op.f("uq_announcement_tenant_id_escalation_id")),
        schema="complaints",
    )
    op.execute("ALTER TABLE complaints.announcement ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE complaints.announcement FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON complaints.announcement USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON complaints.announcement TO dougong_app")
    op.create_index(
        op.f("ix_announcement_tenant_id_escalation_id"),
        "announcement",
        ["tenant_id", "escalation_id"],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        op.f("ix_announcement_tenant_id_parent_id_at"),
        "announcement",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="complaints",
    )
