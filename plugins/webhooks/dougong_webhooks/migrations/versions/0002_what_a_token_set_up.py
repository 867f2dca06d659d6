"""what a token set up"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "webhooks_0002"
down_revision = "webhooks_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscription",
        sa.Column("token_scope", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        schema="webhooks",
    )
