"""Hostile questions and bodies for schedules, calendars and background work: a refusal in words, and soon."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.testing import Clock, Company
from dougong.testing.clients import Client, Running
from dougong.testing.running import run_due

from .cost import begin, cost
from .samples_schedules import with_schedules

SCHEDULES, CALENDARS = "/core/schedules", "/core/calendars"
SOON = 2.0  # seconds


@pytest.fixture(scope="session")
def registry() -> Registry:
    return with_schedules(load())


@pytest.fixture
def company(clock: Clock, company: Company) -> Company:
    run_due(company)
    return company


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.browser(company, "admin")


@pytest.fixture
def program(platform: Running, company: Company) -> Client:
    return platform.program(company, "admin")


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def letter(program: Client) -> str:
    rows = program.api("GET", SCHEDULES).json()["results"]
    return next(f"{SCHEDULES}/{row['id']}" for row in rows if row["name"] == "complaints.weekly_letter")


HUGE = str(10**18)
QUESTIONS = [
    "jobs?module=%00", f"jobs?module={'x' * 5000}", f"jobs?before={HUGE}", "jobs?state=%00",
    f"schedules?page={HUGE}", "schedules?page=0", "schedules?page=-1", "schedules?module=%00", "schedules?state=%00",
    f"schedules/runs?page={HUGE}", "schedules/runs?schedule=%00", "schedules/runs?at.from=0001-01-01",
    "schedules/runs?at.to=9999-12-31", "schedules/runs?at.from=%00", "schedules/runs?state=%00",
    "schedules/runs?" + "&".join(["schedule=00000000-0000-0000-0000-000000000000"] * 1000),
    f"schedules/upcoming?days={HUGE}", "schedules/upcoming?days=%C2%B2",
    "schedules/upcoming?module=%00", "schedules/upcoming?site=%00",
    "calendars/default/days?from=0001-01-01&until=0001-01-02", "calendars/default/days?from=9999-12-30&until=9999-12-31",
    "calendars/default/days?from=%00&until=%00", "calendars/default/due?start=0001-01-01T00:00&days=1",
    "calendars/default/due?start=2026-01-01T00:00&days=nan", "calendars/default/due?start=2026-01-01T00:00&hours=1e309",
    "calendars/default/due?start=2026-01-01T00:00&hours=inf", "calendars/default/due?start=2200-12-31T00:00&days=9999",
    "calendars/default/due?start=2026-01-01T00:00%2B99:99&days=1", "calendars/default/due?start=1900-01-01T00:00&days=-9999",
    "calendars/holds?post=%00", "calendars/holds?site=%00", "calendars/%00",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions(program: Client, admin: Client, question: str) -> None:
    begun = begin()
    answer = program.api("GET", f"/core/{question}")
    assert answer.status_code in (200, 400, 404, 414, 422), answer.text
    if "days?" not in question and "due?" not in question:
        assert admin.get(f"/admin/{question}").status_code in (200, 400, 404, 414, 422), question
    assert cost(begun) < 2 * SOON


@pytest.mark.parametrize("year", ["0", "1", "-1", "1989", "2101", "9999", "99999", HUGE, "%00", "1e3", "%D9%A3"])
def test_years(admin: Client, year: str) -> None:
    assert admin.get(f"/admin/calendars/default?year={year}").status_code in (400, 404, 422)


@pytest.mark.parametrize(
    "term", ["days=10000", "days=-10000", "hours=100000", "days=nan", "hours=1e309", "days=1e3&hours=-1e5"]
)
def test_terms_on_the_barest_calendar(admin: Client, program: Client, term: str) -> None:
    body = {
        "slug": "bare",
        "name": "Bare",
        "public_holidays": False,
        **dict.fromkeys(DAYS, ""),
        "monday": "08:00-08:01",
    }
    assert program.api("POST", CALENDARS, body).status_code == 201
    begun = begin()
    assert admin.get(f"/admin/calendars/bare?start=2026-01-01T00:00&{term}").status_code in (200, 400, 422)
    assert program.api("GET", f"{CALENDARS}/bare/due?start=2026-01-01T00:00&{term}").status_code in (200, 400, 422)
    assert cost(begun) < 2 * SOON


NESTED: Any = []
for _n in range(400):
    NESTED = [NESTED]
BODIES: list[Any] = [
    {"grace": 10**30}, {"grace": float("1e308")}, {"window": "9" * 4000}, {"starts_on": "0001-01-01"}, {"ends_on": "9999-12-31"},
    {"calendar": "\x00"}, {"calendar": "x" * 10**5}, {"rule": NESTED}, {"rule": {"repeat": NESTED}}, {"rule": {"repeat": "\x00"}},
    {"rule": {"repeat": "daily", "times": ["07:00"] * 10**5}}, {"rule": {"repeat": "daily", "times": [NESTED]}},
    {"rule": {"repeat": "daily", "times": ["07:00"], "every": 10**300}},
    {"rule": {"repeat": "daily", "times": ["07:00"], "starting": "9999-12-31"}},
    {"rule": {"repeat": "daily", "times": ["07:00"], "starting": "0001-01-01"}},
    {"rule": {"repeat": "shift", "shifts": ["x" * 10**5]}}, {"rule": {"repeat": "shift", "shifts": ["早班"] * 999}},
    {"rule": {"repeat": "weekly", "times": ["07:00"], "weekdays": [10**20]}},
    {"rule": {"repeat": "rrule", "text": "FREQ=DAILY;BYHOUR=" + ",".join(["1"] * 10**5)}},
    {"rule": {"repeat": "rrule", "text": "FREQ=MINUTELY;INTERVAL=7;BYHOUR=3;BYMINUTE=7;BYDAY=MO"}},
    {"rule": {"repeat": "rrule", "text": "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20"}},
    {"rule": {f"k{n}": n for n in range(5000)}},
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_bodies(program: Client, body: Any) -> None:
    at, begun = letter(program), begin()
    answer = program.api("PATCH", at, body, version=1)
    assert answer.status_code in (400, 413, 422), answer.text
    assert cost(begun) < SOON
    assert program.api("GET", at).json()["row_version"] == 1


def test_text_that_is_no_number(program: Client) -> None:
    for text in ('{"grace": 1e309}', '{"grace": NaN}', '{"grace": ' + "9" * 5000 + "}", "[" * 100_000):
        headers = {"content-type": "application/json", "if-match": '"1"'}
        answer = program.ask("PATCH", f"/api/v1{letter(program)}", content=text, headers=headers)
        assert answer.status_code in (400, 422), (text[:30], answer.text)


DENSE = [
    {"repeat": "rrule", "text": "FREQ=MINUTELY;INTERVAL=5", "on_closed": "next"},
    {"repeat": "rrule", "text": "FREQ=MINUTELY;INTERVAL=5", "on_closed": "previous"},
    {"repeat": "rrule", "text": "FREQ=MINUTELY;INTERVAL=5", "starting": "2035-01-01"},
    {"repeat": "rrule", "text": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"},
    {"repeat": "yearly", "times": ["03:00"], "month": 2, "day": 29, "every": 8},
]


@pytest.mark.parametrize("rule", DENSE, ids=range(len(DENSE)))
def test_previews_of_rules_that_are_dense_or_far(admin: Client, program: Client, rule: dict[str, Any]) -> None:
    at = letter(program)
    assert program.api("PATCH", at, {"rule": rule}, version=1).status_code == 200
    for address in (f"{at}/times?most=100", f"{SCHEDULES}/upcoming?days=366"):
        begun = begin()
        assert program.api("GET", address).status_code == 200
        assert cost(begun) < 5 * SOON, address
    for address in (
        at.replace("/core", "/admin"),
        f"{at.replace('/core', '/admin')}/edit",
        "/admin/schedules/upcoming",
    ):
        begun = begin()
        assert admin.get(address).status_code == 200
        assert cost(begun) < 5 * SOON, address


def test_days_at_the_ends_of_time(admin: Client, program: Client) -> None:
    for day in ("0001-01-01", "9999-12-31", "9999-12-30"):
        for part in ("days_off", "working_days"):
            answer = program.api("PATCH", f"{CALENDARS}/default", {part: [day]})
            assert answer.status_code in (200, 422), answer.text
    for address in (
        "/admin/calendars/default",
        "/admin/calendars/default/edit",
        "/admin/schedules/upcoming",
        "/admin/calendars",
    ):
        assert admin.get(address).status_code == 200


def test_many_days_of_many_calendars(admin: Client, program: Client) -> None:
    first = dt.date(2026, 1, 1)
    several = [str(first + dt.timedelta(days=2 * n)) for n in range(1000)]
    for n in range(50):
        body = {"slug": f"c{n}", "name": f"C{n}", "public_holidays": False, "days_off": several}
        answer = program.api("POST", CALENDARS, body)
        assert answer.status_code in (201, 422), answer.text
    assert program.api("POST", CALENDARS, {"slug": "more", "name": "More"}).status_code == 422
    for address in ("/admin/calendars", "/admin/calendars/c1", "/admin/calendars/c1/edit", "/admin/schedules", "/"):
        begun = begin()
        assert admin.get(address).status_code == 200
        assert cost(begun) < SOON, address
    too_many = {"days_off": [str(first + dt.timedelta(days=n)) for n in range(1001)]}
    assert program.api("PATCH", f"{CALENDARS}/c1", too_many).status_code == 422


def test_names_are_text(admin: Client, program: Client) -> None:
    bad = '"><img src=x onerror=alert(1)>'
    body = {"slug": "b", "name": bad, "kind": "shifts", "shifts": [{"name": "<b>x</b>", "hours": "08:00-16:00"}]}
    assert program.api("POST", CALENDARS, body).status_code == 201
    at = letter(program)
    assert program.api("PATCH", at, {"calendar": "b", "rule": {"repeat": "shift"}}, version=1).status_code == 200
    page = at.replace("/core", "/admin")
    for address in (
        "/admin/calendars",
        "/admin/calendars/b",
        "/admin/calendars/b/edit",
        page,
        f"{page}/edit",
        "/admin/history",
    ):
        text = admin.get(address).text
        assert "<img src=x" not in text, address
        assert "<b>x</b>" not in text, address
        assert " style=" not in text, address


def test_a_token_does_no_more_than_its_scope(platform: Running, company: Company, program: Client) -> None:
    at = letter(program)

    def holding(*scope: str) -> Client:
        headers = {"accept": "application/json", "authorization": f"Bearer {company.token('admin', scope)}"}
        return Client(platform, company.host, headers=headers)

    reader, others = holding("core.schedules.read"), holding("core.jobs.read")
    assert reader.api("GET", at).status_code == 200
    for client, known in ((reader, True), (others, False)):
        for method, path, body in (
            ("PATCH", at, {"grace": 9}), ("POST", f"{at}/run", None), ("POST", f"{at}/skip", None), ("POST", f"{at}/pause", None),
            ("POST", f"{at}/reset", None),
        ):  # fmt: skip
            answer = client.api(method, path, body, version=1) if body else client.api(method, path)
            assert answer.status_code == (403 if known else 404), (method, path, answer.text)
    assert others.api("GET", SCHEDULES).status_code == others.api("GET", f"{SCHEDULES}/upcoming").status_code == 404
    assert all(one["what"] == "schedule" for one in reader.api("GET", f"{SCHEDULES}/upcoming").json()["results"])
    for client in (reader, others):
        assert client.api("GET", CALENDARS).status_code == 404
        assert client.api("POST", CALENDARS, {"slug": "x", "name": "X"}).status_code == 404
    row = program.api("GET", at).json()
    assert (row["row_version"], row["active"]) == (1, True)
    assert program.api("GET", f"{SCHEDULES}/runs?schedule={row['id']}").json()["results"] == []


def test_what_changes_something_needs_the_forms_token(platform: Running, company: Company, program: Client) -> None:
    at = letter(program).replace("/core", "/admin")
    browser = platform.browser(company, "admin")
    for path in (
        f"{at}/run",
        f"{at}/pause",
        f"{at}/edit",
        "/admin/calendars/new",
        "/admin/calendars/uses/new",
        "/admin/jobs/retry",
    ):
        assert browser.ask("POST", path, data={"sure": "1", "all": "1"}).status_code == 403, path
    for path in (f"{at}/run", f"{at}/pause", f"{at}/skip"):
        assert browser.get(path).status_code == 200  # a link changes nothing
    row = program.api("GET", letter(program)).json()
    assert (row["active"], row["row_version"]) == (True, 1)
