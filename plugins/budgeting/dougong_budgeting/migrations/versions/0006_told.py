"""where accounts stand on the owners' sheet; shared costs and the part of each site; owners' sheets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "budgeting_0006"
down_revision = "budgeting_0005"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.add_column('account', sa.Column('owners', sa.Text(), nullable=True), schema='budgeting')
    op.create_table(
        'part',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('allocation_id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('weight', sa.BigInteger(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('actual_id', sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint('tenant_id', 'allocation_id', 'site_id', name=op.f('pk_part')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.part ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.part FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.part USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.part TO dougong_app")
    op.execute("CREATE STATISTICS budgeting.st_part_site (dependencies) ON tenant_id, site_id FROM budgeting.part")
    op.create_table(
        'disclosure',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('year', sa.BigInteger(), nullable=False),
        sa.Column('first', sa.BigInteger(), nullable=False),
        sa.Column('until', sa.BigInteger(), nullable=False),
        sa.Column('fee_mode', sa.Text(), nullable=True),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('services', sa.Text(), nullable=True),
        sa.Column('repairs', sa.Text(), nullable=True),
        sa.Column('words', sa.Text(), nullable=True),
        sa.Column('correction', sa.Text(), nullable=True),
        sa.Column('place', sa.Text(), nullable=True),
        sa.Column('publish_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('publish_late', sa.Boolean(), nullable=False),
        sa.Column('frozen', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_disclosure_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_disclosure')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_disclosure_tenant_id_number')),
        sa.UniqueConstraint(
            'tenant_id',
            'site_id',
            'year',
            'first',
            'until',
            'version',
            name=op.f('uq_disclosure_tenant_id_site_id_year_first_until_version'),
        ),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.disclosure ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.disclosure FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.disclosure USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.disclosure TO dougong_app")
    op.execute(
        "CREATE STATISTICS budgeting.st_disclosure_site (dependencies) ON tenant_id, site_id FROM budgeting.disclosure",
    )
    op.create_index(
        'ix_disclosure_by_year',
        'disclosure',
        ['tenant_id', 'year', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_disclosure_tenant_id_created_at_id'),
        'disclosure',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_disclosure_tenant_id_site_id_status'),
        'disclosure',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_disclosure_tenant_id_site_id_year'),
        'disclosure',
        ['tenant_id', 'site_id', 'year'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'allocation',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('account', sa.Text(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('posted_on', sa.Date(), nullable=False),
        sa.Column('document', sa.Text(), nullable=False),
        sa.Column('divided_by', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('source_id', sa.Uuid(), nullable=True),
        sa.Column('divided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('sites', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_allocation_tenant_id_site_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'source_id'],
            ['budgeting.actual.tenant_id', 'budgeting.actual.id'],
            name=op.f('fk_allocation_tenant_id_source_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_allocation')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_allocation_tenant_id_number')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.allocation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.allocation FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.allocation USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.allocation TO dougong_app")
    op.execute(
        "CREATE STATISTICS budgeting.st_allocation_site (dependencies) ON tenant_id, site_id FROM budgeting.allocation",
    )
    op.create_index(
        'ix_allocation_by_posted_on',
        'allocation',
        ['tenant_id', 'posted_on', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_allocation_tenant_id_created_at_id'),
        'allocation',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_allocation_tenant_id_site_id_status'),
        'allocation',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_allocation_tenant_id_source_id'),
        'allocation',
        ['tenant_id', 'source_id'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'share',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('at_site', sa.Uuid(), nullable=False),
        sa.Column('weight', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['budgeting.allocation.tenant_id', 'budgeting.allocation.id'],
            name=op.f('fk_share_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_share')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.share ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.share FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.share USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.share TO dougong_app")
    op.create_index(
        op.f('ix_share_tenant_id_parent_id_at'),
        'share',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='budgeting',
    )
