"""The bare ``localhost`` of a demo: its companies, their people and how to sign in as them. A real installation has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response

from .. import words
from ..words import translator
from .inputs import accepted
from .security import LOCALE_COOKIE, YEAR, cookie_name, set_cookie
from .views import Action, Card, CardsPage, Line, Shell, Value

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from .application import Application

_ = translator("dougong")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as. ``sites`` in words."""

    username: str
    name: str
    role: str
    sites: str
    password: str


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo company. :param host: without port, as in ``anhe.localhost``. :param text: its modules, in words.

    :param doors: label and path of what opens without signing in.
    """

    name: str
    host: str
    people: tuple[DemoPerson, ...]
    text: str = ""
    doors: tuple[tuple[str, str], ...] = ()


def page(app: Application, scope: Scope) -> Response:
    """The list. Links keep the port by which this page was reached."""
    assert app.landing is not None
    headers = dict(scope["headers"])
    cookies = cookie_parser(headers.get(b"cookie", b"").decode("latin-1"))
    chosen = cookies.get(cookie_name(LOCALE_COOKIE, scope["scheme"] == "https"))
    spoken = chosen if chosen in words.LOCALES else accepted(headers.get(b"accept-language", b"")) or words.DEFAULT_LOCALE
    words.locale.set(spoken)
    _host, colon, port = headers[b"host"].decode("ascii").rpartition(":")
    tail = f":{port}" if colon and port.isdigit() else ""
    cards = [_card(demo, f"{scope['scheme']}://{demo.host}{tail}") for demo in app.landing()]
    shown = CardsPage(
        title=str(_("Demo companies")),
        subtitle=str(_("Open a company and sign in as one of its people. The data is made up.")),
        cards=cards,
    )
    frame = Shell(
        company="斗拱 Dougong", locale=spoken, csrf="", path="/", request_id=scope["dougong.request_id"]
    )
    html = app.themes.render(app.themes.default, "cards.html", shell=frame, page=shown, appearance="auto")
    return Response(html, media_type="text/html")


async def choose_locale(scope: Scope, receive: Receive) -> Response:
    """``POST /preferences`` here: the language of this page, in this browser. There is nothing else to forge."""
    body = (await receive()).get("body", b"")
    spoken = dict(parse_qsl(body[:1000].decode("latin-1"))).get("locale")
    response = RedirectResponse("/", 303)
    if spoken in words.LOCALES:
        set_cookie(response, LOCALE_COOKIE, str(spoken), https=scope["scheme"] == "https", max_age=YEAR)
    return response


def _card(demo: Demo, address: str) -> Card:
    lines = [
        Line(
            f"{person.name} · {person.role}",
            small=f"{person.sites} · {_('user name')} {person.username}",
            href=f"{address}/signin?username={person.username}",
            icon="user",
            end=Value("text", person.password, title=str(_("Password"))),
        )
        for person in demo.people
    ]
    lines += [Line(label, path, f"{address}{path}", "phone") for label, path in demo.doors]
    return Card(demo.name, lines, text=demo.text, more=Action(address.partition("//")[2], address))
