"""one budget that binds a site in a year"""

import sqlalchemy as sa
from alembic import op

revision = "budgeting_0005"
down_revision = "budgeting_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "uq_budget_binding",
        "budget",
        ["tenant_id", "site_id", "year"],
        unique=True,
        schema="budgeting",
        postgresql_where=sa.text("status = ANY (ARRAY['active'::text, 'closed'::text])"),
    )
