"""Approvals that ask a person by name: part of what they have on hand, and given to somebody else with it.

What asks a post is not theirs: it is signed by the next holder, or climbs. Who may sign is judged by ``approvers``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..errors import Conflict
from ..words import Lazy, translator
from . import actions, journal
from .approval_events import TURN
from .approval_tables import ASKED, ApprovalRow, ApprovalSeat, running

if TYPE_CHECKING:
    from .approval_tables import Approval
    from .approvals import Approving
    from .context import Context
    from .record import Record
    from .resource import Resource

_ = translator("dougong")

KIND = "core.approval"
LABEL: Lazy = _("Approvals asked by name")
MOST = 200  # looked at
CANNOT = _("{person} cannot sign it.")


def waiting(x: Context[Any], person: UUID) -> list[tuple[Resource[Any], Record]]:
    """Records of which an approval waits for this person by name, the longest waiting first, at most ``MOST``."""
    kinds = {
        r.kind: r
        for r in x.registry.resources.values()
        if r.module in x.snapshot.modules and r.flow and r.flow.approvals
    }
    joined = sa.and_(
        ApprovalSeat.tenant_id == ApprovalRow.tenant_id,
        ApprovalSeat.approval_id == ApprovalRow.id,
        ApprovalSeat.level == ApprovalRow.level,
    )
    query = (
        sa.select(ApprovalRow.record_kind, ApprovalRow.record_id)
        .join(ApprovalSeat, joined)
        .where(
            ApprovalRow.tenant_id == x.tenant,
            ApprovalRow.state == ASKED,
            ApprovalRow.record_kind.in_(kinds),
            ApprovalSeat.person_id == person,
            ApprovalSeat.signed_by.is_(None),
        )
        .order_by(ApprovalRow.level_at, ApprovalRow.id)
        .limit(MOST)
    )
    found = []
    for kind, id in dict.fromkeys((row[0], row[1]) for row in x.session.execute(query)):
        record = x.session.get(kinds[kind].record, (x.tenant, id))
        if record is not None and _seats(kinds[kind], record, x, person):
            found.append((kinds[kind], record))
    return found


def reseat(resource: Resource[Any], record: Record, x: Context[Any], person: UUID, to: UUID, reason: str) -> None:
    """Let somebody else be asked in a person's place, told of it and noted in the record's history.

    :raises Conflict: they may not sign it: its author, not there, or without the right.
    """
    inner = actions.inside(x, resource)
    with x.session.begin_nested():
        for approving, approval, seat in _seats(resource, record, x, person):
            seat.person_id = to
            if not approving.approvers(record, approval, inner).turn(approval, to):
                raise Conflict(CANNOT.format(person=x.snapshot.people[to].name))
        x.session.flush()
        journal.note(inner, record, "handed_over", inputs={"reason": reason})
    x.tell(f"{resource.kind}.{TURN}", record, [to])


def _seats(
    resource: Resource[Any], record: Record, x: Context[Any], person: UUID
) -> list[tuple[Approving[Any, Any, Any], Approval, ApprovalSeat]]:
    """What of its running approvals waits for the person now; an approval that the record left behind is none."""
    found = []
    for approval in running(x, record):
        approving = resource.flow.approvals.get(approval.row.name) if resource.flow else None
        if approving is None or approving.astray(record, approval, x):
            continue
        mine = [s for s in approval.at(approval.row.level) if s.person_id == person and s.signed_by is None]
        found += [(approving, approval, seat) for seat in mine]
    return found


__all__ = ["KIND", "LABEL", "reseat", "waiting"]
