"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from dougong import Context, Event, Manifest, PageRoute, Permission, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import demo, follow, making, personal, points, public, staff
from .roles import PERMISSIONS, ROLES
from .settings import Settings
from .submissions import resource

_ = translator("dougong_intake")

manifest = Manifest(
    name="intake",
    version="0.1.0",
    label=_("Reports by residents"),
    summary=_("QR codes, a form for the phone, follow-up by code; no account, no app."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="phone",
)


def hears(record: Any, x: Context[Any]) -> Iterable[UUID | None]:
    """Whose case it is; else customer service of the site."""
    owner: UUID | None = getattr(record, "owner_id", None)
    return [owner] if owner else [one.id for one in x.who("service_lead", record.site_id)]


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
    return (*public.ROUTES, *follow.ROUTES, *making.ROUTES, *points.ROUTES, *staff.ROUTES)


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (
        *personal.STORES,
        Event(
            follow.WROTE,
            label=_("A resident wrote"),
            title=_("{number}: the resident wrote"),
            text=_("{site}: words, a rating or a wish to take it up again came in for {number}, “{title}”."),
            to=hears,
        ),
        Event(
            "intake.held_back",
            label=_("A report was held back to be checked"),
            title=_("{number} waits to be checked"),
            kind="intake.submission",
            actions=("create",),
            to=hears,
        ),
    )


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return staff.beside(page, subject, context)


@hookimpl
def dougong_demo(context: Context[Any]) -> None:
    demo.fill(context)
