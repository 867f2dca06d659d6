"""Who stands how to a nonconformity: rules in SQL for the gate, and the same said of one person for handlers."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Me, translator

from .choices import MeasureState
from .records import Analysis, Measure, Nonconformity, Rollout
from .settings import CorrectiveSettings

_ = translator("dougong_quality")

X = Context[CorrectiveSettings]
MINE = "mine"
ANALYSE, FINISH, ANSWER = f"{Nonconformity.kind}.analyse", f"{Measure.kind}.finish", f"{Rollout.kind}.done"


def mine(me: Me) -> sa.ColumnElement[bool]:
    """Those that one answers for, or has a measure in."""
    has = sa.exists().where(
        Measure.tenant_id == Nonconformity.tenant_id,
        Measure.nc_id == Nonconformity.id,
        Measure.responsible_id == me.id,
    )
    return sa.or_(Nonconformity.responsible_id == me.id, has.correlate(Nonconformity))


def my_measures(me: Me) -> sa.ColumnElement[bool]:
    return Measure.responsible_id == me.id


def my_checks(me: Me) -> sa.ColumnElement[bool]:
    return Rollout.responsible_id == me.id


def may(person: UUID, permission: str, site: UUID, x: X) -> bool:
    """Whether somebody could do this at a site with what is theirs."""
    return x.snapshot.gate(person, x.now).may(permission, site, frozenset({MINE}))


def manager(site: UUID, permission: str, x: X) -> UUID | None:
    """Who takes what nobody was named for: the site's manager, where there is one who may."""
    return next((one.id for one in x.who("project_manager", site) if may(one.id, permission, site, x)), None)


def measures(c: Nonconformity, x: X, *, this_round: bool = True) -> list[Measure]:
    """The measures of a nonconformity: rules look at all of them, whoever asks."""
    found = sa.select(Measure).where(Measure.tenant_id == x.tenant, Measure.nc_id == c.id)
    if this_round:
        found = found.where(Measure.round == c.round)
    x.session.flush()
    return list(x.session.scalars(found.order_by(Measure.created_at, Measure.id)))


def doers(c: Nonconformity, x: X) -> set[UUID]:
    """Whoever answered for it or did something about it in this round: none of them verifies it."""
    found = {c.responsible_id, *(one.created_by for one in x.children(c, Analysis) if one.round == c.round)}
    for one in measures(c, x):
        if one.status is not MeasureState.DROPPED:
            found |= {one.responsible_id, one.done_by}
    return {one for one in found if one is not None}
