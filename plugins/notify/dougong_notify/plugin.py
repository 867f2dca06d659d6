"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import (
    Context,
    Herald,
    Job,
    Listener,
    Manifest,
    PageRoute,
    Permission,
    Record,
    RoleDefault,
    hookimpl,
    translator,
)
from dougong.views import Tool
from pydantic import BaseModel

from . import (
    defaults,
    deliveries,
    following,
    inbox,
    letters,
    personal,
    preferences,
    robot_pages,
    telling,
    template_pages,
)
from .frame import PERMISSIONS, ROLES
from .generic import EVENTS
from .sending import JOBS, SCHEDULE
from .settings import Settings

_ = translator("dougong_notify")

manifest = Manifest(
    name="notify",
    version="0.1.0",
    label=_("Messages"),
    summary=_("Inbox, e-mail, group robots, quiet hours and summaries."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="bell",
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
def dougong_jobs() -> Sequence[Job]:
    return JOBS


@hookimpl
def dougong_routes() -> Sequence[PageRoute]:
    return (
        *inbox.ROUTES,
        *preferences.ROUTES,
        *defaults.ROUTES,
        *template_pages.ROUTES,
        *robot_pages.ROUTES,
        *deliveries.ROUTES,
        *following.ROUTES,
    )


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (
        *EVENTS,
        letters.channel,
        Herald(telling.tell),
        Listener(telling.concerns, telling.waits),
        personal.STORE,
        SCHEDULE,
    )


@hookimpl
def dougong_changed(record: Record, action: str, context: Context[Any]) -> None:
    telling.changed(record, action, context)


@hookimpl
def dougong_slots(page: str, subject: Any, context: Context[Any]) -> Iterable[Any]:
    if page == "shell":
        return (Tool(str(_("Inbox")), "/notify/inbox", "bell", "/notify/count"),)
    if page.startswith("detail:") and isinstance(subject, Record):
        return following.entry(subject, context)
    return ()
