"""What budgeting says in a report upwards: what the period cost and brought in, how the year goes, what is not closed.

Nothing of it goes to the client: they are told what owners are told, when it is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Section, SectionContent, SectionFigure, translator

from ..planning.choices import Direction
from ..planning.reading import yuan
from ..planning.records import Account
from ..spending.choices import MonthState
from ..spending.records import Actual, Month
from ..spending.resources import actual, month
from .execution import share
from .rollup import Place, places

_ = translator("dougong_budgeting")


def fill(x: Context[Any], sites: Sequence[UUID], start: dt.datetime, end: dt.datetime) -> SectionContent | None:
    """Of the sites whose figures the author may see."""
    seen = x.gate.scope(actual.permission("read")).free
    there = [one for one in sites if one in seen]
    if not there:
        return None
    zone = x.snapshot.sites.zone(there[0])
    first, last = start.astimezone(zone).date(), (end - dt.timedelta(seconds=1)).astimezone(zone).date()
    # the forecast is the company's own, whichever module writes the report
    whole = Place(there[0], 0, True)
    for one in places(x, there, last.year, x.settings_of("budgeting").forecast_method.value):
        if not one.several:
            whole.add(one)
    spent, received = _posted(x, there, first, last)
    if not whole.expense.plan and not spent and not received:
        return None
    late = _unclosed(x, there)
    of, used = whole.expense, whole.expense.spent + whole.expense.committed
    slug = x.snapshot.sites.node(there[0]).slug
    listed = f"{actual.path}?tab=all&site={slug}&posted_on.from={first}&posted_on.to={last}"
    here = f"/budgeting/figures?year={last.year}&site={slug}"
    money = str(_("yuan"))
    figures = [
        SectionFigure(str(_("Spent in the period")), yuan(spent, "0"), money, listed),
        SectionFigure(str(_("Received in the period")), yuan(received, "0"), money, listed),
        SectionFigure(str(_("Expense used this year")), share(used, of.plan), "", here),
        SectionFigure(str(_("Forecast of expense")), yuan(of.expected, "0"), money, here),
        SectionFigure(str(_("Against the plan")), yuan(of.expected - of.plan, "0"), money, here),
        SectionFigure(str(_("Income received this year")), share(whole.income.spent, whole.income.plan), "", here),
        SectionFigure(str(_("Months closed too late")), late, "", f"{month.path}?tab=overdue&site={slug}", alarm=True),
    ]
    said = _("{spent} yuan were spent and {received} received; of the year's expense {share} is used or promised.")
    return SectionContent(
        str(said.format(spent=yuan(spent, "0"), received=yuan(received, "0"), share=share(used, of.plan))), figures
    )


def _posted(x: Context[Any], sites: list[UUID], first: dt.date, last: dt.date) -> tuple[int, int]:
    """Spent and received by the date of the document."""
    income = sa.select(Account.code).where(Account.tenant_id == x.tenant, Account.direction == Direction.INCOME)
    mine = Actual.account.in_(income)
    sums = [sa.func.coalesce(sa.func.sum(Actual.amount).filter(one), 0) for one in (sa.not_(mine), mine)]
    query = x.readable(Actual).where(Actual.site_id.in_(sites), Actual.posted_on.between(first, last))
    row = x.session.execute(query.with_only_columns(*sums, maintain_column_froms=True).order_by(None)).one()
    return int(row[0]), int(row[1])


def _unclosed(x: Context[Any], sites: list[UUID]) -> int:
    query = x.readable(Month).where(Month.site_id.in_(sites), Month.status == MonthState.OPEN, Month.close_by < x.now)
    counted = query.with_only_columns(sa.func.count(), maintain_column_froms=True).order_by(None)
    return int(x.session.scalar(counted) or 0)


section = Section("budget", _("Budget and spending"), fill, 80)

__all__ = ["section"]
