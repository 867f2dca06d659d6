"""Answers that need no company and no theme: unknown hosts, suspended companies, health, static files, our own faults.

They are the same for everybody, in both languages, and tell nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import msgspec
import structlog
from starlette.responses import Response

from ..errors import NotFound
from ..scheduling import watching
from .security import loggable
from .static import FOREVER, colour

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from .application import Application

log = structlog.get_logger("dougong.web")

_PAGE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{zh}</title></head>
<body><main><h1>{zh}</h1><p>{zh_text}</p><h2 lang="en">{en}</h2><p lang="en">{en_text}</p></main></body></html>
"""
_NOTHING = ("没有这个页面", "请核对网址。", "Not found", "Please check the address.")
_SUSPENDED = (
    "服务已暂停",
    "该公司的服务目前暂停，请联系贵公司的系统管理员。",
    "Service suspended",
    "This company's service is suspended at present. Please ask your administrator.",
)
_UNAVAILABLE = (
    "暂时无法使用",
    "数据库没有应答，请稍后再试。",
    "Not available at this moment",
    "Try again in a moment.",
)
_FAULT = (
    "系统出错",
    "请稍后再试；若仍不行，请把编号 {number} 告诉管理员。",
    "Something went wrong on our side",
    "Try again in a moment. If it stays so, tell your administrator the number {number}.",
)


def _answer(scope: Scope, status: int, said: tuple[str, str, str, str]) -> Response:
    zh, zh_text, en, en_text = said
    if scope["path"].startswith("/api/"):
        body = {"type": "about:blank", "title": en, "status": status}
        if status != 404:
            body["detail"] = f"{en_text} {zh_text}"
        return Response(msgspec.json.encode(body), status, media_type="application/problem+json")
    return Response(_PAGE.format(zh=zh, zh_text=zh_text, en=en, en_text=en_text), status, media_type="text/html")


def nothing(scope: Scope) -> Response:
    """The one page of whatever does not exist outside companies."""
    return _answer(scope, 404, _NOTHING)


async def unknown(app: Application, scope: Scope, receive: Receive, *, landing: bool) -> Response:
    """A host that is no company's. Only in the demo does the bare ``localhost`` show more."""
    if landing and app.landing is not None:
        from .landing import choose_locale, page

        if scope["path"].startswith("/static/"):
            return static(app, scope)
        if scope["path"] == "/" and scope["method"] in ("GET", "HEAD"):
            return page(app, scope)
        if scope["path"] == "/preferences" and scope["method"] == "POST":
            return await choose_locale(scope, receive)
    return nothing(scope)


def suspended(scope: Scope) -> Response:
    """One page for every address of a company that is suspended."""
    response = _answer(scope, 503, _SUSPENDED)
    response.headers["retry-after"] = "3600"
    return response


def unavailable(scope: Scope, error: Exception) -> Response:
    """The database is not to be had, so that not even the company is known."""
    log.error("database lost", request=scope["dougong.request_id"], path=loggable(scope["path"]), exc_info=error)
    response = _answer(scope, 503, _UNAVAILABLE)
    response.headers["retry-after"] = "5"
    return response


def fault(scope: Scope, error: Exception) -> Response:
    """A fault of ours before, or instead of, a page: logged under the request's number."""
    number = scope["dougong.request_id"]
    log.error("request failed", request=number, path=loggable(scope["path"]), exc_info=error)
    zh, zh_text, en, en_text = _FAULT
    return _answer(scope, 500, (zh, zh_text.format(number=number), en, en_text.format(number=number)))


def static(app: Application, scope: Scope) -> Response:
    """``/static/<name>/…``: what themes and plugins ship; the same for every company."""
    if scope["method"] not in ("GET", "HEAD"):
        return Response(status_code=405, headers={"allow": "GET, HEAD"})
    path = scope["path"].removeprefix("/static/")
    try:
        return app.themes.assets.respond(path, scope["query_string"], dict(scope["headers"]))
    except NotFound:
        return _answer(scope, 404, _NOTHING)


def brand(scope: Scope) -> Response:
    """``/brand.css?c=rrggbb``: the one token that a company changes. The colour is in the address, so it keeps for ever."""
    found = colour(scope["query_string"].decode("latin-1").removeprefix("c="))
    if found is None:
        return nothing(scope)
    return Response(f":root{{--brand:{found}}}\n", headers={"cache-control": FOREVER}, media_type="text/css")


async def healthz(app: Application) -> Response:
    """The process is up and its loop turns."""
    return Response("ok\n", media_type="text/plain")


async def readyz(app: Application) -> Response:
    """The database answers and every migration was run; otherwise 503 with what is missing, in words."""
    try:
        missing = list(await app.in_thread(app.ready))
    except Exception as error:  # unreachable in whatever way: not ready, and the log says how
        log.warning("not ready", exc_info=error)
        missing = ["database: not reachable"]
    if missing:
        return Response("\n".join(missing) + "\n", 503, media_type="text/plain")
    return Response("ok\n", media_type="text/plain")


async def metrics(app: Application) -> Response:
    """Figures of the whole installation for Prometheus: only where ``DOUGONG_METRICS`` says so, else there is no such page.
    They tell nothing of any company."""
    if not app.config.metrics:
        return Response("not found\n", 404, media_type="text/plain")

    def asked() -> watching.Health:
        with app.cell.platform() as connection:
            return watching.health(connection)

    try:
        found = await app.in_thread(asked)
    except Exception as error:  # as for ``readyz``: the log says how
        log.warning("no metrics", exc_info=error)
        return Response("database: not reachable\n", 503, media_type="text/plain")
    return Response("".join(_metrics(found)), media_type="text/plain; version=0.0.4")


def _metrics(found: watching.Health) -> Iterator[str]:
    def age(since: dt.datetime | None) -> float:
        return max((found.at - since).total_seconds(), 0.0) if since else 0.0

    figures = {
        "workers": (found.workers, "Workers seen within two minutes."),
        "jobs_waiting": (found.waiting, "Jobs that could run now."),
        "jobs_waiting_seconds": (age(found.waiting_since), "For how long the oldest of them has waited."),
        "jobs_later": (found.later, "Jobs for a later time, those that are tried again among them."),
        "jobs_running": (found.running, "Jobs that run."),
        "jobs_failed": (found.failed, "Jobs that failed and are not tried again by themselves."),
        "due_late": (found.overdue, "Deadlines and schedules that are due and have not become jobs."),
        "due_late_seconds": (age(found.overdue_since), "For how long the oldest of them has been due."),
    }
    for name, (value, help) in figures.items():
        yield f"# HELP dougong_{name} {help}\n# TYPE dougong_{name} gauge\ndougong_{name} {value:g}\n"


HEALTH: dict[str, Callable[[Application], Awaitable[Response]]] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
