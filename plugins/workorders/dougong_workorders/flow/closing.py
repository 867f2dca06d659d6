"""The end: acceptance by somebody else, rework, the reporter's word, closing, cancelling."""

from __future__ import annotations

from dougong import guard, translator

from ..choices import UNFINISHED, State
from ..records import Order
from .base import Form, Reason, X, flow
from .working import trades_ended

_ = translator("dougong_workorders")


@guard(_("Whoever did the work does not accept it."))
def not_doer(o: Order, x: X) -> bool:
    return x.actor is None or x.actor not in (o.done_by, o.owner_id)


@flow.on(_("Acceptance passed"), State.FINISHED, State.PASSED, form=Form, guards=[not_doer], icon="check")
def check(o: Order, f: Form, x: X) -> None:
    o.passed_at, o.checked_by = x.now, x.actor


@flow.on(
    _("Have it reworked"),
    State.FINISHED,
    (State.ACCEPTED, State.NEW),
    form=Reason,
    guards=[not_doer],
    icon="undo",
    help=_("Acceptance failed: the same people do it again."),
)
def rework(o: Order, f: Reason, x: X) -> State:
    o.reworks += 1
    o.on_the_spot = False
    o.finished_at = o.result = o.minutes = o.done_by = o.rating = None  # whoever reported it is asked anew
    return State.NEW if o.owner_id is None else State.ACCEPTED


@guard(_("The reporter has been asked."), quiet=True)
def unrated(o: Order, x: X) -> bool:
    return o.rating is None


@flow.on(
    _("Record satisfaction"),
    (State.FINISHED, State.PASSED, State.CLOSED),
    form=Form,
    asks=[Order.rating],
    guards=[unrated],
    icon="case",
)
def rate(o: Order, f: Form, x: X) -> None:
    """The word itself is in the form; the state stays."""


@flow.on(_("Close"), State.PASSED, State.CLOSED, form=Form, guards=[trades_ended], icon="check")
def close(o: Order, f: Form, x: X) -> None:
    o.closed_at = x.now


@flow.on(_("Cancel"), UNFINISHED, State.CANCELLED, form=Reason, guards=[trades_ended], icon="close", danger=True)
def cancel(o: Order, f: Reason, x: X) -> None:
    o.closed_at = x.now
