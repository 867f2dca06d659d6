"""Who may have webhooks by default: the administrator."""

from __future__ import annotations

from dougong import RoleDefault

ROLES = (RoleDefault("admin", ("webhooks.*",)),)
