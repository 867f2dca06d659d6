"""The work itself: permit, arrival, price and consent, materials, completion, orders of several trades."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa
from dougong import Conflict, Fen, Line, Prose, asked, guard, translator

from ..choices import DOING, ENDED, UNFINISHED, Kind, Means, Source, State
from ..records import Material, Order, Quote
from .base import Form, X, flow, refuse

_ = translator("dougong_workorders")


@guard(_("This work needs no safety permit."), quiet=True)
def dangerous(o: Order, x: X) -> bool:
    return o.permit_kind is not None


@flow.on(
    _("Record the safety permit"),
    UNFINISHED,
    form=Form,
    asks=[Order.permit_number, Order.permit_until],
    guards=[dangerous],
    icon="lock",
)
def permit(o: Order, f: Form, x: X) -> None:
    if o.permit_until is None or o.permit_until <= x.now:
        raise refuse("permit_until", _("must lie in the future"))


@guard(_("Dangerous work: a safety permit that is still valid must be recorded first."))
def permitted(o: Order, x: X) -> bool:
    valid = o.permit_number is not None and o.permit_until is not None and o.permit_until > x.now
    return o.permit_kind is None or valid


@guard(_("The resident has to agree to the price first."))
def consented(o: Order, x: X) -> bool:
    return o.nature is not Kind.PAID or (o.quote is not None and o.agreed_at is not None)


@flow.on(_("Arrived"), State.ACCEPTED, State.ON_SITE, form=Form, guards=[permitted], icon="site")
def arrive(o: Order, f: Form, x: X) -> None:
    o.arrived_at = o.arrived_at or x.now


@guard(_("Only a paid service has a price."), quiet=True)
def paid(o: Order, x: X) -> bool:
    return o.nature is Kind.PAID


@flow.adding(
    _("Quote a price"),
    UNFINISHED,
    Quote,
    guards=[paid],
    icon="doc",
    help=_("A changed price needs the resident's consent again."),
)
def quote(o: Order, q: Quote, x: X) -> None:
    o.quote, o.agreed, o.agreed_at = q.amount, None, None


@guard(_("No price waits for consent."), quiet=True)
def quoted(o: Order, x: X) -> bool:
    return o.quote is not None and o.agreed_at is None


class Consent(Form):
    by: Means = asked(_("By"), start=Means.SIGNED)
    price: Fen = asked(_("Price agreed to"), help=_("The price as the resident read it."))


@flow.on(_("The resident agrees to the price"), UNFINISHED, form=Consent, guards=[quoted], icon="check")
def agree(o: Order, f: Consent, x: X) -> None:
    if f.by is Means.ONLINE and x.actor is not None:
        raise refuse("by", _("is said by the resident alone, on the page of the report"))
    if f.price != o.quote:
        raise refuse("price", _("is not the price that was quoted last"))
    o.agreed, o.agreed_at = o.quote, x.now


def cost_of(quantity: str, price: int) -> int:
    """Quantity × price in fen, a half rounded up; exact, no floating point."""
    return int((Decimal(quantity) * price).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@flow.adding(_("Record material"), State.ON_SITE, Material, guards=[permitted, consented], icon="plus")
def use(o: Order, m: Material, x: X) -> None:
    if Decimal(m.quantity) == 0:
        raise refuse("quantity", _("must be more than nothing"))
    m.cost = cost_of(m.quantity, m.price)
    o.cost += m.cost
    if o.cost > 10**13:
        raise refuse("price", _("makes the order cost more than can be kept"))


def parts_of(o: Order, x: X) -> list[Order]:
    """The orders of trades that make up this one, in the order of their numbers."""
    if not o.parts:
        return []
    query = sa.select(Order).where(Order.tenant_id == x.tenant, Order.main_id == o.id)
    return list(x.session.scalars(query.order_by(Order.number)))


@guard(_("Its orders of other trades have to be finished first."))
def trades_finished(o: Order, x: X) -> bool:
    return all(one.status not in UNFINISHED for one in parts_of(o, x))


@guard(_("Its orders of other trades have to be closed first."))
def trades_ended(o: Order, x: X) -> bool:
    return all(one.status in ENDED for one in parts_of(o, x))


@guard(_("A photo of the finished work has to be attached first."))
def pictured(o: Order, x: X) -> bool:
    return not x.settings.photos or any(one.media_type.startswith("image/") for one in x.files(o))


@flow.on(
    _("Finished"),
    State.ON_SITE,
    State.FINISHED,
    form=Form,
    asks=[Order.result, Order.minutes],
    guards=[permitted, consented, trades_finished, pictured],
    icon="check",
)
def finish(o: Order, f: Form, x: X) -> None:
    o.finished_at, o.done_by = x.now, x.actor or o.owner_id  # neither of the two accepts it


@flow.on(
    _("Mended on the spot"),
    State.NEW,
    State.FINISHED,
    form=Form,
    asks=[Order.result],
    guards=[permitted, consented, trades_finished, pictured],
    icon="check",
)
def spot(o: Order, f: Form, x: X) -> None:
    o.accepted_at = o.accepted_at or x.now
    o.arrived_at = o.arrived_at or x.now
    o.finished_at, o.done_by, o.on_the_spot = x.now, x.actor, True
    o.owner_id = o.owner_id or x.actor


class Part(Form):
    trade: Line = asked(_("Trade"), vocabulary="trades")
    category: Line = asked(_("Category"), vocabulary="categories")
    title: Line = asked(_("What is to be done"))
    statement: Prose | None = asked(_("Description"), default=None)


@guard(_("It is itself one trade's part of another order."), quiet=True)
def whole(o: Order, x: X) -> bool:
    return o.main_id is None


@flow.on(
    _("Add a trade"),
    (State.NEW, *DOING, State.HELD),
    form=Part,
    guards=[whole],
    icon="plus",
    help=_("An order of its own for one more trade; this one closes after all of them."),
)
def split(o: Order, f: Part, x: X) -> None:
    if any(one.trade == f.trade and one.status not in ENDED for one in parts_of(o, x)):
        raise refuse("trade", _("has an order of its own already"))
    if len(parts_of(o, x)) >= 20:
        raise Conflict(_("An order has at most 20 orders of trades."))
    made = x.create(
        Order, o.site_id, nature=o.nature if o.nature is not Kind.PAID else Kind.REPAIR, urgency=o.urgency,
        source=Source.STAFF, category=f.category, trade=f.trade, title=f.title, statement=f.statement,
        location=o.location, location_id=o.location_id, appointed_at=None, main_id=o.id,
    )  # fmt: skip
    o.parts += 1  # raises the row version: closing it and adding to it at once cannot both succeed
    x.link(o, made, origin=True)
