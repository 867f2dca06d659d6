"""The charts of budget figures: what is left month by month, how the forecast comes about, who has used most.

Geometry only (see ``dougong.views``); every place is worked out in whole fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dougong import translator
from dougong.views import BarChart, BarPiece, ChartBar, ChartColumn, ChartPoint, ColumnChart

from ..planning.reading import yuan
from .reckoning import Line, SiteYear, Twelve

_ = translator("dougong_budgeting")
FLOOR, ROOM = 190, 150  # pixels: the axis, and the height above it
WAN = 10_000_00  # fen in ten thousand yuan
STEPS = 8  # of a waterfall, beside both ends; smaller ones are told as one


def short(amount: int) -> str:
    """Fen in ten thousand yuan (万元), as charts say it."""
    return f"{amount / WAN:,.1f}"


def round_yuan(amount: int) -> str:
    """Fen in whole yuan, as the large figures say it."""
    return f"{(abs(amount) + 50) // 100 * (-1 if amount < 0 else 1):,}"


def burn_down(found: SiteYear, limit: int) -> ColumnChart:
    """What is left of the year's expense at the end of each month that is over, beside what the plan leaves.

    :param limit: per cent by which more may be gone than planned before it is shown as bad.
    """
    of = found.expense
    planned = _left(of.planned, of.plan)
    real = _left(of.planned, of.spent)[: found.passed]
    top = max([of.planned, *planned, *real, 1])
    made = ColumnChart(str(_("Left of the year's expense, in 10,000 yuan")), "", [])
    for month in range(12):
        name = str(_("Month {n}").format(n=month + 1))
        at = _at(month, 12)
        if month < len(real):
            height = round(max(real[month], 0) / top * ROOM, 1)
            ahead = (planned[month] - real[month]) * 100 > limit * (of.planned - planned[month])
            kind = "over" if ahead else "on" if month == len(real) - 1 else ""
            title = f"{name}: {yuan(real[month], '0')}"
            shown = short(real[month]) if month in (0, len(real) - 1) else ""
            made.columns.append(ChartColumn(*at, FLOOR - height, height, title, value=shown, tick=str(month + 1), kind=kind))
        else:
            made.columns.append(ChartColumn(*at, FLOOR, 0, name, tick=str(month + 1)))
    line = [
        ChartPoint(_at(n, 12)[1], round(FLOOR - max(value, 0) / top * ROOM, 1), "", f"{n + 1}: {yuan(value, '0')}")
        for n, value in enumerate(planned)
    ]
    made.line = [line]
    made.key = [
        ("bar", str(_("Left"))),
        ("over", str(_("Left, more than {limit} % too little").format(limit=limit))),
        ("line", str(_("Left by the plan"))),
    ]
    made.label = f"{made.title}: " + ", ".join(c.title for c in made.columns[: found.passed])
    return made


def _left(whole: int, gone: Sequence[int]) -> list[int]:
    out = []
    for amount in gone:
        whole -= amount
        out.append(whole)
    return out


def waterfall(found: SiteYear) -> ColumnChart:
    """From the plan to the forecast of the year's expense: how much each group of accounts adds or saves."""
    steps = _steps([one for one in found.lines if one.direction.value == "expense"])
    start, end = found.expense.planned, found.expense.expected
    levels = [start]
    for _name, change in steps:
        levels.append(levels[-1] + change)
    low, high = min([*levels, end]), max([*levels, end, 1])
    base = max(0, low - (high - low)) if high - low < high // 4 else 0  # small steps above a large sum stay visible
    scale = max(high - base, 1)
    title = str(_("From plan to forecast of expense, in 10,000 yuan"))
    made = ColumnChart(title, "", [])
    every = [(str(_("Plan")), base, start, "on"), *_floating(steps, start), (str(_("Forecast")), base, end, "on")]
    for n, (name, bottom, upper, kind) in enumerate(every):
        below, above = sorted((bottom, upper))
        y = FLOOR - (above - base) / scale * ROOM
        height = max((above - below) / scale * ROOM, 1)
        change = upper - bottom if kind != "on" else upper
        sign = "+" if kind != "on" and change > 0 else ""
        value = f"{sign}{short(change)}"
        at = _at(n, len(every))
        made.columns.append(
            ChartColumn(*at, round(y, 1), round(height, 1), f"{name}: {value}", value=value, tick=name, kind=kind)
        )
    made.key = [("over", str(_("More than planned"))), ("rest", str(_("Less than planned")))]
    if base:
        made.key.append(("on", str(_("Both ends are cut off at {amount}").format(amount=short(base)))))
    made.label = f"{title}: " + ", ".join(c.title for c in made.columns)
    return made


def _steps(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """The groups at the top of the tree that differ, largest first; the small ones as one."""
    changes = [
        (one.name, one.months.expected - one.months.planned)
        for one in lines
        if one.depth == 0 and abs(one.months.expected - one.months.planned) >= WAN // 20
    ]
    changes.sort(key=lambda pair: -abs(pair[1]))
    first = changes[:STEPS]
    every = sum(one.months.expected - one.months.planned for one in lines if one.depth == 0)
    rest = every - sum(change for _name, change in first)
    if abs(rest) >= WAN // 20:
        first.append((str(_("Others")), rest))
    return first


def _floating(steps: Sequence[tuple[str, int]], level: int) -> list[tuple[str, int, int, str]]:
    out = []
    for name, change in steps:
        out.append((name, level, level + change, "over" if change > 0 else "rest"))
        level += change
    return out


def _at(n: int, of: int) -> tuple[str, str, str]:
    step = 100 / of
    return f"{(n + 0.19) * step:.2f}%", f"{(n + 0.5) * step:.2f}%", f"{0.62 * step:.2f}%"


@dataclass(frozen=True)
class Ranked:
    """A site in a ranking. :ivar parts: of its bar, as (amount, kind, words). :ivar value: what stands behind it."""

    name: str
    href: str
    parts: Sequence[tuple[float, str, str]]
    value: str

    @property
    def whole(self) -> float:
        return sum(amount for amount, _kind, _words in self.parts)


def ranking(title: str, ranked: Sequence[Ranked], key: Sequence[tuple[str, str]] = (), most: int = 15) -> BarChart:
    """Sites by a figure, the largest first."""
    order = sorted(ranked, key=lambda one: -one.whole)[:most]
    top = max([one.whole for one in order], default=1) or 1
    bars = []
    for one in order:
        pieces, at = [], 0.0
        for amount, kind, words in one.parts:
            if amount > 0:
                pieces.append(
                    BarPiece(f"{at / top * 100:.2f}%", f"{amount / top * 100:.2f}%", kind, f"{one.name}: {words}")
                )
                at += amount
        bars.append(ChartBar(one.name, one.value, one.href, pieces))
    return BarChart(title, bars, list(key))


def cost_per_area(of: Twelve | int, area: int | None, months: int) -> float | None:
    """Yuan per m² and month. :param of: fen that were spent. None: no area or no month is over."""
    spent = of if isinstance(of, int) else sum(of.spent)
    return spent / 100 / area / months if area and months else None


__all__ = ["Ranked", "burn_down", "cost_per_area", "ranking", "round_yuan", "short", "waterfall"]
