"""balances, actuals, commitments, months with their notes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "budgeting_0002"
down_revision = "budgeting_0001"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'balance',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('year', sa.BigInteger(), nullable=False),
        sa.Column('account', sa.Text(), nullable=False),
        sa.Column('period', sa.BigInteger(), nullable=False),
        sa.Column('approved', sa.BigInteger(), nullable=False),
        sa.Column('committed', sa.BigInteger(), nullable=False),
        sa.Column('spent', sa.BigInteger(), nullable=False),
        sa.Column('stop', sa.Text(), nullable=False),
        sa.Column('alerted', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'site_id', 'year', 'account', 'period', name=op.f('pk_balance')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.balance ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.balance FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.balance USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.balance TO dougong_app")
    op.execute(
        "CREATE STATISTICS budgeting.st_balance_site (dependencies) ON tenant_id, site_id FROM budgeting.balance",
    )
    op.create_index(
        op.f('ix_balance_tenant_id_year_period_site_id'),
        'balance',
        ['tenant_id', 'year', 'period', 'site_id'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'ledger',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('year', sa.BigInteger(), nullable=False),
        sa.Column('closed', sa.BigInteger(), nullable=False),
        sa.Column('temporary', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'site_id', 'year', name=op.f('pk_ledger')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.ledger ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.ledger FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.ledger USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.ledger TO dougong_app")
    op.execute("CREATE STATISTICS budgeting.st_ledger_site (dependencies) ON tenant_id, site_id FROM budgeting.ledger")
    op.create_table(
        'commitment',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('account', sa.Text(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('supplier', sa.Text(), nullable=True),
        sa.Column('contract', sa.Text(), nullable=True),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('year', sa.BigInteger(), nullable=False),
        sa.Column('month', sa.BigInteger(), nullable=False),
        sa.Column('left', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_commitment_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_commitment')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_commitment_tenant_id_number')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.commitment ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.commitment FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.commitment USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.commitment TO dougong_app")
    op.execute(
        "CREATE STATISTICS budgeting.st_commitment_site (dependencies) ON tenant_id, site_id FROM budgeting.commitment",
    )
    op.create_index(
        'ix_commitment_by_due_on',
        'commitment',
        ['tenant_id', 'due_on', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_commitment_tenant_id_created_at_id'),
        'commitment',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_commitment_tenant_id_site_id_status'),
        'commitment',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_commitment_tenant_id_site_id_year_month_account'),
        'commitment',
        ['tenant_id', 'site_id', 'year', 'month', 'account'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'month',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('year', sa.BigInteger(), nullable=False),
        sa.Column('month', sa.BigInteger(), nullable=False),
        sa.Column('close_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_late', sa.Boolean(), nullable=False),
        sa.Column('reopened', sa.BigInteger(), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_month_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_month')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_month_tenant_id_number')),
        sa.UniqueConstraint(
            'tenant_id',
            'site_id',
            'year',
            'month',
            name=op.f('uq_month_tenant_id_site_id_year_month'),
        ),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.month ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.month FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.month USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.month TO dougong_app")
    op.execute("CREATE STATISTICS budgeting.st_month_site (dependencies) ON tenant_id, site_id FROM budgeting.month")
    op.create_index(
        'ix_month_by_close_by',
        'month',
        [
            'tenant_id',
            sa.literal_column(
                "(\nCASE\n    WHEN close_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n"
                "    ELSE close_by\nEND)",
            ),
            'id',
        ],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_month_tenant_id_created_at_id'),
        'month',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_month_tenant_id_site_id_status'),
        'month',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'actual',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('account', sa.Text(), nullable=False),
        sa.Column('posted_on', sa.Date(), nullable=False),
        sa.Column('amount', sa.BigInteger(), nullable=False),
        sa.Column('document', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('supplier', sa.Text(), nullable=True),
        sa.Column('emergency', sa.Boolean(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('year', sa.BigInteger(), nullable=False),
        sa.Column('month', sa.BigInteger(), nullable=False),
        sa.Column('commitment_id', sa.Uuid(), nullable=True),
        sa.Column('drawn', sa.BigInteger(), nullable=False),
        sa.Column('reversal_of_id', sa.Uuid(), nullable=True),
        sa.Column('ratify_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ratified_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ratify_late', sa.Boolean(), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'commitment_id'],
            ['budgeting.commitment.tenant_id', 'budgeting.commitment.id'],
            name=op.f('fk_actual_tenant_id_commitment_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'reversal_of_id'],
            ['budgeting.actual.tenant_id', 'budgeting.actual.id'],
            name=op.f('fk_actual_tenant_id_reversal_of_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_actual_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_actual')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_actual_tenant_id_number')),
        sa.UniqueConstraint('tenant_id', 'site_id', 'document', name=op.f('uq_actual_tenant_id_site_id_document')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.actual ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.actual FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.actual USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.actual TO dougong_app")
    op.execute("CREATE STATISTICS budgeting.st_actual_site (dependencies) ON tenant_id, site_id FROM budgeting.actual")
    op.create_index(
        'ix_actual_by_posted_on',
        'actual',
        ['tenant_id', 'posted_on', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_actual_tenant_id_commitment_id'),
        'actual',
        ['tenant_id', 'commitment_id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_actual_tenant_id_created_at_id'),
        'actual',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_actual_tenant_id_reversal_of_id'),
        'actual',
        ['tenant_id', 'reversal_of_id'],
        unique=False,
        schema='budgeting',
    )
    op.create_index(
        op.f('ix_actual_tenant_id_site_id_year_month_account'),
        'actual',
        ['tenant_id', 'site_id', 'year', 'month', 'account'],
        unique=False,
        schema='budgeting',
    )
    op.create_table(
        'variance',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('account', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('cause', sa.Text(), nullable=False),
        sa.Column('action', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['budgeting.month.tenant_id', 'budgeting.month.id'],
            name=op.f('fk_variance_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_variance')),
        schema='budgeting',
    )
    op.execute("ALTER TABLE budgeting.variance ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE budgeting.variance FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON budgeting.variance USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON budgeting.variance TO dougong_app")
    op.create_index(
        op.f('ix_variance_tenant_id_parent_id_at'),
        'variance',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='budgeting',
    )
