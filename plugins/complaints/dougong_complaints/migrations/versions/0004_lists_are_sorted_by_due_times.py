"""lists are sorted by due times"""

import sqlalchemy as sa
from alembic import op

revision = "complaints_0004"
down_revision = "complaints_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What somebody has open is a small part of all that was ever theirs.
    op.drop_index("ix_complaint_tenant_id_owner_id", "complaint", schema="complaints")
    op.create_index(
        "ix_complaint_tenant_id_owner_id_status",
        "complaint",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        "ix_complaint_by_contact_by",
        "complaint",
        [
            "tenant_id",
            sa.literal_column(
                "(CASE WHEN (contact_by IS NULL) THEN '2300-01-01 00:00:00+00'::timestamp with time zone ELSE contact_by END)"
            ),
            "id",
        ],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        "ix_complaint_by_progress_by",
        "complaint",
        [
            "tenant_id",
            sa.literal_column(
                "(CASE WHEN (progress_by IS NULL) THEN '2300-01-01 00:00:00+00'::timestamp with time zone ELSE progress_by END)"
            ),
            "id",
        ],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        "ix_complaint_by_resolve_by",
        "complaint",
        [
            "tenant_id",
            sa.literal_column(
                "(CASE WHEN (resolve_by IS NULL) THEN '2300-01-01 00:00:00+00'::timestamp with time zone ELSE resolve_by END)"
            ),
            "id",
        ],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        "ix_complaint_by_updated_at",
        "complaint",
        ["tenant_id", "updated_at", "id"],
        unique=False,
        schema="complaints",
    )
    op.create_index(
        "ix_complaint_by_visit_by",
        "complaint",
        [
            "tenant_id",
            sa.literal_column(
                "(CASE WHEN (visit_by IS NULL) THEN '2300-01-01 00:00:00+00'::timestamp with time zone ELSE visit_by END)"
            ),
            "id",
        ],
        unique=False,
        schema="complaints",
    )
