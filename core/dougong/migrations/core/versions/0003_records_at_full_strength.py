"""records at full strength"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.add_column("reply", sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True), schema="core")
    op.create_table(
        "bulk_run",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("results", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scope", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_bulk_run_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_bulk_run")),
        schema="core",
    )
    op.execute("ALTER TABLE core.bulk_run ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.bulk_run FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.bulk_run USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.bulk_run TO dougong_app")
    op.create_index(
        op.f("ix_bulk_run_tenant_id_person_id"),
        "bulk_run",
        ["tenant_id", "person_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "comment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("behalf", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_comment")),
        schema="core",
    )
    op.execute("ALTER TABLE core.comment ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.comment FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.comment USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.comment TO dougong_app")
    op.create_index(
        op.f("ix_comment_tenant_id_record_kind_record_id_at"),
        "comment",
        ["tenant_id", "record_kind", "record_id", "at"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "custom_field",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("filtered", sa.Boolean(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("mask", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint(
            "tenant_id",
            "record_kind",
            "name",
            name=op.f("uq_custom_field_tenant_id_record_kind_name"),
        ),
        schema="core",
    )
    op.execute("ALTER TABLE core.custom_field ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.custom_field FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.custom_field USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.custom_field TO dougong_app")
    op.create_table(
        "file",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("thumb", sa.Text(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_file")),
        schema="core",
    )
    op.execute("ALTER TABLE core.file ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.file FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.file USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.file TO dougong_app")
    op.create_index(
        op.f("ix_file_tenant_id_record_kind_record_id"),
        "file",
        ["tenant_id", "record_kind", "record_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "custom_value",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("number", sa.Numeric(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "field_id"],
            ["core.custom_field.tenant_id", "core.custom_field.id"],
            name=op.f("fk_custom_value_tenant_id_field_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "record_id", "field_id", name=op.f("pk_custom_value")),
        schema="core",
    )
    op.execute("ALTER TABLE core.custom_value ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.custom_value FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.custom_value USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.custom_value TO dougong_app")
    op.create_index(
        op.f("ix_custom_value_tenant_id_field_id_at_record_id"),
        "custom_value",
        ["tenant_id", "field_id", "at", "record_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_custom_value_tenant_id_field_id_link_record_id"),
        "custom_value",
        ["tenant_id", "field_id", "link", "record_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_custom_value_tenant_id_field_id_number_record_id"),
        "custom_value",
        ["tenant_id", "field_id", "number", "record_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_custom_value_tenant_id_field_id_text_record_id"),
        "custom_value",
        ["tenant_id", "field_id", "text", "record_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "list_choice",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "person_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_list_choice_tenant_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", "record_kind", name=op.f("pk_list_choice")),
        schema="core",
    )
    op.execute("ALTER TABLE core.list_choice ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.list_choice FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.list_choice USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.list_choice TO dougong_app")
    op.create_index(
        op.f("ix_list_choice_tenant_id_person_id"),
        "list_choice",
        ["tenant_id", "person_id"],
        unique=False,
        schema="core",
    )
    op.create_table(
        "saved_view",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "owner_id"],
            ["core.person.tenant_id", "core.person.id"],
            name=op.f("fk_saved_view_tenant_id_owner_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_saved_view")),
        schema="core",
    )
    op.execute("ALTER TABLE core.saved_view ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.saved_view FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.saved_view USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.saved_view TO dougong_app")
    op.create_index(
        op.f("ix_saved_view_tenant_id_owner_id"),
        "saved_view",
        ["tenant_id", "owner_id"],
        unique=False,
        schema="core",
    )
    op.create_index(
        op.f("ix_saved_view_tenant_id_record_kind"),
        "saved_view",
        ["tenant_id", "record_kind"],
        unique=False,
        schema="core",
    )
    op.execute(
        "CREATE TRIGGER raise_version AFTER INSERT OR UPDATE OR DELETE ON core.custom_field "
        "FOR EACH STATEMENT EXECUTE FUNCTION platform.raise_version()"
    )
    op.create_table(
        "search_doc",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("tok", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "record_id", name=op.f("pk_search_doc")),
        schema="core",
    )
    op.execute("ALTER TABLE core.search_doc ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.search_doc FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.search_doc USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.search_doc TO dougong_app")
    op.create_index(
        "ix_search_doc_tok",
        "search_doc",
        ["tok"],
        unique=False,
        schema="core",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    # Moving between states changes no index: room on the page lets the new row stand beside the old one.
    op.execute("ALTER TABLE core.search_doc SET (fillfactor = 90)")
    op.execute(Path(__file__).with_name("0003_search.sql").read_text(encoding="utf-8"))
    op.create_index(
        "ix_history_reveal",
        "history",
        ["tenant_id", "id"],
        unique=False,
        schema="core",
        postgresql_where=sa.text("action = 'reveal'"),
    )
    op.create_table(
        "legal_hold",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_legal_hold")),
        schema="core",
    )
    op.execute("ALTER TABLE core.legal_hold ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE core.legal_hold FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON core.legal_hold USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON core.legal_hold TO dougong_app")
    op.create_index(
        op.f("ix_legal_hold_tenant_id_record_kind_record_id"),
        "legal_hold",
        ["tenant_id", "record_kind", "record_id"],
        unique=False,
        schema="core",
    )
