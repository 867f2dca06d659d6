"""Who stands how to a task: those who answer for it, assigned it or help; who may sign in the assigner's place."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Me

from .records import ACCEPT, Assistant, Task
from .settings import AssignedSettings

X = Context[AssignedSettings]
MINE = "mine"
ALL = "tasks.all"  # the permission to see what others have between them


def mine(me: Me) -> sa.ColumnElement[bool]:
    """What somebody, or whom they stand in for, is responsible for, assigned, or helps with. Never NULL."""
    helps = sa.exists().where(
        Assistant.tenant_id == Task.tenant_id, Assistant.parent_id == Task.id, Assistant.person_id == sa.any_(me.people)
    )
    answers, assigned = (one == sa.any_(me.people) for one in (Task.owner_id, Task.assigner_id))
    return sa.or_(sa.func.coalesce(answers, False), sa.func.coalesce(assigned, False), helps)


def can_do(person: UUID, site: UUID, x: X) -> bool:
    """Whether the person could be responsible for a task at this site."""
    known = x.snapshot.people.get(person)
    return bool(known and known.active) and x.snapshot.gate(person, x.now).may(ACCEPT, site, frozenset({MINE}))


def signers(t: Task, x: X) -> set[UUID]:
    """The assigner and, while they are absent, their deputy; once they have left, the first level above them. Never the one
    who is responsible."""
    if t.assigner_id is None:
        return set()
    found = {one.id for one in x.snapshot.standing(t.assigner_id, x.now)}
    if not found:
        found = {p.id for _role, people in x.line(t.assigner_id, t.site_id)[:1] for p in people}
    return (found | {t.assigner_id}) - {t.owner_id}


def above(person: UUID | None, site: UUID, x: X) -> UUID | None:
    """Who assigns where nobody did: the first above somebody who may see all tasks there."""
    if person is None:
        return None
    for _role, people in x.line(person, site):
        for one in people:
            if x.snapshot.gate(one.id, x.now).may(ALL, site):
                return one.id
    return None
