"""What somebody might try with the organisation: roles by way of posts, papers of others, trees without end, odd references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong import give_role
from dougong.access.tables import Grant, Role, RolePermission
from dougong.errors import Forbidden, Invalid, NotFound, Problem
from dougong.records import actions
from dougong.tenancy.stored import new_id
from dougong_hr.organisation.records import Certificate, Position
from dougong_hr.organisation.resources import certificate, employee, holding, position

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

    from .conftest import Organisation

HR_N1 = "hr_of_n1"
CHAIN = 1_200


@pytest.fixture
def o(organisation: Organisation, company: Company) -> Organisation:
    company.add_person(HR_N1, ("hr", "n1"))
    return organisation


def body(code: str, **over: Any) -> dict[str, Any]:
    return {"code": code, "title": code, "department": "service", "headcount": 1, **over}


def test_no_role_comes_by_way_of_a_post_that_its_author_could_not_give(o: Organisation, company: Company) -> None:
    for roles in ("admin", "general_manager", "service_agent:mine", "hr", "project_manager\nservice_agent"):
        with pytest.raises(Invalid):
            o.post("甲", "n1", by=HR_N1, roles=roles)
        with company.acting(HR_N1, "hr") as x:
            x.imported = True
            with pytest.raises(Invalid):
                x.submit(Position, company.sites["n1"], body("乙", roles=roles))
    o.post("丙", "n1", by=HR_N1)
    with pytest.raises(Invalid):
        o.edit(HR_N1, position, o.posts["丙"], {"roles": "service_agent"})
    with pytest.raises(Problem):
        o.post("丁", "s1", by=HR_N1)


def test_a_role_that_became_an_administrators_meanwhile_is_not_given(o: Organisation, company: Company) -> None:
    with company.session() as session:
        role = Role(id=new_id(), slug="helper", name="Helper", level=20)
        session.add(role)
        session.flush()
        session.add(RolePermission(role_id=role.id, permission="complaints.complaint.read"))
    o.post("助理", "n1", roles="helper")
    with company.session() as session:
        session.add(RolePermission(role_id=role.id, permission="core.grants.edit"))
    o.hire("甲", "wang")
    with pytest.raises(Forbidden):
        o.seat("甲", "助理")
    with pytest.raises(Forbidden), company.acting(None, "hr") as x:
        give_role(x, company.people["wang"], "helper", company.sites["n1"])
    with company.session() as session:
        assert session.scalars(sa.select(Grant).where(Grant.person_id == company.people["wang"])).all() == []


def test_roles_go_to_people_and_sites_of_the_company_alone(
    o: Organisation, company: Company, other_company: Company
) -> None:
    stranger, far = next(iter(other_company.people.values())), other_company.sites["n1"]
    for person, site in ((stranger, company.sites["n1"]), (company.people["wang"], far)):
        with pytest.raises(Invalid), company.acting(None, "hr") as x:
            give_role(x, person, "service_agent", site)
    o.hire("甲")
    with pytest.raises(Problem):
        o.do("hr", employee, o.staff["甲"], "choose_account", person=str(stranger))


def test_records_that_follow_are_not_made_by_hand(o: Organisation, company: Company, platform: Running) -> None:
    o.post("经理", "n1")
    o.hire("甲", "wang")
    program = platform.program(company, "hr")
    sent = {
        "site": "n1",
        "employee_id": str(o.staff["甲"]),
        "position_id": str(o.posts["经理"]),
        "starts_on": "2026-01-01",
    }
    assert program.api("POST", "/hr/holding", sent).status_code in (403, 404, 405, 422)
    for step in ("close", "expire"):
        assert program.api("POST", f"/hr/holding/{new_id()}/transitions/{step}", {}).status_code == 404
    assert (
        program.api(
            "POST", f"/hr/employee/{o.staff['甲']}/transitions/left", {"on": "2026-01-01", "reason": "x"}
        ).status_code
        == 404
    )
    version = program.api("GET", f"/hr/employee/{o.staff['甲']}").json()["row_version"]
    for field in (
        {"person_id": str(company.people["hr"])},
        {"status": "left"},
        {"left_on": "2026-01-01"},
        {"site_id": str(company.sites["s1"])},
    ):
        answer = program.api("PATCH", f"/hr/employee/{o.staff['甲']}", field, version=version)
        assert answer.status_code == 422, field
    with company.acting(None, "hr") as x:
        assert x.session.scalars(sa.select(holding.record)).all() == []


def test_odd_references_and_numbers_are_refused_in_words(o: Organisation, company: Company, platform: Running) -> None:
    program = platform.program(company, "hr")
    for wrong in (
        {"reports_to": "a\x00b"},
        {"reports_to": "GW-" + "9" * 10_000},
        {"reports_to": "' or 1=1"},
        {"reports_to": str(new_id())},
        {"reports_to": 7},
        {"deputy_id": ["x"]},
        {"headcount": 2**63},
        {"headcount": -1},
        {"headcount": True},
        {"code": "a b"},
        {"title": "a\nb"},
        {"title": "\u202e" * 201},
        {"certificates": "nothing_known"},
        {"roles": "x" * 30_000},
        {"tenant_id": str(new_id())},
    ):
        answer = program.api("POST", "/hr/position", {"site": "n1", **body("甲"), **wrong})
        assert answer.status_code == 422, (wrong, answer.status_code)
    plain = {
        "site": "n1",
        "code": "甲",
        "name": "甲",
        "employment": "own",
        "department": "service",
        "hired_on": "2024-03-01",
    }
    for wrong in (
        {"salary": 2**63},
        {"salary": -1},
        {"hired_on": "0001-01-01"},
        {"hired_on": "9999-12-31"},
        {"identity": "x\x00"},
    ):
        assert program.api("POST", "/hr/employee", {**plain, **wrong}).status_code == 422, wrong
    for edge in ("1900-01-01", "2200-12-31"):
        assert program.api("POST", "/hr/employee", {**plain, "code": f"e{edge}", "hired_on": edge}).status_code == 201


def test_papers_are_entered_for_ones_own_people_alone(
    o: Organisation, company: Company, other_company: Company
) -> None:
    o.hire("甲", site="s1")
    paper = {"type": "electrician", "paper": "DG-1"}
    strangers = [str(o.staff["甲"]), str(new_id())]
    with other_company.acting(None, "hr") as x:
        plain = {"code": "乙", "name": "乙", "employment": "own", "department": "service", "hired_on": "2024-03-01"}
        strangers.append(str(actions.create(employee, plain, x, site=other_company.sites["n1"]).id))
    for one in strangers:
        with pytest.raises(Invalid), company.acting(HR_N1, "hr") as x:
            x.submit(Certificate, company.sites["n1"], {**paper, "employee_id": one})
    with pytest.raises((Forbidden, NotFound)), company.acting(HR_N1, "hr") as x:
        x.submit(Certificate, company.sites["s1"], {**paper, "employee_id": strangers[0]})


def test_who_reads_no_certificates_learns_of_none_from_the_tree(
    o: Organisation, company: Company, platform: Running
) -> None:
    company.settings("hr")
    with company.session() as session:
        role = Role(id=new_id(), slug="looker", name="Looker", level=20)
        session.add(role)
        session.flush()
        session.add_all(
            RolePermission(role_id=role.id, permission=f"hr.{name}.read")
            for name in ("position", "employee", "holding")
        )
    company.add_person("looker", ("looker", "n1"))
    o.post("电工", "n1", certificates="electrician")
    o.hire("甲", "wang")
    o.seat("甲", "电工")
    assert "甲" in platform.browser(company, "looker").get("/hr/organisation").text
    for who, told in (("looker", False), ("hr", True)):
        shown = platform.browser(company, who).get("/hr/organisation").text
        assert ('class="tag bad"' in shown) is told, who
    assert certificate.permission("read") not in company.snapshot.roles["looker"].permissions


def test_the_tree_shows_what_the_reader_may_see(o: Organisation, company: Company, platform: Running) -> None:
    o.post("甲岗", "n1")
    o.post("乙岗", "s1")
    o.hire("张三", site="s1")
    o.seat("张三", "甲岗")
    shown = platform.browser(company, "project_manager_n1").get("/hr/organisation").text
    assert "甲岗" in shown
    assert "乙岗" not in shown
    assert "张三" not in shown, "works at another site"
    assert platform.browser(company, "project_manager_n1").get("/hr/organisation?site=s1").status_code == 404
    for stranger in ("client_n1", "technician_n1", "nobody"):
        for address in ("/hr/organisation", "/hr/establishment"):
            answer = platform.browser(company, stranger).get(address)
            assert "甲岗" not in answer.text, (stranger, address)


def test_a_line_of_a_thousand_posts_is_no_crash(o: Organisation, company: Company, platform: Running) -> None:
    above = None
    with company.session() as session:
        for n in range(CHAIN):
            one = Position(
                id=new_id(), tenant_id=company.tenant, site_id=company.sites["n1"], number=f"GW-{n:06}", code=f"p{n}",
                title=f"岗{n}", department="service", headcount=1, reports_to=above,
            )  # fmt: skip
            session.add(one)
            above = one.id
            if n % 200 == 0:
                session.flush()
    browser = platform.browser(company, "hr")
    for address in ("/hr/organisation", "/hr/establishment"):
        answer = browser.get(address)
        assert answer.status_code == 200, address
