"""Who may do what by default: the quality specialist keeps the system, a manager evaluates at the site, leaders approve."""

from __future__ import annotations

from dougong import RoleDefault, translator

from .independence import AUDITOR_POST
from .resources import RESOURCES, aspect, audit, decision, finding, hazard, law, objective, programme, review

_ = translator("dougong_quality")

READ = tuple(one.permission("read") for one in RESOURCES)
TALK = tuple(one.permission(action) for one in RESOURCES for action in ("comment", "attach"))
LEADERS_ONLY = ("approve_agree", "approve_return")


def _steps(*resources: object, leaving: tuple[str, ...] = ()) -> tuple[str, ...]:
    found = []
    for one in resources:
        for name, step in one.flow.transitions.items():  # type: ignore[attr-defined]
            if not step.automatic and name not in leaving and name not in LEADERS_ONLY:
                found.append(step.permission)
    return tuple(dict.fromkeys(found))


KEEP = (
    *READ,
    *TALK,
    *(one.permission(action) for one in RESOURCES for action in ("create", "edit", "moderate")),
    *_steps(*RESOURCES),
)
# What a site's manager does: evaluates and rates there, enters actuals, carries decisions out.
SITE = (
    *READ,
    *TALK,
    *(one.permission(action) for one in (aspect, hazard) for action in ("create", "edit")),
    *_steps(aspect, hazard),
    f"{law.kind}.evaluate",
    f"{objective.kind}.record",
    f"{objective.kind}.take",
    f"{decision.kind}.done",
    f"{finding.kind}.settle",
)
APPROVE = tuple(
    step.permission
    for one in (programme, review)
    for name, step in (one.flow.transitions.items() if one.flow else ())
    if name in LEADERS_ONLY
)
LEAD = (*READ, *TALK, *APPROVE, f"{decision.kind}.done", f"{decision.kind}.confirm")
# An auditor of another department: what they need of the audit that they are on.
AUDITOR = (
    *(audit.permission(action) for action in ("read", "comment", "attach")),
    *(f"{audit.kind}.{step}" for step in ("answer", "add_finding", "report")),
)

ROLES = (
    RoleDefault("quality", KEEP),
    RoleDefault("project_manager", SITE),
    *(
        RoleDefault(slug, tuple(dict.fromkeys(LEAD)))
        for slug in ("regional_director", "property_director", "general_manager")
    ),
    RoleDefault(AUDITOR_POST, AUDITOR, _("Internal auditor"), relation="team"),
    *(
        RoleDefault(slug, tuple(one.permission("read") for one in (objective, law, aspect, hazard)))
        for slug in ("engineering_lead", "cleaning_lead", "greening_lead", "security_lead", "service_lead", "hr")
    ),
)
