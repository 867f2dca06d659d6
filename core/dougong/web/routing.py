"""Addresses: which endpoint answers which method and path.

Owns the table of routes and its look-up, nothing else: who may reach an address and what it answers is decided
elsewhere. A table is compiled once per set of modules and kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.responses import Response

    from .requests import Asked

    Endpoint = Callable[[Asked], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """One address.

    :param method: ``GET``, ``POST``, …; a ``GET`` answers ``HEAD`` too.
    :param pattern: a path; a segment ``{name}`` takes any one segment and hands it on as ``asked.path_params[name]``,
        a last segment ``{name...}`` takes all the rest.
    :param endpoint: ``async def endpoint(asked: Asked) -> Response``.
    :param open: reached without signing in.
    :param uploads: bytes that a form with files may have here, see ``asked.upload``; 0: no files.
    :param costly: much work for one request (a search, an export): counted per session against the company's rate.
    :param offline: a page that the phone may keep and show without network, see ``PageRoute``.
    """

    method: str
    pattern: str
    endpoint: Endpoint
    open: bool = False
    uploads: int = 0
    costly: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True)
class PageRoute:
    """An address of a plugin's own: ``path`` is below ``/<module>/``, without the leading slash.

    :param open: reached without signing in; ``asked.gate`` then raises, and the plugin answers for what it shows.
    :param api: below ``/api/v1/<module>/`` instead: answers JSON, and refusals are problem+json.
    :param uploads: bytes that a form with files may have here, see ``asked.upload``; 0: no files.
    :param describes: of an API address: its OpenAPI operation object, made per language when the description is.
    :param secret: what stands from its first ``{name}`` on is a secret (a link that opens without signing in): it is
        kept out of the log.
    :param costly: much work for one request (a search, an export): counted per session against the company's rate.
    :param offline: a page that the phone may keep and show without network, for the one person it was made for. It loads
        ``core/outbox.js`` and works by what it has; see the how-to "Let a page work offline".
    """

    path: str
    endpoint: Endpoint
    method: str = "GET"
    open: bool = False
    api: bool = False
    describes: Callable[[], Mapping[str, Any]] | None = None
    secret: bool = False
    uploads: int = 0
    costly: bool = False
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A route and the values of its named segments, or (without a route) the methods that this address does answer."""

    route: Route | None
    params: dict[str, str]
    allowed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Node:
    below: dict[str, _Node] = field(default_factory=dict)
    any: _Node | None = None
    rest: dict[str, Route] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)


class Routes:
    """A compiled table. A fixed path is one look-up; a path with names walks its segments, fixed segments first."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._exact: dict[str, dict[str, Route]] = {}
        self._root = _Node()
        for route in routes:
            self._add(route)

    def _add(self, route: Route) -> None:
        if "{" not in route.pattern:
            methods = self._exact.setdefault(route.pattern, {})
        else:
            node = self._root
            *segments, last = route.pattern[1:].split("/")
            for segment in segments:
                node = _step(node, segment)
            methods = node.rest if last.endswith("...}") else _step(node, last).routes
        if methods.setdefault(route.method, route) is not route:
            raise ValueError(f"two routes for {route.method} {route.pattern}")

    def find(self, method: str, path: str) -> Found | None:
        """The route of an address; None where no method answers there. ``path`` is percent-decoded, as ASGI gives it."""
        methods = self._exact.get(path)
        segments: list[str] = []
        if methods is None:
            segments = path[1:].split("/")
            methods = _walk(self._root, segments, 0)
        if methods is None:
            return None
        route = methods.get("GET" if method == "HEAD" else method)
        if route is None:
            return Found(None, {}, tuple(sorted({*methods, "HEAD"} if "GET" in methods else methods)))
        return Found(route, _named(route.pattern, segments) if segments else {})


def _step(node: _Node, segment: str) -> _Node:
    below = node.any if segment.startswith("{") else node.below.get(segment)
    if below is None:
        below = _Node()
        if segment.startswith("{"):
            node.any = below
        else:
            node.below[segment] = below
    return below


def _walk(node: _Node, segments: list[str], at: int) -> dict[str, Route] | None:
    if at == len(segments):
        return node.routes or None
    found = None
    if (below := node.below.get(segments[at])) is not None:
        found = _walk(below, segments, at + 1)
    if found is None and node.any is not None and segments[at]:
        found = _walk(node.any, segments, at + 1)
    return found or (node.rest if node.rest and segments[at] else None)


def _named(pattern: str, segments: list[str]) -> dict[str, str]:
    names = pattern[1:].split("/")
    values = {
        name[1:-1]: value
        for name, value in zip(names, segments, strict=False)
        if name.startswith("{") and not name.endswith("...}")
    }
    if names[-1].endswith("...}"):
        values[names[-1][1:-4]] = "/".join(segments[len(names) - 1 :])
    return values
