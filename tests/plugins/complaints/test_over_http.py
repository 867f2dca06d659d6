"""The same rules through the whole platform: API and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .conftest import BODY

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

LIST = "/complaints/complaint"


def register(platform: Running, company: Company, by: str = "service_agent_n1", **over: Any) -> dict[str, Any]:
    body = {**BODY, "site": "n1", **over}
    answer = platform.program(company, by).api("POST", LIST, {k: v for k, v in body.items() if v is not None})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def step(platform: Running, company: Company, by: str, id: str, name: str, **body: Any) -> Any:
    asked = platform.program(company, by)
    found = asked.api("GET", f"{LIST}/{id}")
    version = found.json().get("row_version") if found.status_code == 200 else 1
    return asked.api("POST", f"{LIST}/{id}/transitions/{name}", body, version=version)


def test_the_whole_way_over_the_api(platform: Running, company: Company) -> None:
    id = register(platform, company)["id"]
    owner = str(company.people["engineering_lead_n1"])
    for by, name, body in (
        ("service_agent_n1", "accept", {}),
        ("service_lead_n1", "assign", {"owner_id": owner}),
        ("service_agent_n1", "notify", {"text": "已安排检修", "channel": "phone"}),
        ("project_manager_n1", "resolve", {"cause": "equipment", "whys": "老化", "solution": "更换"}),
        ("service_agent_n1", "visit", {"method": "phone", "result": "satisfied"}),
        ("service_lead_n1", "close", {}),
    ):
        answer = step(platform, company, by, id, name, **body)
        assert answer.status_code == 200, (name, answer.text)
    assert platform.program(company, "service_lead_n1").api("GET", f"{LIST}/{id}").json()["status"] == "closed"


def test_on_the_spot_in_one_request(platform: Running, company: Company) -> None:
    made = register(
        platform, company, then="on_the_spot", then_body={"cause": "communication", "solution": "当场解释并致歉"}
    )
    assert made["status"] == "visit"


def test_the_accused_gets_what_a_stranger_gets(platform: Running, company: Company) -> None:
    accused = str(company.people["project_manager_n1"])
    id = register(platform, company, against_id=accused)["id"]
    for who in ("project_manager_n1", "service_lead_n1", "service_agent_n1", "service_lead_s1"):
        asked = platform.program(company, who)
        assert asked.api("GET", f"{LIST}/{id}").status_code == 404
        assert id not in asked.api("GET", LIST).text
        assert step(platform, company, who, id, "accept").status_code == 404
    assert platform.program(company, "regional_director_north").api("GET", f"{LIST}/{id}").status_code == 200


def test_finance_does_not_learn_who_complained(platform: Running, company: Company) -> None:
    id = register(platform, company)["id"]
    text = platform.program(company, "finance").api("GET", f"{LIST}/{id}").text
    for secret in ("王女士", "13800005678", "3-2-1801"):
        assert secret not in text


@pytest.mark.parametrize("path", [LIST, f"{LIST}/new"])
def test_pages_are_drawn(platform: Running, company: Company, path: str) -> None:
    register(platform, company)
    answer = platform.browser(company, "service_agent_n1").get(path)
    assert answer.status_code == 200, answer.text


def test_the_form_says_how_long_each_category_may_take(platform: Running, company: Company) -> None:
    page = platform.browser(company, "service_agent_n1").get(f"{LIST}/new").text
    assert "首次联系 5 分钟，解决 2 小时" in page
    assert "首次联系 120 分钟，解决 5 个工作日" in page


def test_the_detail_page_is_drawn(platform: Running, company: Company) -> None:
    id = register(platform, company, severity="major")["id"]
    page = platform.browser(company, "service_lead_n1").get(f"{LIST}/{id}")
    assert page.status_code == 200
    assert "卫生间顶棚渗水" in page.text
