"""What the posts of a property company may do with inspections by default ("Rights" of the domain page)."""

from __future__ import annotations

from typing import Any

from dougong import RoleDefault, Transition

from .flow import findings, plans, routes, tasks, templates
from .records import Finding, Plan, Route, Task, Template

TEMPLATE, ROUTE, PLAN, TASK, FINDING = (k.kind for k in (Template, Route, Plan, Task, Finding))


def _may(kind: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"{kind}.{one}" for one in actions)


def _all(steps: Any) -> tuple[str, ...]:
    """The permissions of all steps that people take."""
    found: dict[str, Transition[Any, Any, Any]] = steps.transitions
    return tuple(dict.fromkeys(one.permission for one in found.values() if not one.automatic))


SEE = tuple(f"{kind}.read" for kind in (TEMPLATE, ROUTE, PLAN, TASK, FINDING))
TALK = (*_may(TASK, "comment", "attach"), *_may(FINDING, "comment", "attach"))
# Those who walk: their tasks, what they find, what they are to rectify.
WALK = (
    *SEE,
    *TALK,
    *_may(TASK, "submit", "hand_over", "make_up_submit"),
    *_may(FINDING, "create", "rectify", "extension_submit"),
)
# A trade's lead besides: its plans, its tasks reviewed, its findings assigned and rechecked.
LEAD = (
    *WALK,
    *_may(TASK, "create", "review", "make_up_agree"),
    *_may(FINDING, "edit", "assign", "recheck"),
    *_may(ROUTE, "create", "edit", "retire"),
    *_may(PLAN, "create", "edit", *("activate", "pause", "end")),
)
MANAGER = tuple(
    dict.fromkeys(
        (
            *LEAD,
            *_all(tasks.flow),
            *_all(findings.flow),
            *_all(routes.flow),
            *_all(plans.flow),
            *_may(TASK, "moderate"),
            *_may(FINDING, "moderate"),
        )
    )
)
# Who looks after quality writes the templates, inspects, reviews and rechecks everywhere, and rectifies nothing.
QUALITY = tuple(
    dict.fromkeys(
        (
            *SEE,
            *TALK,
            *_may(TEMPLATE, "create", "edit"),
            *_all(templates.flow),
            *_may(ROUTE, "create", "edit", "retire"),
            *_may(PLAN, "create", "edit", "activate", "pause", "end"),
            *_may(TASK, "create", "submit", "review"),
            *_may(FINDING, "create", "edit", "assign", "recheck", "extension_agree"),
            *_all(routes.flow),
        )
    )
)
ABOVE = (*SEE, *TALK, *_may(TASK, "make_up_agree"), *_may(FINDING, "create", "recheck", "extension_agree"))
# The client sees what was done for it: evidence, read only.
EVIDENCE = _may(TASK, "read")

ROLES = (
    RoleDefault("project_manager", MANAGER),
    RoleDefault("quality", QUALITY),
    RoleDefault("regional_director", ABOVE),
    RoleDefault("property_director", ABOVE),
    RoleDefault("general_manager", ABOVE),
    *(
        RoleDefault(slug, LEAD, relation="mine")
        for slug in ("engineering_lead", "cleaning_lead", "greening_lead", "security_lead", "service_lead")
    ),
    *(
        RoleDefault(slug, WALK, relation="mine")
        for slug in ("technician", "control_room", "dormitory_keeper", "service_agent")
    ),
    RoleDefault("client", EVIDENCE),
)
