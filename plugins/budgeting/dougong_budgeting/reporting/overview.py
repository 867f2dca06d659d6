"""Several sites' year, drawn: sums of regions and the company, rankings by use and by cost per m²."""

from __future__ import annotations

from typing import Any

from dougong import Context, translator
from dougong.views import BarChart, ColumnChart, Figure, FigureCell, FigureHeading, FigureRow, FigureTable

from ..planning.reading import exact, yuan
from .charts import Ranked, cost_per_area, ranking, round_yuan
from .execution import Drawn, share
from .reckoning import passed
from .rollup import Place, Sums

_ = translator("dougong_budgeting")
X = Context[Any]
MOST = 500  # rows of the page's table; sites beyond are left to a region's own page


def drawn(x: X, places: list[Place], year: int) -> Drawn:
    """:param places: of sites whose figures this person may see."""
    single = [one for one in places if not one.several]
    whole = Place(places[0].site, 0, True)
    for one in single:
        whole.add(one)
    done = passed(x.today(x.snapshot.sites.root), year)
    over = sum(one.expense.expected > one.expense.plan for one in single)
    said = _(
        "{n} sites: {used} of {plan} yuan of expense are spent or committed ({share}); {over} are expected to go over."
    )
    finding = said.format(
        n=len(single), used=yuan(whole.expense.plan - whole.expense.left, "0"), plan=yuan(whole.expense.plan, "0"),
        share=share(whole.expense.plan - whole.expense.left, whole.expense.plan), over=over,
    )  # fmt: skip
    notes = [str(_("Forecast: {method}.").format(method=x.settings.forecast_method.label))]
    return Drawn(
        str(finding),
        _figures(whole, done),
        _charts(x, single, year, done),
        [_table(x, places, whole, year, done)],
        notes,
    )


def _figures(whole: Place, done: int) -> list[Figure]:
    of, income = whole.expense, whole.income
    per = cost_per_area(whole.of_area, whole.area, done)
    used = of.committed + of.spent
    return [
        Figure(
            str(_("Spent and committed")), round_yuan(used), "", share(used, of.plan), "", "bad" if used > of.plan else ""
        ),
        Figure(str(_("Left")), round_yuan(of.left), "", "", "", "bad" if of.left < 0 else ""),
        Figure(
            str(_("Forecast of expense")), round_yuan(of.expected), "",
            str(_("planned {amount}").format(amount=round_yuan(of.plan))), "", "warn" if of.expected > of.plan else "",
        ),
        Figure(str(_("Income received")), round_yuan(income.spent), "", share(income.spent, income.plan), ""),
        Figure(
            str(_("Cost per m² and month")), "–" if per is None else f"{per:.2f}", "" if per is None else str(_("yuan")),
            str(_("Charged area {area} m²").format(area=f"{whole.area:,}")) if whole.area else "", "",
        ),
    ]  # fmt: skip


def _href(x: X, place: Place, year: int) -> str:
    slug = x.snapshot.sites.node(place.site).slug
    return f"/budgeting/figures?year={year}&site={slug}" + ("" if place.several else "&of=site")


def _charts(x: X, single: list[Place], year: int, done: int) -> list[ColumnChart | BarChart]:
    used, cost = [], []
    for one in single:
        name, of = x.snapshot.sites.node(one.site).name, one.expense
        if of.plan > 0:
            parts = [
                (of.spent / of.plan, "on", str(_("spent {amount}").format(amount=yuan(of.spent, "0")))),
                (of.committed / of.plan, "soft", str(_("committed {amount}").format(amount=yuan(of.committed, "0")))),
            ]
            used.append(Ranked(name, _href(x, one, year), parts, share(of.spent + of.committed, of.plan)))
        per = cost_per_area(one.of_area, one.area, done)
        if per:
            cost.append(Ranked(name, _href(x, one, year), [(per, "soft", f"{per:.2f}")], f"{per:.2f}"))
    made: list[ColumnChart | BarChart] = []
    if used:
        key = (("on", str(_("Spent"))), ("soft", str(_("Committed"))))
        made.append(ranking(str(_("Share of the year's expense that is gone")), used, key))
    if cost:
        made.append(ranking(str(_("Cost per m² and month, in yuan")), cost))
    return made


def _table(x: X, places: list[Place], whole: Place, year: int, done: int) -> FigureTable:
    heads = (
        (_("Site"), False), (_("Approved"), False), (_("Spent"), False), (_("Committed"), False), (_("Left"), False),
        (_("Share"), False), (_("Forecast"), True), (_("Against the plan"), True), (_("Income received"), True),
        (_("Share of planned income"), True), (_("Per m² and month"), True),
    )  # fmt: skip
    made = FigureTable(str(_("Sites")), [FigureHeading(str(label), desk) for label, desk in heads], [])
    top = min((one.depth for one in places), default=0)
    for one in places[:MOST]:
        name = x.snapshot.sites.node(one.site).name
        row = FigureRow(name, _href(x, one, year), _cells(one, done), min(one.depth - top, 3), one.several)
        made.rows.append(row)
    if len(places) > MOST:
        made.more = str(_("Only the first {n} sites are shown. Choose a region.").format(n=MOST))
    if not places[0].several:
        made.total = FigureRow(str(_("Together")), None, _cells(whole, done), strong=True)
    return made


def _cells(one: Place, done: int) -> list[FigureCell]:
    of, income = one.expense, one.income
    over = of.expected - of.plan
    per = cost_per_area(one.of_area, one.area, done)
    return [
        FigureCell(exact(of.plan)),
        FigureCell(exact(of.spent)),
        FigureCell(exact(of.committed)),
        FigureCell(exact(of.left), bad=of.left < 0),
        FigureCell(share(of.spent + of.committed, of.plan), soft=True),
        FigureCell(exact(of.expected)),
        FigureCell(("+" if over > 0 else "") + exact(over), bad=over > 0, soft=not over),
        FigureCell(exact(income.spent)),
        FigureCell(share(income.spent, income.plan), soft=True),
        FigureCell("–" if per is None else f"{per:.2f}"),
    ]


def told(places: list[Place]) -> list[dict[str, Any]]:
    """The sites and regions for programs."""
    return [
        {
            "site": str(one.site), "several": one.several, "area": one.area, "income": _sums(one.income),
            "expense": _sums(one.expense),
        }
        for one in places
    ]  # fmt: skip


def _sums(of: Sums) -> dict[str, int]:
    return {
        "approved": of.plan, "committed": of.committed, "spent": of.spent, "left": of.left, "expected": of.expected
    }  # fmt: skip


__all__ = ["drawn", "told"]
