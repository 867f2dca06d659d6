"""A report as a page: the sentence that says the finding, figures, charts and table, each number with its list.

Makes plain objects for the templates ``reports/index.html`` and ``reports/report.html``; asks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from dougong import Asked, FigureGroup, Lazy, Measure, translator
from dougong.views import (
    Action,
    Card,
    ColumnChart,
    Crumb,
    Figure,
    FigureCell,
    FigureHeading,
    FigureRow,
    FigureTable,
    Line,
    Option,
)

from . import charts, words
from .asking import Answered
from .periods import OWN, PERIODS

_ = translator("dougong_reports")

ROWS = 200  # of a table on the page; the export has all
TITLE = _("Reports")
_BEGIN, _NONE = _("{period}: "), _("{period}: nothing to count.")
_AND, _THEN, _END = _(", "), _("; "), _(".")
_MOST = _(" Most of all: ")
_MOST_ONE = _("{label} ({value})")


@dataclass(slots=True)
class Said:
    """A piece of the sentence. :ivar href: the list behind it. :ivar strong: a figure."""

    text: str
    href: str | None = None
    strong: bool = False
    bad: bool = False


@dataclass(slots=True)
class Choosing:
    """One box of the form above the report."""

    name: str
    label: str
    options: list[Option]


@dataclass(slots=True)
class ReportPage:
    title: str
    subtitle: str
    action: str
    crumbs: list[Crumb]
    actions: list[Action]
    choosing: list[Choosing]
    hidden: list[tuple[str, str]]
    own: tuple[str, str, bool]  # first and last day, and whether they were chosen by hand
    kept: list[tuple[str, str]]  # what the form of one's own days keeps
    finding: list[Said] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    charts: list[Any] = field(default_factory=list)
    table: FigureTable | None = None
    printed: str = ""


@dataclass(slots=True)
class IndexPage:
    title: str
    cards: list[Card]
    empty: str


def report_page(asked: Asked, answer: Answered) -> ReportPage:
    one = answer.wanted
    report = one.report
    site = asked.snapshot.sites.node(asked.site) if asked.site else None
    place = site.name if site else str(_("All my sites"))
    days = f"{one.period.start.isoformat()} – {one.period.last.isoformat()}"
    tail = [("site", site.slug)] if site else []
    query = urlencode([*one.pairs, *tail])
    made = ReportPage(
        title=str(report.label),
        subtitle=f"{place} · {one.period.label} · {days}" if one.period.name != OWN else f"{place} · {days}",
        action=one.path,
        crumbs=[Crumb(str(TITLE), "/reports" + (f"?site={site.slug}" if site else "")), Crumb(str(report.label))],
        actions=[
            Action(str(_("Export to Excel")), f"{one.path}/export?{query}&format=xlsx", "export"),
            Action(str(_("CSV")), f"{one.path}/export?{query}&format=csv", "export"),
        ],
        choosing=_choosing(asked, answer),
        hidden=tail,
        own=(one.period.start.isoformat(), one.period.last.isoformat(), one.period.name == OWN),
        kept=[(n, v) for n, v in one.pairs if n != "period"] + tail,
    )
    made.finding = finding(answer)
    made.figures = [_figure(answer, m) for m in report.measures if m.listed][:6]
    made.charts = _charts(answer)
    made.table = table(answer)
    return made


# ---- the sentence ----------------------------------------------------------------------------------


def finding(answer: Answered) -> list[Said]:
    """What there is to say in one sentence: how many, compared with before, what else stands out, what there is most of."""
    one, now = answer.wanted, answer.now
    lead = one.report.measures[0]
    value, earlier = now.value(lead) or 0, answer.before.value(lead) or 0
    if not value:
        return [Said(str(_NONE.format(period=one.period.label)))]
    said = [Said(str(_BEGIN.format(period=one.period.label))), _say(answer, lead), Said(str(_AND))]
    said.append(Said(str(words.compared(value, earlier, one.period.before_label))))
    for at, measure in enumerate(m for m in one.report.measures[1:] if m.says is not None):
        if now.value(measure) is not None:
            said += [Said(str(_THEN if at == 0 else _AND)), _say(answer, measure)]
    said.append(Said(str(_END)))
    groups = [g for g in now.groups if now.value(lead, g)]
    if one.grouping.kind != "time" and len(groups) > 1 and groups[0].key is not None:
        text = _MOST_ONE.format(label=groups[0].label, value=words.whole(lead, now.value(lead, groups[0])))
        said += [Said(str(_MOST)), Said(str(text), now.link(lead, groups[0])), Said(str(_END))]
    return said


def _say(answer: Answered, measure: Measure) -> Said:
    value = answer.now.value(measure)
    text = str((measure.says or Lazy("{value}")).format(value=words.whole(measure, value)))
    rows = answer.now.rows(measure)
    return Said(text, answer.now.link(measure) if rows else None, True, measure.alarm and bool(value))


def _figure(answer: Answered, measure: Measure) -> Figure:
    now = answer.now
    value, earlier = now.value(measure), answer.before.value(measure)
    part, notes = now.total.parts[measure.name], []
    if measure.kind == "percent" and part.among:
        notes.append(str(_("{rows} of {among}").format(rows=part.rows, among=part.among)))
    if earlier is not None:
        notes.append(str(_("before: {value}").format(value=words.whole(measure, earlier))))
    tone = "bad" if measure.alarm and value else ""
    return Figure(
        str(measure.label),
        *words.band(measure, value),
        " · ".join(notes),
        now.link(measure),
        tone,
    )


# ---- charts and table ----------------------------------------------------------------------------------


def _charts(answer: Answered) -> list[Any]:
    one = answer.wanted
    lead, label = one.report.measures[0], one.report.label_of(one.grouping)
    found: list[Any] = []
    if answer.trend is not None:
        found.append(charts.columns(str(_("The last 12 months")), answer.trend, lead, charts.trend_of(answer.trend)))
    title = str(_("{measure} by {grouping}").format(measure=lead.label, grouping=label))
    made = charts.chart(one.grouping, answer.now, title)
    if isinstance(made, ColumnChart) or made.bars:
        found.append(made)
    return found


def table(answer: Answered, *, rows: int | None = ROWS) -> FigureTable:
    """The groups with all measures; the first one with its share and its change. :param rows: None: all."""
    one, now = answer.wanted, answer.now
    measures = [m for m in one.report.measures if m.listed]
    lead, timed = measures[0], one.grouping.kind == "time"
    label = str(one.report.label_of(one.grouping))
    headings = [FigureHeading(label), FigureHeading(str(lead.label))]
    if _summed(lead):
        headings.append(FigureHeading(str(_("Share")), desk=True))
    if not timed:
        headings.append(FigureHeading(str(_("Change"))))
    headings += [FigureHeading(str(m.label), desk=at > 3) for at, m in enumerate(measures[1:])]
    groups = [g for g in now.groups if timed or any(p.rows for p in g.parts.values())]
    earlier = {g.key: g for g in answer.before.groups}
    shown = groups if rows is None else groups[:rows]
    made = FigureTable(label, headings, [_row(answer, measures, g, earlier.get(g.key), headings) for g in shown])
    if len(groups) > len(shown):
        made.more = str(_("{n} more lines are in the export.").format(n=len(groups) - len(shown)))
    if len(groups) > 1:
        made.total = _row(answer, measures, None, answer.before.total, headings)
    return made


def _summed(measure: Measure) -> bool:
    return measure.kind in ("count", "sum", "money")


def _row(
    answer: Answered,
    measures: list[Measure],
    group: FigureGroup | None,
    earlier: FigureGroup | None,
    headings: list[FigureHeading],
) -> FigureRow:
    now, lead = answer.now, measures[0]
    value, total = now.value(lead, group), now.value(lead)
    cells = [_cell(answer, lead, group)]
    if _summed(lead):
        cells.append(FigureCell(f"{(value or 0) * 100 / total:.1f}%" if total else words.NOTHING, soft=True))
    if answer.wanted.grouping.kind != "time":
        before = answer.before.value(lead, earlier) if earlier else 0
        cells.append(FigureCell(words.change(lead, value, before), soft=True))
    cells += [_cell(answer, m, group) for m in measures[1:]]
    for cell, heading in zip(cells, headings[1:], strict=True):
        cell.label = heading.label
    label = words.group(answer.wanted.grouping, group) if group else str(_("Total"))
    return FigureRow(label, now.link(lead, group) if group and now.rows(lead, group) else None, cells)


def _cell(answer: Answered, measure: Measure, group: FigureGroup | None) -> FigureCell:
    now = answer.now
    value, rows = now.value(measure, group), now.rows(measure, group)
    part = (group or now.total).parts[measure.name]
    note = (
        str(_("{rows} of {among}").format(rows=part.rows, among=part.among))
        if measure.kind == "percent" and rows
        else ""
    )
    href = now.link(measure, group) if rows and value is not None else None
    return FigureCell(words.whole(measure, value), href, measure.alarm and bool(value), note=note)


# ---- what is asked ----------------------------------------------------------------------------------------


def _choosing(asked: Asked, answer: Answered) -> list[Choosing]:
    one = answer.wanted
    periods = [Option(n, str(label), n == one.period.name) for n, label in PERIODS.items()]
    if one.period.name == OWN:
        periods.insert(0, Option(one.period.address, one.period.label, True))
    by = [Option(g.name, str(one.report.label_of(g)), g is one.grouping) for g in one.report.groupings]
    made = [Choosing("period", str(_("Period")), periods), Choosing("by", str(_("By")), by)]
    for name in one.report.filters:
        label, options = answer.now.choices(name)
        chosen = one.filters.get(name, ())
        made.append(
            Choosing(
                name,
                label,
                [Option("", str(_("All"))), *(Option(v, words_, v in chosen) for v, words_ in options)],
            )
        )
    return made


def index_page(asked: Asked, reports: list[tuple[str, Any]]) -> IndexPage:
    """The reports that this person may read, by module."""
    cards: dict[str, Card] = {}
    tail = f"?site={asked.snapshot.sites.node(asked.site).slug}" if asked.site else ""
    for module, report in reports:
        label = str(asked.app.registry.modules[module].manifest.label)
        card = cards.setdefault(module, Card(label))
        summary = str(report.summary) if report.summary else ""
        card.lines.append(Line(str(report.label), summary, f"/reports/{module}/{report.name}{tail}", "chart"))
    return IndexPage(str(TITLE), list(cards.values()), str(_("No module that you may read has a report.")))
