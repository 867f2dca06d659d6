"""The API of schedules: the same services and rights as the pages, If-Match, problems with their paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from dougong.plugins.loader import load
from dougong.plugins.registry import Registry
from dougong.testing import Clock, Company
from dougong.testing.clients import Client, Running
from dougong.testing.running import run_due

from .samples_schedules import BROKEN, RAN, with_schedules

PROBLEM = "application/problem+json"
AT = "/core/schedules"


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
    run_due(company)
    return company


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.program(company, "admin")


def found(client: Client, name: str, site: str | None = None) -> dict[str, Any]:
    rows = client.api("GET", AT).json()["results"]
    return next(row for row in rows if row["name"] == f"complaints.{name}" and row["site"] == site)


def test_lists_and_single_ones(admin: Client) -> None:
    row = found(admin, "weekly_letter")
    assert row["rule"] == {"repeat": "weekly", "times": ["10:00"], "weekdays": [0]}
    assert (row["module"], row["missed"], row["grace"], row["changed"]) == ("complaints", "once", 30, False)
    one = admin.api("GET", f"{AT}/{row['id']}")
    assert one.headers["etag"] == '"1"'
    assert one.json()["label"] == "Weekly letter"
    assert found(admin, "rounds", "n1")["words"]
    assert not any(row["site"] != "n1" for row in admin.api("GET", f"{AT}?site=n1").json()["results"])
    assert admin.api("GET", f"{AT}?module=complaints&active=true").json()["results"]
    assert not admin.api("GET", f"{AT}?active=false").json()["results"]
    for bad in ("colour=red", "active=perhaps", "state=odd"):
        assert admin.api("GET", f"{AT}?{bad}").status_code in (400, 422), bad


def test_a_change_needs_the_version_it_changes(admin: Client) -> None:
    row = found(admin, "weekly_letter")
    at = f"{AT}/{row['id']}"
    assert admin.api("PATCH", at, {"grace": 45}).status_code == 428
    done = admin.api("PATCH", at, {"grace": 45, "rule": {"repeat": "daily", "times": ["06:00"]}}, version=1)
    assert done.status_code == 200, done.text
    assert (done.headers["etag"], done.json()["grace"], done.json()["missed"]) == ('"2"', 45, "once")
    late = admin.api("PATCH", at, {"grace": 60}, version=1)
    assert (late.status_code, late.headers["content-type"]) == (412, PROBLEM)
    assert admin.api("GET", at).json()["grace"] == 45
    same = admin.api("PATCH", at, {"grace": 45}, version=2)
    assert same.headers["etag"] == '"2"'  # nothing changed


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], None), ("x", None), ({"power": 1}, "power"), ({"grace": 0}, "grace"), ({"grace": "soon"}, "grace"),
        ({"grace": None}, "grace"), ({"window": -1}, "window"), ({"window": 10**9}, "window"), ({"missed": "never"}, "missed"),
        ({"active": "perhaps"}, "active"), ({"starts_on": "soon"}, "starts_on"), ({"ends_on": "1500-01-01"}, "ends_on"),
        ({"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "ends_on"), ({"calendar": "moon"}, "calendar"),
        ({"rule": []}, "rule"), ({"rule": {}}, "rule.repeat"), ({"rule": {"repeat": "daily"}}, "rule.times"),
        ({"rule": {"repeat": "daily", "times": ["7"]}}, "rule.times.0"),
        ({"rule": {"repeat": "daily", "times": "07:00"}}, "rule.times"),
        ({"rule": {"repeat": "daily", "times": ["07:00"], "colour": 1}}, "rule.colour"),
        ({"rule": {"repeat": "rrule", "text": "FREQ=NEVER"}}, "rule.text"),
        ({"rule": {"repeat": "monthly", "times": ["07:00"], "day": True}}, "rule.day"),
        ({"rule": {"repeat": "daily", "times": ["a\0b"]}}, None),
    ],
)  # fmt: skip
def test_bad_bodies(admin: Client, body: Any, path: str | None) -> None:
    row = found(admin, "weekly_letter")
    answer = admin.api("PATCH", f"{AT}/{row['id']}", body, version=1)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == PROBLEM
    if path is not None:
        assert path in [error["path"] for error in answer.json()["errors"]], answer.text
    assert admin.api("GET", f"{AT}/{row['id']}").json()["row_version"] == 1


def test_what_is_fixed_stays(admin: Client) -> None:
    row = found(admin, "closing")
    assert row["fixed"] == ["calendar", "rule"]
    answer = admin.api("PATCH", f"{AT}/{row['id']}", {"rule": {"repeat": "daily", "times": ["01:00"]}}, version=1)
    assert [error["path"] for error in answer.json()["errors"]] == ["rule"]


def test_times_and_what_is_ahead(admin: Client, company: Company) -> None:
    row = found(admin, "rounds", "n1")
    times = admin.api("GET", f"{AT}/{row['id']}/times?most=3").json()["results"]
    assert [one["at"] for one in times] == ["2026-03-31T10:00:00Z", "2026-04-30T10:00:00Z", "2026-05-29T10:00:00Z"]
    assert [bool(one["note"]) for one in times] == [False, False, True]  # 31 May is a Sunday
    for bad in ("0", "101", "x", "-1", "1e3"):
        assert admin.api("GET", f"{AT}/{row['id']}/times?most={bad}").status_code == 422
    ahead = admin.api("GET", f"{AT}/upcoming?days=31&module=complaints&site=n1").json()["results"]
    assert [(one["what"], one["site"], one["label"]) for one in ahead] == [("schedule", "n1", "Rounds")]
    for bad in ("days=0", "days=367", "days=x"):
        assert admin.api("GET", f"{AT}/upcoming?{bad}").status_code == 422


def test_steps(admin: Client, company: Company, clock: Clock) -> None:
    row = found(admin, "weekly_letter")
    at = f"{AT}/{row['id']}"
    assert admin.api("POST", f"{at}/pause").json()["active"] is False
    assert admin.api("POST", f"{at}/resume").json()["active"] is True
    assert admin.api("POST", f"{at}/skip?next=soon").status_code == 400
    assert admin.api("POST", f"{at}/skip").status_code == 200
    (skipped,) = [one for one in admin.api("GET", f"{at}/times").json()["results"] if one["skipped"]]
    assert skipped["at"] == "2026-03-02T02:00:00Z"
    assert admin.api("POST", f"{at}/run").status_code == 200
    assert admin.api("POST", f"{at}/run").status_code == 409
    assert admin.api("POST", f"{at}/dance").status_code == 404
    run_due(company)
    (run,) = admin.api("GET", f"{AT}/runs?schedule={row['id']}").json()["results"]
    assert (run["state"], run["asked_by"]) == ("done", str(company.people["admin"]))
    assert admin.api("POST", f"{AT}/runs/{run['id']}/again").status_code == 409
    assert admin.api("GET", at).json()["last_run"]["state"] == "done"
    assert admin.api("POST", f"{at}/reset").json()["changed"] is False


def test_a_failed_run_says_why_and_runs_again(platform: Running, admin: Client, company: Company, clock: Clock) -> None:
    BROKEN.add("letter")
    row = found(admin, "weekly_letter")
    clock.move(hours=2)
    for _try in range(8):
        run_due(company, failing=True)
        clock.move(hours=6)
    (run,) = admin.api("GET", f"{AT}/runs?state=failed&at.from=2026-03-02").json()["results"]
    assert run["schedule"] == row["id"]
    full = admin.api("GET", f"{AT}/runs/{run['id']}").json()
    assert full["failures"][0]["words"] == "The printer is out of paper."
    reader = platform.program(company, "general_manager")
    for step in (f"runs/{run['id']}/again", f"{row['id']}/run", f"{row['id']}/skip"):
        assert reader.api("POST", f"{AT}/{step}").status_code == 403, step
    BROKEN.clear()
    assert admin.api("POST", f"{AT}/runs/{run['id']}/again").json()["state"] == "waiting"
    run_due(company)
    assert admin.api("GET", f"{AT}/runs/{run['id']}").json()["state"] == "done"
    for bad in ("state=odd", "schedule=1", "at.from=x"):
        assert admin.api("GET", f"{AT}/runs?{bad}").status_code in (400, 422)


def test_lesser_roles_and_strangers(platform: Running, company: Company, other_company: Company, admin: Client) -> None:
    row, site = found(admin, "weekly_letter"), found(admin, "rounds", "n1")
    agent, foreign = platform.program(company, "service_agent_n1"), platform.program(other_company, "admin")
    manager = platform.program(company, "project_manager_n1")
    for path in (AT, f"{AT}/{row['id']}", f"{AT}/runs", f"{AT}/upcoming"):
        assert agent.api("GET", path).status_code == 404, path
        assert platform.program(company).api("GET", path).status_code == 401, path
    for client in (agent, foreign, manager):
        assert client.api("GET", f"{AT}/{row['id']}").status_code == 404
        assert client.api("PATCH", f"{AT}/{row['id']}", {"grace": 9}, version=1).status_code == 404
        assert client.api("POST", f"{AT}/{row['id']}/run").status_code == 404
    assert manager.api("GET", f"{AT}/{site['id']}").status_code == 200
    refused = manager.api("PATCH", f"{AT}/{site['id']}", {"grace": 9}, version=1)
    assert (refused.status_code, "explanation" in refused.json()) == (403, True)
    for what in ("pause", "reset"):
        assert manager.api("POST", f"{AT}/{site['id']}/{what}").status_code == 403, what
    assert manager.api("POST", f"{AT}/{site['id']}/run").status_code == 200
    company.switch("complaints", False)
    assert admin.api("GET", f"{AT}/{row['id']}").status_code == 404


def test_the_description_names_them(admin: Client) -> None:
    paths = admin.api("GET", "/openapi.json").json()["paths"]
    for path in ("", "/{id}", "/{id}/times", "/{id}/run", "/{id}/skip", "/upcoming", "/runs", "/runs/{id}", "/runs/{id}/again"):
        assert f"/api/v1/core/schedules{path}" in paths
    sent = paths["/api/v1/core/schedules/{id}"]["patch"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(sent["properties"]) >= {"rule", "grace", "missed", "active"}
