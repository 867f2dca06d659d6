"""How tasks are shown, who may do what, what people are told, what is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Board,
    Event,
    FollowUp,
    Grouping,
    Me,
    Measure,
    Permission,
    Report,
    Resource,
    RoleDefault,
    Tab,
    Telling,
    report_section,
    translator,
)
from dougong import Source as Origin

from .choices import OPEN, UNFINISHED, Source, State
from .flow import flow
from .records import Assistant, Extension, Progress, Task
from .relations import ALL, MINE, X, mine
from .settings import AssignedSettings

_ = translator("dougong_tasks")


def _mine(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(Task.owner_id == me.id, Task.status.in_(UNFINISHED))


def _to_sign(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(Task.assigner_id == me.id, Task.status == State.REPORTED)


def _overdue(me: Me) -> sa.ColumnElement[bool]:
    return resource.clock_is("overdue", me)


def _open(me: Me) -> sa.ColumnElement[bool]:
    return Task.status.in_(OPEN)


resource = Resource(
    Task,
    _("Tasks"),
    flow=flow,
    settings=AssignedSettings,
    icon="todo",
    title=Task.title,
    create_label=_("Assign a task"),
    sections=(
        (_("What is to be done"), ("title", "statement", "criteria", "source", "occasion", "reference")),
        (_("Who and until when"), ("owner_id", "assigner_id", "deadline", "asked_until")),
        (_("How it stands"), ("percent", "result", "extensions", "returns", "signed_at")),
    ),
    timeline=(Assistant, Progress, Extension),
    relations={MINE: mine},
    restricted=((lambda me: sa.not_(mine(me)), ALL),),
    tabs=(
        Tab("open", _("Open"), _open),
        Tab("mine", _("Mine"), _mine),
        Tab("sign", _("To sign"), _to_sign),
        Tab("overdue", _("Overdue"), _overdue),
        Tab("all", _("All")),
    ),
    columns=("number", "title", "source", "status", "site_id", "owner_id", "finish_by"),
    badges=("source",),
    steps=(State.ASSIGNED, State.ACCEPTED, State.DOING, State.REPORTED, State.SIGNED),
    likely={
        State.ASSIGNED: ("accept",),
        State.ACCEPTED: ("note", "report", "ask_extension"),
        State.DOING: ("report", "note", "ask_extension"),
        State.REPORTED: ("sign", "give_back"),
    },
    board=Board(columns=(State.ASSIGNED, State.ACCEPTED, State.DOING, State.REPORTED), shows=("owner_id", "site_id")),
    calendar="deadline",
    offices=True,
    group=_("Tasks"),
)  # fmt: skip

OF = Task.kind
_DO = (
    f"{OF}.read",
    f"{OF}.comment",
    f"{OF}.attach",
    *(f"{OF}.{s}" for s in ("accept", "note", "report", "ask_extension", "assist")),
)
_LEAD = (
    *_DO,
    f"{OF}.create",
    f"{OF}.edit",
    f"{OF}.moderate",
    *(f"{OF}.{s}" for s in ("sign", "give_back", "extend", "refuse_extension", "reassign", "cancel")),
)
_LEADERS = ("project_manager", "regional_director", "property_director", "general_manager")
_LEADS = (
    "service_lead",
    "engineering_lead",
    "cleaning_lead",
    "greening_lead",
    "security_lead",
    "quality",
    "hr",
    "finance",
)
_STAFF = ("service_agent", "technician", "control_room", "dormitory_keeper")
PERMISSIONS = (Permission(ALL, _("See tasks of others"), "tasks"),)
ROLES = (
    *(RoleDefault(post, (*_LEAD, ALL)) for post in _LEADERS),
    *(RoleDefault(post, _LEAD, relation=MINE) for post in _LEADS),
    *(RoleDefault(post, _DO, relation=MINE) for post in _STAFF),
)


def _owner(t: Task, x: X) -> Iterable[UUID | None]:
    return [t.owner_id]


def _assigner(t: Task, x: X) -> Iterable[UUID | None]:
    return [t.assigner_id]


def _both(t: Task, x: X) -> Iterable[UUID | None]:
    return [t.owner_id, t.assigner_id]


def _event(name: str, label: Any, title: Any, actions: tuple[str, ...], to: Any, urgent: bool = False) -> Event:
    return Event(f"tasks.{name}", label, title, OF, actions, to, _("{title}\n{site} · {status}"), urgent=urgent)


EVENTS = (
    _event("assigned", _("A task was assigned"), _("Task {number} is yours: please accept it"), ("create", "reassign"),
           _owner, True),
    _event("reported", _("A task was reported done"), _("Task {number} was reported done: please sign"), ("report",), _assigner),
    _event("asked", _("More time is asked for"), _("More time is asked for task {number}"), ("ask_extension",), _assigner),
    _event("answered", _("The assigner answered"), _("{person}: {action} · task {number}"),
           ("sign", "give_back", "extend", "refuse_extension", "cancel"), _owner),
    _event("commented", _("Somebody commented on a task"), _("{person} commented on task {number}"), ("comment",), _both),
)  # fmt: skip


def fill(telling: Telling, source: Origin, x: X) -> Mapping[str, Any]:
    """Form values of a task for what another module found: the one responsible there, else the project manager."""
    first = " ".join(telling.title.split())
    managers = x.who("project_manager", source.site_id)
    owner = telling.responsible or (managers[0].id if managers else None)
    settings = x.settings_of("tasks")
    return {
        "title": first if len(first) <= 200 else f"{first[:199]}…",
        "statement": telling.text or None,
        "criteria": str(_("{label} {number} is settled.").format(label=source.label, number=source.number)),
        "source": (Source.AUTHORITY if source.kind.startswith("liaison.") else Source.LEADER).value,
        "occasion": str(source.label),
        "reference": source.number,
        "owner_id": str(owner) if owner else None,
        "deadline": str(x.today(source.site_id) + dt.timedelta(days=settings.follow_days)),
    }


def _counted(me: Me) -> sa.ColumnElement[bool]:
    return Task.status == State.SIGNED


handling = Report(
    "handling",
    _("Tasks: done and late"),
    Task,
    measures=(
        Measure("volume", _("Tasks"), says=_("{value} tasks assigned"), unit=_("tasks")),
        Measure("signed", _("Signed off"), where=_counted, says=_("{value} signed off"), unit=_("tasks"), better="more"),
        Measure("overdue_now", _("Overdue now"), where=_overdue, says=_("{value} overdue now"), unit=_("tasks"), alarm=True),
        Measure(
            "in_time", _("Done in time"), "percent",
            where=resource.clock_rule("met", "completion"), of=resource.clock_rule("decided", "completion"), better="more",
        ),
    ),
    groupings=(Grouping("source"), Grouping("owner_id"), Grouping("site"), Grouping("area"), Grouping("month"), Grouping("week")),
    filters=("source",),
)  # fmt: skip

section = report_section(
    "tasks", _("Assigned work"), handling, ("volume", "signed", "overdue_now", "in_time"), order=60
)
CONTRIBUTIONS = (*EVENTS, handling, section, FollowUp("tasks.task", _("Task"), OF, fill))
