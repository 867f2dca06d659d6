"""The web application: from an ASGI request to the endpoint that answers it, through host, company, person and gate.

Owns the order of these steps and what a process keeps between requests. What an endpoint does, how a page looks
and what a person may is decided elsewhere. One round trip to the database asserts whatever was kept; an answer from
memory alone is asserted before it is sent.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
import structlog
from starlette.responses import Response

from .. import words
from ..access.sessions import Sessions
from ..errors import NotFound, Problem, Unauthorized
from ..instant import now
from ..tenancy.cells import Cell, Compiled, Lost, SignedOut, Stale, Suspended
from . import errors, flash, offline, plain
from .dashboard import Dashboards
from .hosts import LANDING, host_of
from .identity import identify
from .menu import Frames
from .metering import Meter
from .pages import company
from .requests import Asked
from .routing import PageRoute, Route, Routes
from .security import (
    GUEST_COOKIE,
    SAFE,
    SESSION_COOKIE,
    Forged,
    check_origin,
    keep_from_log,
    loggable,
    protect,
    sealed,
    set_cookie,
    token_holds,
)
from .themes import Themes
from .watch import Watch

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from ..access.snapshot import Snapshot
    from ..access.store import Snapshots
    from ..plugins.registry import Registry
    from ..scheduling.jobs import Jobs
    from ..tenancy.custom import AddedFields
    from ..tenancy.files import Store
    from .landing import Demo

log = structlog.get_logger("dougong.web")
T = TypeVar("T")

RouteSource = Callable[["Registry", frozenset[str]], Iterable[Route]]
RecordRoutes = Callable[["Registry", frozenset[str], "AddedFields"], Iterable[Route]]
_TRIES = 4  # a company whose set-up changes more often within one request has to wait a moment
_ASSERT = Compiled(sa.select(sa.literal(1)))
_KEPT_TABLES = 256
# Requests leave hardly any cycles, but the snapshots of many companies are long to walk: with Python's own thresholds a
# walk over 200 of them stopped a busy process for 0.2 s and all collecting took a fifth of a list page's time.
COLLECTED = (20_000, 20, 50)


class Settings(Protocol):
    """What the web needs of the installation's configuration."""

    @property
    def secret(self) -> bytes: ...

    @property
    def metrics(self) -> bool: ...


class Application:
    """One process's web application, callable as ASGI.

    :param routes: called once per set of enabled modules; together they give its addresses.
    :param records: the addresses of records; they depend on the fields that a company added, too.
    :param threads: how many units of work run at a time; no more than the cell has connections.
    :param allow_demo: whether the published passwords of the demo open anything.
    :param landing: the demo companies that the bare ``localhost`` lists; None in a real installation.
    :param files: where the files of records lie.
    :param ready: what is not ready, in words; empty when everything is (asked by ``/readyz``, in a thread).
    :param on_open, on_close: more to start and stop with the server (the worker).
    """

    def __init__(
        self,
        *,
        cell: Cell,
        registry: Registry,
        snapshots: Snapshots,
        jobs: Jobs | None,
        files: Store | None = None,
        config: Settings,
        themes: Themes,
        routes: Sequence[RouteSource],
        records: RecordRoutes | None = None,
        threads: int = 16,
        allow_demo: bool = False,
        landing: Callable[[], Sequence[Demo]] | None = None,
        ready: Callable[[], Sequence[str]] = tuple,
        on_open: Sequence[Callable[[], Any]] = (),
        on_close: Sequence[Callable[[], Any]] = (),
    ) -> None:
        self.cell, self.registry, self.snapshots, self.jobs = cell, registry, snapshots, jobs
        self.files = files
        self.config, self.themes, self.landing, self.ready = config, themes, landing, ready
        self.allow_demo = allow_demo
        self.frames, self.dashboards = Frames(), Dashboards()
        self.sessions = Sessions()
        self.meter = Meter()
        self.watch = Watch()
        for module, pages in registry.routes.items():
            for one in pages:
                if one.secret:
                    keep_from_log(f"/{module}/{one.path.partition('{')[0]}")
        self._sources, self._records = tuple(routes), records
        self._tables: dict[object, Routes] = {}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="dougong-write")
        self._on_open, self._on_close = on_open, on_close

    # ---- the process ----------------------------------------------------------------------------

    async def open(self) -> None:
        """Connect; to be awaited in the loop that serves."""
        gc.set_threshold(*COLLECTED)
        await self.cell.open()
        for start in self._on_open:
            await self.in_thread(start)

    async def close(self) -> None:
        """Finish what runs and disconnect."""
        for stop in self._on_close:
            await self.in_thread(stop)
        await self.watch.close()
        await self.cell.close()
        self._threads.shutdown()

    async def in_thread(self, fn: Callable[..., T], *args: Any) -> T:
        """Run blocking work beside the loop, with the same context (language)."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(context.run, fn, *args))

    async def refresh(self, asked: Asked) -> None:
        """Take the newest snapshot of the company, and judge this request's rights by it.

        :raises Suspended: the host is another company's by now; a move of a host raises the versions of both.
        """
        self.snapshots.forget_hosts()
        host = host_of(asked.scope["headers"])
        if host is None or await self._tenant(host) != asked.snapshot.tenant:
            raise Suspended(asked.request_id)
        get = partial(self.snapshots.get, asked.snapshot.tenant, newer_than=asked.snapshot.version)
        asked.judge_by(await self.in_thread(get))

    def routes(self, snapshot: Snapshot) -> Routes:
        """The addresses of a company with these modules and fields of its own: compiled once, then kept."""
        table = self._tables.get(snapshot.shape)
        if table is None:
            if len(self._tables) >= _KEPT_TABLES:
                self._tables.clear()
            found = [route for source in self._sources for route in source(self.registry, snapshot.modules)]
            if self._records is not None:
                found += self._records(self.registry, snapshot.modules, snapshot.rows.custom)
            table = self._tables[snapshot.shape] = Routes(found)
        return table

    # ---- a request ------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"unsupported scope {scope['type']!r}")
        scope["dougong.request_id"] = request_id = f"req-{token_hex(8)}"
        spoken = words.locale.set(words.DEFAULT_LOCALE)
        try:
            response = await self._respond(scope, receive)
            protect(response, https=scope["scheme"] == "https", request_id=request_id)
            if scope["method"] == "HEAD":
                response.body = b""
            await response(scope, receive, send)
        finally:
            words.locale.reset(spoken)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.open()
        except Exception as error:  # whatever keeps it from starting: said to the server, which then ends
            log.error("start failed", exc_info=error)
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        """What needs no company first; then the company's host."""
        path: str = scope["path"]
        try:
            if path in plain.HEALTH:
                return await plain.HEALTH[path](self)
            host = host_of(scope["headers"])
            tenant = await self._tenant(host) if host else None
            if tenant is None:
                return await plain.unknown(self, scope, receive, landing=host in LANDING)
            if path.startswith("/static/"):
                return plain.static(self, scope)
            if path == "/brand.css":
                return plain.brand(scope)
            snapshot = await self._snapshot(tenant)
            if snapshot is None:
                return plain.nothing(scope)
            if snapshot.status != "active":
                return plain.suspended(scope)
            asked = Asked(self, scope, receive, snapshot, now=now())
        except Suspended:
            return plain.suspended(scope)
        except Lost as error:
            return plain.unavailable(scope, error)
        except Exception as error:  # whatever it is: logged, and told as nothing but a fault
            return plain.fault(scope, error)
        try:
            return await self._answer(asked)
        finally:
            await asked.close()

    async def _tenant(self, host: str) -> UUID | None:
        known, tenant = self.snapshots.peek_host(host)
        return tenant if known else await self.in_thread(self.snapshots.tenant_of, host)

    async def _snapshot(self, tenant: UUID) -> Snapshot | None:
        """The company's snapshot; None where it was deleted and only its host is not yet forgotten here."""
        snapshot = self.snapshots.peek(tenant)
        if snapshot is None:
            try:
                snapshot = await self.in_thread(self.snapshots.get, tenant)
            except LookupError:
                return None
        return snapshot

    async def _answer(self, asked: Asked) -> Response:
        """The endpoint's response, or its error as a page or problem; cookies go along."""
        try:
            response = await self._judged(asked)
        except Suspended:
            self.snapshots.drop(asked.snapshot.tenant)
            return plain.suspended(asked.scope)
        except SignedOut:
            response = self._signed_out(asked)
        except Exception as error:  # Problems become pages; anything else is logged by ``answer``
            try:
                response = errors.answer(asked, error)
            except Exception as second:  # the error page itself fails: log both, say it plainly
                log.error("request failed", request=asked.request_id, path=loggable(asked.path), exc_info=error)
                return plain.fault(asked.scope, second)
        if asked.flashes or asked.shown_flashes:
            flash.carry(asked, response)
        if asked.spent is not None:
            asked.spent.tell(response)
        if asked.new_guest is not None:
            value = sealed(self.config.secret, "guest", asked.new_guest)
            set_cookie(response, GUEST_COOKIE, value, https=asked.https)
        return response

    def _signed_out(self, asked: Asked) -> Response:
        if asked.session_id is not None:
            self.sessions.drop(asked.snapshot.tenant, asked.session_id)
        asked.person, asked.session_id = None, None
        response = errors.answer(asked, Unauthorized())
        set_cookie(response, SESSION_COOKIE, "", https=asked.https, max_age=0)
        return response

    async def _judged(self, asked: Asked) -> Response:
        """Answer by a snapshot that a transaction of this request found fresh; where it was not, begin again.

        Endpoints write in one transaction, whose begin is what finds the snapshot stale: nothing is done twice.
        """
        for _try in range(_TRIES):
            try:
                try:
                    response = await self._once(asked)
                except Problem:
                    await self._assert(asked)  # a refusal out of an old memory would be a lie
                    raise
                await self._assert(asked)
                if asked.wrote and asked.person is not None and asked.method not in SAFE:
                    self.dashboards.forget(asked)
                return response
            except Stale:
                if asked.wrote:
                    break
                await self.refresh(asked)
        raise errors.changed_meanwhile()

    async def _assert(self, asked: Asked) -> None:
        if not asked.asserted and not asked.wrote:
            await self.cell.read(asked.bound, _ASSERT)

    async def _once(self, asked: Asked) -> Response:
        asked.begin_again()
        words.locale.set(asked.choose_locale())
        await identify(asked)
        if asked.person is not None and asked.person.locale:
            words.locale.set(asked.choose_locale())
        if asked.by_token:
            _count(asked, "token", asked.token_id)
        found = self.routes(asked.snapshot).find(asked.method, asked.path)
        route = found.route if found else None
        if asked.person is None and not (route and route.open):
            raise Unauthorized  # whatever the address: a stranger does not learn what exists
        if found is None:
            raise NotFound
        if route is None:
            raise errors.NotAllowed(extra={"allow": found.allowed})
        asked.room = route.uploads
        if asked.method not in SAFE and not asked.by_token:
            await _check_forgery(asked)
        if route.costly and asked.session_id is not None:
            _count(asked, "session", asked.session_id)
        asked.path_params = found.params
        if b"site=" in asked.scope["query_string"]:
            self._choose_site(asked)
        offline.check_holder(asked)
        response = await route.endpoint(asked)
        if route.offline:
            offline.mark(asked, response)
        return response

    def _choose_site(self, asked: Asked) -> None:
        """``?site=slug``: a site that this person has anything to do with. Any other does not exist for them."""
        slug = asked.query.get("site")
        if not slug or asked.person is None:
            return
        node = asked.snapshot.sites.by_slug.get(slug)
        if node is None or node.id not in self.frames.of(asked).permitted:
            raise NotFound
        asked.site = node.id


def _count(asked: Asked, name: str, holder: str) -> None:
    """Count a request against the company's rate for tokens, or for what is costly in a session."""
    rates = company(asked)
    if quota := rates.token_rate if name == "token" else rates.session_rate:
        asked.limit(name, holder, quota)


async def _check_forgery(asked: Asked) -> None:
    """Unsafe requests of browsers carry our token; a script's JSON may instead be vouched for by the browser itself."""
    vouched = check_origin(asked.headers)
    token = await asked.form_token()
    if token is not None:
        if not token_holds(asked.app.config.secret, asked.holder, token):
            raise Forged
    elif asked.has_form or not vouched:
        raise Forged


def plugin_pages(registry: Registry, modules: frozenset[str]) -> list[Route]:
    """The pages that plugins add below their own address."""

    def route(module: str, page: PageRoute) -> Route:
        base = f"/api/v1/{module}" if page.api else f"/{module}"
        path = f"{base}/{page.path}" if page.path else base
        return Route(page.method, path, page.endpoint, page.open, page.uploads, page.costly, page.offline)

    return [route(name, page) for name in registry.routes if name in modules for page in registry.routes[name]]

