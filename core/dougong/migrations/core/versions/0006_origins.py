"""links know which end gave rise to the other"""

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("origin_id", sa.Uuid(), nullable=True), schema="core")
    op.add_column("link", sa.Column("rule", sa.Text(), nullable=True), schema="core")
    op.create_index(
        "uq_link_rule",
        "link",
        ["tenant_id", "origin_id", "rule"],
        unique=True,
        schema="core",
        postgresql_where=sa.text("rule IS NOT NULL"),
    )
