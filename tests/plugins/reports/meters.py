"""A module that reports something else than complaints: readings with money, ratings and a moment of their own."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import (
    Choice,
    Fen,
    Grouping,
    Line,
    Manifest,
    Me,
    Measure,
    Moment,
    Record,
    Report,
    Resource,
    RoleDefault,
    Whole,
    field,
    hookimpl,
    translator,
)
from pydantic import BaseModel
from sqlalchemy.orm import Mapped

_ = translator("dougong_meters")
manifest = Manifest("meters", "1.0", _("Meters"))


class Sort(Choice):
    WATER = "water", _("Water")
    POWER = "power", _("Power")


class Reading(Record, kind="meters.reading", label=_("Reading"), number="ME"):
    title: Mapped[Line] = field(_("Title"), listed=True)
    medium: Mapped[Sort | None] = field(_("Sort"), default=None, filtered=True)
    estimated: Mapped[bool] = field(_("Estimated"), default=False)
    read_at: Mapped[Moment | None] = field(_("Read at"), default=None, filtered=True)
    cost: Mapped[Fen | None] = field(_("Cost"), default=None)
    stars: Mapped[Whole | None] = field(_("Stars"), default=None)


def dear(me: Me) -> sa.ColumnElement[bool]:
    return Reading.cost > 10_000


def cost(me: Me) -> Any:
    return Reading.cost


def stars(me: Me) -> Any:
    return Reading.stars


report = Report(
    "costs",
    _("=Costs of meters"),  # a spreadsheet must not take it for a formula
    Reading,
    moment="read_at",
    measures=(
        Measure("readings", _("Readings"), says=_("{value} readings")),
        Measure("cost", _("Cost"), "money", value=cost),
        Measure("stars", _("Stars"), "rating", value=stars),
        Measure("dear", _("Dear"), "percent", where=dear, better="less"),
    ),
    groupings=(Grouping("medium"), Grouping("estimated"), Grouping("site"), Grouping("month"), Grouping("day")),
    filters=("medium",),
)


class Settings(BaseModel):
    pass


resource = Resource(Reading, _("Readings"), title=Reading.title, settings=Settings)


@hookimpl
def dougong_resources() -> Any:
    return (resource,)


@hookimpl
def dougong_settings() -> Any:
    return Settings


@hookimpl
def dougong_contributions() -> Any:
    return (report,)


@hookimpl
def dougong_roles() -> Any:
    return (RoleDefault("project_manager", ("meters.reading.read", "meters.reading.create")),)
