"""Two companies with complaints in one running platform, shared by the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dougong.testing.clients import Client, Running, running
from dougong.testing.companies import Company, found_company

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.tenancy.cells import Cell
    from dougong.testing.server import Database

LIST = "/complaints/complaint"
UNKNOWN = "0190aaaa-0000-7000-8000-000000000000"
BODY: Mapping[str, Any] = {
    "site": "n1",
    "channel": "phone",
    "complainant_type": "owner",
    "complainant": "王女士",
    "phone": "13800005678",
    "room": "3-2-1801",
    "category": "water_leak",
    "location": "3号楼2单元1801",
    "statement": "卫生间顶棚渗水，第三次报修未根治",
    "severity": "minor",
    "urgency": "normal",
}
SECRETS = ("王女士", "13800005678", "3-2-1801", "卫生间顶棚渗水")


@dataclass
class House:
    """The platform with 安禾 and 锦绣; programs and browsers of their people."""

    platform: Running
    anhe: Company
    jinxiu: Company

    def program(self, username: str | None, company: Company | None = None) -> Client:
        return self.platform.program(company or self.anhe, username)

    def bearer(self, token: str, company: Company | None = None) -> Client:
        """A program with any token, at the address of a company."""
        host = (company or self.anhe).host
        return Client(self.platform, host, headers={"accept": "application/json", "authorization": f"Bearer {token}"})

    def scoped(self, username: str, *scope: str) -> Client:
        """A program whose token may do no more than ``scope``."""
        return self.bearer(self.anhe.token(username, scope))

    def register(self, by: str = "service_agent_n1", **over: Any) -> dict[str, Any]:
        body = {k: v for k, v in {**BODY, **over}.items() if v is not None}
        answer = self.program(by).api("POST", LIST, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def step(self, by: str, id: str, name: str, /, **body: Any) -> httpx.Response:
        """Read the record, then take a step with the version that was read."""
        program = self.program(by)
        found = program.api("GET", f"{LIST}/{id}")
        version = found.json()["row_version"] if found.status_code == 200 else 1
        return program.api("POST", f"{LIST}/{id}/transitions/{name}", body, version=version)


@pytest.fixture(scope="module")
def house(
    shared_database: Database, shared_cell: Cell, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    companies = [found_company(shared_database.owner, shared_cell, registry, slug) for slug in ("anhe", "jinxiu")]
    with running(shared_database, registry, tmp_path_factory.mktemp("home")) as platform:
        yield House(platform, *companies)
