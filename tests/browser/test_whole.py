"""What "records at full strength" has to show, end to end in a browser: the city's file comes in, a report leads from its
chart to a record, a mention arrives, a field of the company's own is used at once, and another company sees nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from dougong.testing.companies import Company
from dougong_exchange.working import advance
from playwright.sync_api import expect

from .living import ANHE, COMPLAINTS, JINXIU
from .test_flow import AGENT, LEAK

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.records.context import Context
    from dougong.tenancy.cells import Cell
    from dougong.testing.server import Database

    from .living import Person, World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

CITY = Path(__file__).resolve().parents[3] / "shared" / "data" / "service-requests-la-2017.csv"
ROWS = 200
MANAGER, ADMIN = "pm.huayuan", "admin"
Unit = Callable[[], AbstractContextManager["Context[Any]"]]


@pytest.fixture(autouse=True)
def quiet(world: World) -> Iterator[None]:
    world.said.clear()
    yield
    assert not world.said


@pytest.fixture(scope="module")
def company(shared_database: Database, shared_cell: Cell, registry: Registry, world: World) -> Company:
    """The demo's company; its administrator leads customer service, too: sites, words and complaints come in at once."""
    with psycopg.connect(shared_database.owner) as owner:
        row = owner.execute("SELECT id FROM platform.tenant WHERE slug = %s", (ANHE,)).fetchone()
    assert row
    made = Company(shared_cell, registry, row[0], ANHE)
    made.people = {person.username: person.id for person in made.snapshot.people.values()}
    made.sites = {node.slug: node.id for node in made.snapshot.sites.ordered()}
    made.grant(ADMIN, "service_lead", ANHE)
    return made


@pytest.fixture(scope="module")
def unit(company: Company) -> Unit:
    """Units of work of the company as the system, as its worker has them."""

    @contextmanager
    def begun() -> Iterator[Context[Any]]:
        with company.acting(None, "exchange") as x:
            yield x

    return begun


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The head of the city's file, for speed; the whole of it goes in with ``dougong import`` elsewhere."""
    if not CITY.is_file():
        pytest.skip(f"THE CITY'S FILE IS NOT THERE (../shared/data/{CITY.name}): its import in the browser is not tested")
    path = tmp_path_factory.mktemp("city") / CITY.name
    with CITY.open(encoding="utf-8") as lines:
        path.write_text("".join(islice(lines, ROWS + 1)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(world: World, unit: Unit, part: Path) -> str:
    """The address of the import, after everything was done that a person does."""
    who = world.person(ADMIN)
    who.goto("/exchange/import/of/complaints.complaint")
    who.page.locator("input[type=file]").set_input_files(part)
    who.page.get_by_role("main").locator("form button.main, form .btn.main").first.click()
    who.page.wait_for_url(re.compile("/columns$"))
    who.send("检查各行")
    _work(who, unit)
    who.send("开始导入")
    dialog = who.page.get_by_role("dialog").get_by_role("button", name="开始导入")
    if dialog.is_visible():
        dialog.click()
    expect(who.page.get_by_role("button", name="开始导入")).to_have_count(0)
    _work(who, unit)
    return who.page.url.partition(f":{world.port}")[2]


def _work(who: Person, unit: Unit) -> None:
    """What the worker does in the background; then the page again."""
    who.page.wait_for_url(re.compile(r"/[0-9a-f-]{36}$"))
    more = True
    while more:
        with unit() as x:
            more = advance(x, UUID(who.page.url.rpartition("/")[2]))
    who.page.reload()


def test_the_citys_file_comes_in_as_it_is(world: World, run: str) -> None:
    who = world.person(ADMIN)
    who.goto(run)
    expect(who.page.get_by_role("main")).to_contain_text(str(ROWS))
    who.goto(f"{COMPLAINTS}?tab=all&q=1-870704831")
    expect(who.page.locator("tbody tr")).to_have_count(1)
    who.page.locator("tbody a").first.click()
    expect(who.page.get_by_role("heading", level=1)).to_be_visible()
    expect(who.page.get_by_role("main")).to_contain_text("2111 W BELLEVUE AVE")
    assert "O'Farrell" not in who.page.content()


def test_a_report_leads_from_its_chart_to_a_record(world: World, company: Company) -> None:
    world.person(AGENT).register(**LEAK)
    who = world.person(MANAGER)
    who.goto("/reports/complaints/handling")
    column = who.page.locator("svg.chart a").last
    figure = re.search(r"(\d+)\s*$", column.text_content() or "")
    assert figure
    column.click()
    who.page.wait_for_url(re.compile(re.escape(COMPLAINTS)))
    expect(who.page.locator("tbody tr")).to_have_count(int(figure[1]))
    who.page.locator("tbody a").first.click()
    expect(who.page.locator(".badges .state")).to_be_visible()


def test_a_mention_arrives_in_the_other_persons_inbox(world: World) -> None:
    agent = world.person(AGENT)
    case = agent.register(**LEAK)
    say = agent.page.get_by_label("评论", exact=True).and_(agent.page.locator("textarea"))
    say.focus()
    agent.page.keyboard.type("请 @项目")
    expect(agent.page.get_by_role("option").first).to_contain_text("项目经理")
    agent.page.keyboard.press("Enter")
    agent.page.keyboard.type("下午三点一起上门")
    agent.page.get_by_role("button", name="评论", exact=True).click()
    expect(agent.page.locator("#timeline")).to_contain_text("下午三点一起上门")
    manager = world.person(MANAGER)
    manager.goto("/notify/inbox")
    link = manager.page.get_by_role("main").locator("a[href*='/notify/open/']").first
    link.click()
    manager.page.wait_for_url(re.compile(re.escape(case)))
    expect(manager.page.locator("#timeline")).to_contain_text("下午三点一起上门")


def test_a_field_of_the_companys_own_is_used_at_once(world: World) -> None:
    admin = world.person(ADMIN)
    admin.goto("/admin/fields/new/complaints.complaint")
    admin.page.locator("[name=title]").fill("电梯编号")
    admin.page.locator("[name=name]").fill("x_lift")
    admin.page.get_by_role("main").locator("form .btn.main").last.click()
    admin.page.wait_for_url(re.compile("/admin/fields"))
    agent = world.person(AGENT)
    case = agent.register(**LEAK, 电梯编号="DT-03")
    agent.goto(case)
    expect(agent.page.get_by_role("main")).to_contain_text("DT-03")


def test_another_company_sees_nothing_of_it(world: World, run: str) -> None:
    theirs = world.person(ADMIN, JINXIU)
    for path in (run, f"{COMPLAINTS}/new?x_lift=1", "/exchange/run"):
        theirs.goto(path)
        assert "电梯编号" not in theirs.page.content()
        assert "1-870704831" not in theirs.page.content()
    assert theirs.goto(run) == 404
    manager = world.person("pm.yuan", JINXIU)
    manager.goto("/search?q=1-870704831")
    assert not manager.page.locator(f"main a[href*='{COMPLAINTS}/']").count()
