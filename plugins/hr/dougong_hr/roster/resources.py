"""How shift kinds, rosters and swaps are shown."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Me, Resource, Tab, everybody, translator

from . import flow
from .choices import RosterState, ShiftState, SwapState
from .records import Change, Roster, Shift, Swap
from .settings import RosterSettings

_ = translator("dougong_hr")
GROUP = _("Shifts")


def _draft(me: Me) -> sa.ColumnElement[bool]:
    return Roster.status == RosterState.DRAFT


def _of_others(me: Me) -> sa.ColumnElement[bool]:
    return sa.not_(sa.or_(sa.func.coalesce(Swap.person_id == me.id, False), Swap.colleague_id == me.id))


shift: Resource[Shift] = Resource(
    Shift, _("Shifts"), group=GROUP, offices=True, flow=flow.shift_flow, settings=RosterSettings, icon="clock", title=Shift.title,
    create_label=_("Add a shift"),
    sections=(
        (_("Shift"), ("title", "sign", "post", "starts", "ends", "break_minutes")),
        (_("Needed"), ("least", "certificate")),
    ),
    relations={"mine": everybody},
    tabs=(Tab("used", _("In use"), lambda me: Shift.status == ShiftState.USED), Tab("all", _("All"), counted=False)),
    columns=("number", "title", "sign", "post", "starts", "ends", "least", "site_id", "status"),
)  # fmt: skip

roster: Resource[Roster] = Resource(
    Roster, _("Rosters"), group=GROUP, offices=True, flow=flow.roster_flow, settings=RosterSettings, icon="cal",
    title=Roster.month,
    create_label=_("Begin a roster"),
    sections=((_("Roster"), ("month", "note", "published_at")),),
    timeline=(Change,),
    relations={"mine": everybody},
    restricted=((_draft, f"{Roster.kind}.edit"),),
    tabs=(Tab("all", _("All")), Tab("draft", _("Being prepared"), lambda me: Roster.status == RosterState.DRAFT)),
    columns=("number", "month", "site_id", "status", "published_at"),
    likely={RosterState.DRAFT: ("publish",)},
)  # fmt: skip

swap: Resource[Swap] = Resource(
    Swap, _("Swaps"), group=GROUP, flow=flow.swap_flow, settings=RosterSettings, icon="people",
    sections=((_("Swap"), ("person_id", "day", "colleague_id", "colleague_day", "reason", "answer")),),
    relations={"mine": everybody},
    restricted=((_of_others, f"{Swap.kind}.approve"),),
    tabs=(
        Tab("open", _("Open"), lambda me: Swap.status.in_((SwapState.ASKED, SwapState.AGREED))),
        Tab("all", _("All"), counted=False),
    ),
    columns=("number", "person_id", "day", "colleague_id", "colleague_day", "status"),
    likely={SwapState.ASKED: ("agree", "decline"), SwapState.AGREED: ("approve", "reject")},
)  # fmt: skip

RESOURCES: tuple[Resource[Any], ...] = (roster, shift, swap)
