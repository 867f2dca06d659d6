"""Pages that work without network: whose they are, what the phone asks when the network is back, and its worker.

A module marks such pages (``PageRoute(offline=True)``); the service worker (``static/worker.js``) keeps only answers marked
here, for one person, and ``static/outbox.js`` sends later what was done on them. Owns no page of a module and no queue: that
lies on the phone. What the server holds on to is that nothing queued by one person is taken in under another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from ..errors import Conflict
from ..words import translator
from .pages import page
from .routing import Route
from .security import phone_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..plugins.registry import Registry
    from .requests import Asked

_ = translator("dougong")

WHO = b"x-dougong-who"  # on what the phone sends: for whom it was queued
KEEP = "x-dougong-keep"  # on a page that the phone may keep: whose it is
WORKER = "core/worker.js"


class OtherPerson(Conflict):
    """What was queued by one person came in under the session of another."""

    def __init__(self) -> None:
        text = _("This was done by somebody else on this phone. It is sent when that person signs in again.")
        super().__init__(text, extra={"code": "other-person"})


@dataclass(frozen=True, slots=True)
class Words:
    """A page that is nothing but a few words, kept on the phone for when there is no network."""

    title: str
    text: str
    links: bool = True


def holder_of(asked: Asked) -> str:
    """The name under which a phone keeps what is this person's."""
    return phone_name(asked.app.config.secret, asked.snapshot.tenant, asked.person.id if asked.person else "")


def check_holder(asked: Asked) -> None:
    """Refuse what was queued for another person.

    :raises OtherPerson: the request says so itself; one that says nothing was not queued.
    """
    said = asked.headers.get(WHO)
    if said is not None and said.decode("latin-1") != holder_of(asked):
        raise OtherPerson


def mark(asked: Asked, response: Response) -> None:
    """Let the phone keep this page for the person it was made for."""
    if asked.person is not None and asked.session_id is not None and response.status_code == 200:
        response.headers[KEEP] = holder_of(asked)


async def worker(asked: Asked) -> Response:
    """``GET /worker.js``: at the root, so that its scope is the whole host; checked by the browser at every visit."""
    response = asked.app.themes.assets.respond(WORKER, b"", asked.headers)
    response.headers["cache-control"] = "no-cache"
    return response


async def session(asked: Asked) -> Response:
    """``GET /offline/session``: who is signed in, the token for sending, and the server's time."""
    asked.params()
    found = {"who": holder_of(asked), "csrf": asked.csrf, "now": asked.now.isoformat()}
    return Response(msgspec.json.encode(found), media_type="application/json")


async def words(asked: Asked) -> Response:
    """``GET /offline``: what stands in place of a page that the phone has not kept."""
    asked.params()
    text = _("This page is not kept on this phone. Open it again when there is network. What you did is safe on the phone.")
    return page(asked, "offline.html", Words(str(_("No network")), str(text)))


async def left(asked: Asked) -> Response:
    """``GET /offline/out``: what is said to whoever signs out without network."""
    asked.params()
    text = _(
        "The pages kept on this phone are deleted. The server could not be told: sign out once more when there is network."
        " What was not sent stays on the phone and is sent only when you sign in here again."
    )
    return page(asked, "offline.html", Words(str(_("Signed out on this phone only")), str(text), links=False))


def routes(registry: Registry, modules: frozenset[str]) -> Iterable[Route]:
    """The addresses of this part; the same for every company."""
    return [
        Route("GET", "/worker.js", worker, open=True),
        Route("GET", "/offline/session", session),
        Route("GET", "/offline", words, offline=True),
        Route("GET", "/offline/out", left, offline=True),
    ]
