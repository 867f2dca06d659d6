"""The same rules through the whole platform: API, pages, and the follow-up page for people without an account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import ANONYMOUS, BODY

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

LIST = "/complaints/complaint"
FOLLOW_UP = "/complaints/follow-up"


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


def code_of(company: Company, id: str) -> str:
    from uuid import UUID

    from dougong_complaints.records import Complaint

    with company.acting(None, "complaints") as x:
        code = x.get(Complaint, UUID(id)).follow_up
    assert code
    return code


def test_a_follow_up_code_shows_state_and_published_replies_only(platform: Running, company: Company) -> None:
    id = register(platform, company, **ANONYMOUS)["id"]
    by = "service_agent_n1"
    step(platform, company, by, id, "notify", text="仅内部可见", channel="phone", published=False)
    step(platform, company, by, id, "notify", text="已安排今晚处理", channel="posted", published=True)
    asked = platform.browser(company)
    assert asked.get(FOLLOW_UP).status_code == 200
    code = code_of(company, id)
    answer = asked.post(FOLLOW_UP, {"code": f" {code[:4].lower()}-{code[4:]} "})
    assert answer.status_code == 200, answer.text
    assert "登记" in answer.text
    assert "已安排今晚处理" in answer.text
    for hidden in ("仅内部可见", "卫生间顶棚渗水", "3 号楼", "TS-"):
        assert hidden not in answer.text


def test_a_wrong_code_shows_nothing_and_guessing_is_slowed(platform: Running, company: Company) -> None:
    id = register(platform, company, **ANONYMOUS)["id"]
    asked = platform.browser(company)
    asked.get(FOLLOW_UP)
    assert [asked.post(FOLLOW_UP, {"code": "NOPE"}).status_code for _n in range(11)] == [404] * 10 + [429]
    assert asked.post(FOLLOW_UP, {"code": code_of(company, id)}).status_code == 429


def test_a_code_of_another_company_is_nothing_here(platform: Running, company: Company, other_company: Company) -> None:
    code = code_of(company, register(platform, company, **ANONYMOUS)["id"])
    asked = platform.browser(other_company)
    asked.get(FOLLOW_UP)
    assert asked.post(FOLLOW_UP, {"code": code}).status_code == 404


def test_a_merged_one_stands_where_its_master_stands(platform: Running, company: Company) -> None:
    master, id = register(platform, company), register(platform, company, **ANONYMOUS)["id"]
    done = step(platform, company, "service_lead_n1", id, "merge", reason="同一件事", master=master["number"])
    assert done.status_code == 200, done.text
    step(platform, company, "service_agent_n1", master["id"], "accept")
    asked = platform.browser(company)
    asked.get(FOLLOW_UP)
    text = asked.post(FOLLOW_UP, {"code": code_of(company, id)}).text
    assert re.search(r"<h1[^>]*>受理", text)


def test_without_the_module_the_page_does_not_exist(platform: Running, company: Company) -> None:
    company.switch("complaints", False)
    assert platform.browser(company, "service_agent_n1").get(FOLLOW_UP).status_code == 404
