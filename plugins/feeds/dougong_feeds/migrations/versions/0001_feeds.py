"""calendar feeds of people"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "feeds_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("query", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_feed")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_feed_tenant_id_digest")),
        schema="feeds",
    )
    op.execute("ALTER TABLE feeds.feed ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE feeds.feed FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON feeds.feed USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON feeds.feed TO dougong_app")
    op.create_index(
        op.f("ix_feed_tenant_id_person_id"),
        "feed",
        ["tenant_id", "person_id"],
        unique=False,
        schema="feeds",
    )
