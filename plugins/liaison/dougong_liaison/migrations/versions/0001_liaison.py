"""liaison"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "liaison_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=True),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_agency_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_agency")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_agency_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.agency ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.agency FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.agency USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.agency TO dougong_app")
    op.execute("CREATE STATISTICS liaison.st_agency_site (dependencies) ON tenant_id, site_id FROM liaison.agency")
    op.create_index(
        op.f("ix_agency_tenant_id_created_at_id"),
        "agency",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_agency_tenant_id_site_id"),
        "agency",
        ["tenant_id", "site_id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "declaration",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("sign_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_declaration_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_declaration_tenant_id_number")),
        sa.UniqueConstraint("tenant_id", "person_id", "year", name=op.f("uq_declaration_tenant_id_person_id_year")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.declaration ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.declaration FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.declaration USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.declaration TO dougong_app")
    op.execute(
        "CREATE STATISTICS liaison.st_declaration_site (dependencies) ON tenant_id, site_id FROM liaison.declaration",
    )
    op.create_index(
        op.f("ix_declaration_tenant_id_created_at_id"),
        "declaration",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_declaration_tenant_id_person_id_status"),
        "declaration",
        ["tenant_id", "person_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_declaration_tenant_id_site_id"),
        "declaration",
        ["tenant_id", "site_id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "policy",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_policy_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_policy")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_policy_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.policy ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.policy FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.policy USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.policy TO dougong_app")
    op.execute("CREATE STATISTICS liaison.st_policy_site (dependencies) ON tenant_id, site_id FROM liaison.policy")
    op.create_index(
        op.f("ix_policy_tenant_id_created_at_id"),
        "policy",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_policy_tenant_id_owner_id_status"),
        "policy",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_policy_tenant_id_site_id"),
        "policy",
        ["tenant_id", "site_id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "action",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["liaison.policy.tenant_id", "liaison.policy.id"],
            name=op.f("fk_action_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_action")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.action ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.action FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.action USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.action TO dougong_app")
    op.create_index(
        op.f("ix_action_tenant_id_parent_id_at"),
        "action",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "contact",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("office_phone", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("mobile", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agency_id"],
            ["liaison.agency.tenant_id", "liaison.agency.id"],
            name=op.f("fk_contact_tenant_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_contact_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_contact_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.contact ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.contact FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.contact USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.contact TO dougong_app")
    op.execute("CREATE STATISTICS liaison.st_contact_site (dependencies) ON tenant_id, site_id FROM liaison.contact")
    op.create_index(
        op.f("ix_contact_tenant_id_agency_id"),
        "contact",
        ["tenant_id", "agency_id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_contact_tenant_id_created_at_id"),
        "contact",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_contact_tenant_id_owner_id_status"),
        "contact",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_contact_tenant_id_site_id"),
        "contact",
        ["tenant_id", "site_id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "interaction",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("surprise", sa.Boolean(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("afterwards", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agency_id"],
            ["liaison.agency.tenant_id", "liaison.agency.id"],
            name=op.f("fk_interaction_tenant_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_interaction_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_interaction")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_interaction_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.interaction ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.interaction FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.interaction USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.interaction TO dougong_app")
    op.execute(
        "CREATE STATISTICS liaison.st_interaction_site (dependencies) ON tenant_id, site_id FROM liaison.interaction",
    )
    op.create_index(
        op.f("ix_interaction_tenant_id_agency_id"),
        "interaction",
        ["tenant_id", "agency_id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_interaction_tenant_id_created_at_id"),
        "interaction",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_interaction_tenant_id_held_at"),
        "interaction",
        ["tenant_id", "held_at"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_interaction_tenant_id_owner_id_status"),
        "interaction",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_interaction_tenant_id_site_id"),
        "interaction",
        ["tenant_id", "site_id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "obligation",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("agency_kind", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("checked", sa.Text(), nullable=False),
        sa.Column("repeat", sa.Text(), nullable=False),
        sa.Column("month", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.Column("on_closed", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("made_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agency_id"],
            ["liaison.agency.tenant_id", "liaison.agency.id"],
            name=op.f("fk_obligation_tenant_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_obligation_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_obligation")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_obligation_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.obligation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.obligation FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.obligation USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.obligation TO dougong_app")
    op.execute(
        "CREATE STATISTICS liaison.st_obligation_site (dependencies) ON tenant_id, site_id FROM liaison.obligation",
    )
    op.create_index(
        op.f("ix_obligation_tenant_id_agency_id"),
        "obligation",
        ["tenant_id", "agency_id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_obligation_tenant_id_created_at_id"),
        "obligation",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_obligation_tenant_id_owner_id_status"),
        "obligation",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_obligation_tenant_id_site_id_code"),
        "obligation",
        ["tenant_id", "site_id", "code"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_obligation_tenant_id_status_id"),
        "obligation",
        ["tenant_id", "status", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "order",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("agency_name", sa.Text(), nullable=True),
        sa.Column("agency_kind", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("due_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("rechecks", sa.BigInteger(), nullable=False),
        sa.Column("penalty", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("used", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agency_id"],
            ["liaison.agency.tenant_id", "liaison.agency.id"],
            name=op.f("fk_order_tenant_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_order_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_order")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_order_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.order ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.order FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.order USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.order TO dougong_app")
    op.execute("CREATE STATISTICS liaison.st_order_site (dependencies) ON tenant_id, site_id FROM liaison.order")
    op.create_index(
        "ix_order_by_due_by",
        "order",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN due_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE due_by\nEND)",
            ),
            "id",
        ],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_order_tenant_id_agency_id"),
        "order",
        ["tenant_id", "agency_id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_order_tenant_id_created_at_id"),
        "order",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_order_tenant_id_owner_id_status"),
        "order",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_order_tenant_id_received_at"),
        "order",
        ["tenant_id", "received_at"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_order_tenant_id_site_id"),
        "order",
        ["tenant_id", "site_id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "permit",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("former", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("expires_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expired", sa.Boolean(), nullable=False),
        sa.Column("apply_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_late", sa.Boolean(), nullable=False),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agency_id"],
            ["liaison.agency.tenant_id", "liaison.agency.id"],
            name=op.f("fk_permit_tenant_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_permit_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_permit")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_permit_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.permit ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.permit FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.permit USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.permit TO dougong_app")
    op.execute("CREATE STATISTICS liaison.st_permit_site (dependencies) ON tenant_id, site_id FROM liaison.permit")
    op.create_index(
        op.f("ix_permit_tenant_id_agency_id"),
        "permit",
        ["tenant_id", "agency_id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_permit_tenant_id_created_at_id"),
        "permit",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_permit_tenant_id_expires_by"),
        "permit",
        ["tenant_id", "expires_by"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_permit_tenant_id_owner_id_status"),
        "permit",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_permit_tenant_id_site_id"),
        "permit",
        ["tenant_id", "site_id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "support",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("apply_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("granted", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agency_id"],
            ["liaison.agency.tenant_id", "liaison.agency.id"],
            name=op.f("fk_support_tenant_id_agency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "policy_id"],
            ["liaison.policy.tenant_id", "liaison.policy.id"],
            name=op.f("fk_support_tenant_id_policy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_support_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_support")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_support_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.support ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.support FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.support USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.support TO dougong_app")
    op.execute("CREATE STATISTICS liaison.st_support_site (dependencies) ON tenant_id, site_id FROM liaison.support")
    op.create_index(
        op.f("ix_support_tenant_id_agency_id"),
        "support",
        ["tenant_id", "agency_id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_support_tenant_id_created_at_id"),
        "support",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_support_tenant_id_owner_id_status"),
        "support",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_support_tenant_id_policy_id"),
        "support",
        ["tenant_id", "policy_id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_support_tenant_id_site_id"),
        "support",
        ["tenant_id", "site_id"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "deferral",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("before", sa.Date(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["liaison.order.tenant_id", "liaison.order.id"],
            name=op.f("fk_deferral_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deferral")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.deferral ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.deferral FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.deferral USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.deferral TO dougong_app")
    op.create_index(
        op.f("ix_deferral_tenant_id_parent_id_at"),
        "deferral",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "filing",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("agency_kind", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("returned_why", sa.Text(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "obligation_id"],
            ["liaison.obligation.tenant_id", "liaison.obligation.id"],
            name=op.f("fk_filing_tenant_id_obligation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_filing_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_filing")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_filing_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.filing ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.filing FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.filing USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.filing TO dougong_app")
    op.execute("CREATE STATISTICS liaison.st_filing_site (dependencies) ON tenant_id, site_id FROM liaison.filing")
    op.create_index(
        "ix_filing_by_due_by",
        "filing",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN due_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE due_by\nEND)",
            ),
            "id",
        ],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_filing_tenant_id_created_at_id"),
        "filing",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_filing_tenant_id_due_on"),
        "filing",
        ["tenant_id", "due_on"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_filing_tenant_id_obligation_id_status"),
        "filing",
        ["tenant_id", "obligation_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_filing_tenant_id_owner_id_status"),
        "filing",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_filing_tenant_id_site_id_due_on"),
        "filing",
        ["tenant_id", "site_id", "due_on"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "item",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["liaison.order.tenant_id", "liaison.order.id"],
            name=op.f("fk_item_tenant_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_item_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_item")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_item_tenant_id_number")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.item ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.item FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.item USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.item TO dougong_app")
    op.execute("CREATE STATISTICS liaison.st_item_site (dependencies) ON tenant_id, site_id FROM liaison.item")
    op.create_index(
        op.f("ix_item_tenant_id_created_at_id"),
        "item",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_item_tenant_id_order_id_status"),
        "item",
        ["tenant_id", "order_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(
        op.f("ix_item_tenant_id_owner_id_status"),
        "item",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="liaison",
    )
    op.create_index(op.f("ix_item_tenant_id_site_id"), "item", ["tenant_id", "site_id"], unique=False, schema="liaison")
    op.create_table(
        "penalty",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["liaison.order.tenant_id", "liaison.order.id"],
            name=op.f("fk_penalty_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_penalty")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.penalty ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.penalty FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.penalty USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.penalty TO dougong_app")
    op.create_index(
        op.f("ix_penalty_tenant_id_parent_id_at"),
        "penalty",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "renewal",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("old_paper", sa.Text(), nullable=True),
        sa.Column("old_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["liaison.permit.tenant_id", "liaison.permit.id"],
            name=op.f("fk_renewal_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_renewal")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.renewal ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.renewal FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.renewal USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.renewal TO dougong_app")
    op.create_index(
        op.f("ix_renewal_tenant_id_parent_id_at"),
        "renewal",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="liaison",
    )
    op.create_table(
        "step",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["liaison.interaction.tenant_id", "liaison.interaction.id"],
            name=op.f("fk_step_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_step")),
        schema="liaison",
    )
    op.execute("ALTER TABLE liaison.step ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE liaison.step FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON liaison.step USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON liaison.step TO dougong_app")
    op.create_index(
        op.f("ix_step_tenant_id_parent_id_at"),
        "step",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="liaison",
    )
