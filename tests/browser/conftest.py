"""One running platform for each module of tests that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from . import PATIENCE, living, walking

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.server import Database

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def world(
    browser: Browser, shared_database: Database, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[living.World]:
    """Both demo companies behind a real server, and browsers for their people."""
    with living.serving(shared_database, registry, tmp_path_factory.mktemp("home")) as port:
        made = living.World(browser, port)
        try:
            yield made
        finally:
            made.close()


@pytest.fixture(scope="module")
def house(
    browser: Browser, shared_database: Database, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[walking.House]:
    """A company whose people walk a route."""
    with walking.walking(browser, shared_database, registry, tmp_path_factory.mktemp("home")) as made:
        yield made
