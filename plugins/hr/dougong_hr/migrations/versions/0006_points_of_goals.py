"""What goals gained: the employee's own points with the goal, the superior's with the rating"""

import sqlalchemy as sa
from alembic import op

revision = "hr_0006"
down_revision = "hr_0005"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.add_column("goal", sa.Column("self_points", sa.BigInteger(), nullable=True), schema="hr")
    op.create_table(
        "goal_score",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["hr.rating.tenant_id", "hr.rating.id"],
            name=op.f("fk_goal_score_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goal_score")),
        schema="hr",
    )
    op.execute("ALTER TABLE hr.goal_score ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.goal_score FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.goal_score USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.goal_score TO dougong_app")
    op.create_index(
        op.f("ix_goal_score_tenant_id_parent_id_at"),
        "goal_score",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="hr",
    )
