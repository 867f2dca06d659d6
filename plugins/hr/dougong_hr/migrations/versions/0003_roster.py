"""roster"""

revision = "hr_0003"
down_revision = "hr_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
