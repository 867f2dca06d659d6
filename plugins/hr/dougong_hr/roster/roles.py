"""Who may do what by default: leads and managers make rosters and approve swaps, everybody at a site reads and asks."""

from __future__ import annotations

from dougong import RoleDefault

from .resources import roster, shift, swap

LEADS = ("project_manager", "service_lead", "engineering_lead", "security_lead", "cleaning_lead", "greening_lead")
STAFF = ("technician", "control_room", "dormitory_keeper", "service_agent")
ABOVE = ("regional_director", "property_director", "general_manager")

READ = tuple(one.permission("read") for one in (roster, shift, swap))
OWN = tuple(f"{swap.kind}.{step}" for step in ("agree", "decline", "withdraw"))
TALK = tuple(one.permission(action) for one in (roster, swap) for action in ("comment", "attach"))
MAKE = (
    *(one.permission(action) for one in (roster, shift) for action in ("create", "edit")),
    *(f"{roster.kind}.{step}" for step in ("publish", "unpublish")),
    *(f"{shift.kind}.{step}" for step in ("retire", "use")),
    *(f"{swap.kind}.{step}" for step in ("approve", "reject")),
)

ROLES = (
    *(RoleDefault(slug, (*READ, *OWN, *TALK)) for slug in STAFF),
    *(RoleDefault(slug, (*READ, *OWN, *TALK, *MAKE)) for slug in (*LEADS, "hr")),
    *(RoleDefault(slug, READ) for slug in ABOVE),
)
