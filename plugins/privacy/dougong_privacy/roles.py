"""Who may do what by default: an officer for the whole company, and those at the counter who take requests in.

The administrator sees terms and settings and no contents.
"""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from .flow import flow
from .records import HANDLE, IDENTITY, Disposal, Request

_ = translator("dougong_privacy")

SEARCH, HOLD, TERMS, ACCESSES = "privacy.search", "privacy.hold", "privacy.terms", "privacy.accesses"
PERMISSIONS = (
    Permission(IDENTITY, _("See who asked about their data"), "privacy"),
    Permission(HANDLE, _("Find, hand over and erase for a request, in the whole company"), "privacy"),
    Permission(SEARCH, _("Search for a person in the whole company"), "privacy"),
    Permission(HOLD, _("Set and release legal holds"), "privacy"),
    Permission(TERMS, _("See the terms of all records"), "privacy"),
    Permission(ACCESSES, _("See who opened masked values"), "privacy"),
)
READ, CREATE, EDIT = (f"{Request.kind}.{action}" for action in ("read", "create", "edit"))
DISPOSALS = f"{Disposal.kind}.read"
OFFICER = (
    READ, CREATE, EDIT, f"{Request.kind}.comment", f"{Request.kind}.attach", f"{Request.kind}.moderate",
    *(step.permission for step in flow.transitions.values() if not step.automatic),
    IDENTITY, HANDLE, SEARCH, HOLD, TERMS, ACCESSES, DISPOSALS,
)  # fmt: skip

ROLES = (
    RoleDefault("privacy_officer", OFFICER, _("Personal information protection officer")),
    *(RoleDefault(slug, (READ, CREATE)) for slug in ("service_agent", "hr")),
    *(RoleDefault(slug, (READ, CREATE, IDENTITY)) for slug in ("service_lead", "project_manager")),
    RoleDefault("quality", (READ, TERMS, DISPOSALS)),
    *(RoleDefault(slug, (READ, TERMS, DISPOSALS, ACCESSES)) for slug in ("general_manager", "property_director")),
    RoleDefault("admin", (TERMS,)),
)
