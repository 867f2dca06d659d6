"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dougong import Context, Manifest, Permission, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import demo, events, following, imports, reports, residents
from .resource import resource
from .roles import PERMISSIONS, ROLES
from .settings import Settings

_ = translator("dougong_workorders")

manifest = Manifest(
    name="workorders",
    version="0.1.0",
    label=_("Work orders"),
    summary=_("From dispatching to acceptance, with trades, permits, materials and quotes."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="order",
)


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return (resource,)


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_permissions() -> Sequence[Permission]:
    return PERMISSIONS


@hookimpl
def dougong_roles() -> Sequence[RoleDefault]:
    return ROLES


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (
        *reports.REPORTS,
        reports.SECTION,
        residents.form,
        *events.EVENTS,
        imports.importable,
        following.opened,
        following.failed,
        following.agreed,
        following.used,
    )


@hookimpl
def dougong_demo(context: Context[Any]) -> None:
    demo.fill(context)
