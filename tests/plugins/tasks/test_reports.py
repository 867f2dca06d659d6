"""Reports upward: drafted on the right day, written by their author alone, frozen, read, returned, filtered for the client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from dougong import Conflict, Forbidden, Invalid, NotFound, speaking
from dougong.access.tables import Deputy
from dougong_tasks.upward.choices import Period, ReportState
from dougong_tasks.upward.filling import valued
from dougong_tasks.upward.flow import draft
from dougong_tasks.upward.records import ClientReport, SiteReport
from dougong_tasks.upward.sheet import of_client, of_site

from .conftest import DIRECTOR, MANAGER, Office

if TYPE_CHECKING:
    from dougong.testing.companies import Company

REFUSED = (Conflict, Forbidden)
SHANGHAI = ZoneInfo("Asia/Shanghai")
CLIENT, HEAD = "client_n1", "property_director"
COMPLAINTS = ("complaints.complaints", "投诉")


def drafts(office: Office) -> set[tuple[str, str, str]]:
    """(site, period, first day) of every report there is."""
    names = {id: slug for slug, id in office.sites.items()}
    with office.company.acting(None, "tasks") as x:
        return {(names[r.site_id], r.period.value, str(r.starts)) for r in x.session.scalars(x.readable(SiteReport))}


def figure(office: Office, id, by: str | None = None):  # type: ignore[no-untyped-def]
    with office.company.acting(by, "tasks") as x:
        r = x.get(SiteReport, id)
        return valued(of_site(x, r).sections).get(COMPLAINTS), of_site(x, r).changed


def test_the_schedule_drafts_on_the_day_after_the_period_at_each_site_and_region(office: Office) -> None:
    office.clock.at(dt.datetime(2026, 3, 7, 12, tzinfo=SHANGHAI))
    office.clock.run(office.company)
    office.clock.through(until=dt.datetime(2026, 3, 8, 23, tzinfo=SHANGHAI), of=office.company)
    assert drafts(office) == set()  # the week of 23 February is long over, that of 2 March is not
    office.clock.through(until=dt.datetime(2026, 3, 9, 3, tzinfo=SHANGHAI), of=office.company)
    week = {(site, "week", "2026-03-02") for site in ("n1", "s1", "north", "south")}
    assert drafts(office) == week  # nobody manages n2
    office.clock.at(dt.datetime(2026, 4, 1, 3, tzinfo=SHANGHAI))
    office.clock.run(office.company)
    month = {(site, "month", "2026-03-01") for site in ("n1", "s1", "north", "south")}
    assert drafts(office) - week >= month
    with office.company.acting(None, "tasks") as x:
        authors = {x.get(SiteReport, r.id).author_id for r in x.session.scalars(x.readable(SiteReport))}
    who = (MANAGER, "project_manager_s1", DIRECTOR, "regional_director_south")
    assert authors == {office.people[one] for one in who}


def test_no_draft_where_nobody_writes_and_none_twice(office: Office) -> None:
    for _twice in range(2):
        with office.company.acting(None, "tasks") as x:
            draft(x)
    assert {site for site, _period, _first in drafts(office)} == {"n1", "s1", "north", "south"}
    office.company.settings("tasks", weekly_reports=False, monthly_reports=False)
    office.clock.move(days=7)
    before = drafts(office)
    with office.company.acting(None, "tasks") as x:
        draft(x)
    assert drafts(office) == before


def test_one_report_of_a_period(office: Office) -> None:
    office.begin(day="2026-02-25")
    with pytest.raises(Invalid):
        office.begin(day="2026-02-23")
    with pytest.raises(Invalid):
        office.begin(day="2026-03-20")
    office.begin(day="2026-02-25", period="month")


def test_a_late_report_reminds_and_climbs(office: Office) -> None:
    office.clock.at(dt.datetime(2026, 3, 2, 0, 10, tzinfo=SHANGHAI))
    office.clock.run(office.company)
    office.clock.through(days=4, of=office.company)
    with office.company.acting(None, "tasks") as x:
        query = x.readable(SiteReport).where(SiteReport.site_id == office.sites["n1"], SiteReport.period == Period.WEEK)
        id = x.session.scalars(query).one().id
    told = office.told(id)
    assert office.report(id).submit_late
    assert [what for who, what in told if who == MANAGER] == ["drafted", "due_soon", "overdue"], told
    assert {who for who, what in told if what == "escalated"} == {DIRECTOR, HEAD}, told
    office.do(MANAGER, id, "submit")
    assert office.report(id).submit_late


def test_words_on_a_section_are_written_in_the_form_and_the_last_hold(office: Office) -> None:
    id = office.begin()
    screen = office.screen(MANAGER)
    form = screen.get(f"/tasks/writing/{id}")
    assert 'name="remarks.complaints.complaints"' in form.text
    words = {"summary": "平稳", "problems": "", "client_text": "致业主", "remarks.complaints.complaints": "电梯类减少"}
    assert screen.post(f"/tasks/writing/{id}", words).status_code == 303
    assert "电梯类减少" in screen.get(f"/tasks/sheet/{id}").text
    assert (office.report(id).summary, office.report(id).problems) == ("平稳", None)
    office.do(MANAGER, id, "remark", plan="继续")  # what is not given stays
    assert (office.report(id).summary, office.report(id).plan) == ("平稳", "继续")
    screen.post(f"/tasks/writing/{id}", {**words, "remarks.complaints.complaints": " "})
    assert "电梯类减少" not in screen.get(f"/tasks/sheet/{id}").text
    with pytest.raises(Invalid):
        office.do(MANAGER, id, "remark", remarks={"nothing.there": "x"})
    too_long = screen.post(f"/tasks/writing/{id}", {**words, "summary": "字" * 20_001})
    assert too_long.status_code == 422
    assert "致业主" in too_long.text  # what was typed is kept
    done = screen.post(f"/tasks/writing/{id}", {**words, "then": "submit"})
    assert done.status_code == 303
    assert office.report(id).status is ReportState.SUBMITTED
    assert screen.get(f"/tasks/writing/{id}").status_code == 409


def test_only_the_author_writes_submits_and_sends(office: Office) -> None:
    company = office.company
    company.add_person("deputy", ("project_manager", "n1"))
    id = office.begin()
    for who in ("deputy", DIRECTOR):
        for step, body in (("remark", {"summary": "改一改"}), ("submit", {})):
            with pytest.raises(REFUSED):
                office.do(who, id, step, **body)
    answer = office.program(DIRECTOR).api(
        "PATCH", f"/tasks/report/{id}", {"summary": "x"}, version=office.report(id).row_version
    )
    assert answer.status_code in (403, 422), answer.text
    now = office.clock.now
    with company.session() as session:
        away = {"starts_at": now - dt.timedelta(days=1), "ends_at": now + dt.timedelta(days=3)}
        session.add(Deputy(person_id=company.people[MANAGER], deputy_id=company.people["deputy"], **away))
    office.do("deputy", id, "submit")
    with pytest.raises(REFUSED):
        office.do(DIRECTOR, id, "release")
    assert office.report(id).author_id == office.people[MANAGER]


def test_figures_stay_as_they_were_submitted_and_their_lists_still_open(office: Office) -> None:
    id = office.begin(day="2026-03-02")
    office.complain()
    assert figure(office, id, MANAGER) == (1, set())
    office.do(MANAGER, id, "submit")
    office.complain()
    assert figure(office, id, DIRECTOR) == (1, {COMPLAINTS})
    screen = office.screen(DIRECTOR)
    sheet = screen.get(f"/tasks/sheet/{id}")
    assert "≠" in sheet.text
    found = office.report(id).frozen or []
    href = next(
        f["href"] for one in found if one["key"] == COMPLAINTS[0] for f in one["figures"] if f["label"] == COMPLAINTS[1]
    )
    assert href.replace("&", "&amp;") in sheet.text
    rows = screen.get(href)
    assert rows.status_code == 200
    assert rows.text.count("夜间施工噪声") >= 2  # the records as they are today


def test_a_readers_language_changes_no_figure(office: Office) -> None:
    """Sections are in the company's language, whoever looks: compared by name, they were once other figures in English."""
    id = office.begin(day="2026-03-02")
    office.do(MANAGER, id, "submit")
    office.complain()
    sheet = office.screen(DIRECTOR).get(f"/tasks/sheet/{id}", headers={"accept-language": "en"})
    assert "Records have changed since" in sheet.text
    assert "≠" in sheet.text


def test_a_returned_report_asks_everybody_anew(office: Office) -> None:
    office.company.settings("tasks", report_levels=2)
    id = office.begin()
    office.do(MANAGER, id, "submit")
    assert {who for who, what in office.told(id) if what == "submitted"} == {DIRECTOR, HEAD}
    office.do(HEAD, id, "acknowledge")
    assert office.report(id).status is ReportState.SUBMITTED
    with pytest.raises(REFUSED):
        office.do(HEAD, id, "acknowledge")  # once
    office.do(DIRECTOR, id, "give_back", reason="缺原因分析")
    back = office.report(id)
    assert (back.status, back.returns, back.returned_because) == (ReportState.RETURNED, 1, "缺原因分析")
    assert "缺原因分析" in office.screen(MANAGER).get(f"/tasks/sheet/{id}").text
    office.clock.move(hours=1)
    office.do(MANAGER, id, "submit")
    assert office.report(id).returned_because is None
    office.do(DIRECTOR, id, "acknowledge")
    assert office.report(id).status is ReportState.SUBMITTED  # the first receipt of the other is of the first report
    office.do(HEAD, id, "acknowledge")
    assert office.report(id).status is ReportState.READ


def test_nobody_reads_or_returns_their_own_report(office: Office) -> None:
    id = office.begin()
    office.do(MANAGER, id, "submit")
    for step, body in (("acknowledge", {}), ("give_back", {"reason": "自己退"})):
        with pytest.raises(REFUSED):
            office.do(MANAGER, id, step, **body)
    with pytest.raises(REFUSED):  # it goes one level up
        office.do(HEAD, id, "acknowledge")
    own = office.begin(DIRECTOR, "north")
    office.do(DIRECTOR, own, "submit")
    with pytest.raises(REFUSED):
        office.do(DIRECTOR, own, "acknowledge")
    office.do(HEAD, own, "acknowledge")
    assert office.report(own).status is ReportState.READ


def test_a_module_switched_off_keeps_its_frozen_section_and_new_drafts_lack_it(office: Office) -> None:
    office.complain()
    id, later = office.begin(day="2026-03-02"), office.begin(period="month")
    office.do(MANAGER, id, "submit")
    office.company.switch("complaints", False)
    screen = office.screen(DIRECTOR)
    kept = screen.get(f"/tasks/sheet/{id}")
    assert "投诉受理与处理" in kept.text
    assert "/complaints/complaint?" not in kept.text  # its lists are not there
    assert "≠" not in kept.text
    assert "投诉受理与处理" not in screen.get(f"/tasks/sheet/{later}").text
    office.do(MANAGER, later, "submit")
    assert COMPLAINTS[0] not in {one["key"] for one in office.report(later).frozen or []}


def test_the_period_before_stands_beside_the_figures(office: Office) -> None:
    first = office.begin(day="2026-03-02")
    office.complain()
    office.do(MANAGER, first, "submit")
    office.clock.move(days=7)
    second = office.begin(day="2026-03-09")
    with office.company.acting(MANAGER, "tasks") as x, speaking("zh"):
        [one] = [s for s in of_site(x, x.get(SiteReport, second)).sections if s["key"] == COMPLAINTS[0]]
    [counted] = [f for f in one["figures"] if f["label"] == COMPLAINTS[1]]
    assert (counted["value"], counted["before"], counted["before_text"]) == (0, 1, "上期 1")


def test_the_client_reads_the_copy_of_their_own_site_and_nothing_else(
    office: Office, make_company: Callable[..., Company]
) -> None:
    company = office.company
    office.complain()
    id = office.begin(day="2026-03-02")
    office.do(
        MANAGER, id, "remark", summary="内部概述", client_text="致甲方", remarks={"complaints.complaints": "内部说明"}
    )
    with pytest.raises(REFUSED):
        office.do(MANAGER, id, "release")  # not before it is submitted
    office.do(MANAGER, id, "submit")
    office.do(MANAGER, id, "release")
    with pytest.raises(REFUSED):
        office.do(MANAGER, id, "release")
    with company.acting(MANAGER, "tasks") as x:
        copy = x.session.scalars(x.readable(ClientReport)).one()
        shown = of_client(x, copy)
        assert {one["key"] for one in shown.sections} == {COMPLAINTS[0]}
        assert all(f["client"] and not f["href"] for one in shown.sections for f in one["figures"])
    company.add_person("narrow")
    company.grant("narrow", "client", "n1", relation="raised")
    for who in (CLIENT, "narrow"):
        screen = office.screen(who)
        page = screen.get(f"/tasks/copy/{copy.id}")
        assert page.status_code == 200
        assert "致甲方" in page.text
        assert "内部" not in page.text
        assert screen.get(f"/tasks/copy/{copy.id}/workbook").status_code == 200
        for address in (
            f"/tasks/sheet/{id}",
            f"/tasks/sheet/{id}/workbook",
            f"/tasks/report/{id}",
            f"/tasks/writing/{id}",
        ):
            assert screen.get(address).status_code in (403, 404), address
    other = office.screen("client_s1")
    for address in (f"/tasks/copy/{copy.id}", f"/tasks/copy/{copy.id}/workbook", f"/tasks/client_report/{copy.id}"):
        assert other.get(address).status_code == 404
    stranger = make_company("jinxiu", modules=["tasks", "complaints", "notify", "papers"])
    with stranger.acting("general_manager", "tasks") as x, pytest.raises(NotFound):
        x.get(ClientReport, copy.id)


def test_the_timeline_says_once_what_was_written(office: Office) -> None:
    """As what it changed, not as what was typed beside it."""
    id = office.begin()
    office.do(MANAGER, id, "remark", summary="整体平稳。", problems="地下车库积水一处。", plan="整治停放。")
    text = office.screen(MANAGER).get(f"/tasks/report/{id}", headers={"accept-language": "en"}).text
    stream = text.split("Timeline", 1)[1]
    assert [stream.count(words) for words in ("整体平稳。", "地下车库积水一处。", "整治停放。")] == [1, 1, 1]
