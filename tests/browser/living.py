"""The platform as people meet it: a real server with the companies of ``tenants/*.toml``, and a browser for each person.

The companies have their people and modules, but none of the demo's records: tests register their own.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dougong.app import build, parts, server
from dougong.cli import seeding
from dougong.config import Config
from dougong.plugins.registry import Registry
from dougong.testing.server import Database
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from . import PATIENCE

ANHE, JINXIU = "anhe", "jinxiu"
COMPLAINTS = "/complaints/complaint"


@contextmanager
def serving(database: Database, registry: Registry, home: Path) -> Iterator[int]:
    """The demo's companies behind the real HTTP server; yields its port."""
    config = Config(home=home, port=0)
    of = parts(config, registry=registry, where=database.addresses)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seeding, "_records", lambda work, jobs: None)
        assert seeding.seed(of, seeding.files(None)) == [ANHE, JINXIU]
    opened = socket.create_server(("127.0.0.1", 0))
    running = server(build(of, demo=True), config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [opened]}, name="server")
    thread.start()
    try:
        yield opened.getsockname()[1]
    finally:
        running.should_exit = True
        thread.join(20)
        opened.close()
        of.cell.engine.dispose()
    assert not thread.is_alive()


def _named(label: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(label)}\s*(\*|选填|optional)?$")


class World:
    """Everybody's browsers, each signed in through the form when first needed."""

    def __init__(self, browser: Browser, port: int) -> None:
        self.browser, self.port = browser, port
        self._open: dict[tuple[str, ...], Person] = {}
        self.said: list[str] = []  # by any page: errors, and requests to elsewhere

    def address(self, company: str) -> str:
        return f"http://{company}.localhost:{self.port}"

    def person(self, username: str, company: str = ANHE, *, phone: bool = False, **more: Any) -> Person:
        """Somebody's browser. :param more: as ``Browser.new_context`` has it."""
        key = (username, company, str(phone), repr(more))
        if key not in self._open:
            self._open[key] = Person(self, username, company, phone=phone, **more)
            self._open[key].sign_in()
        return self._open[key]

    def context(self, company: str, *, phone: bool = False, **more: Any) -> BrowserContext:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        given = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": size, **more}
        made = self.browser.new_context(base_url=self.address(company), **given)
        made.set_default_timeout(PATIENCE)
        return made

    def watch(self, page: Page) -> None:
        def console(message: Any) -> None:
            if message.type in ("error", "warning") and "server responded with a status of 4" not in message.text:
                self.said.append(f"{page.url}: {message.text}")

        page.on("console", console)
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        page.on("request", lambda r: None if ".localhost:" in r.url else self.said.append(f"{page.url} asks {r.url}"))

    def close(self) -> None:
        for person in self._open.values():
            person.page.context.close()
        self._open.clear()


class Person:
    """One person at one browser. Finds things as people do: by what stands beside them."""

    def __init__(self, world: World, username: str, company: str, *, phone: bool = False, **more: Any) -> None:
        self.world, self.username, self.phone = world, username, phone
        self.page = world.context(company, phone=phone, **more).new_page()
        world.watch(self.page)

    def sign_in(self, password: str = seeding.PASSWORD) -> None:
        self.page.goto("/signin")
        self.page.locator("[name=username]").fill(self.username)  # the one place that is the same in every language
        self.page.locator("[name=password]").fill(password)
        self.page.get_by_role("main").get_by_role("button", name=re.compile("^(登录|Sign in)$")).click()

    def speak(self, language: str) -> None:
        """Choose a language in one's own menu."""
        self.page.goto("/")
        self.page.get_by_role("button", name=re.compile("^(我|Me)$") if self.phone else re.compile("·")).click()
        self.page.get_by_role("button", name=language, exact=True).click()
        expect(self.page.locator("html")).to_have_attribute("lang", {"中文": "zh-Hans", "English": "en"}[language])

    def goto(self, path: str) -> int:
        answer = self.page.goto(path)
        assert answer is not None
        return answer.status

    def field(self, label: str, inside: Page | Locator | None = None) -> Locator:
        """An input by its label; what says that it must or may be filled in is no part of it."""
        place = self.page.get_by_role("main") if inside is None else inside
        typed = place.locator("input:not([type=radio]), select, textarea")
        return place.get_by_label(_named(label)).and_(typed)

    def fill(self, inside: Page | Locator | None = None, /, **values: str) -> None:
        """Labels and what to type, choose or tick."""
        place = self.page.get_by_role("main") if inside is None else inside
        for label, value in values.items():
            group = place.get_by_role("group", name=_named(label))
            if group.count():
                group.get_by_label(value, exact=True).check()
                continue
            field = self.field(label, place)
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(label=value)
            elif field.get_attribute("type") == "checkbox":
                field.set_checked(bool(value))
            else:
                field.fill(value)

    def register(self, then: str = "登记投诉", **values: str) -> str:
        """Fill in the form and send it; the address of what was made."""
        self.goto(f"{COMPLAINTS}/new")
        self.fill(**values)
        self.send(then)
        self.page.wait_for_url(re.compile(rf"{COMPLAINTS}/[0-9a-f-]{{36}}$"))
        return self.page.url.partition(f":{self.world.port}")[2]

    def send(self, button: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()

    def do(self, record: str, step: str, **values: str) -> None:
        """Open the record, press the step, fill in its dialog (or its page, without a script) and send it."""
        self.goto(record)
        done = self.press(step, **values)
        expect(done).to_be_visible()

    def press(self, step: str, **values: str) -> Locator:
        """Take a step of the record that is shown; what the platform says after it."""
        button = self.offer(step)
        if not button.is_visible():
            self.page.locator("#more").evaluate("e => e.showPopover()")
        button.click()
        dialog = self.page.get_by_role("dialog", name=step)
        self.fill(dialog, **values)
        dialog.get_by_role("button", name=re.compile(f"^{re.escape(step)}$")).last.click()
        return self.page.get_by_role("status").filter(has_text=step)

    def offer(self, step: str) -> Locator:
        """The button of a step on the record that is shown, in the head or under "…"."""
        return self.page.locator("header.head [data-dialog]").filter(has_text=re.compile(rf"^\s*{re.escape(step)}\s*$"))

    def offered(self) -> list[str]:
        return [text.strip() for text in self.page.locator("header.head [data-dialog]").all_text_contents()]

    def state(self) -> str:
        """The state that stands beside the title."""
        return self.page.locator(".badges .state").inner_text().strip()

    def timeline(self) -> str:
        return self.page.locator("#timeline").inner_text()
