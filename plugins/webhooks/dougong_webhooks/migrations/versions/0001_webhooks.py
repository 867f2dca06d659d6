"""subscriptions, their secrets and health, deliveries"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "webhooks_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("events", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("with_fields", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_subscription_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_subscription_tenant_id_number")),
        schema="webhooks",
    )
    op.execute("ALTER TABLE webhooks.subscription ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE webhooks.subscription FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON webhooks.subscription USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks.subscription TO dougong_app")
    op.execute(
        "CREATE STATISTICS webhooks.st_subscription_site (dependencies) ON tenant_id, site_id FROM webhooks.subscription",
    )
    op.create_index(
        op.f("ix_subscription_tenant_id_created_at_id"),
        "subscription",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="webhooks",
    )
    op.create_index(
        op.f("ix_subscription_tenant_id_site_id"),
        "subscription",
        ["tenant_id", "site_id"],
        unique=False,
        schema="webhooks",
    )
    op.create_index(
        op.f("ix_subscription_tenant_id_status"),
        "subscription",
        ["tenant_id", "status"],
        unique=False,
        schema="webhooks",
    )
    op.create_table(
        "delivery",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.BigInteger(), nullable=True),
        sa.Column("milliseconds", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["webhooks.subscription.tenant_id", "webhooks.subscription.id"],
            name=op.f("fk_delivery_tenant_id_subscription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_delivery")),
        schema="webhooks",
    )
    op.execute("ALTER TABLE webhooks.delivery ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE webhooks.delivery FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON webhooks.delivery USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks.delivery TO dougong_app")
    op.execute(
        "CREATE STATISTICS webhooks.st_delivery_site (dependencies) ON tenant_id, site_id FROM webhooks.delivery",
    )
    op.create_index(op.f("ix_delivery_tenant_id_at"), "delivery", ["tenant_id", "at"], unique=False, schema="webhooks")
    op.create_index(
        op.f("ix_delivery_tenant_id_subscription_id_id"),
        "delivery",
        ["tenant_id", "subscription_id", "id"],
        unique=False,
        schema="webhooks",
    )
    op.create_table(
        "health",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("fails", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rest_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["webhooks.subscription.tenant_id", "webhooks.subscription.id"],
            name=op.f("fk_health_tenant_id_subscription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "subscription_id", name=op.f("pk_health")),
        schema="webhooks",
    )
    op.execute("ALTER TABLE webhooks.health ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE webhooks.health FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON webhooks.health USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks.health TO dougong_app")
    op.create_index(
        op.f("ix_health_tenant_id_subscription_id"),
        "health",
        ["tenant_id", "subscription_id"],
        unique=False,
        schema="webhooks",
    )
    op.create_table(
        "secret",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["webhooks.subscription.tenant_id", "webhooks.subscription.id"],
            name=op.f("fk_secret_tenant_id_subscription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_secret")),
        schema="webhooks",
    )
    op.execute("ALTER TABLE webhooks.secret ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE webhooks.secret FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON webhooks.secret USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks.secret TO dougong_app")
    op.create_index(
        op.f("ix_secret_tenant_id_subscription_id"),
        "secret",
        ["tenant_id", "subscription_id"],
        unique=False,
        schema="webhooks",
    )
