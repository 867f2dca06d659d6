"""Group robots: what is posted, how it is signed, where it goes, what is never told to a group."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from dougong_notify.records import Robot
from dougong_notify.robots import compose

from .conftest import BODY


def _robot(world: Any, group: Any, **more: Any) -> None:
    with world.company.session() as session:
        session.add(Robot(name="花园群", brand="wecom", address=group.url, tail="…9876", **more))


def test_a_new_complaint_goes_to_its_groups_without_title_and_names(world: Any, group: Any) -> None:
    _robot(world, group)
    id = world.register("agent")
    world.work()
    path, headers, body = group.posts[0]
    assert path == "/robot?key=secret-key-9876"
    text = body["text"]["content"]
    assert text == f"【投诉登记】TS-2026-000001 garden\nhttps://house.localhost/complaints/complaint/{id}"
    assert headers["idempotency-key"] == str(world.deliveries()[0].id)


def test_a_robot_may_carry_titles_but_no_telephone_numbers(world: Any, group: Any) -> None:
    _robot(world, group, titles=True)
    world.register("agent")
    world.work()
    text = group.posts[0][2]["text"]["content"]
    assert "卫生间渗水" in text
    assert "13800005678" not in text


def test_only_the_chosen_sites_and_events_go_there(world: Any, group: Any) -> None:
    _robot(world, group, sites=[str(world.company.sites["park"])], events=["complaints.registered"])
    world.register("agent", "garden")
    world.work()
    assert group.posts == []
    world.register("elsewhere", "park")
    world.work()
    assert len(group.posts) == 1


def test_a_complaint_against_staff_is_told_to_no_group(world: Any, group: Any) -> None:
    _robot(world, group)
    with world.acting("gm") as x:
        from dougong_complaints.records import Complaint

        from .test_telling import _typed

        accused = world.company.people["lead"]
        x.create(Complaint, world.company.sites["garden"], **{**BODY, **_typed(BODY)}, against_id=accused)
    world.work()
    assert group.posts == []


@pytest.mark.parametrize(
    ("status", "answer", "state"),
    [
        (200, {"errcode": 0}, "sent"),
        (200, {"code": 0, "msg": "success"}, "sent"),
        (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, "failed"),
        (200, {"errcode": 45009, "errmsg": "api freq out of limit"}, "waiting"),
        (200, {"code": 19021, "msg": "sign match fail"}, "failed"),
        (500, {}, "waiting"),
        (404, {}, "failed"),
        (200, [], "failed"),
    ],
)
def test_what_an_answer_means(world: Any, group: Any, status: int, answer: Any, state: str) -> None:
    group.status, group.answer = status, answer
    _robot(world, group)
    world.register("agent")
    world.work()
    found = world.deliveries()[0]
    assert found.state == state
    assert "secret-key" not in (found.error or "")


def test_private_addresses_are_refused_in_the_form_and_at_sending(
    world: Any, platform: Any, group: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOUGONG_INSIDE", "")
    browser = platform.browser(world.company, "admin")
    browser.get("/notify/robots/new")
    for address in (
        "https://127.0.0.1/x",
        "https://10.0.0.8/x",
        "http://example.com/x",
        "https://localhost/x",
        "file:///etc",
    ):
        refused = browser.post(
            "/notify/robots/new", {"name": "群", "brand": "wecom", "address": address, "active": "1"}
        )
        assert refused.status_code == 422, address
    _robot(world, group)
    world.register("agent")
    world.work()
    assert group.posts == []
    assert world.deliveries()[0].state == "failed"


def test_address_and_secret_are_never_shown_again(world: Any, platform: Any) -> None:
    browser = platform.browser(world.company, "admin")
    browser.get("/notify/robots/new")
    address = "https://oapi.example.com/robot/send?access_token=top-secret-token-4711"
    sent = {"name": "花园群", "brand": "dingtalk", "address": address, "secret": "SEC-hidden", "active": "1"}
    assert browser.post("/notify/robots/new", sent).status_code == 303
    page = browser.get("/notify/robots").text
    with world.company.session() as session:
        robot = session.query(Robot).one()
        id, kept = robot.id, (robot.address, robot.secret)
    form = browser.get(f"/notify/robots/{id}").text
    for text in (page, form):
        assert "top-secret" not in text
        assert "SEC-hidden" not in text
    assert "…4711" in page
    again = {"name": "花园二群", "brand": "dingtalk", "address": "", "secret": "", "active": "1"}
    assert browser.post(f"/notify/robots/{id}", again).status_code == 303
    with world.company.session() as session:
        robot = session.query(Robot).one()
        assert (robot.name, robot.address, robot.secret) == ("花园二群", *kept)
    wrong = browser.post(f"/notify/robots/{id}", {**sent, "brand": "wecom", "name": ""})
    assert wrong.status_code == 422
    assert "top-secret" not in wrong.text
    assert "SEC-hidden" not in wrong.text
    assert browser.post(f"/notify/robots/{id}", {**again, "remove": "1"}).status_code == 303
    with world.company.session() as session:
        assert session.query(Robot).count() == 0


def test_a_test_message_says_whether_it_works(world: Any, platform: Any, group: Any) -> None:
    _robot(world, group)
    with world.company.session() as session:
        id = session.query(Robot.id).scalar()
    browser = platform.browser(world.company, "admin")
    browser.get("/notify/robots")
    assert browser.post(f"/notify/robots/{id}/test").status_code == 303
    world.work()
    assert "已接入" in group.posts[0][2]["text"]["content"]


def test_signatures_are_as_the_vendors_say() -> None:
    ding = Robot(
        name="a",
        brand="dingtalk",
        address="https://oapi.dingtalk.com/robot/send?access_token=x",
        secret="SEC1",
        tail="",
    )
    post = compose(ding, "hello", 1700000000.5)
    query = parse_qs(urlsplit(post.address).query)
    assert query["access_token"] == ["x"]
    assert query["timestamp"] == ["1700000000500"]
    sealed = hmac.new(b"SEC1", b"1700000000500\nSEC1", hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(sealed).decode()]
    fei = Robot(name="b", brand="feishu", address="https://open.feishu.cn/x", secret="S2", tail="")
    body = compose(fei, "hello", 1700000000.5).body
    assert body["timestamp"] == "1700000000"
    assert body["sign"] == base64.b64encode(hmac.new(b"1700000000\nS2", b"", hashlib.sha256).digest()).decode()
    assert (
        compose(Robot(name="c", brand="wecom", address="https://q/x", tail=""), "喂" * 2000, 0)
        .body["text"]["content"]
        .endswith("…")
    )
