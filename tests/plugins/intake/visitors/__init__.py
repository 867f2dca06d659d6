"""A second module with a form for residents, as unlike a complaint as may be: no pictures, no anonymity, a day, a number."""

from __future__ import annotations

from typing import Any

from dougong import (
    Choice,
    Context,
    Day,
    Form,
    Line,
    Manifest,
    Phone,
    Progress,
    Prose,
    Record,
    ResidentForm,
    ResidentStep,
    Resource,
    RoleDefault,
    Told,
    Whole,
    Workflow,
    asked,
    field,
    hookimpl,
    translator,
)
from pydantic import BaseModel
from sqlalchemy.orm import Mapped

_ = translator("visitors")
manifest = Manifest("visitors", "1.0", _("Visitors"))


class State(Choice):
    EXPECTED = "expected", _("Expected")
    CANCELLED = "cancelled", _("Cancelled")


class Why(Choice):
    FAMILY = "family", _("Family")
    TRADE = "trade", _("Trade")


class Visit(Record, kind="visitors.visit", label=_("Visit"), number="FK"):
    status: Mapped[State] = field(_("Status"), default=State.EXPECTED, create=False, edit=False)
    why: Mapped[Why] = field(_("Why"))
    day: Mapped[Day] = field(_("Day"))
    people: Mapped[Whole | None] = field(_("People"), default=None)
    gate: Mapped[Line | None] = field(_("Gate"), default=None)
    host: Mapped[Line] = field(_("Host"), personal=True, mask="name")
    phone: Mapped[Phone | None] = field(_("Phone"), personal=True, mask="phone", default=None)
    heard: Mapped[Whole] = field(_("Times heard"), default=0, create=False, edit=False)


class Settings(BaseModel):
    pass


class Off(Form):
    reason: Prose = asked(_("Reason"))
    again: Day | None = asked(_("Another day"), default=None)


flow: Workflow[Visit, State, Settings] = Workflow(Visit, Visit.status, Settings)


@flow.on(_("Cancel"), State.EXPECTED, State.CANCELLED, form=Off)
def cancel(visit: Visit, form: Off, x: Context[Any]) -> None:
    """The reason is kept in the history by itself."""


def progress(visit: Visit, x: Context[Any]) -> Progress:
    return Progress(
        visit.status.label, "new", [Told(_("Announced"), visit.created_at)], [(_("Expected"), visit.created_at)]
    )


def heard(visit: Visit, x: Context[Any]) -> None:
    visit.heard += 1


form = ResidentForm(
    "announce",
    Visit,
    _("Announce a visitor"),
    asks=("why", "day", "people", "gate", "host", "phone"),
    contact=("host", "phone"),
    needed=("phone",),
    place=("", "gate"),
    progress=progress,
    said=heard,
    steps=(
        ResidentStep(
            "cancel",
            _("Call it off"),
            Off,
            lambda visit, x: visit.status is State.EXPECTED,
            lambda visit, f, x: x.take(visit, "cancel", reason=f.reason, again=f.again and str(f.again)),
        ),
    ),
)
resource = Resource(Visit, _("Visits"), flow=flow, settings=Settings)


@hookimpl
def dougong_resources() -> tuple[Resource[Any], ...]:
    return (resource,)


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_contributions() -> tuple[Any, ...]:
    return (form,)


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    return [RoleDefault("service_lead", ("visitors.visit.read",))]
