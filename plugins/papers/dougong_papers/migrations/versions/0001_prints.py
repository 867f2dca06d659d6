"""prints"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "papers_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'print',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('target', sa.Text(), nullable=False),
        sa.Column('what', sa.Text(), nullable=False),
        sa.Column('printed_as', sa.Text(), nullable=False),
        sa.Column('count', sa.BigInteger(), nullable=False),
        sa.Column('trouble', sa.Text(), nullable=True),
        sa.Column('asked', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('language', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_print_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_print')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_print_tenant_id_number')),
        schema='papers',
    )
    op.execute("ALTER TABLE papers.print ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE papers.print FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON papers.print USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON papers.print TO dougong_app")
    op.execute("CREATE STATISTICS papers.st_print_site (dependencies) ON tenant_id, site_id FROM papers.print")
    op.create_index(
        op.f('ix_print_tenant_id_created_at_id'),
        'print',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='papers',
    )
    op.create_index(
        op.f('ix_print_tenant_id_created_by'),
        'print',
        ['tenant_id', 'created_by'],
        unique=False,
        schema='papers',
    )
    op.create_index(
        op.f('ix_print_tenant_id_site_id'),
        'print',
        ['tenant_id', 'site_id'],
        unique=False,
        schema='papers',
    )
