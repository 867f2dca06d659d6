"""organisation"""

revision = "hr_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
