"""A report upward in a browser: written section by section, submitted, returned, read by the director, sent to the client."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from .living import Person, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

MANAGER, DIRECTOR, CLIENT = "pm.hekang", "quyu", "jiafang.hekang"
INNER, OUTER, SAID = "内部概述：维修资金尚未到位", "本周运行平稳，欢迎提出建议", "电梯类投诉较上周减少"
COMPLAINTS = "投诉受理与处理"


@pytest.fixture(autouse=True)
def quiet(world: World) -> None:
    world.said.clear()


def main(person: Person) -> str:
    return person.page.get_by_role("main").inner_text()


def take(person: Person, step: str, **values: str) -> None:
    """A step from the sheet: its button, its form."""
    person.page.get_by_role("main").get_by_role("link", name=step, exact=True).click()
    person.fill(**values)
    person.send(step)
    person.page.wait_for_url(re.compile(r"/tasks/report/[0-9a-f-]{36}$"))


def test_from_the_draft_to_the_client(world: World) -> None:
    manager, director, client = world.person(MANAGER), world.person(DIRECTOR), world.person(CLIENT)
    manager.goto("/tasks/report/new")
    manager.fill(周期="周报", 起始日=manager.page.evaluate("new Date().toISOString().slice(0, 10)"))
    manager.send("新建汇报")
    manager.page.wait_for_url(re.compile(r"/tasks/report/[0-9a-f-]{36}$"))
    id = manager.page.url.rpartition("/")[2]
    sheet = f"/tasks/sheet/{id}"

    manager.goto(sheet)
    assert COMPLAINTS in main(manager)
    manager.page.get_by_role("main").get_by_role("link", name="撰写", exact=True).click()
    manager.fill(概述=INNER, 致甲方说明=OUTER, **{COMPLAINTS: SAID})
    manager.send("保存并提交")
    manager.page.wait_for_url(re.compile(f"{sheet}$"))
    for words in (INNER, SAID, "已提交", "未阅"):
        assert words in main(manager), words

    director.goto("/tasks/report?tab=read")
    director.page.get_by_role("main").get_by_role("link", name=re.compile("周报")).first.click()
    director.page.get_by_role("link", name="查看汇报").first.click()
    assert INNER in main(director)
    take(director, "退回", 理由="请补充数字说明")
    manager.goto(sheet)
    assert "请补充数字说明" in main(manager)
    take(manager, "提交")
    director.goto(sheet)
    take(director, "已阅")
    manager.goto(sheet)
    assert "全部已阅" in main(manager)
    with manager.page.expect_download() as download:
        manager.page.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    take(manager, "发送甲方")

    client.goto("/tasks/client_report")
    client.page.get_by_role("main").get_by_role("link", name=re.compile("周报")).first.click()
    client.page.get_by_role("link", name="查看汇报").first.click()
    expect(client.page.get_by_role("heading", name=COMPLAINTS)).to_be_visible()
    assert OUTER in main(client)
    for words in (INNER, SAID, "交办事项"):
        assert words not in main(client), words
    assert client.goto(sheet) in (403, 404)
    assert not world.said


def test_minutes_on_the_phone(world: World) -> None:
    manager = world.person("pm.huayuan", phone=True)
    manager.goto("/tasks/minutes")
    manager.fill(来由="项目周例会", 任务="1. 清理3号楼消防通道，工程主管·安禾花园，2099-12-01\n2. 检修水泵")
    manager.send("识别并核对")
    assert "有 1 行未写明" in main(manager)
    assert manager.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    manager.page.locator('[name="tasks.1.owner_id"]').select_option(label="保洁主管·安禾花园")
    manager.page.locator('[name="tasks.1.deadline"]').fill("2099-12-05")
    manager.send("全部交办")
    manager.page.wait_for_url(re.compile("/tasks/task$"))
    assert "已交办 2 条任务" in manager.page.content()
    for title in ("清理3号楼消防通道", "检修水泵"):
        assert title in main(manager)
    assert not world.said
