"""Whoever may read a record may print it, without a right of its own. Only long prints, which lie here, need one."""

from __future__ import annotations

from dougong import RoleDefault

from .records import Print

_POSTS = (
    "service_agent", "service_lead", "project_manager", "regional_director", "property_director", "general_manager",
    "engineering_lead", "cleaning_lead", "greening_lead", "security_lead", "dormitory_keeper", "control_room", "quality",
    "hr", "finance", "admin",
)  # fmt: skip
ROLES = tuple(RoleDefault(post, (f"{Print.kind}.read",)) for post in _POSTS)
