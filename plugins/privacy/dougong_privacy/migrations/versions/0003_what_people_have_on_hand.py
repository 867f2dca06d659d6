"""what people have on hand is found by index"""

from alembic import op

revision = "privacy_0003"
down_revision = "privacy_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_request_tenant_id_handler_id_status",
        "request",
        ["tenant_id", "handler_id", "status"],
        unique=False,
        schema="privacy",
    )
