"""Numbers of records: unique and increasing per company, series and year, as in ``TS-2026-000123``."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .tables import Number

_TABLE = Number.__table__


def next_number(session: Session, series: str, at: dt.datetime, zone: str) -> str:
    """Take the next number; the row lock is held until the business transaction ends, so a rollback leaves no gap.

    :param series: prefix of the record's numbers.
    :param at: moment of registration; its year in the company's ``zone`` counts.
    """
    year = at.astimezone(ZoneInfo(zone)).year
    tenant = session.info["bound"].tenant
    statement = insert(_TABLE).values(tenant_id=tenant, series=series, year=year, last=1)  # type: ignore[arg-type]
    taken = session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "series", "year"], set_={"last": _TABLE.c.last + 1}
        ).returning(_TABLE.c.last)
    ).scalar_one()
    return f"{series}-{year}-{taken:06d}"
