"""The nonconformity report 不合格报告 on paper: fact, cause with its fishbone, measures, verification, effect, signatures.

One sheet as companies file it. Owns what stands on it; the setting is the printing module's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib import resources
from typing import Any

from dougong import Context, Paper, translator

from .choices import MeasureKind
from .fishbone import drawing
from .records import Analysis, Containment, Evaluation, Measure, Nonconformity, Verification
from .structure import in_words

_ = translator("dougong_quality")

LINES = 30  # of a table on the sheet
PIECE = 20  # characters that no printing module takes for one long word


def form() -> str:
    return resources.files(__package__).joinpath("report.typ").read_text("utf-8")


def gather(c: Nonconformity, x: Context[Any]) -> Mapping[str, Any]:
    """Words of the sheet, in the language of the moment; what this person may not see of measures is left out."""
    analyses, contained = x.children(c, Analysis), x.children(c, Containment)
    last = analyses[-1] if analyses else None
    return {
        "title": f"{_('Nonconformity report')} {c.number}",
        "heading": str(_("Nonconformity report")),
        "near": x.snapshot.sites.node(c.site_id).name,
        "far": str(_("No. {number}").format(number=c.number)),
        "facts": _facts(c, x),
        "statement": {"label": str(_("What does not conform")), "text": c.statement},
        "requirement": {"label": str(_("What is required")), "text": _required(c, x)},
        "contained": {"label": str(_("Containment")), "text": _said(contained, x)},
        "cause": {
            "label": str(_("Cause analysis")),
            "text": in_words(last.whys, last.bones) if last else "",  # type: ignore[arg-type]
            "root": f"{_('Root cause')}：{c.root}" if c.root else "",
        },
        "bone": _pieces(drawing(_short(c.statement), last.bones, paper=True)) if last and last.bones else [],  # type: ignore[arg-type]
        "measures": {
            "label": str(_("Measures")),
            "head": [
                str(_("Kind of measure")),
                str(_("What is to be done")),
                str(_("Responsible")),
                str(_("Until")),
                str(_("What was done")),
            ],
            "rows": _measures(c, x),
        },
        "verified": {"label": str(_("Verification")), "text": _said(x.children(c, Verification), x)},
        "effect": {"label": str(_("Effectiveness check")), "text": _said(x.children(c, Evaluation), x)},
        "signatures": [str(_("Found by")), str(_("Responsible")), str(_("Verified by")), str(_("Project manager"))],
        "date": str(_("Date:")),
    }


def _pieces(svg: str) -> list[str]:
    """A drawing in pieces: the printing module breaks long words of text, which a drawing must be spared."""
    return [svg[n : n + PIECE] for n in range(0, len(svg), PIECE)]


def _facts(c: Nonconformity, x: Context[Any]) -> list[list[str]]:
    """Pairs of label and value, in the order of the sheet."""
    settings: Any = x.snapshot.settings("quality")
    who = x.snapshot.people.get(c.responsible_id) if c.responsible_id else None
    by = x.snapshot.people.get(c.created_by) if c.created_by else None
    pairs = [
        (_("Found or potential"), c.nature.label),
        (_("Severity"), c.severity.label),
        (_("Source"), c.source.label),
        (_("Category"), settings.nc_categories.get(c.category, c.category)),
        (_("Found by"), c.found_by or (by.name if by else "")),
        (_("Opened on"), _day(c.created_at, c, x)),
        (_("Place"), c.location or ""),
        (_("Item"), c.item or ""),
        (_("Responsible"), who.name if who else ""),
        (_("To be corrected by"), str(c.due or "")),
        (_("Status"), c.status.label),
        (_("Closed at"), _day(c.closed_at, c, x)),
    ]
    return [[str(label), str(value)] for label, value in pairs]


def _required(c: Nonconformity, x: Context[Any]) -> str:
    settings: Any = x.snapshot.settings("quality")
    known = settings.nc_clauses
    parts = [known.get(c.clause, c.clause) if c.clause else "", c.document or "", c.requirement or ""]
    return "\n".join(part for part in parts if part)


def _measures(c: Nonconformity, x: Context[Any]) -> list[list[str]]:
    rows = x.session.scalars(
        x.readable(Measure).where(Measure.nc_id == c.id).order_by(Measure.round, Measure.created_at).limit(LINES)
    )
    out = []
    for m in rows:
        who = x.snapshot.people.get(m.responsible_id)
        done = f"{m.result}（{_day(m.done_at, c, x)}）" if m.result and m.done_at else m.result or ""
        out.append([_kind(m.type), m.text, who.name if who else "", str(m.due), done])
    return out


def _kind(kind: MeasureKind) -> str:
    return str(kind.label)


def _said(entries: Any, x: Context[Any]) -> str:
    """What people wrote into its timeline, each with the day and who."""
    out = []
    for one in entries:
        who = x.snapshot.people.get(one.created_by) if one.created_by else None
        verdict = getattr(one, "verdict", None) or getattr(one, "effect", None)
        head = f"{verdict.label}：" if verdict is not None else ""
        out.append(
            f"{head}{one.text}（{who.name if who else '–'} {one.at.astimezone(x.snapshot.sites.zone()):%Y-%m-%d}）"
        )
    return "\n".join(out)


def _day(at: dt.datetime | None, c: Nonconformity, x: Context[Any]) -> str:
    return f"{at.astimezone(x.snapshot.sites.zone(c.site_id)):%Y-%m-%d}" if at is not None else ""


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 48 else plain[:47] + "…"


paper = Paper("report", Nonconformity.kind, _("Nonconformity report (PDF)"), form, gather)
