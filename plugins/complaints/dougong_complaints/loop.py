"""What a complaint may give rise to in other modules: its cause is known, so something can be mended.

What is told is less than readers of complaints know: whoever works on what is opened may be the accused or stand below
them, and what people wrote may name residents and staff.
"""

from __future__ import annotations

from typing import Any, Literal

from dougong import Context, Telling, Trigger, translator

from .choices import Severity, Urgency
from .flow.handling import on_the_spot, resolve
from .records import Complaint

_ = translator("dougong_complaints")

_TITLE = _("{category} (complaint {number})")
_TEXT = _("A complaint of the category “{category}” gave rise to this. Cause: {cause}.")
_GRAVE: dict[Severity, Literal["minor", "major", "critical"]] = {
    Severity.MINOR: "minor",
    Severity.IMPORTANT: "major",
    Severity.MAJOR: "critical",
}


def tells(c: Complaint, x: Context[Any]) -> Telling:
    """Category, number, cause and the place in the register; of a complaint against somebody the first two only."""
    entry = x.settings.categories.get(c.category)
    category = entry.label if entry else c.category
    title = str(_TITLE.format(category=category, number=c.number))
    if c.against_id is not None or c.cause is None:
        return Telling(title)
    return Telling(
        title,
        text=str(_TEXT.format(category=category, cause=c.cause.label)),
        location_id=c.location_id,
        severity=_GRAVE[c.severity],
        urgent=c.urgency is Urgency.URGENT,
    )


trigger = Trigger(
    "complaints.cause",
    _("The cause of a complaint is known"),
    Complaint.kind,
    (resolve.name, on_the_spot.name),
    tells,
    Complaint.cause.key,
)
