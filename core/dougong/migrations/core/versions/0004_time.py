"""time: what is due, schedules with their occurrences, the steps of clocks that were taken"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "due",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["platform.tenant.id"],
            name=op.f("fk_due_tenant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "id", name=op.f("pk_due")),
        schema="platform",
    )
    op.create_index(op.f("ix_due_due_at"), "due", ["due_at"], unique=False, schema="platform")
    op.create_table(
        "job_progress",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["platform.tenant.id"],
            name=op.f("fk_job_progress_tenant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "about", name=op.f("pk_job_progress")),
        schema="platform",
    )
    op.create_table(
        "note",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_note")),
        schema="platform",
    )
    op.create_table(
        "clock_step",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_clock_step")),
        sa.UniqueConstraint(
            "tenant_id",
            "record_kind",
            "record_id",
            "clock",
            "run",
            "step",
            name=op.f("uq_clock_step_tenant_id_record_kind_record_id_clock_run_step"),
        ),
        schema="core",
    )
    op.execute("ALTER TABLE core.clock_step ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.clock_step FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.clock_step USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.clock_step TO dougong_app")
    op.create_index(op.f("ix_clock_step_tenant_id_at"), "clock_step", ["tenant_id", "at"], unique=False, schema="core")
    op.create_table(
        "schedule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("label_text", sa.Text(), nullable=True),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("window", sa.BigInteger(), nullable=True),
        sa.Column("grace", sa.BigInteger(), nullable=False),
        sa.Column("missed", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("planned_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_schedule_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_schedule")),
        schema="core",
    )
    op.execute("ALTER TABLE core.schedule ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.schedule FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.schedule USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.schedule TO dougong_app")
    op.execute("CREATE STATISTICS core.st_schedule_site (dependencies) ON tenant_id, site_id FROM core.schedule")
    op.create_index(op.f("ix_schedule_tenant_id_name"), "schedule", ["tenant_id", "name"], unique=False, schema="core")
    op.create_index(
        op.f("ix_schedule_tenant_id_site_id"),
        "schedule",
        ["tenant_id", "site_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        "uq_schedule_name",
        "schedule",
        ["tenant_id", "name", "site_id", "subject_id"],
        unique=True,
        schema="core",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "occurrence",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("nominal", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("window_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "schedule_id"],
            ["core.schedule.tenant_id", "core.schedule.id"],
            name=op.f("fk_occurrence_tenant_id_schedule_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint(
            "tenant_id",
            "schedule_id",
            "nominal",
            name=op.f("uq_occurrence_tenant_id_schedule_id_nominal"),
        ),
        schema="core",
    )
    op.execute("ALTER TABLE core.occurrence ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.occurrence FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.occurrence USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.occurrence TO dougong_app")
    op.execute("CREATE STATISTICS core.st_occurrence_site (dependencies) ON tenant_id, site_id FROM core.occurrence")
    op.create_index(
        op.f("ix_occurrence_tenant_id_nominal"),
        "occurrence",
        ["tenant_id", "nominal"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_occurrence_tenant_id_schedule_id"),
        "occurrence",
        ["tenant_id", "schedule_id"],
        unique=False,
        schema="core",
    )
    # The driver itself: several statements at once, and percent signs that are no parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute("SET LOCAL search_path = platform, pg_temp")
    for name in ("0004_time.sql", "0004_queue.sql"):
        driver.execute(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    driver.execute("SET LOCAL search_path TO DEFAULT")
