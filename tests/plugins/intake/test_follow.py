"""Following a case by its code: what is shown, what can be done, what is not given away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from dougong.web.security import loggable
from dougong_complaints.choices import Means, Result, State
from dougong_complaints.records import Visit
from dougong_intake.records import Case, Key

from .conftest import NAMED, Phone, complaints, only, picture, put_point, solve, step

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

AGENT, LEAD = "service_agent_n1", "service_lead_n1"


@pytest.fixture
def case(phone: Phone, company: Company, wall: str) -> str:
    """The address of a case that was just reported."""
    answer = phone.fill(wall, **NAMED)
    return answer.headers["location"].partition("?")[0]


def visits(company: Company) -> list[Visit]:
    with company.acting(None, "complaints") as x:
        found = x.children(only(company), Visit)
        x.session.expunge_all()
        return found


def test_after_sending_the_code_is_shown_with_a_qr_code(phone: Phone, case: str) -> None:
    text = phone.client.get(f"{case}?new=1").text
    code = case.rpartition("/")[2]
    assert "-".join(code[n : n + 4] for n in range(0, 16, 4)) in text
    assert "<svg" in text
    assert f"http://anhe.localhost{case}" in text


def test_state_and_published_replies_only(phone: Phone, platform: Running, company: Company, case: str) -> None:
    id = only(company).id
    step(platform, company, AGENT, id, "notify", text="仅内部可见", channel="phone", published=False)
    step(platform, company, AGENT, id, "notify", text="已安排今晚处理", channel="posted", published=True)
    step(platform, company, AGENT, id, "notify", text="在线答复", channel="online", published=False)
    text = phone.client.get(case).text
    for shown in ("登记", "已安排今晚处理", "在线答复", "您已提交", "预计完成"):
        assert shown in text
    for hidden in ("仅内部可见", "王女士", "13800005678", AGENT, "service_lead"):
        assert hidden not in text


def test_a_code_is_typed_as_people_type(phone: Phone, case: str) -> None:
    phone.client.get("/intake/p")
    code = case.rpartition("/")[2]
    answer = phone.post("/intake/p", code=f" {code[:4].lower()} {code[4:]}-")
    assert answer.headers["location"] == case


def test_wrong_foreign_and_impossible_codes_look_alike(
    phone: Phone, platform: Running, other_company: Company, case: str
) -> None:
    def plain(text: str) -> str:
        text = re.sub(r'value="[0-9a-f]{64}"', "", re.sub(r"/intake/p/\w+", "", text))
        return re.sub(r"req-\w+", "", text)

    wrong, impossible = phone.client.get("/intake/p/" + "2" * 16), phone.client.get("/intake/p/nope")
    assert wrong.status_code == impossible.status_code == 404
    assert plain(wrong.text) == plain(impossible.text)
    foreign = platform.browser(other_company)
    assert plain(foreign.get(case).text) == plain(foreign.get("/intake/p/" + "2" * 16).text)
    for tail in ("/say", "/do/rate", "/do/nonsense"):
        assert foreign.post(case + tail, {"text": "x", "result": "satisfied"}).status_code == 404


def test_guessing_is_slowed_per_address(phone: Phone, company: Company, case: str) -> None:
    company.settings("intake", looks=5)
    answers = [phone.client.get("/intake/p/" + "2" * 15 + "23456789A"[n]).status_code for n in range(6)]
    assert answers == [404] * 5 + [429]
    assert phone.client.get(case).status_code == 429
    phone.clock.move(minutes=10)
    assert phone.client.get(case).status_code == 200


def test_looks_are_slowed_per_code(phone: Phone, company: Company, case: str) -> None:
    company.settings("intake", looks_of_one=3)
    assert [phone.client.get(case).status_code for _n in range(4)] == [200, 200, 200, 429]


def test_words_and_pictures_are_added(phone: Phone, platform: Running, company: Company, case: str) -> None:
    phone.client.get(case)
    answer = phone.post(f"{case}/say", [picture()], text="现在更严重了 @service_lead_n1 {{7*7}}<b>")
    assert answer.status_code == 303, answer.text
    again = phone.post(f"{case}/say", [picture()], text="现在更严重了 @service_lead_n1 {{7*7}}<b>")
    assert again.status_code == 303
    text = phone.client.get(case).text
    assert text.count("现在更严重了") == 1
    assert "{{7*7}}&lt;b&gt;" in text
    with company.acting(None, "complaints") as x:
        made = only(company)
        (said,) = x.comments(made)
        assert (said.behalf, said.created_by, said.mentions) == ("resident", None, [])
        assert len(x.files(made)) == 1
    page = platform.browser(company, LEAD).get(f"/complaints/complaint/{made.id}").text
    assert "现在更严重了" in page
    assert "业主" in page


@pytest.mark.parametrize("text", ["", " ", "字" * 2001])
def test_nothing_and_too_much_are_not_added(phone: Phone, company: Company, case: str, text: str) -> None:
    phone.client.get(case)
    answer = phone.post(f"{case}/say", [picture()], text=text)
    assert answer.status_code == 422
    with company.acting(None, "complaints") as x:
        assert x.comments(only(company)) == []
        assert x.files(only(company)) == []


def test_additions_have_a_days_share(phone: Phone, company: Company, case: str) -> None:
    company.settings("intake", additions=2)
    phone.client.get(case)
    answers = [phone.post(f"{case}/say", text=f"补充 {n}").status_code for n in range(3)]
    assert answers == [303, 303, 429]


@pytest.mark.parametrize(
    ("result", "after"), [("satisfied", State.VISIT), ("fairly_satisfied", State.VISIT), ("unsatisfied", State.WORKING)]
)
def test_a_rating_is_the_return_visit(
    phone: Phone, platform: Running, company: Company, case: str, result: str, after: State
) -> None:
    assert "评价处理结果" not in phone.client.get(case).text
    solve(platform, company, only(company).id)
    assert "评价处理结果" in phone.client.get(case).text
    answer = phone.post(f"{case}/do/rate", result=result, comment="{{7*7}}")
    assert answer.status_code == 303, answer.text
    (visit,) = visits(company)
    assert (visit.method, visit.result, visit.comment) == (Means.ONLINE, Result(result), "{{7*7}}")
    assert only(company).status is after
    assert "评价处理结果" not in phone.client.get(case).text
    assert phone.post(f"{case}/do/rate", result=result).status_code == 409
    assert len(visits(company)) == 1
    if after is State.VISIT:
        step(platform, company, LEAD, only(company).id, "close")


@pytest.mark.parametrize("body", [{}, {"result": "not_reached"}, {"result": "x"}])
def test_a_bad_rating_is_refused_in_words(
    phone: Phone, platform: Running, company: Company, case: str, body: dict[str, str]
) -> None:
    solve(platform, company, only(company).id)
    phone.client.get(case)
    answer = phone.post(f"{case}/do/rate", **body)
    assert answer.status_code == 422
    assert visits(company) == []


def test_it_is_taken_up_again_within_the_days_of_the_domain(
    phone: Phone, platform: Running, company: Company, case: str
) -> None:
    id = only(company).id
    solve(platform, company, id)
    phone.client.get(case)
    phone.post(f"{case}/do/rate", result="satisfied")
    step(platform, company, LEAD, id, "close")
    phone.clock.move(days=14)
    assert "要求重新处理" in phone.client.get(case).text
    assert phone.post(f"{case}/do/reopen", reason="").status_code == 422
    assert phone.post(f"{case}/do/reopen", reason="异味又来了").status_code == 303
    assert only(company).status is State.WORKING
    assert only(company).reopened == 1
    phone.client.get(case)
    solved = {"cause": "process", "whys": "x", "solution": "y"}
    step(platform, company, LEAD, id, "resolve", **solved)
    phone.post(f"{case}/do/rate", result="satisfied")
    step(platform, company, LEAD, id, "close")
    phone.clock.move(days=16)
    assert "哪里还没解决" not in phone.client.get(case).text
    assert phone.post(f"{case}/do/reopen", reason="晚了").status_code == 409


def test_a_merged_one_stands_where_its_master_stands(
    phone: Phone, platform: Running, company: Company, case: str
) -> None:
    first = only(company)
    phone.fill(put_point(company, place="5号楼"), anonymous="1", statement="楼道灯不亮")
    master = next(c for c in complaints(company) if c.id != first.id)
    step(platform, company, LEAD, first.id, "merge", reason="同一件事", master=master.number)
    solve(platform, company, master.id)
    text = phone.client.get(case).text
    assert "待回访" in text
    assert master.number not in text
    assert "楼道灯不亮" not in text
    assert phone.post(f"{case}/do/rate", result="satisfied").status_code == 303
    with company.acting(None, "complaints") as x:
        assert [v.about for v in x.children(master, Visit)] == [first.number]


def test_staff_give_out_a_code_once(phone: Phone, platform: Running, company: Company) -> None:
    body = {"channel": "phone", "complainant_type": "anonymous", "category": "noise", "location": "5号楼"}
    body |= {"statement": "夜间施工", "severity": "minor", "urgency": "normal", "site": "n1"}
    id = platform.program(company, AGENT).api("POST", "/complaints/complaint", body).json()["id"]
    agent = platform.browser(company, AGENT)
    at = f"/complaints/complaint/{id}"
    assert "发放查询码" in agent.get(at).text
    given = agent.post(f"/intake/give/complaints.complaint/{id}", {})
    assert given.status_code == 200
    found = re.search(r'class="code">([2-9A-Z-]{19})<', given.text)
    assert found
    address = f"/intake/p/{found[1].replace('-', '')}"
    assert phone.client.get(address).status_code == 200
    assert found[1] not in agent.get(at).text
    agent.post(f"/intake/give/complaints.complaint/{id}", {})
    with company.session() as session:
        assert len(session.scalars(sa.select(Case)).all()) == 1
        assert len(session.scalars(sa.select(Key)).all()) == 2
    stranger = platform.browser(company, "service_agent_s1")
    stranger.get("/")
    assert stranger.post(f"/intake/give/complaints.complaint/{id}", {}).status_code == 404
    finance = platform.browser(company, "finance")
    finance.get("/")
    assert finance.post(f"/intake/give/complaints.complaint/{id}", {}).status_code == 404


def test_codes_stay_out_of_the_log(phone: Phone, case: str) -> None:
    assert loggable(case) == "/intake/p/…"
    assert loggable(f"{case}/do/rate") == "/intake/p/…"
    assert loggable("/intake/p") == "/intake/p"


def test_with_the_module_off_nothing_is_there(phone: Phone, company: Company, case: str, wall: str) -> None:
    company.switch("intake", False)
    for address in (case, wall, "/intake/p"):
        assert phone.client.get(address).status_code in (303, 401)
