"""The pytest plugin of the test kit: fixtures for Dougong's own tests and for everybody's plugins.

Registered by the entry point ``pytest11``, so that installing ``dougong[testing]`` is all there is to do. Imports the
platform only inside fixtures: a broken plugin must show as a failing test, not as a pytest that does not start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..plugins.registry import Registry
    from ..tenancy.cells import Cell
    from .clients import Client, Running
    from .clock import Clock
    from .companies import Company
    from .server import Database, TestServer

RUN = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """The main process gives the run its folder; xdist's workers find it in the environment."""
    from .server import VARIABLE, begin_run

    if not hasattr(config, "workerinput") and VARIABLE not in os.environ:
        config.stash[RUN] = begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """After the last test of all processes: stop the server and remove its folder."""
    from .server import end_run

    if folder := config.stash.get(RUN, None):
        end_run(folder)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """All installed plugins, loaded once. Override it to test with fewer, or with broken ones."""
    from ..plugins.loader import load

    return load()


@pytest.fixture(scope="session")
def test_server(request: pytest.FixtureRequest) -> TestServer:
    """The run's PostgreSQL (embedded, not durable), shared by all worker processes; its template has every migration."""
    from .server import VARIABLE, TestServer

    def migrate(owner_address: str) -> None:
        from ..migrations.runner import migrate as run

        run(owner_address, request.getfixturevalue("registry"))

    return TestServer(Path(os.environ[VARIABLE]), migrate)


@pytest.fixture
def database(test_server: TestServer) -> Iterator[Database]:
    """A fresh, migrated database for this test (about 0.1 s): a copy of the template, dropped afterwards."""
    with test_server.temporary() as made:
        yield made


@pytest.fixture(scope="module")
def shared_database(test_server: TestServer) -> Iterator[Database]:
    """As ``database``, but one for all tests of a module: for tests that make companies of their own, or only read."""
    with test_server.temporary() as made:
        yield made


@pytest.fixture
def empty_database(test_server: TestServer) -> Iterator[Database]:
    """A fresh database with the roles but without tables: for tests of migrations."""
    with test_server.temporary(bare=True) as made:
        yield made


@pytest.fixture
def cell(database: Database) -> Iterator[Cell]:
    """``database`` as the application sees it: as the role ``dougong_app``, behind row security."""
    with _cell(database) as made:
        yield made


@pytest.fixture(scope="module")
def shared_cell(shared_database: Database) -> Iterator[Cell]:
    """As ``cell``, on ``shared_database``."""
    with _cell(shared_database) as made:
        yield made


@contextmanager
def _cell(database: Database) -> Iterator[Cell]:
    from ..tenancy.cells import Cell

    cell = Cell(database.app, pool=4)
    try:
        yield cell
    finally:
        cell.engine.dispose()


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """Time stands still at 9:00 on a working Monday (Shanghai). ``clock.move(hours=3)`` and ``clock.at(…)`` change it,
    ``clock.run()`` runs what is due, ``clock.through(days=7)`` lets time pass with all that is due on the way, and
    ``clock.upcoming()`` shows what would fire."""
    from .clock import stopped

    with stopped(home=partial(_home, request), company=partial(_given, request, "company")) as made:
        yield made


def _home(request: pytest.FixtureRequest) -> Any:
    """What the test runs the jobs of: its platform, with the files that it keeps, its company, else its database."""
    if (platform := _given(request, "platform")) is not None:
        return platform.application
    if (company := _given(request, "company")) is not None:
        return company
    cell = _given(request, "cell") or _given(request, "shared_cell") or request.getfixturevalue("cell")
    return SimpleNamespace(cell=cell, registry=request.getfixturevalue("registry"))


def _given(request: pytest.FixtureRequest, name: str) -> Any:
    """A fixture that the test itself has asked for, directly or not."""
    return request.getfixturevalue(name) if name in request.fixturenames else None


@pytest.fixture
def make_company(database: Database, cell: Cell, registry: Registry) -> Callable[..., Company]:
    """Makes companies in ``database``: ``make_company("anhe", modules=["complaints"], people={…})``.

    The parameters are those of ``dougong.testing.companies.found_company``.
    """
    from .companies import found_company

    return partial(found_company, database.owner, cell, registry)


@pytest.fixture
def company(make_company: Callable[..., Company]) -> Company:
    """安禾: all modules, two regions with projects, every post held by somebody (see ``companies.everybody``)."""
    return make_company("anhe")


@pytest.fixture
def other_company(make_company: Callable[..., Company]) -> Company:
    """锦绣: a second company of the same shape in the same database, to prove isolation against."""
    return make_company("jinxiu")


@pytest.fixture
def platform(database: Database, registry: Registry, tmp_path: Path) -> Iterator[Running]:
    """The whole web application on ``database``: ``platform.browser(company, "admin")``, ``platform.program(…)``."""
    from .clients import running

    with running(database, registry, tmp_path / "home") as made:
        yield made


@pytest.fixture
def client(platform: Running, company: Company) -> Client:
    """A program with the administrator's token at ``company``: ``client.api("GET", "/complaints/complaint")``."""
    return platform.program(company, "admin")
