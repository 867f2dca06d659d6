"""appraisal"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "hr_0004"
down_revision = "hr_0003"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'round',
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
        sa.Column('span', sa.Text(), nullable=False),
        sa.Column('opens_on', sa.Date(), nullable=True),
        sa.Column('results', sa.BigInteger(), nullable=True),
        sa.Column('methods', sa.BigInteger(), nullable=True),
        sa.Column('attitude', sa.BigInteger(), nullable=True),
        sa.Column('cooperation', sa.BigInteger(), nullable=True),
        sa.Column('note', sa.Text(), nullable=True),
        sa.Column('starts_on', sa.Date(), nullable=True),
        sa.Column('ends_on', sa.Date(), nullable=True),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_round_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_round')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_round_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.round ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.round FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.round USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.round TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_round_site (dependencies) ON tenant_id, site_id FROM hr.round")
    op.create_index(
        op.f('ix_round_tenant_id_created_at_id'),
        'round',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_round_tenant_id_site_id_status'),
        'round',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'appraisal',
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
        sa.Column('round_id', sa.Uuid(), nullable=False),
        sa.Column('employee_id', sa.Uuid(), nullable=False),
        sa.Column('department', sa.Text(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('rater_id', sa.Uuid(), nullable=True),
        sa.Column('reviewer_id', sa.Uuid(), nullable=True),
        sa.Column('decider_id', sa.Uuid(), nullable=True),
        sa.Column('assigned', sa.Boolean(), nullable=False),
        sa.Column('self_results', sa.BigInteger(), nullable=True),
        sa.Column('self_methods', sa.BigInteger(), nullable=True),
        sa.Column('self_attitude', sa.BigInteger(), nullable=True),
        sa.Column('self_cooperation', sa.BigInteger(), nullable=True),
        sa.Column('self_points', sa.Text(), nullable=True),
        sa.Column('self_total', sa.BigInteger(), nullable=True),
        sa.Column('self_words', sa.Text(), nullable=True),
        sa.Column('self_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('self_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('self_late', sa.Boolean(), nullable=False),
        sa.Column('goals_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('goals_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('goals_late', sa.Boolean(), nullable=False),
        sa.Column('talk_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('talked_on', sa.Date(), nullable=True),
        sa.Column('talked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('talk_late', sa.Boolean(), nullable=False),
        sa.Column('talk_words', sa.Text(), nullable=True),
        sa.Column('appeal_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('appeal_why', sa.Text(), nullable=True),
        sa.Column('appealed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('final_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('dropped_why', sa.Text(), nullable=True),
        sa.Column('above', sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'employee_id'],
            ['hr.employee.tenant_id', 'hr.employee.id'],
            name=op.f('fk_appraisal_tenant_id_employee_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'round_id'],
            ['hr.round.tenant_id', 'hr.round.id'],
            name=op.f('fk_appraisal_tenant_id_round_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_appraisal_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_appraisal')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_appraisal_tenant_id_number')),
        sa.UniqueConstraint(
            'tenant_id',
            'round_id',
            'employee_id',
            name=op.f('uq_appraisal_tenant_id_round_id_employee_id'),
        ),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.appraisal ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.appraisal FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.appraisal USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.appraisal TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_appraisal_site (dependencies) ON tenant_id, site_id FROM hr.appraisal")
    op.create_index(
        op.f('ix_appraisal_tenant_id_created_at_id'),
        'appraisal',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_appraisal_tenant_id_decider_id'),
        'appraisal',
        ['tenant_id', 'decider_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_appraisal_tenant_id_employee_id'),
        'appraisal',
        ['tenant_id', 'employee_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_appraisal_tenant_id_person_id_status'),
        'appraisal',
        ['tenant_id', 'person_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_appraisal_tenant_id_rater_id_status'),
        'appraisal',
        ['tenant_id', 'rater_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_appraisal_tenant_id_reviewer_id_status'),
        'appraisal',
        ['tenant_id', 'reviewer_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_appraisal_tenant_id_round_id'),
        'appraisal',
        ['tenant_id', 'round_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_appraisal_tenant_id_site_id_status'),
        'appraisal',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'goal',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('place', sa.BigInteger(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('weight', sa.BigInteger(), nullable=False),
        sa.Column('target', sa.Text(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=True),
        sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['hr.appraisal.tenant_id', 'hr.appraisal.id'],
            name=op.f('fk_goal_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_goal')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.goal ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.goal FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.goal USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.goal TO dougong_app")
    op.create_index(
        op.f('ix_goal_tenant_id_parent_id_at'),
        'goal',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='hr',
    )
    op.create_table(
        'rating',
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
        sa.Column('appraisal_id', sa.Uuid(), nullable=False),
        sa.Column('round_id', sa.Uuid(), nullable=False),
        sa.Column('department', sa.Text(), nullable=False),
        sa.Column('rater_id', sa.Uuid(), nullable=True),
        sa.Column('results', sa.BigInteger(), nullable=True),
        sa.Column('methods', sa.BigInteger(), nullable=True),
        sa.Column('attitude', sa.BigInteger(), nullable=True),
        sa.Column('cooperation', sa.BigInteger(), nullable=True),
        sa.Column('points', sa.Text(), nullable=True),
        sa.Column('total', sa.BigInteger(), nullable=True),
        sa.Column('grade', sa.Text(), nullable=True),
        sa.Column('words', sa.Text(), nullable=True),
        sa.Column('rate_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('rated_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('rate_late', sa.Boolean(), nullable=False),
        sa.Column('review_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reviewed_by', sa.Uuid(), nullable=True),
        sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('review_late', sa.Boolean(), nullable=False),
        sa.Column('returned_why', sa.Text(), nullable=True),
        sa.Column('decide_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decided_by', sa.Uuid(), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decide_late', sa.Boolean(), nullable=False),
        sa.Column('upheld', sa.Boolean(), nullable=True),
        sa.Column('decided_why', sa.Text(), nullable=True),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'appraisal_id'],
            ['hr.appraisal.tenant_id', 'hr.appraisal.id'],
            name=op.f('fk_rating_tenant_id_appraisal_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'round_id'],
            ['hr.round.tenant_id', 'hr.round.id'],
            name=op.f('fk_rating_tenant_id_round_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_rating_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_rating')),
        sa.UniqueConstraint('tenant_id', 'appraisal_id', name=op.f('uq_rating_tenant_id_appraisal_id')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_rating_tenant_id_number')),
        schema='hr',
    )
    op.execute("ALTER TABLE hr.rating ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hr.rating FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON hr.rating USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON hr.rating TO dougong_app")
    op.execute("CREATE STATISTICS hr.st_rating_site (dependencies) ON tenant_id, site_id FROM hr.rating")
    op.create_index(
        op.f('ix_rating_tenant_id_appraisal_id'),
        'rating',
        ['tenant_id', 'appraisal_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_rating_tenant_id_created_at_id'),
        'rating',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_rating_tenant_id_rated_at'),
        'rating',
        ['tenant_id', 'rated_at'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_rating_tenant_id_round_id'),
        'rating',
        ['tenant_id', 'round_id'],
        unique=False,
        schema='hr',
    )
    op.create_index(
        op.f('ix_rating_tenant_id_site_id_status'),
        'rating',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='hr',
    )
