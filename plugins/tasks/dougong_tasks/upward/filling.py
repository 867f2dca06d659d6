"""Sections as data: filled with the rights of one person, frozen, compared with the records of today, filtered for the client."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from dougong import Context, Section, SectionContent, speaking

from .choices import Period
from .records import SiteReport

Kept = dict[str, Any]
FIGURES, ROWS, COLUMNS, WORDS = 12, 30, 6, 2_000


def days(period: Period, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the week (from Monday) or month that a day lies in."""
    if period is Period.WEEK:
        first = day - dt.timedelta(days=day.weekday())
        return first, first + dt.timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def filled(r: SiteReport, x: Context[Any], by: UUID | None) -> list[Kept]:
    """The sections of the enabled modules, with the rights of ``by`` at the report's site and below; in the company's language
    whoever looks, for it is one document and its figures are compared by name."""
    zone, tree = x.snapshot.sites.zone(r.site_id), x.snapshot.sites
    last = r.ends or days(r.period, r.starts)[1]
    start = dt.datetime.combine(r.starts, dt.time(), zone)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    sites = [r.site_id, *sorted(tree.subtree(r.site_id) - {r.site_id})]
    found = [(s.order, module, s) for module, s in x.contributed(Section) if x.snapshot.module_on(module, r.site_id)]
    kept = []
    for _order, module, section in sorted(found, key=lambda one: (one[0], one[1], one[2].name)):
        inner = x.as_person(by).with_settings(x.snapshot.settings(module))
        with speaking(x.settings_of("core").locale):
            content = section.fill(inner, sites, start, end)
            if content is not None:
                kept.append(_keep(f"{module}.{section.name}", str(section.label), content))
    return kept


def _keep(key: str, label: str, content: SectionContent) -> Kept:
    figures = [
        {
            "label": one.label,
            "value": one.value if isinstance(one.value, int) else str(one.value),
            "unit": one.unit,
            "href": one.href if one.href.startswith("/") and not one.href.startswith("//") else "",
            "client": one.client,
            "alarm": one.alarm,
        }
        for one in content.figures[:FIGURES]
    ]
    rows = [[str(cell)[:WORDS] for cell in row[:COLUMNS]] for row in content.rows[:ROWS]]
    return {
        "key": key, "label": label, "sentence": content.sentence[:WORDS], "client": content.client, "figures": figures,
        "headings": [str(one) for one in content.headings[:COLUMNS]], "rows": rows,
    }  # fmt: skip


def for_client(sections: list[Kept]) -> list[Kept]:
    """What is marked for the client: no table, no other figure, and no address of a list."""
    made = []
    for one in sections:
        if one["client"]:
            figures = [{**f, "href": ""} for f in one["figures"] if f["client"]]
            made.append({**one, "figures": figures, "headings": [], "rows": []})
    return made


def valued(sections: list[Kept]) -> dict[tuple[str, str], Any]:
    """Figures by section and label."""
    return {(one["key"], f["label"]): f["value"] for one in sections for f in one["figures"]}


def changed(frozen: list[Kept], today: list[Kept]) -> set[tuple[str, str]]:
    """Figures (section, label) whose records have changed since they were frozen; of a section that is gone nothing is said."""
    now = valued(today)
    return {at for at, value in valued(frozen).items() if now.get(at, value) != value}
