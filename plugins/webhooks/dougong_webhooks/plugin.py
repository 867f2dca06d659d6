"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import (
    Context,
    Job,
    Listener,
    Manifest,
    PageRoute,
    Permission,
    Record,
    Resource,
    RoleDefault,
    hookimpl,
    translator,
)
from dougong.views import ADMINISTRATION
from pydantic import BaseModel

from . import api, asides, demo, log, matching, personal
from .flow import PERMISSIONS
from .resource import resource
from .roles import ROLES
from .sending import JOBS
from .settings import Settings

_ = translator("dougong_webhooks")

manifest = Manifest(
    name="webhooks",
    version="0.1.0",
    label=_("Webhooks"),
    summary=_("Other programs hear of changes: signed, tried again, with a log that people can read."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="send",
    group=ADMINISTRATION,
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
def dougong_routes() -> Sequence[PageRoute]:
    return (*log.ROUTES, *api.ROUTES)


@hookimpl
def dougong_jobs() -> Sequence[Job]:
    return JOBS


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (personal.STORE, Listener(matching.nothing, matching.waits))


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return asides.beside(page, subject, context)


@hookimpl
def dougong_changed(record: Record, action: str, context: Context[Any]) -> None:
    matching.fan_out(record, action, context)


@hookimpl
def dougong_demo(context: Context[Any]) -> None:
    demo.fill(context)
