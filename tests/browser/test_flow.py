"""The life of complaints in a browser, as the people of the demo's companies live it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from dougong.instant import now
from playwright.sync_api import expect

from .living import COMPLAINTS, JINXIU, Person

if TYPE_CHECKING:
    from .living import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

AGENT, LEAD, ENGINEER, MANAGER = "kf.huayuan", "kfzg.huayuan", "gczg.huayuan", "pm.huayuan"
OTHER_MANAGER, REGION, STRANGER = "pm.qicheng", "quyu", "kfzg.yuan"
ENGINEER_NAME, MANAGER_NAME = "工程主管·安禾花园", "项目经理·安禾花园"
ACKNOWLEDGE = "签收上报"

LEAK = {
    "渠道": "电话",
    "投诉人身份": "业主",
    "投诉人": "王女士",
    "电话": "13800005678",
    "投诉人房号": "3-2-1801",
    "类别": "漏水",
    "地点": "3号楼2单元1801",
    "投诉内容": "卫生间顶棚渗水，第三次报修未根治",
    "严重程度": "一般",
    "紧急程度": "普通",
}
SOLVED = {"原因": "设备", "五个为什么": "接头老化，未列入检查", "处理措施": "更换接头并试水"}


def days_ahead(days: int) -> str:
    return (now() + dt.timedelta(days=days)).date().isoformat()


def status_of(person: Person, record: str) -> str:
    person.goto(record)
    return person.state()


@pytest.fixture(autouse=True)
def quiet(world: World) -> None:
    """Whatever a page complains of while a test runs fails that test."""
    world.said.clear()


def test_the_whole_life_of_a_complaint(world: World) -> None:
    agent, lead, engineer = world.person(AGENT), world.person(LEAD), world.person(ENGINEER)
    case = agent.register(**LEAK)
    assert agent.state() == "登记"
    assert "王**" in agent.page.get_by_role("main").inner_text()
    assert "13800005678" not in agent.page.content()
    agent.do(case, "登记首次联系", 方式="电话", 安抚记录="已致歉，约定今天上门")
    agent.do(case, "发进度", 内容="维修师傅一小时内上门查看", 方式="电话")
    assert "维修师傅一小时内上门查看" in agent.timeline()
    assert "关闭" not in agent.offered()

    lead.do(case, "受理")
    assert lead.state() == "受理"
    lead.do(case, "派单", 责任人=ENGINEER_NAME)
    assert lead.state() == "处理中"
    lead.do(case, "挂起", 理由="等配件到货", 挂起至=days_ahead(5))
    assert lead.state() == "挂起"
    lead.do(case, "恢复处理")
    assert lead.state() == "处理中"

    engineer.goto("/")
    engineer.page.get_by_role("navigation", name="指标").get_by_role("link", name="我的").click()
    engineer.page.get_by_role("link", name=LEAK["投诉内容"]).click()
    engineer.page.wait_for_url(f"**{case}*")
    engineer.do(case, "转待回访", **SOLVED)
    assert engineer.state() == "待回访"
    agent.do(case, "登记回访", 方式="电话", 结果="不满意", 意见="又漏了")
    assert agent.state() == "处理中"
    engineer.do(case, "转待回访", **SOLVED)
    agent.do(case, "登记回访", 方式="当面", 结果="满意")
    assert agent.state() == "待回访"
    lead.do(case, "关闭")
    assert lead.state() == "关闭"
    story = lead.timeline()
    assert [
        word for word in ("登记首次联系", "进度通报", "派单", "挂起", "恢复处理", "回访", "关闭") if word not in story
    ] == []
    assert world.said == []


def test_nobody_closes_before_the_complainant_was_heard(world: World) -> None:
    agent, lead = world.person(AGENT), world.person(LEAD)
    case = agent.register("已当场解决", **LEAK, 原因="沟通", 处理措施="当场解释并致歉")
    assert agent.state() == "待回访"
    lead.goto(case)
    assert "关闭" not in lead.offered()
    lead.page.get_by_role("button", name="更多操作").click()
    refusal = lead.page.locator("#more p").filter(has_text="关闭")
    expect(refusal).to_contain_text("须先回访到每一位投诉人")
    refusal.get_by_role("link").click()
    expect(lead.page.get_by_role("heading", level=1)).to_contain_text("关闭")


def test_on_the_spot_then_taken_up_again(world: World) -> None:
    agent, lead = world.person(AGENT), world.person(LEAD)
    case = agent.register("已当场解决", **LEAK, 原因="沟通", 处理措施="当场解释并致歉")
    assert agent.state() == "待回访"
    agent.do(case, "登记回访", 方式="电话", 结果="基本满意")
    lead.do(case, "关闭")
    lead.do(case, "重新处理", 理由="业主来电，问题再次出现")
    assert lead.state() == "处理中"
    assert "业主来电，问题再次出现" in lead.timeline()


def test_a_report_goes_up_and_is_acknowledged(world: World) -> None:
    agent, lead, manager, region = (world.person(name) for name in (AGENT, LEAD, MANAGER, REGION))
    case = agent.register(**LEAK)
    lead.do(case, "受理")
    lead.do(case, "上报", 理由="需要更换主管道，超出权限")
    assert lead.state() == "受理"  # a report is no state: the work goes on
    manager.do(case, ACKNOWLEDGE)
    manager.do(case, "上报", 理由="费用超出项目权限")
    region.do(case, ACKNOWLEDGE)
    text = region.timeline()
    assert "需要更换主管道" in text
    assert "费用超出项目权限" in text
    assert text.count("签收人") >= 2
    assert ACKNOWLEDGE not in region.offered()


def test_a_major_case_is_reported_to_the_leaders_at_once(world: World) -> None:
    agent, director = world.person(AGENT), world.person("zongjian")
    case = agent.register(**{**LEAK, "类别": "电梯困人", "严重程度": "重大", "紧急程度": "紧急"})
    director.do(case, ACKNOWLEDGE)
    assert "重大或紧急" in director.timeline()


def test_managers_of_two_sites_do_not_see_each_others_cases(world: World) -> None:
    here, there = world.person(MANAGER), world.person(OTHER_MANAGER)
    ours = world.person(AGENT).register(**{**LEAK, "投诉内容": "只属于花园的一件事"})
    theirs = world.person("kf.qicheng").register(**{**LEAK, "投诉内容": "只属于启程的一件事"})
    for person, own, other in ((here, ours, theirs), (there, theirs, ours)):
        assert person.goto(own) == 200
        assert person.goto(other) == 404
        person.goto(f"{COMPLAINTS}?tab=all")
        text = person.page.get_by_role("main").inner_text()
        assert ("只属于花园的一件事" in text) == (own == ours)
        assert ("只属于启程的一件事" in text) == (own == theirs)
    region = world.person(REGION)
    for case in (ours, theirs):
        assert region.goto(case) == 200


def test_the_accused_manager_and_his_people_see_nothing(world: World) -> None:
    region, manager, agent = world.person(REGION), world.person(MANAGER), world.person(AGENT)
    agent.goto(f"{COMPLAINTS}/new")
    agent.fill(**{**LEAK, "类别": "服务态度", "投诉内容": "项目经理推诿不办"}, 涉及人员=MANAGER_NAME)
    agent.send("登记投诉")
    agent.page.wait_for_load_state()
    region.goto(f"{COMPLAINTS}?tab=all&q=推诿不办")
    region.page.get_by_role("link", name="项目经理推诿不办").click()
    region.page.wait_for_url(re.compile(rf"{COMPLAINTS}/[0-9a-f-]{{36}}"))
    case = region.page.url.partition(f":{world.port}")[2].partition("?")[0]
    assert "受理" in region.offered()
    unknown = f"{COMPLAINTS}/0190aaaa-0000-7000-8000-000000000000"
    for person in (manager, agent, world.person(LEAD)):
        assert person.goto(case) == 404
        refused = person.page.get_by_role("main").inner_text()
        person.goto(unknown)
        assert without_numbers(refused) == without_numbers(person.page.get_by_role("main").inner_text())
        person.goto(f"{COMPLAINTS}?tab=all&q=推诿不办")
        assert person.page.get_by_role("link", name="项目经理推诿不办").count() == 0
    region.do(case, "受理")
    assert region.state() == "受理"


def without_numbers(text: str) -> str:
    """An error page without its request's number."""
    return re.sub(r"[0-9a-f]{8,}", "…", text)


def test_another_company_sees_nothing(world: World) -> None:
    case = world.person(AGENT).register(**LEAK)
    stranger = world.person(STRANGER, JINXIU)
    answers = []
    for path in (case, f"{COMPLAINTS}/0190aaaa-0000-7000-8000-000000000000"):
        assert stranger.goto(path) == 404
        answers.append(without_numbers(stranger.page.get_by_role("main").inner_text()))
    assert answers[0] == answers[1]
    stranger.goto(f"{COMPLAINTS}?tab=all")
    assert "安禾" not in stranger.page.content()
    assert LEAK["投诉内容"] not in stranger.page.content()
    expect(stranger.page.get_by_role("navigation", name="主导航")).to_contain_text("锦绣物业")


def test_one_companys_sign_in_is_nothing_at_the_other(world: World) -> None:
    stray = Person(world, AGENT, JINXIU)
    stray.sign_in()
    expect(stray.page.get_by_role("alert").first).to_be_visible()
    assert stray.page.url.endswith("/signin")
    stray.page.context.close()


def test_merging_keeps_both(world: World) -> None:
    agent, lead = world.person(AGENT), world.person(LEAD)
    master = agent.register(**LEAK)
    number = agent.page.locator(".crumbs [aria-current]").inner_text()
    other = agent.register(**{**LEAK, "投诉人": "李先生", "投诉人房号": "3-2-1701"})
    merged_number = agent.page.locator(".crumbs [aria-current]").inner_text()
    lead.do(other, "合并到另一件", 理由="同一处漏水", 并入=number)
    assert lead.state() == "合并"
    agent.do(master, "发进度", 内容="今晚停水检修", 方式="短信")
    agent.goto(other)
    assert "今晚停水检修" in agent.timeline()
    agent.goto(master)
    linked = agent.page.get_by_role("region", name="来龙去脉")
    expect(linked).to_contain_text(merged_number)
    linked.get_by_role("link").first.click()
    agent.page.wait_for_url(f"**{other}*")


def test_errors_keep_what_was_typed(world: World) -> None:
    agent = world.person(AGENT)
    agent.goto(f"{COMPLAINTS}/new")
    agent.fill(**{k: v for k, v in LEAK.items() if k != "投诉人"})
    agent.send("登记投诉")
    summary = agent.page.get_by_role("alert")
    expect(summary).to_contain_text("投诉人")
    assert agent.field("投诉内容").input_value() == LEAK["投诉内容"]
    assert agent.field("电话").input_value() == LEAK["电话"]
    assert agent.page.get_by_role("main").get_by_label("一般", exact=True).is_checked()
    summary.get_by_role("link").first.click()
    expect(agent.field("投诉人")).to_be_focused()
    assert agent.field("投诉人").get_attribute("aria-invalid") == "true"
    agent.fill(投诉人="王女士")
    agent.send("登记投诉")
    agent.page.wait_for_url(re.compile(r"/[0-9a-f-]{36}$"))
    assert agent.state() == "登记"


def test_a_refused_step_keeps_what_was_typed(world: World) -> None:
    agent, lead = world.person(AGENT), world.person(LEAD)
    case = agent.register(**LEAK)
    lead.do(case, "受理")
    lead.do(case, "派单", 责任人=ENGINEER_NAME)
    lead.press("挂起", 理由="等厂家排期，对方要求年后", 挂起至=days_ahead(400))
    expect(lead.page.get_by_role("alert")).to_contain_text("天以内")
    assert lead.field("理由").input_value() == "等厂家排期，对方要求年后"
    lead.fill(挂起至=days_ahead(3))
    lead.send("挂起")
    expect(lead.page.locator(".badges .state")).to_have_text("挂起")


def test_a_step_that_a_colleague_was_quicker_with(world: World) -> None:
    agent, lead, manager = world.person(AGENT), world.person(LEAD), world.person(MANAGER)
    case = agent.register(**LEAK)
    lead.goto(case)
    manager.do(case, "受理")
    lead.press("受理")
    expect(lead.page.get_by_role("main")).to_contain_text("项目经理·安禾花园于刚刚修改了这条记录")
    assert status_of(lead, case) == "受理"


def test_language_and_leaving(world: World) -> None:
    agent = world.person("kf.hekang")
    agent.speak("English")
    agent.goto(COMPLAINTS)
    expect(agent.page.get_by_role("heading", level=1)).to_have_text("Complaints")
    agent.speak("中文")
    agent.goto(COMPLAINTS)
    expect(agent.page.get_by_role("heading", level=1)).to_have_text("投诉")
    agent.page.get_by_role("button", name="客服专员·和康医院项目").click()
    agent.page.get_by_role("button", name="退出登录").click()
    agent.page.wait_for_url("**/signin*")
    agent.goto(COMPLAINTS)
    assert "/signin" in agent.page.url
    agent.page.go_back()
    agent.page.reload()
    assert "/signin" in agent.page.url


ENGLISH = {
    "Channel": "Phone",
    "Who complains": "Owner of a home",
    "Complainant": "王女士",
    "Category": "Water leak",
    "Location": "3号楼2单元1801",
    "Statement": "Water comes through the ceiling",
    "Severity": "Ordinary",
    "Urgency": "Not urgent",
}


def test_the_core_path_on_a_phone_in_english(world: World) -> None:
    agent, lead = world.person("kf.qicheng", phone=True), world.person("kfzg.qicheng", phone=True)
    for person in (agent, lead):
        person.speak("English")
    agent.goto("/")
    agent.page.get_by_role("navigation", name="Most used").get_by_role("link", name="New").click()
    agent.fill(**ENGLISH)
    agent.send("Register a complaint")
    agent.page.wait_for_url(re.compile(r"/[0-9a-f-]{36}$"))
    case = agent.page.url.partition(f":{world.port}")[2]
    lead.goto(COMPLAINTS)
    lead.page.get_by_role("link", name="Water comes through the ceiling").click()
    lead.page.wait_for_url(f"**{case}*")
    for step, values in (
        ("Accept", {}),
        ("Assign", {"Owner": "工程主管·启程产业园"}),
        ("Solved", {"Cause": "Equipment", "Five whys": "Worn", "Solution": "Replaced"}),
        ("Record return visit", {"By": "Phone", "Result": "Satisfied"}),
        ("Close", {}),
    ):
        lead.do(case, step, **values)
    assert lead.state() == "Closed"
    assert lead.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert world.said == []


def test_registering_and_accepting_without_scripts(world: World) -> None:
    agent = world.person(AGENT, java_script_enabled=False)
    case = agent.register(**LEAK)
    assert agent.state() == "登记"
    agent.offer("受理").click()
    agent.page.wait_for_url(f"**{case}/do/accept")
    expect(agent.page.get_by_role("heading", level=1)).to_contain_text("受理")
    agent.send("受理")
    agent.page.wait_for_url(f"**{case}")
    assert agent.state() == "受理"
