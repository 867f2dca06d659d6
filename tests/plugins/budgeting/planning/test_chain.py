"""From a pasted sheet through four approvals to spending that is refused; and what the cells' address refuses."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import LINE

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

    from .conftest import Year


def test_a_pasted_year_is_approved_by_four_and_then_refuses_what_exceeds_it(year: Year, clock: Clock) -> None:
    pasted = [year.cell("5201", month, text="1,000.00") for month in range(1, 13)]
    saved = year.put(*pasted, year.cell("4001", 1, text="￥３０，０００"))
    assert saved.status_code == 200, saved.text
    assert (saved.json()["expense"], saved.json()["income"]) == (12 * 1000_00, 30_000_00)
    assert year.step("finance", "approve_submit").status_code == 200
    for username, state in zip(LINE, ("project", "finance", "region", "company"), strict=True):
        assert year.status() == state
        assert year.step("finance", "approve_agree").status_code in (403, 409), "nobody approves their own"
        assert year.put(year.cell("5201", 1, text="1"), by="finance").status_code == 409, "it is being approved"
        agreed = year.step(username, "approve_agree")
        assert agreed.status_code == 200, agreed.text
    assert year.status() == "active"
    assert year.put(year.cell("5201", 1, text="999999")).status_code == 409, "what binds is not changed"
    clock.at(dt.datetime(2027, 1, 6, 2, tzinfo=dt.UTC))
    spend = {"account": "5201", "posted_on": "2027-01-05", "text": "电梯维保", "site": "n1"}
    first = year.author.api("POST", "/budgeting/actual", {**spend, "amount": 12_000_00, "document": "FP-1"})
    assert first.status_code == 201, first.text
    beyond = year.author.api("POST", "/budgeting/actual", {**spend, "amount": 1, "document": "FP-2"})
    assert beyond.status_code == 409
    assert "5201" in beyond.text


def test_whoever_returns_it_returns_it_to_its_drawing_up(year: Year) -> None:
    year.put(year.cell("5201", 1, text="1000"))
    year.step("finance", "approve_submit")
    year.step(LINE[0], "approve_agree")
    assert year.step("finance2", "approve_return").status_code == 422, "a return says why"
    assert year.step("finance2", "approve_return", reason="维保费偏高").status_code == 200
    assert year.status() == "draft"
    assert year.put(year.cell("5201", 1, text="900")).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "一千二"},
        {"text": "1e30"},
        {"amount": 10**30},
        {"amount": 12.5},
        {"amount": True},
        {"text": "-100"},
        {"month": 13, "amount": 1},
        {},
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_written(year: Year, wrong: dict[str, Any]) -> None:
    answer = year.put(year.cell("5301", 1, amount=100), {**year.cell("5201", 2), **wrong})
    assert answer.status_code == 422, answer.text
    assert all("cells.1" in one["path"] for one in answer.json()["errors"])
    assert year.kept() == []


def test_two_who_change_a_cell_are_told_and_nothing_is_lost(year: Year) -> None:
    first = year.put(year.cell("5201", 1, amount=100, version=0)).json()["cells"][0]
    assert year.put(year.cell("5201", 1, amount=200, version=first["version"])).status_code == 200
    late = year.put(year.cell("5301", 1, amount=5), year.cell("5201", 1, amount=300, version=first["version"]))
    assert late.status_code == 409
    assert [one["amount"] for one in year.kept()] == [200]


def test_another_company_another_site_and_those_who_only_read(year: Year, other_company: Company) -> None:
    stranger = year.platform.program(other_company, "finance")
    for username in ("project_manager_s1", "client_n1"):
        assert year.put(year.cell("5201", 1, amount=1), by=username).status_code in (403, 404)
    assert stranger.api("GET", f"/budgeting/cells/{year.id}").status_code == 404
    assert (
        stranger.api("PUT", f"/budgeting/cells/{year.id}", {"cells": [year.cell("5201", 1, amount=1)]}).status_code
        == 404
    )
    assert year.put(year.cell("5201", 1, amount=1), by="regional_director_north").status_code == 403
    assert year.kept() == []
