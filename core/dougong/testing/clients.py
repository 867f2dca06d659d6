"""Clients for tests: the whole platform answers in this process, without a network and without a server.

A client is one browser of one person at one company, or one program with a token. Signing in costs no password
hash: the session or token is made as the sign-in would make it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar
from unittest.mock import patch

import httpx
import jinja2
from jinja2.bccache import Bucket

from ..access.signin import start
from ..app import build, parts
from ..config import Config
from ..instant import now
from ..plugins.registry import Registry
from ..web import dashboard
from ..web.application import Application
from ..web.security import SESSION_COOKIE
from .companies import Company
from .server import Database

PATIENCE = 60_000  # milliseconds
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
_DRAWN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])(?=[0-9]*[a-f])[0-9a-f]{16,}")


def legible(text: str) -> str:
    """The text of an answer without ids, form tokens and digests, in which any short number stands by chance now and then.

    For tests that a figure is *not* told: ``assert "1620" not in legible(answer.text)``. Digits alone stay, however many.
    """
    return _DRAWN.sub("…", text)


class Running:
    """The platform, opened in an event loop of its own.

    :ivar application: the ASGI application.
    """

    def __init__(self, application: Application, runner: asyncio.Runner) -> None:
        self.application, self.runner = application, runner

    def browser(self, company: Company | None, username: str | None = None, *, host: str | None = None) -> Client:
        """Somebody's browser, signed in; without a name nobody's."""
        client = Client(self, host or (company.host if company else "localhost"))
        if company and username:
            with company.session() as session:
                cookie, _session = start(session, company.people[username], agent="test", now=now())
            client.cookies.set(SESSION_COOKIE, cookie)
        return client

    def program(self, company: Company, username: str | None = None, *, host: str | None = None) -> Client:
        """A program with this person's bearer token (all that they may), speaking JSON; without a name without one."""
        headers = {"authorization": f"Bearer {company.token(username)}"} if username else {}
        return Client(self, host or company.host, headers={"accept": "application/json", **headers})


class Client:
    """Asks the application, synchronously. Keeps cookies and the last page's form token, follows no redirect."""

    def __init__(self, running: Running, host: str, headers: Mapping[str, str] | None = None) -> None:
        transport = httpx.ASGITransport(running.application, client=("192.0.2.1", 40000))
        self._http = httpx.AsyncClient(transport=transport, base_url=f"http://{host}", headers=dict(headers or {}))
        self._running = running
        self.csrf = ""

    @property
    def cookies(self) -> httpx.Cookies:
        return self._http.cookies

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        """Any request; ``more`` as httpx has it (``json=``, ``data=``, ``headers=``, ``params=``)."""
        answer = self._running.runner.run(self._http.request(method, address, **more))
        if found := _TOKEN.search(answer.text):
            self.csrf = found[1]
        return answer

    def get(self, address: str, **more: Any) -> httpx.Response:
        return self.ask("GET", address, **more)

    def post(self, address: str, data: Mapping[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form, with the form token of the last page seen."""
        return self.ask("POST", address, data={"csrf": self.csrf, **(data or {})}, **more)

    def api(
        self, method: str, address: str, body: Any = None, *, version: int | None = None, key: str | None = None
    ) -> httpx.Response:
        """A request to ``/api/v1`` + ``address``.

        :param body: sent as JSON. :param version: as ``If-Match``. :param key: as ``Idempotency-Key``.
        """
        headers = {} if version is None else {"if-match": f'"{version}"'}
        if key is not None:
            headers["idempotency-key"] = key
        if body is not None:
            headers["content-type"] = "application/json"
        content = None if body is None else json.dumps(body, default=str)
        return self.ask(method, f"/api/v1{address}", content=content, headers=headers)


class _Compiled(jinja2.BytecodeCache):
    """Templates are compiled once a process, not anew for the platform of each test.

    :param of: the environment: theme and language, since fixed words become part of what is compiled.
    """

    _kept: ClassVar[dict[tuple[Any, str, str], CodeType]] = {}

    def __init__(self, of: Any) -> None:
        self._of = of

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((self._of, bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[self._of, bucket.key, bucket.checksum] = bucket.code


@contextmanager
def running(database: Database, registry: Registry, home: Path) -> Iterator[Running]:
    """The whole platform on a test database, without a worker. No plugin's part of the start page is left out because the
    machine is busy: the test would not see why it is missing.
    """
    of = parts(Config(home=home), registry=registry, where=database.addresses)
    application = build(of, demo=True)
    modules = tuple(registry.modules)
    for (theme, spoken), environment in application.themes.environments.items():
        environment.bytecode_cache = _Compiled((theme, spoken, modules))
    with patch.object(dashboard, "EACH", PATIENCE), asyncio.Runner() as runner:
        runner.run(application.open())
        try:
            yield Running(application, runner)
        finally:
            runner.run(application.close())


__all__ = ["Client", "Running", "running"]
