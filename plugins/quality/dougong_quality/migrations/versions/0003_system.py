"""system"""

revision = "quality_0003"
down_revision = "quality_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
