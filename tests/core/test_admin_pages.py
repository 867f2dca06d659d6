"""The administrator's pages over HTTP: what each shows, what it does, and to whom it is not there."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from dougong.testing import Company
from dougong.testing.clients import Client, Running

PAGES = (
    "/admin",
    "/admin/people",
    "/admin/people/new",
    "/admin/grants",
    "/admin/grants/new",
    "/admin/grants/bulk",
    "/admin/roles",
    "/admin/roles/new",
    "/admin/roles/service_agent",
    "/admin/modules",
    "/admin/modules/complaints/off",
    "/admin/modules/complaints/sites",
    "/admin/settings",
    "/admin/settings/core",
    "/admin/settings/complaints",
    "/admin/sites",
    "/admin/sites/new",
    "/admin/sites/n1",
    "/admin/sites/n1/edit",
    "/admin/sites/n1/close",
    "/admin/sites/n1/locations/new",
    "/admin/history",
)


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.browser(company, "admin")


def said(answer: Any) -> str:
    """The words of a page."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_there(platform: Running, company: Company, admin: Client, language: str) -> None:
    headers = {"accept-language": language}
    for path in (*PAGES, "/explain", f"/admin/people/{company.people['admin']}"):
        answer = admin.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code, said(answer)[:500])


def test_who_administers_nothing_finds_nothing(platform: Running, company: Company, other_company: Company) -> None:
    agent, stranger = platform.browser(company, "service_agent_n1"), platform.browser(company)
    for path in PAGES:
        assert agent.get(path).status_code in (403, 404), path
        assert stranger.get(path).status_code == 303, path
    assert "/admin" not in agent.get("/").text
    foreign = platform.browser(other_company, "admin")
    assert foreign.get(f"/admin/people/{company.people['admin']}").status_code == 404
    assert foreign.get("/admin/sites/n1").status_code == 200  # its own n1


def test_a_person_from_invitation_to_disabling(platform: Running, company: Company, admin: Client) -> None:
    admin.get("/admin/people/new")
    wrong = admin.post("/admin/people/new", {"username": "?", "name": ""})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
    made = admin.post("/admin/people/new", {"username": "wang", "name": "王工", "phone": "13800135678"})
    assert made.status_code == 200, said(made)[:800]
    secret = re.search(r"/invite/([\w-]+)", made.text)
    assert secret
    link = platform.browser(company)
    link.get(f"/invite/{secret[1]}")
    taken = link.post(f"/invite/{secret[1]}", {"password": "a quiet stairwell", "again": "a quiet stairwell"})
    assert taken.status_code in (200, 303), said(taken)[:500]
    found = admin.get("/admin/people?q=王工")
    id = re.search(r"/admin/people/([0-9a-f-]{36})", found.text)
    assert id
    assert secret[1] not in admin.get(f"/admin/people/{id[1]}").text
    asks = admin.post(f"/admin/people/{id[1]}/disable")
    assert asks.status_code == 200
    assert 'name="sure"' in asks.text
    assert admin.post(f"/admin/people/{id[1]}/disable", {"sure": "1"}).status_code == 303
    assert id[1] in admin.get("/admin/people?status=disabled").text
    admin.get(f"/admin/people/{id[1]}")
    assert admin.post(f"/admin/people/{id[1]}/enable").status_code == 303
    history = said(admin.get("/admin/history"))
    assert "王工" in history


def test_a_grant_holds_on_the_next_request_and_ends_with_its_taking(
    platform: Running, company: Company, admin: Client
) -> None:
    nobody = platform.browser(company, "nobody")
    assert nobody.get("/complaints/complaint").status_code == 404
    role = company.snapshot.roles["service_agent"].id
    admin.get("/admin/grants/new")
    body = {"person_id": company.people["nobody"], "role_id": role, "site_id": company.sites["n1"]}
    refused = admin.post("/admin/grants/new", {**body, "ends_at": "2020-01-01T00:00"})
    assert refused.status_code == 422
    assert admin.post("/admin/grants/new", body).status_code == 303
    assert nobody.get("/complaints/complaint").status_code == 200
    (grant,) = company.snapshot.grants_of(company.people["nobody"])
    page = admin.get("/admin/grants?q=nobody")
    assert f"/admin/grants/{grant.id}/revoke" in page.text
    asks = admin.post(f"/admin/grants/{grant.id}/revoke")
    assert 'name="sure"' in asks.text
    assert nobody.get("/complaints/complaint").status_code == 200
    assert admin.post(f"/admin/grants/{grant.id}/revoke", {"sure": "1"}).status_code == 303
    assert nobody.get("/complaints/complaint").status_code == 404


def test_a_role_is_limited_as_is_usual_for_it(company: Company, admin: Client) -> None:
    page = admin.get("/admin/grants/new")
    assert 'value="suggested" selected' in page.text
    for slug, limit in (("technician", "mine"), ("service_lead", None)):
        body = {"person_id": company.people["nobody"], "role_id": company.snapshot.roles[slug].id}
        sent = {**body, "site_id": company.sites["n2"], "relation": "suggested"}
        assert admin.post("/admin/grants/new", sent).status_code == 303
        (made,) = (g for g in company.snapshot.grants_of(company.people["nobody"]) if g.role == slug)
        assert made.relation == limit
    wrong = {**sent, "relation": "no such"}
    assert admin.post("/admin/grants/new", wrong).status_code == 422


def test_roles_for_several_at_once(company: Company, admin: Client) -> None:
    role = str(company.snapshot.roles["technician"].id)
    admin.get("/admin/grants/bulk")
    people = [str(company.people[name]) for name in ("nobody", "technician_n1")]
    body = {"role_id": role, "person": people, "site_id": [str(company.sites["n1"]), str(company.sites["n2"])]}
    assert admin.post("/admin/grants/bulk", {**body, "person": []}).status_code == 422
    assert admin.post("/admin/grants/bulk", body).status_code == 303
    assert len(company.snapshot.grants_of(company.people["nobody"])) == 2
    assert len(company.snapshot.grants_of(company.people["technician_n1"])) == 2  # n1 it had


def test_nobody_gives_what_they_do_not_hold(platform: Running, company: Company, admin: Client) -> None:
    """A project manager who may give roles at their site climbs by none of the ways."""
    admin.get("/admin/roles/project_manager")
    held = [*company.snapshot.roles["project_manager"].permissions, "core.grants.edit", "core.people.edit"]
    assert admin.post("/admin/roles/project_manager", {"level": "60", "permission": held}).status_code == 303
    manager = platform.browser(company, "project_manager_n1")
    page = manager.get("/admin/grants/new")
    assert page.status_code == 200
    roles, me = company.snapshot.roles, company.people["project_manager_n1"]
    for role, site in (("admin", "n1"), ("service_agent", "s1"), ("general_manager", "n1")):
        body = {"person_id": me, "role_id": roles[role].id, "site_id": company.sites[site]}
        answer = manager.post("/admin/grants/new", body)
        assert answer.status_code == 403, (role, site)
        assert 'value="' + str(me) in answer.text  # what was chosen stays
    assert len(company.snapshot.grants_of(me)) == 1
    for path in ("invite", "edit", "disable"):
        answer = manager.post(f"/admin/people/{company.people['admin']}/{path}", {"sure": "1", "name": "x"})
        assert answer.status_code == 403, path
    assert manager.post("/admin/roles/project_manager", {"level": "99", "permission": held}).status_code == 404


def test_a_role_beside_its_default_and_back(company: Company, admin: Client) -> None:
    admin.get("/admin/roles/service_agent")
    before = company.snapshot.roles["service_agent"].permissions
    fewer = sorted(before)[1:]
    assert (
        admin.post("/admin/roles/service_agent", {"level": "20", "name": "客服", "permission": fewer}).status_code
        == 303
    )
    view = company.snapshot.roles["service_agent"]
    assert (view.label, view.permissions) == ("客服", frozenset(fewer))
    page = admin.get("/admin/roles/service_agent")
    assert 'value="reset"' in page.text
    assert 'name="sure"' in admin.post("/admin/roles/service_agent", {"act": "reset"}).text
    assert admin.post("/admin/roles/service_agent", {"act": "reset", "sure": "1"}).status_code == 303
    assert company.snapshot.roles["service_agent"].permissions == before
    wrong = admin.post("/admin/roles/service_agent", {"level": "x", "permission": ["core.nothing"]})
    assert wrong.status_code == 422
    assert admin.post("/admin/roles/admin", {"level": "0", "permission": []}).status_code == 409


def test_a_role_of_the_companys_own(company: Company, admin: Client) -> None:
    admin.get("/admin/roles/new")
    assert admin.post("/admin/roles/new", {"name": "夜班", "slug": "Night", "level": "5"}).status_code == 422
    body = {"name": "夜班", "slug": "night", "level": "5", "permission": ["core.people.read"]}
    assert admin.post("/admin/roles/new", body).status_code == 303
    assert company.snapshot.roles["night"].permissions == {"core.people.read"}


def test_a_module_off_has_no_addresses_and_on_again_its_data(
    platform: Running, company: Company, admin: Client
) -> None:
    agent = platform.browser(company, "service_agent_n1")
    assert agent.get("/complaints/complaint").status_code == 200
    asks = admin.get("/admin/modules/complaints/off")
    assert asks.status_code == 200
    admin.post("/admin/modules/complaints/off", {"sure": "1"})
    assert agent.get("/complaints/complaint").status_code == 404
    assert platform.program(company, "service_agent_n1").api("GET", "/complaints/complaint").status_code == 404
    assert admin.get("/admin/settings/complaints").status_code == 404
    admin.get("/admin/modules")
    assert admin.post("/admin/modules/complaints/on").status_code == 303
    assert agent.get("/complaints/complaint").status_code == 200


def test_a_module_off_at_one_site(platform: Running, company: Company, admin: Client) -> None:
    admin.get("/admin/modules/complaints/sites")
    assert admin.post("/admin/modules/complaints/sites", {"at": "north"}).status_code == 303
    assert not company.snapshot.module_on("complaints", company.sites["n1"])
    assert company.snapshot.module_on("complaints", company.sites["s1"])
    assert platform.browser(company, "service_agent_n1").get("/complaints/complaint").status_code == 404
    assert admin.post("/admin/modules/complaints/sites", {"at": "nowhere"}).status_code == 404
    assert admin.post("/admin/modules/complaints/sites/north/on").status_code == 303
    assert company.snapshot.module_on("complaints", company.sites["n1"])


def test_sites_and_locations(company: Company, admin: Client) -> None:
    admin.get("/admin/sites/new")
    root = str(company.sites["anhe"])
    body = {"name": "江畔", "slug": "river", "parent_id": root, "type": "project", "timezone": "Asia/Shanghai"}
    assert admin.post("/admin/sites/new", {**body, "timezone": "Mars/Base"}).status_code == 422
    assert admin.post("/admin/sites/new", body).status_code == 303
    assert admin.post("/admin/sites/new", body).status_code == 422  # the short name is taken
    north = str(company.sites["north"])
    moved = {"name": "江畔花园", "parent_id": north, "type": "project", "timezone": "Asia/Urumqi"}
    assert admin.post("/admin/sites/river/edit", moved).status_code == 303
    node = company.snapshot.sites.by_slug["river"]
    assert (node.name, str(node.parent_id), node.timezone) == ("江畔花园", north, "Asia/Urumqi")
    circle = admin.post(
        "/admin/sites/north/edit", {"name": "north", "parent_id": str(node.id), "type": "region", "timezone": "UTC"}
    )
    assert circle.status_code == 422
    assert admin.post("/admin/sites/river/close").status_code == 200  # asks
    assert admin.post("/admin/sites/river/close", {"sure": "1"}).status_code == 303
    assert node.id not in company.snapshot.sites.open
    assert admin.get("/admin/sites/river").status_code == 200
    assert admin.post("/admin/sites/river/open").status_code == 303
    place = {"name": "1 号楼", "code": "1", "type": "building"}
    assert admin.post("/admin/sites/river/locations/new", place).status_code == 303
    assert admin.post("/admin/sites/river/locations/new", place).status_code == 422
    shown = admin.get("/admin/sites/river")
    id = re.search(r"/locations/([0-9a-f-]{36})", shown.text)
    assert "1 号楼" in shown.text
    assert id
    inside = {"name": "1 层", "code": "1-1", "type": "floor", "parent_id": id[1]}
    assert admin.post("/admin/sites/river/locations/new", inside).status_code == 303
    assert admin.post(f"/admin/sites/river/locations/{id[1]}", {**place, "parent_id": id[1]}).status_code == 422
    assert admin.get(f"/admin/sites/n1/locations/{id[1]}").status_code == 404


def test_explain_oneself_and_others(platform: Running, company: Company, admin: Client) -> None:
    told = admin.get("/explain?person=service_agent_n1&action=core.roles.edit&at=n1")
    assert told.status_code == 200
    assert "<li data-no" in told.text
    agent = platform.browser(company, "service_agent_n1")
    assert agent.get("/explain?action=core.roles.edit").status_code == 200
    assert agent.get("/explain?person=admin&action=core.roles.edit").status_code == 404
    assert admin.get("/explain?person=nobody-there&action=core.roles.edit").status_code == 404
    assert admin.get("/explain?action=core.nothing").status_code == 404
    assert admin.get("/explain?action=complaints.complaint.close&record=TS-2026-999999").status_code == 404
    assert admin.get("/explain?colour=red").status_code == 400


def test_a_deputy_while_away(company: Company, admin: Client, platform: Running) -> None:
    me = platform.browser(company, "service_lead_n1")
    path = f"/admin/people/{company.people['service_lead_n1']}/deputies/new"
    assert me.get(path).status_code == 200
    body = {"deputy_id": str(company.people["quality"]), "starts_at": "2030-01-01T08:00", "ends_at": "2030-01-08T08:00"}
    assert me.post(path, {**body, "ends_at": ""}).status_code == 422
    assert me.post(path, body).status_code == 303
    (one,) = company.snapshot.rows.deputies
    assert one.deputy == company.people["quality"]
    other = platform.browser(company, "technician_n1")
    other.get("/account")
    assert other.post(path, body).status_code == 404
    admin.get(path)
    end = f"/admin/people/{company.people['service_lead_n1']}/deputies/{int(one.starts.timestamp())}-{one.deputy}/end"
    assert admin.post(end).status_code == 303
    assert not company.snapshot.rows.deputies


def test_forged_forms_are_refused(company: Company, admin: Client) -> None:
    admin.csrf = ""
    assert admin.post("/admin/people/new", {"username": "x1", "name": "x"}).status_code == 403
    answer = admin.post("/admin/modules/complaints/off", {"csrf": "00", "sure": "1"})
    assert answer.status_code == 403
    assert company.snapshot.module_on("complaints")


COMPLAINT = {
    "channel": "phone",
    "complainant_type": "owner",
    "complainant": "王女士",
    "phone": "13800005678",
    "category": "water_leak",
    "location": "3 号楼",
    "statement": "顶棚渗水",
    "severity": "minor",
    "urgency": "normal",
    "site": "n1",
}


def test_explain_about_a_record(platform: Running, company: Company) -> None:
    """State and conditions follow the rights; a record that the asker may not view does not exist for them."""
    made = platform.program(company, "service_agent_n1").api("POST", "/complaints/complaint", COMPLAINT).json()
    role = company.snapshot.roles["project_manager"]
    manager = platform.browser(company, "project_manager_n1")
    about = f"/explain?action=complaints.complaint.close&record={made['number']}"
    told = manager.get(about)
    assert told.status_code == 200
    assert "<li data-no" in told.text  # not from this state
    assert manager.get(f"{about}&person=service_agent_n1").status_code == 404  # not without the right to ask
    assert platform.browser(company, "project_manager_s1").get(about).status_code == 404
    admin = platform.browser(company, "admin")
    assert admin.get(f"{about}&person=service_agent_n1").status_code == 404  # administrators do not read complaints
    admin.get("/admin/roles/project_manager")
    held = [*role.permissions, "core.explain"]
    assert admin.post("/admin/roles/project_manager", {"level": "60", "permission": held}).status_code == 303
    others = manager.get(f"{about}&person=service_agent_n1")
    assert others.status_code == 200
    assert made["number"] in said(others)
    read = manager.get(f"/explain?action=complaints.complaint.read&record={made['number']}&person=service_agent_n1")
    assert "<li data-no" not in read.text
    absent = manager.get(f"/explain?action=complaints.complaint.read&record={made['number']}&person=project_manager_s1")
    assert "<li data-no" in absent.text
