"""Two companies with the sample module behind the real application, and people who ask by browser or by token."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import httpx
import pytest
import time_machine
from dougong.access.passwords import hash_password
from dougong.access.signin import set_password
from dougong.access.store import Snapshots
from dougong.access.tables import Person
from dougong.instant import now
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Cell
from dougong.tenancy.files import Store
from dougong.testing.clients import PATIENCE
from dougong.testing.clock import MONDAY
from dougong.testing.companies import Company, found_company
from dougong.testing.server import Database
from dougong.testing.tables import create_tables
from dougong.web import account, admin, dashboard, router, signin
from dougong.web.application import Application, plugin_pages
from dougong.web.themes import Themes

from . import sample

PASSWORD = "a quiet stairwell"
THINGS = "/api/v1/sample/thing"
PEOPLE = {
    "manager": [("project_manager", "n1")],
    "manager_s": [("project_manager", "s1")],
    "agent": [("service_agent", "n1")],
    "agent_two": [("service_agent", "n1"), ("service_agent", "n2")],
    "director": [("property_director", "anhe")],
    "reader": [("quality", "n1")],
    "fitter": [],
    "keeper": [],
    "nobody": [],
}


class Asker:
    """One person at one host, by token (``api``) or as a browser with cookies."""

    def __init__(self, world: World, host: str, token: str | None) -> None:
        transport = httpx.ASGITransport(world.app, raise_app_exceptions=True)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.AsyncClient(transport=transport, base_url=f"http://{host}", headers=headers)
        self._runner, self.csrf = world.runner, ""

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = self._runner.run(self._client.request(method, path, **more))
        if found := re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text):
            self.csrf = found[1]
        return answer

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return self.ask("POST", path, json=body if body is not None else {}, **more)

    def patch(self, path: str, body: Any, version: object | None = None) -> httpx.Response:
        return self.ask("PATCH", path, json=body, headers={} if version is None else {"if-match": f'"{version}"'})

    def submit(self, path: str, data: dict[str, Any]) -> httpx.Response:
        """A form, with the token of the last page."""
        return self.ask("POST", path, data={"csrf": self.csrf, **data})


class World:
    """The running application with companies ``anhe`` and ``jinxiu``; in the latter no module is on."""

    def __init__(self, app: Application, runner: asyncio.Runner, anhe: Company, jinxiu: Company) -> None:
        self.app, self.runner, self.anhe, self.jinxiu = app, runner, anhe, jinxiu
        self._known: dict[tuple[str, str, bool], Asker] = {}

    def api(self, username: str | None, company: Company | None = None) -> Asker:
        company = company or self.anhe
        key = (company.slug, username or "", True)
        if key not in self._known:
            self._known[key] = Asker(self, company.host, company.token(username) if username else None)
        return self._known[key]

    def browser(self, username: str) -> Asker:
        key = (self.anhe.slug, username, False)
        if key not in self._known:
            made = self._known[key] = Asker(self, self.anhe.host, None)
            made.get("/signin")
            assert made.submit("/signin", {"username": username, "password": PASSWORD}).status_code == 303
        return self._known[key]

    def thing(self, username: str = "manager", site: str = "n1", **values: Any) -> dict[str, Any]:
        """A new thing, as the API gives it back."""
        body = {"title": "Lift stands", "category": "leak", "site": site, **values}
        answer = self.api(username).post(THINGS, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


@pytest.fixture(scope="module")
def sample_registry(registry: Registry) -> Registry:
    themes = [(name, one.module) for name, one in registry.plugins.items() if one.manifest.kind == "theme"]
    made = load([*themes, ("sample", sample)])
    assert not made.failures
    return made


@pytest.fixture(scope="module")
def _morning() -> Iterator[None]:
    """The module's time begins on a Monday morning and runs on: no day, week or month ends while its tests run."""
    with time_machine.travel(MONDAY, tick=True):
        yield


@pytest.fixture(scope="module")
def world(
    _morning: None, shared_database: Database, sample_registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    create_tables(shared_database.owner, "sample")
    cell = Cell(shared_database.app, pool=4)
    owner = shared_database.owner
    registry = sample_registry
    anhe = found_company(owner, cell, registry, "anhe", people=PEOPLE)
    others = {"manager": [("project_manager", "n1")], "director": [("property_director", "jinxiu")]}
    jinxiu = found_company(owner, cell, registry, "jinxiu", modules=[], people=others)
    anhe.grant("fitter", "technician", "n1", relation="mine")
    anhe.grant("keeper", "dormitory_keeper", "n1", relation="mine")
    hashed = hash_password(PASSWORD)
    with anhe.session() as session:
        for id in anhe.people.values():
            person = session.get(Person, (anhe.tenant, id))
            assert person is not None
            set_password(session, person, PASSWORD, now=now(), demo=True, hashed=hashed)

    class Secrets:
        secret = bytes(range(32))

    app = Application(
        cell=cell,
        registry=registry,
        snapshots=Snapshots(cell, registry),
        jobs=Jobs(registry.jobs),
        files=Store(str(tmp_path_factory.mktemp("files"))),
        config=Secrets(),
        themes=Themes(registry.themes, {n: m.package for n, m in registry.modules.items()}),
        routes=(signin.routes, account.routes, admin.routes, plugin_pages),
        records=router.routes_for,
        threads=4,
        allow_demo=True,
    )
    with patch.object(dashboard, "EACH", PATIENCE), asyncio.Runner() as runner:  # no part is left out on a busy machine
        runner.run(app.open())
        yield World(app, runner, anhe, jinxiu)
        runner.run(app.close())


def words(answer: httpx.Response) -> str:
    """The text of a page, without tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def hidden(answer: httpx.Response, name: str) -> str:
    """The value of a hidden input."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', answer.text)
    assert found, f"no hidden input {name}"
    return html.unescape(found[1])
