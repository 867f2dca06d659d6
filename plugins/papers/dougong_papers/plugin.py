"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Checkup, Context, Job, Manifest, PageRoute, Resource, RoleDefault, hookimpl, translator
from dougong.views import TOOLS
from pydantic import BaseModel

from . import fonts, pages, prints
from .records import resource
from .roles import ROLES
from .settings import Settings

_ = translator("dougong_papers")

manifest = Manifest(
    name="papers",
    version="0.1.0",
    label=_("Paper"),
    summary=_("Records as forms to be filed, lists and QR labels, as PDF."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="print",
    group=TOOLS,
)


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return (resource,)


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_roles() -> Sequence[RoleDefault]:
    return ROLES


@hookimpl
def dougong_jobs() -> Sequence[Job]:
    return (Job(prints.MAKE, prints.job, queue="long", timeout=600.0, retries=2, label=_("Make a print")),)


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return pages.ROUTES


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (Checkup(fonts.look),)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    return pages.standing(page, subject, context)
