"""What a change of personnel does on its day: posts taken up and left with their roles, probation confirmed, a leaver let go.

Nothing reaches back: a day that has passed is written down as it was, rights begin and end now. Decides nothing about who may.
"""

from __future__ import annotations

import datetime as dt

from dougong import refuse, shut_account, translator

from ..organisation import holdings, people
from ..organisation.choices import EmployeeState, HoldingKind, HoldingState
from ..organisation.records import Employee, Holding
from .base import X, of
from .choices import ChangeType
from .records import Change

_ = translator("dougong_hr")


def carry_out(c: Change, x: X) -> None:
    """Let the change take effect.

    :raises Invalid: what it stands on is not so any more: the post is abolished, the employee has left, another main post.
    """
    system = x.as_person(None)
    employee = of(x, Employee, c.employee_id)
    match c.type:
        case ChangeType.CONFIRM:
            if employee.status is EmployeeState.PROBATION:
                system.take(employee, "confirm", remark=c.number)
        case ChangeType.LEAVE:
            people.leave(system, employee.id, c.effective_on, c.why)
            if employee.person_id is not None:
                shut_account(system, employee.person_id)
        case _:
            _move(c, system)
    c.effective_at = x.now


def _move(c: Change, x: X) -> None:
    if c.to_id is None:
        raise refuse("to_id", _("Which post?"))
    held = of(x, Holding, c.holding_id) if c.holding_id else None
    if c.nature is HoldingKind.MAIN and held is not None and held.status is HoldingState.HELD:
        until = max(c.effective_on, held.starts_on)
        if held.ends_on is None or held.ends_on > until:
            holdings.leave_post(x, held.id, until, why=c.number)
    holdings.take_up(x, c.employee_id, c.to_id, c.effective_on, kind=c.nature.value, until=c.until_on)


def day_of(c: Change, x: X) -> dt.datetime | None:
    """The beginning of its day at the site."""
    return holdings.midnight(x, c.site_id, c.effective_on)


__all__ = ["carry_out", "day_of"]
