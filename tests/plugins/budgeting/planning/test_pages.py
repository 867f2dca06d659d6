"""The grid's other views: what amounts rest on, versions and last year side by side, what was changed."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dougong.testing.clock import Clock

    from .conftest import Year


class Pages:
    """Finance's browser at one budget's grid."""

    def __init__(self, year: Year, id: str = "") -> None:
        self.browser = year.platform.browser(year.company, "finance")
        self.here = f"/budgeting/grid/{id or year.id}"
        self.year = year

    def get(self, query: str = "", language: str = "en") -> str:
        answer = self.browser.get(f"{self.here}{query}", headers={"accept-language": language})
        assert answer.status_code == 200
        return str(answer.text)

    def reckon(self, code: str, **values: Any) -> Any:
        if "of_account" in values:
            values["of_account"] = self.year.accounts[values["of_account"]]
        self.browser.get(self.here)
        return self.browser.post(self.here, {"act": "basis", "account": self.year.accounts[code], **values})


def test_an_account_is_reckoned_and_its_formula_is_shown(year: Year) -> None:
    pages = Pages(year)
    done = pages.reckon("4001", method="area", quantity="176,400", price="2.50", share="88", note="物业费")
    assert done.status_code == 303, done.text[:500]
    assert [year.amounts()["4001", month] for month in (1, 12)] == [388_080_00, 388_080_00]
    shown = pages.get()
    assert "176,400 m² × ¥ 2.50" in shown
    assert "88%" in shown
    done = pages.reckon("4002", method="percent", share="12.5", of_account="4001")
    assert done.status_code == 303
    assert year.amounts()["4002", 7] == 48_510_00
    done = pages.reckon("5202", method="quantity", quantity="38.5", price="480", months="5")
    assert done.status_code == 303
    assert {m: v for (code, m), v in year.amounts().items() if code == "5202"} == {1: 18_480_00, 3: 18_480_00}
    year.put(year.cell("5202", 2, amount=1))
    assert 'class="tag warn"' in pages.get("?view=basis"), "its months were changed by hand since"


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "area", "quantity": "viel"},
        {"method": "percent", "share": "10"},
        {"method": "percent", "share": "10", "of_account": "4001"},
        {"method": "dreams"},
        {"method": "quantity", "quantity": "999999999", "price": "99999999"},
        {"method": "quantity", "quantity": "1", "price": "1", "months": "4096"},
        {"method": "quantity", "quantity": "-1", "price": "1"},
    ],
)
def test_what_cannot_be_reckoned_is_said_and_nothing_is_written(year: Year, wrong: dict[str, str]) -> None:
    refused = Pages(year).reckon("4001", **wrong)
    assert refused.status_code == 422, refused.text[:300]
    assert 'role="alert"' in refused.text
    assert year.kept() == []


def test_versions_stand_side_by_side(year: Year) -> None:
    year.put(year.cell("5201", 1, amount=1000_00), year.cell("4001", 1, amount=5000_00))
    assert year.step("finance", "copy", scenario="bad").status_code == 200
    listed = year.author.api("GET", "/budgeting/budget?limit=20").json()["results"]
    other = next(one["id"] for one in listed if one["scenario"] == "bad")
    year.put(year.cell("5201", 1, amount=1200_00), id=other)
    for language, words in (("en", ("Difference", "This version")), ("zh", ("差额", "本稿"))):
        shown = Pages(year, other).get(f"?view=compare&with={year.id}", language)
        for said in (*words, "1,200", "1,000", "+20.0%"):
            assert said in shown, said
    shown = Pages(year, other).get("?view=changes")
    assert "1,200" in shown
    assert Pages(year).get("?view=compare&with=nonsense")
    assert Pages(year).get("?view=nonsense&month=13")


def test_last_year_as_it_went_stands_beside_it(year: Year, clock: Clock) -> None:
    year.put(year.cell("5201", 1, amount=1000_00))
    year.grant()
    clock.at(dt.datetime(2027, 2, 10, 2, tzinfo=dt.UTC))
    spend = {
        "account": "5201",
        "text": "维修",
        "site": "n1",
        "posted_on": "2027-01-05",
        "document": "A",
        "amount": 765_43,
    }
    assert year.author.api("POST", "/budgeting/actual", spend).status_code == 201
    after = year.draft("finance", year=2028)
    year.put(year.cell("5201", 1, amount=900_00), id=after)
    shown = Pages(year, after).get("?view=compare")
    assert "2027 actual, 1 months" in shown or "2027 年实际（前 1 个月）" in shown
    assert "765.43" in shown
    assert "765.43" in Pages(year, after).get(), "the grid tells it of the cell"


def test_the_months_of_a_compared_account_can_be_opened(year: Year) -> None:
    year.put(
        year.cell("5201", 1, amount=1000_00), year.cell("5201", 2, amount=300_00), year.cell("4001", 1, amount=5000_00)
    )
    assert year.step("finance", "copy", scenario="bad").status_code == 200
    listed = year.author.api("GET", "/budgeting/budget?limit=20").json()["results"]
    other = next(one["id"] for one in listed if one["scenario"] == "bad")
    year.put(year.cell("5201", 2, amount=450_00), id=other)
    pages, account = Pages(year, other), year.accounts["5201"]
    closed = pages.get(f"?view=compare&with={year.id}")
    assert f"&amp;of={account}#{account}" in closed
    assert 'class="of-month"' not in closed
    opened = pages.get(f"?view=compare&with={year.id}&of={account}")
    assert opened.count('class="of-month"') == 12
    assert "<td>300</td><td>450</td><td>+150</td><td>+50.0%</td>" in opened
    assert f"&amp;with={year.id}#{account}" in opened, "and closed again"
    for of, balance in (("income", "5,000"), ("expense", "300"), ("balance", "3,550")):
        shown = pages.get(f"?view=compare&with={year.id}&of={of}")
        assert shown.count('class="of-month"') == 12
        assert balance in shown
    assert 'class="of-month"' not in pages.get("?view=compare&of=nonsense'")


def test_what_became_of_ten_months_is_not_held_against_twelve(year: Year, clock: Clock) -> None:
    year.put(*(year.cell("5201", month, amount=100_00) for month in range(1, 13)))
    year.grant()
    clock.at(dt.datetime(2027, 11, 10, 2, tzinfo=dt.UTC))
    for month in range(1, 11):
        spend = {
            "account": "5201", "text": "维修", "site": "n1", "posted_on": f"2027-{month:02}-05", "document": f"A{month}",
            "amount": 90_00,
        }  # fmt: skip
        assert year.author.api("POST", "/budgeting/actual", spend).status_code == 201
    after = year.draft("finance", year=2028)
    year.put(*(year.cell("5201", month, amount=100_00) for month in range(1, 13)), id=after)
    shown = Pages(year, after).get("?view=compare")
    assert "This version, the same 10 months" in shown
    assert "<td>900</td><td>1,000</td><td>+100</td><td>+11.1%</td>" in shown
    opened = Pages(year, after).get(f"?view=compare&of={year.accounts['5201']}")
    assert opened.count('class="of-month"') == 10
    clock.at(dt.datetime(2028, 1, 10, 2, tzinfo=dt.UTC))
    assert "1,200" in Pages(year, after).get("?view=compare")


def test_the_menu_says_where_one_is_on_pages_of_a_record(year: Year) -> None:
    finance = year.platform.browser(year.company, "finance")
    for path, entry in (
        (f"/budgeting/grid/{year.id}", "/budgeting/budget"),
        ("/budgeting/figures?year=2027", "/budgeting/figures"),
        (f"/budgeting/budget/{year.id}", "/budgeting/budget"),
    ):
        shown = finance.get(path).text
        assert f'href="{entry}" aria-current="page"' in shown, path


def test_a_budget_in_execution_opens_its_grid_first(year: Year) -> None:
    year.put(year.cell("5201", 1, amount=1000_00))
    finance = year.platform.browser(year.company, "finance")
    assert f'class="btn main" href="/budgeting/grid/{year.id}"' not in finance.get(f"/budgeting/budget/{year.id}").text
    year.grant()
    shown = finance.get(f"/budgeting/budget/{year.id}").text
    assert f'class="btn main" href="/budgeting/grid/{year.id}"' in shown, "the final account is made once a year"
    assert shown.count('class="btn main" href') == 1


def test_a_level_that_was_not_needed_is_not_ticked_and_withdrawing_is_not_the_main_button(year: Year) -> None:
    year.company.settings("budgeting", budget_region_from=10**9, budget_company_from=10**9)
    year.put(year.cell("5201", 1, amount=1000_00))
    finance = year.platform.browser(year.company, "finance")
    assert year.step("finance", "approve_submit").status_code == 200
    shown = finance.get(f"/budgeting/budget/{year.id}", headers={"accept-language": "zh"}).text
    assert "撤回预算" in shown
    assert f'class="btn main" href="/budgeting/budget/{year.id}/do/approve_withdraw"' not in shown
    for signer in ("project_manager_n1", "finance2"):
        assert year.step(signer, "approve_agree").status_code == 200
    assert year.status() == "active"
    shown = finance.get(f"/budgeting/budget/{year.id}", headers={"accept-language": "zh"}).text
    steps = {piece.partition("</svg>")[2].partition("<")[0]: piece for piece in shown.split("<li")}
    assert 'class="past"' in steps["财务审核"]
    assert 'class="past"' not in steps["区域审批"]
    assert "#i-s-done" not in steps["已决算"], "it has not come to that"


def test_a_refused_sheet_says_so_beside_what_was_pasted(year: Year) -> None:
    finance = year.platform.browser(year.company, "finance")
    finance.get(f"/budgeting/grid/{year.id}")
    sheet = "5201\t" + "\t".join(["一万"] * 12)
    refused = finance.post(f"/budgeting/grid/{year.id}", {"act": "paste", "text": sheet})
    assert refused.status_code == 422
    assert refused.text.index('id="wrong"') > refused.text.index('class="card paste" open'), "not a screen above it"
    assert refused.text.index('id="wrong"') < refused.text.index('id="pasted"')


@pytest.mark.parametrize(
    ("day", "planned", "told", "month"),
    [
        ("2026-08-31T15:59", 2026, 2026, 8),
        ("2026-08-31T16:01", 2027, 2026, 9),
        ("2026-06-30T15:59", 2026, 2025, 6),
        ("2026-06-30T16:01", 2026, 2026, 7),
    ],
)
def test_forms_begin_with_the_year_that_is_meant(
    year: Year, clock: Clock, day: str, planned: int, told: int, month: int
) -> None:
    """By the site's day: in Shanghai September begins at 16:00 UTC."""
    clock.at(dt.datetime.fromisoformat(f"{day}+00:00"))
    browser = year.platform.browser(year.company, "finance")

    def begins(address: str, name: str) -> str:
        found = re.search(rf'<input[^>]*name="{name}"[^>]*>', browser.get(address).text)
        assert found
        return found[0].partition('value="')[2].partition('"')[0]

    assert begins("/budgeting/budget/new?site=n1", "year") == str(planned)
    assert begins("/budgeting/adjustment/new?site=n1", "year") == "2026"
    assert begins("/budgeting/adjustment/new?site=n1", "month") == str(month)
    assert begins("/budgeting/disclosure/new?site=n1", "year") == str(told)
