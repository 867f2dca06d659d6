"""What it means for appraisals that an employee's account changes: it is theirs from then on, a secret rating stays secret."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Lazy, translator

from ..organisation.records import Employee
from .appraisals import follow_account
from .choices import OPEN_TO_SELF, UNDERWAY, AppraisalState
from .records import Appraisal, Rating

_ = translator("dougong_hr")
SECRET = tuple(one for one in UNDERWAY if one not in (AppraisalState.GOALS, AppraisalState.SELF, *OPEN_TO_SELF))


def rated_about(e: Employee, person: UUID | None, x: Context[Any]) -> Lazy | None:
    """Why an account is not taken off or put to an employee now: it would open a rating before the interview, or make one that
    somebody gave themselves.

    :param person: the account that is to be theirs; None: none any more.
    """
    mine = (Appraisal.tenant_id == x.tenant, Appraisal.employee_id == e.id)
    if e.person_id is not None and e.person_id != person:
        secret = sa.select(Appraisal.number).where(*mine, Appraisal.status.in_(SECRET)).limit(1)
        if (number := x.session.scalar(secret)) is not None:
            return _("{number} is being rated: the account is changed once the interview has been.").format(
                number=number
            )
    if person is None:
        return None
    by_them = sa.select(Appraisal.number).join(
        Rating, sa.and_(Rating.tenant_id == Appraisal.tenant_id, Rating.appraisal_id == Appraisal.id)
    ).where(
        *mine, Appraisal.status.in_(UNDERWAY), Rating.rated_at.is_not(None),
        sa.or_(Rating.rater_id == person, Rating.reviewed_by == person),
    ).limit(1)  # fmt: skip
    if (number := x.session.scalar(by_them)) is None:
        return None
    return _(
        "This account rated or reviewed {number}, the employee's own appraisal: have it rated by somebody else, or leave it out."
    ).format(number=number)


def follow(x: Context[Any], e: Employee) -> None:
    """Let the appraisals that are under way be those of whoever the employee's account is now."""
    query = sa.select(Appraisal).where(
        Appraisal.tenant_id == x.tenant, Appraisal.employee_id == e.id, Appraisal.status.in_(UNDERWAY)
    )
    for one in x.session.scalars(query).all():
        x.as_person(None).take(one, follow_account.name)


__all__ = ["follow", "rated_about"]
