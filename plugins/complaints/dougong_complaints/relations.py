"""Who stands how to a complaint: rules in SQL for the gate, and the same said of one person for handlers."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Me, Person

from .choices import State
from .records import Complaint
from .settings import Settings

X = Context[Settings]

ACKNOWLEDGE = f"{Complaint.kind}.acknowledge"
NOTIFY = f"{Complaint.kind}.notify"
READ = f"{Complaint.kind}.read"
MINE = "mine"


def not_accused(me: Me) -> sa.ColumnElement[bool]:
    """Hidden from the accused and from everybody below them: the accused stands in the chain above such a person."""
    return sa.or_(Complaint.against_id.is_(None), Complaint.against_id != sa.all_(me.chain))


def mine(me: Me) -> sa.ColumnElement[bool]:
    return Complaint.owner_id == me.id


def raised(me: Me) -> sa.ColumnElement[bool]:
    """Complaints that somebody registered themselves, as a client's representative does."""
    return Complaint.created_by == me.id


def tainted(person: UUID, c: Complaint, x: X) -> bool:
    """Whether a person is the accused or stands below them, so that the case must be kept from them."""
    return c.against_id is not None and c.against_id in x.snapshot.chain(person, x.now)


def above(person: UUID, c: Complaint, x: X) -> list[tuple[str, list[Person]]]:
    """The levels above a person at the complaint's site that may answer for it: those who may acknowledge a report."""
    levels = []
    for role, people in x.line(person, c.site_id):
        fit = [
            p for p in people if not tainted(p.id, c, x) and x.snapshot.gate(p.id, x.now).may(ACKNOWLEDGE, c.site_id)
        ]
        if fit:
            levels.append((role, fit))
    return levels


def above_owner(c: Complaint, x: X) -> list[tuple[str, list[Person]]]:
    """The levels to which a clock of the complaint escalates."""
    return above(c.owner_id, c, x) if c.owner_id else []


def can_own(person: UUID, c: Complaint, x: X) -> bool:
    """Whether the person could see the complaint at this site if it were theirs."""
    return x.snapshot.gate(person, x.now).may(READ, c.site_id, frozenset({MINE}))


def site_owner(c: Complaint, x: X) -> UUID | None:
    """Who takes a complaint of this site that nobody was named for."""
    for role in ("service_lead", "project_manager"):
        for person in x.who(role, c.site_id):
            if not tainted(person.id, c, x) and can_own(person.id, c, x):
                return person.id
    return None


def ended(c: Complaint) -> bool:
    return c.status in (State.CLOSED, State.MERGED, State.UNFOUNDED)
