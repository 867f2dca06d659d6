"""appraisal"""

revision = "hr_0004"
down_revision = "hr_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
