"""What a change of personnel does on its day: posts taken up and left with their roles, probation confirmed, a leaver let go.

Nothing reaches back: a day that has passed is written down as it was, rights begin and end now. Decides nothing about who may.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, FieldError, Invalid, refuse, shut_account, translator

from ..organisation import holdings, people
from ..organisation.choices import EmployeeState, HoldingKind, HoldingState
from ..organisation.records import Employee, Holding
from .base import X, of
from .choices import APPOINTING, UNDERWAY, WAITING, ChangeState, ChangeType
from .records import Candidate, Change

_ = translator("dougong_hr")


# A form's own names of what holdings refuse.
_FIELDS = {"employee": "employee_id", "position": "to_id", "until": "until_on", "kind": "nature"}
DECIDED = tuple(state for state in UNDERWAY if state not in (ChangeState.DRAFT, ChangeState.APPROVAL))


def promised(x: Context[Any], position: UUID, without: UUID | None = None) -> int:
    """Heads of a post that somebody is to take up: whoever reported for work, and whose appointment was submitted."""
    reported = sa.select(Candidate.id).where(
        Candidate.tenant_id == Change.tenant_id,
        Candidate.employee_id == Change.employee_id,
        Candidate.position_id == position,
    )
    query = sa.select(sa.func.count()).where(
        Change.tenant_id == x.tenant,
        Change.to_id == position,
        Change.nature != HoldingKind.ACTING,
        Change.status.in_(UNDERWAY),
        sa.or_(Change.status != ChangeState.DRAFT, reported.exists()),
        Change.id != without,
    )
    return int(x.session.scalar(query) or 0)


def going(x: Context[Any], position: UUID, until: dt.date, states: Sequence[ChangeState]) -> dict[UUID, dt.date]:
    """Holdings of a post that other changes end by a day, and from when on."""
    query = (
        sa.select(Change.holding_id, sa.func.min(Change.effective_on))
        .join(Holding, sa.and_(Holding.tenant_id == Change.tenant_id, Holding.id == Change.holding_id))
        .where(
            Change.tenant_id == x.tenant,
            Holding.position_id == position,
            Change.status.in_(states),
            Change.effective_on <= until,
            sa.or_(
                Change.type == ChangeType.LEAVE,
                sa.and_(Change.type.in_(APPOINTING), Change.nature == HoldingKind.MAIN),
            ),
        )
        .group_by(Change.holding_id)
    )
    return {id: day for id, day in x.session.execute(query) if id is not None}


def check(c: Change, x: Context[Any], *, ahead: bool = False) -> None:
    """Whether an appointment can take effect as things stand. Reads, and writes nothing.

    :param ahead: at submitting: what others have under way is counted as done, and what they were promised as held.
    :raises Invalid: by the field of the change: the post is abolished or full, the employee has left or has another main post.
    """
    if c.type not in APPOINTING:
        return
    if c.to_id is None:
        raise refuse("to_id", _("Which post?"))
    ends = going(x, c.to_id, max(c.effective_on, x.today(c.site_id)), DECIDED if ahead else WAITING)
    held = of(x, Holding, c.holding_id) if c.holding_id else None
    if c.nature is HoldingKind.MAIN and held is not None:
        ends[held.id] = max(c.effective_on, held.starts_on)
    more = promised(x, c.to_id, c.id) if ahead else 0
    try:
        holdings.check(
            x, c.employee_id, c.to_id, c.effective_on, c.nature, c.until_on,
            over=c.over_why is not None, going=ends, promised=more,
        )  # fmt: skip
    except Invalid as wrong:
        told = [FieldError(_FIELDS.get(one.path, one.path), one.message) for one in wrong.errors]
        raise Invalid(errors=tuple(told)) from None


def hindrance(c: Change, x: Context[Any]) -> str | None:
    """Why it cannot take effect now, in words; None: it can."""
    try:
        check(c, x)
    except Invalid as wrong:
        return " ".join(str(one.message) for one in wrong.errors)
    return None


def carry_out(c: Change, x: X) -> None:
    """Let the change take effect.

    :raises Invalid: what it stands on is not so any more: the post is abolished or full, the employee has left, another main
        post.
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
            check(c, system)
            _move(c, system)
    c.effective_at, c.blocked_why = x.now, None


def _move(c: Change, x: X) -> None:
    if c.to_id is None:
        raise refuse("to_id", _("Which post?"))
    held = of(x, Holding, c.holding_id) if c.holding_id else None
    if c.nature is HoldingKind.MAIN and held is not None and held.status is HoldingState.HELD:
        until = max(c.effective_on, held.starts_on)
        if held.ends_on is None or held.ends_on > until:
            holdings.leave_post(x, held.id, until, why=c.number)
    # ``check`` has counted the heads, and with them whoever goes on the same day.
    holdings.take_up(x, c.employee_id, c.to_id, c.effective_on, kind=c.nature.value, until=c.until_on, over=True)


def day_of(c: Change, x: X) -> dt.datetime | None:
    """The beginning of its day at the site."""
    return holdings.midnight(x, c.site_id, c.effective_on)


__all__ = ["carry_out", "check", "day_of", "going", "hindrance", "promised"]
