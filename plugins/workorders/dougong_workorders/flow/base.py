"""The workflow object that the themes of this package hang their transitions on, and what they share."""

from __future__ import annotations

import datetime as dt

from dougong import FieldError, Invalid, Lazy, Prose, Workflow, asked, translator
from dougong import Form as Form

from ..records import Order
from ..relations import X as X
from ..relations import can_do
from ..settings import Category, Settings

_ = translator("dougong_workorders")

flow = Workflow(Order, Order.status, Settings)


class Reason(Form):
    reason: Prose = asked(_("Reason"))


def refuse(path: str, why: Lazy) -> Invalid:
    """One bad input, as the form shows it."""
    return Invalid(errors=(FieldError(path, why),))


def category(o: Order, x: X) -> Category:
    """The order's category; three working days where the company has struck it from its settings since."""
    return x.settings.categories.get(o.category) or Category(name=o.category, days=3)


def check_doer(o: Order, x: X) -> None:
    if o.owner_id is None or not can_do(o.owner_id, o, x):
        raise refuse("owner_id", _("has no role at this site with which work orders can be done"))


def today(o: Order, x: X) -> dt.date:
    return x.now.astimezone(x.snapshot.sites.zone(o.site_id)).date()
