"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click
from dougong import Context, Job, Manifest, PageRoute, Permission, Resource, RoleDefault, hookimpl, translator
from dougong.views import TOOLS
from pydantic import BaseModel

from . import commands, flow, outgoing, personal, routes, slots, working
from .resources import exports, runs
from .roles import PERMISSIONS, ROLES
from .settings import Settings

_ = translator("dougong_exchange")

manifest = Manifest(
    name="exchange",
    version="0.1.0",
    label=_("Import and export"),
    summary=_("Records come in from spreadsheets and go out to them, for every module."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="import",
    group=TOOLS,
)


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return (runs, exports)


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
    return (
        Job(flow.GO, working.job, queue="long", timeout=300.0, label=_("Check or import rows")),
        Job(flow.WRITE, outgoing.job, queue="long", timeout=1800.0, retries=2, label=_("Write an export")),
        personal.JOB,
    )


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return routes.ROUTES


@hookimpl
def dougong_commands() -> Sequence[click.Command]:
    return commands.COMMANDS


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (personal.STORE, personal.SCHEDULE)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return slots.added(page, subject, context)
