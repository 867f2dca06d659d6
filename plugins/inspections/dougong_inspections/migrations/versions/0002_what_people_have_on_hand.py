"""what people have on hand is found by index"""

from alembic import op

revision = "inspections_0002"
down_revision = "inspections_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_plan_tenant_id_person_id_status",
        "plan",
        ["tenant_id", "person_id", "status"],
        unique=False,
        schema="inspections",
    )
    op.create_index(
        "ix_task_tenant_id_claimed_by_status",
        "task",
        ["tenant_id", "claimed_by", "status"],
        unique=False,
        schema="inspections",
    )
