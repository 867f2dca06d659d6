"""Boards by keyboard and by drag, bulk and columns on the phone, in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from .living import COMPLAINTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .living import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

AGENT, LEAD, MANAGER = "kf.huayuan", "kfzg.huayuan", "pm.huayuan"
BOARD = f"{COMPLAINTS}/board"


@pytest.fixture(autouse=True)
def quiet(world: World) -> None:
    world.said.clear()


CASE = {
    "渠道": "电话", "投诉人身份": "业主", "投诉人": "王女士", "电话": "13800005678", "投诉人房号": "3-2-1801", "类别": "漏水",
    "地点": "3号楼", "投诉内容": "地下室渗水", "严重程度": "一般", "紧急程度": "普通",
}  # fmt: skip


def lane(name: str) -> str:
    return f'[data-lane="{name}"]'


def board_with_a_case(world: World) -> tuple[Page, str]:
    """The lead's board and the id of a case that waits to be accepted."""
    case = world.person(AGENT).register(**CASE)
    page = world.person(LEAD).page
    page.goto(BOARD)
    return page, case.rpartition("/")[2]


def card_in(page: Page, id: str, name: str) -> None:
    expect(page.locator(f'{lane(name)} [data-card="{id}"]')).to_be_visible()


def test_a_card_is_moved_by_keyboard(world: World) -> None:
    page, id = board_with_a_case(world)
    menu, way = page.locator(f'[data-card="{id}"] summary'), page.locator(f'[data-card="{id}"] [data-to="accepted"]')
    menu.focus()
    page.keyboard.press("Enter")
    expect(way).to_be_visible()
    page.keyboard.press("Escape")
    expect(way).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    for _tab in range(6):
        page.keyboard.press("Tab")
        if way.evaluate("e => e === document.activeElement"):
            break
    expect(way).to_be_focused()
    page.keyboard.press("Enter")
    card_in(page, id, "accepted")
    assert page.url.endswith("/board")
    assert not world.said


def test_a_card_is_moved_by_dragging(world: World) -> None:
    page, id = board_with_a_case(world)
    held = f'[data-card="{id}"] .of'
    page.drag_and_drop(held, f"{lane('accepted')} h2")
    card_in(page, id, "accepted")
    # A move that asks for something opens its form, and comes back to the board.
    page.drag_and_drop(held, f"{lane('working')} h2")
    expect(page.locator("form[action*='/do/']")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="取消").click()
    card_in(page, id, "accepted")
    assert not world.said


def test_many_at_once_on_the_phone(world: World) -> None:
    for _n in range(2):
        world.person(AGENT).register(**CASE)
    page = world.person(LEAD, phone=True).page
    page.goto(COMPLAINTS)
    for n in range(2):
        page.locator("tbody input[type=checkbox]").nth(n).check()
    bar = page.locator(".bulk")
    expect(bar).to_contain_text("已选 2")
    above = page.locator(".bottom").bounding_box()
    box = bar.bounding_box()
    assert above is not None
    assert box is not None
    assert box["y"] + box["height"] <= above["y"], "the bar hides behind the navigation"
    bar.locator("summary").click()
    bar.get_by_role("button", name="受理", exact=True).last.click()
    expect(page.get_by_role("main")).to_contain_text("已选 2 条记录")
    page.get_by_role("main").get_by_role("button", name="受理").click()
    expect(page.get_by_role("main")).to_contain_text("2 条全部办成")
    assert not world.said


def test_columns_are_chosen_by_keyboard(world: World) -> None:
    page = world.person(MANAGER).page
    page.goto(f"{COMPLAINTS}/columns")
    page.get_by_role("checkbox", name="渠道", exact=True).check()
    for _n in range(3):
        page.get_by_role("button", name="渠道：上移").press("Enter")
        page.wait_for_load_state()
        expect(page.get_by_role("button", name="渠道：上移")).to_be_focused()
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_role("columnheader", name="渠道")).to_be_visible()
    page.goto(f"{COMPLAINTS}/columns")
    page.get_by_role("button", name="恢复默认").click()
    expect(page.get_by_role("columnheader", name="渠道")).to_have_count(0)
    assert not world.said
