"""A module whose records are opened because of others, and that gives rise to some itself: mends, and flaws found by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dougong import (
    Choice,
    Context,
    FollowUp,
    Line,
    Manifest,
    Record,
    Resource,
    RoleDefault,
    Source,
    Telling,
    Trigger,
    field,
    hookimpl,
    translator,
)
from sqlalchemy.orm import Mapped

_ = translator("dougong_mends")
manifest = Manifest("mends", "1.0", _("Mends"))


class Haste(Choice):
    NOW = "now", _("Now")
    SOON = "soon", _("Soon")


class Mend(Record, kind="mends.mend", label=_("Mend"), number="MD"):
    title: Mapped[Line] = field(_("Title"), listed=True)
    haste: Mapped[Haste] = field(_("Haste"), default=Haste.SOON)
    by: Mapped[Line | None] = field(_("By"), default=None)


class Flaw(Record, kind="mends.flaw", label=_("Flaw"), number="FL"):
    title: Mapped[Line] = field(_("Title"), listed=True)
    law: Mapped[Line] = field(_("Which rule it breaks"))  # a rule that opens it cannot know


def mend(told: Telling, source: Source, x: Context[Any]) -> Mapping[str, Any]:
    haste = Haste.NOW if told.severity == "critical" else Haste.SOON
    return {"title": told.title, "haste": haste.value, "by": f"{source.label} {source.number}"}


def flaw(told: Telling, source: Source, x: Context[Any]) -> Mapping[str, Any]:
    return {"title": told.title}


def tells(record: Mend, x: Context[Any]) -> Telling:
    return Telling(record.title)


@hookimpl
def dougong_resources() -> Any:
    return (Resource(Mend, _("Mends"), title=Mend.title), Resource(Flaw, _("Flaws"), title=Flaw.title))


@hookimpl
def dougong_contributions() -> Any:
    return (
        FollowUp("mends.mend", _("Mend"), Mend.kind, mend),
        FollowUp("mends.flaw", _("Flaw"), Flaw.kind, flaw),
        Trigger("mends.mend", _("A mend"), Mend.kind, ("create",), tells),
    )


@hookimpl
def dougong_roles() -> Any:
    return [
        RoleDefault("project_manager", ("mends.*",)),
        RoleDefault("quality", ("mends.mend.read", "mends.flaw.read")),
    ]
