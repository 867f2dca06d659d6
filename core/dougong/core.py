"""The core as a plugin among plugins: its permissions, posts and settings go through the same hooks as everybody's.

Loaded first and by name; what it declares belongs to the module ``core``, which no company can switch off.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from typing import Any

from pydantic import BaseModel

from .access.posts import PERMISSIONS, POSTS
from .access.roles import Permission, RoleDefault
from .hookspecs import hookimpl
from .plugins.manifest import Manifest
from .records import attachments, bulk_actions
from .scheduling.jobs import Job
from .tenancy.settings import CoreSettings
from .timing import alarms, dispatch, housekeeping, recomputing
from .words import translator

_ = translator("dougong")

manifest = Manifest(
    name="core",
    version=metadata.version("dougong"),
    label=_("Basics"),
    summary=_("People, roles, sites and settings."),
    licence="Apache-2.0",
    icon="set",
)


@hookimpl
def dougong_permissions() -> Sequence[Permission]:
    return PERMISSIONS


@hookimpl
def dougong_roles() -> Sequence[RoleDefault]:
    return POSTS


@hookimpl
def dougong_jobs() -> Sequence[Job]:
    return (*bulk_actions.JOBS, *attachments.JOBS, *dispatch.JOBS, *recomputing.JOBS)


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (housekeeping.TIDY, *alarms.CONTRIBUTIONS)


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return CoreSettings
