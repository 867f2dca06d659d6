"""days of permits and orders"""

from alembic import op

revision = "liaison_0002"
down_revision = "liaison_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_order_tenant_id_deadline_on"),
        "order",
        ["tenant_id", "deadline_on"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_permit_tenant_id_expires_on"),
        "permit",
        ["tenant_id", "expires_on"],
        unique=False,
        schema="liaison",
    )
    op.drop_index(op.f("ix_filing_tenant_id_due_on"), "filing", schema="liaison")
    op.create_index(
        op.f("ix_filing_tenant_id_due_on_site_id_status_due_by"),
        "filing",
        ["tenant_id", "due_on", "site_id", "status", "due_by"],
        unique=False,
        schema="liaison",
    )
