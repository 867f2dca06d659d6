"""follow-up codes are the intake's"""

from alembic import op

revision = "complaints_0003"
down_revision = "complaints_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("lookup", schema="complaints")
    op.drop_constraint(op.f("uq_complaint_tenant_id_follow_up"), "complaint", schema="complaints", type_="unique")
    op.drop_column("complaint", "follow_up", schema="complaints")
