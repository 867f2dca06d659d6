"""A company with people, behind the real application, and browsers that talk to it as ASGI."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from dougong.access.companies import NewSite, create_company
from dougong.access.passwords import hash_password
from dougong.access.signin import set_password
from dougong.access.store import Snapshots
from dougong.access.tables import Grant, Person, Role
from dougong.instant import now
from dougong.plugins.registry import Registry
from dougong.tenancy.cells import Bound, Cell
from dougong.tenancy.stored import new_id
from dougong.tenancy.tables import Site
from dougong.testing.server import Database
from dougong.web import account, offline, signin
from dougong.web.application import Application, RouteSource, plugin_pages
from dougong.web.pages import page
from dougong.web.requests import Asked, write
from dougong.web.routing import Route
from dougong.web.themes import Themes
from dougong.web.views import Card, CardsPage

PASSWORD = "a quiet stairwell"
HOST = "anhe.localhost"


class Browser:
    """Cookies of one host; asks synchronously. ``csrf`` is taken from the last page that had a form."""

    def __init__(self, app: Application, runner: asyncio.Runner, base: str) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=True, client=("192.0.2.7", 4711))
        self._client = httpx.AsyncClient(transport=transport, base_url=base)
        self._runner = runner
        self.csrf = ""

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = self._runner.run(self._client.request(method, path, **more))
        if found := re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text):
            self.csrf = found[1]
        return answer

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """A form, with the token of the last page."""
        return self.ask("POST", path, data={"csrf": self.csrf, **(data or {})}, **more)

    def sign_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        self.get("/signin")
        return self.post("/signin", {"username": username, "password": password})


@dataclass
class World:
    """One installation: a company ``anhe`` with 华东 → 安禾花园, 启程产业园, and a second company ``jinxiu``."""

    app: Application
    runner: asyncio.Runner
    owner: Cell
    tenant: UUID
    other: UUID
    people: dict[str, UUID] = field(default_factory=dict)

    def browser(self, host: str = HOST, scheme: str = "http") -> Browser:
        return Browser(self.app, self.runner, f"{scheme}://{host}")

    def do(self, fn: Callable[[Any], Any], tenant: UUID | None = None) -> Any:
        """Run something in a transaction of the company, as another process would."""
        with self.app.cell.session(Bound(tenant or self.tenant)) as session:
            return fn(session)


async def _home(asked: Asked) -> Any:
    return page(asked, "cards.html", CardsPage("Home", [Card("Site", text=str(asked.site or ""))]))


async def _probe(asked: Asked) -> Any:
    """An endpoint that answers from memory alone."""
    from starlette.responses import JSONResponse

    return JSONResponse({"person": asked.person.username if asked.person else None, "q": asked.params(("q",)).get("q")})


async def _body(asked: Asked) -> Any:
    from starlette.responses import JSONResponse

    return JSONResponse(await asked.json() if asked.is_api else dict(await asked.form()))


async def _twice(asked: Asked) -> Any:
    """Two units of work, between which this very request makes its snapshot stale."""
    from starlette.responses import JSONResponse

    def rename(session: Any) -> None:
        session.execute(sa.update(Site).where(Site.slug == "park").values(households=Site.households + 1))

    await write(asked, rename)
    await write(asked, rename)
    return JSONResponse({})


async def _broken(asked: Asked) -> Any:
    raise RuntimeError("the secret is 4711")


def probes(registry: Registry, modules: frozenset[str]) -> list[Route]:
    return [
        Route("GET", "/", _home),
        Route("GET", "/api/v1/probe", _probe),
        Route("POST", "/api/v1/probe", _body),
        Route("POST", "/probe", _body),
        Route("POST", "/api/v1/twice", _twice),
        Route("GET", "/broken", _broken),
        Route("GET", "/api/v1/broken", _broken),
    ]


SOURCES: tuple[RouteSource, ...] = (signin.routes, offline.routes, account.routes, plugin_pages, probes)


class Secrets:
    secret = bytes(range(32))


def _company(world: World) -> None:
    hashed = hash_password(PASSWORD)

    def fill(session: Any) -> None:
        sites = {s.slug: s.id for s in session.scalars(sa.select(Site))}
        roles = {r.slug: r.id for r in session.scalars(sa.select(Role))}
        for username, role, site in (("admin", "admin", "anhe"), ("agent", "service_agent", "garden"), ("gone", None, "")):
            person = Person(id=new_id(), username=username, name=f"{username} 人")
            session.add(person)
            session.flush()
            set_password(session, person, PASSWORD, now=now(), demo=True, hashed=hashed)
            world.people[username] = person.id
            if role:
                session.add(Grant(person_id=person.id, role_id=roles[role], site_id=sites[site]))

    world.do(fill)


@pytest.fixture(scope="module")
def world(shared_database: Database, registry: Registry) -> Iterator[World]:
    owner = Cell(shared_database.owner, pool=2)
    cell = Cell(shared_database.app, pool=4)
    sites = [
        NewSite("anhe", "安禾物业", type="company"),
        NewSite("east", "华东", "anhe", type="region"),
        NewSite("garden", "安禾花园", "east"),
        NewSite("park", "启程产业园", "east"),
    ]
    tenant = create_company(owner, registry, slug="anhe", name="安禾物业", hosts=[HOST], sites=sites)
    other = create_company(owner, registry, slug="jinxiu", name="锦绣物业", hosts=["jinxiu.localhost"])
    app = Application(
        cell=cell,
        registry=registry,
        snapshots=Snapshots(cell, registry),
        jobs=None,
        config=Secrets(),
        themes=Themes(registry.themes, {n: m.package for n, m in registry.modules.items()}),
        routes=SOURCES,
        threads=4,
        allow_demo=True,
    )
    with asyncio.Runner() as runner:
        runner.run(app.open())
        made = World(app, runner, owner, tenant, other)
        _company(made)
        yield made
        runner.run(app.close())
        owner.engine.dispose()
