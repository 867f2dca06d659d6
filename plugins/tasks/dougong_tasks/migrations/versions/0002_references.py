"""where a task comes from has its number; reports have titles; words on a section can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "tasks_0002"
down_revision = "tasks_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("reference", sa.Text(), nullable=True), schema="tasks")
    op.add_column("report", sa.Column("title", sa.Text(), nullable=False, server_default=""), schema="tasks")
    op.alter_column("report", "title", server_default=None, schema="tasks")
    op.add_column("report", sa.Column("returned_because", sa.Text(), nullable=True), schema="tasks")
    op.add_column("remark", sa.Column("title", sa.Text(), nullable=False, server_default=""), schema="tasks")
    op.alter_column("remark", "title", server_default=None, schema="tasks")
    op.alter_column("remark", "text", existing_type=sa.Text(), nullable=True, schema="tasks")
