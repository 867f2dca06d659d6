"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Manifest, PageRoute, Permission, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import asides, demo
from .assigned import minutes
from .assigned import resource as assigned
from .settings import Settings
from .upward import pages
from .upward import resource as upward

_ = translator("dougong_tasks")

manifest = Manifest(
    name="tasks",
    version="0.1.0",
    label=_("Tasks and reports"),
    summary=_("Assigned work until it is signed; weekly and monthly reports upward."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="todo",
    enhances=(
        "complaints",
        "inspections",
        "quality",
        "workorders",
    ),  # their figures stand in its reports, in the demo, too
)


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return (assigned.resource, upward.resource, upward.copies)


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_permissions() -> Sequence[Permission]:
    return assigned.PERMISSIONS


@hookimpl
def dougong_roles() -> Sequence[RoleDefault]:
    return (*assigned.ROLES, *upward.ROLES)


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return (*minutes.ROUTES, *pages.ROUTES)


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (*assigned.CONTRIBUTIONS, *upward.CONTRIBUTIONS)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return asides.beside(page, subject, context)


@hookimpl
def dougong_demo(context: Context[Any]) -> None:
    demo.fill(context)
