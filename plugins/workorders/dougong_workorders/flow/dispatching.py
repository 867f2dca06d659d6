"""Who does it: dispatching, accepting, handing over to somebody else, sending back, holding, taking up again."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from dougong import Day, asked, guard, translator

from ..choices import DOING, State
from ..records import Order
from .base import Form, Reason, X, check_doer, flow, refuse

_ = translator("dougong_workorders")


def _handed(o: Order) -> None:
    """Whoever has it now has not accepted it, and has not been there."""
    o.accepted_at = None
    o.held_until = None


@flow.on(_("Dispatch"), State.NEW, State.ASSIGNED, form=Form, asks=[Order.owner_id], icon="people")
def dispatch(o: Order, f: Form, x: X) -> None:
    check_doer(o, x)
    _handed(o)


@guard(_("The order was dispatched to somebody else."))
def to_me(o: Order, x: X) -> bool:
    return o.owner_id == x.actor


@flow.on(_("Accept"), State.ASSIGNED, State.ACCEPTED, form=Form, guards=[to_me], icon="check")
def accept(o: Order, f: Form, x: X) -> None:
    o.accepted_at = x.now


class Transfer(Reason):
    owner_id: UUID = asked(_("To"), widget="person")


@flow.on(
    _("Hand over"),
    (*DOING, State.HELD),
    State.ASSIGNED,
    form=Transfer,
    icon="right",
    help=_("To somebody else; the clocks go on."),
)
def transfer(o: Order, f: Transfer, x: X) -> None:
    if f.owner_id == o.owner_id:
        raise refuse("owner_id", _("has the order already"))
    o.owner_id = f.owner_id
    check_doer(o, x)
    _handed(o)


@flow.on(
    _("Send back"),
    DOING,
    State.NEW,
    form=Reason,
    icon="undo",
    help=_("It waits to be dispatched again; the clocks go on."),
)
def send_back(o: Order, f: Reason, x: X) -> None:
    o.returns += 1
    o.owner_id = None
    _handed(o)


class Hold(Reason):
    until: Day = asked(_("Until"))


@flow.on(
    _("Put on hold"),
    DOING,
    State.HELD,
    form=Hold,
    icon="pause",
    help=_("Stops the clock of the completion."),
)
def hold(o: Order, f: Hold, x: X) -> None:
    day = x.today(o.site_id)
    if f.until <= day:
        raise refuse("until", _("must lie in the future"))
    if f.until > day + dt.timedelta(days=x.settings.hold_days):
        raise refuse("until", _("must lie within {n} days").format(n=x.settings.hold_days))
    o.held_until, o.holds = f.until, o.holds + 1


@flow.on(_("Resume"), State.HELD, (State.ASSIGNED, State.ACCEPTED, State.ON_SITE), form=Form, icon="right")
def resume(o: Order, f: Form, x: X) -> State:
    o.held_until = None
    if o.accepted_at is None:
        return State.ASSIGNED
    return State.ACCEPTED if o.arrived_at is None else State.ON_SITE
