"""A route walked on the phone: with the network cut, by two, by another person, in two tabs, and without a script."""

from __future__ import annotations

import datetime as dt
import os
import re

import pytest
from dougong_inspections.records import ItemResult, LateSubmission, PointScan, Task
from playwright.sync_api import expect

from .walking import OTHER, TECH, House, answer, forward, item, opened, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
STOOD = """() => new Promise(done => { indexedDB.open('dougong').onsuccess = e =>
    e.target.result.transaction('drafts').objectStore('drafts').getAll().onsuccess =
        f => done(f.target.result.some(one => one.current === 1)) })"""


def look(house: House, folder: str) -> None:
    """Pictures of both pages in both languages, sizes and appearances, to be looked at."""
    task = house.task()
    for n, (width, locale, scheme) in enumerate(
        ((390, "zh-CN", "light"), (390, "en-US", "dark"), (1280, "zh-CN", "dark"), (1280, "en-US", "light"))
    ):
        given = {"viewport": {"width": width, "height": 844}, "locale": "zh-CN", "color_scheme": scheme}
        context = house.phone(**given)
        page = context.new_page()
        house.sign_in(page)
        context.set_extra_http_headers({"accept-language": locale})
        page.goto("/inspections/today")
        page.wait_for_timeout(500)
        page.screenshot(path=f"{folder}/today-{n}.png")
        opened(page, task)
        item(page, "疏散通道").locator("[value=bad]").check()
        page.screenshot(path=f"{folder}/walk-{n}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()


def test_a_whole_route_without_network(house: House) -> None:
    house.said.clear()
    task, context = house.task(), house.phone()
    page = house.ready(context)
    context.set_offline(True)
    opened(page, task)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_text("没有网络").first).to_be_visible()
    answer(page, fail=True)
    if shots := os.environ.get("WALK_SHOTS"):
        page.screenshot(path=f"{shots}/walk.png", full_page=True)
    expect(page.get_by_text(re.compile(r"没有网络。已保存在手机，待上传 \d+ 项"))).to_be_visible()
    forward(page)
    expect(page.locator("#at")).to_have_text("2 / 2")
    until(page, STOOD)  # where one stands is kept a moment after what one did
    page.close()  # in the middle of the route

    page = context.new_page()
    opened(page, task)
    expect(page.locator("#at")).to_have_text("2 / 2")
    page.locator("[data-go='-1']").click()
    expect(item(page, "疏散通道").locator("img")).to_be_visible()
    expect(item(page, "疏散通道").get_by_label("说明")).to_have_value("走廊堆放轮椅 4 台")
    forward(page)
    answer(page)
    forward(page)
    expect(page.get_by_text("不合格 1 项")).to_be_visible()
    forward(page)  # submits
    expect(page.get_by_text("已保存在手机，联网后自动提交")).to_be_visible()
    page.close()
    assert house.rows(ItemResult, task) == []

    page = context.new_page()
    context.set_offline(False)
    page.goto("/inspections/today")
    expect(page.get_by_text("已全部上传")).to_be_visible()
    found, results = house.made.see(Task, task), house.rows(ItemResult, task)
    assert (found.status.value, found.answered, found.failed) == ("submitted", 6, 1)
    assert found.on_time is True
    assert all(one.device_at and one.device_at <= one.server_at for one in results)
    assert [len(one.photos or []) for one in results if one.item == "exit" and one.outcome.value == "fail"] == [1]
    assert len(house.rows(PointScan, task)) == 2
    assert house.said == []
    if shots := os.environ.get("WALK_SHOTS"):
        look(house, shots)
    context.close()


def test_submitted_by_somebody_else_meanwhile_is_kept_apart(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    context.set_offline(True)
    opened(page, task)
    for _n in range(2):
        answer(page)
        forward(page)
    forward(page)
    at = dt.datetime.now(dt.UTC)
    good = {"exit": {"value": True}, "volt": {"value": 380}, "smell": {"value": "无"}}
    house.made.send(task, OTHER, house.made.walk(task, at, good))
    context.set_offline(False)
    expect(page.get_by_text("已单独保存").first).to_be_visible()
    late = [one for one in house.made.all(LateSubmission) if one.parent_id == task]
    assert len(late) == 1
    assert len(late[0].body["points"]) == 2
    context.close()


def test_what_one_queued_is_not_sent_by_another(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    opened(page, task)
    context.set_offline(True)
    answer(page)
    expect(page.get_by_text("已保存在手机，待上传")).to_be_visible()
    context.route("**/api/v1/inspections/walk/**", lambda route: route.abort())  # the sending never gets through
    context.set_offline(False)
    page.goto("/inspections/today")
    context.clear_cookies()
    house.sign_in(page, OTHER)
    context.unroute("**/api/v1/inspections/walk/**")
    kept = "caches.open('dougong-pages-1').then(c => c.keys()).then(all => all.length)"
    assert page.evaluate(kept) == 0
    page.goto("/inspections/today")
    expect(page.get_by_text("等本人登录后自动上传")).to_be_visible()
    page.wait_for_timeout(1500)
    assert house.rows(ItemResult, task) == []
    context.clear_cookies()
    house.sign_in(page, TECH)
    page.goto("/inspections/today")
    expect(page.get_by_text("等本人登录后自动上传")).to_be_hidden()
    expect(page.get_by_text("已全部上传")).to_be_visible()
    assert len(house.rows(ItemResult, task)) == 3
    context.close()


def test_signing_out_deletes_what_was_kept(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    context.set_offline(True)
    page.goto("/")  # not kept: said in words
    expect(page.get_by_text("这一页没有存在手机上")).to_be_visible()
    context.set_offline(False)
    page.goto("/")
    page.evaluate("document.querySelector('form[action=\"/signout\"]').requestSubmit()")
    page.wait_for_url("**/signin**")
    context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"/inspections/walk/{task}")
    context.close()


def test_two_tabs_send_once(house: House) -> None:
    task, context = house.task(), house.phone()
    first = house.ready(context)
    second = context.new_page()
    opened(first, task)
    opened(second, task)
    context.set_offline(True)
    answer(first)
    forward(first)
    answer(first)
    forward(first)
    forward(first)
    sent: list[str] = []
    context.on("request", lambda r: sent.append(r.url) if r.url.endswith("/send") else None)
    context.set_offline(False)
    expect(first.get_by_text("已提交。")).to_be_visible()
    second.wait_for_timeout(1000)
    assert len(sent) == 1
    assert house.made.see(Task, task).status.value == "submitted"
    context.close()


def test_the_form_works_without_a_script(house: House) -> None:
    task, context = house.task(), house.phone(java_script_enabled=False)
    page = context.new_page()
    house.sign_in(page)
    page.goto("/inspections/today")
    page.locator(f"a[href$='{task}']").click()
    for n in (1, 2):
        page.locator(f"[name='a.{n}.exit'][value=ok]").check()
        page.locator(f"[name='v.{n}.volt']").fill("420" if n == 2 else "380")
        if n == 2:
            page.locator(f"[name='n.{n}.volt']").fill("电压过高")
        page.locator(f"[name='v.{n}.smell'][value='无']").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert page.locator("[name='v.2.volt']").input_value() == "420"
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已提交。")).to_be_visible()
    found = house.made.see(Task, task)
    assert (found.status.value, found.failed) == ("submitted", 1)
    context.close()
