"""The pages of calendars as a clerk uses them, and their API twins: rights, two companies, and what nobody should send."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from dougong.records.tables import History
from dougong.tenancy.tables import due
from dougong.testing import Company
from dougong.testing.clients import Client, Running

from .test_admin_settings import filled, stored

PROBLEM = "application/problem+json"
NIGHT = {"slug": "guards", "name": "保安三班倒", "kind": "shifts"}


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    client = platform.browser(company, "admin")
    client.get("/admin")
    return client


@pytest.fixture
def program(platform: Running, company: Company) -> Client:
    return platform.program(company, "admin")


def waiting(company: Company) -> list[tuple[str, dt.datetime]]:
    with company.session() as session:
        found = sa.select(due.c.kind, due.c.due_at).where(due.c.kind == "core.calendar", due.c.id == company.tenant)
        return [(kind, at) for kind, at in session.execute(found)]


def settled(company: Company) -> None:
    with company.session() as session:
        session.execute(sa.delete(due).where(due.c.kind == "core.calendar"))


# ---- pages ----


def test_a_clerk_makes_shifts_and_lets_them_hold(company: Company, admin: Client) -> None:
    assert "公司标准工作时间" in admin.get("/admin/calendars").text
    made = admin.post("/admin/calendars/new", NIGHT)
    assert (made.status_code, made.headers["location"]) == (303, "/admin/calendars/guards/edit")
    page = admin.get("/admin/calendars/guards/edit")
    sent = filled(page)
    assert sent["shifts.2.hours"] == ["24:00-08:00"]
    assert len(sent["shifts.0.days"]) == 7
    more = admin.post("/admin/calendars/guards/edit", sent | {"act": "add"})
    assert more.status_code == 200
    assert "shifts.3.name" in filled(more)
    fewer = filled(admin.post("/admin/calendars/guards/edit", filled(more) | {"act": "remove:1"}))
    assert [fewer[f"shifts.{n}.hours"] for n in range(3)] == [["08:00-16:00"], ["24:00-08:00"], [""]]
    sent |= {"shifts.0.hours": "08:00-12:00, 12:30-16:00", "days_off": "2027-02-15 – 2027-02-17\n2027-12-31"}
    assert admin.post("/admin/calendars/guards/edit", sent).status_code == 303
    kept = company.snapshot.calendars.settings.calendars["guards"]
    assert kept.shifts[0].hours == "08:00-12:00, 12:30-16:00"
    assert kept.days_off == (*(dt.date(2027, 2, n) for n in (15, 16, 17)), dt.date(2027, 12, 31))
    assert "2027-02-15 – 2027-02-17" in admin.get("/admin/calendars/guards/edit").text

    use = {"calendar": "guards", "place": "n1", "post": "security_lead"}
    assert admin.post("/admin/calendars/uses/new", use).status_code == 303
    at = company.snapshot.sites.by_slug["n1"].id
    assert company.snapshot.calendars.holding(at, "security_lead").slug == "guards"
    assert company.snapshot.calendars.holding(at).slug == "default"
    why = admin.get("/admin/calendars/holds?place=n1&post=security_lead")
    assert why.text.count("保安三班倒") >= 2
    assert admin.get("/admin/calendars/guards/delete").status_code == 200
    assert admin.post("/admin/calendars/guards/delete", {"sure": "1"}).status_code == 409
    assert admin.post("/admin/calendars/uses/n1/security_lead/remove", {}).status_code == 303
    assert admin.post("/admin/calendars/uses/n1/security_lead/remove", {}).status_code == 404
    assert admin.post("/admin/calendars/guards/delete", {}).status_code == 200  # asks once more
    assert admin.post("/admin/calendars/guards/delete", {"sure": "1"}).status_code == 303
    assert stored(company, "core") == {}
    assert admin.get("/admin/calendars/guards").status_code == 404


def test_the_year_says_what_each_day_is(company: Company, admin: Client) -> None:
    page = admin.get("/admin/calendars/default?year=2025").text
    for day, kind in (
        ("2025-01-26", "make_up"),
        ("2025-10-01", "holiday"),
        ("2025-03-14", "usual"),
        ("2025-03-15", "rest"),
    ):
        assert f'<td class="{kind}"><time datetime="{day}"' in page, day
    assert "国庆节" in page
    assert "没有" not in page.split("<main")[1].split("years")[0]
    unofficial = admin.get("/admin/calendars/default?year=2031").text
    assert 'data-k="warn"' in unofficial
    assert page.count("<table") == 12
    assert admin.get("/admin/calendars/default?year=soon").status_code == 400
    assert admin.get("/admin/calendars/default?year=9999").status_code == 400


def test_try_it(admin: Client) -> None:
    asked = admin.get("/admin/calendars/default?year=2025&start=2025-03-14T15:00&days=3&hours=")
    assert "2025-03-19" in asked.text
    start = "start=2025-03-14T15:00&"
    for wrong in (f"{start}days=x", f"{start}hours=nan", f"{start}days=1.5", f"{start}hours=1e9", "start=soon&days=1"):
        answer = admin.get(f"/admin/calendars/default?{wrong}")
        assert answer.status_code == 422, wrong
        assert 'aria-invalid="true"' in answer.text, wrong


def test_errors_stand_at_their_input(company: Company, admin: Client) -> None:
    admin.post("/admin/calendars/new", NIGHT)
    sent = filled(admin.get("/admin/calendars/guards/edit"))
    for name, value in (
        ("shifts.0.hours", "25:00-26:00"), ("shifts.0.hours", "08:00-12:00, 11:00-13:00"), ("shifts.1.hours", ""),
        ("days_off", "soon"),
        ("days_off", "2027-02-30"), ("working_days", "2027-02-10 – 2027-02-01"), ("shifts.2.name", ""),
    ):  # fmt: skip
        answer = admin.post("/admin/calendars/guards/edit", sent | {name: value})
        assert answer.status_code == 422, (name, value)
        assert f'href="#f-{name}' in answer.text, (name, value)
    assert admin.post("/admin/calendars/guards/edit", sent | {"shifts.0.days": []}).status_code == 422
    assert (
        admin.post("/admin/calendars/guards/edit", sent | {"shifts.0.name": sent["shifts.1.name"]}).status_code == 422
    )
    for slug in ("default", "always", "new", "Night", "a b", ""):
        assert admin.post("/admin/calendars/new", NIGHT | {"slug": slug}).status_code == 422, slug
    assert admin.post("/admin/calendars/new", NIGHT).status_code == 422  # taken
    assert admin.post("/admin/calendars/new", NIGHT | {"slug": "x", "kind": "moon"}).status_code == 422
    for change in ({"place": "moon"}, {"post": "king"}, {"calendar": "nothing"}, {"place": "", "post": ""}):
        use = {"calendar": "guards", "place": "n1", "post": ""} | change
        assert admin.post("/admin/calendars/uses/new", use).status_code == 422, change
    assert admin.get("/admin/calendars/holds?place=moon").status_code == 404
    assert company.snapshot.calendars.settings.calendar_uses == ()


def test_the_default_is_a_calendar_too(company: Company, admin: Client) -> None:
    sent = filled(admin.get("/admin/calendars/default/edit"))
    assert admin.post("/admin/calendars/default/edit", sent).status_code == 303
    assert stored(company, "core") == {}
    assert admin.post("/admin/calendars/default/edit", sent | {"saturday": "9：00～12：00"}).status_code == 303
    assert stored(company, "core") == {"calendar": {"saturday": "09:00-12:00"}}
    nothing = {f"{name}day": "" for name in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")}
    assert admin.post("/admin/calendars/default/edit", sent | nothing).status_code == 422
    assert admin.post("/admin/calendars/default/delete", {"sure": "1"}).status_code == 422


def test_the_settings_page_leaves_calendars_alone(company: Company, admin: Client) -> None:
    admin.post("/admin/calendars/new", {"slug": "desk", "name": "客服", "kind": "week"})
    page = admin.get("/admin/settings/core")
    assert "calendars" not in filled(page)
    assert admin.post("/admin/settings/core", filled(page) | {"brand": "#9a3b2f"}).status_code == 303
    assert set(stored(company, "core")) == {"brand", "calendars"}


# ---- what a change sets going ----


def test_a_change_is_due_to_be_followed(company: Company, admin: Client, program: Client) -> None:
    settled(company)
    admin.post("/admin/settings/core", filled(admin.get("/admin/settings/core")) | {"brand": "#9a3b2f"})
    assert waiting(company) == []
    changes: list[Any] = [
        lambda: admin.post(
            "/admin/settings/core", filled(admin.get("/admin/settings/core")) | {"calendar.saturday": "09:00-12:00"}
        ),
        lambda: program.api("PATCH", "/core/settings/core", {"calendar": {"saturday": "09:00-11:00"}}),
        lambda: admin.post("/admin/calendars/new", NIGHT),
        lambda: program.api("PUT", "/core/calendars/uses", {"calendar": "guards", "site": "n1"}),
        lambda: program.api("PATCH", "/core/sites/n1", {"timezone": "Asia/Urumqi"}),
        lambda: program.api("PATCH", "/core/sites/n1", {"parent": "anhe"}),
    ]
    for number, change in enumerate(changes):
        assert change().status_code < 400, number
        assert [kind for kind, _at in waiting(company)] == ["core.calendar"], number
        settled(company)
    assert program.api("PATCH", "/core/sites/n1", {"name": "新名"}).status_code == 200
    assert waiting(company) == []


def test_history_tells_of_each_calendar(company: Company, admin: Client) -> None:
    admin.post("/admin/calendars/new", NIGHT)
    with company.session() as session:
        last = session.scalars(
            sa.select(History).where(History.record_kind == "core.setting").order_by(History.id.desc())
        ).first()
    assert last is not None
    assert list(last.changes) == ["calendars.guards"]
    assert "calendars.guards" in admin.get("/admin/history").text


# ---- API ----


def test_api(company: Company, program: Client) -> None:
    listed = program.api("GET", "/core/calendars").json()["results"]
    assert [one["slug"] for one in listed] == ["default"]
    shifts = [
        {"name": "早班", "hours": "08:00-16:00"},
        {"name": "夜班", "hours": "22:00-06:00", "days": ["monday", "friday"]},
    ]
    body = {"slug": "guards", "name": "保安", "kind": "shifts", "shifts": shifts, "public_holidays": False}
    made = program.api("POST", "/core/calendars", body)
    assert made.status_code == 201, made.text
    assert made.json()["shifts"][1]["days"] == ["monday", "friday"]
    assert program.api("POST", "/core/calendars", body).status_code == 422
    days = program.api("GET", "/core/calendars/guards/days?from=2025-10-01&until=2025-10-03").json()["results"]
    assert [(d["date"], d["working"], len(d["shifts"])) for d in days] == [
        ("2025-10-01", True, 1), ("2025-10-02", True, 1), ("2025-10-03", True, 2),
    ]  # fmt: skip
    assert days[2]["shifts"][1] == {"name": "夜班", "opens": "2025-10-03T14:00:00Z", "closes": "2025-10-03T22:00:00Z"}
    told = program.api("GET", "/core/calendars/guards/due?start=2025-10-03T23:30:00%2B08:00&hours=8").json()
    assert (told["due"], told["business_date"], told["working"]) == ("2025-10-04T01:30:00Z", "2025-10-03", True)
    assert program.api("PATCH", "/core/calendars/guards", {"name": "保安队"}).json()["name"] == "保安队"
    use = program.api("PUT", "/core/calendars/uses", {"calendar": "guards", "post": "security_lead"})
    assert use.json()["results"] == [{"calendar": "guards", "site": None, "post": "security_lead"}]
    assert program.api("DELETE", "/core/calendars/guards").status_code == 409
    held = program.api("GET", "/core/calendars/holds?site=n1&post=security_lead").json()
    assert [one["calendar"] for one in held["rules"]] == ["guards", "default"]
    assert program.api("GET", "/core/calendars/holds?site=n1").json()["calendar"] == "default"
    assert program.api("PUT", "/core/calendars/uses", {"post": "security_lead"}).json()["results"] == []
    assert program.api("DELETE", "/core/calendars/guards").status_code == 204
    assert program.api("GET", "/core/calendars/guards").status_code == 404
    paths = program.ask("GET", "/api/v1/openapi.json").json()["paths"]
    assert paths["/api/v1/core/calendars"]["post"]["requestBody"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("calendars", {"slug": "x1"}),
        ("calendars", {"slug": "default", "name": "x"}),
        ("calendars", {"slug": "x1", "name": "x", "monday": "22:00-09:00", "tuesday": "08:00-12:00"}),
        ("calendars", {"slug": "x1", "name": "x", "kind": "shifts"}),
        (
            "calendars",
            {
                "slug": "x1",
                "name": "x",
                "kind": "shifts",
                "shifts": [{"name": "a", "hours": "08:00-12:00, 08:30-09:00"}],
            },
        ),
        (
            "calendars",
            {
                "slug": "x1",
                "name": "x",
                "kind": "shifts",
                "shifts": [{"name": "a", "hours": "8-9", "days": ["moonday"]}],
            },
        ),
        ("calendars", {"slug": "x1", "name": "x", "days_off": ["2025-01-01"], "working_days": ["2025-01-01"]}),
        ("calendars", {"slug": "x1", "name": "x", "power": "all"}),
        ("calendars/uses", {"calendar": "x1", "site": "n1"}),
        ("calendars/uses", {"calendar": "", "site": "n1"}),
        ("calendars/uses", {"calendar": 7}),
    ],
)
def test_bad_bodies(company: Company, program: Client, path: str, body: Any) -> None:
    answer = program.api("PUT" if path.endswith("uses") else "POST", f"/core/{path}", body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["errors"]
    assert stored(company, "core") == {}


@pytest.mark.parametrize(
    "query",
    ["days?from=2025-01-01", "days?from=x&until=y", "days?from=2025-02-01&until=2025-01-01",
     "days?from=2025-01-01&until=2027-01-01", "due",
     "due?start=x", "due?start=2025-01-01T10:00&hours=1e400", "due?start=2025-01-01T10:00&days=10001"],
)  # fmt: skip
def test_bad_questions(program: Client, query: str) -> None:
    answer = program.api("GET", f"/core/calendars/default/{query}")
    assert answer.status_code == 422, answer.text


def test_settings_api_refuses_what_refers_to_nothing(company: Company, program: Client) -> None:
    named = {"guards": {"name": "保安"}}
    for uses, path in (
        ([{"calendar": "nothing", "site": "n1"}], "calendar_uses.0.calendar"),
        ([{"calendar": "guards", "site": "moon"}], "calendar_uses.0.site"),
        ([{"calendar": "guards", "post": "king"}], "calendar_uses.0.post"),
        ([{"calendar": "guards"}], "calendar_uses.0"),
        ([{"calendar": "guards", "site": "n1"}] * 2, "calendar_uses"),
    ):
        answer = program.api("PATCH", "/core/settings/core", {"calendars": named, "calendar_uses": uses})
        assert answer.status_code == 422, uses
        assert [e["path"] for e in answer.json()["errors"]] == [path]
    assert stored(company, "core") == {}


def test_a_calendar_that_never_works_again_is_refused_in_words(company: Company, program: Client) -> None:
    sundays = [str(dt.date(2026, 1, 4) + dt.timedelta(weeks=n)) for n in range(60)]
    only = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday"), "") | {
        "sunday": "09:00-10:00",
        "public_holidays": False,
    }
    answer = program.api("POST", "/core/calendars", {"slug": "x1", "name": "x", "days_off": sundays, **only})
    assert answer.status_code == 422
    assert [e["path"] for e in answer.json()["errors"]] == ["calendars.x1.days_off"]
    assert (
        program.api(
            "POST", "/core/calendars", {"slug": "x1", "name": "x", "days_off": sundays[:50], **only}
        ).status_code
        == 201
    )


# ---- who may ----


def test_rights_and_other_companies(
    platform: Running, company: Company, other_company: Company, program: Client
) -> None:
    program.api("POST", "/core/calendars", {"slug": "guards", "name": "保安"})
    foreign = platform.program(other_company, "admin")
    assert foreign.api("GET", "/core/calendars/guards").status_code == 404
    assert foreign.api("PUT", "/core/calendars/uses", {"calendar": "guards", "site": "n1"}).status_code == 422
    assert [one["slug"] for one in foreign.api("GET", "/core/calendars").json()["results"]] == ["default"]
    agent = platform.program(company, "service_agent_n1")
    for path in ("", "/guards", "/uses", "/holds", "/guards/days?from=2025-01-01&until=2025-01-01"):
        assert agent.api("GET", f"/core/calendars{path}").status_code == 404, path
    assert agent.api("DELETE", "/core/calendars/guards").status_code == 404
    page = platform.browser(company, "service_agent_n1")
    for path in ("", "/new", "/holds", "/default", "/guards/edit", "/guards/delete", "/uses/new"):
        assert page.get(f"/admin/calendars{path}").status_code == 404, path
    assert page.post("/admin/calendars/guards/delete", {"sure": "1"}).status_code == 404
