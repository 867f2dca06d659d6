"""What webhooks add to the pages of a subscription: which events there are, how it went lately, log and secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dougong import Context, stamp, translator
from dougong.views import Action, AsideCard, Line, Value

from . import secrets
from .choices import State
from .log import SECRET, found
from .matching import MODULE, known
from .records import Health, Subscription

_ = translator("dougong_webhooks")

_LAST = 5


def beside(page: str, subject: Any, x: Context[Any]) -> Sequence[AsideCard | Action]:
    """Cards and actions for a page."""
    if page == f"form:{Subscription.kind}":
        return [_events(x)]
    if page == f"detail:{Subscription.kind}" and isinstance(subject, Subscription):
        return [_health(subject, x), *_actions(subject, x)]
    return ()


def _events(x: Context[Any]) -> AsideCard:
    lines = [
        Line(str(x.registry.resources[kind].label), f"{kind}:" + ", ".join(actions), icon="case")
        for kind, actions in known(x).items()
    ]
    return AsideCard(str(_("What can be heard of")), lines=lines)


def _health(one: Subscription, x: Context[Any]) -> AsideCard:
    zone = x.snapshot.sites.zone(one.site_id)
    health = x.session.get(Health, (x.tenant, one.id))
    held, _more = found(x, one.id, "", "", _LAST)
    lines = [
        Line(
            each.event,
            stamp(each.at, zone),
            f"/{MODULE}/delivery/{each.id}",
            "send",
            Value("tag", str(each.state), tone=each.state.extra[0]),
        )
        for each in held
    ]
    text = ""
    if one.status is State.STOPPED and health is not None:
        text = str(_("It was stopped: {why} Mend the receiver, then switch it on again.").format(why=health.why))
    elif health is not None and health.failing_since is not None:
        text = str(_("Failing since {when}.").format(when=stamp(health.failing_since, zone)))
    elif not held:
        text = str(_("Nothing was sent"))
    if not secrets.told(x, one):
        text = f"{text} {_('Nobody has fetched its secret yet.')}".strip()
    return AsideCard(str(_("Last deliveries")), lines=lines, text=text)


def _actions(one: Subscription, x: Context[Any]) -> list[Action]:
    made = [Action(str(_("Log")), f"/{MODULE}/log/{one.id}", "history")]
    if x.gate.may(SECRET, one.site_id):
        made.append(Action(str(_("Secret")), f"/{MODULE}/secret/{one.id}", "shield"))
    return made
