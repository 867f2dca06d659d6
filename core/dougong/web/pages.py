"""From a view object to an HTML response: the shell round it, the company's theme, compression.

Decides nothing about what a page says; that is in the object it is given.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from ..words import translator
from .flash import waiting
from .menu import menu, sites
from .routing import PageRoute
from .security import APPEARANCE_COOKIE, phone_name
from .views import Action, Flash, Shell, Tool

if TYPE_CHECKING:
    from ..tenancy.settings import CoreSettings
    from .requests import Asked

_ = translator("dougong")

SEARCH = "/search"
_NOBODY_WORKS = _(
    "Background work is not running: reminders, messages, imports and exports are waiting. Tell whoever runs Dougong."
)
_PACK_FROM = 1024  # bytes; below that gzip saves nothing worth its time
_LEVEL = 3  # measured on a 35.7 kB list: level 1 6.5 kB in 0.083 ms, 3 6.3 kB in 0.085 ms, 4 6.1 kB in 0.13 ms
APPEARANCES = ("auto", "light", "dark")


def company(asked: Asked) -> CoreSettings:
    """The company's own settings: brand, logo, theme, language, calendar."""
    return asked.snapshot.company


def shell(asked: Asked, primary: Action | None = None, above: str = "") -> Shell:
    """The frame of a page: for nobody yet, only the company; for a person, their menu and sites.

    :param above: where the way to the page begins.
    """
    own = company(asked)
    made = Shell(
        company=asked.snapshot.name,
        locale=asked.locale,
        csrf=asked.csrf,
        path=asked.path_and_query,
        request_id=asked.request_id,
        brand=own.brand,
        logo=own.logo,
        flashes=waiting(asked),
        primary=primary,
    )
    if asked.person is not None:
        made.person = asked.person.name
        frame = asked.app.frames.of(asked)
        made.menu, made.where = menu(asked, frame, above)
        made.search = SEARCH if frame.searched else None
        made.tools = [one for one in frame.slots["shell"] if isinstance(one, Tool)]
        made.sites, made.site_label = sites(asked, frame)
        made.overdue = asked.app.dashboards.overdue(asked)
        if asked.gate.may("core.jobs.read", None) and asked.app.watch.look(asked):
            made.flashes.append(Flash("bad", str(_NOBODY_WORKS)))
    return made


def page(asked: Asked, template: str, page: Any, status: int = 200, *, primary: Action | None = None) -> Response:
    """Draw a view object with the company's theme.

    :param template: ``list.html``, ``detail.html``, … or ``<module>/<name>.html`` of a plugin.
    :param page: one of ``dougong.views``; the template gets it as ``page``, the frame as ``shell``.
    :param primary: the phone's middle button.
    """
    frame = shell(asked, primary, _above(page))
    appearance = asked.cookie(APPEARANCE_COOKIE)
    html = asked.app.themes.render(
        company(asked).theme,
        template,
        shell=frame,
        page=page,
        appearance=appearance if appearance in APPEARANCES else APPEARANCES[0],
        who=phone_name(asked.app.config.secret, asked.snapshot.tenant, asked.person.id) if asked.person else "",
    )
    return packed(asked, html.encode(), "text/html; charset=utf-8", status)


def _above(page: Any) -> str:
    """The address of the list that a page's way begins at; empty: it has none, or begins at home."""
    crumbs = getattr(page, "crumbs", None)
    href = crumbs[0].href or "" if crumbs else ""
    return href.partition("?")[0].rstrip("/")


def packed(asked: Asked, body: bytes, media_type: str, status: int = 200) -> Response:
    """A response, compressed where that is worth it and the browser takes it."""
    headers = {"vary": "accept-encoding, cookie"}
    if len(body) >= _PACK_FROM and b"gzip" in asked.headers.get(b"accept-encoding", b""):
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
        body = packer.compress(body) + packer.flush()
        headers["content-encoding"] = "gzip"
    return Response(body, status, headers, media_type)


__all__ = ["APPEARANCES", "PageRoute", "company", "packed", "page", "shell"]
