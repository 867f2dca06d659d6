"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Job, Manifest, PageRoute, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import api, asides, demo, editor, events, labels, loop, making, phone
from .reports import declared, pages
from .resource import RESOURCES
from .roles import ROLES
from .settings import Settings

_ = translator("dougong_inspections")

manifest = Manifest(
    name="inspections",
    version="0.1.0",
    label=_("Inspections"),
    summary=_("Templates, routes, plans, tasks on the phone, findings."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="inspect",
)


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return RESOURCES


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_roles() -> Sequence[RoleDefault]:
    return ROLES


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return (*api.ROUTES, *editor.ROUTES, *labels.ROUTES, *phone.ROUTES, *pages.ROUTES)


@hookimpl
def dougong_jobs() -> Sequence[Job]:
    return making.JOBS


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (*events.EVENTS, making.schedule, loop.TRIGGER, loop.FOLLOW_UP, *declared.REPORTS, declared.SECTION)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return asides.beside(page, subject, context)


@hookimpl
def dougong_demo(context: Context[Any]) -> None:
    demo.fill(context)
