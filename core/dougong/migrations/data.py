"""Changing data in a migration: company by company, because row security binds the owner too.

Without a company set, the owner's UPDATE changes no row and says nothing; only a superuser would not notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa

from ..tenancy.tables import tenants


def each_company(connection: sa.Connection) -> Iterator[UUID]:
    """``for tenant in each_company(op.get_bind()): op.execute(…)``: the body sees and changes this company's rows only."""
    for tenant in connection.scalars(sa.select(tenants.c.id).order_by(tenants.c.id)).all():
        connection.exec_driver_sql(f"SET LOCAL dougong.tenant = '{UUID(str(tenant))}'")
        yield tenant
    connection.exec_driver_sql("SET LOCAL dougong.tenant = ''")
