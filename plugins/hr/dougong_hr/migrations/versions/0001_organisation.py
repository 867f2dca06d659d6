"""organisation"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "hr_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'employee',
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
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('employment', sa.Text(), nullable=False),
        sa.Column('employer', sa.Text(), nullable=True),
        sa.Column('department', sa.Text(), nullable=False),
        sa.Column('hired_on', sa.Date(), nullable=False),
        sa.Column('probation_until', sa.Date(), nullable=True),
        sa.Column('identity', sa.Text(), nullable=True),
        sa.Column('phone', sa.Text(), nullable=True),
        sa.Column('salary', sa.BigInteger(), nullable=True),
        sa.Column('probation_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('probation_late', sa.Boolean(), nullable=False),
        sa.Column('hired_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('left_on', sa.Date(), nullable=True),
        sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('left_why', sa.Text(), nullable=True),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_employee_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_employee')),
        sa.UniqueConstraint('tenant_id', 'code', name=op.f('uq_employee_tenant_id_code')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_employee_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.employee ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.employee FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.employee USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.employee TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_employee_site (dependencies) ON tenant_id, site_id FROM hr.employee")
    op.create_index(
        op.f('ix_employee_tenant_id_created_at_id'),
        'employee',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_employee_tenant_id_left_at'),
        'employee',
        ['tenant_id', 'left_at'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_employee_tenant_id_person_id'),
        'employee',
        ['tenant_id', 'person_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_employee_tenant_id_site_id_status'),
        'employee',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'position',
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
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('department', sa.Text(), nullable=False),
        sa.Column('headcount', sa.BigInteger(), nullable=False),
        sa.Column('key', sa.Boolean(), nullable=False),
        sa.Column('reports_to', sa.Uuid(), nullable=True),
        sa.Column('deputy_id', sa.Uuid(), nullable=True),
        sa.Column('roles', sa.Text(), nullable=True),
        sa.Column('certificates', sa.Text(), nullable=True),
        sa.Column('duties', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'deputy_id'],
            ['hr.position.tenant_id', 'hr.position.id'],
            name=op.f('fk_position_tenant_id_deputy_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'reports_to'],
            ['hr.position.tenant_id', 'hr.position.id'],
            name=op.f('fk_position_tenant_id_reports_to'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_position_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_position')),
        sa.UniqueConstraint('tenant_id', 'code', name=op.f('uq_position_tenant_id_code')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_position_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.position ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.position FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.position USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.position TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_position_site (dependencies) ON tenant_id, site_id FROM hr.position")
    op.create_index(
        op.f('ix_position_tenant_id_created_at_id'),
        'position',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_position_tenant_id_deputy_id'),
        'position',
        ['tenant_id', 'deputy_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_position_tenant_id_reports_to'),
        'position',
        ['tenant_id', 'reports_to'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_position_tenant_id_site_id_status'),
        'position',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'certificate',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('employee_id', sa.Uuid(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('type', sa.Text(), nullable=False),
        sa.Column('paper', sa.Text(), nullable=False),
        sa.Column('issuer', sa.Text(), nullable=True),
        sa.Column('issued_on', sa.Date(), nullable=True),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.Column('ends_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ends_late', sa.Boolean(), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'employee_id'],
            ['hr.employee.tenant_id', 'hr.employee.id'],
            name=op.f('fk_certificate_tenant_id_employee_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_certificate_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_certificate')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_certificate_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.certificate ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.certificate FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.certificate USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.certificate TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_certificate_site (dependencies) ON tenant_id, site_id FROM hr.certificate")
    op.create_index(
        op.f('ix_certificate_tenant_id_created_at_id'),
        'certificate',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_certificate_tenant_id_employee_id_status'),
        'certificate',
        ['tenant_id', 'employee_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_certificate_tenant_id_site_id_status'),
        'certificate',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_certificate_tenant_id_type_status'),
        'certificate',
        ['tenant_id', 'type', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'contract',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('employee_id', sa.Uuid(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('nature', sa.Text(), nullable=False),
        sa.Column('paper', sa.Text(), nullable=False),
        sa.Column('signed_on', sa.Date(), nullable=True),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.Column('ends_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ends_late', sa.Boolean(), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'employee_id'],
            ['hr.employee.tenant_id', 'hr.employee.id'],
            name=op.f('fk_contract_tenant_id_employee_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_contract_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_contract')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_contract_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.contract ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.contract FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.contract USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.contract TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_contract_site (dependencies) ON tenant_id, site_id FROM hr.contract")
    op.create_index(
        op.f('ix_contract_tenant_id_created_at_id'),
        'contract',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_contract_tenant_id_employee_id_status'),
        'contract',
        ['tenant_id', 'employee_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_contract_tenant_id_site_id_status'),
        'contract',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'holding',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('employee_id', sa.Uuid(), nullable=False),
        sa.Column('position_id', sa.Uuid(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('nature', sa.Text(), nullable=False),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.Column('ends_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_why', sa.Text(), nullable=True),
        sa.Column('granted', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'employee_id'],
            ['hr.employee.tenant_id', 'hr.employee.id'],
            name=op.f('fk_holding_tenant_id_employee_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'position_id'],
            ['hr.position.tenant_id', 'hr.position.id'],
            name=op.f('fk_holding_tenant_id_position_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_holding_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_holding')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_holding_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.holding ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.holding FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.holding USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.holding TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_holding_site (dependencies) ON tenant_id, site_id FROM hr.holding")
    op.create_index(
        op.f('ix_holding_tenant_id_created_at_id'),
        'holding',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_holding_tenant_id_employee_id_status'),
        'holding',
        ['tenant_id', 'employee_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_holding_tenant_id_position_id_status'),
        'holding',
        ['tenant_id', 'position_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_holding_tenant_id_site_id_status'),
        'holding',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
