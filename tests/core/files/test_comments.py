"""Comments: who reads and writes them, whom they mention, taking them back, and the stream that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from dougong import Comment, hookimpl
from dougong.records import history
from dougong.records.tables import History

from . import samples
from .conftest import COMPLAINT
from .test_files_of_records import send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dougong.plugins.registry import Registry
    from dougong.testing.clients import Client, Running
    from dougong.testing.companies import Company


def say(client: Client, complaint: str, text: str, **more: Any) -> Any:
    return client.api("POST", f"{COMPLAINT}/{complaint}/comments", {"text": text, **more})


def test_a_comment_is_written_read_and_taken_back(agent: Client, complaint: str, company: Company) -> None:
    version = agent.api("GET", f"{COMPLAINT}/{complaint}").json()["row_version"]
    made = say(agent, complaint, "  已与业主约定周三上门 \n")
    assert made.status_code == 201, made.text
    assert made.json()["text"] == "已与业主约定周三上门"
    listed = agent.api("GET", f"{COMPLAINT}/{complaint}/comments").json()["results"]
    assert [one["id"] for one in listed] == [made.json()["id"]]
    assert (
        agent.api("GET", f"{COMPLAINT}/{complaint}").json()["row_version"] == version
    )  # nobody's form grows stale by it
    address = f"/api/v1{COMPLAINT}/{complaint}/comments/{made.json()['id']}"
    assert agent.ask("DELETE", address).status_code == 204
    assert agent.ask("DELETE", address).status_code == 404
    assert agent.api("GET", f"{COMPLAINT}/{complaint}/comments").json()["results"] == []
    with company.session() as session:
        assert session.query(Comment).one().text == ""
        rows = session.query(History).filter(History.record_id == complaint).order_by(History.id).all()
        assert [row.action for row in rows][-2:] == ["comment", "uncomment"]
        assert "约定" not in str([row.inputs for row in rows])
        assert history.verify(session, "complaints.complaint", complaint)


def test_people_are_mentioned_by_name_and_only_those_who_may_see_it(
    platform: Running, company: Company, agent: Client, complaint: str
) -> None:
    company.add_person("wang", ("service_lead", "n1"), name="王伟")
    company.add_person("wangwei", ("service_lead", "n1"), name="王伟强")
    company.add_person("far", ("service_lead", "s1"), name="李远")
    company.add_person("gone", ("service_lead", "n1"), name="赵离", status="left")
    made = say(agent, complaint, "@王伟强 请看，＠wang 也看；@李远 @赵离 @不存在 a@b.c").json()
    assert set(made["mentions"]) == {str(company.people["wang"]), str(company.people["wangwei"])}
    found = agent.get(f"{COMPLAINT}/{complaint}/comments/people?q=王")
    assert [one["name"] for one in found.json()["results"]] == ["王伟", "王伟强"]
    everybody = agent.get(f"{COMPLAINT}/{complaint}/comments/people").json()["results"]
    assert "李远" not in [one["name"] for one in everybody]
    refused = say(agent, complaint, "看", mentions=[str(company.people["far"])])
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"] == "mentions.0"
    browser = platform.browser(company, "service_agent_n1")
    browser.get(f"{COMPLAINT}/{complaint}")
    assert browser.post(f"{COMPLAINT}/{complaint}/comments", {"text": "@李远 请看"}).status_code == 303
    shown = browser.get(f"{COMPLAINT}/{complaint}").text
    assert "李远" in shown
    assert "@李远 请看" in shown


@pytest.mark.parametrize("body", [
    {}, {"text": ""}, {"text": " \n "}, {"text": "x" * 4001}, {"text": 5}, {"text": "a", "mentions": ["x"]},
    {"text": "a", "mentions": "x"}, {"text": "a", "more": 1}, [], {"text": "a\0b"},
    {"text": "a", "mentions": ["00000000-0000-0000-0000-000000000000"]},
])  # fmt: skip
def test_what_is_no_comment_is_refused(agent: Client, complaint: str, body: Any) -> None:
    answer = agent.api("POST", f"{COMPLAINT}/{complaint}/comments", body)
    assert answer.status_code == 422, answer.text
    assert agent.api("GET", f"{COMPLAINT}/{complaint}/comments").json()["results"] == []


def test_an_empty_comment_of_a_page_is_said_there(platform: Running, company: Company, complaint: str) -> None:
    browser = platform.browser(company, "service_agent_n1")
    browser.get(f"{COMPLAINT}/{complaint}")
    assert browser.post(f"{COMPLAINT}/{complaint}/comments", {"text": " "}).status_code == 303
    assert "请写点什么" in browser.get(f"{COMPLAINT}/{complaint}").text


def test_comments_are_for_those_who_may_comment(
    platform: Running, company: Company, agent: Client, complaint: str
) -> None:
    one = say(agent, complaint, "内部：业主情绪激动").json()["id"]
    for name, status in (("service_agent_s1", 404), ("nobody", 404), ("finance", 403)):
        other = platform.program(company, name)
        assert other.api("GET", f"{COMPLAINT}/{complaint}/comments").status_code == status, name
        assert say(other, complaint, "x").status_code == status, name
        assert other.get(f"{COMPLAINT}/{complaint}/comments/people").status_code == status, name
        assert other.ask("DELETE", f"/api/v1{COMPLAINT}/{complaint}/comments/{one}").status_code == status, name
    page = platform.browser(company, "finance").get(f"{COMPLAINT}/{complaint}")
    assert page.status_code == 200
    assert "情绪激动" not in page.text
    assert "comments" not in page.text
    told = platform.program(company, "finance").api("GET", f"{COMPLAINT}/{complaint}/history").json()["results"]
    assert "情绪激动" not in str(told)


def test_taking_back_is_for_the_author_and_moderators(
    platform: Running, company: Company, agent: Client, complaint: str
) -> None:
    company.add_person("second", ("service_agent", "n1"))
    one = say(agent, complaint, "一").json()["id"]
    address = f"{COMPLAINT}/{complaint}/comments/{one}/remove"
    second = platform.browser(company, "second")
    second.get(f"{COMPLAINT}/{complaint}")
    assert second.post(address).status_code == 403
    lead = platform.browser(company, "service_lead_n1")
    page = lead.get(f"{COMPLAINT}/{complaint}")
    assert address in page.text
    assert lead.post(address).status_code == 303
    assert "这条评论已撤回" in lead.get(f"{COMPLAINT}/{complaint}").text


def test_comments_of_another_company_are_not_there(
    platform: Running, other_company: Company, agent: Client, complaint: str
) -> None:
    one = say(agent, complaint, "一").json()["id"]
    theirs = platform.program(other_company, "service_agent_n1")
    assert theirs.api("GET", f"{COMPLAINT}/{complaint}/comments").status_code == 404
    assert theirs.ask("DELETE", f"/api/v1{COMPLAINT}/{complaint}/comments/{one}").status_code == 404


def test_the_stream_has_a_part_for_each(platform: Running, company: Company, agent: Client, complaint: str) -> None:
    say(agent, complaint, "只是评论")
    send(agent, complaint, ("a.jpg", samples.jpeg()), ("b.pdf", samples.PDF))
    browser = platform.browser(company, "service_agent_n1")
    address = f"{COMPLAINT}/{complaint}"
    whole = browser.get(address).text
    for part in ("只是评论", "a.jpg", "b.pdf", f"{address}?show=comments", f"{address}?show=files"):
        assert part in whole
    comments = browser.get(f"{address}?show=comments").text
    assert "只是评论" in comments.partition('id="timeline"')[2]
    assert "b.pdf" not in comments.partition('id="timeline"')[2]
    assert "b.pdf" in browser.get(f"{address}?show=files").text.partition('id="timeline"')[2]


class Listener:
    """A module that listens to what happens to records."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, list[str]]] = []

    @hookimpl
    def dougong_changed(self, record: Any, action: str, context: Any) -> None:
        if action in ("comment", "attach", "detach"):
            self.heard.append((action, [one.text for one in context.comments(record)]))


@pytest.fixture
def listener(registry: Registry) -> Iterator[Listener]:
    made = Listener()
    registry._manager.register(made, name="listener")
    registry._hooks.clear()
    yield made
    registry._manager.unregister(made)
    registry._hooks.clear()


def test_modules_hear_of_it_within_the_transaction(agent: Client, complaint: str, listener: Listener) -> None:
    say(agent, complaint, "听得见")
    file = send(agent, complaint, ("b.pdf", samples.PDF)).json()["results"][0]
    agent.ask("DELETE", file["address"])
    assert listener.heard == [("comment", ["听得见"]), ("attach", ["听得见"]), ("detach", ["听得见"])]
