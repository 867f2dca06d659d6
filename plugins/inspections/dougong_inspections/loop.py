"""The module's part of the loop: a finding may give rise to a record of another module, and be opened by one."""

from __future__ import annotations

from typing import Any

from dougong import FollowUp, Source, Telling, Trigger, translator

from .base import X
from .choices import Severity, Trade
from .records import Finding

_ = translator("dougong_inspections")


def tells(f: Finding, x: X) -> Telling:
    """What the readers of an opened record may know: what is wrong, where, how bad. A finding names no person."""
    return Telling(
        title=f.description.splitlines()[0][:200],
        text=f.description,
        location_id=f.location_id,
        location=f.location or "",
        severity=f.severity.value,
        urgent=f.severity is Severity.CRITICAL,
        responsible=f.responsible_id,
    )


def fill(telling: Telling, source: Source, x: X) -> dict[str, Any]:
    """The form of a finding that another record gives rise to."""
    text = telling.title if not telling.text or telling.text == telling.title else f"{telling.title}\n{telling.text}"
    return {
        "description": text,
        "severity": telling.severity,
        "trade": Trade.QUALITY.value,
        "location_id": str(telling.location_id) if telling.location_id else None,
        "location": telling.location or None,
    }


TRIGGER = Trigger(
    "inspections.finding", _("A finding"), kind=Finding.kind, actions=("create", "edit"), value="severity", tells=tells
)
FOLLOW_UP = FollowUp("inspections.finding", _("Finding"), kind=Finding.kind, fill=fill)
