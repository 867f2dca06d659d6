"""What people are told of by clocks: an event each for due soon, overdue and escalated, for every resource that has clocks.

Owns their names and words. A module that declares an event of such a name itself says it in its own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..words import translator
from .events import EMAIL, INBOX, Event

if TYPE_CHECKING:
    from .resource import Resource

_ = translator("dougong")

SOON, OVERDUE, ESCALATED = "due_soon", "overdue", "escalated"

_LABELS = {
    SOON: _("{record}: due soon"),
    OVERDUE: _("{record}: overdue"),
    ESCALATED: _("{record}: an overdue one is escalated to me"),
}
_TITLES = {
    SOON: _("{number} · {clock}: {left}"),
    OVERDUE: _("{number} · {clock}: {left}, please see to it"),
    ESCALATED: _("Escalated to you: {number} · {clock}: {left}"),
}
_TEXT = _("{title}\n{site} · {status} · due {due}")


def name_of(kind: str, what: str) -> str:
    """``complaints.complaint.overdue``."""
    return f"{kind}.{what}"


def clock_events(resource: Resource[Any]) -> tuple[Event, ...]:
    """The events of a resource's clocks; none where it has no clock."""
    if resource.flow is None or not resource.flow.clocks:
        return ()
    return tuple(
        Event(
            name_of(resource.kind, what),
            label.format(record=resource.record.label),
            _TITLES[what],
            resource.kind,
            text=_TEXT,
            urgent=what == ESCALATED,
            channels=(INBOX,) if what == SOON else (INBOX, EMAIL),
        )
        for what, label in _LABELS.items()
    )


__all__ = ["ESCALATED", "OVERDUE", "SOON", "clock_events", "name_of"]
