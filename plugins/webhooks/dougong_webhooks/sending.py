"""The job that sends one delivery: judges what may be told now, signs, posts, and says what becomes of it.

A delivery is sent at least once: where a process dies between the answer and its commit the same message goes out again,
under the same id. Rights are those of the subscription's person at the moment of sending.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Answer, Context, Job, JobContext, Lazy, Unreachable, post_outside, told, translator
from sqlalchemy.dialects.postgresql import insert

from . import secrets
from .choices import Outcome, State
from .matching import DELIVER, TEST, send
from .records import Delivery, Health, Subscription
from .settings import Settings

_ = translator("dougong_webhooks")

X = Context[Settings]
STOP = "webhooks.stop"
SECONDS = 10.0
EXCERPT = 1000  # characters of an answer that are kept
# Pauses after the first, second, … attempt, as standardwebhooks.com proposes them; the last one repeats.
PAUSES = tuple(dt.timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))
REST = dt.timedelta(minutes=10)  # the longest time that a failing address is left alone by other deliveries
_LONGEST = dt.timedelta(days=1)
_GONE = 410


def deliver(job: JobContext, delivery: UUID) -> None:
    """The job itself. A delivery that is not waiting any more is left as it is: a second run has no effect."""
    x: X = job.context
    one = x.session.get(Delivery, (x.tenant, delivery), with_for_update=True)
    if one is None or one.state is not Outcome.WAITING:
        return
    to = x.session.get_one(Subscription, (x.tenant, one.subscription_id))
    if to.status is not State.ON and one.action != TEST:
        _end(one, Outcome.WITHHELD, str(_("The webhook was off.")))
        return
    health = x.session.get(Health, (x.tenant, to.id))
    if health and health.rest_until and health.rest_until > x.now and one.action != TEST:
        _postpone(x, one, health.rest_until)  # no attempt: the address failed a moment ago
        return
    body = message(x, to, one)
    if body is None:
        _end(one, Outcome.WITHHELD, str(_("The person for whom the webhook acts may not see this record.")))
        return
    _post(x, to, one, body)
    _sweep(x)


def message(x: X, to: Subscription, one: Delivery) -> bytes | None:
    """The body; None where the subscription's person may not see the record now."""
    kind, id = one.record_kind, one.record_id
    data: dict[str, Any] = {"kind": kind, "id": str(id), "number": one.number, "action": one.action}
    data |= {"site": x.snapshot.sites.node(one.site_id).slug, "at": _written(one.at)}
    data["link"] = f"{x.settings.address}/api/v1/{kind.replace('.', '/')}/{id}"
    if one.action != TEST:
        seen = told(x.as_person(to.person_id, only=to.token_scope), kind, id)
        if seen is None:
            return None
        if to.with_fields:
            data["fields"] = seen
    said = {"type": one.event, "timestamp": _written(one.at), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _written(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _post(x: X, to: Subscription, one: Delivery, body: bytes) -> None:
    one.attempts += 1
    one.tried_at = x.now
    headers = {
        "webhook-id": one.message,
        "webhook-timestamp": str(int(x.now.timestamp())),
        "webhook-signature": secrets.signatures(x, to, one.message, body),
    }
    try:
        answer = post_outside(to.address, body, headers=headers, seconds=SECONDS, most=4 * EXCERPT)
    except Unreachable as error:
        one.code, one.milliseconds, one.answer = None, None, str(error.words)
        _failed(x, to, one, None, final=error.refused)
        return
    one.code, one.milliseconds = answer.status, int(answer.seconds * 1000)
    one.answer = answer.text.replace("\0", "")[:EXCERPT]
    if answer.good:
        _end(one, Outcome.DELIVERED, one.answer)
        _feel(x, to, fails=0, failing_since=None, rest_until=None, good_at=x.now)
    else:
        _failed(x, to, one, answer)


def _failed(x: X, to: Subscription, one: Delivery, answer: Answer | None, *, final: bool = False) -> None:
    """Try again later, or give up; an address that fails for days, or says that it is gone, is not called any more."""
    if one.action == TEST:  # somebody is looking, and presses the button again
        _end(one, Outcome.GIVEN_UP, one.answer)
        return
    pause = PAUSES[min(one.attempts, len(PAUSES)) - 1]
    if answer is not None and answer.retry_after is not None:
        pause = min(max(pause, dt.timedelta(seconds=answer.retry_after)), _LONGEST)
    since = _feel_failed(x, to)
    if answer is not None and answer.status == _GONE:
        _stop(x, to, _("The address answered 410: it is gone."))
        final = True
    elif x.now - since >= dt.timedelta(days=x.settings.stop_days):
        _stop(x, to, _("No delivery has succeeded since {when}.").format(when=f"{since:%Y-%m-%d %H:%M} UTC"))
    if final or one.attempts >= x.settings.attempts:
        _end(one, Outcome.GIVEN_UP, one.answer)
    else:
        _postpone(x, one, x.now + pause)


def _feel_failed(x: X, to: Subscription) -> dt.datetime:
    """Count a failure. :returns: since when nothing has succeeded."""
    health = x.session.get(Health, (x.tenant, to.id), populate_existing=True)
    fails = (health.fails if health else 0) + 1
    since = (health.failing_since if health else None) or x.now
    rest = min(dt.timedelta(seconds=5 * 2 ** min(fails - 1, 10)), REST)
    _feel(x, to, fails=fails, failing_since=since, rest_until=x.now + rest)
    return since


def _feel(x: X, to: Subscription, **values: Any) -> None:
    entry = insert(Health).values(tenant_id=x.tenant, subscription_id=to.id, **{"fails": 0, "why": "", **values})
    x.session.execute(
        entry.on_conflict_do_update(index_elements=[Health.tenant_id, Health.subscription_id], set_=values)
    )


def _stop(x: X, to: Subscription, why: Lazy) -> None:
    _feel(x, to, why=str(why))
    x.enqueue(STOP, key=f"{STOP}:{to.id}", subscription=to.id)


def stop(job: JobContext, subscription: UUID) -> None:
    """The job that stops a subscription; apart from the delivery, so that no conflict over the record sends twice."""
    x: X = job.context
    one = x.session.get(Subscription, (x.tenant, subscription))
    if one is not None and one.status is State.ON:
        x.take(one, "stop")


def _postpone(x: X, one: Delivery, until: dt.datetime) -> None:
    one.due_at = until
    x.session.flush()
    send(x, one.id, at=until)


def _end(one: Delivery, state: Outcome, answer: str) -> None:
    one.state, one.due_at, one.answer = state, None, answer


def _sweep(x: X) -> None:
    """Forget a few deliveries that are older than the company keeps its log."""
    old = (
        sa.select(Delivery.id)
        .where(
            Delivery.tenant_id == x.tenant,
            Delivery.at < x.now - dt.timedelta(days=x.settings.keep_days),
            Delivery.state != Outcome.WAITING,
        )
        .limit(200)
        .with_for_update(skip_locked=True)
    )
    x.session.execute(sa.delete(Delivery).where(Delivery.tenant_id == x.tenant, Delivery.id.in_(old)))


JOBS = (Job(DELIVER, deliver, label=_("Call a webhook")), Job(STOP, stop, label=_("Stop a webhook")))
