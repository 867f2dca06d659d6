"""What the flows of moves share: a reason, a post looked up and locked, days at a site."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Form, Prose, Record, asked, refuse, translator

from ..organisation.choices import PositionState
from ..organisation.records import Position
from .settings import MovesSettings

_ = translator("dougong_hr")
X = Context[MovesSettings]
R = TypeVar("R", bound=Record)


class Reason(Form):
    reason: Prose = asked(_("Reason"))


def locked(x: Context[Any], kind: type[R], id: UUID) -> R:
    """A record of this unit of work, so that two people who decide of it at once do so one after the other."""
    return x.session.scalars(sa.select(kind).where(kind.tenant_id == x.tenant, kind.id == id).with_for_update()).one()


def open_post(x: Context[Any], id: UUID, path: str) -> Position:
    """:raises Invalid: the post is abolished."""
    found = locked(x, Position, id)
    if found.status is not PositionState.OPEN:
        raise refuse(path, _("This post is abolished."))
    return found


def of(x: Context[Any], kind: type[R], id: UUID) -> R:
    """A record that another one names, whoever may see it."""
    return x.session.get_one(kind, (x.tenant, id))


__all__ = ["Reason", "X", "locked", "of", "open_post"]
