"""What opens a nonconformity, and what a measure or a nonconformity may open: declared for the company's rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import Context, FollowUp, Telling, Trigger, translator

from .choices import Kind, Severity, Source
from .records import Measure, Nonconformity
from .relations import ANALYSE, may

_ = translator("dougong_quality")

SOURCES = {"inspections": Source.PATROL, "complaints": Source.COMPLAINT, "workorders": Source.ORDER}
OF_QUALITY = {
    "quality.audit_finding": Source.AUDIT,
    "quality.objective": Source.OBJECTIVE,
    "quality.management_review": Source.REVIEW,
}
GRAVE = {"minor": Severity.MINOR, "major": Severity.MAJOR, "critical": Severity.MAJOR}
TOLD = {Severity.OBSERVATION: "minor", Severity.MINOR: "minor", Severity.MAJOR: "major"}


def fill(telling: Telling, source: Any, x: Context[Any]) -> Mapping[str, Any]:
    """Values of the form: what it comes from, how grave it is, the words. Whoever answers already stays, where they may."""
    module = source.kind.partition(".")[0]
    values: dict[str, Any] = {
        "nature": Kind.FOUND.value,
        "source": (OF_QUALITY.get(source.kind) or SOURCES.get(module, Source.OTHER)).value,
        "severity": GRAVE[telling.severity].value,
        "category": "other",
        "statement": "\n".join(part for part in (telling.title, telling.text) if part)[:20_000],
        "item": " ".join(telling.title.split())[:200] or None,
        "found_by": f"{source.label} {source.number}"[:200],
    }
    if telling.location_id is not None:
        values["location_id"] = str(telling.location_id)
    if telling.location:
        values["location"] = " ".join(telling.location.split())[:200]
    if telling.responsible is not None and may(telling.responsible, ANALYSE, source.site_id, x):
        values["responsible_id"] = str(telling.responsible)
    return values


def _title(text: str) -> str:
    return " ".join(text.split())[:200]


def of_nc(c: Nonconformity, x: Context[Any]) -> Telling:
    return Telling(
        title=_title(c.statement),
        text=c.statement,
        location_id=c.location_id,
        location=c.location or "",
        severity=TOLD.get(c.severity, "minor"),  # type: ignore[arg-type]
        urgent=c.severity is Severity.MAJOR,
        responsible=c.responsible_id,
    )


def of_measure(m: Measure, x: Context[Any]) -> Telling:
    return Telling(title=_title(m.text), text=m.text, responsible=m.responsible_id)


follow_up = FollowUp(Nonconformity.kind, Nonconformity.label, Nonconformity.kind, fill)
triggers = (
    Trigger(Nonconformity.kind, Nonconformity.label, Nonconformity.kind, ("issue",), of_nc, Nonconformity.severity.key),
    Trigger(Measure.kind, Measure.label, Measure.kind, ("create",), of_measure, Measure.type.key),
)
