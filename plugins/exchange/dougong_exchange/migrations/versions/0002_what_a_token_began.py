"""what a token began"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "exchange_0002"
down_revision = "exchange_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "export",
        sa.Column("token_scope", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        schema="exchange",
    )
    op.add_column(
        "run",
        sa.Column("token_scope", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        schema="exchange",
    )
