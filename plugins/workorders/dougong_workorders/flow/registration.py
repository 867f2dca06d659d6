"""Raising an order, and what has to be true of it whenever it changes."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Conflict, translator

from ..choices import ENDED, Kind
from ..records import Order
from .base import X, category, flow, refuse

_ = translator("dougong_workorders")


@flow.creating
def raised(o: Order, x: X) -> None:
    if x.imported:  # it has the times that it came with, and no clock runs
        o.imported, o.reported_at = True, o.reported_at or o.created_at
        return
    o.reported_at = x.now
    if o.appointed_at is not None and o.appointed_at < x.now:
        raise refuse("appointed_at", _("must lie in the future"))


@flow.changing
def settled(o: Order, x: X) -> None:
    """What follows from other fields: the trade and its post, the permit that the category demands."""
    found = category(o, x)
    o.trade = o.trade or found.trade
    trade = x.settings.trades.get(o.trade)
    o.desk = (trade.lead or None) if trade else None
    if x.imported:
        return
    if o.status in ENDED and not sa.inspect(o).attrs.status.history.has_changes() and not _rated(o):
        raise Conflict(_("The order has ended; raise a new one."))
    o.permit_kind = o.permit_kind or found.permit or None
    if o.quote is not None and o.nature is not Kind.PAID:
        raise refuse("nature", _("stays a paid service, because a price was quoted"))


def _rated(o: Order) -> bool:
    return bool(sa.inspect(o).attrs.rating.history.has_changes())
