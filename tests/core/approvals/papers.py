"""A small module whose records are approved: a paper through three levels, its extension while work goes on, a sum by amount."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Choice,
    ClockMemory,
    Context,
    Fen,
    Form,
    Herald,
    Level,
    Line,
    Listener,
    Manifest,
    Record,
    Resource,
    RoleDefault,
    Workflow,
    asked,
    clock_memory,
    field,
    hookimpl,
    translator,
)
from pydantic import BaseModel
from sqlalchemy.orm import Mapped

_ = translator(__name__)


class State(Choice):
    DRAFT = "draft", _("Draft")
    COSIGN = "cosign", _("Co-sign")
    CHECK = "check", _("Check")
    APPROVE = "approve", _("Approve")
    VALID = "valid", _("Valid")
    GONE = "gone", _("Gone")


class Settings(BaseModel):
    hours: float = 8
    threshold: int = 100_000


class Sheet(Record, kind="sheets.sheet", label=_("Sheet"), number="SH"):
    status: Mapped[State] = field(
        _("Status"), default=State.DRAFT, create=False, edit=False, listed=True, filtered=True
    )
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True, default="x")
    amount: Mapped[Fen] = field(_("Amount"), default=0)
    drafter_id: Mapped[UUID | None] = field(_("Drafter"), widget="person", default=None)
    named_id: Mapped[UUID | None] = field(_("Named"), widget="person", default=None)
    secret_from: Mapped[UUID | None] = field(_("Secret from"), widget="person", default=None)
    until: Mapped[Line | None] = field(_("Until"), default=None, create=False, edit=False)
    approve_by: Mapped[dt.datetime | None] = field(_("Approve by"), default=None, create=False, edit=False)
    approve_late: Mapped[bool] = field(_("Approved late"), default=False, create=False, edit=False)
    timing: Mapped[ClockMemory | None] = clock_memory()


X = Context[Settings]
flow = Workflow(Sheet, Sheet.status, Settings)
drop = flow.step("drop", _("Drop"), (), State.GONE)


def release_levels(s: Sheet, x: X) -> Sequence[Level]:
    return [
        Level("cosign", _("Co-sign"), roles=("engineering_lead", "security_lead"), need="all", state=State.COSIGN),
        Level("check", _("Check"), roles=("quality",), state=State.CHECK, hours=16),
        Level("approve", _("Approve"), roles=("project_manager", "property_director"), state=State.APPROVE),
    ]


release = flow.approval(
    "release",
    _("Release"),
    sources=State.DRAFT,
    levels=release_levels,
    granted=State.VALID,
    returned=State.DRAFT,
    authors=lambda s, x: {s.drafter_id},
    due=Sheet.approve_by,
    late=Sheet.approve_late,
    hours=lambda settings: settings.hours,
)


class Extension(Form):
    until: Line = asked(_("Until"), default="later")


extension = flow.approval(
    "extension",
    _("Extension"),
    sources=(State.VALID, State.DRAFT),
    levels=lambda s, x: [
        Level("lead", _("Lead"), roles=("project_manager",)),
        Level("named", _("Named"), people=(s.named_id,), when=s.named_id is not None),
    ],
    form=Extension,
    editable=True,
)


@extension.when_granted
def extended(s: Sheet, x: X) -> State | None:
    s.until = "later"
    return None


@extension.when_returned
def not_extended(s: Sheet, x: X, reason: str) -> State | None:
    s.until = f"no: {reason}"
    return None


spending = flow.approval(
    "spending",
    _("Spending"),
    sources=State.DRAFT,
    levels=lambda s, x: [
        Level("company", _("Company"), roles=("general_manager",), when=s.amount > x.settings.threshold),
    ],
    granted=State.VALID,
    returned=State.DRAFT,
)

manifest = Manifest(name="sheets", version="0.0.1", label=_("Sheets"))
resource = Resource(
    Sheet,
    _("Sheets"),
    flow=flow,
    settings=Settings,
    title=Sheet.title,
    visible=lambda me: sa.func.coalesce(Sheet.secret_from != me.id, True),
)
ALL = tuple(p.name for p in resource.permissions())
TOLD: list[tuple[str, tuple[UUID, ...]]] = []


def hear(event: str, record: Any, people: Sequence[UUID] | None, x: Context[Any], facts: Any) -> None:
    TOLD.append((event.rpartition(".")[2], tuple(people or ())))


@hookimpl
def dougong_resources() -> tuple[Resource[Any], ...]:
    return (resource,)


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    posts = (
        "service_agent", "service_lead", "engineering_lead", "security_lead", "quality", "project_manager",
        "regional_director", "general_manager", "property_director",
    )  # fmt: skip
    plain = tuple(one for one in ALL if not one.endswith("_agree"))
    return [RoleDefault(post, plain if post in ("service_agent", "service_lead") else ALL) for post in posts]


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (Herald(hear), Listener(concerns=lambda record, x: False))
