"""What a site's year comes to: planned, committed and spent of every account, by month and together, and the forecast.

Owns sums and nothing else: whoever calls answers for rights. Income and expense are never added up together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from ..planning.choices import BINDING, Direction
from ..planning.ledger import accounts as every_account
from ..planning.records import Account, Budget
from ..spending.dividing import forecast
from ..spending.records import Balance

X = Context[Any]
YEAR = 0  # the period of a whole year; 1 to 12 are its months


@dataclass(slots=True)
class Twelve:
    """Fen of twelve months. Sums of such are made month by month, so that they always reconcile."""

    plan: list[int] = field(default_factory=lambda: [0] * 12)
    committed: list[int] = field(default_factory=lambda: [0] * 12)
    spent: list[int] = field(default_factory=lambda: [0] * 12)
    expected: int = 0  # what the year will come to

    def add(self, other: Twelve) -> None:
        for mine, theirs in ((self.plan, other.plan), (self.committed, other.committed), (self.spent, other.spent)):
            for month in range(12):
                mine[month] += theirs[month]
        self.expected += other.expected

    @property
    def planned(self) -> int:
        return sum(self.plan)

    @property
    def used(self) -> int:
        """Spent and committed."""
        return sum(self.spent) + sum(self.committed)

    @property
    def left(self) -> int:
        return self.planned - self.used


@dataclass(slots=True)
class Line:
    """An account of the year; one that others stand below is their sum. :ivar leaf: it has amounts of its own."""

    code: str
    name: str
    direction: Direction
    depth: int
    leaf: bool
    months: Twelve


@dataclass(slots=True)
class SiteYear:
    """A site's year. :ivar passed: months that are over. :ivar area: m² that are charged, of the budget in execution."""

    site: UUID
    year: int
    passed: int
    lines: list[Line]
    income: Twelve
    expense: Twelve
    area: int | None = None
    budget: UUID | None = None


def passed(today: dt.date, year: int) -> int:
    """How many months of a year are over on a day."""
    return 12 if year < today.year else today.month - 1 if year == today.year else 0


def site_year(x: X, site: UUID, year: int, method: str) -> SiteYear | None:
    """The whole year of one site; None: it has no budget and no temporary limit.

    :param method: ``plan`` or ``run_rate``, see ``dividing.forecast``.
    """
    kept = _balances(x, site, year)
    if not kept:
        return None
    done = passed(x.today(site), year)
    for one in kept.values():
        one.expected = forecast(one.plan, one.spent, one.committed, done, method)
    lines = _tree(every_account(x), kept)
    sums = {direction: Twelve() for direction in Direction}
    for line in lines:
        if line.leaf:
            sums[line.direction].add(line.months)
    budget = active_areas(x, [site], year).get(site)
    area, id = budget or (None, None)
    return SiteYear(site, year, done, lines, sums[Direction.INCOME], sums[Direction.EXPENSE], area, id)


def _balances(x: X, site: UUID, year: int) -> dict[str, Twelve]:
    rows = x.session.execute(
        sa.select(Balance.account, Balance.period, Balance.approved, Balance.committed, Balance.spent).where(
            Balance.tenant_id == x.tenant, Balance.site_id == site, Balance.year == year, Balance.period > YEAR
        )
    )
    found: dict[str, Twelve] = {}
    for code, period, plan, committed, spent in rows:
        one = found.setdefault(code, Twelve())
        one.plan[period - 1], one.committed[period - 1], one.spent[period - 1] = plan, committed, spent
    return found


def _tree(known: Sequence[Account], kept: dict[str, Twelve]) -> list[Line]:
    """The accounts with amounts and those above them, in order; what is in no tree any more comes last, as expense."""
    by_id = {one.id: one for one in known}
    wanted: dict[UUID, Twelve] = {}
    for one in known:
        if one.code not in kept:
            continue
        above: Account | None = one
        while above is not None:
            wanted.setdefault(above.id, Twelve()).add(kept[one.code])
            above = by_id.get(above.parent_id) if above.parent_id else None
    depth: dict[UUID, int] = {}
    lines = []
    for one in known:
        depth[one.id] = depth[one.parent_id] + 1 if one.parent_id in depth else 0
        if one.id in wanted:
            lines.append(Line(one.code, one.name, one.direction, depth[one.id], one.code in kept, wanted[one.id]))
    codes = {one.code for one in known}
    gone = sorted(code for code in kept if code not in codes)
    return lines + [Line(code, code, Direction.EXPENSE, 0, True, kept[code]) for code in gone]


def active_areas(x: X, sites: Iterable[UUID], year: int) -> dict[UUID, tuple[int | None, UUID]]:
    """Charged area (m²) and id of the budget that binds each site in a year."""
    rows = x.session.execute(
        sa.select(Budget.site_id, Budget.area, Budget.id)
        .where(
            Budget.tenant_id == x.tenant, Budget.site_id.in_(list(sites)), Budget.year == year, Budget.status.in_(BINDING)
        )
        .order_by(Budget.active_at)
    )  # fmt: skip
    return {row[0]: (row[1], row[2]) for row in rows}


__all__ = ["YEAR", "Line", "SiteYear", "Twelve", "active_areas", "passed", "site_year"]
