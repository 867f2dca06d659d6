"""Assigned work and the entries of its timeline: assistants, progress, extensions asked for."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from dougong import (
    Child,
    ClockMemory,
    Day,
    Line,
    Prose,
    Record,
    Whole,
    clock_memory,
    field,
    recorded,
    translator,
)
from pydantic import Field
from sqlalchemy.orm import Mapped

from .choices import OPEN, Source, State

_ = translator("dougong_tasks")

ACCEPT, SIGN = "tasks.task.accept", "tasks.task.sign"


class Task(
    Record,
    kind="tasks.task",
    label=_("Task"),
    number="RW",
    scope="site",
    indexes=[("site_id", "status"), ("owner_id", "status"), ("assigner_id", "status")],
    sorts=("updated_at", "finish_by"),
):
    status: Mapped[State] = recorded(_("Status"), default=State.ASSIGNED, listed=True, filtered=True)
    title: Mapped[Line] = field(_("What is to be done"), listed=True, searched=True)
    statement: Mapped[Prose | None] = field(_("Description"), searched=True, default=None)
    source: Mapped[Source] = field(_("Source"), listed=True, filtered=True, start=Source.LEADER)
    occasion: Mapped[Line | None] = field(
        _("Occasion"), searched=True, default=None, help=_("The meeting, the letter or the visit it comes from.")
    )
    reference: Mapped[Line | None] = field(
        _("Reference"), searched=True, default=None, help=_("Number of the minutes, the letter or the document.")
    )
    criteria: Mapped[Prose] = field(_("Done when"), help=_("What the assigner will look at before signing."))
    owner_id: Mapped[UUID] = field(
        _("Responsible"), widget="person", may=ACCEPT, edit=False, listed=True, filtered=True, holds=OPEN
    )
    assigner_id: Mapped[UUID | None] = recorded(
        _("Assigned by"), widget="person", listed=True, filtered=True, holds=OPEN
    )
    deadline: Mapped[Day] = field(_("Deadline"), edit=False, filtered=True)
    asked_until: Mapped[Day | None] = recorded(_("Extension asked until"))
    extensions: Mapped[int] = recorded(_("Times extended"), default=0)
    returns: Mapped[int] = recorded(_("Times sent back"), default=0)
    percent: Mapped[int] = recorded(_("Progress"), default=0, unit=_("%"))
    result: Mapped[Prose | None] = recorded(_("What was done"))

    accept_by: Mapped[dt.datetime | None] = recorded(_("To be accepted by"))
    accepted_at: Mapped[dt.datetime | None] = recorded(_("Accepted at"))
    accept_late: Mapped[bool] = recorded(_("Accepted late"), default=False)
    finish_by: Mapped[dt.datetime | None] = recorded(_("To be done by"), listed=True)
    reported_at: Mapped[dt.datetime | None] = recorded(_("Reported done at"), filtered=True)
    finish_late: Mapped[bool] = recorded(_("Done late"), default=False, filtered=True)
    sign_by: Mapped[dt.datetime | None] = recorded(_("To be signed by"))
    signed_at: Mapped[dt.datetime | None] = recorded(_("Signed off at"), filtered=True)
    sign_late: Mapped[bool] = recorded(_("Signed late"), default=False)
    timing: Mapped[ClockMemory | None] = clock_memory()


Percent = Annotated[Whole, Field(ge=0, le=100)]


class Assistant(Child, kind="tasks.assistant", of=Task, label=_("Assistant"), indexes=[("person_id",)]):
    """Somebody who helps: sees the task and notes progress; answers for nothing."""

    person_id: Mapped[UUID] = field(_("Assistant"), widget="person", may=ACCEPT)


class Progress(Child, kind="tasks.progress", of=Task, label=_("Progress")):
    text: Mapped[Prose] = field(_("Progress"))
    percent: Mapped[Percent] = field(_("Done so far"), unit=_("%"))


class Extension(Child, kind="tasks.extension", of=Task, label=_("Extension")):
    """More time asked for. Only the assigner grants it."""

    until: Mapped[Day] = field(_("Until"))
    reason: Mapped[Prose] = field(_("Reason"))
