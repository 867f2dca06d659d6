"""What people are told of by approvals: that it is their turn, that it was granted, that it was returned.

Owns the names and words; a module that declares an event of such a name itself says it in its own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..words import translator
from .approval_tables import GRANTED, RETURNED, Approval, rounds
from .approval_words import AGREE, RETURN, SUBMIT
from .events import EMAIL, INBOX, Event
from .record import Record

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource

_ = translator("dougong")

TURN, YES, NO = "approval_asked", "approval_granted", "approval_returned"
_LABELS = {
    TURN: _("{record}: waits for my approval"),
    YES: _("{record}: what I submitted is approved"),
    NO: _("{record}: what I submitted is returned"),
}
_TITLES = {
    TURN: _("For your approval: {number} {title}"),
    YES: _("Approved: {number} {title}"),
    NO: _("Returned: {number} {title}"),
}
_TEXT = _("{title}\n{site} · {status}")


def approval_events(resource: Resource[Any]) -> tuple[Event, ...]:
    """The events of a resource's approvals; none where it has none."""
    if resource.flow is None or not resource.flow.approvals:
        return ()
    names = list(resource.flow.approvals)
    said = (
        (TURN, _turn, (SUBMIT, AGREE)),
        (YES, _granted, (SUBMIT, AGREE)),
        (NO, _returned, (RETURN,)),
    )
    return tuple(
        Event(
            f"{resource.kind}.{what}",
            _LABELS[what].format(record=resource.record.label),
            _TITLES[what],
            resource.kind,
            actions=tuple(f"{name}_{step}" for name in names for step in steps),
            to=to,
            text=_TEXT,
            channels=(INBOX, EMAIL) if what == TURN else (INBOX,),
        )
        for what, to, steps in said
    )


def _latest(record: Record, x: Context[Any], state: str) -> list[Approval]:
    return [one for one in rounds(x, record, most=5) if one.state == state and one.row.ended_at == x.now]


def _turn(record: Record, x: Context[Any]) -> Iterable[UUID]:
    """Those whose turn has just come; of a level that waits for more signatures, they were told already."""
    flow = x.registry.resources[record.kind].flow
    inner = x.with_settings(x.snapshot.settings(record.kind.partition(".")[0])) if flow is not None else x
    found: list[UUID] = []
    for one in flow.approvals.values() if flow is not None else ():
        current = one.current(record, inner)
        if current is not None and current.row.level_at == x.now:
            found += [signer.person for signer in one.waited_for(record, inner)]
    return found


def _granted(record: Record, x: Context[Any]) -> Iterable[UUID | None]:
    return [p for one in _latest(record, x, GRANTED) for p in (one.asked_by, record.created_by)]


def _returned(record: Record, x: Context[Any]) -> Iterable[UUID | None]:
    return [p for one in _latest(record, x, RETURNED) for p in (one.asked_by, record.created_by)]


__all__ = ["NO", "TURN", "YES", "approval_events"]
