"""work orders"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "workorders_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
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
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("reporter", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("permit_kind", sa.Text(), nullable=True),
        sa.Column("permit_number", sa.Text(), nullable=True),
        sa.Column("permit_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("desk", sa.Text(), nullable=True),
        sa.Column("main_id", sa.Uuid(), nullable=True),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("quote", sa.BigInteger(), nullable=True),
        sa.Column("agreed", sa.BigInteger(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("rating", sa.Text(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("returns", sa.BigInteger(), nullable=False),
        sa.Column("reworks", sa.BigInteger(), nullable=False),
        sa.Column("holds", sa.BigInteger(), nullable=False),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("on_the_spot", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accept_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accept_late", sa.Boolean(), nullable=False),
        sa.Column("arrive_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrive_late", sa.Boolean(), nullable=False),
        sa.Column("finish_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finish_late", sa.Boolean(), nullable=False),
        sa.Column("check_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_late", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("timing", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["core.location.tenant_id", "core.location.id"],
            name=op.f("fk_order_tenant_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "main_id"],
            ["workorders.order.tenant_id", "workorders.order.id"],
            name=op.f("fk_order_tenant_id_main_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["core.site.tenant_id", "core.site.id"],
            name=op.f("fk_order_tenant_id_site_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_order")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_order_tenant_id_number")),
        schema="workorders",
    )
    op.execute("ALTER TABLE workorders.order ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE workorders.order FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON workorders.order USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON workorders.order TO dougong_app")
    op.execute("CREATE STATISTICS workorders.st_order_site (dependencies) ON tenant_id, site_id FROM workorders.order")
    op.create_index(
        "ix_order_by_appointed_at",
        "order",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN appointed_at IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n"
                "    ELSE appointed_at\nEND)",
            ),
            "id",
        ],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        "ix_order_by_arrive_by",
        "order",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN arrive_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n"
                "    ELSE arrive_by\nEND)",
            ),
            "id",
        ],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        "ix_order_by_finish_by",
        "order",
        [
            "tenant_id",
            sa.literal_column(
                "(\nCASE\n    WHEN finish_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n"
                "    ELSE finish_by\nEND)",
            ),
            "id",
        ],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        "ix_order_by_updated_at",
        "order",
        ["tenant_id", "updated_at", "id"],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        op.f("ix_order_tenant_id_created_at_id"),
        "order",
        ["tenant_id", "created_at", "id"],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        op.f("ix_order_tenant_id_desk_status"),
        "order",
        ["tenant_id", "desk", "status"],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        op.f("ix_order_tenant_id_location_id"),
        "order",
        ["tenant_id", "location_id"],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        op.f("ix_order_tenant_id_main_id"),
        "order",
        ["tenant_id", "main_id"],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        op.f("ix_order_tenant_id_owner_id_status"),
        "order",
        ["tenant_id", "owner_id", "status"],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        op.f("ix_order_tenant_id_reported_at"),
        "order",
        ["tenant_id", "reported_at"],
        unique=False,
        schema="workorders",
    )
    op.create_index(
        op.f("ix_order_tenant_id_site_id_status"),
        "order",
        ["tenant_id", "site_id", "status"],
        unique=False,
        schema="workorders",
    )
    op.create_table(
        "material",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["workorders.order.tenant_id", "workorders.order.id"],
            name=op.f("fk_material_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_material")),
        schema="workorders",
    )
    op.execute("ALTER TABLE workorders.material ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE workorders.material FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON workorders.material USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON workorders.material TO dougong_app")
    op.create_index(
        op.f("ix_material_tenant_id_parent_id_at"),
        "material",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="workorders",
    )
    op.create_table(
        "quote",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"],
            ["workorders.order.tenant_id", "workorders.order.id"],
            name=op.f("fk_quote_tenant_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_quote")),
        schema="workorders",
    )
    op.execute("ALTER TABLE workorders.quote ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE workorders.quote FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON workorders.quote USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON workorders.quote TO dougong_app")
    op.create_index(
        op.f("ix_quote_tenant_id_parent_id_at"),
        "quote",
        ["tenant_id", "parent_id", "at"],
        unique=False,
        schema="workorders",
    )
