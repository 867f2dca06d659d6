"""planning"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "budgeting_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'account',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=True),
        sa.Column('direction', sa.Text(), nullable=False),
        sa.Column('stop', sa.Text(), nullable=False),
        sa.Column('negative', sa.Boolean(), nullable=False),
        sa.Column('place', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['budgeting.account.tenant_id', 'budgeting.account.id'],
            name=op.f('fk_account_tenant_id_parent_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_account_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_account')),
        sa.UniqueConstraint('tenant_id', 'code', name=op.f('uq_account_tenant_id_code')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_account_tenant_id_number')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.account ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.account FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.account USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.account TO dougong_app")
    op.execute(
        "CREATE STATISTICS budgeting.st_account_site (dependencies) ON tenant_id, site_id FROM budgeting.account",
    )
    op.create_index('ix_account_by_place', 'account', ['tenant_id', 'place', 'id'], unique=False, schema='budgeting')
    op.create_index(
        op.f('ix_account_tenant_id_created_at_id'),
        'account',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_account_tenant_id_parent_id'),
        'account',
        ['tenant_id', 'parent_id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_account_tenant_id_site_id_status'),
        'account',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'budget',
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
        sa.Column('fee_mode', sa.Text(), nullable=False),
        sa.Column('scenario', sa.Text(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('area', sa.BigInteger(), nullable=True),
        sa.Column('assumptions', sa.Text(), nullable=True),
        sa.Column('market', sa.Text(), nullable=True),
        sa.Column('income', sa.BigInteger(), nullable=False),
        sa.Column('expense', sa.BigInteger(), nullable=False),
        sa.Column('copied_from', sa.Uuid(), nullable=True),
        sa.Column('owners_on', sa.Date(), nullable=True),
        sa.Column('owners_basis', sa.Text(), nullable=True),
        sa.Column('active_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('sign_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('sign_late', sa.Boolean(), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_budget_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_budget')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_budget_tenant_id_number')),
        sa.UniqueConstraint(
            'tenant_id',
            'site_id',
            'year',
            'scenario',
            'version',
            name=op.f('uq_budget_tenant_id_site_id_year_scenario_version'),
        ),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.budget ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.budget FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.budget USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.budget TO dougong_app")
    op.execute("CREATE STATISTICS budgeting.st_budget_site (dependencies) ON tenant_id, site_id FROM budgeting.budget")
    op.create_index('ix_budget_by_year', 'budget', ['tenant_id', 'year', 'id'], unique=False, schema='budgeting')
    op.create_index(
        op.f('ix_budget_tenant_id_created_at_id'),
        'budget',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_budget_tenant_id_site_id_year_status'),
        'budget',
        ['tenant_id', 'site_id', 'year', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_budget_tenant_id_status'),
        'budget',
        ['tenant_id', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'basis',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('budget_id', sa.Uuid(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('method', sa.Text(), nullable=False),
        sa.Column('quantity', sa.BigInteger(), nullable=False),
        sa.Column('price', sa.BigInteger(), nullable=False),
        sa.Column('share', sa.BigInteger(), nullable=False),
        sa.Column('months', sa.SmallInteger(), nullable=False),
        sa.Column('of_account', sa.Uuid(), nullable=True),
        sa.Column('note', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'account_id'],
            ['budgeting.account.tenant_id', 'budgeting.account.id'],
            name=op.f('fk_basis_tenant_id_account_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'budget_id'],
            ['budgeting.budget.tenant_id', 'budgeting.budget.id'],
            name=op.f('fk_basis_tenant_id_budget_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'of_account'],
            ['budgeting.account.tenant_id', 'budgeting.account.id'],
            name=op.f('fk_basis_tenant_id_of_account'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'budget_id', 'account_id', name=op.f('pk_basis')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.basis ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.basis FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.basis USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.basis TO dougong_app")
    op.create_index(
        op.f('ix_basis_tenant_id_account_id'),
        'basis',
        ['tenant_id', 'account_id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_basis_tenant_id_budget_id'),
        'basis',
        ['tenant_id', 'budget_id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_basis_tenant_id_of_account'),
        'basis',
        ['tenant_id', 'of_account'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'line',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('budget_id', sa.Uuid(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('month', sa.SmallInteger(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('first', sa.BigInteger(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('changed_by', sa.Uuid(), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'account_id'],
            ['budgeting.account.tenant_id', 'budgeting.account.id'],
            name=op.f('fk_line_tenant_id_account_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'budget_id'],
            ['budgeting.budget.tenant_id', 'budgeting.budget.id'],
            name=op.f('fk_line_tenant_id_budget_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'budget_id', 'account_id', 'month', name=op.f('pk_line')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.line ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.line FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.line USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.line TO dougong_app")
    op.create_index(
        op.f('ix_line_tenant_id_account_id'),
        'line',
        ['tenant_id', 'account_id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_line_tenant_id_budget_id'),
        'line',
        ['tenant_id', 'budget_id'],
        unique=False,
        schema='budgeting',
    )
