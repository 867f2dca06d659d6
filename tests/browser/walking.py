"""A company with a route behind a real server, its people's phones, and short ways to walk."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from dougong.access.passwords import hash_password
from dougong.access.signin import set_password
from dougong.access.tables import Person
from dougong.app import build, parts, server
from dougong.config import Config
from dougong.instant import now
from dougong.testing.companies import found_company
from dougong_inspections.records import Task
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.plugins.inspections.conftest import World

from . import PATIENCE

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.server import Database
    from playwright.sync_api import Browser

TECH, OTHER = "technician_n1", "engineering_lead_n1"
PASSWORD = "walking-with-no-network"
ITEMS: list[dict[str, Any]] = [
    {"id": "exit", "type": "yes_no", "text": "疏散通道畅通", "criticality": "critical", "photo_on_fail": True},
    {"id": "volt", "type": "number", "text": "电压", "low": 370, "high": 400, "unit": "V"},
    {"id": "smell", "type": "option", "text": "气味", "options": ["无", "轻微", "明显"], "failing": ["明显"]},
]


class House:
    """One company with a route of two points behind a real server, and phones for its people."""

    def __init__(self, browser: Browser, made: World, port: int) -> None:
        self.browser, self.made, self.port = browser, made, port
        self.company = made.company
        self.said: list[str] = []

    def task(self, minutes: int = 60) -> UUID:
        now = dt.datetime.now(dt.UTC)
        window = {"window_from": (now - dt.timedelta(minutes=5)), "window_to": now + dt.timedelta(minutes=minutes)}
        body = {name: at.isoformat() for name, at in window.items()}
        return self.made.make(
            Task, "n1", name="配电房日检", route_id=str(self.made.route), post="technician",
            assignee_id=str(self.company.people[TECH]), **body,
        )  # fmt: skip

    def phone(self, **more: Any) -> BrowserContext:
        given = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 390, "height": 844}, **more}
        made = self.browser.new_context(base_url=f"http://{self.company.slug}.localhost:{self.port}", **given)
        made.set_default_timeout(PATIENCE)
        return made

    def sign_in(self, page: Page, username: str = TECH) -> None:
        page.goto("/signin")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "signin" not in url)

    def ready(self, context: BrowserContext, username: str = TECH) -> Page:
        """A phone on which the day's tasks are kept."""
        page = context.new_page()
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", lambda m: self.said.append(m.text) if "Content Security Policy" in m.text else None)
        self.sign_in(page, username)
        page.goto("/inspections/today")
        expect(page.get_by_text("没有网络也能走")).to_be_visible()
        return page

    def rows(self, kind: Any, task: UUID) -> list[Any]:
        return [one for one in self.made.all(kind) if one.task_id == task]


@contextmanager
def walking(browser: Browser, shared_database: Database, registry: Registry, home: Path) -> Iterator[House]:
    """The company, served until the end."""
    config = Config(home=home, port=0)
    of = parts(config, registry=registry, where=shared_database.addresses)
    company = found_company(shared_database.addresses.owner, of.cell, registry, f"w{uuid4().hex[:8]}")
    made = World(company, None)  # type: ignore[arg-type]
    made.publish(ITEMS)
    with company.session() as session:
        for username in (TECH, OTHER):
            person = session.get_one(Person, (company.tenant, company.people[username]))
            set_password(session, person, PASSWORD, now=now(), demo=True, hashed=hash_password(PASSWORD))
    opened = socket.create_server(("127.0.0.1", 0))
    running = server(build(of, demo=True), config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [opened]}, name="server")
    thread.start()
    try:
        yield House(browser, made, opened.getsockname()[1])
    finally:
        running.should_exit = True
        thread.join(20)
        opened.close()
        of.cell.engine.dispose()


def photo(seed: int = 1) -> dict[str, Any]:
    out = BytesIO()
    Image.effect_noise((2400, 1800), 30 + seed).convert("RGB").save(out, "JPEG", quality=90)
    return {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def item(page: Page, text: str) -> Any:
    return page.locator(".point:visible .item").filter(has_text=text)


def answer(page: Page, *, fail: bool = False) -> None:
    """All items of the point that is shown."""
    item(page, "疏散通道").locator("[value=bad]" if fail else "[value=ok]").check()
    if fail:
        item(page, "疏散通道").locator("[type=file]").set_input_files([photo()])
        expect(item(page, "疏散通道").locator("img")).to_be_visible()
        item(page, "疏散通道").get_by_label("说明").fill("走廊堆放轮椅 4 台")
    item(page, "电压").locator("input[inputmode=decimal]").fill("380")
    item(page, "气味").locator("[value='无']").check()


def opened(page: Page, task: UUID) -> None:
    page.goto(f"/inspections/walk/{task}")
    expect(page.locator("html[data-ready]")).to_be_attached()


def forward(page: Page) -> None:
    page.locator("[data-go='1']").click()


@contextmanager
def sent(page: Page, text: str) -> Iterator[None]:
    """Until the server has answered what says this: what was said before it may be uploaded, too, and says so."""
    with page.expect_response(lambda one: one.url.endswith("/send") and text in (one.request.post_data or "")):
        yield
    expect(page.get_by_text("已全部上传")).to_be_visible()


def until(page: Page, ask: str) -> None:
    """Until a page's own question is answered with yes. :param ask: a function that may return a promise, which
    ``wait_for_function`` takes for a yes."""
    page.evaluate(
        f"""async () => {{ const ask = {ask}, end = Date.now() + 8000
        while (!await ask()) {{
            if (Date.now() > end) throw new Error('it never came to be')
            await new Promise(done => setTimeout(done, 50))
        }} }}"""
    )
