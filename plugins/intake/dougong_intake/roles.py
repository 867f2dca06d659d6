"""What the posts of a property company may do with the intake by default."""

from __future__ import annotations

from dougong import Permission, RoleDefault, translator

from .points import CODES
from .staff import GIVE
from .submissions import Submission, flow

_ = translator("dougong_intake")

PERMISSIONS = (
    Permission(CODES, _("QR codes for residents: make, print, switch off"), "intake"),
    Permission(GIVE, _("Give out follow-up codes"), "intake"),
)
CHECK = (f"{Submission.kind}.read", *(step.permission for step in flow.transitions.values()))

ROLES = (
    RoleDefault("service_agent", (GIVE, *CHECK)),
    RoleDefault("service_lead", (CODES, GIVE, *CHECK)),
    RoleDefault("project_manager", (CODES, GIVE, *CHECK)),
    RoleDefault("regional_director", (CODES, *CHECK)),
    RoleDefault("property_director", (CODES, *CHECK)),
    RoleDefault("admin", (CODES,)),
)
