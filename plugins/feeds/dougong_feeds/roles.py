"""Who may have calendar feeds by default: whoever works with due dates."""

from __future__ import annotations

from dougong import RoleDefault

from .making import MAKE

_POSTS = (
    "service_agent", "service_lead", "project_manager", "regional_director", "property_director", "general_manager",
    "engineering_lead", "cleaning_lead", "greening_lead", "security_lead", "technician", "dormitory_keeper",
    "control_room", "quality", "hr", "finance", "admin",
)  # fmt: skip
ROLES = tuple(RoleDefault(post, (MAKE,)) for post in _POSTS)
