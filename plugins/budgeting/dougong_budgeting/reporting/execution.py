"""One site's year, drawn: the sentence, figures, burn-down and waterfall, the tree of accounts, the months."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from dougong import Context, translator
from dougong.views import (
    Action,
    BarChart,
    ColumnChart,
    Figure,
    FigureCell,
    FigureHeading,
    FigureRow,
    FigureTable,
)

from ..planning.choices import Direction
from ..planning.reading import exact, yuan
from ..spending.choices import MonthState
from ..spending.records import Ledger, Month
from ..spending.resources import actual, commitment, month
from .charts import burn_down, cost_per_area, round_yuan, waterfall
from .reckoning import Line, SiteYear, Twelve

_ = translator("dougong_budgeting")
X = Context[Any]


@dataclass(slots=True)
class Drawn:
    """What a year's page shows of one site, or of several."""

    finding: str
    figures: list[Figure]
    charts: list[ColumnChart | BarChart]
    tables: list[FigureTable]
    notes: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


def share(part: int, whole: int) -> str:
    """A share in per cent; a dash where there is nothing to divide by."""
    return f"{part * 100 / whole:.1f}%" if whole else "–"


def drawn(x: X, found: SiteYear) -> Drawn:
    """:param found: of a site whose figures this person may see."""
    slug = x.snapshot.sites.node(found.site).slug
    income = [one for one in found.lines if one.direction is Direction.INCOME]
    expense = [one for one in found.lines if one.direction is Direction.EXPENSE]
    tables = []
    if expense:
        tables.append(_accounts(str(_("Expense")), expense, found.expense, slug, found.year))
    if income:
        tables.append(_accounts(str(_("Income")), income, found.income, slug, found.year))
    tables.append(_months(x, found, slug))
    actions = []
    if found.budget is not None:
        actions.append(Action(str(_("The budget as a grid")), f"/budgeting/grid/{found.budget}", "doc"))
    charts: list[ColumnChart | BarChart] = []
    if expense:
        charts = [burn_down(found, x.settings.variance_percent), waterfall(found)]
    return Drawn(_finding(found), _figures(found, slug), charts, tables, _notes(x, found), actions)


def _finding(found: SiteYear) -> str:
    of = found.expense
    if not of.planned and not of.used:
        return str(_("Nothing is planned or spent yet."))
    said = _("{used} of {plan} yuan of expense are spent or committed ({share}); ").format(
        used=yuan(of.used, "0"), plan=yuan(of.planned, "0"), share=share(of.used, of.planned)
    )
    over = of.expected - of.planned
    if over > 0:
        rest = _("the year will come to {expected}, {over} more than planned.").format(
            expected=yuan(of.expected, "0"), over=yuan(over)
        )
    else:
        rest = _("the year will come to {expected}, within the plan.").format(expected=yuan(of.expected, "0"))
    return f"{said}{rest}"


def _figures(found: SiteYear, slug: str) -> list[Figure]:
    of, income = found.expense, found.income
    per = cost_per_area(sum(of.spent[: found.passed]), found.area, found.passed)
    plan_per = cost_per_area(of.planned, found.area, 12)
    beside = str(_("planned {amount}").format(amount=f"{plan_per:.2f}")) if plan_per is not None else ""
    tail = f"site={slug}&year={found.year}"
    return [
        Figure(
            str(_("Spent and committed")), round_yuan(of.used), "", share(of.used, of.planned), f"{actual.path}?tab=all&{tail}",
            "bad" if of.used > of.planned else "",
        ),
        Figure(str(_("Left")), round_yuan(of.left), "", "", "", "bad" if of.left < 0 else ""),
        Figure(
            str(_("Forecast of expense")), round_yuan(of.expected), "",
            str(_("planned {amount}").format(amount=round_yuan(of.planned))), "", "warn" if of.expected > of.planned else "",
        ),
        Figure(
            str(_("Income received")), round_yuan(sum(income.spent)), "", share(sum(income.spent), income.planned),
            f"{actual.path}?tab=all&{tail}",
        ),
        Figure(
            str(_("Cost per m² and month")), "–" if per is None else f"{per:.2f}", "" if per is None else str(_("yuan")),
            beside, "",
        ),
    ]  # fmt: skip


def _accounts(title: str, lines: list[Line], total: Twelve, slug: str, year: int) -> FigureTable:
    """Expense: approved, spent, promised and left. Income, of which nothing is promised: approved, received and to come."""
    made = FigureTable(title, [FigureHeading(str(label), desk) for label, desk in _HEADS[lines[0].direction]], [])
    for one in lines:
        tail = f"site={slug}&year={year}&account={one.code}" if one.leaf else ""
        made.rows.append(FigureRow(one.name, None, _cells(one.months, tail, one.direction), one.depth, not one.leaf))
    made.total = FigureRow(str(_("Together")), None, _cells(total, "", lines[0].direction), strong=True)
    return made


_HEADS = {
    Direction.EXPENSE: (
        (_("Account"), False), (_("Approved"), False), (_("Spent"), False), (_("Committed"), False), (_("Left"), False),
        (_("Share"), True), (_("Forecast"), False), (_("Against the plan"), False),
    ),
    Direction.INCOME: (
        (_("Account"), False), (_("Approved"), False), (_("Income received"), False), (_("To come"), False), (_("Share"), True),
        (_("Forecast"), False), (_("Against the plan"), False),
    ),
}  # fmt: skip


def _cells(of: Twelve, tail: str, direction: Direction) -> list[FigureCell]:
    """:param tail: of the address of the lists behind the figures; empty: a sum, which opens none."""
    spent, committed = sum(of.spent), sum(of.committed)
    over, costs = of.expected - of.planned, direction is Direction.EXPENSE
    promised = FigureCell(exact(committed), f"{commitment.path}?tab=open&{tail}" if tail and committed else None)
    return [
        FigureCell(exact(of.planned)),
        FigureCell(exact(spent), f"{actual.path}?tab=all&{tail}" if tail and spent else None),
        *([promised] if costs else []),
        FigureCell(exact(of.left), bad=costs and of.left < 0),
        FigureCell(share(of.used, of.planned), soft=True),
        FigureCell(exact(of.expected)),
        FigureCell(_signed(over), bad=over > 0 if costs else over < 0, soft=not over),
    ]


def _signed(amount: int) -> str:
    return ("+" if amount > 0 else "") + exact(amount)


def _months(x: X, found: SiteYear, slug: str) -> FigureTable:
    heads = (_("Month"), _("Planned expense"), _("Spent"), _("Committed"), _("Difference"), _("Received"), _("State"))
    made = FigureTable(str(_("Months")), [FigureHeading(str(one)) for one in heads], [])
    query = x.readable(Month).where(Month.site_id == found.site, Month.year == found.year)
    states = {one.month: one for one in x.session.scalars(query)}
    for n in range(12):
        of, one = found.expense, states.get(n + 1)
        change = of.spent[n] - of.plan[n]
        tail = f"site={slug}&year={found.year}&month={n + 1}"
        made.rows.append(
            FigureRow(
                str(_("Month {n}").format(n=n + 1)),
                f"{month.path}/{one.id}" if one is not None else None,
                [
                    FigureCell(exact(of.plan[n])),
                    FigureCell(exact(of.spent[n]), f"{actual.path}?tab=all&{tail}" if of.spent[n] else None),
                    FigureCell(
                        exact(of.committed[n]), f"{commitment.path}?tab=open&{tail}" if of.committed[n] else None
                    ),
                    FigureCell(_signed(change), bad=change > 0 and n < found.passed, soft=n >= found.passed),
                    FigureCell(exact(found.income.spent[n])),
                    FigureCell(str(one.status.label) if one is not None else "–", soft=one is None),
                ],
            )
        )
    return made


def _notes(x: X, found: SiteYear) -> list[str]:
    ledger = x.session.get(Ledger, (x.tenant, found.site, found.year))
    notes = [str(x.settings.forecast_method.label)]
    notes[0] = str(_("Forecast: {method}.").format(method=notes[0]))
    if ledger is not None and ledger.temporary:
        notes.append(str(_("No budget of this year is approved: each month is limited to a twelfth of last year's.")))
    rule = (
        Month.site_id == found.site,
        Month.year == found.year,
        Month.status == MonthState.OPEN,
        Month.month <= found.passed,
    )
    still = x.session.scalar(x.readable(Month).where(*rule).with_only_columns(sa.func.count()).order_by(None))
    if still:
        notes.append(str(_("{n} months that are over are not closed: their figures may still change.").format(n=still)))
    if found.area is None:
        notes.append(str(_("Without a charged area in the budget there is no cost per m².")))
    return notes


def told(found: SiteYear) -> list[dict[str, Any]]:
    """The accounts for programs."""
    return [
        {
            "code": one.code, "name": one.name, "direction": one.direction.value, "sum": not one.leaf,
            "approved": one.months.planned, "committed": sum(one.months.committed), "spent": sum(one.months.spent),
            "left": one.months.left, "expected": one.months.expected,
        }
        for one in found.lines
    ]  # fmt: skip


__all__ = ["Drawn", "drawn", "share", "told"]
