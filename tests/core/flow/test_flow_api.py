"""The life of a complaint over the API, as different people with their tokens; and what the API refuses."""

from __future__ import annotations

from typing import Any

import httpx

from .conftest import BODY, LIST, SECRETS, UNKNOWN, House

AGENT, LEAD, MANAGER, REGION = "service_agent_n1", "service_lead_n1", "project_manager_n1", "regional_director_north"
ENGINEER = "engineering_lead_n1"
SOLVED = {"cause": "equipment", "whys": "接头老化", "solution": "更换接头并试水"}


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The body of a refusal, after checking its form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status"} <= body.keys()
    assert body["status"] == status
    assert body["title"]
    return body


def test_the_whole_life(house: House) -> None:
    made = house.register()
    id, owner = made["id"], str(house.anhe.people[ENGINEER])
    assert made["status"] == "registered"
    for by, name, body, state in (
        (AGENT, "contact", {"soothing": "已致歉", "by": "phone"}, "registered"),
        (LEAD, "accept", {}, "accepted"),
        (LEAD, "assign", {"owner_id": owner}, "working"),
        (AGENT, "notify", {"text": "已安排检修", "channel": "phone"}, "working"),
        (LEAD, "escalate", {"reason": "要更换主管道"}, "working"),
        (MANAGER, "acknowledge", {}, "working"),
        (MANAGER, "escalate", {"reason": "费用超出权限"}, "working"),
        (REGION, "acknowledge", {}, "working"),
        (ENGINEER, "resolve", SOLVED, "visit"),
        (AGENT, "visit", {"method": "phone", "result": "unsatisfied"}, "working"),
        (ENGINEER, "resolve", SOLVED, "visit"),
        (AGENT, "visit", {"method": "phone", "result": "satisfied"}, "visit"),
        (LEAD, "close", {}, "closed"),
        (LEAD, "reopen", {"reason": "又漏了"}, "working"),
    ):
        answer = house.step(by, id, name, **body)
        assert answer.status_code == 200, (name, answer.text)
        assert answer.json()["status"] == state, name
    shown = house.program(REGION).api("GET", f"{LIST}/{id}?include=timeline").json()
    assert shown["reopened"] == 2  # the unsatisfied visit, and taking it up again
    assert [entry["kind"] for entry in shown["timeline"]].count("complaints.escalation") == 2


def test_the_same_request_twice_makes_one_complaint(house: House) -> None:
    agent, body = house.program(AGENT), {**BODY, "statement": "只登记一次"}
    first, second = (agent.api("POST", LIST, body, key="a-key-of-mine") for _n in range(2))
    assert first.status_code == 201
    assert second.json()["id"] == first.json()["id"]
    found = agent.api("GET", f"{LIST}?tab=all&q=只登记一次").json()["results"]
    assert [row["id"] for row in found] == [first.json()["id"]]
    other = agent.api("POST", LIST, {**body, "statement": "另一件"}, key="a-key-of-mine")
    problem(other, 422)


def test_versions(house: House) -> None:
    lead, made = house.program(LEAD), house.register()
    address = f"{LIST}/{made['id']}"
    answer = lead.api("GET", address)
    assert answer.headers["etag"] == f'"{made["row_version"]}"'
    problem(lead.api("PATCH", address, {"location": "4号楼"}), 428)
    changed = lead.api("PATCH", address, {"location": "4号楼"}, version=made["row_version"])
    assert changed.status_code == 200, changed.text
    assert changed.json()["location"] == "4号楼"
    stale = made["row_version"]
    problem(lead.api("PATCH", address, {"location": "5号楼"}, version=stale), 412)
    problem(lead.api("POST", f"{address}/transitions/accept", {}, version=stale), 412)
    assert lead.api("GET", address).json()["location"] == "4号楼"
    assert lead.api("GET", address).json()["status"] == "registered"


def test_what_a_post_may_not_is_refused_with_the_reason(house: House) -> None:
    made = house.register()
    told = problem(house.step(AGENT, made["id"], "unfounded", reason="查无此事", reply="无", by="phone"), 403)
    explanation = told["explanation"]
    assert explanation["allowed"] is False
    assert not all(check["ok"] for check in explanation["checks"])
    assert explanation["mend"]
    assert house.program(LEAD).api("GET", f"{LIST}/{made['id']}").json()["status"] == "registered"


def test_what_the_state_or_a_guard_forbids_is_said(house: House) -> None:
    made = house.register(then="on_the_spot", then_body={"cause": "communication", "solution": "当场解释"})
    assert made["status"] == "visit"
    early = problem(house.step(LEAD, made["id"], "close"), 409)
    assert "须先回访" in str(early) or "heard first" in str(early)
    problem(house.step(LEAD, made["id"], "accept"), 409)


def test_bad_input_names_its_fields(house: House) -> None:
    body = {**BODY, "category": "none-such", "severity": 7, "complainant": None, "surprise": 1}
    told = problem(house.program(AGENT).api("POST", LIST, body), 422)
    assert {"category", "severity", "surprise"} <= {error["path"] for error in told["errors"]}
    assert all(error["message"] for error in told["errors"])


def test_a_token_of_another_company_opens_nothing(house: House) -> None:
    made = house.register()
    program = house.bearer(house.jinxiu.token("general_manager"))
    for method, path, body in (
        ("GET", LIST, None),
        ("GET", f"{LIST}/{made['id']}", None),
        ("POST", LIST, dict(BODY)),
        ("POST", f"{LIST}/{made['id']}/transitions/accept", {}),
    ):
        answer = program.api(method, path, body)
        problem(answer, 401)
        assert not [secret for secret in SECRETS if secret in answer.text]


def test_at_ones_own_company_the_other_ones_case_does_not_exist(house: House) -> None:
    id = house.register()["id"]
    stranger = house.program("general_manager", house.jinxiu)
    answers = [stranger.api("GET", f"{LIST}/{one}") for one in (id, UNKNOWN)]
    problem(answers[0], 404)
    assert answers[0].content == answers[1].content
    assert stranger.api("GET", f"{LIST}?tab=all").json()["results"] == []


def test_a_token_may_do_no_more_than_its_scope(house: House) -> None:
    made = house.register()
    address, read = f"{LIST}/{made['id']}", "complaints.complaint.read"
    reader = house.scoped(LEAD, read)
    assert reader.api("GET", address).json()["id"] == made["id"]
    assert reader.api("GET", address).json()["transitions"] == []
    problem(reader.api("POST", LIST, dict(BODY)), 403)
    problem(reader.api("POST", f"{address}/transitions/accept", {}, version=made["row_version"]), 403)
    assert reader.api("POST", f"{address}/reveal/phone", {}).status_code in (403, 404)
    accepter = house.scoped(LEAD, read, "complaints.complaint.accept")
    taken = accepter.api("POST", f"{address}/transitions/accept", {}, version=made["row_version"])
    assert taken.json()["status"] == "accepted"
    other = house.scoped(LEAD, "complaints.complaint.accept")  # nothing to read, so nothing to see
    problem(other.api("GET", address), 404)


def test_a_scope_gives_nothing_that_the_person_has_not(house: House) -> None:
    made = house.register()
    agent = house.scoped(AGENT, "complaints.*")
    refused = agent.api("POST", f"{LIST}/{made['id']}/transitions/close", {}, version=made["row_version"])
    problem(refused, 403)


def test_a_wrong_or_ended_token_is_nobody(house: House) -> None:
    for token in ("dgt_wrong", "", "x" * 5000):
        problem(house.bearer(token).api("GET", LIST), 401)
