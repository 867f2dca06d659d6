"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Job, Manifest, PageRoute, Permission, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

from . import planning, reporting, spending
from .settings import Settings

_ = translator("dougong_budgeting")

manifest = Manifest(
    name="budgeting",
    version="0.1.0",
    label=_("Budgets"),
    summary=_("Budgets as grids, approvals, spending within them, closing and disclosure."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="budget",
)

PARTS: tuple[Any, ...] = (planning, spending, reporting)


def _all(name: str) -> tuple[Any, ...]:
    return tuple(one for part in PARTS for one in getattr(part, name))


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return _all("RESOURCES")


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_permissions() -> Sequence[Permission]:
    return _all("PERMISSIONS")


@hookimpl
def dougong_roles() -> Sequence[RoleDefault]:
    return _all("ROLES")


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return _all("ROUTES")


@hookimpl
def dougong_jobs() -> Sequence[Job]:
    return _all("JOBS")


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return _all("CONTRIBUTIONS")


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return [one for part in PARTS for one in part.beside(page, subject, context)]


@hookimpl
def dougong_demo(context: Context[Any]) -> None:
    for part in PARTS:
        part.fill(context)
