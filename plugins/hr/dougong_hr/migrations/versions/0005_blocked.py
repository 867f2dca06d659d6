"""Why a change of personnel exceeds the establishment, and why it has not taken effect"""

import sqlalchemy as sa
from alembic import op

revision = "hr_0005"
down_revision = "hr_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("change", sa.Column("over_why", sa.Text(), nullable=True), schema="hr")
    op.add_column("change", sa.Column("blocked_why", sa.Text(), nullable=True), schema="hr")
