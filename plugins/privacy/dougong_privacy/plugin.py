"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Job, Manifest, PageRoute, Permission, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import accounts, disposal, events, routes, slots, working
from .resources import disposals, requests
from .roles import PERMISSIONS, ROLES
from .settings import Settings

_ = translator("dougong_privacy")

manifest = Manifest(
    name="privacy",
    version="0.1.0",
    label=_("Personal data"),
    summary=_("Requests of people about their data, terms, legal holds, and who opened what."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="shield",
    group=_("Personal data"),
)


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return (requests, disposals)


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
    return (disposal.JOB, *working.JOBS)


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return routes.ROUTES


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (*events.EVENTS, accounts.STORE, disposal.SCHEDULE)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return slots.added(page, subject, context)
