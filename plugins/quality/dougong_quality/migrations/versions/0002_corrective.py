"""corrective"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "quality_0002"
down_revision = "quality_0001"
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'nonconformity',
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
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('severity', sa.Text(), nullable=False),
        sa.Column('category', sa.Text(), nullable=False),
        sa.Column('item', sa.Text(), nullable=True),
        sa.Column('statement', sa.Text(), nullable=False),
        sa.Column('clause', sa.Text(), nullable=True),
        sa.Column('requirement', sa.Text(), nullable=True),
        sa.Column('document', sa.Text(), nullable=True),
        sa.Column('location', sa.Text(), nullable=True),
        sa.Column('location_id', sa.Uuid(), nullable=True),
        sa.Column('found_by', sa.Text(), nullable=True),
        sa.Column('responsible_id', sa.Uuid(), nullable=True),
        sa.Column('due', sa.Date(), nullable=True),
        sa.Column('cause', sa.Text(), nullable=True),
        sa.Column('root', sa.Text(), nullable=True),
        sa.Column('again_of_id', sa.Uuid(), nullable=True),
        sa.Column('again', sa.Boolean(), nullable=False),
        sa.Column('round', sa.BigInteger(), nullable=False),
        sa.Column('ineffective', sa.BigInteger(), nullable=False),
        sa.Column('extended', sa.BigInteger(), nullable=False),
        sa.Column('wanted', sa.Date(), nullable=True),
        sa.Column('rolled', sa.BigInteger(), nullable=False),
        sa.Column('answered', sa.BigInteger(), nullable=False),
        sa.Column('effect_from', sa.DateTime(timezone=True), nullable=True),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('contain_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('contained_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('contain_late', sa.Boolean(), nullable=False),
        sa.Column('cause_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('cause_late', sa.Boolean(), nullable=False),
        sa.Column('rectify_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('rectified_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('rectify_late', sa.Boolean(), nullable=False),
        sa.Column('verify_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('verify_late', sa.Boolean(), nullable=False),
        sa.Column('effect_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('effect_late', sa.Boolean(), nullable=False),
        sa.Column('extend_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('extend_late', sa.Boolean(), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'again_of_id'],
            ['quality.nonconformity.tenant_id', 'quality.nonconformity.id'],
            name=op.f('fk_nonconformity_tenant_id_again_of_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'location_id'],
            ['core.location.tenant_id', 'core.location.id'],
            name=op.f('fk_nonconformity_tenant_id_location_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_nonconformity_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_nonconformity')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_nonconformity_tenant_id_number')),
        schema='quality',
    )
    op.execute("ALTER TABLE quality.nonconformity ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.nonconformity FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.nonconformity USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.nonconformity TO dougong_app")
    op.execute(
        "CREATE STATISTICS quality.st_nonconformity_site (dependencies) ON tenant_id, site_id FROM quality.nonconformity",
    )
    op.create_index(
        'ix_nonconformity_by_effect_by',
        'nonconformity',
        [
            'tenant_id',
            sa.literal_column(
                "(\nCASE\n    WHEN effect_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE effect_by\nEND)",  # noqa: E501
            ),
            'id',
        ],
        unique=False,
        schema='quality',
    )
    op.create_index(
        'ix_nonconformity_by_rectify_by',
        'nonconformity',
        [
            'tenant_id',
            sa.literal_column(
                "(\nCASE\n    WHEN rectify_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE rectify_by\nEND)",  # noqa: E501
            ),
            'id',
        ],
        unique=False,
        schema='quality',
    )
    op.create_index(
        'ix_nonconformity_by_updated_at',
        'nonconformity',
        ['tenant_id', 'updated_at', 'id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_nonconformity_tenant_id_again_of_id'),
        'nonconformity',
        ['tenant_id', 'again_of_id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_nonconformity_tenant_id_category_created_at'),
        'nonconformity',
        ['tenant_id', 'category', 'created_at'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_nonconformity_tenant_id_created_at_id'),
        'nonconformity',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_nonconformity_tenant_id_location_id'),
        'nonconformity',
        ['tenant_id', 'location_id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_nonconformity_tenant_id_responsible_id_status'),
        'nonconformity',
        ['tenant_id', 'responsible_id', 'status'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_nonconformity_tenant_id_site_id_status'),
        'nonconformity',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='quality',
    )
    op.create_table(
        'analysis',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('words', sa.Text(), nullable=True),
        sa.Column('whys', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('bones', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('factor', sa.Text(), nullable=False),
        sa.Column('conclusion', sa.Text(), nullable=True),
        sa.Column('round', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['quality.nonconformity.tenant_id', 'quality.nonconformity.id'],
            name=op.f('fk_analysis_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_analysis')),
        schema='quality',
    )
    op.execute("ALTER TABLE quality.analysis ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.analysis FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.analysis USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.analysis TO dougong_app")
    op.create_index(
        op.f('ix_analysis_tenant_id_parent_id_at'),
        'analysis',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='quality',
    )
    op.create_table(
        'containment',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('leftover', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['quality.nonconformity.tenant_id', 'quality.nonconformity.id'],
            name=op.f('fk_containment_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_containment')),
        schema='quality',
    )
    op.execute("ALTER TABLE quality.containment ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.containment FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.containment USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.containment TO dougong_app")
    op.create_index(
        op.f('ix_containment_tenant_id_parent_id_at'),
        'containment',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='quality',
    )
    op.create_table(
        'evaluation',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('effect', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('since', sa.BigInteger(), nullable=False),
        sa.Column('round', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['quality.nonconformity.tenant_id', 'quality.nonconformity.id'],
            name=op.f('fk_evaluation_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_evaluation')),
        schema='quality',
    )
    op.execute("ALTER TABLE quality.evaluation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.evaluation FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.evaluation USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.evaluation TO dougong_app")
    op.create_index(
        op.f('ix_evaluation_tenant_id_parent_id_at'),
        'evaluation',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='quality',
    )
    op.create_table(
        'measure',
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
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('responsible_id', sa.Uuid(), nullable=False),
        sa.Column('due', sa.Date(), nullable=False),
        sa.Column('nc_id', sa.Uuid(), nullable=True),
        sa.Column('round', sa.BigInteger(), nullable=False),
        sa.Column('result', sa.Text(), nullable=True),
        sa.Column('done_by', sa.Uuid(), nullable=True),
        sa.Column('due_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('late', sa.Boolean(), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'nc_id'],
            ['quality.nonconformity.tenant_id', 'quality.nonconformity.id'],
            name=op.f('fk_measure_tenant_id_nc_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_measure_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_measure')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_measure_tenant_id_number')),
        schema='quality',
    )
    op.execute("ALTER TABLE quality.measure ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.measure FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.measure USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.measure TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_measure_site (dependencies) ON tenant_id, site_id FROM quality.measure")
    op.create_index(
        'ix_measure_by_due_by',
        'measure',
        [
            'tenant_id',
            sa.literal_column(
                "(\nCASE\n    WHEN due_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE due_by\nEND)",
            ),
            'id',
        ],
        unique=False,
        schema='quality',
    )
    op.create_index(
        'ix_measure_by_updated_at',
        'measure',
        ['tenant_id', 'updated_at', 'id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_measure_tenant_id_created_at_id'),
        'measure',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_measure_tenant_id_nc_id'),
        'measure',
        ['tenant_id', 'nc_id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_measure_tenant_id_responsible_id_status'),
        'measure',
        ['tenant_id', 'responsible_id', 'status'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_measure_tenant_id_site_id'),
        'measure',
        ['tenant_id', 'site_id'],
        unique=False,
        schema='quality',
    )
    op.create_table(
        'rollout',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('row_version', sa.BigInteger(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('due', sa.Date(), nullable=False),
        sa.Column('nc_id', sa.Uuid(), nullable=True),
        sa.Column('origin', sa.Text(), nullable=True),
        sa.Column('responsible_id', sa.Uuid(), nullable=True),
        sa.Column('result', sa.Text(), nullable=True),
        sa.Column('due_by', sa.DateTime(timezone=True), nullable=True),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('late', sa.Boolean(), nullable=False),
        sa.Column('timing', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'nc_id'],
            ['quality.nonconformity.tenant_id', 'quality.nonconformity.id'],
            name=op.f('fk_rollout_tenant_id_nc_id'),
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'site_id'],
            ['core.site.tenant_id', 'core.site.id'],
            name=op.f('fk_rollout_tenant_id_site_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_rollout')),
        sa.UniqueConstraint('tenant_id', 'number', name=op.f('uq_rollout_tenant_id_number')),
        schema='quality',
    )
    op.execute("ALTER TABLE quality.rollout ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.rollout FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.rollout USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.rollout TO dougong_app")
    op.execute("CREATE STATISTICS quality.st_rollout_site (dependencies) ON tenant_id, site_id FROM quality.rollout")
    op.create_index(
        'ix_rollout_by_due_by',
        'rollout',
        [
            'tenant_id',
            sa.literal_column(
                "(\nCASE\n    WHEN due_by IS NULL THEN '2300-01-01 00:00:00+00'::timestamp with time zone\n    ELSE due_by\nEND)",
            ),
            'id',
        ],
        unique=False,
        schema='quality',
    )
    op.create_index(
        'ix_rollout_by_updated_at',
        'rollout',
        ['tenant_id', 'updated_at', 'id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_rollout_tenant_id_created_at_id'),
        'rollout',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_rollout_tenant_id_nc_id'),
        'rollout',
        ['tenant_id', 'nc_id'],
        unique=False,
        schema='quality',
    )
    op.create_index(
        op.f('ix_rollout_tenant_id_site_id_status'),
        'rollout',
        ['tenant_id', 'site_id', 'status'],
        unique=False,
        schema='quality',
    )
    op.create_table(
        'verification',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('parent_id', sa.Uuid(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('verdict', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('round', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'parent_id'],
            ['quality.nonconformity.tenant_id', 'quality.nonconformity.id'],
            name=op.f('fk_verification_tenant_id_parent_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_verification')),
        schema='quality',
    )
    op.execute("ALTER TABLE quality.verification ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE quality.verification FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON quality.verification USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON quality.verification TO dougong_app")
    op.create_index(
        op.f('ix_verification_tenant_id_parent_id_at'),
        'verification',
        ['tenant_id', 'parent_id', 'at'],
        unique=False,
        schema='quality',
    )
