"""What the pages of this module share: the tabs between them, moments, links to records."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dougong import Asked, Context, NotFound, Resource, stamp, translator
from dougong.views import Crumb, Tab, Value

from ..resources import disposals, requests
from ..roles import ACCESSES, DISPOSALS, READ, SEARCH, TERMS

_ = translator("dougong_privacy")

_PAGES = (
    (READ, _("Requests"), requests.path),
    (SEARCH, _("Search for a person"), "/privacy/search"),
    (TERMS, _("Terms"), "/privacy/terms"),
    (DISPOSALS, _("Disposals"), disposals.path),
    (ACCESSES, _("Opened values"), "/privacy/accesses"),
)


def need(x: Context[Any], permission: str) -> None:
    """These pages concern the whole company. :raises NotFound: for whoever has no such right there."""
    if not x.gate.may(permission, x.snapshot.sites.root):
        raise NotFound


def tabs(asked: Asked) -> list[Tab]:
    """Between the pages of this module, as far as this person may see them."""
    root = asked.snapshot.sites.root
    return [
        Tab(str(label), href, current=asked.path == href)
        for permission, label, href in _PAGES
        if asked.gate.may(permission, root)
    ]


def crumbs(*trail: str) -> list[Crumb]:
    return [Crumb(str(requests.label), requests.path), *(Crumb(one) for one in trail)]


def zone_of(x: Context[Any], site: UUID | None = None) -> ZoneInfo:
    return x.snapshot.sites.zone(site)


def moment(at: dt.datetime, zone: ZoneInfo) -> Value:
    return Value("datetime", stamp(at, zone), datetime=at.isoformat())


def href_of(x: Context[Any], resource: Resource[Any], id: UUID, site: UUID) -> str | None:
    """The record's page, where this person may see such records there."""
    return f"{resource.path}/{id}" if x.gate.may(resource.permission("read"), site) else None
