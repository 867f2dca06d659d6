"""A draft of one site, the people of the line, and short ways to its cells and steps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong_budgeting.planning import chart

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

LINE = ("project_manager_n1", "finance2", "regional_director_north", "property_director")


class Year:
    """A draft of one site, drawn up by finance; a colleague of theirs signs for finance."""

    def __init__(self, company: Company, platform: Running) -> None:
        self.company, self.platform = company, platform
        company.add_person("finance2", ("finance", "n1"))
        with company.acting("finance", "budgeting") as x:
            chart.take_over(x)
        listed = self.author.api("GET", "/budgeting/account?limit=100").json()["results"]
        self.accounts = {row["code"]: row["id"] for row in listed}
        self.id = self.draft("finance")

    @property
    def author(self) -> Client:
        return self.by("finance")

    def by(self, username: str) -> Client:
        return self.platform.program(self.company, username)

    def draft(self, username: str, **more: Any) -> str:
        """A draft that somebody draws up; its id."""
        body = {"year": 2027, "fee_mode": "lump", "scenario": "base", "area": 176400, "site": "n1", **more}
        made = self.by(username).api("POST", "/budgeting/budget", body)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    def put(self, *cells: dict[str, Any], by: str = "finance", id: str = "") -> Any:
        return self.by(by).api("PUT", f"/budgeting/cells/{id or self.id}", {"cells": list(cells)})

    def cell(self, code: str, month: int, **more: Any) -> dict[str, Any]:
        return {"account": self.accounts[code], "month": month, **more}

    def step(self, username: str, name: str, id: str = "", **body: Any) -> Any:
        return self.by(username).api("POST", f"/budgeting/budget/{id or self.id}/transitions/{name}", body)

    def read(self, id: str = "") -> dict[str, Any]:
        return dict(self.author.api("GET", f"/budgeting/budget/{id or self.id}").json())

    def status(self, id: str = "") -> str:
        return str(self.read(id)["status"])

    def kept(self, id: str = "") -> list[Any]:
        return list(self.author.api("GET", f"/budgeting/cells/{id or self.id}").json()["cells"])

    def amounts(self, id: str = "") -> dict[tuple[str, int], int]:
        """Fen by code and month, of cells that are not nothing."""
        codes = {account: code for code, account in self.accounts.items()}
        return {(codes[one["account"]], one["month"]): one["amount"] for one in self.kept(id) if one["amount"]}

    def to_the_company(self, id: str = "") -> None:
        """Submitted and signed by all but the last."""
        assert self.step("finance", "approve_submit", id).status_code == 200
        for username in LINE[:-1]:
            agreed = self.step(username, "approve_agree", id)
            assert agreed.status_code == 200, agreed.text

    def grant(self, id: str = "") -> None:
        """Submitted and signed by all."""
        self.to_the_company(id)
        agreed = self.step(LINE[-1], "approve_agree", id)
        assert agreed.status_code == 200, agreed.text


@pytest.fixture
def year(company: Company, platform: Running, clock: Clock) -> Year:
    clock.at(dt.datetime(2026, 12, 20, 2, tzinfo=dt.UTC))
    return Year(company, platform)
