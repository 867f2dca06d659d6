"""A section of reports upwards made of a module's own ``Report``: chosen measures, each with the list behind it.

Owns how a measure becomes a frozen figure. What is counted, and that it is only what the author may see, is ``reporting``'s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from ..records.context import Context
from ..records.figures import Question
from ..records.reporting import Measure, Report
from ..records.sections import Section, SectionContent, SectionFigure
from ..words import Lazy, translator
from .reporting import Figures, figures_within

_ = translator("dougong")

_JOIN, _END = _(", "), _("{sentence}.")


def report_section(
    name: str,
    label: Lazy,
    report: Report,
    measures: Sequence[str],
    *,
    client: Collection[str] = (),
    order: int = 50,
) -> Section:
    """A ``Section`` whose figures are measures of a report over the period.

    :param measures: names, in order. Those with ``says`` make the section's sentence.
    :param client: which of them may go to the client; none: the section never does. Its sentence is made of these alone, so
        that it says nothing which the client may not know.
    :raises ValueError: the report has no such measure.
    """
    chosen = [report.measure(one) for one in measures]
    if None in chosen or set(client) - set(measures):
        raise ValueError(f"section {name}: not all of {', '.join((*measures, *client))} are measures of {report.name}")

    def fill(x: Context[Any], sites: Sequence[UUID], start: dt.datetime, end: dt.datetime) -> SectionContent | None:
        if not x.gate.scope(f"{report.record.kind}.read"):
            return None
        zone = str(x.snapshot.sites.zone(sites[0]))
        found = figures_within(x, [Question(report, start, end, site=sites[0], zone=zone)])[0]
        kept = [one for one in chosen if one is not None]
        said = [one for one in kept if not client or one.name in client]
        return SectionContent(
            _sentence(found, said), [_figure(found, one, one.name in client) for one in kept], client=bool(client)
        )

    return Section(name, label, fill, order)


def _figure(found: Figures, measure: Measure, client: bool) -> SectionFigure:
    value, unit = _number(measure, found.value(measure))
    return SectionFigure(str(measure.label), value, unit, found.link(measure), client, measure.alarm)


def _number(measure: Measure, value: float | None) -> tuple[int | Decimal | str, str]:
    """A figure with its unit: money in yuan, spans of time in hours; a dash where there is nothing to divide by."""
    if value is None:
        return "–", ""
    match measure.kind:
        case "money":
            return Decimal(round(value)) / 100, str(_("yuan"))
        case "duration":
            return _short(value / 3600), str(_("hours"))
        case "percent":
            return _short(value), "%"
        case "count":
            return int(value), str(measure.unit or "")
    return _short(value), str(measure.unit or "")


def _short(value: float) -> Decimal:
    return Decimal(str(round(value, 1)))


def _sentence(found: Figures, measures: Sequence[Measure]) -> str:
    parts = []
    for one in measures:
        value = found.value(one)
        if one.says is not None and value is not None:
            number, unit = _number(one, value)
            parts.append(str(one.says.format(value=f"{number}{unit}" if one.kind in ("percent", "money") else number)))
    return str(_END.format(sentence=str(_JOIN).join(parts))) if parts else ""


__all__ = ["report_section"]
