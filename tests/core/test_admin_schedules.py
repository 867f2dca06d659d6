"""The pages of schedules: what each shows, what it does, to whom; without a script, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.testing import Clock, Company
from dougong.testing.clients import Client, Running
from dougong.testing.running import run_due
from dougong.timing.tables import Occurrence, ScheduleRow

from .samples_schedules import BROKEN, RAN, with_schedules
from .test_admin_pages import said

PATH = "/admin/schedules"
ENGLISH = {"headers": {"accept-language": "en"}}
LETTER, ROUNDS, CLOSING = "complaints.weekly_letter", "complaints.rounds", "complaints.closing"


@pytest.fixture(scope="session")
def registry() -> Registry:
    return with_schedules(load())


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    RAN.clear()
    BROKEN.clear()
    yield
    BROKEN.clear()


@pytest.fixture
def company(clock: Clock, company: Company) -> Company:
    """With its schedules."""
    run_due(company)
    return company


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.browser(company, "admin")


def row_of(company: Company, name: str, site: str | None = None) -> ScheduleRow:
    with company.session() as session:
        place = company.sites[site] if site else None
        query = sa.select(ScheduleRow).where(ScheduleRow.name == name, ScheduleRow.site_id.is_not_distinct_from(place))
        return session.scalars(query).one()


def runs_of(company: Company, row: ScheduleRow) -> list[Occurrence]:
    with company.session() as session:
        query = sa.select(Occurrence).where(Occurrence.schedule_id == row.id).order_by(Occurrence.nominal)
        return list(session.scalars(query))


def form_of(answer: Any) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    found: dict[str, Any] = {}
    body = answer.text.split('<form class="fields pairs"', 1)[1].split("</form>", 1)[0]
    for tag in re.findall(r"<input[^>]*>", body):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r'name="([\w.]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (kind and kind[1] in ("radio", "checkbox") and " checked" not in tag):
            continue
        text = value[1] if value else ""
        if kind and kind[1] == "checkbox":
            found.setdefault(name[1], []).append(text)
        else:
            found[name[1]] = text
    for name_, inner in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found[name_] = chosen[1] if chosen else ""
    return found


# ---- seeing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_there(company: Company, admin: Client, clock: Clock, language: str) -> None:
    headers = {"accept-language": language}
    row = row_of(company, LETTER)
    clock.move(hours=2)
    run_due(company)
    (run,) = runs_of(company, row)
    for path in (
        PATH, f"{PATH}?show=paused", f"{PATH}?show=active&module=complaints&state=done", f"{PATH}?site=n1", f"{PATH}/runs",
        f"{PATH}/runs?state=failed", f"{PATH}/upcoming", f"{PATH}/upcoming?module=complaints&site=n1",
        f"{PATH}/runs?at.from=2026-03-01&at.to=2026-03-31&schedule={row.id}",
        f"{PATH}/runs/{run.id}", f"{PATH}/{row.id}", f"{PATH}/{row.id}/edit", f"{PATH}/{row.id}/run", f"{PATH}/{row.id}/skip",
        f"{PATH}/{row.id}/pause", f"{PATH}/{row.id}/reset", f"{PATH}/runs/{run.id}/again",
    ):  # fmt: skip
        answer = admin.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code, said(answer)[:500])
    shown = said(admin.get(PATH, headers=headers))
    assert ("Every Monday at 10:00" in shown) == (language == "en")


def test_who_may_not_see_schedules_finds_none(platform: Running, company: Company, other_company: Company) -> None:
    row = row_of(company, LETTER)
    agent, stranger, foreign = (
        platform.browser(company, "service_agent_n1"), platform.browser(company), platform.browser(other_company, "admin"),
    )  # fmt: skip
    for path in (PATH, f"{PATH}/upcoming", f"{PATH}/runs", f"{PATH}/{row.id}", f"{PATH}/{row.id}/edit", f"{PATH}/{row.id}/run"):
        assert agent.get(path).status_code == 404, path
        assert stranger.get(path).status_code == 303, path
    for path in (f"{PATH}/{row.id}", f"{PATH}/{row.id}/edit", f"{PATH}/{row.id}/pause"):
        assert foreign.get(path).status_code == 404, path
    foreign.get(PATH)
    assert foreign.post(f"{PATH}/{row.id}/pause", {"sure": "1"}).status_code == 404
    assert row_of(company, LETTER).active
    assert PATH not in agent.get("/").text


def test_each_sees_and_does_at_their_sites(platform: Running, company: Company) -> None:
    manager = platform.browser(company, "project_manager_n1")
    mine, other, whole = row_of(company, ROUNDS, "n1"), row_of(company, ROUNDS, "s1"), row_of(company, LETTER)
    shown = manager.get(PATH).text
    assert str(mine.id) in shown
    assert str(other.id) not in shown
    assert str(whole.id) not in shown
    for row in (other, whole):
        assert manager.get(f"{PATH}/{row.id}").status_code == 404
        assert manager.post(f"{PATH}/{row.id}/run", {"sure": "1"}).status_code == 404
        assert not runs_of(company, row)
    page = manager.get(f"{PATH}/{mine.id}", **ENGLISH)
    assert page.status_code == 200
    assert "Change and pause schedules: not now" in said(page)
    assert manager.get(f"{PATH}/{mine.id}/edit").status_code == 403
    assert manager.post(f"{PATH}/{mine.id}/pause", {"sure": "1"}).status_code == 403
    assert manager.post(f"{PATH}/{mine.id}/run", {"sure": "1"}).status_code == 303
    assert len(runs_of(company, mine)) == 1
    ahead = said(manager.get(f"{PATH}/upcoming", **ENGLISH))
    assert "Rounds" in ahead
    assert "Weekly letter" not in ahead


def test_a_module_that_is_off_has_no_schedules(company: Company, admin: Client) -> None:
    row = row_of(company, LETTER)
    site = row_of(company, ROUNDS, "n1")
    admin.get("/admin/modules/complaints/sites")
    assert admin.post("/admin/modules/complaints/sites", {"at": "n1"}).status_code == 303
    run_due(company)
    assert admin.get(f"{PATH}/{site.id}").status_code == 404
    assert admin.get(f"{PATH}/{row.id}").status_code == 200
    company.switch("complaints", False)
    run_due(company)
    assert admin.get(f"{PATH}/{row.id}").status_code == 404
    assert "complaints" not in admin.get(f"{PATH}/upcoming").text
    assert admin.get(PATH).status_code == 200


# ---- the editor ---------------------------------------------------------------------------------------


def test_each_kind_of_rule_can_be_typed_and_comes_back(company: Company, admin: Client) -> None:
    row = row_of(company, LETTER)
    edit = f"{PATH}/{row.id}/edit"
    for sent, words in (
        ({"kind": "daily", "times": "8:30，14：00"}, "Every day at 08:30, 14:00"),
        ({"kind": "daily", "times": "08:30", "on_closed": "skip"}, "Every working day at 08:30"),
        ({"kind": "weekly", "times": "09:00", "weekdays": ["0", "3"]}, "Every Monday, Thursday at 09:00"),
        ({"kind": "weekly", "times": "09:00", "weekdays": ["0"], "every": "2", "starting": "2026-03-09"},
         "Every 2 weeks on Monday at 09:00, counted from 2026-03-09"),
        ({"kind": "monthly", "times": "09:00", "day": "15", "on_closed": "next"},
         "Every month on day number 15 at 09:00, on a day off the next working day"),
        ({"kind": "monthly", "times": "18:00", "day": "last_workday"}, "Every month on the last working day at 18:00"),
        ({"kind": "monthly", "times": "09:00", "day": "nth", "nth": "2", "nth_day": "1"},
         "Every month on the second Tuesday at 09:00"),
        ({"kind": "half", "times": "09:00", "day": "1", "month": "1"}, "Every half-year (months 1, 7) on day number 1 at 09:00"),
        ({"kind": "half", "times": "09:00", "day": "1", "month": "9"},
         "Every half-year (months 3, 9) on day number 1 at 09:00, counted from 2024-03-01"),
        ({"kind": "yearly", "times": "09:00", "day": "-1", "month": "6"}, "Every year in month 6 on the last day at 09:00"),
        ({"kind": "shift", "shifts": ""}, "At the start of each shift"),
        ({"kind": "custom", "rrule": "freq=monthly;byday=mo;bysetpos=1", "times": "09:00"},
         "By the rule FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1 at 09:00"),
    ):  # fmt: skip
        blank = dict.fromkeys(("times", "weekdays", "day", "nth", "nth_day", "month", "shifts", "rrule", "starting"), "")
        form = {**form_of(admin.get(edit)), **blank, "every": "1", "on_closed": "as_is", **sent}
        answer = admin.post(edit, {name: value for name, value in form.items() if value != ""}, **ENGLISH)
        assert answer.status_code == 303, (sent, said(answer)[:900])
        assert words in said(admin.get(f"{PATH}/{row.id}", **ENGLISH)), sent
        before = row_of(company, LETTER).rule
        again = {name: value for name, value in form_of(admin.get(edit)).items() if value != ""}
        assert admin.post(edit, again).status_code == 303, sent
        assert row_of(company, LETTER).rule == before, sent  # what the form shows is what is stored


@pytest.mark.parametrize(
    ("sent", "path", "words"),
    [
        ({"kind": "hourly"}, "kind", "Choose one of the list"),
        ({"times": ""}, "times", "at least one time"),
        ({"times": "25:00"}, "times", "not a time of day"),
        ({"times": "noon"}, "times", "not a time of day"),
        ({"times": "10:00, 10:02"}, "times", "more often"),
        ({"every": "0"}, "every", "Between 1"),
        ({"every": "x"}, "every", "whole number"),
        ({"weekdays": ""}, "weekdays", "at least one day"),
        ({"weekdays": "9"}, "weekdays", "0 (Monday)"),
        ({"kind": "monthly", "day": ""}, "day", "Choose a day"),
        ({"kind": "monthly", "day": "32"}, "day", "between 1 and 31"),
        ({"kind": "monthly", "day": "nth", "nth": "", "nth_day": "0"}, "nth", "Choose one of the list"),
        ({"kind": "monthly", "day": "nth", "nth": "1", "nth_day": "8"}, "nth_day", "0 (Monday)"),
        ({"kind": "half", "day": "1", "month": "13"}, "month", "Choose a month"),
        ({"kind": "yearly", "day": "30", "month": "2"}, "day", "never fire"),
        ({"kind": "custom", "rrule": ""}, "rrule", "Write a rule"),
        ({"kind": "custom", "rrule": "FREQ=SECONDLY"}, "rrule", "FREQ is"),
        ({"kind": "custom", "rrule": "every day"}, "rrule", "cannot be read"),
        ({"kind": "custom", "rrule": "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2"}, "rrule", "never fire"),
        ({"kind": "shift", "shifts": "Night owls"}, "shifts", "no such shift"),
        ({"on_closed": "sideways"}, "on_closed", "On a day off"),
        ({"starting": "soon"}, "starting", "Write a date"),
        ({"starting": "1066-01-01"}, "starting", "out of range"),
        ({"grace": "-5"}, "grace", "whole number"),
        ({"grace": "0"}, "grace", "1"),
        ({"window": "a while"}, "window", "whole number"),
        ({"window": "9999999"}, "window", "527040"),
        ({"missed": "whatever"}, "missed", ""),
        ({"starts_on": "tomorrow"}, "starts_on", "date"),
        ({"starts_on": "2026-06-01", "ends_on": "2026-05-01"}, "ends_on", "before it begins"),
        ({"ends_on": "9999-01-01"}, "ends_on", "out of range"),
        ({"calendar": "moon"}, "calendar", "no such calendar"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(
    company: Company, admin: Client, sent: dict[str, str], path: str, words: str
) -> None:
    row = row_of(company, LETTER)
    edit = f"{PATH}/{row.id}/edit"
    form = {**form_of(admin.get(edit)), "rrule": "KEPT" if "rrule" not in sent else "", **sent}
    answer = admin.post(edit, {name: value for name, value in form.items() if value != ""}, **ENGLISH)
    assert answer.status_code == 422, said(answer)[:500]
    if path != "calendar":  # there is no input for it where the company has no calendars
        found = re.search(rf'<p class="error" id="f-{path}-e">.*?</svg>([^<]*)<', answer.text, re.S)
        assert found, said(answer)[:900]
        assert words in found[1]
    for name, value in sent.items():
        if value and name in ("times", "every", "rrule", "grace", "window"):
            assert f'value="{value}"' in answer.text
    assert (kept := row_of(company, LETTER)).rule == row.rule
    assert kept.row_version == row.row_version


def test_the_preview_shows_the_next_times_and_saves_nothing(company: Company, admin: Client) -> None:
    row = row_of(company, LETTER)
    edit = f"{PATH}/{row.id}/edit"
    form = {**form_of(admin.get(edit)), "kind": "monthly", "day": "4", "on_closed": "next", "times": "08:15", "preview": "1"}
    answer = admin.post(edit, form, **ENGLISH)
    assert answer.status_code == 200
    aside = said(type("Part", (), {"text": answer.text.split("<aside", 1)[1].split("</aside>", 1)[0]}))
    assert "4 Mar" in aside
    assert "7 Apr" in aside  # the 4th lies in the Tomb-sweeping holiday
    assert "Moved from 04-04" in aside
    assert aside.count("08:15") >= 10
    assert row_of(company, LETTER).rule == row.rule
    broken = admin.post(edit, {**form, "times": "late"}, **ENGLISH)
    assert broken.status_code == 422
    assert "when what is marked is mended" in said(broken)


def test_two_people_change_at_once_and_nothing_typed_is_lost(company: Company, admin: Client, platform: Running) -> None:
    row = row_of(company, LETTER)
    edit = f"{PATH}/{row.id}/edit"
    first, second = form_of(admin.get(edit)), form_of(admin.get(edit))
    assert admin.post(edit, {**first, "grace": "45"}).status_code == 303
    answer = admin.post(edit, {**second, "grace": "90", "times": "11:11"}, **ENGLISH)
    assert answer.status_code == 412
    assert 'value="11:11"' in answer.text
    assert "45 min" in said(answer)  # what the other one saved
    assert row_of(company, LETTER).grace == 45
    again = form_of(answer)
    assert admin.post(edit, again).status_code == 303
    kept = row_of(company, LETTER)
    assert (kept.grace, kept.rule["times"]) == (90, ["11:11"])
    bare = {name: value for name, value in again.items() if name != "version"}
    assert admin.post(edit, bare).status_code == 400


def test_a_calendar_of_the_company_can_be_chosen_and_given_back(company: Company, admin: Client) -> None:
    company.settings("core", calendars={"guards": {"name": "保安班", "kind": "always"}})
    row = row_of(company, LETTER)
    edit = f"{PATH}/{row.id}/edit"
    page = admin.get(edit)
    chosen = re.findall(r'<select[^>]*name="calendar"[^>]* required.*?<option value="([^"]*)" selected', page.text, re.S)
    assert chosen == ["-"]  # an empty one the browser would refuse to send
    assert admin.post(edit, form_of(page)).status_code == 303
    assert row_of(company, LETTER).calendar is None
    assert admin.post(edit, {**form_of(admin.get(edit)), "calendar": "guards"}).status_code == 303
    assert row_of(company, LETTER).calendar == "guards"
    assert "保安班" in said(admin.get(f"{PATH}/{row.id}"))
    assert admin.post(edit, {**form_of(admin.get(edit)), "calendar": "-"}).status_code == 303
    assert row_of(company, LETTER).calendar is None


def test_what_the_module_has_fixed_is_not_asked_and_not_taken(company: Company, admin: Client) -> None:
    row = row_of(company, CLOSING)
    edit = f"{PATH}/{row.id}/edit"
    page = admin.get(edit, **ENGLISH)
    assert "The module has fixed this" in said(page)
    assert 'name="kind"' not in page.text
    assert admin.post(edit, {**form_of(page), "kind": "daily", "times": "01:00", "window": "60"}).status_code == 303
    kept = row_of(company, CLOSING)
    assert (kept.rule, kept.window) == (row.rule, 60)


def test_a_change_stands_in_history_and_reset_takes_it_back(company: Company, admin: Client) -> None:
    row = row_of(company, LETTER)
    edit = f"{PATH}/{row.id}/edit"
    assert admin.post(edit, {**form_of(admin.get(edit)), "times": "12:34", "missed": "each"}).status_code == 303
    assert row_of(company, LETTER).changed
    told = said(admin.get("/admin/history?kind=core.schedule", **ENGLISH))
    assert "Weekly letter" in told
    assert "Every Monday at 10:00 → Every Monday at 12:34" in told
    assert "Make up once → Make up each" in told
    admin.get(f"{PATH}/{row.id}")
    assert admin.post(f"{PATH}/{row.id}/reset", {}).status_code == 200  # asks first
    assert admin.post(f"{PATH}/{row.id}/reset", {"sure": "1"}).status_code == 303
    kept = row_of(company, LETTER)
    assert (kept.changed, kept.rule["times"], kept.missed) == (False, ["10:00"], "once")


# ---- doing --------------------------------------------------------------------------------------------


def test_pause_and_resume(company: Company, platform: Running, clock: Clock) -> None:
    admin = platform.browser(company, "admin")
    row = row_of(company, LETTER)
    admin.get(f"{PATH}/{row.id}")
    assert 'name="sure"' in admin.post(f"{PATH}/{row.id}/pause", {}).text
    assert admin.post(f"{PATH}/{row.id}/pause", {"sure": "1"}).status_code == 303
    clock.move(days=8)
    run_due(company)
    assert not runs_of(company, row)
    admin = platform.browser(company, "admin")  # the session has ended meanwhile
    page = admin.get(f"{PATH}?show=paused", **ENGLISH)
    assert str(row.id) in page.text
    assert "paused" in said(page)
    admin.get(f"{PATH}/{row.id}")
    assert admin.post(f"{PATH}/{row.id}/resume", {"sure": "1"}).status_code == 303
    clock.move(days=7)
    run_due(company)
    assert [run.state for run in runs_of(company, row)] == ["done"]


def test_run_now_skip_the_next_and_let_it_run_after_all(company: Company, admin: Client, clock: Clock) -> None:
    row = row_of(company, LETTER)
    admin.get(f"{PATH}/{row.id}")
    assert admin.post(f"{PATH}/{row.id}/run", {"sure": "1"}).status_code == 303
    twice = admin.post(f"{PATH}/{row.id}/run", {"sure": "1"}, **ENGLISH)
    assert (twice.status_code, "waits already" in said(twice)) == (409, True)
    run_due(company)
    assert len(RAN) == 1
    asks = admin.post(f"{PATH}/{row.id}/skip", {}, **ENGLISH)
    assert "2026-03-02 10:00" in said(asks)
    assert admin.post(f"{PATH}/{row.id}/skip", {"sure": "1", "next": "2026-03-09T02:00:00+00:00"}).status_code == 409
    assert admin.post(f"{PATH}/{row.id}/skip", {"sure": "1", "next": "soon"}).status_code == 400
    assert admin.post(f"{PATH}/{row.id}/skip", {"sure": "1", "next": "2026-03-02T02:00:00+00:00"}).status_code == 303
    page = admin.get(f"{PATH}/{row.id}", **ENGLISH)
    assert "left out" in said(page)
    (skipped,) = re.findall(r"/admin/schedules/runs/([0-9a-f-]{36})/unskip", page.text)
    assert "left out" in said(admin.get(f"{PATH}/upcoming", **ENGLISH))
    assert "(left out)" in said(admin.get(PATH, **ENGLISH))
    assert admin.post(f"{PATH}/runs/{skipped}/unskip", {}).status_code == 303
    assert admin.post(f"{PATH}/{row.id}/skip", {"sure": "1"}).status_code == 303
    clock.move(hours=2)
    run_due(company)
    assert len(RAN) == 1
    assert admin.post(f"{PATH}/{row.id}/dance", {"sure": "1"}).status_code == 404
    told = said(admin.get("/admin/history?kind=core.schedule", **ENGLISH))
    for words in ("run at once", "next run left out", "left-out run takes place"):
        assert words in told


def test_what_failed_is_told_on_the_start_page_and_run_again(company: Company, admin: Client, clock: Clock) -> None:
    BROKEN.add("rounds")
    row = row_of(company, ROUNDS, "n1")
    admin.get(f"{PATH}/{row.id}")
    assert "runs failed" not in said(admin.get("/", **ENGLISH))
    assert admin.post(f"{PATH}/{row.id}/run", {"sure": "1"}).status_code == 303
    for _try in range(4):
        run_due(company, failing=True)
        clock.move(hours=1)
    (run,) = runs_of(company, row)
    assert run.state == "failed"
    assert "1 run failed" in said(admin.get("/", **ENGLISH))
    assert "1 run failed" in said(admin.get("/admin", **ENGLISH))
    assert str(run.id) in admin.get(f"{PATH}/runs?state=failed").text
    page = said(admin.get(f"{PATH}/runs/{run.id}", **ENGLISH))
    assert "out of paper" in page
    assert "Try 2 failed" in page
    BROKEN.clear()
    admin.get(f"{PATH}/runs/{run.id}")
    assert 'name="sure"' in admin.post(f"{PATH}/runs/{run.id}/again", {}).text
    assert admin.post(f"{PATH}/runs/{run.id}/again", {"sure": "1"}).status_code == 303
    run_due(company)
    (run,) = runs_of(company, row)
    assert (run.state, run.asked_by) == ("done", company.people["admin"])
    assert admin.post(f"{PATH}/runs/{run.id}/again", {"sure": "1"}).status_code == 409
    clock.move(minutes=5)
    assert "run failed" not in said(admin.get("/", **ENGLISH))


def test_what_was_missed_is_said(company: Company, platform: Running, clock: Clock) -> None:
    clock.move(days=15)
    run_due(company)
    admin = platform.browser(company, "admin")
    page = said(admin.get(f"{PATH}/runs?state=missed", **ENGLISH))
    assert "Weekly letter" in page
    assert "missed" in said(admin.get("/", **ENGLISH))


@pytest.mark.parametrize(
    "query", ["state=odd", "schedule=7", "at.from=soon", "at.to=9999-12-31", "colour=red", "site=nowhere"]
)
def test_what_cannot_be_looked_for(admin: Client, query: str) -> None:
    assert admin.get(f"{PATH}/runs?{query}").status_code in (400, 404, 422)
    for path in (PATH, f"{PATH}/upcoming"):
        assert admin.get(f"{path}?colour=red").status_code == 400
    for path in (f"{PATH}/x", f"{PATH}/runs/x", f"{PATH}/{'0' * 8}-0000-0000-0000-{'0' * 12}"):
        assert admin.get(path).status_code == 404
