"""a voucher has several lines for one account"""

import sqlalchemy as sa
from alembic import op

revision = "budgeting_0007"
down_revision = "budgeting_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What stands was the only line of its document for its account.
    op.add_column("actual", sa.Column("line", sa.BigInteger(), nullable=False, server_default="1"), schema="budgeting")
    op.alter_column("actual", "line", server_default=None, schema="budgeting")
    op.drop_constraint(
        op.f("uq_actual_tenant_id_site_id_document_account_year_month"), "actual", schema="budgeting", type_="unique"
    )
    op.create_unique_constraint(
        op.f("uq_actual_tenant_id_site_id_document_account_year_month_line"),
        "actual",
        ["tenant_id", "site_id", "document", "account", "year", "month", "line"],
        schema="budgeting",
    )
