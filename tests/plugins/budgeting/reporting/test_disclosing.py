"""Owners' sheets: what they say by fee mode, signed by another, published for good, replaced by a later version; who may see."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.access.tables import Role, RolePermission
from dougong_budgeting.planning import chart
from dougong_budgeting.planning.choices import Direction, FeeMode, OwnersItem
from dougong_budgeting.planning.ledger import accounts
from dougong_budgeting.planning.records import Budget
from dougong_budgeting.reporting import telling
from dougong_budgeting.reporting.records import Disclosure
from dougong_budgeting.reporting.sheets import gather
from dougong_budgeting.spending.balances import Planned, open_balances
from dougong_budgeting.spending.records import Ledger

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

PLAN = {
    "4001": 90_000,
    "4003": 4_000,
    "4004": 700,
    "5101": 30_000,
    "5304": 2_000,
    "5303": 500,
    "5601": 900,
    "59": 8_000,
}
SITES = {"n1": "commission", "s1": "lump"}


@pytest.fixture
def year(company: Company, clock: Clock) -> Company:
    """2025 as it went at two sites, one of each fee mode; all months closed."""
    clock.at(dt.datetime(2025, 12, 20, 2, tzinfo=dt.UTC))
    with company.acting("finance", "budgeting") as x:
        chart.take_over(x)
        for site, mode in SITES.items():
            made = x.submit(
                Budget, company.sites[site], {"year": 2025, "fee_mode": mode, "scenario": "base", "area": 10_000}
            )
            made.status = type(made.status).ACTIVE
            open_balances(
                x, company.sites[site], 2025, [Planned(code, [v * 100] * 12, "none") for code, v in PLAN.items()]
            )
    return company


def spend(platform: Running, year: Company, *documents: tuple[str, int]) -> None:
    finance = platform.program(year, "finance")
    for site in SITES:
        for n, (account, amount) in enumerate(documents):
            body = {
                "site": site, "account": account, "posted_on": "2025-12-10", "amount": amount, "document": f"D-{account}-{n}",
                "text": "x", "supplier": "洁净保洁公司",
            }  # fmt: skip
            made = finance.api("POST", "/budgeting/actual", body)
            assert made.status_code == 201, made.text


def close(year: Company) -> None:
    with year.acting(None, "budgeting") as x:
        x.session.execute(sa.update(Ledger).where(Ledger.tenant_id == x.tenant).values(closed=0b1111111111110))


BOOKS = (
    ("4001", 80_000_01),
    ("4003", 3_000_02),
    ("5101", 20_000_00),
    ("5304", 1_500_00),
    ("5303", 400_05),
    ("59", 7_000_00),
)


def draw_up(by: Client, site: str = "n1", **more: Any) -> dict[str, Any]:
    body = {"site": site, "year": 2025, "first": 1, "until": 12, "services": "二级服务标准", **more}
    made = by.api("POST", "/budgeting/disclosure", body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def step(by: Client, id: str, name: str, **body: Any) -> Any:
    return by.api("POST", f"/budgeting/disclosure/{id}/transitions/{name}", body)


def told(by: Client, id: str) -> Any:
    return by.api("GET", f"/budgeting/told/{id}")


def publish(platform: Running, year: Company, site: str = "n1", **more: Any) -> dict[str, Any]:
    manager, finance = platform.program(year, f"project_manager_{site}"), platform.program(year, "finance")
    made = draw_up(manager, site, **more)
    for by, name, body in (
        (manager, "approve_submit", {}),
        (finance, "approve_agree", {}),
        (manager, "publish", {"place": "公告栏"}),
    ):
        answer = step(by, made["id"], name, **body)
        assert answer.status_code == 200, (name, answer.text)
    return made


def test_commission_tells_all_and_reconciles_with_the_books(year: Company, platform: Running) -> None:
    spend(platform, year, *BOOKS)
    close(year)
    finance = platform.program(year, "finance")
    found = told(finance, draw_up(finance)["id"]).json()
    items = {one["item"]: (one["planned"], one["actual"]) for one in found["items"]}
    assert items["fees"] == (90_000_00 * 12, 80_000_01)
    assert items["greens"] == (2_000_00 * 12, 1_500_00), "its own item, not that of the account above"
    assert items["cleaning"] == (500_00 * 12, 400_05), "the item of the account above"
    assert items["commission"][1] == 7_000_00
    assert found["left_of_common_parts"] == 3_000_02
    assert found["left_of_funds"] == 80_000_01 - 20_000_00 - 1_500_00 - 400_05 - 7_000_00
    with year.acting("finance", "budgeting") as x:
        sheet = telling.figures(x, year.sites["n1"], 2025, 1, 12, FeeMode.COMMISSION)
    assert telling.by_direction(sheet, Direction.INCOME) == 83_000_03
    assert telling.by_direction(sheet, Direction.EXPENSE) == sum(amount for code, amount in BOOKS if code[0] == "5")


def test_lump_sum_tells_fees_and_common_parts_alone(year: Company, platform: Running) -> None:
    spend(platform, year, *BOOKS)
    finance = platform.program(year, "finance")
    found = told(finance, draw_up(finance, "s1")["id"]).json()
    assert {one["item"] for one in found["items"]} == {"fees", "common_income", "common_cost"}
    assert found["left_of_funds"] is None
    made = finance.api("GET", "/budgeting/disclosure?site=s1").json()["results"][0]
    page = platform.browser(year, "finance").get(f"/budgeting/told/{made['id']}")
    assert page.status_code == 200
    assert "20,000" not in page.text, "wages are the company's own business"


def test_no_supplier_stands_on_it(year: Company, platform: Running) -> None:
    spend(platform, year, *BOOKS)
    close(year)
    made = publish(platform, year)
    for text in (
        platform.browser(year, "finance").get(f"/budgeting/told/{made['id']}").text,
        told(platform.program(year, "finance"), made["id"]).text,
    ):
        assert "洁净" not in text


def test_it_waits_for_its_months_to_be_closed_and_for_another_post(year: Company, platform: Running) -> None:
    manager = platform.program(year, "project_manager_n1")
    made = draw_up(manager)
    assert step(manager, made["id"], "approve_submit").status_code == 409, "months are open"
    close(year)
    assert step(manager, made["id"], "approve_submit").status_code == 200
    assert step(manager, made["id"], "approve_agree").status_code in (403, 409), "nobody signs the own"
    assert step(manager, made["id"], "publish", place="公告栏").status_code == 409, "not signed"
    frozen = manager.api("GET", f"/budgeting/disclosure/{made['id']}").json()
    changed = manager.api("PATCH", f"/budgeting/disclosure/{made['id']}", {"words": "x"}, version=frozen["row_version"])
    assert changed.status_code == 409, changed.text


def test_what_is_published_stays_and_a_new_version_replaces_it(year: Company, platform: Running) -> None:
    spend(platform, year, *BOOKS)
    close(year)
    made = publish(platform, year)
    finance, manager = platform.program(year, "finance"), platform.program(year, "project_manager_n1")
    before = told(finance, made["id"]).json()
    with year.acting(None, "budgeting") as x:  # reopened, posted, closed
        x.session.execute(sa.update(Ledger).where(Ledger.tenant_id == x.tenant).values(closed=0))
    spend(platform, year, ("5101", 1_00))
    close(year)
    assert told(finance, made["id"]).json() == before, "whatever the books say now"
    assert step(manager, made["id"], "drop", reason="x").status_code == 409
    assert step(manager, made["id"], "correct", reason="补记工资").status_code == 200
    assert step(manager, made["id"], "correct", reason="再来").status_code == 409, "one at a time"
    newer = next(one for one in finance.api("GET", "/budgeting/disclosure").json()["results"] if one["version"] == 2)
    assert finance.api("GET", f"/budgeting/disclosure/{made['id']}").json()["status"] == "published", "until then"
    for by, name, body in (
        (manager, "approve_submit", {}),
        (finance, "approve_agree", {}),
        (manager, "publish", {"place": "群"}),
    ):
        assert step(by, newer["id"], name, **body).status_code == 200, name
    assert finance.api("GET", f"/budgeting/disclosure/{made['id']}").json()["status"] == "replaced"
    assert told(finance, made["id"]).json() == before
    wages = {one["item"]: one["actual"] for one in told(finance, newer["id"]).json()["items"]}["staff"]
    assert wages == 20_001_00


def test_it_is_late_after_the_day_of_the_settings(year: Company, platform: Running, clock: Clock) -> None:
    close(year)
    clock.at(dt.datetime(2026, 3, 31, 15, 59, tzinfo=dt.UTC))  # the last minute of that day here
    in_time = publish(platform, year)
    clock.at(dt.datetime(2026, 3, 31, 16, 1, tzinfo=dt.UTC))
    late = publish(platform, year, "s1")
    finance = platform.program(year, "finance")
    assert finance.api("GET", f"/budgeting/disclosure/{in_time['id']}").json()["publish_late"] is False
    assert finance.api("GET", f"/budgeting/disclosure/{late['id']}").json()["publish_late"] is True


def test_an_account_that_stands_nowhere_is_named(year: Company, platform: Running) -> None:
    with year.acting("finance", "budgeting") as x:
        for one in accounts(x):
            if one.code in ("51", "5101"):
                one.owners = None
    close(year)
    manager = platform.program(year, "project_manager_n1")
    refused = step(manager, draw_up(manager)["id"], "approve_submit")
    assert refused.status_code == 409
    assert "5101" in refused.json()["detail"]


def test_an_account_of_income_is_no_cost_on_it(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    body = {"code": "4099", "name": "x", "direction": "income", "stop": "none", "owners": "staff"}
    assert finance.api("POST", "/budgeting/account", {**body, "site": year.slug}).status_code == 422
    assert all(one.fits(Direction.INCOME) or one.fits(Direction.EXPENSE) for one in OwnersItem)


def test_a_year_without_a_budget_and_months_upside_down(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    for wrong in ({"year": 2024}, {"first": 5, "until": 4}, {"until": 13}, {"first": 0}):
        body = {"site": "n1", "year": 2025, "first": 1, "until": 12, **wrong}
        assert finance.api("POST", "/budgeting/disclosure", body).status_code == 422, wrong
    draw_up(finance)
    again = finance.api("POST", "/budgeting/disclosure", {"site": "n1", "year": 2025, "first": 1, "until": 12})
    assert again.status_code == 409


def test_clients_see_what_is_published_where_the_company_lets_them(
    year: Company, platform: Running, other_company: Company
) -> None:
    spend(platform, year, *BOOKS)
    close(year)
    made = publish(platform, year)
    client = platform.program(year, "client_n1")
    assert told(client, made["id"]).status_code in (403, 404), "not by default"
    _let(year, "client", f"{Disclosure.kind}.read")
    assert told(client, made["id"]).status_code == 200
    manager = platform.program(year, "project_manager_n1")
    assert step(manager, made["id"], "correct", reason="更正").status_code == 200
    seen = client.api("GET", "/budgeting/disclosure").json()["results"]
    assert [one["version"] for one in seen] == [1], "no drafts"
    newer = next(one for one in manager.api("GET", "/budgeting/disclosure").json()["results"] if one["version"] == 2)
    assert told(client, newer["id"]).status_code == 404
    assert platform.browser(year, "client_n1").get("/budgeting/figures").status_code in (403, 404)
    assert (
        client.api("GET", "/budgeting/actual").status_code in (403, 404)
        or not client.api("GET", "/budgeting/actual").json()["results"]
    )
    assert told(platform.program(year, "project_manager_s1"), made["id"]).status_code == 404
    assert told(platform.program(other_company, "finance"), made["id"]).status_code == 404


def _let(year: Company, role: str, permission: str) -> None:
    with year.session() as session:
        one = session.scalars(sa.select(Role).where(Role.tenant_id == year.tenant, Role.slug == role)).one()
        session.add(RolePermission(role_id=one.id, permission=permission))


def test_the_paper_says_what_the_page_says(year: Company, platform: Running) -> None:
    spend(platform, year, *BOOKS)
    close(year)
    made = publish(platform, year)
    with year.acting("finance", "budgeting") as x:
        one = x.get(Disclosure, x.session.scalars(sa.select(Disclosure.id)).one())
        words = gather(one, x)
        assert "watermark" not in words
        assert words["tables"][0]["rows"][0]["cells"][2] == "80,000.01"
        assert str(one.id) == made["id"]


def test_what_is_published_is_read_and_printed_first(year: Company, platform: Running) -> None:
    spend(platform, year, *BOOKS)
    close(year)
    made = publish(platform, year)
    finance = platform.browser(year, "finance")
    record = finance.get(f"/budgeting/disclosure/{made['id']}").text
    assert f'class="btn main" href="/budgeting/told/{made["id"]}"' in record
    assert record.count('class="btn main" href') == 1, "correcting it stands after"
    sheet = finance.get(f"/budgeting/told/{made['id']}").text
    with year.acting("finance", "budgeting") as x:
        prints = x.snapshot.module_on("papers")
    printing = f'class="btn main" href="/papers/budgeting/disclosure/{made["id"]}/sheet.pdf"'
    assert (printing in sheet) is prints, "the paper is offered where there is a module that prints"
    assert "80,000.01" in sheet
    assert "20,000.00" in sheet
    draft = draw_up(platform.program(year, "finance"), "s1")
    assert 'class="btn main"' in finance.get(f"/budgeting/disclosure/{draft['id']}").text
