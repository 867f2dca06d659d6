"""adjustments with what they moved, contracts over several years, documents once for an account"""

import sqlalchemy as sa
from alembic import op
from dougong import each_company
from sqlalchemy.dialects import postgresql

revision = "budgeting_0003"
down_revision = "budgeting_0002"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'shift',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('adjustment_id', sa.Uuid(), nullable=False),
        sa.Column('why', sa.Text(), nullable=False),
        sa.Column('year', sa.BigInteger(), nullable=False),
        sa.Column('account', sa.Text(), nullable=False),
        sa.Column('month', sa.BigInteger(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'adjustment_id', 'why', 'year', 'account', 'month', name=op.f('pk_shift')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.shift ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.shift FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.shift USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.shift TO dougong_app")
    op.execute("CREATE STATISTICS budgeting.st_shift_site (dependencies) ON tenant_id, site_id FROM budgeting.shift")
    op.create_index(
        op.f('ix_shift_tenant_id_site_id_year_account'),
        'shift',
        ['tenant_id', 'site_id', 'year', 'account'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'adjustment',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('nature', sa.Text(), nullable=False),
        sa.Column('year', sa.BigInteger(), nullable=False),
        sa.Column('account', sa.Text(), nullable=False),
        sa.Column('month', sa.BigInteger(), nullable=False),
        sa.Column('until_month', sa.BigInteger(), nullable=True),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('from_account', sa.Text(), nullable=True),
        sa.Column('from_month', sa.BigInteger(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('granted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('sign_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('sign_late', sa.Boolean(), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_adjustment_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_adjustment')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_adjustment_tenant_id_number')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.adjustment ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.adjustment FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.adjustment USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.adjustment TO dougong_app")
    op.execute(
        "CREATE STATISTICS budgeting.st_adjustment_site (dependencies) ON tenant_id, site_id FROM budgeting.adjustment",
    )
    op.create_index(
        'ix_adjustment_by_year',
        'adjustment',
        ['tenant_id', 'year', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_adjustment_tenant_id_created_at_id'),
        'adjustment',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_adjustment_tenant_id_site_id_status'),
        'adjustment',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_adjustment_tenant_id_site_id_year_status'),
        'adjustment',
        ['tenant_id', 'site_id', 'year', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.add_column(
        'actual', sa.Column('more', sa.Boolean(), nullable=False, server_default=sa.false()), schema='budgeting'
    )
    op.alter_column('actual', 'more', server_default=None, schema='budgeting')
    op.add_column('actual', sa.Column('reverse_by', sa.DateTime(timezone=True), nullable=True), schema='budgeting')
    op.drop_constraint(op.f('uq_actual_tenant_id_site_id_document'), 'actual', schema='budgeting', type_='unique')
    op.create_unique_constraint(
        op.f('uq_actual_tenant_id_site_id_document_account_year_month'),
        'actual',
        ['tenant_id', 'site_id', 'document', 'account', 'year', 'month'],
        schema='budgeting',
    )
    op.add_column('commitment', sa.Column('root_id', sa.Uuid(), nullable=True), schema='budgeting')
    op.create_index(
        op.f('ix_commitment_tenant_id_root_id'),
        'commitment',
        ['tenant_id', 'root_id'],
        unique=False,
        schema='budgeting',
    )
    op.add_column('month', sa.Column('title', sa.Text(), nullable=False, server_default=''), schema='budgeting')
    for _tenant in each_company(op.get_bind()):
        op.execute("UPDATE budgeting.month SET title = year || '-' || lpad(month::text, 2, '0')")
    op.alter_column('month', 'title', server_default=None, schema='budgeting')
