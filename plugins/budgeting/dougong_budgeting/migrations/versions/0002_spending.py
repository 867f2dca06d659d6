"""spending"""

revision = "budgeting_0002"
down_revision = "budgeting_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
