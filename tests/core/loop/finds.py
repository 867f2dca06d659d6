"""A module whose records give rise to others: findings of some severity, one of which only few may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Choice,
    Context,
    Form,
    Line,
    Manifest,
    Me,
    Record,
    Resource,
    RoleDefault,
    Telling,
    Trigger,
    Workflow,
    field,
    hookimpl,
    translator,
)
from sqlalchemy.orm import Mapped

_ = translator("dougong_finds")
manifest = Manifest("finds", "1.0", _("Finds"))


class Grade(Choice):
    LIGHT = "light", _("Light")
    GRAVE = "grave", _("Grave")


class State(Choice):
    OPEN = "open", _("Open")
    KNOWN = "known", _("Known")


class Find(Record, kind="finds.find", label=_("Find"), number="FD"):
    status: Mapped[State] = field(_("Status"), default=State.OPEN, create=False, edit=False)
    title: Mapped[Line] = field(_("Title"), listed=True)
    grade: Mapped[Grade | None] = field(_("Grade"), default=None, filtered=True)
    witness: Mapped[Line | None] = field(_("Witness"), default=None, personal=True)
    against_id: Mapped[UUID | None] = field(_("Against"), widget="person", default=None)


flow = Workflow(Find, Find.status, Form)
look = flow.step("look", _("Look at it"), [State.OPEN, State.KNOWN], State.KNOWN)
again = flow.step("again", _("Look again"), [State.OPEN, State.KNOWN], State.KNOWN)


def seen(me: Me) -> sa.ColumnElement[bool]:
    return sa.or_(Find.against_id.is_(None), Find.against_id != me.id)


def tells(find: Find, x: Context[Any]) -> Telling:
    title = find.number if find.against_id else find.title
    return Telling(title, severity="critical" if find.grade is Grade.GRAVE else "minor")


resource = Resource(Find, _("Finds"), flow=flow, title=Find.title, visible=seen)


@hookimpl
def dougong_resources() -> Any:
    return (resource,)


@hookimpl
def dougong_contributions() -> Any:
    return (Trigger("finds.find", _("A find"), Find.kind, ("create", "look", "again"), tells, Find.grade.key),)


@hookimpl
def dougong_roles() -> Any:
    return [RoleDefault(post, ("finds.*",)) for post in ("service_agent", "project_manager", "quality")]
