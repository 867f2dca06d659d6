"""The standard posts of a property company and the core's own permissions.

Posts and their line of command follow the demo company of the domain page; a company renames them, changes what
they may do, and adds its own. What the posts may do in a module is declared by that module.
"""

from __future__ import annotations

from ..words import Lazy, translator
from .roles import CORE, Permission, RoleDefault

_ = translator("dougong")

PERMISSIONS: tuple[Permission, ...] = (
    Permission("core.people.read", _("See people"), CORE),
    Permission("core.people.edit", _("Add, change and disable people"), CORE),
    Permission("core.roles.edit", _("Change what roles may do"), CORE),
    Permission("core.grants.read", _("See who has which role"), CORE),
    Permission("core.grants.edit", _("Give and take roles"), CORE),
    Permission("core.modules.edit", _("Switch modules on and off"), CORE),
    Permission("core.settings.edit", _("Change settings"), CORE),
    Permission("core.fields.edit", _("Add fields of the company's own to records"), CORE),
    Permission("core.fields.personal", _("Open masked values of the company's own fields"), CORE),
    Permission("core.sites.edit", _("Change the site tree"), CORE),
    Permission("core.jobs.read", _("See background work"), CORE),
    Permission("core.jobs.edit", _("Try background work again and drop it"), CORE),
    Permission("core.schedules.read", _("See schedules, what they did and will do"), CORE),
    Permission("core.schedules.edit", _("Change and pause schedules"), CORE),
    Permission("core.schedules.run", _("Run schedules now or again, skip a run"), CORE),
    Permission("core.explain", _("Ask why someone may or may not do something"), CORE),
    Permission("core.history.read", _("See the administration's history"), CORE),
    Permission("core.views.share", _("Share saved views with roles and with everybody"), CORE),
)

ADMIN = "admin"
_READS = ("core.people.read", "core.grants.read")
_SHARE = "core.views.share"
_SEES = "core.schedules.read"


def _post(slug: str, label: Lazy, level: int, *permissions: str, relation: str | None = None) -> RoleDefault:
    return RoleDefault(slug, permissions, label, level, relation)


POSTS: tuple[RoleDefault, ...] = (
    _post("general_manager", _("General manager"), 90, *_READS, "core.history.read", _SHARE, _SEES),
    _post("property_director", _("Property director"), 80, *_READS, "core.history.read", _SHARE, _SEES),
    _post("regional_director", _("Regional director"), 70, *_READS, _SHARE, _SEES),
    _post("project_manager", _("Project manager"), 60, *_READS, _SHARE, _SEES, "core.schedules.run"),
    _post("service_lead", _("Customer service lead"), 40),
    _post("engineering_lead", _("Engineering lead"), 40),
    _post("cleaning_lead", _("Cleaning lead"), 40),
    _post("greening_lead", _("Greening lead"), 40),
    _post("security_lead", _("Security lead"), 40),
    _post("quality", _("Quality officer"), 30, _SHARE),
    _post("hr", _("Human resources"), 30, "core.people.read"),
    _post("finance", _("Finance"), 30),
    _post("service_agent", _("Customer service agent"), 20),
    _post("technician", _("Maintenance technician"), 20),
    _post("control_room", _("Fire control room attendant"), 20),
    _post("dormitory_keeper", _("Dormitory keeper"), 20),
    _post("client", _("Client's representative"), 0),
    _post("resident", _("Resident"), 0, relation="mine"),
    _post(ADMIN, _("System administrator"), 0, "core.*"),
)
