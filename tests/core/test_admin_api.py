"""The API twins of administration: the same services, the same rights, problems in words."""

from __future__ import annotations

from typing import Any

import pytest
from dougong.testing import Company
from dougong.testing.clients import Client, Running

PROBLEM = "application/problem+json"
GETS = ("people", "grants", "roles", "modules", "settings")


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.program(company, "admin")


def test_lists_and_single_ones(company: Company, admin: Client) -> None:
    for path in (*GETS, "sites"):
        answer = admin.api("GET", f"/core/{path}")
        assert answer.status_code == 200, (path, answer.text)
        assert set(answer.json()) >= {"results", "next"}
    one = admin.api("GET", f"/core/people/{company.people['admin']}").json()
    assert (one["username"], one["status"]) == ("admin", "active")
    for path in ("roles/admin", "modules/complaints", "settings/core", "sites/n1"):
        assert admin.api("GET", f"/core/{path}").status_code == 200, path
    assert admin.api("GET", "/core/people?q=service_agent").json()["results"]
    assert admin.api("GET", "/core/people?colour=red").status_code == 400


def test_lesser_roles_and_strangers(platform: Running, company: Company, other_company: Company) -> None:
    agent, foreign = platform.program(company, "service_agent_n1"), platform.program(other_company, "admin")
    person = company.people["admin"]
    for path in GETS:
        assert agent.api("GET", f"/core/{path}").status_code == 404, path
    assert agent.api("POST", "/core/people", {"username": "x1", "name": "x"}).status_code == 404
    assert agent.api("PATCH", "/core/modules/complaints", {"enabled": False}).status_code == 404
    for path in (f"people/{person}", f"people/{person}/disable"):
        method = "POST" if path.endswith("disable") else "GET"
        assert foreign.api(method, f"/core/{path}").status_code == 404, path
    grant = company.snapshot.grants_of(person)[0].id
    assert foreign.api("DELETE", f"/core/grants/{grant}").status_code == 404
    assert company.snapshot.grants_of(person)
    assert platform.program(company).api("GET", "/core/people").status_code == 401


def test_people(company: Company, admin: Client) -> None:
    made = admin.api("POST", "/core/people", {"username": "wang", "name": "王工"})
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    assert made.json()["invitation"]
    assert admin.api("PATCH", f"/core/people/{id}", {"phone": "13800135678"}).json()["phone"] == "13800135678"
    assert admin.api("POST", f"/core/people/{id}/invitation").status_code == 201
    assert admin.api("POST", f"/core/people/{id}/disable").json()["status"] == "disabled"
    assert admin.api("POST", f"/core/people/{id}/enable").json()["status"] == "invited"
    last = admin.api("POST", f"/core/people/{company.people['admin']}/disable")
    assert (last.status_code, last.headers["content-type"]) == (409, PROBLEM)


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        {},
        {"username": "ok1"},
        {"username": 7, "name": "x"},
        {"username": "ok1", "name": "x" * 400},
        {"username": "ok1", "name": "a\0b"},
        {"username": "admin", "name": "taken"},
        {"username": "ok1", "name": "x", "power": "all"},
    ],
)
def test_bad_bodies(admin: Client, body: Any) -> None:
    answer = admin.api("POST", "/core/people", body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == PROBLEM


def test_grants(company: Company, admin: Client, platform: Running) -> None:
    nobody = platform.program(company, "nobody")
    body = {"person": str(company.people["nobody"]), "role": "service_agent", "site": "n1"}
    made = admin.api("POST", "/core/grants", body)
    assert made.status_code == 201, made.text
    explained = "/core/explain?action=complaints.complaint.create&at=n1"
    assert nobody.api("GET", explained).json()["allowed"] is True
    address = f"/core/grants/{made.json()['id']}"
    assert admin.api("GET", address).json()["holds"] is True
    assert admin.api("DELETE", address).status_code == 204
    assert nobody.api("GET", explained).json()["allowed"] is False
    assert admin.api("DELETE", address).status_code == 404
    for change in ({"role": "king"}, {"site": "moon"}, {"relation": "love"}, {"ends_at": "2020-01-01T00:00:00Z"}):
        assert admin.api("POST", "/core/grants", body | change).status_code == 422, change
    assert admin.api("POST", "/core/grants", body | {"person": str(company.tenant)}).status_code == 422


def test_no_escalation(company: Company, admin: Client, platform: Running) -> None:
    held = sorted(company.snapshot.roles["project_manager"].permissions)
    given = [*held, "core.grants.edit", "core.people.edit"]
    assert admin.api("PATCH", "/core/roles/project_manager", {"permissions": given}).status_code == 200
    manager = platform.program(company, "project_manager_n1")
    me = str(company.people["project_manager_n1"])
    for role, site in (("admin", "n1"), ("service_agent", "s1"), ("admin", "anhe")):
        answer = manager.api("POST", "/core/grants", {"person": me, "role": role, "site": site})
        assert answer.status_code == 403, (role, site)
    assert manager.api("POST", f"/core/people/{company.people['admin']}/invitation").status_code == 403
    assert manager.api("PATCH", "/core/roles/project_manager", {"permissions": ["core.roles.edit"]}).status_code == 404


def test_roles(company: Company, admin: Client) -> None:
    body = {"slug": "night", "name": "夜班", "level": 5, "permissions": ["core.people.read"]}
    assert admin.api("POST", "/core/roles", body).status_code == 201
    assert admin.api("POST", "/core/roles", body).status_code == 422
    changed = admin.api("PATCH", "/core/roles/night", {"name": "夜间值守", "level": 6}).json()
    assert (changed["name"], changed["level"], changed["permissions"]) == ("夜间值守", 6, ["core.people.read"])
    assert admin.api("PATCH", "/core/roles/night", {"permissions": ["core.nothing"]}).status_code == 422
    assert admin.api("PATCH", "/core/roles/night", {"level": 1000}).status_code == 422


def test_modules(company: Company, admin: Client, platform: Running) -> None:
    agent = platform.program(company, "service_agent_n1")
    off = admin.api("PATCH", "/core/modules/complaints", {"off_at": ["north"]}).json()
    assert (off["enabled"], off["off_at"]) == (True, ["north"])
    assert admin.api("PATCH", "/core/modules/complaints", {"off_at": []}).json()["off_at"] == []
    assert admin.api("PATCH", "/core/modules/complaints", {"enabled": False}).json()["enabled"] is False
    assert agent.api("GET", "/complaints/complaint").status_code == 404
    assert admin.api("PATCH", "/core/modules/complaints", {"enabled": True}).json()["enabled"] is True
    assert agent.api("GET", "/complaints/complaint").status_code == 200
    assert admin.api("PATCH", "/core/modules/nothing", {"enabled": True}).status_code == 404
    assert admin.api("PATCH", "/core/modules/complaints", {"off_at": ["moon"]}).status_code == 422


def test_settings(admin: Client) -> None:
    changed = admin.api("PATCH", "/core/settings/complaints", {"visit_hours": 24}).json()
    assert changed["changed"] == {"visit_hours": 24}
    assert admin.api("PATCH", "/core/settings/complaints", {"visit_hours": None}).json()["changed"] == {}
    bodies: tuple[dict[str, Any], ...] = ({"visit_hours": "many"}, {"colour": "red"}, {"categories": {"x": {}}})
    for body in bodies:
        answer = admin.api("PATCH", "/core/settings/complaints", body)
        assert answer.status_code == 422, body
        assert answer.json()["errors"]
    assert admin.api("PATCH", "/core/settings/complaints", []).status_code == 400


def test_sites(admin: Client) -> None:
    made = admin.api("POST", "/core/sites", {"parent": "north", "slug": "river", "name": "江畔"})
    assert made.status_code == 201, made.text
    assert admin.api("PATCH", "/core/sites/river", {"active": False}).json()["open"] is False
    assert admin.api("PATCH", "/core/sites/river", {"active": True, "parent": "south"}).json()["parent"] == "south"
    assert admin.api("PATCH", "/core/sites/south", {"parent": "river"}).status_code == 422
    assert admin.api("PATCH", "/core/sites/anhe", {"active": False}).status_code == 409
    assert admin.api("POST", "/core/sites", {"parent": "moon", "slug": "x1", "name": "x"}).status_code == 422


def test_explain(platform: Running, company: Company, admin: Client) -> None:
    told = admin.api("GET", "/core/explain?person=service_agent_n1&action=core.roles.edit").json()
    assert told["allowed"] is False
    assert told["checks"]
    assert admin.api("GET", "/core/explain").status_code == 400
    agent = platform.program(company, "service_agent_n1")
    assert agent.api("GET", "/core/explain?action=complaints.complaint.read").json()["allowed"] is True
    assert agent.api("GET", "/core/explain?person=admin&action=core.roles.edit").status_code == 404
