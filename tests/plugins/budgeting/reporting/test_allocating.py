"""Shared costs: parts that sum to the fen, posted everywhere or nowhere, by those alone who may post at every site; undone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong.tenancy.tables import Site
from dougong_budgeting.planning import chart
from dougong_budgeting.planning.records import Budget
from dougong_budgeting.spending.balances import Planned, open_balances
from dougong_budgeting.spending.dividing import divide
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

PLAN = (
    Planned("5501", [1_000_00] * 12, "hard"),
    Planned("5502", [1_000_00] * 12, "soft"),
    Planned("4001", [9_000_00] * 12, "none"),
)
HOMES = {"n1": 300, "n2": 200, "s1": 500}


@pytest.fixture
def year(company: Company, clock: Clock) -> Company:
    """Limits at three sites of two regions, their households known."""
    clock.at(dt.datetime(2026, 3, 25, 2, tzinfo=dt.UTC))
    with company.acting("finance", "budgeting") as x:
        chart.take_over(x)
        for site, homes in HOMES.items():
            open_balances(x, company.sites[site], 2026, PLAN)
            x.session.get_one(Site, (company.tenant, company.sites[site])).households = homes
        open_balances(x, company.sites[company.slug], 2026, [Planned("5501", [5_000_00] * 12, "hard")])
    return company


def prepare(by: Client, site: str, **more: Any) -> dict[str, Any]:
    body = {
        "site": site, "title": "总部法务费", "account": "5501", "amount": 1_000_01, "posted_on": "2026-03-10",
        "document": "FW-2026-03", "divided_by": "households", **more,
    }  # fmt: skip
    made = by.api("POST", "/budgeting/allocation", body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def step(by: Client, id: str, name: str, **body: Any) -> Any:
    return by.api("POST", f"/budgeting/allocation/{id}/transitions/{name}", body)


def spent(by: Client, site: str, account: str = "5501") -> int:
    told = by.api("GET", f"/budgeting/figures?year=2026&site={site}&of=site").json()
    return int(next(one["spent"] for one in told["accounts"] if one["code"] == account))


def parts(by: Client, id: str) -> dict[str, int]:
    found = by.api("GET", f"/budgeting/dividing/{id}").json()["parts"]
    return {one["site"]: one["amount"] for one in found}


def test_what_is_shown_before_is_what_is_posted_and_sums_to_the_fen(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    made = prepare(finance, year.slug)
    before = parts(finance, made["id"])
    assert before == {str(year.sites[s]): v for s, v in {"n1": 300_00, "n2": 200_00, "s1": 500_01}.items()}
    page = platform.browser(year, "finance").get(f"/budgeting/dividing/{made['id']}")
    assert page.status_code == 200, page.text
    assert "500.01" in page.text
    assert "5501 办公" in page.text, "nobody knows accounts by their codes alone"
    assert "5501 办公" in platform.browser(year, "finance").get(f"/budgeting/allocation/{made['id']}").text
    assert step(finance, made["id"], "distribute").status_code == 200
    assert parts(finance, made["id"]) == before
    assert {site: spent(finance, site) for site in HOMES} == {"n1": 300_00, "n2": 200_00, "s1": 500_01}
    listed = finance.api("GET", "/budgeting/actual?site=n1").json()["results"]
    assert [(one["document"], one["amount"]) for one in listed] == [(f"FW-2026-03 {made['number']}", 300_00)]
    assert step(finance, made["id"], "distribute").status_code == 409, "once only"
    changed = finance.api(
        "PATCH", f"/budgeting/allocation/{made['id']}", {"amount": 5}, version=made["row_version"] + 1
    )
    assert changed.status_code in (409, 412), changed.text


def test_it_is_taken_back_as_a_whole_and_can_be_divided_anew(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    made = prepare(finance, year.slug)
    step(finance, made["id"], "distribute")
    assert step(finance, made["id"], "undo").status_code == 422, "needs a reason"
    assert step(finance, made["id"], "undo", reason="分摊口径有误").status_code == 200
    assert {spent(finance, site) for site in HOMES} == {0}
    again = prepare(finance, year.slug, divided_by="area", document="FW-2026-03")
    refused = step(finance, again["id"], "distribute")
    assert refused.status_code == 409, "nobody said an area"
    assert "n1" in refused.json()["detail"]


def test_a_hard_stop_at_one_site_posts_nothing_anywhere(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    full = {
        "site": "s1",
        "account": "5501",
        "posted_on": "2026-02-10",
        "amount": 11_900_00,
        "document": "V",
        "text": "x",
    }
    assert finance.api("POST", "/budgeting/actual", full).status_code == 201
    made = prepare(finance, year.slug)
    page = platform.browser(year, "finance").get(f"/budgeting/dividing/{made['id']}")
    assert 'data-k="warn"' in page.text, "said before it is tried"
    refused = step(finance, made["id"], "distribute")
    assert refused.status_code == 409
    assert "s1" in refused.json()["detail"]
    assert (spent(finance, "n1"), spent(finance, "n2")) == (0, 0)
    assert finance.api("GET", f"/budgeting/allocation/{made['id']}").json()["status"] == "draft"


def test_what_was_posted_above_is_reversed_so_that_nothing_counts_twice(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    body = {
        "site": year.slug,
        "account": "5501",
        "posted_on": "2026-03-01",
        "amount": 900_00,
        "document": "HQ-1",
        "text": "顾问",
    }
    source = finance.api("POST", "/budgeting/actual", body).json()
    wrong = {
        "site": year.slug, "title": "x", "account": "5501", "amount": 1, "posted_on": "2026-03-10", "document": "d",
        "divided_by": "area", "source_id": source["id"],
    }  # fmt: skip
    assert finance.api("POST", "/budgeting/allocation", wrong).status_code == 422
    made = prepare(finance, year.slug, amount=900_00, source_id=source["id"])
    assert step(finance, made["id"], "distribute").status_code == 200
    assert spent(finance, year.slug) == 0
    assert sum(spent(finance, site) for site in HOMES) == 900_00
    assert step(finance, made["id"], "undo", reason="撤回").status_code == 200
    assert spent(finance, year.slug) == 900_00
    assert sum(spent(finance, site) for site in HOMES) == 0


def test_fixed_shares_take_the_last_of_each_site(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    made = prepare(finance, "north", divided_by="shares", amount=100)
    assert step(finance, made["id"], "distribute").status_code == 409, "none has a share"
    for site, weight in (("n1", 5), ("n2", 2), ("n1", 1)):
        answer = step(finance, made["id"], "set_share", at_site=str(year.sites[site]), weight=weight)
        assert answer.status_code == 200, answer.text
    outside = step(finance, made["id"], "set_share", at_site=str(year.sites["s1"]), weight=1)
    assert outside.status_code == 422
    assert parts(finance, made["id"]) == {str(year.sites["n1"]): 33, str(year.sites["n2"]): 67}
    by_home = prepare(finance, "north")
    assert step(finance, by_home["id"], "set_share", at_site=str(year.sites["n1"]), weight=1).status_code == 409


def test_planned_income_and_area_are_keys(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    by_income = prepare(finance, year.slug, divided_by="income", amount=100)
    assert sorted(parts(finance, by_income["id"]).values()) == [33, 33, 34]
    with year.acting("finance", "budgeting") as x:
        for n, site in enumerate(HOMES, 1):
            made = x.submit(
                Budget, year.sites[site], {"year": 2026, "fee_mode": "lump", "scenario": "base", "area": n * 1000}
            )
            made.status = type(made.status).ACTIVE
    by_area = prepare(finance, year.slug, divided_by="area", amount=600)
    assert parts(finance, by_area["id"]) == {str(year.sites[s]): 100 * n for n, s in enumerate(HOMES, 1)}


def test_who_may_divide_and_who_may_know(year: Company, platform: Running, other_company: Company) -> None:
    finance = platform.program(year, "finance")
    made = prepare(finance, year.slug)
    year.add_person("half", ("finance", "north"))
    half = platform.program(year, "half")
    assert step(half, made["id"], "distribute").status_code in (403, 404), "not at every site that bears it"
    own = prepare(half, "north", document="N-1")
    assert step(half, own["id"], "distribute").status_code == 200
    manager = platform.program(year, "project_manager_s1")
    seen = manager.api("GET", f"/budgeting/dividing/{made['id']}").json()["parts"]
    assert [one["site"] for one in seen] == [str(year.sites["s1"])], "a manager sees what the own site bears"
    assert step(manager, made["id"], "distribute").status_code == 403
    assert step(manager, made["id"], "drop", reason="x").status_code == 403
    for who in ("client_n1", "technician_n1"):
        assert platform.program(year, who).api("GET", f"/budgeting/dividing/{made['id']}").status_code in (403, 404), (
            who
        )
    stranger = platform.program(other_company, "finance")
    assert stranger.api("GET", f"/budgeting/dividing/{made['id']}").status_code == 404
    assert stranger.api("GET", f"/budgeting/allocation/{made['id']}").status_code == 404


def test_a_site_without_others_below_shares_nothing(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    made = prepare(finance, "n1")
    page = platform.browser(year, "finance").get(f"/budgeting/dividing/{made['id']}")
    assert 'data-k="warn"' in page.text
    assert step(finance, made["id"], "distribute").status_code == 409
    future = {
        "site": year.slug, "title": "x", "account": "5501", "amount": 1, "posted_on": "2026-04-10", "document": "d",
        "divided_by": "area",
    }  # fmt: skip
    assert finance.api("POST", "/budgeting/allocation", future).status_code == 422


@given(st.integers(1, 10**13), st.lists(st.integers(0, 10**9), min_size=1, max_size=300))
def test_parts_always_sum_to_the_whole(amount: int, weights: list[int]) -> None:
    if not any(weights):
        return
    found = divide(amount, dict(enumerate(weights)))
    assert sum(found.values()) == amount
    assert all(part == 0 for n, part in found.items() if weights[n] == 0)
