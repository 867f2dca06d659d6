"""Charts as plain geometry: places in percent across and pixels down, so that words keep their size at any width.

Owns numbers and labels; the templates draw them as SVG without any script. Colours are the theme's.
"""

from __future__ import annotations

from collections.abc import Sequence

from dougong import FigureGroup, Figures, Grouping, Measure, translator
from dougong.views import BarChart, BarPiece, ChartBar, ChartColumn, ChartPoint, ColumnChart

from . import words

_ = translator("dougong_reports")

FLOOR, ROOM, LINE_TOP, LINE_ROOM = 190, 88, 22, 44  # pixels: the axis, the bars' height, where the line's room begins
TICKS, LABELLED = 8, 14  # days and weeks that are named below; columns that carry their number
BARS = 12
_OTHERS = _("{n} others")


def columns(title: str, found: Figures, measure: Measure, line: Measure | None) -> ColumnChart:
    """The groups of a time grouping."""
    grouping = found.question.grouping
    assert grouping is not None
    groups = found.groups
    top = max([found.value(measure, g) or 0 for g in groups] + [1])
    step, made = 100 / max(len(groups), 1), ColumnChart(words.titled(title, measure), "", [])
    every = 1 if grouping.name == "month" else -(-len(groups) // TICKS)
    for at, group in enumerate(groups):
        value = found.value(measure, group) or 0
        height = round(value / top * ROOM, 1)
        name, number = words.group(grouping, group), words.whole(measure, value)
        tick, year = words.tick(grouping, str(group.key), at == 0)
        shown = len(groups) <= LABELLED or value == top
        made.columns.append(
            ChartColumn(
                f"{(at + 0.19) * step:.2f}%", f"{(at + 0.5) * step:.2f}%", f"{0.62 * step:.2f}%",
                FLOOR - height, height, f"{name}: {number}", found.link(measure, group) if value else None,
                words.short(measure, value) if shown and value else "", tick if at % every == 0 else "", year,
                "on" if at == len(groups) - 1 else "",
            )
        )  # fmt: skip
    made.label = f"{title}: " + ", ".join(one.title for one in made.columns)
    made.key = [("bar", str(measure.label))]
    if line is not None:
        made.line = _line(found, line, step)
        made.key.append(("line", str(line.label)))
        made.label += ". " + ", ".join(p.title for stretch in made.line for p in stretch)
    return made


def _line(found: Figures, measure: Measure, step: float) -> list[list[ChartPoint]]:
    """A share over the times, in its own room above the columns; nothing is drawn where there was nothing to divide by."""
    values = [found.value(measure, group) for group in found.groups]
    known = [v for v in values if v is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    height = high - low
    stretches: list[list[ChartPoint]] = [[]]
    named = {values.index(low), len(values) - 1 - values[::-1].index(high)}
    grouping = found.question.grouping
    for at, value in enumerate(values):
        if value is None:
            stretches.append([])
            continue
        y = LINE_TOP + (LINE_ROOM * (high - value) / height if height else 0)
        text = words.whole(measure, value)
        name = words.group(grouping, found.groups[at]) if grouping else ""
        stretches[-1].append(
            ChartPoint(f"{(at + 0.5) * step:.2f}%", round(y, 1), text if at in named else "", f"{name}: {text}")
        )
    return [stretch for stretch in stretches if stretch]


def bars(title: str, found: Figures, measure: Measure, stack: Sequence[Measure]) -> BarChart:
    """The groups as bars that lie, the largest first; what is beyond the first dozen as one."""
    grouping = found.question.grouping
    assert grouping is not None
    groups, made = [g for g in found.groups if found.value(measure, g)], BarChart(words.titled(title, measure), [])
    first, rest = (groups, []) if len(groups) <= BARS else (groups[: BARS - 1], groups[BARS - 1 :])
    shown = [(words.group(grouping, g), [g], found.link(measure, g)) for g in first]
    if rest:
        shown.append((str(_OTHERS.format(n=len(rest))), rest, ""))
    total = sum(found.value(measure, g) or 0 for g in groups) or 1
    counted = measure.kind in ("count", "sum")
    top = max([_sum(found, measure, several) for _name, several, _href in shown] + [1])
    parts = [m for m in stack if grouping.chart == "stacked"]
    sofar = 0.0
    for name, several, href in shown:
        value = _sum(found, measure, several)
        before, sofar = sofar, sofar + value
        bar = ChartBar(name, words.short(measure, value), href or None, [])
        if parts:
            bar.pieces = _pieces(found, parts, several, top)
        else:
            on = grouping.chart == "pareto" and before < total * 0.8
            bar.pieces = [
                BarPiece("0", _percent(value / top), "on" if on else "soft", f"{name}: {words.whole(measure, value)}")
            ]
        if grouping.chart == "pareto" and counted:
            bar.share, bar.mark = f"{sofar * 100 / total:.0f}%", _percent(sofar / total)
        made.bars.append(bar)
    made.shares = grouping.chart == "pareto" and counted
    if parts:
        made.key = [(kind, str(one.label)) for kind, one in zip(_KINDS, parts, strict=False)]
    return made


_KINDS = ("soft", "over", "rest")


def _pieces(found: Figures, parts: Sequence[Measure], several: list[FigureGroup], top: float) -> list[BarPiece]:
    made, at = [], 0.0
    for kind, one in zip(_KINDS, parts, strict=False):
        value = _sum(found, one, several)
        if value:
            made.append(
                BarPiece(_percent(at / top), _percent(value / top), kind, f"{one.label}: {words.whole(one, value)}")
            )
        at += value
    return made


def _sum(found: Figures, measure: Measure, several: Sequence[FigureGroup]) -> float:
    """Of one group its figure; of several their sum, or of averages the largest."""
    values = [found.value(measure, g) or 0 for g in several]
    return sum(values) if measure.kind in ("count", "sum", "money") else max(values, default=0)


def _percent(share: float) -> str:
    return f"{max(share, 0) * 100:.2f}%"


def chart(grouping: Grouping, found: Figures, title: str) -> ColumnChart | BarChart:
    """The chart of a grouping, by the report's first measure."""
    report = found.question.report
    stack = [m for name in report.stack if (m := report.measure(name))]
    if grouping.kind == "time":
        return columns(title, found, report.measures[0], trend_of(found))
    return bars(title, found, report.measures[0], stack)


def trend_of(found: Figures) -> Measure | None:
    """The share that is drawn as a line."""
    report = found.question.report
    if report.trend:
        return report.measure(report.trend)
    return next((m for m in report.measures if m.kind == "percent"), None)
