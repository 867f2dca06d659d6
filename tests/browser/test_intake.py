"""A resident's phone: from the scanned code to the rating, with pictures, without an account."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from .living import ANHE

if TYPE_CHECKING:
    from .living import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
LEAD = "kfzg.huayuan"


def picture(seed: int) -> dict[str, object]:
    """A large photograph, as a phone's camera makes them."""
    out = BytesIO()
    Image.effect_noise((2600, 1950), 40 + seed).convert("RGB").save(out, "JPEG", quality=95)
    return {"name": f"IMG_{seed}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture(scope="module")
def wall(world: World) -> str:
    """The address of a code that customer service has made."""
    lead = world.person(LEAD)
    lead.goto("/intake/codes/new")
    lead.page.get_by_role("button", name="生成二维码").last.click()
    lead.page.locator("tbody a[href*='/intake/codes/']").nth(2).click()
    address = lead.page.get_by_role("main").locator("a[href*='/intake/f/']").get_attribute("href")
    assert address
    return address.partition(f":{world.port}")[2] + "?form=complaints.complaint"  # work orders can be reported at it too


def open_on_phone(world: World, path: str) -> Page:
    page = world.context(ANHE, phone=True).new_page()
    world.watch(page)
    page.goto(path)
    return page


def test_the_whole_way_of_a_report_on_a_phone(world: World, wall: str) -> None:
    world.said.clear()
    page = open_on_phone(world, wall)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("环境卫生").check()
    page.get_by_label("请说说情况").fill("电梯厅有异味")
    photos = page.locator("#f-photos")
    photos.set_input_files([picture(1)])
    expect(page.get_by_text("已选 1 张")).to_be_visible()
    photos.set_input_files([picture(2)])
    expect(page.get_by_text("已选 2 张")).to_be_visible()
    sizes = photos.evaluate("field => [...field.files].map(file => file.size)")
    assert len(sizes) == 2
    assert max(sizes) < len(picture(1)["buffer"])  # type: ignore[arg-type]
    page.get_by_role("button", name="去掉照片 2").click()
    expect(page.get_by_text("已选 1 张")).to_be_visible()
    page.get_by_label("怎么称呼您").fill("王女士")
    page.locator("#f-phone").fill("13800005678")
    page.get_by_text("个人信息告知书").first.click()
    expect(page.get_by_text("您的权利")).to_be_visible()
    page.get_by_label("我已阅读告知书").check()
    page.wait_for_timeout(3100)  # people take longer than this; what is faster waits to be checked
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已提交，谢谢您")).to_be_visible()
    code = page.locator(".code").inner_text()
    assert re.fullmatch(r"([2-9A-Z]{4}-){3}[2-9A-Z]{4}", code)

    lead = world.person(LEAD)
    lead.goto("/complaints/complaint")
    lead.page.get_by_role("link", name="电梯厅有异味").click()
    expect(lead.page.get_by_role("main").get_by_text("IMG_1.jpg").first).to_be_visible()
    assert "13800005678" not in lead.page.content()

    page.goto("/intake/p")
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("登记").first).to_be_visible()
    page.get_by_label("留言").fill("还有一袋垃圾")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("还有一袋垃圾")).to_be_visible()
    assert world.said == []


def test_a_draft_stays_in_the_browser_until_it_is_sent(world: World, wall: str) -> None:
    page = open_on_phone(world, wall)
    page.get_by_label("请说说情况").fill("写了一半")
    expect(page.get_by_text("草稿已存在本机")).to_be_visible()
    page.reload()
    expect(page.get_by_label("请说说情况")).to_have_value("写了一半")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Tell us what happened")).to_have_value("写了一半")


def test_without_javascript_it_is_sent_too(world: World, wall: str) -> None:
    page = world.context(ANHE, phone=True, java_script_enabled=False).new_page()
    page.goto(wall)
    page.get_by_label("噪音扰民").check()
    page.get_by_label("请说说情况").fill("夜间施工")
    page.locator("#f-photos").set_input_files([picture(3)])
    page.locator("#f-anonymous").check()
    page.wait_for_timeout(3100)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已提交，谢谢您")).to_be_visible()
