"""What goes into reports: the section upwards, as a recount has it and never for the client; the four reports."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong_budgeting.planning import chart
from dougong_budgeting.reporting.upward import fill
from dougong_budgeting.spending.balances import Planned, open_balances
from dougong_budgeting.spending.records import Month

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

MODULES = ["budgeting", "reports"]
START, END = (dt.datetime(2026, month, 1, tzinfo=dt.timezone(dt.timedelta(hours=8))) for month in (3, 4))
PLAN = (Planned("5201", [1_000_00] * 12, "hard"), Planned("4001", [9_000_00] * 12, "none"))


@pytest.fixture
def year(make_company: Any, clock: Clock) -> Company:
    """On 25 March: January and February are over and not closed."""
    clock.at(dt.datetime(2026, 3, 25, 2, tzinfo=dt.UTC))
    company: Company = make_company("anhe", modules=MODULES)
    with company.acting("finance", "budgeting") as x:
        chart.take_over(x)
        for site in ("n1", "s1"):
            open_balances(x, company.sites[site], 2026, PLAN)
    return company


def spend(year: Company, platform: Running) -> None:
    finance = platform.program(year, "finance")
    rows = (
        ("n1", "5201", 300_00, "03-10"), ("n1", "5201", 77, "02-10"), ("n1", "4001", 8_000_00, "03-11"),
        ("s1", "5201", 5, "03-12"),
    )  # fmt: skip
    for n, (site, account, amount, day) in enumerate(rows):
        body = {
            "site": site, "account": account, "posted_on": f"2026-{day}", "amount": amount, "document": f"A-{n}", "text": "维保",
        }  # fmt: skip
        assert finance.api("POST", "/budgeting/actual", body).status_code == 201


def test_the_section_says_what_a_recount_says_of_the_authors_sites(year: Company, platform: Running) -> None:
    spend(year, platform)
    everywhere = [year.sites["n1"], year.sites["s1"]]
    with year.acting("finance", "budgeting") as x:
        both = fill(x, everywhere, START, END)
    with year.acting("project_manager_n1", "tasks") as x:
        mine = fill(x, everywhere, START, END)
    assert both is not None
    assert mine is not None
    assert [one.value for one in both.figures][:3] == ["300.05", "8,000", "1.3%"]
    assert [one.value for one in mine.figures][:2] == ["300", "8,000"], "only the own site"
    assert both.figures[5].value == "3.7%", "of the year's planned income 8,000 of 216,000 is collected"
    assert both.client is False
    assert not any(one.client for one in both.figures)


def test_nothing_to_say_is_no_section(year: Company) -> None:
    with year.acting("client_n1", "budgeting") as x:
        assert fill(x, [year.sites["n1"]], START, END) is None
    with year.acting("finance", "budgeting") as x:
        assert fill(x, [year.sites["n2"]], START, END) is None, "no budget there, nothing posted"


def test_months_that_are_late_are_counted(year: Company, clock: Clock) -> None:
    clock.at(dt.datetime(2026, 4, 20, 2, tzinfo=dt.UTC))
    with year.acting("finance", "budgeting") as x:
        found = fill(x, [year.sites["n1"]], START, END)
        late = x.session.query(Month).filter(Month.site_id == year.sites["n1"], Month.close_by < x.now).count()
    assert found is not None
    assert found.figures[-1].value == late == 3


def test_reports_count_income_apart_and_only_what_the_reader_sees(year: Company, platform: Running) -> None:
    spend(year, platform)
    tail = "period=2026-01-01..2026-12-31&by=site"
    for name in ("actuals", "commitments", "closings", "sheets"):
        page = platform.browser(year, "finance").get(f"/reports/budgeting/{name}?{tail}")
        assert page.status_code == 200, (name, page.text)
    found = platform.program(year, "finance").api("GET", f"/reports/budgeting/actuals?{tail}")
    assert found.status_code == 200, found.text
    values = found.json()["total"]
    assert [values[name]["value"] for name in ("spent", "received", "documents")] == [300_82, 8_000_00, 4]
    manager = platform.program(year, "project_manager_s1").api("GET", f"/reports/budgeting/actuals?{tail}").json()
    assert manager["total"]["spent"]["value"] == 5
    assert platform.browser(year, "client_n1").get(f"/reports/budgeting/actuals?{tail}").status_code == 404
