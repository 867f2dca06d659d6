"""What the module's pages share: rights, the links between them, zones, forms with their errors."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from dougong import Asked, Lazy, NotFound, Permission, RoleDefault, translator
from dougong.views import Action, Crumb, Tab

_ = translator("dougong_notify")

MODULE = "notify"
CONFIGURE = "notify.configure"
DELIVERIES = "notify.deliveries"

PERMISSIONS = (
    Permission(CONFIGURE, _("Set up messages: robots, templates, defaults of roles"), MODULE),
    Permission(DELIVERIES, _("See and repeat deliveries of messages"), MODULE),
)
ROLES = (RoleDefault("admin", (CONFIGURE, DELIVERIES)),)

_PAGES = (
    (CONFIGURE, _("Group robots"), "/notify/robots"),
    (CONFIGURE, _("Templates"), "/notify/templates"),
    (CONFIGURE, _("Defaults of roles"), "/notify/defaults"),
    (DELIVERIES, _("Deliveries"), "/notify/deliveries"),
)


def need(asked: Asked, permission: str) -> None:
    """These pages concern the whole company. :raises NotFound: for whoever has no such right there."""
    if not asked.gate.may(permission, asked.snapshot.sites.root):
        raise NotFound


def may(asked: Asked, permission: str) -> bool:
    return asked.gate.may(permission, asked.snapshot.sites.root)


def actions(asked: Asked) -> list[Action]:
    """From the inbox onwards."""
    first = next((href for permission, _label, href in _PAGES if may(asked, permission)), None)
    found = [Action(str(_("My choices")), "/notify/preferences", "set")]
    return [*found, Action(str(_("Set up")), first, "key")] if first else found


def tabs(asked: Asked) -> list[Tab]:
    """Between the pages of those who set up messages."""
    return [
        Tab(str(label), href, current=asked.path == href or asked.path.startswith(f"{href}/"))
        for permission, label, href in _PAGES
        if may(asked, permission)
    ]


def crumbs(*trail: tuple[Lazy | str, str | None]) -> list[Crumb]:
    return [Crumb(str(_("Inbox")), "/notify/inbox"), *(Crumb(str(label), href) for label, href in trail)]


def zone_of(asked: Asked, site: UUID | None = None) -> ZoneInfo:
    return asked.snapshot.sites.zone(site)
