"""Templates with revisions, routes with points, plans, tasks with their results, findings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "inspections_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "result",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("criticality", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("number", sa.Double(), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("photos", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("server_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "task_id", "point_id", "item", name=op.f("pk_result")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.result ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.result FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.result USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.result TO dougong_app")
    op.execute(
        "CREATE STATISTICS inspections.st_result_site (dependencies) ON tenant_id, site_id FROM inspections.result",
    )
    op.create_index(
        op.f("ix_result_tenant_id_business_date"),
        "result",
        ["tenant_id", "business_date"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_result_tenant_id_site_id_business_date"),
        "result",
        ["tenant_id", "site_id", "business_date"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_result_tenant_id_template_id_item_business_date"),
        "result",
        ["tenant_id", "template_id", "item", "business_date"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "scan",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("distance", sa.BigInteger(), nullable=True),
        sa.Column("off_place", sa.Boolean(), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("server_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "task_id", "point_id", name=op.f("pk_scan")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.scan ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.scan FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.scan USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.scan TO dougong_app")
    op.execute("CREATE STATISTICS inspections.st_scan_site (dependencies) ON tenant_id, site_id FROM inspections.scan")
    op.create_index(
        op.f("ix_scan_tenant_id_point_id_business_date"),
        "scan",
        ["tenant_id", "point_id", "business_date"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_scan_tenant_id_site_id_business_date"),
        "scan",
        ["tenant_id", "site_id", "business_date"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_scan_tenant_id_state_business_date"),
        "scan",
        ["tenant_id", "state", "business_date"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "route",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_route_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_route")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_route_tenant_id_number")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.route ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.route FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.route USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.route TO dougong_app")
    op.execute(
        "CREATE STATISTICS inspections.st_route_site (dependencies) ON tenant_id, site_id FROM inspections.route",
    )
    op.create_index(
        op.f("ix_route_tenant_id_created_at_id"),
        "route",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_route_tenant_id_site_id"),
        "route",
        ["tenant_id", "site_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_route_tenant_id_status"),
        "route",
        ["tenant_id", "status"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "template",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("scored", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("current_id", sa.Uuid(), nullable=True),
        sa.Column("draft", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_template_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_template")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_template_tenant_id_number")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.template ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.template FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.template USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.template TO dougong_app")
    op.execute(
        "CREATE STATISTICS inspections.st_template_site (dependencies) ON tenant_id, site_id FROM inspections.template",
    )
    op.create_index(
        op.f("ix_template_tenant_id_created_at_id"),
        "template",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_template_tenant_id_site_id"),
        "template",
        ["tenant_id", "site_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_template_tenant_id_status"),
        "template",
        ["tenant_id", "status"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "layout",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("points", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["inspections.route.tenant_id", "inspections.route.id"],
            name=op.f("fk_layout_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_layout")),
        sa.UniqueConstraint("tenant_id", "parent_id", "digest", name=op.f("uq_layout_tenant_id_parent_id_digest")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.layout ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.layout FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.layout USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT ON inspections.layout TO dougong_app")
    op.create_index(
        op.f("ix_layout_tenant_id_parent_id_at"),
        "layout",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "plan",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("window_minutes", sa.BigInteger(), nullable=False),
        sa.Column("grace_minutes", sa.BigInteger(), nullable=True),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("repeat", sa.Text(), nullable=False),
        sa.Column("times", sa.Text(), nullable=True),
        sa.Column("weekdays", sa.Text(), nullable=True),
        sa.Column("month_day", sa.BigInteger(), nullable=True),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.Column("rule_words", sa.Text(), nullable=True),
        sa.Column("made_to", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "route_id"],
            ["inspections.route.tenant_id", "inspections.route.id"],
            name=op.f("fk_plan_tenant_id_route_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_plan_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_plan")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_plan_tenant_id_number")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.plan ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.plan FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.plan USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.plan TO dougong_app")
    op.execute("CREATE STATISTICS inspections.st_plan_site (dependencies) ON tenant_id, site_id FROM inspections.plan")
    op.create_index(
        op.f("ix_plan_tenant_id_created_at_id"),
        "plan",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_plan_tenant_id_route_id"),
        "plan",
        ["tenant_id", "route_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_plan_tenant_id_site_id"),
        "plan",
        ["tenant_id", "site_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_plan_tenant_id_status"),
        "plan",
        ["tenant_id", "status"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "point",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("nfc", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("radius", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("stopped_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["core.location.tenant_id", "core.location.id"],
            name=op.f("fk_point_tenant_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["inspections.route.tenant_id", "inspections.route.id"],
            name=op.f("fk_point_tenant_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "template_id"],
            ["inspections.template.tenant_id", "inspections.template.id"],
            name=op.f("fk_point_tenant_id_template_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_point")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_point_tenant_id_code")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.point ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.point FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.point USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.point TO dougong_app")
    op.create_index(
        op.f("ix_point_tenant_id_location_id"),
        "point",
        ["tenant_id", "location_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(op.f("ix_point_tenant_id_nfc"), "point", ["tenant_id", "nfc"], unique=False, schema="inspections")
    op.create_index(
        op.f("ix_point_tenant_id_parent_id_at"),
        "point",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_point_tenant_id_template_id"),
        "point",
        ["tenant_id", "template_id"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "revision",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("scored", sa.Boolean(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["inspections.template.tenant_id", "inspections.template.id"],
            name=op.f("fk_revision_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_revision")),
        sa.UniqueConstraint("tenant_id", "parent_id", "version", name=op.f("uq_revision_tenant_id_parent_id_version")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.revision ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.revision FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.revision USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT ON inspections.revision TO dougong_app")
    op.create_index(
        op.f("ix_revision_tenant_id_parent_id_at"),
        "revision",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "task",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("layout_id", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=True),
        sa.Column("window_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("substitute", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("item_count", sa.BigInteger(), nullable=False),
        sa.Column("point_count", sa.BigInteger(), nullable=False),
        sa.Column("answered", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("late_sync", sa.Boolean(), nullable=False),
        sa.Column("skewed", sa.Boolean(), nullable=False),
        sa.Column("too_fast", sa.Boolean(), nullable=False),
        sa.Column("off_place", sa.Boolean(), nullable=False),
        sa.Column("made_up", sa.Boolean(), nullable=False),
        sa.Column("was_missed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("due_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("make_up_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("make_up_reason", sa.Text(), nullable=True),
        sa.Column("make_up_asked_by", sa.Uuid(), nullable=True),
        sa.Column("exemption", sa.Text(), nullable=True),
        sa.Column("exempt_reason", sa.Text(), nullable=True),
        sa.Column("exempt_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_late", sa.Boolean(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "layout_id"],
            ["inspections.layout.tenant_id", "inspections.layout.id"],
            name=op.f("fk_task_tenant_id_layout_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["inspections.plan.tenant_id", "inspections.plan.id"],
            name=op.f("fk_task_tenant_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "route_id"],
            ["inspections.route.tenant_id", "inspections.route.id"],
            name=op.f("fk_task_tenant_id_route_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_task_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_task")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_task_tenant_id_number")),
        sa.UniqueConstraint("tenant_id", "plan_id", "window_from", name=op.f("uq_task_tenant_id_plan_id_window_from")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.task ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.task FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.task USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.task TO dougong_app")
    op.execute("CREATE STATISTICS inspections.st_task_site (dependencies) ON tenant_id, site_id FROM inspections.task")
    op.create_index(
        "ix_task_by_due_by",
        "task",
        [
            "tenant_id",
            sa.literal_column(
                "(CASE WHEN (due_by IS NULL) THEN '2300-01-01 00:00:00+00'::timestamp with time zone ELSE due_by END)",
            ),
            "id",
        ],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        "ix_task_by_window_from",
        "task",
        ["tenant_id", "window_from", "id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_assignee_id_status"),
        "task",
        ["tenant_id", "assignee_id", "status"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_business_date"),
        "task",
        ["tenant_id", "business_date"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_created_at_id"),
        "task",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_layout_id"),
        "task",
        ["tenant_id", "layout_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_plan_id"),
        "task",
        ["tenant_id", "plan_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_route_id"),
        "task",
        ["tenant_id", "route_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_site_id_business_date"),
        "task",
        ["tenant_id", "site_id", "business_date"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_site_id_status"),
        "task",
        ["tenant_id", "site_id", "status"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_task_tenant_id_window_from"),
        "task",
        ["tenant_id", "window_from"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "finding",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("item_code", sa.Text(), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("stop_use", sa.Boolean(), nullable=False),
        sa.Column("rectification", sa.Text(), nullable=True),
        sa.Column("rectified_by", sa.Uuid(), nullable=True),
        sa.Column("rectified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extension_asked", sa.Date(), nullable=True),
        sa.Column("extended_to", sa.Date(), nullable=True),
        sa.Column("assign_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assign_late", sa.Boolean(), nullable=False),
        sa.Column("rectify_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rectify_late", sa.Boolean(), nullable=False),
        sa.Column("recheck_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recheck_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["core.location.tenant_id", "core.location.id"],
            name=op.f("fk_finding_tenant_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_finding_tenant_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "task_id"],
            ["inspections.task.tenant_id", "inspections.task.id"],
            name=op.f("fk_finding_tenant_id_task_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_finding")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_finding_tenant_id_number")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.finding ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.finding FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.finding USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.finding TO dougong_app")
    op.execute(
        "CREATE STATISTICS inspections.st_finding_site (dependencies) ON tenant_id, site_id FROM inspections.finding",
    )
    op.create_index(
        "ix_finding_by_rectify_by",
        "finding",
        [
            "tenant_id",
            sa.literal_column(
                "(CASE WHEN (rectify_by IS NULL) THEN '2300-01-01 00:00:00+00'::timestamp with time zone ELSE rectify_by END)",
            ),
            "id",
        ],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_finding_tenant_id_created_at_id"),
        "finding",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_finding_tenant_id_location_id"),
        "finding",
        ["tenant_id", "location_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_finding_tenant_id_point_id"),
        "finding",
        ["tenant_id", "point_id"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_finding_tenant_id_responsible_id_status"),
        "finding",
        ["tenant_id", "responsible_id", "status"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_finding_tenant_id_site_id_status"),
        "finding",
        ["tenant_id", "site_id", "status"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        op.f("ix_finding_tenant_id_task_id"),
        "finding",
        ["tenant_id", "task_id"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "late",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("in_window", sa.Boolean(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["inspections.task.tenant_id", "inspections.task.id"],
            name=op.f("fk_late_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_late")),
        sa.UniqueConstraint("tenant_id", "submission_id", name=op.f("uq_late_tenant_id_submission_id")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.late ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.late FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.late USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.late TO dougong_app")
    op.create_index(
        op.f("ix_late_tenant_id_parent_id_at"),
        "late",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="inspections",
    )
    op.create_table(
        "recheck",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["inspections.finding.tenant_id", "inspections.finding.id"],
            name=op.f("fk_recheck_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_recheck")),
        schema="inspections",
    )
    op.execute("ALTER TABLE inspections.recheck ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE inspections.recheck FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON inspections.recheck USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON inspections.recheck TO dougong_app")
    op.create_index(
        op.f("ix_recheck_tenant_id_parent_id_at"),
        "recheck",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="inspections",
    )
