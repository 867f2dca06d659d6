"""Who stands how to a work order: rules in SQL for the gate, and the same said of one person for handlers."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Me

from .records import Order
from .settings import Settings

X = Context[Settings]

ARRIVE, DISPATCH = f"{Order.kind}.arrive", f"{Order.kind}.dispatch"
MINE, RAISED = "mine", "raised"


def leads(me: Me) -> sa.ColumnElement[bool]:
    """Orders of the trade that somebody leads at this site, whoever leads it now: by post, not by name."""
    post = sa.func.concat(Order.desk, "@", sa.cast(Order.site_id, sa.Text))
    return sa.and_(Order.desk.is_not(None), post == sa.any_(me.posts))


def doing(me: Me) -> sa.ColumnElement[bool]:
    return Order.owner_id == me.id


def mine(me: Me) -> sa.ColumnElement[bool]:
    """What somebody does themselves or leads the trade of. Never NULL."""
    return sa.or_(sa.func.coalesce(doing(me), False), leads(me))


def raised(me: Me) -> sa.ColumnElement[bool]:
    """Orders that somebody raised themselves, as a client's representative does."""
    return Order.created_by == me.id


def can_do(person: UUID, o: Order, x: X) -> bool:
    """Whether the person could do the order at this site if it were theirs."""
    return x.snapshot.gate(person, x.now).may(ARRIVE, o.site_id, frozenset({MINE}))


def dispatcher(o: Order, x: X) -> UUID | None:
    """Who answers for an order that nobody does: the trade's lead at the site, else the lead of customer service."""
    for post in (o.desk, "service_lead", "project_manager"):
        for person in x.who(post, o.site_id) if post else ():
            return person.id
    return None


def answers(o: Order, x: X) -> UUID | None:
    """Who answers for an order now."""
    return o.owner_id or dispatcher(o, x)
