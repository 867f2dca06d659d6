"""The terms of all kinds of records, and what would be disposed of within the next thirty days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dougong import Asked, Context, field_set, page, translator, write
from dougong.views import Action, Card, CardsPage, Line, Value
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..choices import Ending
from ..disposal import SCHEDULE
from ..roles import TERMS
from ..terms import Holding, coming, holdings, without_term
from .frame import crumbs, href_of, moment, need, tabs, zone_of

_ = translator("dougong_privacy")

AHEAD = dt.timedelta(days=30)
SHOWN = 100  # of each kind


async def show(asked: Asked) -> Response:
    asked.params()

    def load(session: Session) -> CardsPage:
        x = asked.context(session, "privacy")
        need(x, TERMS)
        return _page(asked, x)

    return page(asked, "cards.html", await write(asked, load))


def _page(asked: Asked, x: Context[Any]) -> CardsPage:
    on, at = x.settings.dispose, SCHEDULE.next_time(x)
    words = _("Records whose term is over are disposed of every night, next on {at}.").format(
        at=moment(at, zone_of(x)).text if at else ""
    )
    if at is None:
        words = _("Nothing is disposed of: its schedule is paused. Here stands what would be.")
    off = _("Nothing is disposed of: it is switched off in the settings. Here stands what would be.")
    may = x.gate.may("core.settings.edit", x.snapshot.sites.root)
    actions = [Action(str(_("Settings")), "/admin/settings/privacy", "set")] if may else []
    return CardsPage(
        str(_("Terms")),
        [_terms(x), _coming(x), _kept(x)],
        subtitle=str(words if on else off),
        crumbs=crumbs(str(_("Terms"))),
        actions=actions,
        tabs=tabs(asked),
    )


def _terms(x: Context[Any]) -> Card:
    lines = []
    for one in holdings(x):
        small = str(_("Set by the company.") if one.own else one.declared.basis)
        if one.declared.duty:
            small += " " + str(_("The law demands it; a shorter term does not hold."))
        ends = "" if one.ending is Ending.KEEP else f" → {one.ending.label}"
        lines.append(Line(str(one.resource.label), small, None, one.resource.icon, Value("text", f"{one.words}{ends}")))
    return Card(str(_("How long records are kept")), lines, len(lines))


def _coming(x: Context[Any]) -> Card:
    zone, lines = zone_of(x), []
    for one, record, since in coming(x, x.now + AHEAD, SHOWN):
        day = since.astimezone(zone).date() if isinstance(since, dt.datetime) else since
        small = _("{what} since {day} · {then}").format(what=_field(x, one), day=day, then=one.ending.label)
        href = href_of(x, one.resource, record.id, record.site_id)
        site = x.snapshot.sites.node(record.site_id).name
        text = f"{one.resource.record.label} {record.number}"
        lines.append(Line(text, str(small), href, one.resource.icon, Value("text", site)))
    return Card(
        str(_("Within the next thirty days")),
        lines,
        len(lines),
        empty=str(_("No term ends within the next thirty days.")),
    )


def _field(x: Context[Any], one: Holding) -> str:
    shape = field_set(one.resource, x.snapshot).shown.get(one.declared.since)
    return str(shape.meta.label) if shape else one.declared.since


def _kept(x: Context[Any]) -> Card:
    lines = [Line(str(r.label), str(_("No term is declared")), None, r.icon) for r in without_term(x)]
    return Card(str(_("Kept for good")), lines, len(lines))
