"""References that forms offer: by number and title, by number or id, checked on write."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import House

ROUTE = {"name": "夜间巡查", "trade": "security", "site": "n1"}
PLAN = {"name": "每日", "trade": "security", "site": "n1", "repeat": "daily", "times": "08:00", "post": "technician"}
ROUTES, PLANS = "/inspections/route", "/inspections/plan"


@pytest.fixture
def route(house: House) -> dict[str, Any]:
    answer = house.program("project_manager_n1").api("POST", ROUTES, ROUTE)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_program_says_the_number_or_the_id(house: House, route: dict[str, Any]) -> None:
    program = house.program("project_manager_n1")
    for said in (route["number"], route["id"]):
        answer = program.api("POST", PLANS, {**PLAN, "route_id": said})
        assert answer.status_code == 201, answer.text
        assert str(route["id"]) in answer.text


def test_what_one_may_not_see_or_what_is_not_there_is_refused_by_field(house: House, route: dict[str, Any]) -> None:
    program = house.program("project_manager_s1")
    for said in (route["number"], route["id"], "XJL-9999-000001", "x" * 500):
        answer = program.api("POST", PLANS, {**PLAN, "site": "s1", "route_id": said})
        assert answer.status_code == 422, answer.text
        assert [e["path"] for e in answer.json()["errors"]] == ["route_id"]


def test_what_the_field_does_not_offer_is_refused(house: House, route: dict[str, Any]) -> None:
    program = house.program("project_manager_n1")
    version = program.api("GET", f"{ROUTES}/{route['id']}").json()["row_version"]
    retired = program.api("POST", f"{ROUTES}/{route['id']}/transitions/retire", {"reason": "停用"}, version=version)
    assert retired.status_code == 200, retired.text
    answer = program.api("POST", PLANS, {**PLAN, "route_id": route["number"]})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "route_id")
    page = house.platform.browser(house.anhe, "project_manager_n1").get(f"{PLANS}/new?site=n1")
    assert str(route["id"]) not in page.text


def test_the_form_lists_few_and_searches_many(
    house: House, route: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = house.platform.browser(house.anhe, "project_manager_n1")
    page = browser.get(f"{PLANS}/new?site=n1")
    assert f'<option value="{route["id"]}">{route["number"]} 夜间巡查</option>' in page.text
    other = house.platform.browser(house.anhe, "project_manager_s1").get(f"{PLANS}/new?site=s1")
    assert route["number"] not in other.text
    monkeypatch.setattr("dougong.web.widgets.FEW", 0)
    page = browser.get(f"{PLANS}/new?site=n1")
    assert f'<option value="{route["number"]}">{route["number"]} 夜间巡查</option>' in page.text
    assert "<datalist" in page.text


def test_an_entrys_reference_is_offered_too(house: House, route: dict[str, Any]) -> None:
    """The template of a point: by number or id, listed on the form of the step, and checked as a record's own is."""
    program = house.program("project_manager_n1")
    body = {"name": "配电房", "trade": "security", "site": "anhe"}
    template = house.program("quality").api("POST", "/inspections/template", body)
    assert template.status_code == 201, template.text
    made = template.json()
    add = f"{ROUTES}/{route['id']}/transitions/add_point"
    for said in (made["number"], made["id"]):
        answer = program.api("POST", add, {"name": "1 号", "template_id": said})
        assert answer.status_code == 200, answer.text
    for said in ("XJM-9999-000001", route["id"], "x"):
        answer = program.api("POST", add, {"name": "2 号", "template_id": said})
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "template_id"), answer.text
    page = house.platform.browser(house.anhe, "project_manager_n1").get(f"{ROUTES}/{route['id']}/do/add_point")
    assert f'<option value="{made["id"]}">{made["number"]} 配电房</option>' in page.text


def test_a_calendar_of_the_companys_is_chosen_by_name(house: House, route: dict[str, Any]) -> None:
    house.anhe.settings("core", calendars={"hotline": {"name": "客服热线"}})
    program = house.program("project_manager_n1")
    page = house.platform.browser(house.anhe, "project_manager_n1").get(f"{PLANS}/new?site=n1")
    assert '<option value="hotline">客服热线</option>' in page.text
    wrong = program.api("POST", PLANS, {**PLAN, "route_id": route["id"], "calendar": "moon"})
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "calendar")
    assert program.api("POST", PLANS, {**PLAN, "route_id": route["id"], "calendar": "hotline"}).status_code == 201


def test_who_comes_from_another_site_is_offered_where_the_field_says_so(house: House) -> None:
    hr = house.program("hr")
    body = {
        "code": "YG-1",
        "name": "甲",
        "employment": "own",
        "department": "service",
        "hired_on": "2024-03-01",
        "site": "n2",
    }
    someone = hr.api("POST", "/hr/employee", body).json()
    page = house.platform.browser(house.anhe, "hr").get("/hr/change/new?site=n1")
    assert f'<option value="{someone["id"]}">{someone["number"]} 甲</option>' in page.text
