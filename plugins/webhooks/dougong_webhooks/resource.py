"""How subscriptions are shown."""

from __future__ import annotations

from dougong import Resource, translator

from .flow import flow
from .records import Subscription
from .settings import Settings

_ = translator("dougong_webhooks")

resource = Resource(
    Subscription,
    _("Webhooks"),
    flow=flow,
    settings=Settings,
    icon="send",
    title=Subscription.name,
    create_label=_("New webhook"),
    sections=((_("Where to"), ("name", "address")), (_("What"), ("events", "person_id", "with_fields"))),
    columns=("number", "name", "address", "status", "site_id", "person_id"),
)
