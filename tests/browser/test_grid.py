"""The budget's grid in a browser: pasted from a spreadsheet, walked with the keyboard, saved by itself, changed by two at once,
without network, on the phone, and without a script.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from dougong.testing.companies import Company
from dougong_budgeting.planning import Budget, amounts, chart, ledger
from playwright.sync_api import Locator, expect

from .living import ANHE

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.tenancy.cells import Cell
    from dougong.testing.server import Database
    from playwright.sync_api import Page

    from .living import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

FINANCE, MANAGER = "caiwu", "pm.huayuan"
YEARS = itertools.count(2030)
SAVED = re.compile("自动保存")


@pytest.fixture(autouse=True)
def quiet(world: World) -> Iterator[None]:
    world.said.clear()
    yield
    assert not world.said


@pytest.fixture(scope="module")
def company(shared_database: Database, shared_cell: Cell, registry: Registry, world: World) -> Company:
    """The demo's company with the usual accounts."""
    with psycopg.connect(shared_database.owner) as owner:
        row = owner.execute("SELECT id FROM platform.tenant WHERE slug = %s", (ANHE,)).fetchone()
    assert row
    made = Company(shared_cell, registry, row[0], ANHE)
    made.people = {person.username: person.id for person in made.snapshot.people.values()}
    made.sites = {node.slug: node.id for node in made.snapshot.sites.ordered()}
    with made.acting(None, "budgeting") as x:
        chart.take_over(x)
    return made


class Grid:
    """One draft and the grids of it that are open."""

    def __init__(self, company: Company, world: World, year: int) -> None:
        self.company, self.world = company, world
        body = {"year": year, "fee_mode": "lump", "scenario": "base", "area": 176400}
        with company.acting(FINANCE, "budgeting") as x:
            self.id: UUID = x.submit(Budget, company.sites["huayuan"], body).id
            self.codes = {one.id: one.code for one in ledger.accounts(x)}

    def open(self, username: str = FINANCE, **more: Any) -> Page:
        person = self.world.person(username, **more)
        person.goto(f"/budgeting/grid/{self.id}")
        return person.page

    def cell(self, page: Page, name: str, month: int) -> Locator:
        row = page.locator("tr[data-a]").filter(has=page.get_by_role("rowheader", name=name, exact=True))
        return row.locator("td").nth(month - 1)

    def kept(self) -> dict[tuple[str, int], int]:
        with self.company.acting(None, "budgeting") as x:
            return {(self.codes[a], m): v for (a, m), v in amounts(x, self.id).items() if v}

    def paste(self, page: Page, name: str, month: int, text: str) -> None:
        """As Ctrl+V does it: the browser's own event, with what a spreadsheet puts on the clipboard."""
        self.cell(page, name, month).click()
        page.evaluate(
            """text => { const given = new DataTransfer(); given.setData('text/plain', text)
            const event = new ClipboardEvent('paste', {clipboardData: given, bubbles: true, cancelable: true})
            document.activeElement.dispatchEvent(event) }""",
            text,
        )


@pytest.fixture
def grid(company: Company, world: World) -> Grid:
    return Grid(company, world, next(YEARS))


def said(page: Page) -> Locator:
    return page.locator("[data-said]")


def test_a_block_from_a_spreadsheet_is_read_as_it_was_written(grid: Grid) -> None:
    page = grid.open()
    grid.paste(page, "物业费", 1, "388,080\t３８８，０８０.５０\t¥ 1,200\r\n62,400.00\t-\t\r\n")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert grid.kept() == {
        ("4001", 1): 388_080_00,
        ("4001", 2): 388_080_50,
        ("4001", 3): 1200_00,
        ("4002", 1): 62_400_00,
    }
    assert grid.cell(page, "物业费", 2).inner_text() == "388,080.50", "shown as it was stored"
    grid.paste(page, "水电代收差额", 1, "(1,200.50)\t（３００）")
    expect(grid.cell(page, "水电代收差额", 1)).to_have_text("-1,200.50")
    assert grid.kept()["4005", 2] == -300_00
    total = page.locator("tfoot td").first
    expect(total).to_have_text("449,279.50")
    expect(page.locator("[data-figure='1']")).to_have_text("838,260")


def test_one_bad_cell_and_nothing_is_written(grid: Grid) -> None:
    page = grid.open()
    grid.paste(page, "工资", 1, "142,600\t待定\t1e30\n1\t2\t-3")
    expect(said(page)).to_be_visible()
    told = said(page).inner_text()
    for words in ("没有保存", "工资 2 月", "待定", "1e30"):
        assert words in told
    expect(grid.cell(page, "工资", 2)).to_have_class(re.compile("bad"))
    assert grid.kept() == {}
    page.keyboard.press("Control+z")
    expect(said(page)).to_be_hidden()
    assert grid.kept() == {}


def test_what_was_refused_is_sent_again_with_the_next_change_only(grid: Grid) -> None:
    page = grid.open()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "PUT" else None)
    grid.paste(page, "工资", 1, "待定")
    expect(said(page)).to_be_visible()
    page.wait_for_timeout(1500)
    assert len(asked) == 1
    grid.paste(page, "工资", 1, "7")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert (len(asked), grid.kept()) == (2, {("5101", 1): 7_00})


def test_a_block_larger_than_the_grid_is_refused_in_words(grid: Grid) -> None:
    page = grid.open()
    grid.paste(page, "工资", 11, "1\t2\t3")
    expect(said(page)).to_contain_text("1 行 3 列")
    grid.paste(page, "管理酬金", 1, "1\n2")
    expect(said(page)).to_contain_text("2 行 1 列")
    page.wait_for_timeout(800)
    assert grid.kept() == {}
    assert grid.cell(page, "工资", 11).inner_text() == "–"


def test_the_keyboard_alone(grid: Grid) -> None:
    page = grid.open()
    grid.cell(page, "工资", 1).click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("500")
    page.keyboard.press("Enter")
    page.keyboard.type("600")
    page.keyboard.press("Tab")
    page.keyboard.type("700")
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    expect(grid.cell(page, "福利", 12)).to_be_focused()
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert grid.kept() == {("5102", 2): 500_00, ("5103", 2): 600_00}
    page.keyboard.press("Control+z")
    expect(grid.cell(page, "福利", 2)).to_have_text("–")
    page.keyboard.press("Control+z")
    expect(grid.cell(page, "社保公积金", 2)).to_have_text("–")
    page.keyboard.press("Control+y")
    expect(grid.cell(page, "社保公积金", 2)).to_have_text("500")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert grid.kept() == {("5102", 2): 500_00}


def test_several_cells_are_chosen_copied_filled_and_emptied(grid: Grid) -> None:
    page = grid.open()
    grid.paste(page, "工资", 1, "1\t2\n3\t4")
    grid.cell(page, "工资", 1).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert page.locator("td.in").count() == 4
    copied = page.evaluate(
        """() => { const taken = new DataTransfer()
        document.activeElement.dispatchEvent(new ClipboardEvent('copy', {clipboardData: taken, bubbles: true, cancelable: true}))
        return taken.getData('text/plain') }"""
    )
    assert copied == "1\t2\n3\t4"
    page.keyboard.press("Delete")
    expect(grid.cell(page, "社保公积金", 2)).to_have_text("–")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    page.keyboard.press("Control+z")
    expect(grid.cell(page, "社保公积金", 2)).to_have_text("4")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert len(grid.kept()) == 4


def test_two_who_change_one_cell_see_both_values(grid: Grid) -> None:
    one, other = grid.open(FINANCE), grid.open(MANAGER)
    grid.paste(one, "工资", 3, "100")
    expect(one.locator("[data-status]")).to_have_text(SAVED)
    grid.paste(other, "工资", 3, "250")
    expect(said(other)).to_contain_text("工资 3 月")
    told = said(other).inner_text()
    assert "250" in told, told
    assert "100" in told, told
    assert grid.kept() == {("5101", 3): 100_00}
    said(other).get_by_role("button", name="采用对方的").click()
    expect(grid.cell(other, "工资", 3)).to_have_text("100")
    grid.paste(one, "工资", 3, "120")
    expect(grid.cell(one, "工资", 3)).to_have_text("120")
    expect(one.locator("[data-status]")).to_have_text(SAVED)
    grid.paste(other, "工资", 3, "300")
    expect(said(other)).to_be_visible()
    said(other).get_by_role("button", name="保留我的").click()
    expect(other.locator("[data-status]")).to_have_text(SAVED)
    expect(said(other)).to_be_hidden()
    assert grid.kept() == {("5101", 3): 300_00}


def test_without_network_it_says_so_and_tries_again(grid: Grid, world: World) -> None:
    page = grid.open()
    page.context.set_offline(True)
    try:
        grid.paste(page, "工资", 1, "100")
        expect(page.locator("[data-status]")).to_contain_text("没有保存成功")
        assert grid.kept() == {}
    finally:
        page.context.set_offline(False)
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert grid.kept() == {("5101", 1): 100_00}
    world.said.clear()  # the browser's own words about the request that failed


def test_a_server_that_is_busy_is_asked_again(grid: Grid, world: World) -> None:
    page = grid.open()
    failed = []

    def once(route: Any) -> None:
        failed.append(route.request.url)
        if len(failed) == 1:
            route.fulfill(status=503, content_type="text/html", body="<p>busy</p>")
        else:
            route.continue_()

    page.route("**/cells/*", once)
    grid.paste(page, "工资", 1, "100")
    expect(page.locator("[data-status]")).to_contain_text("没有保存成功")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    page.unroute("**/cells/*")
    assert len(failed) == 2
    assert grid.kept() == {("5101", 1): 100_00}
    world.said.clear()


def test_months_on_the_phone(grid: Grid) -> None:
    page = grid.open(phone=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page does not scroll sideways"
    expect(grid.cell(page, "工资", 1)).to_be_visible()
    expect(grid.cell(page, "工资", 3)).to_be_hidden()
    months = page.get_by_role("navigation", name="月份")
    months.get_by_role("link", name="3 月", exact=True).click()
    expect(months.locator("[aria-current=true]")).to_have_text("3 月")
    expect(grid.cell(page, "工资", 3)).to_be_visible()
    expect(grid.cell(page, "工资", 1)).to_be_hidden()
    grid.cell(page, "工资", 3).tap()
    page.keyboard.type("900")
    page.keyboard.press("Enter")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert grid.kept() == {("5101", 3): 900_00}


def test_without_a_script_a_month_is_a_form_and_a_sheet_is_pasted(grid: Grid) -> None:
    person = grid.world.person(FINANCE, java_script_enabled=False)
    page = person.page
    person.goto(f"/budgeting/grid/{grid.id}")
    page.get_by_role("navigation", name="月份").get_by_role("link", name="2 月", exact=True).click()
    page.get_by_label("人工 / 工资").fill("1,000")
    page.get_by_role("button", name="保存本月").click()
    assert grid.kept() == {("5101", 2): 1000_00}
    page.get_by_label("人工 / 工资").fill("一千")
    page.get_by_role("button", name="保存本月").click()
    expect(page.get_by_role("alert")).to_contain_text("一千")
    assert grid.kept() == {("5101", 2): 1000_00}
    person.goto(f"/budgeting/grid/{grid.id}")
    page.locator("details.paste summary").click()
    page.locator("#pasted").fill("科目\t1月\n工资" + "\t10" * 12 + "\t120\n5201" + "\t1" * 12)
    page.locator("#pasted ~ button").click()
    assert len(grid.kept()) == 24
