"""Writing what searching reads for records that were there before: after an upgrade, and when somebody asks for it."""

from __future__ import annotations

import sqlalchemy as sa

from ..plugins.registry import Registry
from ..tenancy.cells import Bound, Cell
from ..tenancy.tables import tenants
from . import search


def fill(
    address: str, registry: Registry, *, only: str | None = None, missing: bool = False, module: str | None = None
) -> dict[str, int]:
    """One transaction a company and kind of record, so that a long run can be broken off and begun again.

    :param address: libpq URI of the owner. :param only: slug of one company. :param missing: only records without a row.
    :param module: only this module's records.
    :returns: slug → how many records were written.
    """
    cell = Cell(address, pool=1)
    done: dict[str, int] = {}
    try:
        with cell.platform() as connection:
            found = connection.execute(sa.select(tenants.c.id, tenants.c.slug).order_by(tenants.c.slug)).all()
        for tenant, slug in found:
            if only is not None and slug != only:
                continue
            done[slug] = 0
            for resource in registry.resources.values():
                if module is None or resource.module == module:
                    with cell.session(Bound(tenant)) as session:
                        done[slug] += search.rebuild(session, resource, missing=missing)
    finally:
        cell.engine.dispose()
    return done
