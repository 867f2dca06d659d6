"""Complaints that came from another system are marked; reports select by the time of registration."""

import sqlalchemy as sa
from alembic import op

revision = "complaints_0002"
down_revision = "complaints_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default serves the rows that exist; from then on the program says the value.
    column: sa.Column[bool] = sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("complaint", column, schema="complaints")
    op.alter_column("complaint", "imported", server_default=None, schema="complaints")
    op.create_index(
        op.f("ix_complaint_tenant_id_registered_at"),
        "complaint",
        ["tenant_id", "registered_at"],
        unique=False,
        schema="complaints",
    )
