"""What reports say on the start page and in the menu: figures of the running month, an entry for all reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context, Question, figures_within, reports_of, translator
from dougong.views import Figure, MenuItem

from . import words
from .periods import DEFAULT, named

_ = translator("dougong_reports")

MOST = 2  # the start page has four figures, and two of them are the lists'


def parts(page: str, x: Context[Any]) -> Iterable[Any]:
    """The slots of the pages that reports add to."""
    if page == "shell":
        return [MenuItem(str(_("Reports")), "/reports", "chart")] if reports_of(x.gate, x.registry) else []
    return figures(x) if page == "home" else []


def figures(x: Context[Any]) -> list[Figure]:
    """The measures that reports name for the start page, each with the same stretch of last month beside it."""
    chosen = [(module, r.at_home) for module, r in reports_of(x.gate, x.registry) if r.home][:MOST]
    if not chosen:
        return []
    tree = x.snapshot.sites
    zone = tree.zone()
    period = named(DEFAULT, x.now.astimezone(zone).date())
    assert period.before is not None
    asked = [
        Question(report, *one.moments(zone), site=x.site, zone=zone.key)
        for _m, report in chosen
        for one in (period, period.before)
    ]
    found = figures_within(x, asked)
    tail = f"?site={tree.node(x.site).slug}" if x.site else ""
    made = []
    for (module, report), now, before in zip(chosen, found[::2], found[1::2], strict=True):
        for name in report.home:
            measure = report.measure(name)
            value = now.value(measure) if measure else None
            if measure is None or value is None:
                continue
            earlier = before.value(measure)
            note = (
                _("{period}, {before} before").format(period=period.label, before=words.whole(measure, earlier))
                if earlier is not None
                else period.label
            )
            address = f"/reports/{module}/{report.name}{tail}"
            made.append(Figure(str(measure.label), *words.band(measure, value), str(note), address))
    return made[:MOST]
