"""The end: acceptance by somebody else, rework, the reporter's word, closing, cancelling."""

from __future__ import annotations

from dougong import asked, guard, translator

from ..choices import UNFINISHED, Rating, State
from ..records import Order
from .base import Form, Reason, X, flow
from .working import trades_ended

_ = translator("dougong_workorders")


@guard(_("Whoever did the work does not accept it."))
def not_doer(o: Order, x: X) -> bool:
    return x.actor is None or x.actor not in (o.done_by, o.owner_id)


class Check(Form):
    pass


@flow.on(_("Acceptance passed"), State.FINISHED, State.PASSED, form=Check, guards=[not_doer], icon="check")
def check(o: Order, f: Check, x: X) -> None:
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
    o.finished_at = o.result = o.minutes = o.done_by = None
    return State.NEW if o.owner_id is None else State.ACCEPTED


class Word(Form):
    rating: Rating = asked(_("Reporter's satisfaction"))


@flow.on(_("Record satisfaction"), (State.FINISHED, State.PASSED, State.CLOSED), form=Word, icon="case")
def rate(o: Order, f: Word, x: X) -> None:
    o.rating = f.rating


@flow.on(_("Close"), State.PASSED, State.CLOSED, form=Form, guards=[trades_ended], icon="check")
def close(o: Order, f: Form, x: X) -> None:
    o.closed_at = x.now


@flow.on(_("Cancel"), UNFINISHED, State.CANCELLED, form=Reason, guards=[trades_ended], icon="close", danger=True)
def cancel(o: Order, f: Reason, x: X) -> None:
    o.closed_at = x.now
