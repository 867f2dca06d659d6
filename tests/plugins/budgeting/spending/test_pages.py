"""What people see and send: vouchers as files, accounts beside forms and records, months with what differs, rights."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong_budgeting.planning import chart
from dougong_budgeting.planning.records import Account
from dougong_budgeting.spending.balances import Planned, open_balances

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

ACTUAL, MONTH, ADJUSTMENT = "/budgeting/actual", "/budgeting/month", "/budgeting/adjustment"
MANAGER = "project_manager_n1"
BODY = {
    "site": "n1",
    "account": "5201",
    "posted_on": "2026-03-10",
    "amount": 120_00,
    "text": "水泵维修",
    "document": "FP-1",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Site:
    def __init__(self, company: Company, platform: Running) -> None:
        self.company, self.platform = company, platform
        with company.acting(None, "budgeting") as x:
            chart.take_over(x)
            open_balances(x, company.sites["n1"], 2026, [Planned("5201", [1_000_00] * 12)])

    def api(self, who: str, method: str, address: str, body: Any = None) -> Any:
        return self.platform.program(self.company, who).api(method, address, body)

    def post(self, who: str = MANAGER, **more: Any) -> dict[str, Any]:
        answer = self.api(who, "POST", ACTUAL, {**BODY, **more})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


@pytest.fixture
def site(company: Company, platform: Running, clock: Clock) -> Site:
    clock.at(dt.datetime(2026, 3, 25, 2, tzinfo=dt.UTC))
    return Site(company, platform)


def test_a_voucher_lies_with_its_actual_for_those_who_may_see_it(site: Site) -> None:
    id = site.post()["id"]
    files = [("file", ("发票.pdf", PDF, "application/pdf"))]
    address = f"{ACTUAL}/{id}/files"
    sent = site.platform.program(site.company, MANAGER).ask("POST", f"/api/v1{address}", files=files)
    assert sent.status_code == 201, sent.text
    (kept,) = site.api("finance", "GET", address).json()["results"]
    assert kept["name"] == "发票.pdf"
    for who in ("client_n1", "technician_n1", "project_manager_s1"):
        program = site.platform.program(site.company, who)
        assert program.api("GET", address).status_code in (403, 404)
        assert program.ask("POST", f"/api/v1{address}", files=files).status_code in (403, 404)
        assert program.api("GET", f"{ACTUAL}/{id}").status_code in (403, 404)
    reader = site.platform.program(site.company, "regional_director_north")
    assert reader.api("GET", address).status_code == 200
    assert reader.ask("POST", f"/api/v1{address}", files=files).status_code == 403


def test_an_account_is_named_by_its_name_too(site: Site) -> None:
    assert site.post(account=" 日常维修 ")["account"] == "5201"
    refused = site.api(MANAGER, "POST", ACTUAL, {**BODY, "account": "没有的科目", "document": "FP-2"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"] == "account"


def test_lists_say_the_name_after_the_code_and_programs_get_the_code(site: Site) -> None:
    made = site.post(document="FP-7")
    with site.company.acting(None, "budgeting") as x:
        for code, name in (("5201", "日常养护"), ("5202", "别的科目")):
            x.session.execute(sa.update(Account).where(Account.tenant_id == x.tenant, Account.code == code).values(name=name))
    browser = site.platform.browser(site.company, MANAGER)
    fact = "<dd>5201 日常养护</dd>"
    for address in (ACTUAL, f"{ACTUAL}?q=FP-7", f"{ACTUAL}?account=5201", f"{ACTUAL}?fields=account", f"{ACTUAL}/{made['id']}"):
        shown = browser.get(address).text
        assert "5201 日常养护" in shown, address
        assert "别的科目" not in shown, address
    assert fact in browser.get(f"{ACTUAL}/{made['id']}").text
    (listed,) = site.api(MANAGER, "GET", ACTUAL).json()["results"]
    assert listed["account"] == site.api(MANAGER, "GET", f"{ACTUAL}/{made['id']}").json()["account"] == "5201"
    assert "account.named" not in listed


def test_a_code_that_no_account_has_any_more_stands_alone(site: Site) -> None:
    made = site.post()
    with site.company.acting(None, "budgeting") as x:
        x.session.execute(sa.update(Account).where(Account.tenant_id == x.tenant, Account.code == "5201").values(code="5999"))
    browser = site.platform.browser(site.company, MANAGER)
    for address in (ACTUAL, f"{ACTUAL}/{made['id']}"):
        shown = browser.get(address).text
        assert "5201" in shown
        assert "5201 日常维修" not in shown


def test_pages_tell_what_is_left_and_which_accounts_there_are(site: Site) -> None:
    made = site.post()
    browser = site.platform.browser(site.company, MANAGER)
    form = browser.get(f"{ACTUAL}/new").text
    assert "5201" in form
    assert "日常维修" in form
    detail = browser.get(f"{ACTUAL}/{made['id']}").text
    for words in ("5201 日常维修", "¥ 12,000", "¥ 120", "¥ 11,880", "2026 年"):
        assert words in detail, words
    assert "2,026" not in detail


def test_a_months_page_names_what_needs_a_note(site: Site) -> None:
    months = site.api("finance", "GET", f"{MONTH}?limit=50").json()["results"]
    february = next(one for one in months if one["title"] == "2026-02")
    browser = site.platform.browser(site.company, "finance")
    page = browser.get(f"{MONTH}/{february['id']}").text
    assert "5201 日常维修" in page
    assert "待说明" in page
    note = {"account": "日常维修", "text": "未发生", "cause": "推迟", "action": "三月完成"}
    address = f"{MONTH}/{february['id']}/transitions/note_variance"
    assert site.api("finance", "POST", address, note).status_code == 200
    assert "待说明" not in browser.get(f"{MONTH}/{february['id']}").text
    assert site.api("finance", "POST", f"{MONTH}/{february['id']}/transitions/close", {}).status_code == 200


def test_a_month_that_is_not_over_offers_no_closing_and_names_nothing_yet(site: Site) -> None:
    months = site.api("finance", "GET", f"{MONTH}?limit=50").json()["results"]
    december = next(one for one in months if one["title"] == "2026-12")
    browser = site.platform.browser(site.company, "finance")
    shown = browser.get(f"{MONTH}/{december['id']}", headers={"accept-language": "zh"}).text
    assert f'href="{MONTH}/{december["id"]}/do/close"' not in shown
    assert "本月尚未结束" in shown
    assert "待说明" not in shown
    refused = site.api("finance", "POST", f"{MONTH}/{december['id']}/transitions/close", {})
    assert refused.status_code == 409


def test_the_list_of_adjustments_says_what_they_are_for(site: Site) -> None:
    body = {
        "site": "n1", "nature": "supplement", "year": 2026, "account": "5201", "month": 5, "amount": 100, "reason": "电梯大修",
    }  # fmt: skip
    assert site.api(MANAGER, "POST", ADJUSTMENT, body).status_code == 201
    assert "电梯大修" in site.platform.browser(site.company, "finance").get(ADJUSTMENT).text


def test_an_adjustment_is_taken_back_and_dropped(site: Site) -> None:
    body = {
        "site": "n1", "nature": "supplement", "year": 2026, "account": "5201", "month": 5, "amount": 100, "reason": "涨价",
    }  # fmt: skip
    made = site.api(MANAGER, "POST", ADJUSTMENT, body)
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    for step, sent, state in (
        ("approve_submit", {}, "finance"), ("approve_withdraw", {}, "draft"), ("drop", {"reason": "不需要了"}, "dropped"),
    ):  # fmt: skip
        answer = site.api(MANAGER, "POST", f"{ADJUSTMENT}/{id}/transitions/{step}", sent)
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == state
    for who in ("client_n1", "technician_n1"):
        assert site.api(who, "POST", ADJUSTMENT, body).status_code in (403, 404)
        assert site.api(who, "GET", ADJUSTMENT).status_code in (403, 404)


def test_another_company_sees_and_moves_nothing(site: Site, other_company: Company) -> None:
    id = site.post()["id"]
    stranger = site.platform.program(other_company, "finance")
    assert stranger.api("GET", f"{ACTUAL}/{id}").status_code == 404
    sent = {"document": "HC-1", "reason": "试试"}
    assert stranger.api("POST", f"{ACTUAL}/{id}/transitions/reverse", sent).status_code == 404
