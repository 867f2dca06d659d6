"""messages, deliveries, choices"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "notify_0001"
down_revision = None
branch_labels = None
depends_on = None

TENANT = "tenant_id = (NULLIF(current_setting('dougong.tenant'::text, true), ''::text))::uuid"


def upgrade() -> None:
    op.create_table(
        'delivery',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('about', sa.Text(), nullable=False),
        sa.Column('event', sa.Text(), nullable=True),
        sa.Column('notice_id', sa.Uuid(), nullable=True),
        sa.Column('person_id', sa.Uuid(), nullable=True),
        sa.Column('robot_id', sa.Uuid(), nullable=True),
        sa.Column('messages', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('hint', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('tries', sa.BigInteger(), nullable=False),
        sa.Column('error', sa.Text(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_delivery')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.delivery ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.delivery FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.delivery USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.delivery TO dougong_app")
    op.create_index(
        op.f('ix_delivery_tenant_id_created_at_id'),
        'delivery',
        ['tenant_id', 'created_at', 'id'],
        unique=False,
        schema='notify',
    )
    op.create_index(
        op.f('ix_delivery_tenant_id_state_created_at'),
        'delivery',
        ['tenant_id', 'state', 'created_at'],
        unique=False,
        schema='notify',
    )
    op.create_table(
        'follow',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('record_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('record_kind', sa.Text(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'record_id', 'person_id', name=op.f('pk_follow')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.follow ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.follow FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.follow USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.follow TO dougong_app")
    op.create_table(
        'habit',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('quiet', sa.Text(), nullable=True),
        sa.Column('digest_at', sa.Text(), nullable=True),
        sa.Column('zone', sa.Text(), nullable=True),
        sa.Column('email', sa.Text(), nullable=True),
        sa.Column('new_email', sa.Text(), nullable=True),
        sa.Column('code', sa.Text(), nullable=True),
        sa.Column('code_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('code_tries', sa.BigInteger(), nullable=False),
        sa.Column('code_sent', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('tenant_id', 'person_id', name=op.f('pk_habit')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.habit ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.habit FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.habit USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.habit TO dougong_app")
    op.create_table(
        'notice',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('event', sa.Text(), nullable=False),
        sa.Column('record_kind', sa.Text(), nullable=False),
        sa.Column('record_id', sa.Uuid(), nullable=False),
        sa.Column('site_id', sa.Uuid(), nullable=False),
        sa.Column('actor_id', sa.Uuid(), nullable=True),
        sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_notice')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.notice ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.notice FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.notice USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.notice TO dougong_app")
    op.execute("CREATE STATISTICS notify.st_notice_site (dependencies) ON tenant_id, site_id FROM notify.notice")
    op.create_index(op.f('ix_notice_tenant_id_at'), 'notice', ['tenant_id', 'at'], unique=False, schema='notify')
    op.create_table(
        'preference',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('event', sa.Text(), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('wanted', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'person_id', 'event', 'channel', name=op.f('pk_preference')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.preference ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.preference FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.preference USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.preference TO dougong_app")
    op.create_table(
        'robot',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('brand', sa.Text(), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('secret', sa.Text(), nullable=True),
        sa.Column('tail', sa.Text(), nullable=False),
        sa.Column('events', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('sites', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('titles', sa.Boolean(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_robot')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.robot ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.robot FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.robot USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.robot TO dougong_app")
    op.create_table(
        'role_default',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('role', sa.Text(), nullable=False),
        sa.Column('event', sa.Text(), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('wanted', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'role', 'event', 'channel', name=op.f('pk_role_default')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.role_default ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.role_default FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.role_default USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.role_default TO dougong_app")
    op.create_table(
        'template',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('event', sa.Text(), nullable=False),
        sa.Column('locale', sa.Text(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'event', 'locale', name=op.f('pk_template')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.template ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.template FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.template USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.template TO dougong_app")
    op.create_table(
        'message',
        sa.Column('tenant_id', sa.Uuid(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('notice_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('shown', sa.Boolean(), nullable=False),
        sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('digest', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'notice_id'],
            ['notify.notice.tenant_id', 'notify.notice.id'],
            name=op.f('fk_message_tenant_id_notice_id'),
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_message')),
        schema='notify',
    )
    op.execute("ALTER TABLE notify.message ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notify.message FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notify.message USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON notify.message TO dougong_app")
    op.create_index(
        op.f('ix_message_tenant_id_notice_id'),
        'message',
        ['tenant_id', 'notice_id'],
        unique=False,
        schema='notify',
    )
    op.create_index(
        op.f('ix_message_tenant_id_person_id_at_id'),
        'message',
        ['tenant_id', 'person_id', 'at', 'id'],
        unique=False,
        schema='notify',
    )
    op.create_index(
        op.f('ix_message_tenant_id_person_id_read_at'),
        'message',
        ['tenant_id', 'person_id', 'read_at'],
        unique=False,
        schema='notify',
    )
