"""How a year goes: sums as a slow recount has them, income apart from expense, each reader's own sites and nothing else."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong_budgeting.planning import chart
from dougong_budgeting.reporting.reckoning import site_year
from dougong_budgeting.reporting.rollup import places
from dougong_budgeting.spending.balances import Planned, open_balances
from dougong_budgeting.spending.records import Balance

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

PLAN = (
    Planned("5201", [1_000_00] * 12, "hard"),
    Planned("5101", [2_000_00] * 12, "soft"),
    Planned("4001", [9_000_00] * 12, "none"),
)


@pytest.fixture
def year(company: Company, clock: Clock) -> Company:
    """Limits at two sites of two regions, on 25 March."""
    clock.at(dt.datetime(2026, 3, 25, 2, tzinfo=dt.UTC))
    with company.acting("finance", "budgeting") as x:
        chart.take_over(x)
        for site in ("n1", "s1"):
            open_balances(x, company.sites[site], 2026, PLAN)
    return company


def post(by: Client, account: str, amount: int, document: str, **more: Any) -> None:
    body = {
        "account": account,
        "posted_on": "2026-02-10",
        "amount": amount,
        "document": document,
        "text": "维保",
        **more,
    }
    made = by.api("POST", "/budgeting/actual", {"site": "n1", **body})
    assert made.status_code == 201, made.text


def spend(year: Company, platform: Running) -> Client:
    finance = platform.program(year, "finance")
    post(finance, "5201", 300_00, "A-1")
    post(finance, "5201", 200_00, "A-2", posted_on="2026-01-05")
    post(finance, "4001", 9_000_00, "A-3")
    promised = {
        "site": "n1",
        "source": "hand",
        "account": "5201",
        "due_on": "2026-04-02",
        "amount": 1_500_00,
        "title": "轿厢",
    }
    assert finance.api("POST", "/budgeting/commitment", promised).status_code == 201
    return finance


def test_a_sites_year_is_what_its_documents_sum_to(year: Company, platform: Running) -> None:
    finance = spend(year, platform)
    told = finance.api("GET", "/budgeting/figures?year=2026&site=n1").json()
    lines = {one["code"]: one for one in told["accounts"]}
    recount = dict.fromkeys(lines, 0)
    for one in finance.api("GET", "/budgeting/actual?site=n1&limit=100").json()["results"]:
        recount[one["account"]] += one["amount"]
    assert {code: one["spent"] for code, one in lines.items() if not one["sum"]} == {
        c: recount[c] for c in ("4001", "5101", "5201")
    }
    assert lines["5201"] | {"name": ""} == {
        "code": "5201", "name": "", "direction": "expense", "sum": False, "approved": 12_000_00, "committed": 1_500_00,
        "spent": 500_00, "left": 10_000_00,
        "expected": 500_00 + 1_500_00 + 9 * 1_000_00,  # April's promise is more than April's plan
    }  # fmt: skip
    assert lines["52"]["spent"] == 500_00, "a sum of the accounts below it"
    assert lines["40"]["spent"] == 9_000_00


def test_the_page_says_it_and_opens_what_it_counted(year: Company, platform: Running) -> None:
    spend(year, platform)
    finance = platform.browser(year, "finance")
    page = finance.get("/budgeting/figures?year=2026&site=n1")
    assert page.status_code == 200, page.text
    assert "/budgeting/actual?tab=all&amp;site=n1&amp;year=2026&amp;account=5201" in page.text
    listed = finance.get("/budgeting/actual?tab=all&site=n1&year=2026&account=5201")
    assert "A-1" in listed.text
    assert "A-3" not in listed.text
    book = finance.get("/budgeting/figures/workbook?year=2026&site=n1")
    assert book.headers["content-type"].startswith("application/vnd.openxml")
    assert finance.get("/budgeting/figures?year=2027&site=n1").status_code == 200, "a year without a budget says so"
    for wrong in ("year=13", "year=2026&of=x", "year=20260", "of=site&year=٢٠٢٦"):
        assert finance.get(f"/budgeting/figures?{wrong}").status_code == 400, wrong


def test_income_is_received_and_to_come_not_spent_and_left(year: Company, platform: Running) -> None:
    spend(year, platform)
    shown = (
        platform.browser(year, "finance")
        .get("/budgeting/figures?year=2026&site=n1", headers={"accept-language": "zh"})
        .text
    )
    income = shown[shown.index(">收入</") :]
    table = income[: income.index("</table>")]
    assert "已实现收入" in table
    assert "待实现" in table
    assert "已支出" not in table
    assert "占用" not in table
    assert "108,000.00" in table, "as statements have it: two decimals, one below the other"
    made = platform.program(year, "finance").api("GET", "/budgeting/actual?site=n1&account=4001").json()["results"][0]
    beside = (
        platform.browser(year, "finance").get(f"/budgeting/actual/{made['id']}", headers={"accept-language": "zh"}).text
    )
    assert "待实现" in beside
    assert "¥ 108,000.00" in beside


def test_each_reader_has_the_own_sites_and_their_sums(year: Company, platform: Running, other_company: Company) -> None:
    finance = spend(year, platform)
    everybody = finance.api("GET", "/budgeting/figures?year=2026").json()["sites"]
    by_site = {one["site"]: one for one in everybody}
    one, other = by_site[str(year.sites["n1"])], by_site[str(year.sites["s1"])]
    assert (one["expense"]["spent"], one["income"]["spent"], other["expense"]["spent"]) == (500_00, 9_000_00, 0)
    whole = next(place for place in everybody if place["several"])
    assert whole["expense"] == {key: one["expense"][key] + other["expense"][key] for key in one["expense"]}
    manager = platform.program(year, "project_manager_s1").api("GET", "/budgeting/figures?year=2026").json()
    assert manager["site"] == str(year.sites["s1"])
    assert all(line["spent"] == 0 for line in manager["accounts"])
    peeped = platform.program(year, "project_manager_s1").api("GET", "/budgeting/figures?year=2026&site=n1")
    assert peeped.status_code in (403, 404) or "accounts" not in peeped.json()
    assert platform.program(year, "client_n1").api("GET", "/budgeting/figures?year=2026").status_code in (403, 404)
    stranger = platform.program(other_company, "finance").api("GET", "/budgeting/figures?year=2026").json()
    assert stranger == {"year": 2026, "sites": []}


@pytest.mark.parametrize("method", ["plan", "run_rate"])
@pytest.mark.parametrize("month", [1, 4, 12])
def test_the_database_expects_what_the_sums_by_hand_do(year: Company, clock: Clock, method: str, month: int) -> None:
    """Amounts at random, negative ones too: the roll-up's one statement against the sum of every account's own forecast."""
    drawn = random.Random(f"{method}{month}")
    clock.at(dt.datetime(2026, month, 20, 2, tzinfo=dt.UTC))
    with year.acting("finance", "budgeting") as x:
        for site in ("n1", "s1"):
            for plan in PLAN:
                _scatter(x, year.sites[site], plan.account, drawn)
    with year.acting("finance", "budgeting") as x:
        sites = [year.sites["n1"], year.sites["s1"]]
        rolled = {one.site: one for one in places(x, sites, 2026, method) if not one.several}
        for site in sites:
            by_hand = site_year(x, site, 2026, method)
            assert by_hand is not None
            for name in ("income", "expense"):
                mine, theirs = getattr(by_hand, name), getattr(rolled[site], name)
                assert (mine.planned, sum(mine.committed), sum(mine.spent), mine.expected) == (
                    theirs.plan, theirs.committed, theirs.spent, theirs.expected,
                )  # fmt: skip


def _scatter(x: Any, site: Any, account: str, drawn: random.Random) -> None:
    def put(period: int, plan: int, committed: int, spent: int) -> None:
        here = (Balance.tenant_id == x.tenant, Balance.site_id == site, Balance.year == 2026)
        x.session.execute(
            sa.update(Balance).where(*here, Balance.account == account, Balance.period == period)
            .values(approved=plan, committed=committed, spent=spent)
        )  # fmt: skip

    months = [(drawn.randint(0, 10**9), drawn.randint(0, 10**8), drawn.randint(-(10**8), 10**9)) for _n in range(12)]
    for n, amounts in enumerate(months, 1):
        put(n, *amounts)
    put(0, *(sum(column) for column in zip(*months, strict=True)))
