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
from pydantic import BaseModel

from . import agencies, asides, calendar, demo, obligations, orders, reports, takeover
from .records import Order
from .resources import RESOURCES
from .roles import PERMISSIONS, ROLES
from .settings import Settings

_ = translator("dougong_liaison")

manifest = Manifest(
    name="liaison",
    version="0.1.0",
    label=_("Government liaison"),
    summary=_("Agencies, recurring obligations, permits, rectification orders, policies."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="gov",
)


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return RESOURCES


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
    return obligations.JOBS


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    listening = Listener(lambda record, x: False)  # creations concern nothing below
    return (obligations.schedule, agencies.schedule, orders.trigger, *reports.REPORTS, reports.section, listening)


@hookimpl
def dougong_changed(record: Record, action: str, context: Context[Any]) -> None:
    if action == "detach" and isinstance(record, Order):
        orders.kept(record, context)


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return (
        PageRoute("year", calendar.show),
        PageRoute("template", takeover.show),
        PageRoute("template", takeover.take, "POST"),
        PageRoute("template/choose", takeover.choose, "POST"),
    )


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return asides.beside(page, subject, context)


@hookimpl
def dougong_demo(context: Context[Any]) -> None:
    demo.fill(context)
