"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Manifest, PageRoute, Permission, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import api, pages, serving
from .making import PERMISSIONS
from .roles import ROLES
from .settings import Settings

_ = translator("dougong_feeds")

manifest = Manifest(
    name="feeds",
    version="0.1.0",
    label=_("Calendar feeds"),
    summary=_("Due dates in the calendar that people use anyway, by a secret link that they may take back."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="cal",
)


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
    return (*pages.ROUTES, *serving.ROUTES, *api.ROUTES)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return pages.standing(context, page, subject)
