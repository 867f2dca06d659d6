"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Manifest, PageRoute, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import pages
from .assigned import resource as assigned
from .settings import Settings
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
)


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return (assigned.resource, upward.resource, upward.copies)


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_roles() -> Sequence[RoleDefault]:
    return (*assigned.ROLES, *upward.ROLES)


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return pages.ROUTES


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (*assigned.CONTRIBUTIONS, *upward.CONTRIBUTIONS)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return pages.beside(page, subject, context)
