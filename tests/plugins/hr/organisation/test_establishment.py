"""Establishment against actual: heads, vacant days, certificates, turnover; the pages, and the section of reports upwards."""

from __future__ import annotations

import datetime as dt

from dougong.records import actions
from dougong.testing.clients import Running
from dougong.testing.clock import Clock
from dougong_hr.organisation import establishment, reports
from dougong_hr.organisation.resources import certificate

from .conftest import TODAY, Organisation

DAY = dt.timedelta(days=1)


def _totals(o: Organisation, who: str | None = None) -> establishment.Totals:
    with o.company.acting(who, "hr") as x:
        return establishment.totals(establishment.read(x))


def test_heads_vacancies_and_days(organisation: Organisation, clock: Clock) -> None:
    o = organisation
    o.post("tech", "n1", headcount=3)
    o.post("lead", "n1", key=True)
    o.hire("E1")
    o.hire("E2")
    o.seat("E1", "tech")
    held = o.seat("E2", "lead")
    found = _totals(o)
    assert (found.heads, found.filled, found.missing, found.key_vacant, found.vacant_days) == (4, 2, 2, 0, 0)
    clock.move(days=20)
    o.leave(held, TODAY + 10 * DAY)
    found = _totals(o)
    assert (found.filled, found.missing, found.key_vacant, found.vacant_days) == (1, 3, 1, 10)
    o.seat("E2", "lead", TODAY + 15 * DAY, kind="acting", until=TODAY + 40 * DAY)
    assert _totals(o).key_vacant == 1, "who acts fills no head"
    o.hire("E3")
    o.post("one", "n1", headcount=0)
    o.seat("E3", "one", over=True)
    assert _totals(o).over == 1


def test_required_certificates_are_counted_while_they_are_valid(organisation: Organisation, clock: Clock) -> None:
    o = organisation
    o.post("tech", "n1", headcount=2, certificates="electrician\nheight_work")
    for code in ("E1", "E2"):
        o.hire(code)
        o.seat(code, "tech")
    assert _totals(o).coverage == 0
    body = {"employee_id": str(o.staff["E1"]), "type": "electrician", "paper": "1", "ends_on": "2026-04-01"}
    with o.company.acting(None, "hr") as x:
        actions.create(certificate, body, x, site=o.company.sites["n1"])
    assert _totals(o).coverage == 25
    clock.at(dt.datetime(2026, 4, 2, 1, tzinfo=dt.UTC))
    assert _totals(o).coverage == 0


def test_turnover_is_leavers_against_the_mean_of_staff(organisation: Organisation) -> None:
    from dougong_hr.organisation import people

    o = organisation
    for code in ("E1", "E2", "E3", "E4"):
        o.hire(code)
    with o.company.acting(None, "hr") as x:
        people.leave(x, o.staff["E1"], TODAY - 10 * DAY, "辞职")
    with o.company.acting("hr", "hr") as x:
        site = [o.company.sites["n1"]]
        assert establishment.turnover(x, site, TODAY - 30 * DAY, TODAY) == (0, 1, round(100 / 3.5, 1))
        assert establishment.turnover(x, [o.company.sites["s1"]], TODAY - 30 * DAY, TODAY) == (0, 0, None)


def test_a_manager_counts_their_own_site_alone(organisation: Organisation) -> None:
    o = organisation
    o.post("a", "n1")
    o.post("b", "s1")
    assert _totals(o).heads == 2
    assert _totals(o, "project_manager_n1").heads == 1
    assert _totals(o, "service_agent_n1").heads == 0


def test_pages_show_the_tree_even_where_it_is_a_circle(organisation: Organisation, platform: Running) -> None:
    o = organisation
    o.post("总监", "n1", key=True)
    o.post("经理", "n1", "总监", certificates="electrician")
    o.post("专员", "n1", "经理")
    o.hire("E1", name="项目经理·北一")
    o.seat("E1", "经理")
    for forced in (False, True):
        if forced:
            o.force("总监", "专员")
        shown = platform.browser(o.company, "hr").get("/hr/organisation")
        assert shown.status_code == 200
        for said in ("总监", "经理", "专员", "项目经理·北一"):
            assert said in shown.text
    table = platform.browser(o.company, "hr").get("/hr/establishment")
    assert table.status_code == 200
    assert "n1" in table.text
    o.company.switch("hr", False)
    assert platform.browser(o.company, "admin").get("/hr/organisation").status_code == 404


def test_the_section_of_a_report_upwards_names_nobody(organisation: Organisation) -> None:
    o = organisation
    o.post("tech", "n1", headcount=2)
    o.hire("E1", name="维修技工·北一")
    o.seat("E1", "tech")
    start, end = dt.datetime(2026, 2, 1, tzinfo=dt.UTC), dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    with o.company.acting("project_manager_n1", "hr") as x:
        content = reports.section.fill(x, [o.company.sites["n1"]], start, end)
    assert content is not None
    assert not content.client
    assert [str(f.value) for f in content.figures[:3]] == ["2", "1", "1"]
    assert "维修技工" not in content.sentence
    with o.company.acting("service_agent_n1", "hr") as x:
        assert reports.section.fill(x, [o.company.sites["n1"]], start, end) is None
