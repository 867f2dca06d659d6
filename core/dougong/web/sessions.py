"""Who is signed in: from the cookie or the bearer token of a request to a person of the company.

Keeps what it read of sessions, so that a request costs no look-up; every transaction asserts that the session still
exists, so a session ended elsewhere ends on the next request here. Sign-in itself is in ``access``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from ..access import tables as t
from ..errors import Unauthorized
from ..tenancy.cells import Bound, Cell, Compiled
from ..words import translator
from .security import SESSION_COOKIE

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

IDLE = dt.timedelta(days=3)  # without a request for that long, a session has ended
TOUCH = dt.timedelta(minutes=5)  # how often "last seen" is written
_REMEMBERED = 20_000
_SESSION = Compiled(
    sa.select(t.Session.person_id, t.Session.expires_at, t.Session.seen_at).where(
        t.Session.tenant_id == sa.bindparam("tenant"), t.Session.id == sa.bindparam("id")
    )
)


@dataclass(slots=True)
class Known:
    person: UUID
    expires: dt.datetime
    seen: dt.datetime


def hashed(secret: str) -> str:
    """What is stored of a cookie or token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Sessions:
    """The sessions of the browsers that were here lately."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._known: OrderedDict[tuple[UUID, str], Known] = OrderedDict()
        self._writing: set[asyncio.Task[None]] = set()

    async def identify(self, asked: Asked) -> None:
        """Find out who asks; nobody, where there is no valid cookie.

        :raises Unauthorized: a bearer token is given and does not hold.
        """
        authorization = asked.headers.get(b"authorization")
        if authorization is not None:
            self._by_token(asked, authorization)
            return
        cookie = asked.cookie(SESSION_COOKIE)
        if not cookie:
            return
        id = hashed(cookie)
        known = await self._find(asked.snapshot.tenant, id)
        if known is None or known.expires <= asked.now or known.seen + IDLE <= asked.now:
            return
        person = asked.snapshot.people.get(known.person)
        if person is None or not person.active:
            return
        asked.be(person, session_id=id)
        if known.seen + TOUCH <= asked.now:
            known.seen = asked.now
            task = asyncio.create_task(asked.app.in_thread(self._touch, asked.snapshot.tenant, id, asked.now))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    def _by_token(self, asked: Asked, authorization: bytes) -> None:
        scheme, _space, secret = authorization.decode("latin-1").partition(" ")
        token = asked.snapshot.tokens.get(hashed(secret.strip())) if scheme.lower() == "bearer" else None
        if token is None or token.ends <= asked.now:
            raise Unauthorized(_("The access token is unknown, was taken back or has ended."))
        person = asked.snapshot.people.get(token.person)
        if person is None or not person.active:
            raise Unauthorized(_("The access token is unknown, was taken back or has ended."))
        asked.be(person, scope=token.scope)

    async def _find(self, tenant: UUID, id: str) -> Known | None:
        key = (tenant, id)
        known = self._known.get(key)
        if known is None:
            rows = await self._cell.read(Bound(tenant), _SESSION, tenant=tenant, id=id)
            if not rows:
                return None
            known = self._known[key] = Known(rows[0]["person_id"], rows[0]["expires_at"], rows[0]["seen_at"])
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known

    def drop(self, tenant: UUID, id: str) -> None:
        """Forget a session that has ended."""
        self._known.pop((tenant, id), None)

    def _touch(self, tenant: UUID, id: str, now: dt.datetime) -> None:
        with self._cell.session(Bound(tenant)) as session:
            session.execute(
                sa.update(t.Session).where(t.Session.tenant_id == tenant, t.Session.id == id).values(seen_at=now)
            )
