"""Reports of inspections: what they count, what a make-up changes, who sees which of it, bad addresses."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from dougong_inspections.choices import TaskState

from .conftest import GOOD, World

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

SHANGHAI = ZoneInfo("Asia/Shanghai")
HERE = "/inspections/reports"
BAD = {**GOOD, "volt": {"value": 420, "note": "电压过高"}}


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def walked(world: World, company: Company, clock: Clock) -> World:
    """Two windows a day: Monday walked with one failure, Monday afternoon missed, Tuesday's missed and made up."""
    world.plan(times="08:00 14:00", window_minutes=60, statutory=True, basis="公安部令第61号")
    clock.at(at(2, 8, 30))
    world.send(world.tasks()[0].id, "technician_n1", world.walk(world.tasks()[0].id, at(2, 8, 30), BAD))
    clock.at(at(3, 9, 40))
    clock.run(of=company)
    third = world.tasks()[2]
    assert third.status is TaskState.MISSED
    world.do(type(third), third.id, "make_up_submit", by="technician_n1", reason="抢修水管")
    world.do(type(third), third.id, "make_up_agree", by="project_manager_n1")
    clock.at(at(3, 10, 10))
    world.send(third.id, "technician_n1", world.walk(third.id, at(3, 10, 10)))
    return world


def test_points_are_missed_by_hour_and_a_make_up_undoes_nothing(
    platform: Running, company: Company, walked: World
) -> None:
    manager = platform.program(company, "project_manager_n1")
    told = manager.api("GET", f"{HERE}/missed?period=this-month").json()
    assert told["total"] == {"total": 6, "missed": 4, "skipped": 0}
    assert told["hours"] == {
        "8": {"total": 4, "missed": 2, "skipped": 0},
        "14": {"total": 2, "missed": 2, "skipped": 0},
    }
    assert [(p["name"], p["missed"]) for p in told["points"]] == [("1 号配电房", 2), ("2 号配电房", 2)]
    assert told["points"][0]["hours"]["14"] == {"total": 1, "missed": 1, "skipped": 0}


def test_the_map_leads_to_the_tasks_behind_each_figure(platform: Running, company: Company, walked: World) -> None:
    manager = platform.browser(company, "project_manager_n1")
    page = manager.get(f"{HERE}/missed").text
    assert "1 号配电房" in page
    assert "1/2" in page
    told = platform.program(company, "project_manager_n1").api("GET", f"{HERE}/missed").json()
    point = told["points"][0]["id"]
    behind = manager.get(f"{HERE}/missed/{point}?hour=8").text
    tasks = walked.tasks()
    assert tasks[2].number in behind
    assert tasks[1].number not in behind
    assert tasks[1].number in manager.get(f"{HERE}/missed/{point}").text
    assert manager.get(f"{HERE}/missed/{point}?hour=3").status_code == 404


def test_items_that_fail_most_stand_first_with_the_words_of_their_newest_revision(
    platform: Running, company: Company, walked: World
) -> None:
    manager = platform.program(company, "project_manager_n1")
    told = manager.api("GET", f"{HERE}/failures").json()
    assert (told["total"], told["failed"], told["different"]) == (12, 2, 1)
    assert [(i["item"], i["text"], i["failed"], i["total"]) for i in told["items"]] == [("volt", "电压", 2, 4)]
    page = platform.browser(company, "project_manager_n1").get(f"{HERE}/failures").text
    assert "50.0%" in page
    template = told["items"][0]["template"]
    behind = platform.browser(company, "project_manager_n1").get(f"{HERE}/failures/{template}/volt").text
    assert walked.tasks()[0].number in behind
    assert "420" in behind


def test_sites_are_ranked_by_the_scores_of_their_scored_walks(
    platform: Running, company: Company, walked: World
) -> None:
    told = platform.program(company, "project_manager_n1").api("GET", f"{HERE}/scores?period=this-month").json()
    [site] = told["sites"]
    assert (site["site"], site["walks"]) == ("n1", 2)
    assert site["average"] == pytest.approx((66.7 + 100) / 2, abs=0.1)
    assert list(site["months"]) == ["2026-03"]
    page = platform.browser(company, "project_manager_n1").get(f"{HERE}/scores").text
    assert "2026-03" in page


def test_declared_figures_leave_make_ups_out_of_on_time(platform: Running, company: Company, walked: World) -> None:
    manager = platform.program(company, "project_manager_n1")
    total = manager.api("GET", "/reports/inspections/walks?period=this-month").json()["total"]
    assert total["due"]["value"] == 3
    assert total["walked"]["value"] == pytest.approx(200 / 3)
    assert total["in_time"] == {"value": 100.0, "rows": 1}
    assert (total["missed"]["value"], total["made_up"]["value"], total["patrols"]["value"]) == (2, 1, 2)
    found = manager.api("GET", "/reports/inspections/findings?period=this-month").json()["total"]
    assert (found["volume"]["value"], found["open"]["value"], found["week"]["value"]) == (2, 2, 0)


def test_each_sees_the_figures_of_what_they_may_see(
    platform: Running, company: Company, other_company: Company, walked: World
) -> None:
    company.add_person("cleaning")
    company.grant("cleaning", "cleaning_lead", "n1", relation="mine")
    company.add_person("engineering")
    company.grant("engineering", "engineering_lead", "n1", relation="mine")
    for name in ("missed", "failures", "scores"):
        for who in ("project_manager_s1", "cleaning"):
            page = platform.browser(company, who).get(f"{HERE}/{name}").text
            assert "配电房" not in page, (name, who)
    assert platform.browser(company, "finance").get(f"{HERE}/missed").status_code == 404
    mine = platform.program(company, "engineering").api("GET", f"{HERE}/missed").json()
    assert mine["total"]["missed"] == 4
    theirs = platform.program(other_company, "project_manager_n1").api("GET", f"{HERE}/missed").json()
    assert theirs["total"] == {"total": 0, "missed": 0, "skipped": 0}
    point = platform.program(company, "project_manager_n1").api("GET", f"{HERE}/missed").json()["points"][0]["id"]
    for who, where in (("project_manager_s1", company), ("project_manager_n1", other_company)):
        assert platform.browser(where, who).get(f"{HERE}/missed/{point}").status_code == 404


def test_a_site_a_trade_and_days_narrow_all_of_it(platform: Running, company: Company, walked: World) -> None:
    gm = platform.program(company, "general_manager")

    def total(query: str) -> int:
        answer = gm.api("GET", f"{HERE}/missed?{query}")
        assert answer.status_code == 200, answer.text
        return int(answer.json()["total"]["total"])

    assert (total("site=n1"), total("site=s1")) == (6, 0)
    assert (total("trade=engineering"), total("trade=greening")) == (6, 0)
    assert (total("from=2026-03-02&to=2026-03-02"), total("from=2026-03-03&to=2026-03-03")) == (4, 2)
    assert total("period=last-month") == 0


@pytest.mark.parametrize(
    "query",
    [
        "period=yesterday-ish", "trade=cooking", "from=2026-03-05&to=2026-03-01", "from=x&to=y", "from=2026-03-05",
        "period=this-month&from=2026-03-01&to=2026-03-02", "from=1999-01-01&to=2026-01-01", "colour=red", "hour=1",
        "from=%00&to=%00", "trade=%00", "site=none-such",
    ],
)  # fmt: skip
def test_bad_addresses_are_refused_in_words(platform: Running, company: Company, walked: World, query: str) -> None:
    manager = platform.program(company, "project_manager_n1")
    for name in ("missed", "failures", "scores"):
        assert 400 <= manager.api("GET", f"{HERE}/{name}?{query}").status_code < 500
    browser = platform.browser(company, "project_manager_n1")
    assert 400 <= browser.get(f"{HERE}/missed?{query}").status_code < 500
    for odd in ("24", "-1", "x", "9" * 5000, "%00"):
        assert (
            400 <= browser.get(f"{HERE}/missed/{walked.points(walked.tasks()[0].id)[0]}?hour={odd}").status_code < 500
        )
    assert browser.get(f"{HERE}/failures/nothing/volt").status_code == 404


def test_tables_come_as_csv_that_no_spreadsheet_takes_for_formulas(
    platform: Running, company: Company, walked: World
) -> None:
    from dougong_inspections.records import Point

    with company.acting(None, "inspections") as x:
        x.session.query(Point).filter(Point.tenant_id == x.tenant).update({"name": "=1+1"})
    browser = platform.browser(company, "project_manager_n1")
    rows: dict[str, Any] = {}
    for name in ("missed", "failures", "scores"):
        answer = browser.get(f"{HERE}/{name}.csv")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/csv")
        rows[name] = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows["missed"]) == 5
    assert all(",=1" not in line for line in rows["missed"])
    assert "电压" in rows["failures"][1]


def test_with_nothing_walked_the_pages_say_so(platform: Running, company: Company, world: World) -> None:
    browser = platform.browser(company, "project_manager_n1")
    for name in ("missed", "failures", "scores"):
        page = browser.get(f"{HERE}/{name}")
        assert page.status_code == 200
        assert "<table" not in page.text
