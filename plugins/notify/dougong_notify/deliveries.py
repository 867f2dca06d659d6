"""The log of what left the house: what was sent by which channel, what failed and why; and trying again by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from dougong import Asked, BadRequest, Context, Event, Lazy, NotFound, PageRoute, page, translator, write
from dougong.views import Action, Card, CardsPage, Column, Empty, Line, ListPage, Row, Tab, Value
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .choosing import channels
from .frame import DELIVERIES, MODULE, crumbs, need, tabs, zone_of
from .reading import behind, cursor
from .records import Delivery
from .sending import DELIVER, DROPPED, FAILED, HELD, SENT, WAITING

_ = translator("dougong_notify")

PATH = "/notify/deliveries"
PAGE = 50
_STATES: dict[str, tuple[Lazy, str]] = {
    WAITING: (_("waiting"), "info"),
    HELD: (_("held until quiet hours end"), "warn"),
    SENT: (_("sent"), "good"),
    FAILED: (_("failed"), "bad"),
    DROPPED: (_("dropped"), ""),
}
_PARTS = {"failed": (FAILED,), "open": (WAITING, HELD), "all": tuple(_STATES)}
_ABOUT = {"digest": _("Summary"), "code": _("Code"), "test": _("Test message")}


async def show(asked: Asked) -> Response:
    """``GET /notify/deliveries``."""
    need(asked, DELIVERIES)
    given = asked.params(("part", "after"))
    part = given.get("part", "all")
    if part not in _PARTS:
        raise BadRequest(_("There is no such part of this list."))

    def work(session: Session) -> tuple[list[Row], str | None]:
        x = asked.context(session, MODULE)
        query = sa.select(Delivery).where(Delivery.tenant_id == x.tenant, Delivery.state.in_(_PARTS[part]))
        if after := given.get("after"):
            at, id = behind(after)
            query = query.where(sa.tuple_(Delivery.created_at, Delivery.id) < sa.tuple_(sa.literal(at), sa.literal(id)))
        found = list(session.scalars(query.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(PAGE + 1)))
        rows = [_row(asked, x, one) for one in found[:PAGE]]
        last = found[PAGE - 1] if len(found) > PAGE else None
        return rows, cursor(last.created_at, last.id) if last else None

    rows, further = await write(asked, work)
    labels = {"all": _("All"), "open": _("Waiting"), "failed": _("Failed")}
    shown = ListPage(
        str(_("Deliveries")),
        [
            Column("event", str(_("What")), role="title"),
            Column("channel", str(_("Channel"))),
            Column("to", str(_("To"))),
            Column("state", str(_("State")), "tag"),
            Column("at", str(_("When"))),
            Column("error", str(_("Last error")), role="wide"),
        ],
        rows,
        actions=[Action(one.label, one.href) for one in tabs(asked) if not one.current],
        tabs=[Tab(str(label), f"{PATH}?part={name}", current=name == part) for name, label in labels.items()],
        search=False,
        next_href=f"{PATH}?{urlencode({'part': part, 'after': further})}" if further else None,
        empty=Empty(str(_("Nothing here.")), str(_("What is sent by e-mail or to groups is listed here."))),
    )
    return page(asked, "list.html", shown)


def _label(x: Context[Any], one: Delivery) -> str:
    if one.about in _ABOUT:
        return str(_ABOUT[one.about])
    known = {event.name: event for _module, event in x.contributed(Event)}
    return str(known[one.event].label) if one.event in known else str(one.event)


def _channel(x: Context[Any], one: Delivery) -> str:
    if one.channel == "robot":
        return str(_("Group robot"))
    known = channels(x).get(one.channel)
    return str(known.label) if known else one.channel


def _to(x: Context[Any], one: Delivery) -> str:
    person = x.snapshot.people.get(one.person_id) if one.person_id else None
    return f"{person.name} {one.hint}" if person else one.hint


def _state(one: Delivery) -> Value:
    label, tone = _STATES.get(one.state, (one.state, ""))
    return Value("tag", str(label), tone)


def _row(asked: Asked, x: Context[Any], one: Delivery) -> Row:
    when = (one.ended_at or one.due_at).astimezone(zone_of(asked))
    cells = [
        Value("text", _label(x, one)),
        Value("text", _channel(x, one)),
        Value("text", _to(x, one)),
        _state(one),
        Value("text", f"{when:%Y-%m-%d %H:%M}"),
        Value("text", one.error or "") if one.error else Value("empty", "–"),
    ]
    return Row(str(one.id), f"{PATH}/{one.id}", _label(x, one), cells)


def _found(asked: Asked, session: Session) -> Delivery:
    found = session.get(Delivery, (asked.snapshot.tenant, asked.uuid()), with_for_update=True)
    if found is None:
        raise NotFound
    return found


async def detail(asked: Asked) -> Response:
    """``GET /notify/deliveries/<id>``."""
    need(asked, DELIVERIES)
    asked.params()

    def work(session: Session) -> CardsPage:
        x, one = asked.context(session, MODULE), _found(asked, session)
        zone = zone_of(asked)

        def line(label: Lazy, text: str) -> Line:
            return Line(str(label), icon="info", end=Value("text", text))

        lines = [
            Line(str(_("State")), icon="info", end=_state(one)),
            line(_("Channel"), _channel(x, one)),
            line(_("To"), _to(x, one)),
            line(_("Tries"), str(one.tries)),
            line(_("Made"), f"{one.created_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"),
        ]
        if one.state in (WAITING, HELD):
            lines.append(line(_("Next try"), f"{one.due_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"))
        if one.ended_at:
            lines.append(line(_("Ended"), f"{one.ended_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"))
        cards = [Card(_label(x, one), lines)]
        if one.error:
            cards.append(Card(str(_("Last error")), text=one.error, tone="bad" if one.state == FAILED else ""))
        again = one.state in (FAILED, DROPPED, WAITING, HELD) and one.about != "code"
        actions = (
            [Action(str(_("Try again now")), f"{PATH}/{one.id}/retry", "undo", main=True, post=True)] if again else []
        )
        title = str(_("Delivery"))
        return CardsPage(
            title, cards, crumbs=crumbs((_("Deliveries"), PATH), (title, None)), actions=actions, tabs=tabs(asked)
        )

    return page(asked, "cards.html", await write(asked, work))


async def retry(asked: Asked) -> Response:
    """``POST /notify/deliveries/<id>/retry``: with the same key as before, so that nobody gets it twice who can tell."""
    need(asked, DELIVERIES)
    await asked.form()

    def work(session: Session) -> bool:
        x, one = asked.context(session, MODULE), _found(asked, session)
        if one.state == SENT or one.about == "code":
            return False
        one.state, one.tries, one.due_at, one.ended_at = WAITING, 0, x.now, None
        x.enqueue(DELIVER, delivery=one.id)
        return True

    if await write(asked, work):
        asked.flash(_("It is tried again now."))
    else:
        asked.flash(_("It was sent already."), "warn")
    return RedirectResponse(f"{PATH}/{asked.uuid()}", 303)


ROUTES = (
    PageRoute("deliveries", show),
    PageRoute("deliveries/{id}", detail),
    PageRoute("deliveries/{id}/retry", retry, "POST"),
)
