"""Reports upward on paper: the sheet of a site's report, and the client's copy of it. Owns what stands on it; the setting is
the printing module's."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from dougong import Context, Paper, translator

from .choices import WRITING
from .records import ClientReport, SiteReport
from .sheet import Sheet, of_client, of_site

_ = translator("dougong_tasks")


def form() -> str:
    return resources.files(__package__).joinpath("report.typ").read_text("utf-8")


def gather(r: SiteReport, x: Context[Any]) -> Mapping[str, Any]:
    """A report as it stands; before it is submitted with "draft" across the sheet."""
    found = _words(of_site(x, r, compare=False))
    found["receipts"] = {
        "label": found["receipts_words"],
        "head": ["", str(_("Post")), str(_("Name")), str(_("At"))],
        "rows": found["receipts"],
    }
    return {**found, "watermark": str(r.status.label)} if r.status in WRITING else found


def gather_copy(c: ClientReport, x: Context[Any]) -> Mapping[str, Any]:
    """The client's copy: nothing but what it holds."""
    return {**_words(of_client(x, c)), "receipts": {"label": "", "head": [], "rows": []}}


def _words(found: Sheet) -> dict[str, Any]:
    return {
        "title": f"{found.title} {found.far}",  # the file's name, too: a year has twelve
        "heading": found.heading,
        "site": found.site,
        "days": found.far,
        "facts": [list(one) for one in found.facts],
        "texts": [[label, text.split("\n")] for label, text in found.words],
        "sections": [_section(one, found) for one in found.sections],
        "receipts": [list(one) for one in found.receipts],
        "receipts_words": found.receipts_words,
        "empty": found.empty,
    }


def _section(one: Mapping[str, Any], found: Sheet) -> dict[str, Any]:
    figures = [
        {"label": f["label"], "value": f["text"], "unit": f["unit"], "bad": f["bad"], "before": f["before_text"]}
        for f in one["figures"]
    ]
    return {
        "label": one["label"],
        "sentence": one["sentence"],
        "figures": figures,
        "head": one["headings"],
        "rows": one["rows"],
        "remark": found.remarks.get(one["key"], "").split("\n") if one["key"] in found.remarks else [],
    }


PAPERS = (
    Paper("sheet", SiteReport.kind, _("Report (PDF)"), form, gather),
    Paper("copy", ClientReport.kind, _("Report (PDF)"), form, gather_copy),
)
