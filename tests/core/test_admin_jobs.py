"""The page of background work and its API: what an administrator sees and may do, and never of another company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from dougong.scheduling import watching
from dougong.testing import Company
from dougong.testing.clients import Client, Running
from dougong.testing.server import Database

from .test_admin_pages import said
from .test_cli_jobs import fail, put, status


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        connection.execute("DELETE FROM platform.procrastinate_jobs")
        yield connection


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.browser(company, "admin")


@pytest.fixture
def program(platform: Running, company: Company) -> Client:
    return platform.program(company, "admin")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_there(company: Company, admin: Client, owner: Any, language: str) -> None:
    headers = {"accept-language": language}
    number = put(company.cell, company)
    for path in ("/admin/jobs", "/admin/jobs?state=running", "/admin/jobs?state=waiting&module=notify", f"/admin/jobs/{number}"):
        assert admin.get(path, headers=headers).status_code == 200, path
    fail(owner, number, "TimedOut")
    told = said(admin.get("/admin/jobs", headers=headers))
    assert ("It took longer than it may" in told) == (language == "en")
    assert str(number) in said(admin.get(f"/admin/jobs/{number}", headers=headers))
    assert admin.get(f"/admin/jobs/{number}/drop", headers=headers).status_code == 200


def test_a_failed_job_is_tried_again_and_history_says_by_whom(company: Company, admin: Client, owner: Any) -> None:
    number, other = put(company.cell, company), put(company.cell, company)
    for each in (number, other):
        fail(owner, each)
    admin.get(f"/admin/jobs/{number}")
    assert admin.post(f"/admin/jobs/{number}/retry").status_code == 303
    assert status(owner, number) == ("todo", 0)
    assert status(owner, other) == ("failed", 5)
    assert admin.post(f"/admin/jobs/{number}/retry").status_code == 409
    history = said(admin.get("/admin/history?kind=core.job", headers={"accept-language": "en"}))
    assert "tried again" in history
    admin.get("/admin/jobs?state=failed")
    assert admin.post("/admin/jobs/retry", {"id": str(other)}).status_code == 303
    assert status(owner, other) == ("todo", 0)


def test_dropping_asks_first(company: Company, admin: Client, owner: Any) -> None:
    number, kept = put(company.cell, company), put(company.cell, company, "core.due")
    for each in (number, kept):
        fail(owner, each)
    admin.get(f"/admin/jobs/{number}")
    asks = admin.post(f"/admin/jobs/{number}/drop")
    assert 'name="sure"' in asks.text
    assert status(owner, number) is not None
    assert admin.post(f"/admin/jobs/{number}/drop", {"sure": "1"}).status_code == 303
    assert status(owner, number) is None
    assert admin.post(f"/admin/jobs/{kept}/drop", {"sure": "1"}).status_code == 409
    again = admin.post("/admin/jobs/drop", {"id": str(kept)})
    assert 'name="sure"' in again.text
    assert admin.post("/admin/jobs/drop", {"id": str(kept), "sure": "1"}).status_code == 303
    assert status(owner, kept) is not None


def test_all_that_failed_at_once(company: Company, other_company: Company, admin: Client, owner: Any) -> None:
    mine = [put(company.cell, company) for _n in range(52)] + [put(company.cell, company, "webhooks.deliver")]
    foreign = put(other_company.cell, other_company)
    for each in (*mine, foreign):
        fail(owner, each)
    assert 'name="all"' in admin.get("/admin/jobs?state=failed").text
    assert admin.post("/admin/jobs/retry?module=webhooks", {"all": "1"}).status_code == 303
    assert [status(owner, each)[0] for each in (mine[0], mine[-1])] == ["failed", "todo"]
    assert 'name="sure"' in admin.post("/admin/jobs/drop", {"all": "1"}).text
    assert status(owner, mine[0]) == ("failed", 5)
    assert admin.post("/admin/jobs/drop", {"all": "1", "sure": "1"}).status_code == 303
    assert status(owner, mine[0]) is None
    assert status(owner, foreign) == ("failed", 5)
    assert "52" in said(admin.get("/admin/history?kind=core.job"))


def test_another_companys_jobs_are_not_there(
    platform: Running, company: Company, other_company: Company, admin: Client, program: Client, owner: Any
) -> None:
    foreign = put(other_company.cell, other_company, "webhooks.deliver")
    fail(owner, foreign, words="their secret")
    told = admin.get("/admin/jobs")
    assert "their secret" not in told.text
    assert f"/admin/jobs/{foreign}" not in told.text
    for answer in (
        admin.get(f"/admin/jobs/{foreign}"),
        admin.get(f"/admin/jobs/{foreign}/drop"),
        admin.post(f"/admin/jobs/{foreign}/retry"),
        admin.post(f"/admin/jobs/{foreign}/drop", {"sure": "1"}),
        program.api("GET", f"/core/jobs/{foreign}"),
        program.api("POST", f"/core/jobs/{foreign}/retry"),
        program.api("DELETE", f"/core/jobs/{foreign}"),
    ):
        assert answer.status_code == 404
    admin.get("/admin/jobs")
    for what in ("retry", "drop"):
        admin.post(f"/admin/jobs/{what}", {"id": str(foreign), "sure": "1"})
        admin.post(f"/admin/jobs/{what}", {"all": "1", "sure": "1"})
        with company.session() as session:  # and the database itself keeps it apart
            assert getattr(watching, what)(session, foreign) == 0
            assert watching.failures(session, foreign) == []
    assert program.api("GET", "/core/jobs").json()["results"] == []
    assert program.api("GET", "/core/jobs").json()["counts"] == {"waiting": 0, "running": 0, "failed": 0}
    assert status(owner, foreign) == ("failed", 5)


def test_who_may_not_see_it_does_not_find_it(platform: Running, company: Company, owner: Any) -> None:
    number = put(company.cell, company)
    fail(owner, number)
    agent, stranger = platform.browser(company, "service_agent_n1"), platform.browser(company)
    assert agent.get("/admin/jobs").status_code == 404
    assert stranger.get("/admin/jobs").status_code == 303
    token = platform.program(company, "service_agent_n1")
    for method, path in (("GET", ""), ("GET", f"/{number}"), ("POST", f"/{number}/retry"), ("DELETE", f"/{number}")):
        assert token.api(method, f"/core/jobs{path}").status_code == 404
        assert platform.program(company).api(method, f"/core/jobs{path}").status_code == 401
    headers = {"accept": "application/json", "authorization": f"Bearer {company.token('admin', ('core.jobs.read',))}"}
    reader = Client(platform, company.host, headers=headers)
    assert reader.api("GET", f"/core/jobs/{number}").status_code == 200
    assert reader.api("POST", f"/core/jobs/{number}/retry").status_code in (403, 404)
    assert status(owner, number) == ("failed", 5)


def test_the_api(company: Company, program: Client, owner: Any) -> None:
    number, waiting = put(company.cell, company), put(company.cell, company, "webhooks.deliver")
    fail(owner, number, words="The mail server refused: 550")
    told = program.api("GET", "/core/jobs").json()
    assert [one["id"] for one in told["results"]] == [waiting, number]
    assert told["counts"] == {"waiting": 1, "running": 0, "failed": 1}
    assert [one["id"] for one in program.api("GET", "/core/jobs?state=failed").json()["results"]] == [number]
    assert [one["id"] for one in program.api("GET", "/core/jobs?module=webhooks").json()["results"]] == [waiting]
    assert [one["id"] for one in program.api("GET", f"/core/jobs?before={waiting}").json()["results"]] == [number]
    one = program.api("GET", f"/core/jobs/{number}").json()
    assert one["failures"][0]["why"] == "The mail server refused: 550"
    assert program.api("POST", f"/core/jobs/{number}/retry").json()["state"] == "waiting"
    assert program.api("DELETE", f"/core/jobs/{number}").status_code == 409
    fail(owner, number)
    assert program.api("DELETE", f"/core/jobs/{number}").status_code == 204
    assert status(owner, number) is None


@pytest.mark.parametrize("id", ["0", "-1", "x", "1.5", "٣", str(2**64), "9" * 40, "1'--", "%00"])
def test_bad_numbers(admin: Client, program: Client, id: str) -> None:
    assert program.api("GET", f"/core/jobs/{id}").status_code in (400, 404)
    assert admin.get(f"/admin/jobs/{id}").status_code in (400, 404)


@pytest.mark.parametrize("query", ["state=lost", "before=x", "before=-1", f"before={'9' * 30}", "colour=red"])
def test_bad_questions(admin: Client, program: Client, query: str) -> None:
    assert program.api("GET", f"/core/jobs?{query}").status_code == 400
    assert admin.get(f"/admin/jobs?{query}").status_code == 400


@pytest.mark.parametrize("ids", [[], ["x"], ["1"] * 201, [str(2**70)]])
def test_bad_choices(admin: Client, ids: list[str]) -> None:
    admin.get("/admin/jobs")
    for what in ("retry", "drop"):
        assert admin.post(f"/admin/jobs/{what}", {"id": ids}).status_code in (400, 422)
