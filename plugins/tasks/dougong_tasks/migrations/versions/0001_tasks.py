"""tasks and reports upward"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "tasks_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "client_report",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("frozen", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_client_report_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_client_report")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_client_report_tenant_id_number")),
        schema="tasks",
    )
    op.execute("ALTER TABLE tasks.client_report ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tasks.client_report FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON tasks.client_report USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.client_report TO dougong_app")
    op.execute(
        "CREATE STATISTICS tasks.st_client_report_site (dependencies) ON tenant_id, site_id FROM tasks.client_report",
    )
    op.create_index(
        op.f("ix_client_report_tenant_id_created_at_id"),
        "client_report",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_client_report_tenant_id_report_id"),
        "client_report",
        ["tenant_id", "report_id"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_client_report_tenant_id_site_id"),
        "client_report",
        ["tenant_id", "site_id"],
        unique=False,
        schema="tasks",
    )
    op.create_table(
        "report",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("client_text", sa.Text(), nullable=True),
        sa.Column("submit_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submit_late", sa.Boolean(), nullable=False),
        sa.Column("returns", sa.BigInteger(), nullable=False),
        sa.Column("client_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_report_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_report")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_report_tenant_id_number")),
        sa.UniqueConstraint(
            "tenant_id",
            "site_id",
            "period",
            "starts",
            name=op.f("uq_report_tenant_id_site_id_period_starts"),
        ),
        schema="tasks",
    )
    op.execute("ALTER TABLE tasks.report ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tasks.report FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON tasks.report USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.report TO dougong_app")
    op.execute("CREATE STATISTICS tasks.st_report_site (dependencies) ON tenant_id, site_id FROM tasks.report")
    op.create_index(
        op.f("ix_report_tenant_id_author_id_status"),
        "report",
        ["tenant_id", "author_id", "status"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_report_tenant_id_created_at_id"),
        "report",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_report_tenant_id_site_id"),
        "report",
        ["tenant_id", "site_id"],
        unique=False,
        schema="tasks",
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
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("assigner_id", sa.Uuid(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("asked_until", sa.Date(), nullable=True),
        sa.Column("extensions", sa.BigInteger(), nullable=False),
        sa.Column("returns", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("accept_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accept_late", sa.Boolean(), nullable=False),
        sa.Column("finish_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finish_late", sa.Boolean(), nullable=False),
        sa.Column("sign_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sign_late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_task_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_task")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_task_tenant_id_number")),
        schema="tasks",
    )
    op.execute("ALTER TABLE tasks.task ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tasks.task FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON tasks.task USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.task TO dougong_app")
    op.execute("CREATE STATISTICS tasks.st_task_site (dependencies) ON tenant_id, site_id FROM tasks.task")
    op.create_index(
        "ix_task_by_finish_by",
        "task",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN finish_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE finish_by\nEND)",  # noqa: E501
            ),
            "id",
        ],
        unique=False,
        schema="tasks",
    )
    op.create_index("ix_task_by_updated_at", "task", ["tenant_id", "updated_at", "id"], unique=False, schema="tasks")
    op.create_index(
        op.f("ix_task_tenant_id_assigner_id_status"),
        "task",
        ["tenant_id", "assigner_id", "status"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_task_tenant_id_created_at_id"),
        "task",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_task_tenant_id_owner_id_status"),
        "task",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_task_tenant_id_site_id_status"),
        "task",
        ["tenant_id", "site_id", "status"],
        unique=False,
        schema="tasks",
    )
    op.create_table(
        "assistant",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["tasks.task.tenant_id", "tasks.task.id"],
            name=op.f("fk_assistant_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assistant")),
        schema="tasks",
    )
    op.execute("ALTER TABLE tasks.assistant ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tasks.assistant FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON tasks.assistant USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.assistant TO dougong_app")
    op.create_index(
        op.f("ix_assistant_tenant_id_parent_id_at"),
        "assistant",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_assistant_tenant_id_person_id"),
        "assistant",
        ["tenant_id", "person_id"],
        unique=False,
        schema="tasks",
    )
    op.create_table(
        "extension",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["tasks.task.tenant_id", "tasks.task.id"],
            name=op.f("fk_extension_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_extension")),
        schema="tasks",
    )
    op.execute("ALTER TABLE tasks.extension ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tasks.extension FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON tasks.extension USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.extension TO dougong_app")
    op.create_index(
        op.f("ix_extension_tenant_id_parent_id_at"),
        "extension",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="tasks",
    )
    op.create_table(
        "progress",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["tasks.task.tenant_id", "tasks.task.id"],
            name=op.f("fk_progress_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_progress")),
        schema="tasks",
    )
    op.execute("ALTER TABLE tasks.progress ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tasks.progress FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON tasks.progress USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.progress TO dougong_app")
    op.create_index(
        op.f("ix_progress_tenant_id_parent_id_at"),
        "progress",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="tasks",
    )
    op.create_table(
        "recipient",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["tasks.report.tenant_id", "tasks.report.id"],
            name=op.f("fk_recipient_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_recipient")),
        schema="tasks",
    )
    op.execute("ALTER TABLE tasks.recipient ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tasks.recipient FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON tasks.recipient USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.recipient TO dougong_app")
    op.create_index(
        op.f("ix_recipient_tenant_id_parent_id_at"),
        "recipient",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="tasks",
    )
    op.create_index(
        op.f("ix_recipient_tenant_id_person_id"),
        "recipient",
        ["tenant_id", "person_id"],
        unique=False,
        schema="tasks",
    )
    op.create_table(
        "remark",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["tasks.report.tenant_id", "tasks.report.id"],
            name=op.f("fk_remark_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_remark")),
        schema="tasks",
    )
    op.execute("ALTER TABLE tasks.remark ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE tasks.remark FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON tasks.remark USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.remark TO dougong_app")
    op.create_index(
        op.f("ix_remark_tenant_id_parent_id_at"),
        "remark",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="tasks",
    )
