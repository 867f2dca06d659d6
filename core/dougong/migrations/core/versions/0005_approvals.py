"""approvals: rounds and seats"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("came_from", sa.Text(), nullable=True),
        sa.Column("levels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("level_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authors", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_approval")),
        sa.UniqueConstraint(
            "tenant_id",
            "record_kind",
            "record_id",
            "name",
            "round",
            name=op.f("uq_approval_tenant_id_record_kind_record_id_name_round"),
        ),
        schema="core",
    )
    op.execute("ALTER TABLE core.approval ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.approval FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.approval USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.approval TO dougong_app")
    op.execute("CREATE STATISTICS core.st_approval_site (dependencies) ON tenant_id, site_id FROM core.approval")
    op.create_index(
        "ix_approval_asked",
        "approval",
        ["tenant_id", "level_at", "id"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        op.f("ix_approval_tenant_id_asked_by_asked_at"),
        "approval",
        ["tenant_id", "asked_by", "asked_at"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "approval_seat",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_for", sa.Uuid(), nullable=True),
        sa.Column("climbed", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "approval_id"],
            ["core.approval.tenant_id", "core.approval.id"],
            name=op.f("fk_approval_seat_tenant_id_approval_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_approval_seat")),
        schema="core",
    )
    op.execute("ALTER TABLE core.approval_seat ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.approval_seat FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.approval_seat USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.approval_seat TO dougong_app")
    op.create_index(
        op.f("ix_approval_seat_tenant_id_approval_id"),
        "approval_seat",
        ["tenant_id", "approval_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_approval_seat_tenant_id_signed_by_signed_at"),
        "approval_seat",
        ["tenant_id", "signed_by", "signed_at"],
        unique=False,
        schema="core",
    )
