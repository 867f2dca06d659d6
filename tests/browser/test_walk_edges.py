"""The walk against the odds: nothing may be kept, no room, signed out, rights ended, a label scanned without network."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from dougong_inspections.records import ItemResult, PointScan, Task
from playwright.sync_api import Page, expect

from .walking import House, answer, forward, item, opened, sent, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
KEPT = "caches.open('dougong-pages-1').then(c => c.keys()).then(all => all.map(one => new URL(one.url).pathname))"


def test_where_nothing_can_be_kept_the_form_works_with_network(house: House) -> None:
    task, context = house.task(), house.phone()
    context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    page = context.new_page()
    house.sign_in(page)
    opened(page, task)
    expect(page.locator("#told")).to_contain_text("这个浏览器")
    for n in (1, 2):
        page.locator(f"[name='a.{n}.exit'][value=ok]").check()
        page.locator(f"[name='v.{n}.volt']").fill("380")
        page.locator(f"[name='v.{n}.smell'][value='无']").check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已提交。")).to_be_visible()
    assert house.made.see(Task, task).status.value == "submitted"
    context.close()


def test_no_room_is_said_and_nothing_is_lost_once_there_is(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    opened(page, task)
    full = """() => { const put = IDBObjectStore.prototype.put; window.room = () => { IDBObjectStore.prototype.put = put }
        IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') } }"""
    page.evaluate(full)
    item(page, "疏散通道").locator("[value=ok]").check()
    expect(page.locator("#told")).to_contain_text("手机存储空间不足")
    page.evaluate("room()")
    item(page, "电压").locator("input[inputmode=decimal]").fill("380")
    with sent(page, '"smell":'):
        item(page, "气味").locator("[value='无']").check()
    expect(page.locator("#told")).to_be_hidden()
    assert len(house.rows(ItemResult, task)) == 3
    context.close()


def test_signing_out_without_network_wipes_the_pages_and_keeps_what_is_unsent(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    context.set_offline(True)
    opened(page, task)
    answer(page)
    expect(page.get_by_text("已保存在手机，待上传")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/inspections/today")
    page.evaluate("document.querySelector('form[action=\"/signout\"]').requestSubmit()")
    expect(page.get_by_text("只在手机上退出了")).to_be_visible()
    assert page.evaluate(KEPT) == []
    unsent = """new Promise(done => { indexedDB.open('dougong').onsuccess = e =>
        e.target.result.transaction('queue').objectStore('queue').count().onsuccess = f => done(f.target.result) })"""
    assert page.evaluate(unsent) == 1
    context.close()


def test_what_is_refused_can_be_handed_over_as_a_file(house: House, tmp_path: Path) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    opened(page, task)
    refusal = {
        "status": 422,
        "content_type": "application/json",
        "body": json.dumps({"title": "x", "detail": "不接收"}),
    }
    context.route("**/api/v1/inspections/walk/**", lambda route: route.fulfill(**refusal))
    answer(page, fail=True)
    forward(page)
    answer(page)
    forward(page)
    forward(page)
    expect(page.get_by_text("不接收").first).to_be_visible()
    with page.expect_download() as found:
        page.locator("[data-act=save]").click()
    found.value.save_as(tmp_path / "unsent.json")
    said = json.loads((tmp_path / "unsent.json").read_text())
    assert said["person"]
    assert any(one["body"].get("what") == "submit" for one in said["unsent"])
    assert any(f["data"].startswith("data:image/jpeg;base64,") for one in said["unsent"] for f in one["files"])
    context.close()


@pytest.mark.parametrize("granted", [True, False])
def test_where_the_phone_is_goes_along_if_it_may_be_said(house: House, granted: bool) -> None:
    task = house.task()
    more: dict[str, Any] = {"geolocation": {"latitude": 30.0, "longitude": 120.0}, "permissions": ["geolocation"]}
    context = house.phone(**(more if granted else {}))
    page = house.ready(context)
    opened(page, task)
    code = page.locator(".point").first.get_attribute("data-code")
    page.locator("[name='code.1']").fill(str(code))
    page.locator("[name='code.1']").blur()
    expect(page.locator("[data-arrived]").first).to_contain_text("QR")
    with sent(page, '"smell":'):
        answer(page)
    [scan] = house.rows(PointScan, task)
    assert (scan.method.value, scan.latitude) == ("qr", 30.0 if granted else None)
    context.close()


def test_a_label_scanned_without_network_opens_the_kept_walk(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    opened(page, task)
    code = page.locator(".point[data-point]").nth(1).get_attribute("data-code")
    context.set_offline(True)
    page.goto(f"/inspections/scan/{code}")
    expect(page.locator("html[data-ready]")).to_be_attached()
    assert "/inspections/walk/" in page.url
    expect(page.locator("#at")).to_have_text("2 / 2")
    expect(page.locator(".point:visible [data-arrived]")).to_contain_text("QR")
    page.goto("/inspections/scan/none-of-ours")
    expect(page.get_by_text("这一页没有存在手机上")).to_be_visible()
    context.close()


def test_what_somebody_may_no_longer_see_is_deleted_from_the_phone(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    address = f"/inspections/walk/{task}"
    assert {address, "/inspections/today"} <= set(page.evaluate(KEPT))
    house.company.switch("inspections", on=False)
    try:
        page.goto(address)
        until(page, f"() => {KEPT}.then(all => !all.some(one => one.startsWith('/inspections/')))")
        context.set_offline(True)
        page.goto(address)
        expect(page.get_by_text("这一页没有存在手机上")).to_be_visible()
    finally:
        house.company.switch("inspections", on=True)
    context.close()


SMALL = """() => [...document.querySelectorAll('main *')].filter(one => one.checkVisibility() && !one.closest('svg, option')
    && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    && parseFloat(getComputedStyle(one).fontSize) < 16)
    .map(one => one.outerHTML.slice(0, 120))"""


def _axe(page: Page) -> list[Any]:
    page.evaluate(Path(os.environ["AXE_CORE"]).read_text())
    found = page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })")
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]


def test_what_is_read_at_work_is_large_enough(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    assert page.evaluate(SMALL) == []
    found = [] if "AXE_CORE" not in os.environ else _axe(page)
    opened(page, task)
    answer(page, fail=True)
    page.locator(".point:visible .skip").evaluate("details => { details.open = true }")
    assert page.evaluate(SMALL) == []
    found += [] if "AXE_CORE" not in os.environ else _axe(page)
    if shots := os.environ.get("WALK_SHOTS"):
        page.locator(".point:visible .skip summary").scroll_into_view_if_needed()
        page.screenshot(path=f"{shots}/bottom.png")
        page.screenshot(path=f"{shots}/failed.png", full_page=True)
    forward(page)
    answer(page)
    forward(page)
    expect(page.get_by_text(re.compile("不合格 1 项"))).to_be_visible()
    assert page.evaluate(SMALL) == []
    assert found == []
    context.close()


def test_how_severe_it_is_goes_along(house: House) -> None:
    task, context = house.task(), house.phone()
    page = house.ready(context)
    opened(page, task)
    item(page, "气味").locator("[value='明显']").check()
    severity = item(page, "气味").locator("[data-severity]")
    expect(severity.locator("[value=minor]")).to_be_checked()
    severity.get_by_text("严重", exact=True).click()
    with sent(page, "焦味"):
        item(page, "气味").get_by_label("说明").fill("焦味")
        item(page, "气味").get_by_label("说明").blur()
    expect(page.locator("[data-outbox]")).to_have_attribute("data-k", "good")
    [one] = house.rows(ItemResult, task)
    assert (one.severity.value, one.note) == ("critical", "焦味")
    context.close()


LAST = """async () => {
    await import(document.getElementById('outbox-js').href)
    const real = navigator.locks.request.bind(navigator.locks)
    const waits = () => new Promise(done => { indexedDB.open('dougong').onsuccess = e =>
        e.target.result.transaction('queue').objectStore('queue').count().onsuccess = f => done(f.target.result) })
    navigator.locks.request = async (...given) => {
        await real(...given)
        if (window.late) return
        window.late = true
        document.querySelector(".point:not([hidden]) [value='无']").click()
        while (!await waits()) await new Promise(done => setTimeout(done, 20))
        await new Promise(done => setTimeout(done, 200))  // it asks to be sent, and is told that somebody does so already
    } }"""


def test_what_is_queued_as_a_sending_ends_is_sent_at_once(house: House) -> None:
    """Between the queue seen empty and the end of the round: it must not wait for the next tick, half a minute away."""
    task, context = house.task(), house.phone()
    page = house.ready(context)
    opened(page, task)
    page.evaluate(LAST)
    with sent(page, '"smell":'):
        item(page, "疏散通道").locator("[value=ok]").check()
    assert len(house.rows(ItemResult, task)) == 2
    context.close()


def test_a_network_that_leads_nowhere_is_said(house: House) -> None:
    """The browser believes in it: a lift's cabin with one bar, a hotspot without a way out."""
    task, context = house.task(), house.phone()
    page = house.ready(context)
    context.route("**/offline/session", lambda route: route.abort())
    opened(page, task)
    assert page.evaluate("navigator.onLine")
    expect(page.get_by_text("没有网络").first).to_be_visible()
    context.unroute("**/offline/session")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("没有网络").first).to_be_hidden()
    context.close()
