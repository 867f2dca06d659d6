"""Who asks: from the cookie or the bearer token of a request to a person of the company.

Sessions and tokens themselves are in ``access``; here they meet a request. Every transaction asserts that what was
believed here still holds, so a session or token that ended elsewhere ends on the next request.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ..access import signin
from ..access.sessions import SessionView, token_of
from ..errors import Unauthorized
from ..tenancy.cells import Bound
from ..words import translator
from .security import SESSION_COOKIE

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

_noting: set[asyncio.Task[None]] = set()  # the loop itself keeps no strong reference to a task


async def identify(asked: Asked) -> None:
    """Find out who asks; nobody, where there is no cookie that holds.

    :raises Unauthorized: a bearer token is given and does not hold.
    """
    authorization = asked.headers.get(b"authorization")
    if authorization is not None:
        _by_token(asked, authorization)
        return
    cookie = asked.cookie(SESSION_COOKIE)
    if not cookie:
        return
    sessions = asked.app.sessions
    found = await sessions.session_of(asked.app.cell, asked.snapshot.tenant, cookie, asked.now)
    if found is None:
        return
    person = asked.snapshot.people.get(found.person)
    if person is None or not person.active:
        return
    asked.be(person, session_id=found.id)
    if found.due(asked.now):
        sessions.seen(found, asked.now)
        task = asyncio.create_task(asked.app.in_thread(_note, asked, found))
        _noting.add(task)
        task.add_done_callback(_noting.discard)


def _by_token(asked: Asked, authorization: bytes) -> None:
    scheme, _space, secret = authorization.decode("latin-1").partition(" ")
    token = token_of(asked.snapshot, secret.strip(), asked.now) if scheme.lower() == "bearer" else None
    person = asked.snapshot.people.get(token.person) if token else None
    if token is None or person is None or not person.active:
        raise Unauthorized(_("The access token is unknown, was taken back or has ended."))
    asked.be(person, scope=token.scope)
    asked.token_id = token.id


def _note(asked: Asked, found: SessionView) -> None:
    with asked.app.cell.session(Bound(found.tenant)) as session:
        signin.touch(session, found.id, asked.now)
