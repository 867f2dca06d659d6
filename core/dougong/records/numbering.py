"""Numbers of records: unique and increasing per company, series and year, as in ``TS-2026-000123``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..tenancy.statements import Statement
from .tables import Number

_TABLE: sa.Table = Number.__table__  # type: ignore[assignment]
_KEY = ["tenant_id", "series", "year"]
_VALUES: dict[str, Any] = {n: sa.bindparam(n) for n in (*_KEY, "last")}
_TAKE = Statement(
    insert(_TABLE)
    .values(_VALUES)
    .on_conflict_do_update(index_elements=_KEY, set_={"last": _TABLE.c.last + sa.bindparam("step", 1)})
    .returning(_TABLE.c.last)
)
_PASS = Statement(
    insert(_TABLE)
    .values(_VALUES)
    .on_conflict_do_update(
        index_elements=_KEY, set_={"last": sa.func.greatest(_TABLE.c.last, sa.bindparam("least", 1))}
    )
    .returning(_TABLE.c.last)
)


def next_number(session: Session, series: str, at: dt.datetime, zone: str) -> str:
    """Take the next number; the row lock is held until the business transaction ends, so a rollback leaves no gap.

    :param series: prefix of the record's numbers.
    :param at: moment of registration; its year in the company's ``zone`` counts.
    """
    return next(iter(next_numbers(session, series, at.astimezone(ZoneInfo(zone)).year, 1)))


def next_numbers(session: Session, series: str, year: int, count: int) -> list[str]:
    """Take so many numbers of a year at once, in order; otherwise as ``next_number``."""
    tenant = session.info["bound"].tenant
    given = {"tenant_id": tenant, "series": series, "year": year, "last": count, "step": count}
    taken = _TAKE.run(session, given).fetchone()
    assert taken is not None
    return [f"{series}-{year}-{n:06d}" for n in range(taken[0] - count + 1, taken[0] + 1)]


def keep_clear(session: Session, series: str, numbers: Iterable[str]) -> None:
    """Numbers that came from elsewhere and look like ours: what is given from now on begins after them."""
    ours = re.compile(rf"{re.escape(series)}-(\d{{4}})-(\d{{6,15}})")
    highest: dict[int, int] = {}
    for found in filter(None, map(ours.fullmatch, numbers)):
        year, n = int(found[1]), int(found[2])
        highest[year] = max(highest.get(year, 0), n)
    tenant = session.info["bound"].tenant
    for year, n in sorted(highest.items()):
        _PASS.run(session, {"tenant_id": tenant, "series": series, "year": year, "last": n, "least": n})
