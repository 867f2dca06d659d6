"""The account of somebody who has left, closed by a module on behalf of what it recorded. Owns the end
of roles, given by hand too, and of the sign-in; what the person did stays theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..access import manage
from ..access.desk import Desk
from ..access.tables import Grant
from . import history
from .giving import end_role

if TYPE_CHECKING:
    from .context import Context


def shut_account(x: Context[Any], person_id: UUID) -> None:
    """End every role of a person now, and their sign-in with all sessions. Nothing where it is closed already.

    :raises Forbidden: a role of theirs is an administrator's, which only an administrator takes.
    :raises Conflict: it would leave the company without an administrator.
    """
    if person_id not in x.snapshot.people:
        return
    mine = sa.select(Grant.id).where(
        Grant.tenant_id == x.tenant,
        Grant.person_id == person_id,
        sa.or_(Grant.ends_at.is_(None), Grant.ends_at > x.now),
    )
    for grant in x.session.scalars(mine).all():
        end_role(x, grant)
    desk = Desk(x.session, x.snapshot.gate(None, x.now), x.registry, history.write)
    manage.disable_person(desk, person_id)


__all__ = ["shut_account"]
