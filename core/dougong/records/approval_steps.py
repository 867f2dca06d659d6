"""What approvals mean to whoever edits a record, takes a step, or reckons a clock: asked by the machinery of records.

Decides nothing that ``approvals`` and ``approvers`` do not.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from ..access.roles import matches
from ..words import Lazy
from .approval_tables import STOPPED, Approval, rounds, running
from .approval_words import AGREE, RETURN, RUNNING
from .approvals import Approving, end_round
from .clocks import Term
from .record import Record

if TYPE_CHECKING:
    from .context import Context
    from .resource import Resource
    from .workflow import Transition

R = TypeVar("R", bound=Record)


def approving_of(resource: Resource[Any], step: str) -> tuple[Approving[Any, Any, Any], str] | None:
    """The approval that a transition belongs to, and which of its four it is."""
    return resource.flow.approval_steps.get(step) if resource.flow is not None else None


def refusal(resource: Resource[Any], record: Record, step: Transition[Any, Any, Any], x: Context[Any]) -> Lazy | None:
    """Why a transition of an approval may not be taken now; None: it may, or is of none."""
    found = approving_of(resource, step.name)
    return found[0].refusal(found[1], record, x) if found is not None else None


def stands_in(resource: Resource[Any], record: Record, step: Transition[Any, Any, Any], x: Context[Any]) -> bool:
    """Whether this context's person may take it as the deputy of somebody whose turn it is: delegation lends the right to
    sign, for as long as it lasts, and no more than a token may."""
    found = approving_of(resource, step.name)
    if found is None or found[1] not in (AGREE, RETURN) or x.person is None:
        return False
    if x.gate.only is not None and not any(matches(one, step.permission) for one in x.gate.only):
        return False
    return any(signer.instead_of is not None for _seat, signer in found[0].turn(record, x))


def held(resource: Resource[Any], record: Record, x: Context[Any]) -> Lazy | None:
    """Why a record may not be edited now: it is being approved. None: it may."""
    for one in resource.flow.approvals.values() if resource.flow is not None else ():
        if not one.editable and one.current(record, x) is not None:
            return RUNNING.format(what=one.label)
    return None


def follow(resource: Resource[Any], record: Record, x: Context[Any]) -> None:
    """After a write: a round whose record went another way is stopped; one whose record moved, moves along."""
    if resource.flow is None or not resource.flow.approvals:
        return
    for one in list(running(x, record)):
        declared = resource.flow.approvals.get(one.row.name)
        if declared is None:
            continue
        if declared.astray(record, one, x):
            end_round(one, STOPPED, x, None)
        elif one.row.site_id != record.site_id:
            one.row.site_id = record.site_id


def turn_of(resource: Resource[Any], step: str, record: Record, x: Context[Any]) -> list[UUID] | None:
    """Whose turn it is, where a clock's step is an approval's; None: it is not."""
    found = approving_of(resource, step)
    return [one.person for one in found[0].waited_for(record, x)] if found is not None else None


def approval_of(x: Context[Any], record: Record, name: str | None = None) -> Approval | None:
    """The last round of a record's approval; None before the first submission.

    :param name: of the approval; None: of any.
    """
    return next((one for one in rounds(x, record) if name is None or one.row.name == name), None)


def term_of(approving: Approving[R, Any, Any], record: R, x: Context[Any]) -> Term | None:
    """How long the level that is waited for may take."""
    found = approving.current(record, x)
    if found is None:
        return None
    hours = found.row.levels[found.row.level]["hours"]
    if hours is None and approving.hours is not None:
        hours = approving.hours(x.settings)
    return Term(hours=hours) if hours else None


def since_of(approving: Approving[R, Any, Any], record: R, x: Context[Any]) -> dt.datetime | None:
    """Since when the level is waited for."""
    found = approving.current(record, x)
    return found.row.level_at if found is not None else None


__all__ = [
    "approval_of", "approving_of", "follow", "held", "refusal", "since_of", "stands_in", "term_of", "turn_of",
]  # fmt: skip
