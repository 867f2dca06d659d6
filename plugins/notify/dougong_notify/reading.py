"""A person's own messages: finding them, counting the unread, marking them read. Everything is judged by their rights
now: what they may not view (any more) is neither listed nor counted."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import BadRequest, Context, Event, Matter, NotFound, Record, translator

from .records import Message, Notice
from .wording import Said, events, own_templates, said, visible

_ = translator("dougong_notify")

PAGE = 30
COUNTED = 200  # unread messages that are looked at for the number at the bell
_BATCHES = 8
_CURSOR = re.compile(r"(\d{1,16})-([0-9a-f-]{36})")


@dataclass(frozen=True)
class Told:
    """A message with what it is about."""

    message: Message
    notice: Notice
    event: Event
    record: Record | Matter


def _mine(x: Context[Any]) -> sa.Select[Message, Notice]:
    return (
        sa.select(Message, Notice)
        .join(Notice, sa.and_(Notice.tenant_id == Message.tenant_id, Notice.id == Message.notice_id))
        .where(Message.tenant_id == x.tenant, Message.person_id == x.actor, Message.shown)
        .order_by(Message.at.desc(), Message.id.desc())
    )


def _judged(x: Context[Any], rows: list[Any]) -> list[Told]:
    known = events(x)
    seen = visible(x, [(n.record_kind, n.record_id) for _m, n in rows])
    return [
        Told(m, n, known[n.event], seen[n.record_kind, n.record_id])
        for m, n in rows
        if n.event in known and (n.record_kind, n.record_id) in seen
    ]


def cursor(at: dt.datetime, id: UUID) -> str:
    """Behind a row that is ordered by moment and id."""
    return f"{int(at.timestamp() * 1_000_000)}-{id}"


def behind(text: str) -> tuple[dt.datetime, UUID]:
    """:raises BadRequest: not one of our cursors."""
    found = _CURSOR.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(found[1]))
        return at, UUID(found[2])
    except (ValueError, OverflowError):
        raise BadRequest(
            _("The address of this page of the list is not valid any more. Go back to its beginning.")
        ) from None


def listing(x: Context[Any], *, unread: bool, after: str = "", most: int = PAGE) -> tuple[list[Told], str | None]:
    """A page of a person's messages, the newest first, and the cursor behind it; None where nothing follows.

    :raises BadRequest: ``after`` is none of our cursors.
    """
    query = _mine(x).limit(most * 2)
    if unread:
        query = query.where(Message.read_at.is_(None))
    found: list[Told] = []
    for _batch in range(_BATCHES):
        begin = query
        if after:
            at, id = behind(after)
            begin = query.where(sa.tuple_(Message.at, Message.id) < sa.tuple_(sa.literal(at), sa.literal(id)))
        rows = list(x.session.execute(begin))
        for one in _judged(x, rows):
            if len(found) == most:
                return found, cursor(found[-1].message.at, found[-1].message.id)
            found.append(one)
        if len(rows) < most * 2:
            return found, None
        after = cursor(rows[-1][0].at, rows[-1][0].id)
    return found, after


def unread(x: Context[Any]) -> int:
    """How many unread messages a person has, of the newest 200."""
    query = _mine(x).where(Message.read_at.is_(None)).limit(COUNTED)
    return len(_judged(x, list(x.session.execute(query))))


def one(x: Context[Any], id: UUID) -> Told:
    """A message of this person. :raises NotFound: not theirs, or about what they may not view."""
    rows = list(x.session.execute(_mine(x).where(Message.id == id)))
    found = _judged(x, rows)
    if not found:
        raise NotFound
    return found[0]


def mark(x: Context[Any], id: UUID, *, read: bool = True) -> Told:
    """Mark one message as read, or as unread again. :raises NotFound: as ``one``."""
    found = one(x, id)
    found.message.read_at = (found.message.read_at or x.now) if read else None
    return found


def mark_all(x: Context[Any]) -> int:
    """Mark all of a person's messages as read; how many of those that they may view that were."""
    count = unread(x)
    query = sa.update(Message).where(
        Message.tenant_id == x.tenant, Message.person_id == x.actor, Message.read_at.is_(None), Message.at <= x.now
    )
    x.session.execute(query.values(read_at=x.now))
    return count


def in_words(x: Context[Any], found: list[Told], language: str) -> list[Said]:
    own = own_templates(x)
    return [said(t.notice, t.event, t.record, x, own, language, outside=False) for t in found]
