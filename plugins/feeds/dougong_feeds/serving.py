"""The open address of a feed. Whoever knows the secret reads what its owner may see at that moment, and nothing else.

A link that was taken back, and one whose owner left or lost the right, answers as one that never was.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa
from dougong import Asked, Context, NotFound, PageRoute, write
from sqlalchemy.orm import Session
from starlette.responses import Response

from .events import calendar
from .making import MAKE, MODULE, digest
from .records import Feed
from .settings import Settings

_USED = dt.timedelta(hours=1)  # how exactly it is noted when a feed was last read
_TAIL = ".ics"


async def show(asked: Asked) -> Response:
    """The calendar, or 304 where the reader has it already."""
    asked.params()
    token = asked.path_params["token"]
    if not token.endswith(_TAIL):
        raise NotFound()
    held = digest(token.removesuffix(_TAIL))
    settings = asked.snapshot.settings(MODULE)
    assert isinstance(settings, Settings)
    asked.limit("feed", held, settings.rate)
    body = await write(asked, lambda session: _read(asked, session, held, settings))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, max-age=0, must-revalidate"}
    sent = asked.headers.get(b"if-none-match", b"").decode("latin-1")
    if tag in {one.strip().removeprefix("W/") for one in sent.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")


def _read(asked: Asked, session: Session, held: str, settings: Settings) -> bytes:
    feed = session.scalar(sa.select(Feed).where(Feed.tenant_id == asked.snapshot.tenant, Feed.digest == held))
    owner = asked.snapshot.people.get(feed.person_id) if feed else None
    if feed is None or owner is None or not owner.active:
        raise NotFound()
    gate = asked.snapshot.gate(owner.id, asked.now, only=None if feed.token_scope is None else tuple(feed.token_scope))
    x = Context(session, gate, settings, asked.now, asked.app.registry, asked.app.jobs)
    resource = x.registry.resources.get(feed.record_kind)
    if resource is None or resource.module not in x.snapshot.modules:
        raise NotFound()
    if not gate.scope(MAKE) or not gate.scope(resource.permission("read")):
        raise NotFound()
    site = next((value for name, value in feed.query if name == "site"), None)
    if site is not None and site not in x.snapshot.sites.by_slug:
        raise NotFound()  # without its site it would show more than was asked for
    if feed.used_at is None or feed.used_at < asked.now - _USED:
        feed.used_at = asked.now
    return calendar(x, feed, resource)


ROUTES = (PageRoute("{token}", show, open=True, secret=True),)
