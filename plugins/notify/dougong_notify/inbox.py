"""The inbox: page, bell's number, the link that marks as read; and the same for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dougong import Asked, BadRequest, Matter, PageRoute, page, translator, write
from dougong.views import Action, Card, CardsPage, Line, Tab, Value
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, RedirectResponse, Response

from . import reading
from .frame import MODULE, actions, zone_of
from .wording import Said, icon_of, path_of

_ = translator("dougong_notify")

_MOST = 100


def _tab(asked: Asked) -> str:
    tab = asked.query.get("tab", "unread")
    if tab not in ("unread", "all"):
        raise BadRequest(_("There is no such part of the inbox."))
    return tab


async def show(asked: Asked) -> Response:
    """``GET /notify/inbox``."""
    given = asked.params(("tab", "after"))
    tab = _tab(asked)

    def work(session: Session) -> tuple[list[reading.Told], list[Said], str | None, int]:
        x = asked.context(session, MODULE)
        found, behind = reading.listing(x, unread=tab == "unread", after=given.get("after", ""))
        return found, reading.in_words(x, found, asked.locale), behind, reading.unread(x)

    found, words, behind, count = await write(asked, work)
    lines = [_line(asked, one, said) for one, said in zip(found, words, strict=True)]
    nothing = _("Nothing unread.") if tab == "unread" else _("You have no messages yet.")
    older = (
        Action(str(_("Older messages")), f"/notify/inbox?{urlencode({'tab': tab, 'after': behind})}")
        if behind
        else None
    )
    tabs = [
        Tab(str(_("Unread")), "/notify/inbox", count, tab == "unread"),
        Tab(str(_("All")), "/notify/inbox?tab=all", current=tab == "all"),
    ]
    read_all = Action(str(_("Mark all as read")), "/notify/inbox/read", "check", post=True)
    shown = CardsPage(
        str(_("Inbox")),
        [Card(str(_("Unread") if tab == "unread" else _("All")), lines, more=older, empty=str(nothing))],
        actions=[*([read_all] if count else []), *actions(asked)],
        tabs=tabs,
    )
    return page(asked, "notify/inbox.html", shown)


def _line(asked: Asked, one: reading.Told, said: Said) -> Line:
    zone = zone_of(asked, one.record.site_id)
    unread = one.message.read_at is None
    mark = (
        [Action(str(_("Mark as read")), f"/notify/inbox/{one.message.id}/read", "check", post=True)] if unread else []
    )
    return Line(
        said.title,
        said.text,
        f"/notify/open/{one.message.id}",
        "bell" if one.event.urgent else icon_of(asked.app.registry, one.record),
        _when(one.message.at, zone, asked.now, urgent=one.event.urgent),
        mark,
    )


def _when(at: dt.datetime, zone: ZoneInfo, now: dt.datetime, *, urgent: bool) -> Value:
    here, today = at.astimezone(zone), now.astimezone(zone)
    form = "%H:%M" if here.date() == today.date() else "%m-%d %H:%M" if here.year == today.year else "%Y-%m-%d %H:%M"
    return Value("text", here.strftime(form), "urgent" if urgent else "", datetime=at.isoformat())


def _back(to: str) -> Response:
    return RedirectResponse(to, 303)


async def read_all(asked: Asked) -> Response:
    """``POST /notify/inbox/read``."""
    await asked.form()
    count = await write(asked, lambda session: reading.mark_all(asked.context(session, MODULE)))
    asked.flash(_("{n} messages are marked as read.").format(n=count))
    return _back("/notify/inbox")


async def read_one(asked: Asked) -> Response:
    """``POST /notify/inbox/<id>/read``."""
    await asked.form()
    id = asked.uuid()
    await write(asked, lambda session: _marked(asked, session, id))
    return _back("/notify/inbox")


def _marked(asked: Asked, session: Session, id: Any, *, read: bool = True) -> str:
    """Mark, and say where the record is: the objects themselves end with the transaction."""
    found = reading.mark(asked.context(session, MODULE), id, read=read)
    return path_of(asked.app.registry, found.record)


async def follow_link(asked: Asked) -> Response:
    """``GET /notify/open/<id>``: to what a message is about; it counts as read from then on."""
    asked.params()
    id = asked.uuid()
    return _back(await write(asked, lambda session: _marked(asked, session, id)))


async def count(asked: Asked) -> Response:
    """``GET /notify/count``: the number at the bell, asked for by a script after the page."""
    asked.params()
    n = await write(asked, lambda session: reading.unread(asked.context(session, MODULE)))
    return JSONResponse({"count": n}, headers={"cache-control": "no-store"})


# ---- for programs -----------------------------------------------------------------------------------


async def api_list(asked: Asked) -> Response:
    """``GET /api/v1/notify/inbox``."""
    given = asked.params(("tab", "after", "limit"))
    tab, limit = _tab(asked), given.get("limit", str(reading.PAGE))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 9 and 1 <= int(limit) <= _MOST):
        raise BadRequest(_("“limit” is a number from 1 to {most}.").format(most=_MOST))

    def work(session: Session) -> dict[str, Any]:
        x = asked.context(session, MODULE)
        found, behind = reading.listing(x, unread=tab == "unread", after=given.get("after", ""), most=int(limit))
        words = reading.in_words(x, found, asked.locale)
        return {"items": [_told(one, said) for one, said in zip(found, words, strict=True)], "next": behind}

    return JSONResponse(await write(asked, work))


def _told(one: reading.Told, said: Said) -> dict[str, Any]:
    read = one.message.read_at
    return {
        "id": str(one.message.id),
        "event": one.event.name,
        "kind": one.notice.record_kind,
        "record": str(one.record.id),
        "number": "" if isinstance(one.record, Matter) else one.record.number,
        "title": said.title,
        "text": said.text,
        "urgent": one.event.urgent,
        "at": one.message.at.astimezone(dt.UTC).isoformat(),
        "read_at": read.astimezone(dt.UTC).isoformat() if read else None,
    }


async def api_count(asked: Asked) -> Response:
    """``GET /api/v1/notify/count``."""
    return await count(asked)


async def api_read(asked: Asked) -> Response:
    """``POST /api/v1/notify/inbox/<id>/read`` and ``…/unread``."""
    id, read = asked.uuid(), asked.path.endswith("/read")
    await write(asked, lambda session: _marked(asked, session, id, read=read))
    return Response(status_code=204)


async def api_read_all(asked: Asked) -> Response:
    """``POST /api/v1/notify/inbox/read``."""
    n = await write(asked, lambda session: reading.mark_all(asked.context(session, MODULE)))
    return JSONResponse({"read": n})


def _operation(summary: Any, answer: str = "200", *, listed: bool = False) -> Any:
    def describes() -> dict[str, Any]:
        found: dict[str, Any] = {"summary": str(summary), "responses": {answer: {"description": str(summary)}}}
        if listed:
            found["parameters"] = [
                {"name": "tab", "in": "query", "schema": {"type": "string", "enum": ["unread", "all"]}},
                {"name": "after", "in": "query", "schema": {"type": "string"}},
                {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": _MOST}},
            ]
        return found

    return describes


ROUTES = (
    PageRoute("inbox", show),
    PageRoute("inbox/read", read_all, "POST"),
    PageRoute("inbox/{id}/read", read_one, "POST"),
    PageRoute("open/{id}", follow_link),
    PageRoute("count", count),
    PageRoute("inbox", api_list, api=True, describes=_operation(_("One's own messages"), listed=True)),
    PageRoute("count", api_count, api=True, describes=_operation(_("How many messages are unread"))),
    PageRoute("inbox/read", api_read_all, "POST", api=True, describes=_operation(_("Mark all as read"))),
    PageRoute("inbox/{id}/read", api_read, "POST", api=True, describes=_operation(_("Mark as read"), "204")),
    PageRoute("inbox/{id}/unread", api_read, "POST", api=True, describes=_operation(_("Mark as unread"), "204")),
)
