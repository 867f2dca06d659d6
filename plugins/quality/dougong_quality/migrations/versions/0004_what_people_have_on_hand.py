"""what people have on hand is found by index"""

from alembic import op

revision = "quality_0004"
down_revision = "quality_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_audit_tenant_id_auditor_id_status",
        "audit",
        ["tenant_id", "auditor_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_audit_tenant_id_lead_id_status",
        "audit",
        ["tenant_id", "lead_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_audit_tenant_id_second_id_status",
        "audit",
        ["tenant_id", "second_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_decision_tenant_id_owner_id_status",
        "decision",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_management_review_tenant_id_chair_id_status",
        "management_review",
        ["tenant_id", "chair_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_objective_tenant_id_owner_id_status",
        "objective",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_revision_tenant_id_drafter_id_status",
        "revision",
        ["tenant_id", "drafter_id", "status"],
        unique=False,
        schema="quality",
    )
    op.create_index(
        "ix_rollout_tenant_id_responsible_id_status",
        "rollout",
        ["tenant_id", "responsible_id", "status"],
        unique=False,
        schema="quality",
    )
