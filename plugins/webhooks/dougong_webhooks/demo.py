"""One subscription for the demo, switched off: nothing is ever sent from there."""

from __future__ import annotations

from typing import Any

from dougong import Context

from .records import Subscription

_NAME = "业主微信平台（示例，未启用）"


def fill(x: Context[Any]) -> None:
    """Set up by whoever administers the company, for themselves."""
    root = x.snapshot.sites.root
    admins = x.who("admin", root)
    if not admins:
        return
    admin = x.as_person(admins[0].id)
    values = {
        "name": _NAME,
        "address": "https://hooks.example.com/dougong",
        "events": ["complaints.complaint:create", "complaints.complaint:close"],
        "person_id": str(admins[0].id),
    }
    admin.take(admin.submit(Subscription, root, values), "switch_off")
