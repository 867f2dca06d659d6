"""Secrets: made, shown once, replaced with an overlap in which both sign."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from dougong import Context
from standardwebhooks.webhooks import Webhook

from .records import Secret, Subscription


def _fresh() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _of(x: Context[Any], one: Subscription) -> Sequence[Secret]:
    query = sa.select(Secret).where(Secret.tenant_id == x.tenant, Secret.subscription_id == one.id)
    return x.session.scalars(query.order_by(Secret.id.desc())).all()


def renew(x: Context[Any], one: Subscription, overlap: dt.timedelta) -> str:
    """A new secret, told this once. What was told before signs beside it until the overlap ends."""
    for old in _of(x, one):
        if not old.shown or (old.ends_at is not None and old.ends_at <= x.now):
            x.session.delete(old)
        elif old.ends_at is None:
            old.ends_at = x.now + overlap
    made = Secret(subscription_id=one.id, secret=_fresh(), shown=True, made_at=x.now)
    x.session.add(made)
    x.session.flush()
    return made.secret


def told(x: Context[Any], one: Subscription) -> bool:
    """Has anybody been told a secret of this subscription?"""
    return any(each.shown for each in _of(x, one))


def signatures(x: Context[Any], one: Subscription, message: str, body: bytes) -> str:
    """The header ``webhook-signature``: one signature for each secret that holds, the newest first."""
    held = [each for each in _of(x, one) if each.ends_at is None or each.ends_at > x.now]
    if not held:
        held = [Secret(subscription_id=one.id, secret=_fresh(), made_at=x.now)]
        x.session.add(held[0])
    return " ".join(Webhook(each.secret).sign(message, x.now, body.decode()) for each in held)
