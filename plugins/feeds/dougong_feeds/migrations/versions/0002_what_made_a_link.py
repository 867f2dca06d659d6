"""what made a link"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "feeds_0002"
down_revision = "feeds_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "feed",
        sa.Column("token_scope", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        schema="feeds",
    )
