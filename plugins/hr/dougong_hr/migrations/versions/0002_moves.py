"""moves"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "hr_0002"
down_revision = "hr_0001"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'notice',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('change_id', sa.Uuid(), nullable=True),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('type', sa.Text(), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('effective_on', sa.Date(), nullable=True),
        sa.Column('ends_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('passed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('objections', sa.BigInteger(), nullable=False),
        sa.Column('unanswered', sa.BigInteger(), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_notice_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_notice')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_notice_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.notice ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.notice FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.notice USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.notice TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_notice_site (dependencies) ON tenant_id, site_id FROM hr.notice")
    op.create_index(
        op.f('ix_notice_tenant_id_change_id'),
        'notice',
        ['tenant_id', 'change_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_notice_tenant_id_created_at_id'),
        'notice',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_notice_tenant_id_site_id_status'),
        'notice',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'objection',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('answer', sa.Text(), nullable=True),
        sa.Column('upheld', sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['hr.notice.tenant_id', 'hr.notice.id'],
            name=op.f('fk_objection_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_objection')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.objection ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.objection FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.objection USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.objection TO dougong_app")
    op.create_index(
        op.f('ix_objection_tenant_id_parent_id_at'),
        'objection',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'requisition',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('position_id', sa.Uuid(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('heads', sa.BigInteger(), nullable=False),
        sa.Column('wanted_on', sa.Date(), nullable=False),
        sa.Column('why', sa.Text(), nullable=True),
        sa.Column('filled', sa.BigInteger(), nullable=False),
        sa.Column('sign_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('sign_late', sa.Boolean(), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('fill_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('filled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('fill_late', sa.Boolean(), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_why', sa.Text(), nullable=True),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'position_id'],
            ['hr.position.tenant_id', 'hr.position.id'],
            name=op.f('fk_requisition_tenant_id_position_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_requisition_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_requisition')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_requisition_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.requisition ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.requisition FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.requisition USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.requisition TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_requisition_site (dependencies) ON tenant_id, site_id FROM hr.requisition")
    op.create_index(
        op.f('ix_requisition_tenant_id_created_at_id'),
        'requisition',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_requisition_tenant_id_opened_at'),
        'requisition',
        ['tenant_id', 'opened_at'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_requisition_tenant_id_position_id_status'),
        'requisition',
        ['tenant_id', 'position_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_requisition_tenant_id_site_id_status'),
        'requisition',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'candidate',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('requisition_id', sa.Uuid(), nullable=False),
        sa.Column('position_id', sa.Uuid(), nullable=True),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('phone', sa.Text(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('resume', sa.Text(), nullable=True),
        sa.Column('interview_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('cards', sa.BigInteger(), nullable=False),
        sa.Column('score', sa.BigInteger(), nullable=True),
        sa.Column('pay', sa.BigInteger(), nullable=True),
        sa.Column('start_on', sa.Date(), nullable=True),
        sa.Column('probation_until', sa.Date(), nullable=True),
        sa.Column('interviewed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('offered_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('answer_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('hired_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('joined_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('rejected_why', sa.Text(), nullable=True),
        sa.Column('employee_id', sa.Uuid(), nullable=True),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'employee_id'],
            ['hr.employee.tenant_id', 'hr.employee.id'],
            name=op.f('fk_candidate_tenant_id_employee_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'position_id'],
            ['hr.position.tenant_id', 'hr.position.id'],
            name=op.f('fk_candidate_tenant_id_position_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'requisition_id'],
            ['hr.requisition.tenant_id', 'hr.requisition.id'],
            name=op.f('fk_candidate_tenant_id_requisition_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_candidate_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_candidate')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_candidate_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.candidate ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.candidate FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.candidate USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.candidate TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_candidate_site (dependencies) ON tenant_id, site_id FROM hr.candidate")
    op.create_index(
        op.f('ix_candidate_tenant_id_closed_at'),
        'candidate',
        ['tenant_id', 'closed_at'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_candidate_tenant_id_created_at_id'),
        'candidate',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_candidate_tenant_id_employee_id'),
        'candidate',
        ['tenant_id', 'employee_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_candidate_tenant_id_position_id'),
        'candidate',
        ['tenant_id', 'position_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_candidate_tenant_id_requisition_id_status'),
        'candidate',
        ['tenant_id', 'requisition_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_candidate_tenant_id_site_id_status'),
        'candidate',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'change',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('type', sa.Text(), nullable=False),
        sa.Column('employee_id', sa.Uuid(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('from_id', sa.Uuid(), nullable=True),
        sa.Column('holding_id', sa.Uuid(), nullable=True),
        sa.Column('to_id', sa.Uuid(), nullable=True),
        sa.Column('nature', sa.Text(), nullable=False),
        sa.Column('effective_on', sa.Date(), nullable=False),
        sa.Column('until_on', sa.Date(), nullable=True),
        sa.Column('why', sa.Text(), nullable=False),
        sa.Column('key', sa.Boolean(), nullable=False),
        sa.Column('sign_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('sign_late', sa.Boolean(), nullable=False),
        sa.Column('returned_why', sa.Text(), nullable=True),
        sa.Column('filing_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('filed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('filing_late', sa.Boolean(), nullable=False),
        sa.Column('effect_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('effective_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('settled', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'employee_id'],
            ['hr.employee.tenant_id', 'hr.employee.id'],
            name=op.f('fk_change_tenant_id_employee_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'from_id'],
            ['hr.position.tenant_id', 'hr.position.id'],
            name=op.f('fk_change_tenant_id_from_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'holding_id'],
            ['hr.holding.tenant_id', 'hr.holding.id'],
            name=op.f('fk_change_tenant_id_holding_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_change_tenant_id_site_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'to_id'],
            ['hr.position.tenant_id', 'hr.position.id'],
            name=op.f('fk_change_tenant_id_to_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_change')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_change_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.change ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.change FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.change USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.change TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_change_site (dependencies) ON tenant_id, site_id FROM hr.change")
    op.create_index(
        op.f('ix_change_tenant_id_created_at_id'),
        'change',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_change_tenant_id_effective_at'),
        'change',
        ['tenant_id', 'effective_at'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_change_tenant_id_employee_id_status'),
        'change',
        ['tenant_id', 'employee_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(op.f('ix_change_tenant_id_from_id'), 'change', ['tenant_id', 'from_id'], unique=False, schema='hr')
    op.create_index(
        op.f('ix_change_tenant_id_holding_id'),
        'change',
        ['tenant_id', 'holding_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_change_tenant_id_site_id_status'),
        'change',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_change_tenant_id_to_id_status'),
        'change',
        ['tenant_id', 'to_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'credential',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('type', sa.Text(), nullable=False),
        sa.Column('paper', sa.Text(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.Column('genuine', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['hr.candidate.tenant_id', 'hr.candidate.id'],
            name=op.f('fk_credential_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_credential')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.credential ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.credential FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.credential USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.credential TO dougong_app")
    op.create_index(
        op.f('ix_credential_tenant_id_parent_id_at'),
        'credential',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'filing',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('basis', sa.Text(), nullable=False),
        sa.Column('receiver_id', sa.Uuid(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['hr.change.tenant_id', 'hr.change.id'],
            name=op.f('fk_filing_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_filing')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.filing ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.filing FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.filing USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.filing TO dougong_app")
    op.create_index(
        op.f('ix_filing_tenant_id_parent_id_at'),
        'filing',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'scorecard',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('points', sa.BigInteger(), nullable=False),
        sa.Column('detail', sa.Text(), nullable=False),
        sa.Column('words', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['hr.candidate.tenant_id', 'hr.candidate.id'],
            name=op.f('fk_scorecard_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_scorecard')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.scorecard ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.scorecard FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.scorecard USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.scorecard TO dougong_app")
    op.create_index(
        op.f('ix_scorecard_tenant_id_parent_id_at'),
        'scorecard',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='hr',
    )
