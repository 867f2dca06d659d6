"""What a subscription hears of: which events there are, whether a pattern fits, and the deliveries that a change makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, FieldError, Invalid, Lazy, Record, Stored, new_id, translator

from .choices import State
from .records import Delivery, Subscription

_ = translator("dougong_webhooks")

MODULE = "webhooks"
DELIVER = "webhooks.deliver"
TEST = "test"
_COMMON = ("create", "edit", "comment", "attach", "detach", "change")
_PATTERN = re.compile(r"\*|[a-z_][a-z0-9_]*\.(\*|[a-z_][a-z0-9_]*:(\*|[a-z_][a-z0-9_]*))")


def known(x: Context[Any]) -> Mapping[str, Sequence[str]]:
    """Actions by kind of record, of the enabled modules but this one."""
    found = {}
    for kind, resource in x.registry.resources.items():
        if resource.module in x.snapshot.modules and resource.module != MODULE:
            steps = resource.flow.transitions if resource.flow else ()
            clocks = ("clock",) if resource.flow and resource.flow.clocks else ()
            found[kind] = tuple(dict.fromkeys([*_COMMON, *clocks, *steps]))
    return found


def fits(pattern: str, kind: str, action: str) -> bool:
    """Whether ``complaints.complaint:create``, ``complaints.complaint:*``, ``complaints.*`` or ``*`` names this."""
    if pattern.endswith("*"):
        return f"{kind}:{action}".startswith(pattern[:-1])
    return pattern == f"{kind}:{action}"


def check(patterns: Sequence[str], x: Context[Any]) -> None:
    """:raises Invalid: a pattern that names nothing that can happen."""
    there = known(x)
    wrong = [
        FieldError(f"events.{at}", _("“{name}” names nothing that happens here.").format(name=one[:100]))
        for at, one in enumerate(patterns)
        if not _PATTERN.fullmatch(one) or not any(fits(one, k, a) for k, actions in there.items() for a in actions)
    ]
    if wrong:
        words: Lazy = wrong[0].message  # type: ignore[assignment]
        raise Invalid(errors=(FieldError("events", words), *wrong))


def fan_out(record: Record, action: str, x: Context[Any]) -> None:
    """A record changed: one delivery to every subscription that hears of it, in the same transaction."""
    if record.kind.startswith(f"{MODULE}."):
        return
    for one in listening(x):
        inside = record.site_id in x.snapshot.sites.subtree(one.site_id)
        if inside and any(fits(pattern, record.kind, action) for pattern in one.events):
            put(x, one, record, action, record.number)


def nothing(record: Record, x: Context[Any]) -> bool:
    """No record by itself is to be told of: only where somebody waits for it."""
    return False


def waits() -> sa.ColumnElement[bool]:
    """Whether any subscription of the company is on."""
    on = sa.select(Subscription.id).where(
        Subscription.tenant_id == sa.bindparam("tenant", type_=sa.Uuid), Subscription.status == State.ON
    )
    return on.exists()


def listening(x: Context[Any]) -> Sequence[Subscription]:
    query = sa.select(Subscription).where(Subscription.tenant_id == x.tenant, Subscription.status == State.ON)
    with x.session.no_autoflush:
        return x.session.scalars(query.order_by(Subscription.id)).all()


def put(x: Context[Any], to: Subscription, about: Stored, action: str, number: str) -> Delivery:
    """A message to a subscription, on its way once this transaction commits."""
    made = Delivery(
        id=new_id(),
        subscription_id=to.id,
        record_kind=about.kind,
        record_id=about.id,  # type: ignore[attr-defined]
        site_id=to.site_id if isinstance(about, Subscription) else about.site_id,  # type: ignore[attr-defined]
        number=number,
        action=action,
        at=x.now,
        due_at=x.now,
    )
    x.session.add(made)
    send(x, made.id)
    return made


def send(x: Context[Any], id: UUID, at: Any = None) -> None:
    """Have a waiting delivery tried."""
    x.enqueue(DELIVER, key=f"{DELIVER}:{id}", at=at, delivery=id)
