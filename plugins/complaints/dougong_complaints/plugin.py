"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Job, Manifest, Permission, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import announcing, asides, demo, events, imports, loop, reports, residents
from .resource import resource
from .roles import PERMISSIONS, ROLES
from .settings import Settings

_ = translator("dougong_complaints")

manifest = Manifest(
    name="complaints",
    version="0.1.0",
    label=_("Complaints"),
    summary=_("From registration to the return visit, with clocks, escalation and merging."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="case",
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
def dougong_jobs() -> Sequence[Job]:
    return (announcing.job,)


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (*reports.REPORTS, reports.SECTION, residents.form, *events.EVENTS, imports.importable, loop.trigger)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return asides.beside(page, subject, context)


@hookimpl
def dougong_demo(context: Context[Any]) -> None:
    demo.fill(context)
