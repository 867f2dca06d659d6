"""Who may do what by default: managers keep liaison at their sites, those above read and decide, everybody signs their own."""

from __future__ import annotations

from typing import Any

from dougong import Permission, Resource, RoleDefault, translator

from .records import IDENTITY
from .resources import RESOURCES, declaration, filing, interaction, item, order, permit, support

_ = translator("dougong_liaison")

PERMISSIONS = (Permission(IDENTITY, _("See names and mobile numbers of contacts at agencies"), "liaison"),)

READ = tuple(one.permission("read") for one in RESOURCES)


def _steps(*kinds: Resource[Any]) -> tuple[str, ...]:
    return tuple(
        step.permission
        for one in kinds
        for step in (one.flow.transitions.values() if one.flow else ())
        if not step.automatic
    )


_MADE = tuple(one for one in RESOURCES if one not in (filing, item, declaration))
KEEP = (
    *READ,
    *(one.permission("create") for one in _MADE),
    *(one.permission(action) for one in RESOURCES for action in ("edit", "comment", "attach", "moderate")),
    *_steps(*RESOURCES),
)
_TALK = tuple(one.permission(action) for one in (filing, item, order) for action in ("comment", "attach"))
DO = (
    *(one.permission("read") for one in (filing, order, item, permit, declaration, interaction)),
    *_TALK,
    *(
        step.permission
        for name, step in (filing.flow.transitions.items() if filing.flow else ())
        if name in ("prepare", "submit", "accept", "archive")
    ),
    *(step.permission for name, step in (item.flow.transitions.items() if item.flow else ()) if name == "rectify"),
    *(
        step.permission
        for name, step in (declaration.flow.transitions.items() if declaration.flow else ())
        if name == "sign"
    ),
)

ROLES = (
    *(RoleDefault(slug, (*KEEP, IDENTITY)) for slug in ("project_manager", "hr")),
    *(RoleDefault(slug, (*KEEP, IDENTITY)) for slug in ("regional_director", "property_director", "general_manager")),
    *(
        RoleDefault(slug, DO, relation="mine")
        for slug in ("engineering_lead", "security_lead", "cleaning_lead", "greening_lead", "service_lead")
    ),
    RoleDefault("quality", READ),
    RoleDefault("finance", (*READ, *_steps(filing, support), declaration.permission("comment"), *_TALK)),
)
