"""A small plugin with every kind of field and all three scopes, for the tests of pages and API."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Board,
    Child,
    Choice,
    Conflict,
    Context,
    Day,
    Deadline,
    Email,
    Fen,
    FieldError,
    Form,
    Invalid,
    Line,
    Manifest,
    Me,
    Moment,
    Permission,
    Phone,
    Prose,
    Record,
    Resource,
    RoleDefault,
    Tab,
    Whole,
    Workflow,
    asked,
    field,
    guard,
    hookimpl,
    ref,
    translator,
)
from pydantic import BaseModel
from sqlalchemy.orm import Mapped

_ = translator("dougong_sample")
IDENTITY = "sample.identity"

manifest = Manifest("sample", "1.0", _("Samples"))


class State(Choice):
    NEW = "new", _("New")
    DOING = "doing", _("Doing")
    HELD = "held", _("Held"), "hold"
    DONE = "done", _("Done")


class Colour(Choice):
    RED = "red", _("Red"), "bad"
    GREEN = "green", _("Green"), "good"
    BLUE = "blue", _("Blue")


class Settings(BaseModel):
    sorts: dict[str, str] = {"leak": "漏水", "noise": "噪音"}
    holds: int = 1


class Thing(
    Record,
    kind="sample.thing",
    label=_("Thing"),
    number="SA",
    sorts=("updated_at", "due_at", "title", "category", "price"),
):
    status: Mapped[State] = field(_("Status"), default=State.NEW, create=False, edit=False, listed=True, filtered=True)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True)
    text: Mapped[Prose | None] = field(_("Text"), default=None)
    category: Mapped[Line] = field(_("Sort"), vocabulary="sorts", listed=True, filtered=True)
    colour: Mapped[Colour | None] = field(_("Colour"), default=None, listed=True, filtered=True)
    phone: Mapped[Phone | None] = field(_("Phone"), personal=True, mask="phone", reads=IDENTITY, default=None)
    email: Mapped[Email | None] = field(_("E-mail"), personal=True, reads=IDENTITY, default=None)
    price: Mapped[Fen | None] = field(_("Price"), default=None, listed=True)
    pieces: Mapped[Whole | None] = field(_("Pieces"), default=None, filtered=True, unit=_("pcs"))
    day: Mapped[Day | None] = field(_("Day"), default=None, filtered=True)
    begins: Mapped[Moment | None] = field(_("Begins"), default=None)
    urgent: Mapped[bool] = field(_("Urgent"), default=False, filtered=True)
    owner_id: Mapped[UUID | None] = field(_("Owner"), widget="person", default=None, listed=True, filtered=True)
    against_id: Mapped[UUID | None] = field(_("Against"), widget="person", default=None)
    twin_id: Mapped[UUID | None] = ref("self", _("Twin"), default=None)
    due_at: Mapped[dt.datetime | None] = field(_("Due"), create=False, edit=False, default=None)
    done_at: Mapped[dt.datetime | None] = field(_("Done at"), create=False, edit=False, default=None)
    holds: Mapped[int] = field(_("Times held"), default=0, create=False, edit=False)


class Note(Child, kind="sample.note", of=Thing, label=_("Note")):
    text: Mapped[Prose] = field(_("Text"))
    caller: Mapped[Line | None] = field(_("Caller"), default=None, reads=IDENTITY)


class Notice(Record, kind="sample.notice", label=_("Notice"), number="NO", scope="company"):
    title: Mapped[Line] = field(_("Title"), listed=True)
    colour: Mapped[Colour] = field(_("Colour"), default=Colour.BLUE, filtered=True)
    day: Mapped[Day | None] = field(_("Day"), default=None)


class Contract(Record, kind="sample.contract", label=_("Contract"), number="CO", scope="sites"):
    title: Mapped[Line] = field(_("Title"), listed=True)


X = Context[Settings]
flow = Workflow(Thing, Thing.status, Settings)


@flow.creating
def begun(thing: Thing, x: X) -> None:
    thing.due_at = thing.created_at + dt.timedelta(hours=2)


@guard(_("Write a note first."))
def noted(thing: Thing, x: X) -> bool:
    return bool(x.children(thing, Note))


@guard(_("It was held often enough."))
def holds_left(thing: Thing, x: X) -> bool:
    return thing.holds < x.settings.holds


class Hold(Form):
    reason: Prose = asked(_("Reason"))
    until: Day = asked(_("Until"))


start = flow.step("start", _("Start"), State.NEW, State.DOING, asks=[Thing.owner_id])
at_once = flow.step("at_once", _("Done at once"), State.NEW, State.DONE, asks=[Thing.text])


@flow.on(_("Hold"), State.DOING, State.HELD, form=Hold, guards=[holds_left], icon="s-hold")
def hold(thing: Thing, form: Hold, x: X) -> None:
    if form.until <= x.now.date():
        raise Invalid(errors=(FieldError("until", _("must lie ahead")),))
    if form.reason == "never":
        raise Conflict(_("Not for this reason."))
    thing.holds += 1


go_on = flow.step("go_on", _("Go on"), State.HELD, State.DOING)


@flow.adding(_("Add note"), [State.NEW, State.DOING, State.HELD], Note)
def note(thing: Thing, made: Note, x: X) -> None: ...


class Nothing(Form):
    pass


@flow.on(_("Finish"), State.DOING, State.DONE, form=Nothing, guards=[noted])
def finish(thing: Thing, form: Nothing, x: X) -> None:
    thing.done_at = x.now


def not_against(me: Me) -> sa.ColumnElement[bool]:
    return sa.or_(Thing.against_id.is_(None), Thing.against_id != sa.all_(me.chain))


def mine(me: Me) -> sa.ColumnElement[bool]:
    return Thing.owner_id == me.id


thing = Resource(
    Thing,
    _("Things"),
    flow=flow,
    settings=Settings,
    title=Thing.title,
    create_label=_("Register a thing"),
    sections=(
        (_("What"), ("title", "text", "category", "colour", "urgent")),
        (_("Who"), ("phone", "email", "owner_id")),
    ),
    timeline=(Note,),
    visible=not_against,
    relations={"mine": mine},
    tabs=(
        Tab("open", _("Open"), lambda me: Thing.status.in_([State.NEW, State.DOING, State.HELD])),
        Tab("mine", _("Mine"), mine),
        Tab("all", _("All")),
    ),
    deadlines=(
        Deadline("done", _("Deadline"), due="due_at", done="done_at", states=frozenset({State.NEW, State.DOING})),
    ),
    badges=("colour",),
    steps=(State.NEW, State.DOING, State.DONE),
    also_create=(at_once,),
    signatures=(_("Handled by"),),
    board=Board(shows=("category", "owner_id")),
    calendar="begins",
)
notice = Resource(Notice, _("Notices"), settings=Settings, title=Notice.title, board=Board(by="colour"), calendar="day")
contract = Resource(Contract, _("Contracts"), settings=Settings)


@hookimpl
def dougong_resources() -> list[Resource[Any]]:
    return [thing, notice, contract]


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_permissions() -> list[Permission]:
    return [Permission(IDENTITY, _("See who called"), "sample")]


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    return [
        RoleDefault("project_manager", ("sample.*",)),
        RoleDefault("property_director", ("sample.*",)),
        RoleDefault(
            "service_agent",
            (
                "sample.thing.read", "sample.thing.create", "sample.thing.edit", "sample.thing.note",
                "sample.thing.start", "sample.notice.read", "sample.contract.read",
            ),
        ),
        RoleDefault("quality", ("sample.thing.read", "sample.notice.read")),
        RoleDefault("technician", ("sample.thing.read", "sample.thing.note"), relation="mine"),
        RoleDefault(
            "dormitory_keeper", ("sample.thing.read", "sample.thing.create", "sample.thing.at_once"), relation="mine"
        ),
    ]  # fmt: skip
