"""What the posts of a property company may do with complaints by default ("Rights" of the domain page)."""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from .flow import closing, escalation, handling, merging
from .records import IDENTITY, Complaint

_ = translator("dougong_complaints")

READ, CREATE, EDIT = (f"{Complaint.kind}.{action}" for action in ("read", "create", "edit"))
COMMENT, ATTACH, MODERATE = (f"{Complaint.kind}.{action}" for action in ("comment", "attach", "moderate"))
# What is said among colleagues is not for the client: who may comment reads the comments.
TALK = (COMMENT, ATTACH)

PERMISSIONS = (Permission(IDENTITY, _("See who complained"), "complaints"),)

AGENT = (
    READ,
    CREATE,
    IDENTITY,
    *TALK,
    *(
        t.permission
        for t in (
            handling.accept,
            handling.contact,
            handling.notify,
            handling.on_the_spot,
            escalation.escalate,
            closing.visit,
        )
    ),
)
LEAD = (
    *AGENT,
    EDIT,
    MODERATE,
    *(
        t.permission
        for t in (
            handling.assign,
            handling.reassign,
            handling.hold,
            handling.resume,
            handling.resolve,
            handling.transfer,
            merging.merge,
            closing.waive,
            closing.close,
            closing.reopen,
            closing.unfounded,
            escalation.acknowledge,
        )
    ),
)
MANAGER = (*LEAD, closing.answer.permission)
# Those who stand above the site read and approve: they take reports and step in for a manager who is accused.
ABOVE = (
    READ,
    IDENTITY,
    *TALK,
    escalation.acknowledge.permission,
    escalation.escalate.permission,
    closing.waive.permission,
    closing.answer.permission,
)
STEP_IN = (
    handling.reassign.permission,
    handling.accept.permission,
    handling.assign.permission,
    handling.notify.permission,
    handling.contact.permission,
    handling.resolve.permission,
    closing.visit.permission,
    closing.close.permission,
)
TRADE = (
    READ,
    IDENTITY,
    *TALK,
    *(
        t.permission
        for t in (
            handling.contact,
            handling.notify,
            handling.hold,
            handling.resume,
            handling.resolve,
            escalation.escalate,
        )
    ),
)

ROLES = (
    RoleDefault("service_agent", AGENT, whole=True),
    RoleDefault("service_lead", LEAD, whole=True),
    RoleDefault("project_manager", MANAGER),
    RoleDefault("regional_director", (*ABOVE, *STEP_IN)),
    RoleDefault("property_director", (*ABOVE, *STEP_IN)),
    RoleDefault("general_manager", (*ABOVE, *STEP_IN)),
    *(
        RoleDefault(slug, TRADE, relation="mine")
        for slug in (
            "engineering_lead",
            "cleaning_lead",
            "greening_lead",
            "security_lead",
            "technician",
            "dormitory_keeper",
        )
    ),
    RoleDefault("quality", (READ, COMMENT), whole=True),
    RoleDefault("finance", (READ,), whole=True),  # without identities
    RoleDefault("client", (READ, CREATE, ATTACH), relation="raised"),
)
