"""The administrator's pages in a real browser: fit, accessible, and usable without a script."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from dougong.access.signin import start
from dougong.access.tables import Person
from dougong.app import build, parts
from dougong.config import Config
from dougong.instant import now
from dougong.plugins.registry import Registry
from dougong.tenancy.cells import Cell
from dougong.tenancy.tables import Site
from dougong.testing import Company, Database
from dougong.testing.companies import found_company
from dougong.testing.running import run_due
from dougong.web.security import SESSION_COOKIE
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods")

PAGES = {
    "start": "/admin",
    "people": "/admin/people",
    "person": "/admin/people/{service_lead_n1}",
    "person-new": "/admin/people/new",
    "grants": "/admin/grants",
    "grant-new": "/admin/grants/new?person={nobody}&at=n1",
    "grants-bulk": "/admin/grants/bulk",
    "roles": "/admin/roles",
    "role": "/admin/roles/service_agent",
    "modules": "/admin/modules",
    "module-off": "/admin/modules/complaints/off",
    "settings": "/admin/settings",
    "settings-core": "/admin/settings/core",
    "settings-complaints": "/admin/settings/complaints",
    "sites": "/admin/sites",
    "site": "/admin/sites/n1",
    "schedules": "/admin/schedules",
    "schedules-ahead": "/admin/schedules/upcoming",
    "schedules-runs": "/admin/schedules/runs",
    "jobs": "/admin/jobs",
    "history": "/admin/history",
    "explain": "/explain?person=service_agent_n1&action=core.roles.edit&at=n1",
}
WIDTHS = {"desktop": 1280, "phone": 390}
NAMES = {
    "anhe": "安禾物业",
    "north": "华北区域",
    "n1": "安禾花园",
    "n2": "启程产业园",
    "south": "华南区域",
    "s1": "江畔里",
}


class Served:
    """The platform on a port, with one company and its people."""

    def __init__(self, database: Database, registry: Registry, home: Path) -> None:
        of = parts(Config(home=home), registry=registry, where=database.addresses)
        config = uvicorn.Config(build(of, demo=True), host="127.0.0.1", port=0, log_config=None, lifespan="on")
        self.server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()
        ready = threading.Event()
        while not self.server.started and self._thread.is_alive():
            ready.wait(0.02)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    def close(self) -> None:
        self.server.should_exit = True
        self._thread.join(20)


@pytest.fixture(scope="module")
def company(shared_database: Database, shared_cell: Cell, registry: Registry) -> Company:
    made = found_company(shared_database.owner, shared_cell, registry, "anhe")
    with made.session() as session:
        for slug, id in made.sites.items():
            site = session.get(Site, (made.tenant, id))
            assert site
            site.name = NAMES[slug]
        person = session.get(Person, (made.tenant, made.people["service_lead_n1"]))
        assert person
        person.name = "周敏"
    made.grant("nobody", "quality", "n1", ends=now() + dt.timedelta(days=9))
    made.grant("technician_n1", "security_lead", "n2", starts=now() + dt.timedelta(days=5))
    run_due(made)  # its schedules are there
    return made


@pytest.fixture(scope="module")
def served(
    shared_database: Database, registry: Registry, company: Company, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    made = Served(shared_database, registry, tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def context(browser: Browser, served: Served, company: Company, username: str, **more: Any) -> BrowserContext:
    """A signed-in browser."""
    with company.session() as session:
        cookie, _session = start(session, company.people[username], agent="Chrome Linux", now=now())
    made = browser.new_context(base_url=f"http://anhe.localhost:{served.port}", **more)
    made.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "domain": "anhe.localhost", "path": "/"}])
    return made


def address(name: str, company: Company) -> str:
    return PAGES[name].format(**company.people)


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("device", list(WIDTHS))
def test_pages_fit(browser: Browser, served: Served, company: Company, device: str, language: str) -> None:
    """No page scrolls sideways and none complains; with ``SHOTS`` set each leaves a picture there."""
    locale = {"zh": "zh-CN", "en": "en-GB"}[language]
    size = {"width": WIDTHS[device], "height": 900}
    browsing = context(browser, served, company, "admin", viewport=size, locale=locale)
    page = browsing.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    for name in PAGES:
        response = page.goto(address(name, company))
        assert response
        assert response.status == 200, name
        if folder := os.environ.get("SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{device}-{language}.png", full_page=True)
        assert overflow(page) <= 0, (name, device, language)
        assert page.locator("h1").count() == 1
    assert trouble == []
    browsing.close()


def test_a_role_is_given_and_taken_without_a_script(browser: Browser, served: Served, company: Company) -> None:
    browsing = context(browser, served, company, "admin", java_script_enabled=False, locale="en-GB")
    page = browsing.new_page()
    page.goto(f"/admin/grants/new?person={company.people['finance']}&at=n1")
    page.select_option("select[name=role_id]", label="Finance")
    page.get_by_role("button", name="Give the role").click()
    assert len(company.snapshot.grants_of(company.people["finance"])) == 2
    page.goto("/admin/grants?q=finance")
    page.locator("button[formaction*=revoke]").first.click()
    assert len(company.snapshot.grants_of(company.people["finance"])) == 2
    page.locator("form.fields button.main.danger").click()
    assert len(company.snapshot.grants_of(company.people["finance"])) == 1
    browsing.close()


def test_with_a_script_a_dialog_asks_instead(browser: Browser, served: Served, company: Company) -> None:
    company.grant("hr", "hr", "n2")
    browsing = context(browser, served, company, "admin", locale="en-GB")
    page = browsing.new_page()
    page.goto("/admin/grants?q=hr&site=n2")
    page.locator("button[formaction*=revoke]").first.click(force=True)
    with page.expect_navigation():
        page.locator("#ask [data-yes]").click()
    assert len(company.snapshot.grants_of(company.people["hr"])) == 1
    browsing.close()


def test_enter_saves_settings_and_removes_nothing(browser: Browser, served: Served, company: Company) -> None:
    browsing = context(browser, served, company, "admin", locale="en-GB", java_script_enabled=False)
    page = browsing.new_page()
    page.goto("/admin/settings/complaints")
    page.fill("input[name=visit_hours]", "36")
    with page.expect_navigation():
        page.press("input[name=visit_hours]", "Enter")
    settings: Any = company.snapshot.settings("complaints")
    assert settings.visit_hours == 36
    assert "noise" in settings.categories
    browsing.close()


def test_the_history_says_what_was_changed(browser: Browser, served: Served, company: Company) -> None:
    browsing = context(browser, served, company, "admin", locale="en-GB", reduced_motion="reduce")
    page = browsing.new_page()
    page.goto("/admin/people/new")
    page.fill("input[name=username]", "lihua")
    page.fill("input[name=name]", "李华")
    page.fill("input[name=phone]", "13800135678")
    page.get_by_role("button", name="Add and make the invitation link").click()
    assert "/invite/" in page.inner_text("main")
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/invitation-desktop-en.png", full_page=True)
    page.goto("/admin/history")
    assert "李华" in page.inner_text("main")
    if folder:
        page.screenshot(path=f"{folder}/history-full-desktop-en.png", full_page=True)
    browsing.close()


@pytest.mark.parametrize("script", [True, False])
def test_the_editor_of_a_schedule_shows_what_a_rule_needs(
    browser: Browser, served: Served, company: Company, script: bool
) -> None:
    """Which fields are asked follows the kind of rule by CSS alone; the next times come by a script, or by the button."""
    browsing = context(browser, served, company, "admin", locale="en-GB", java_script_enabled=script)
    page = browsing.new_page()
    page.goto("/admin/schedules")
    page.get_by_role("link", name="Remove old messages").click()
    page.get_by_role("link", name="Edit").click()
    page.check("[name=kind][value=daily]")
    page.locator("[name=times]").wait_for()
    assert not page.locator("[name=day]").is_visible()
    page.check("[name=kind][value=monthly]")
    assert page.locator("[name=day]").is_visible()
    page.select_option("[name=day]", "5")
    assert not page.locator("[name=nth]").is_visible()
    page.select_option("[name=day]", "nth")
    page.select_option("[name=nth]", "2")
    page.select_option("[name=nth_day]", "1")
    page.fill("[name=times]", "07:45")
    if not script:
        page.get_by_role("button", name="Preview").click()
    page.locator("aside", has_text="the second Tuesday").wait_for()
    assert page.locator("aside .lines li").count() == 10
    assert page.locator("aside .lines li", has_text="Tuesday").count() == 10
    assert page.input_value("[name=times]") == "07:45"
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Saved.").wait_for()
    assert "the second Tuesday at 07:45" in page.inner_text("main")
    browsing.close()
