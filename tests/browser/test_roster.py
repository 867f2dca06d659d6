"""The roster of a month at a desk, by drag and with a colleague who was faster; a swap asked for on the phone."""

from __future__ import annotations

import datetime as dt
import re
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from dougong.access.passwords import hash_password
from dougong.access.signin import set_password
from dougong.access.tables import Person
from dougong.app import build, parts, server
from dougong.config import Config
from dougong.instant import now
from dougong.records import actions
from dougong.testing.companies import found_company
from dougong_hr.organisation.records import Employee
from dougong_hr.roster import cells
from dougong_hr.roster.records import Roster, Shift
from dougong_hr.roster.resources import RESOURCES
from playwright.sync_api import Browser, Locator, Page, expect

from . import PATIENCE

if TYPE_CHECKING:
    from uuid import UUID

    from dougong.plugins.registry import Registry
    from dougong.testing.server import Database

LEAD, PASSWORD = "engineering_lead_n1", "a-month-on-one-page"
STAFF = ("wang", "li", "zhao")
KIND = {one.record: one for one in RESOURCES}


class Office:
    """One company with a roster of the coming month and three people in it, behind a real server."""

    def __init__(self, company: Any, browser: Browser) -> None:
        self.company, self.browser, self.port = company, browser, 0
        self.first = (now().date().replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        with company.acting(None, "hr") as x:
            site, system = company.sites["n1"], x.as_person(None)
            company_hash = hash_password(PASSWORD)
            for name in STAFF:
                company.put_person(x.session, name, [("technician", "n1")])
            self.staff = {
                name: x.create(
                    Employee, site, code=name, name=name, department="engineering", hired_on=dt.date(2024, 3, 1),
                    employment="own", person_id=company.people[name],
                ).id
                for name in STAFF
            }  # fmt: skip
            body = {"post": "technician", "least": 1, "break_minutes": 60}
            self.early, self.night = (
                actions.create(
                    KIND[Shift], {**body, "title": t, "sign": s, "starts": a, "ends": b}, system, site=site
                ).id
                for t, s, a, b in (("早班", "早", "08:00", "16:00"), ("夜班", "夜", "20:00", "08:00"))
            )
            self.roster = actions.create(KIND[Roster], {"month": f"{self.first:%Y-%m}"}, system, site=site).id
            for name in (LEAD, *STAFF):
                person = x.session.get_one(Person, (company.tenant, company.people[name]))
                set_password(x.session, person, PASSWORD, now=now(), demo=True, hashed=company_hash)

    def day(self, n: int) -> dt.date:
        return self.first.replace(day=n)

    def put(self, who: str, n: int, what: UUID | None) -> None:
        with self.company.acting(None, "hr") as x:
            shift = x.session.get_one(Shift, (x.tenant, what)) if what else None
            cells.put(x, x.session.get_one(Roster, (x.tenant, self.roster)), {(self.staff[who], self.day(n)): shift})

    def signed_in(self, name: str, *, phone: bool = False) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 860}
        more: dict[str, Any] = {"is_mobile": True, "has_touch": True} if phone else {}
        context = self.browser.new_context(
            base_url=f"http://{self.company.slug}.localhost:{self.port}", locale="zh-CN", viewport=size, **more
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/signin")
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "signin" not in url)
        return page

    def box(self, page: Page, who: str, n: int) -> Locator:
        return page.locator(f"td:has(input[value^='{self.staff[who]}.{self.day(n)}.'])")


@pytest.fixture(scope="module")
def office(
    browser: Browser, shared_database: Database, registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    config = Config(home=tmp_path_factory.mktemp("home"), port=0)
    of = parts(config, registry=registry, where=shared_database.addresses)
    made = Office(found_company(shared_database.addresses.owner, of.cell, registry, f"r{uuid4().hex[:8]}"), browser)
    opened = socket.create_server(("127.0.0.1", 0))
    made.port = opened.getsockname()[1]
    running = server(build(of, demo=True), config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [opened]}, name="server")
    thread.start()
    try:
        yield made
    finally:
        running.should_exit = True
        thread.join(20)
        opened.close()
        of.cell.engine.dispose()


def drag(page: Page, one: Locator, other: Locator) -> None:
    start, end = one.bounding_box(), other.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 12, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + 6, end["y"] + 6, steps=8)
    page.mouse.move(end["x"] + 12, end["y"] + 12)
    page.mouse.up()


def test_days_are_chosen_by_drag_and_set_together(office: Office) -> None:
    page = office.signed_in(LEAD)
    page.goto(f"/hr/month/{office.roster}")
    drag(page, office.box(page, "wang", 2), office.box(page, "li", 4))
    ticked = page.locator("td input[name=cell]:checked")
    assert ticked.count() in (6, 9)  # whoever stands between them by number is chosen too
    n = ticked.count()
    page.get_by_role("button", name=re.compile("早班")).click()
    expect(page.get_by_role("status")).to_contain_text(str(n))
    for who, day in (("wang", 2), ("li", 4)):
        expect(office.box(page, who, day)).to_contain_text("早")
    page.context.close()


def test_a_cell_that_a_colleague_was_faster_with_is_shown_and_kept(office: Office) -> None:
    page = office.signed_in(LEAD)
    page.goto(f"/hr/month/{office.roster}")
    office.put("zhao", 20, office.night)
    cell = office.box(page, "zhao", 20)
    cell.locator("input").check(force=True)
    page.get_by_role("button", name=re.compile("早班")).click()
    expect(page.get_by_role("alert")).to_contain_text("已被他人改动")
    expect(page.get_by_role("alert")).to_contain_text("夜班")
    cell = office.box(page, "zhao", 20)
    expect(cell).to_have_class(re.compile("stale"))
    expect(cell.locator("input")).to_be_checked()
    expect(cell.locator("input")).to_be_focused()
    page.get_by_role("button", name=re.compile("早班")).click()
    expect(office.box(page, "zhao", 20)).to_contain_text("早")
    page.context.close()


def test_a_swap_is_asked_for_on_the_phone(office: Office) -> None:
    office.put("wang", 12, office.early)
    with office.company.acting(None, "hr") as x:
        actions.transition(KIND[Roster], office.roster, "publish", {"despite": True}, x)
    page = office.signed_in("wang", phone=True)
    page.goto(f"/hr/shifts/{office.day(12)}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label(re.compile("同事")).select_option(label="li")
    page.get_by_label(re.compile("原因|理由")).fill("家里有事")
    page.locator("main form button.main").last.click()
    page.wait_for_url(re.compile("/hr/shifts$"))
    expect(page.get_by_role("status")).to_contain_text("HB-")
    page.context.close()
    colleague = office.signed_in("li", phone=True)
    colleague.goto("/hr/shifts")
    colleague.get_by_role("link", name=re.compile("wang")).first.click()
    expect(colleague).to_have_url(re.compile("/hr/swap/"))
    assert colleague.evaluate("document.documentElement.scrollWidth <= innerWidth")
    colleague.context.close()
