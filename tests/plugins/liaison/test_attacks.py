"""What somebody might try with liaison: names of residents, people of other companies, huge orders, forms of others."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.errors import Conflict, Invalid
from dougong_liaison.records import Agency, Declaration, Item, Obligation, Order
from dougong_liaison.takeover import take_over

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

MANAGER = "project_manager_n1"
ORDER = {
    "title": "消防责令改正", "document": "消责改12号", "received_on": "2026-03-02", "deadline_on": "2026-03-12",
    "items": "补齐灭火器",
}  # fmt: skip


def agency(company: Company, site: str = "n1") -> str:
    with company.acting(None, "liaison") as x:
        body = {"nature": "fire", "name": "消防救援大队", "jurisdiction": "安禾区"}
        return str(x.submit(Agency, company.sites[site], body).id)


def test_the_template_offers_who_may_answer_at_the_site_and_nobody_else(company: Company, platform: Running) -> None:
    company.add_person("resident_wang", ("client", "n1"), name="业主王先生")
    company.add_person("far", ("project_manager", "s1"), name="南区经理")
    company.add_person("near", ("engineering_lead", "n1"), name="本项目工程主管")
    company.add_person("hand", ("technician", "n1"), name="本项目技工")
    shown = platform.browser(company, MANAGER).get("/liaison/template?to=n1&kind=home")
    assert shown.status_code == 200
    assert "本项目工程主管" in shown.text
    for name in ("业主王先生", "南区经理", "本项目技工"):  # who may not hand a filing in does not answer for it
        assert name not in shown.text


def test_the_template_is_for_own_sites_alone(company: Company, platform: Running) -> None:
    browser = platform.browser(company, MANAGER)
    page = browser.get("/liaison/template?to=s1&kind=home")
    assert 'value="n1"' in page.text
    assert 'value="s1"' not in page.text
    sent = {"to": "s1", "kind": "home", "codes": "fire_test", "owner": str(company.people[MANAGER])}
    assert browser.post("/liaison/template", sent).status_code == 404
    assert browser.ask("POST", "/liaison/template", data={**sent, "to": "n1"}).status_code == 403, (
        "without the form's token"
    )
    with company.acting(None, "liaison") as x:
        assert x.session.scalars(sa.select(Obligation)).all() == []


def test_the_first_question_leads_nowhere_else(company: Company, platform: Running) -> None:
    browser = platform.browser(company, MANAGER)
    browser.get("/liaison/template")
    for to in ["//evil.example", "n1&to=//evil.example", "https://evil.example", "\r\nx: y", "..", ""]:
        answer = browser.post("/liaison/template/choose", {"to": to, "kind": "home"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/liaison/template")
        assert "evil" not in answer.headers["location"]


def test_an_order_of_thousands_of_items_is_refused_however_it_comes(company: Company) -> None:
    many = "\n".join(f"第{n}项" for n in range(1_500))
    body = {**ORDER, "agency_id": agency(company), "owner_id": str(company.people[MANAGER]), "items": many}
    with pytest.raises(Invalid), company.acting(MANAGER, "liaison") as x:
        x.submit(Order, company.sites["n1"], body)
    with company.acting(None, "liaison") as x:
        x.imported = True
        try:
            order = x.submit(Order, company.sites["n1"], body)
            x.take(order, "assign", person=company.people[MANAGER])
        except Invalid:
            return
        assert len(x.session.scalars(sa.select(Item)).all()) <= 100


def test_nobody_of_another_company_or_nowhere_becomes_an_owner(company: Company, other_company: Company) -> None:
    stranger = next(iter(other_company.people.values()))
    body = {**ORDER, "agency_id": agency(company), "owner_id": str(company.people[MANAGER])}
    with company.acting(MANAGER, "liaison") as x:
        order = x.submit(Order, company.sites["n1"], body).id
    with pytest.raises((Conflict, Invalid)), company.acting(MANAGER, "liaison") as x:
        x.take(x.get(Order, order), "assign", person=stranger)
    with pytest.raises(Invalid), company.acting(MANAGER, "liaison") as x:
        x.submit(Order, company.sites["n1"], {**body, "owner_id": str(stranger)})
    with pytest.raises(Invalid), company.acting(MANAGER, "liaison") as x:
        take_over(x, company.sites["n1"], ["fire_test"], stranger)
    with pytest.raises(Invalid), company.acting(MANAGER, "liaison") as x:
        x.submit(Order, company.sites["n1"], {**body, "agency_id": agency(other_company)})


def test_a_declaration_is_signed_by_its_person_and_dropped_by_another(company: Company) -> None:
    """Whoever could drop their own would never have to sign."""
    with company.acting(None, "liaison") as x:
        title = {"title": "廉洁承诺", "year": 2026, "person_id": company.people[MANAGER]}
        one = x.create(Declaration, company.sites["n1"], **title).id
    with pytest.raises(Conflict), company.acting("general_manager", "liaison") as x:
        x.take(x.get(Declaration, one), "sign", honest=True)
    with pytest.raises(Conflict), company.acting(MANAGER, "liaison") as x:
        x.take(x.get(Declaration, one), "drop_declaration", reason="不想签")
    with company.acting("general_manager", "liaison") as x:
        x.take(x.get(Declaration, one), "drop_declaration", reason="已调离")


def test_dates_at_the_edge_are_no_crash(company: Company, platform: Running) -> None:
    program = platform.program(company, MANAGER)
    for day in ("1900-01-01", "2200-12-31"):
        body = {"site": "n1", "title": "电梯", "nature": "lift", "paper": f"A{day}", "expires_on": day}
        answer = program.api("POST", "/liaison/permit", {**body, "owner_id": str(company.people[MANAGER])})
        assert answer.status_code < 500, answer.text
    for year in ("0000", "9999", "20260", "２０２６", "-1", "2026' or 1=1"):
        assert program.ask("GET", "/liaison/year", params={"year": year}).status_code in (303, 400, 401, 403)
    browser = platform.browser(company, MANAGER)
    for year in ("1999", "9999", "２０２６", "1e3"):
        assert browser.get("/liaison/year", params={"year": year}).status_code == 400
    for year in ("2000", "2200"):
        assert browser.get("/liaison/year", params={"year": year}).status_code == 200


def test_the_calendar_counts_what_the_reader_may_see(company: Company, platform: Running) -> None:
    for site, manager in (("n1", MANAGER), ("s1", "project_manager_s1")):
        with company.acting(manager, "liaison") as x:
            take_over(x, company.sites[site], ["fire_test"], company.people[manager])
            today = x.today(company.sites[site])
    year = today.year + (today > dt.date(today.year, 9, 30))
    shown = platform.browser(company, MANAGER).get(f"/liaison/year?year={year}").text
    assert "site=n1" in shown
    assert "site=s1" not in shown
    assert platform.browser(company, MANAGER).get("/liaison/year?site=s1").status_code == 404
    nobody: Any = platform.browser(company, "nobody")
    assert nobody.get("/liaison/year").status_code in (403, 404)
