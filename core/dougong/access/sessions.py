"""Who a request's cookie or token belongs to, from memory where possible.

A session found here is believed only because the transaction's begin asserts that its row still exists (``cells``);
tokens lie in the snapshot, whose version is asserted. So neither outlives its end in any process.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from ..tenancy.cells import Bound, Cell, Compiled
from .secret import fingerprint
from .signin import IDLE, SEEN_EVERY
from .snapshot import Snapshot, TokenView
from .tables import Session
from .tokens import PREFIX

_ONE = Compiled(
    sa.select(Session.id, Session.person_id, Session.created_at, Session.seen_at, Session.expires_at).where(
        Session.tenant_id == sa.bindparam("tenant"), Session.id == sa.bindparam("session")
    )
)


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in browser. ``id`` goes into ``Bound.session``."""

    id: str
    tenant: UUID
    person: UUID
    created: dt.datetime
    seen: dt.datetime
    expires: dt.datetime

    def ended(self, now: dt.datetime, idle: dt.timedelta = IDLE) -> bool:
        return self.expires <= now or self.seen + idle <= now

    def due(self, now: dt.datetime) -> bool:
        """Is it time to note that it was used (``Sessions.seen`` here and ``signin.touch`` in the database)?"""
        return now - self.seen >= SEEN_EVERY


class Sessions:
    """The process's memory of sessions.

    :param size: most sessions kept, about 0.5 kB each.
    """

    def __init__(self, *, size: int = 50_000) -> None:
        self.size = size
        self._kept: OrderedDict[tuple[UUID, str], SessionView] = OrderedDict()

    async def session_of(
        self, cell: Cell, tenant: UUID, cookie: str, now: dt.datetime, *, idle: dt.timedelta = IDLE
    ) -> SessionView | None:
        """The session of a cookie's value; None where there is none or it has ended.

        :raises Suspended: the company is.
        """
        key = tenant, fingerprint(cookie)
        found = self._kept.get(key)
        if found is not None and not found.ended(now, idle):
            return found
        # Not known here, or idle as far as this process knows: another may have seen it since.
        rows = await cell.read(Bound(tenant), _ONE, tenant=tenant, session=key[1])
        found = SessionView(key[1], tenant, *list(rows[0])[1:]) if rows else None
        if found is None or found.ended(now, idle):
            self._kept.pop(key, None)
            return None
        self._kept[key] = found
        while len(self._kept) > self.size:
            self._kept.popitem(last=False)
        return found

    def seen(self, view: SessionView, now: dt.datetime) -> SessionView:
        """Remember that it was used, so that only one request notes it in the database."""
        newer = SessionView(view.id, view.tenant, view.person, view.created, now, view.expires)
        self._kept[view.tenant, view.id] = newer
        return newer

    def drop(self, tenant: UUID, session_id: str) -> None:
        """After ``SignedOut``, and after signing out here."""
        self._kept.pop((tenant, session_id), None)


def token_of(snapshot: Snapshot, bearer: str, now: dt.datetime) -> TokenView | None:
    """The token of a bearer value; None where it is unknown, revoked or over. No database: tokens are in the snapshot."""
    if not bearer.startswith(PREFIX):
        return None
    found = snapshot.tokens.get(fingerprint(bearer))
    return found if found is not None and now < found.ends else None
