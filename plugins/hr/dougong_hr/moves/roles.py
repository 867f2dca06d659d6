"""Who may do what by default: HR proposes and recruits, the project manager approves, the company takes note, all may object."""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from .records import CANDIDATES, CLOSED, OBJECTIONS
from .resources import RESOURCES, candidate, change, notice, requisition

_ = translator("dougong_hr")

PERMISSIONS = (
    Permission(CANDIDATES, _("See who candidates are"), "hr"),
    Permission(CLOSED, _("See candidates who were not taken"), "hr"),
    Permission(OBJECTIONS, _("Read objections to appointments and their answers"), "hr"),
)

SEE = ("read", "comment", "attach")
SIGN = ("approve_agree",)  # agreeing and returning
FILE = ("accept_filing", "return_filing")
NOTICES = (notice.permission("read"), notice.permission("raise_objection"))


def _all() -> tuple[str, ...]:
    """What HR does: everything but to sign and to take note."""
    steps = (step for one in RESOURCES for step in (one.flow.transitions.values() if one.flow else ()))
    barred = {change.permission(name) for name in (*SIGN, *FILE)} | {requisition.permission(name) for name in SIGN}
    plain = (one.permission(action) for one in RESOURCES for action in (*SEE, "create", "edit", "moderate"))
    return tuple(
        dict.fromkeys(p for p in (*plain, *(s.permission for s in steps if not s.automatic)) if p not in barred)
    )


MANAGER = (
    *(one.permission(action) for one in (requisition, candidate, change) for action in SEE),
    *(requisition.permission(action) for action in ("create", "edit", "approve_submit", *SIGN)),
    *(candidate.permission(action) for action in ("score", "check", "invite")),
    *(change.permission(action) for action in SIGN),
    notice.permission("answer"),
    CANDIDATES,
    OBJECTIONS,
)
ABOVE = (
    *(one.permission("read") for one in (requisition, candidate, change)),
    *(requisition.permission(action) for action in SIGN),
    *(change.permission(action) for action in SIGN),
    candidate.permission("score"),
    OBJECTIONS,
)
COMPANY = (*ABOVE, *(change.permission(action) for action in FILE))
INTERVIEWER = (candidate.permission("read"), candidate.permission("score"), requisition.permission("read"), CANDIDATES)
LEADS = ("service_lead", "engineering_lead", "cleaning_lead", "greening_lead", "security_lead")
STAFF = (
    "general_manager", "property_director", "regional_director", "project_manager", *LEADS, "quality", "hr", "finance",
    "service_agent", "technician", "control_room", "dormitory_keeper",
)  # fmt: skip

ROLES = (
    RoleDefault("hr", (*_all(), CANDIDATES, CLOSED, OBJECTIONS)),
    RoleDefault("project_manager", MANAGER),
    RoleDefault("regional_director", ABOVE),
    *(RoleDefault(slug, COMPANY) for slug in ("property_director", "general_manager")),
    *(RoleDefault(slug, INTERVIEWER) for slug in ("service_lead",)),
    *(RoleDefault(slug, NOTICES) for slug in STAFF),
)
