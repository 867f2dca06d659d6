"""roster"""

import sqlalchemy as sa
from alembic import op

revision = "hr_0003"
down_revision = "hr_0002"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'roster',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('month', sa.Text(), nullable=False),
        sa.Column('note', sa.Text(), nullable=True),
        sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_roster_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_roster')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_roster_tenant_id_number')),
        sa.UniqueConstraint('tenant_id', 'site_id', 'month', name=op.f('uq_roster_tenant_id_site_id_month')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.roster ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.roster FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.roster USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.roster TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_roster_site (dependencies) ON tenant_id, site_id FROM hr.roster")
    op.create_index(
        op.f('ix_roster_tenant_id_created_at_id'),
        'roster',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_roster_tenant_id_site_id_status'),
        'roster',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'shift',
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
        sa.Column('sign', sa.Text(), nullable=False),
        sa.Column('post', sa.Text(), nullable=False),
        sa.Column('starts', sa.Text(), nullable=False),
        sa.Column('ends', sa.Text(), nullable=False),
        sa.Column('break_minutes', sa.BigInteger(), nullable=False),
        sa.Column('least', sa.BigInteger(), nullable=False),
        sa.Column('certificate', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_shift_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_shift')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_shift_tenant_id_number')),
        sa.UniqueConstraint('tenant_id', 'site_id', 'sign', name=op.f('uq_shift_tenant_id_site_id_sign')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.shift ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.shift FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.shift USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.shift TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_shift_site (dependencies) ON tenant_id, site_id FROM hr.shift")
    op.create_index(
        op.f('ix_shift_tenant_id_created_at_id'),
        'shift',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_shift_tenant_id_site_id_status'),
        'shift',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'swap',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('colleague_id', sa.Uuid(), nullable=False),
        sa.Column('colleague_day', sa.Date(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('answer', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_swap_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_swap')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_swap_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.swap ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.swap FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.swap USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.swap TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_swap_site (dependencies) ON tenant_id, site_id FROM hr.swap")
    op.create_index(
        op.f('ix_swap_tenant_id_colleague_id_status'),
        'swap',
        ['tenant_id', 'colleague_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_swap_tenant_id_created_at_id'),
        'swap',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_swap_tenant_id_person_id_status'),
        'swap',
        ['tenant_id', 'person_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_swap_tenant_id_site_id_status'),
        'swap',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'roster_change',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['hr.roster.tenant_id', 'hr.roster.id'],
            name=op.f('fk_roster_change_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_roster_change')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.roster_change ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.roster_change FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.roster_change USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.roster_change TO dougong_app")
    op.create_index(
        op.f('ix_roster_change_tenant_id_parent_id_at'),
        'roster_change',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'turn',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('roster_id', sa.Uuid(), nullable=False),
        sa.Column('employee_id', sa.Uuid(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('shift_id', sa.Uuid(), nullable=True),
        sa.Column('absence', sa.Text(), nullable=True),
        sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'employee_id'],
            ['hr.employee.tenant_id', 'hr.employee.id'],
            name=op.f('fk_turn_tenant_id_employee_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'roster_id'],
            ['hr.roster.tenant_id', 'hr.roster.id'],
            name=op.f('fk_turn_tenant_id_roster_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'shift_id'],
            ['hr.shift.tenant_id', 'hr.shift.id'],
            name=op.f('fk_turn_tenant_id_shift_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'roster_id', 'employee_id', 'day', name=op.f('pk_turn')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.turn ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.turn FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.turn USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.turn TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_turn_site (dependencies) ON tenant_id, site_id FROM hr.turn")
    op.create_index(
        op.f('ix_turn_tenant_id_employee_id_day'),
        'turn',
        ['tenant_id', 'employee_id', 'day'],
        unique=False,
        schema='hr',
    )
    op.create_index(op.f('ix_turn_tenant_id_roster_id'), 'turn', ['tenant_id', 'roster_id'], unique=False, schema='hr')
    op.create_index(op.f('ix_turn_tenant_id_shift_id'), 'turn', ['tenant_id', 'shift_id'], unique=False, schema='hr')
    op.create_index(
        op.f('ix_turn_tenant_id_site_id_day'),
        'turn',
        ['tenant_id', 'site_id', 'day'],
        unique=False,
        schema='hr',
    )
