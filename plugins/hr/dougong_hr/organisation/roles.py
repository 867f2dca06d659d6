"""Who may do what by default: HR keeps people and posts; finance reads pay; managers read their site without either."""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from .records import IDENTITY, KEY_POSTS, SALARY
from .resources import RESOURCES, certificate, employee, holding, position

_ = translator("dougong_hr")

PERMISSIONS = (
    Permission(IDENTITY, _("See identity numbers and phones of employees"), "hr"),
    Permission(SALARY, _("See salaries of employees"), "hr"),
    Permission(KEY_POSTS, _("Take the mark of a key post off, and fill one without filing"), "hr"),
)

READ = tuple(one.permission("read") for one in RESOURCES)
KEEP = (
    *READ,
    *(one.permission(action) for one in RESOURCES for action in ("create", "edit", "comment", "attach", "moderate")),
    *(
        step.permission
        for one in RESOURCES
        for step in (one.flow.transitions.values() if one.flow else ())
        if not step.automatic and step.permission != KEY_POSTS
    ),
)
# Names and posts of the site: no contracts, nothing of identity or pay.
SITE = (
    position.permission("read"),
    employee.permission("read"),
    holding.permission("read"),
    certificate.permission("read"),
)

ROLES = (
    RoleDefault("hr", (*dict.fromkeys(KEEP), IDENTITY, SALARY), whole=True),
    RoleDefault("finance", (*READ, SALARY, IDENTITY)),
    *(
        RoleDefault(slug, SITE)
        for slug in ("project_manager", "regional_director", "property_director", "general_manager")
    ),
    *(RoleDefault(slug, (KEY_POSTS,)) for slug in ("property_director", "general_manager")),
    RoleDefault("quality", (position.permission("read"), certificate.permission("read"))),
)

__all__ = ["PERMISSIONS", "ROLES"]
