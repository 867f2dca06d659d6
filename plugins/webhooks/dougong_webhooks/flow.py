"""What becomes of a subscription: checked when it is made or changed, switched on and off, tried out, replayed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import (
    Context,
    FieldError,
    Form,
    Invalid,
    Moment,
    Permission,
    Unreachable,
    Workflow,
    asked,
    check_outside,
    translator,
)

from .choices import Outcome, State
from .matching import MODULE, TEST, check, put, send
from .records import Delivery, Health, Subscription
from .settings import Settings

_ = translator("dougong_webhooks")

X = Context[Settings]
FOR_OTHERS = "webhooks.for_others"
PERMISSIONS = (Permission(FOR_OTHERS, _("Let a webhook act for somebody else"), MODULE),)
_MOST = 1000  # deliveries replayed at once
_JUDGED = ("address", "events", "person_id", "with_fields")

flow = Workflow(Subscription, Subscription.status, Settings)


@flow.creating
def made(one: Subscription, x: X) -> None:
    _judge(one, x)


@flow.changing
def changed(one: Subscription, x: X) -> None:
    state = sa.inspect(one)
    if any(state.attrs[name].history.has_changes() for name in _JUDGED):
        _judge(one, x)


def _judge(one: Subscription, x: X) -> None:
    """The address may be called, the events exist, and whoever decides may let it act for that person."""
    try:
        one.address = check_outside(one.address)
    except Unreachable as refusal:
        raise Invalid(errors=(FieldError("address", refusal.words),)) from None
    check(one.events, x)
    if x.actor is not None and one.person_id != x.actor and not x.gate.may(FOR_OTHERS, one.site_id):
        raise Invalid(errors=(FieldError("person_id", _("You may let it act for yourself only.")),))
    if x.actor is not None:
        one.token_scope = None if x.gate.only is None else list(x.gate.only)


def recover(x: X, one: Subscription) -> None:
    """Forget earlier failures."""
    x.session.execute(sa.delete(Health).where(Health.tenant_id == x.tenant, Health.subscription_id == one.id))


@flow.on(_("Switch on"), (State.OFF, State.STOPPED), State.ON, form=Form, icon="check")
def switch_on(one: Subscription, form: Form, x: X) -> None:
    recover(x, one)


switch_off = flow.step("switch_off", _("Switch off"), State.ON, State.OFF, danger=True)
stop = flow.step("stop", _("Stopped"), State.ON, State.STOPPED, automatic=True)


@flow.on(
    _("Send a test"),
    (State.ON, State.OFF, State.STOPPED),
    form=Form,
    icon="send",
    help=_("Its outcome stands in the log."),
)
def test(one: Subscription, form: Form, x: X) -> None:
    put(x, one, one, TEST, one.number)


class Again(Form):
    since: Moment = asked(_("Of what happened since"))
    delivered: bool = asked(_("What was delivered, too"), default=False)


@flow.on(
    _("Send again"),
    State.ON,
    form=Again,
    icon="up",
    help=_("Messages keep their ids, so that a receiver recognises those that it has."),
)
def replay(one: Subscription, form: Again, x: X) -> None:
    states = (Outcome.GIVEN_UP, Outcome.WITHHELD, *((Outcome.DELIVERED,) if form.delivered else ()))
    query = (
        sa.select(Delivery)
        .where(
            Delivery.tenant_id == x.tenant,
            Delivery.subscription_id == one.id,
            Delivery.at >= form.since,
            Delivery.state.in_(states),
            Delivery.action != TEST,
        )
        .order_by(Delivery.id)
        .limit(_MOST)
    )
    found = x.session.scalars(query).all()
    if not found:
        raise Invalid(errors=(FieldError("since", _("Nothing since then waits to be sent again.")),))
    for each in found:
        again(x, each)


def again(x: Context[Any], one: Delivery) -> None:
    """Put one delivery back to its beginning."""
    one.state, one.attempts, one.due_at = Outcome.WAITING, 0, x.now
    x.session.flush()
    send(x, one.id)
