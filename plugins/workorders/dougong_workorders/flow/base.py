"""The workflow object that the themes of this package hang their transitions on, and what they share."""

from __future__ import annotations

from dougong import Form as Form
from dougong import Prose, Workflow, asked, translator
from dougong import refuse as refuse

from ..records import Order
from ..relations import X as X
from ..relations import can_do
from ..settings import Category, Settings

_ = translator("dougong_workorders")

flow = Workflow(Order, Order.status, Settings)


class Reason(Form):
    reason: Prose = asked(_("Reason"))


def category(o: Order, x: X) -> Category:
    """The order's category; three working days where the company has struck it from its settings since."""
    return x.settings.categories.get(o.category) or Category(name=o.category, days=3)


def check_doer(o: Order, x: X) -> None:
    if o.owner_id is None or not can_do(o.owner_id, o, x):
        raise refuse("owner_id", _("has no role at this site with which work orders can be done"))
