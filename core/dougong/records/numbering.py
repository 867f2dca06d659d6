"""Numbers of records: unique and increasing per company, series and year, as in ``TS-2026-000123``."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..tenancy.statements import Statement
from .tables import Number

_TABLE: sa.Table = Number.__table__  # type: ignore[assignment]
_TAKE = Statement(
    insert(_TABLE)
    .values({n: sa.bindparam(n) for n in ("tenant_id", "series", "year", "last")})
    .on_conflict_do_update(
        index_elements=["tenant_id", "series", "year"], set_={"last": _TABLE.c.last + sa.bindparam("step", 1)}
    )
    .returning(_TABLE.c.last)
)


def next_number(session: Session, series: str, at: dt.datetime, zone: str) -> str:
    """Take the next number; the row lock is held until the business transaction ends, so a rollback leaves no gap.

    :param series: prefix of the record's numbers.
    :param at: moment of registration; its year in the company's ``zone`` counts.
    """
    year = at.astimezone(ZoneInfo(zone)).year
    tenant = session.info["bound"].tenant
    given = {"tenant_id": tenant, "series": series, "year": year, "last": 1, "step": 1}
    taken = _TAKE.run(session, given).fetchone()
    assert taken is not None
    return f"{series}-{year}-{taken[0]:06d}"
