"""Two companies with two modules that know nothing of each other, behind the real application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.records.tables import History, Link
from dougong.tenancy.cells import Cell
from dougong.testing.clients import Client, Running, running
from dougong.testing.companies import Company, found_company
from dougong.testing.tables import create_tables

from . import finds, mends
from .finds import Find
from .mends import Flaw, Mend

FIND, MEND, FLAW = "/finds/find", "/mends/mend", "/mends/flaw"
RULE = {"trigger": "finds.find", "value": "grave", "opens": "mends.mend", "mode": "open"}


class World:
    """One company, asked by programs and browsers."""

    def __init__(self, platform: Running, company: Company) -> None:
        self.platform, self.company = platform, company

    def rules(self, *rules: dict[str, Any]) -> None:
        self.company.settings("core", follow_ups=list(rules))

    def program(self, by: str = "project_manager_n1") -> Client:
        return self.platform.program(self.company, by)

    def browser(self, by: str = "project_manager_n1") -> Client:
        return self.platform.browser(self.company, by)

    def make(self, path: str, by: str = "project_manager_n1", **body: Any) -> dict[str, Any]:
        answer = self.program(by).api("POST", path, {"site": "n1", **body})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def find(self, by: str = "project_manager_n1", **body: Any) -> dict[str, Any]:
        return self.make(FIND, by, **{"title": "Crack", "grade": "grave", **body})

    def all(self, path: str, by: str = "project_manager_n1") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.program(by).api("GET", path).json()["results"]
        return found

    def chain(self, path: str, id: Any, by: str = "project_manager_n1") -> list[str]:
        answer = self.program(by).api("GET", f"{path}/{id}/chain")
        assert answer.status_code == 200, answer.text
        return [one["number"] for one in answer.json()["results"]]

    def link(self, one: Any, other: Any, *, origin: bool = True) -> None:
        with self.company.acting(None) as x:
            x.link(one, other, origin=origin)

    def history(self, id: Any) -> list[History]:
        with self.company.session() as session:
            rows = session.scalars(
                sa.select(History).where(History.record_id == UUID(str(id))).order_by(History.id)
            ).all()
            session.expunge_all()
            return list(rows)


@pytest.fixture(scope="module")
def loop_registry(registry: Registry) -> Registry:
    themes = [(name, one.module) for name, one in registry.plugins.items() if one.manifest.kind == "theme"]
    made = load([*themes, ("finds", finds), ("mends", mends)])
    assert not made.failures, made.failures
    return made


@pytest.fixture(scope="module")
def loop_companies(shared_database: Any, shared_cell: Cell, loop_registry: Registry) -> list[Company]:
    for schema in ("finds", "mends"):
        create_tables(shared_database.owner, schema)
    return [found_company(shared_database.owner, shared_cell, loop_registry, slug) for slug in ("anhe", "jinxiu")]


@pytest.fixture(scope="module")
def loop_platform(
    shared_database: Any, loop_registry: Registry, loop_companies: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    home: Path = tmp_path_factory.mktemp("loop")
    with running(shared_database, loop_registry, home) as made:
        yield made


@pytest.fixture
def world(loop_platform: Running, loop_companies: list[Company]) -> Iterator[World]:
    yield World(loop_platform, loop_companies[0])
    for one in loop_companies:
        for module in ("finds", "mends"):
            one.switch(module, True)
        one.settings("core", follow_ups=[])
        with one.session() as session:
            for table in (Find, Mend, Flaw, Link):
                session.execute(sa.delete(table))


@pytest.fixture
def other(loop_platform: Running, loop_companies: list[Company]) -> World:
    return World(loop_platform, loop_companies[1])


def text(page: str) -> str:
    """What can be read on a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
