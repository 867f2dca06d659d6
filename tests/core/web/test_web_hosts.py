"""A company is found by its host, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from dougong.tenancy.tables import hosts, tenants
from dougong.web.hosts import host_of
from dougong.web.landing import Demo, DemoPerson


@pytest.mark.parametrize(
    ("given", "host"),
    [
        (b"anhe.localhost", "anhe.localhost"),
        (b"ANHE.localhost:8000", "anhe.localhost"),
        (b"anhe.localhost.", "anhe.localhost"),
        (b"anhe.localhost.:8000", "anhe.localhost"),
        (b"[::1]:8000", "[::1]"),
        (b"[::1]", "[::1]"),
        (b"127.0.0.1:80", "127.0.0.1"),
        (b"anhe.localhost..", None),
        (b"anhe.localhost:", None),
        (b"anhe.localhost:80:80", None),
        (b"anhe.localhost:8o", None),
        (b"anhe.localhost@evil.example", None),
        (b"evil.example@anhe.localhost", None),
        (b"anhe.localhost/..", None),
        (b"anhe.localhost evil", None),
        (b"anhe.localhost\t", None),
        (b"anhe.localhost,evil.example", None),
        (b"anhe\x00.localhost", None),
        ("安禾.localhost".encode(), None),
        (b"[::1", None),
        (b"[::1]x", None),
        (b"", None),
        (b".", None),
        (b"a" * 300, None),
    ],
)
def test_host_of(given: bytes, host: str | None) -> None:
    assert host_of([(b"host", given)]) == host


def test_missing_or_doubled_host() -> None:
    assert host_of([]) is None
    assert host_of([(b"host", b"anhe.localhost"), (b"host", b"anhe.localhost")]) is None


@pytest.mark.parametrize("host", ["anhe.localhost", "ANHE.LOCALHOST:8000", "anhe.localhost."])
def test_own_host_shows_the_company(world: Any, host: str) -> None:
    answer = world.browser().get("/signin", headers={"host": host})
    assert answer.status_code == 200
    assert "安禾物业" in answer.text


@pytest.mark.parametrize(
    "host",
    ["evil.example", "anhe.localhost.evil.example", "x.anhe.localhost", "localhost", "127.0.0.1:8000", "[::1]", "a@b", ""],
)
@pytest.mark.parametrize("path", ["/", "/signin", "/static/plain/base.css", "/nothing"])
def test_other_hosts_tell_nothing(world: Any, host: str, path: str) -> None:
    known = world.browser().get("/", headers={"host": "unknown.example"})
    answer = world.browser().get(path, headers={"host": host})
    assert answer.status_code == 404
    assert answer.text == known.text
    assert "安禾" not in answer.text
    assert "set-cookie" not in answer.headers


def test_forwarded_headers_do_not_choose_the_company(world: Any) -> None:
    answer = world.browser("unknown.example").get("/signin", headers={"x-forwarded-host": "anhe.localhost"})
    assert answer.status_code == 404


def test_a_session_of_one_company_is_nothing_in_another(world: Any) -> None:
    browser = world.browser()
    assert browser.sign_in("agent").status_code == 303
    cookie = browser.cookies["dougong_session"]
    answer = world.browser("jinxiu.localhost").get("/", headers={"cookie": f"dougong_session={cookie}"})
    assert answer.headers["location"] == "/signin"


def test_a_suspended_company_shows_one_page(world: Any) -> None:
    def status(value: str) -> None:
        with world.owner.engine.begin() as connection:
            connection.execute(sa.update(tenants).where(tenants.c.id == world.other).values(status=value))

    browser = world.browser("jinxiu.localhost")
    assert browser.get("/signin").status_code == 200
    status("suspended")
    try:
        pages = [browser.get(path) for path in ("/signin", "/", "/nothing")]
        assert {page.status_code for page in pages} == {503}
        assert len({page.text for page in pages}) == 1
        assert "锦绣" not in pages[0].text
        told = browser.get("/api/v1/probe")
        assert (told.status_code, told.headers["content-type"]) == (503, "application/problem+json")
    finally:
        status("active")
    assert browser.get("/signin").status_code == 200


def test_a_host_that_moves_shows_its_new_company_at_the_next_request(world: Any) -> None:
    def give(tenant: Any) -> None:
        with world.owner.engine.begin() as connection:
            connection.execute(sa.update(hosts).where(hosts.c.host == "jinxiu.localhost").values(tenant_id=tenant))

    browser = world.browser("jinxiu.localhost")
    assert "锦绣" in browser.get("/signin").text
    give(world.tenant)
    try:
        moved = browser.get("/signin")
        assert "锦绣" not in moved.text  # this process still believed otherwise
        assert "安禾" in browser.get("/signin").text
    finally:
        give(world.other)
    browser.get("/signin")
    assert "锦绣" in browser.get("/signin").text


def test_health_needs_no_company(world: Any) -> None:
    browser = world.browser("10.0.0.7")
    assert browser.get("/healthz").text == "ok\n"
    assert browser.get("/readyz").text == "ok\n"


def test_not_ready_says_what_is_missing(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.app, "ready", lambda: ["complaints: migration 0001 not run"])
    answer = world.browser().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "complaints: migration 0001 not run\n")


def test_a_database_out_of_reach_is_not_ready(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> list[str]:
        raise OSError("connection refused")

    monkeypatch.setattr(world.app, "ready", gone)
    assert world.browser().get("/readyz").status_code == 503


def test_the_demo_lists_its_companies_on_localhost_alone(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    person = DemoPerson("agent", "客服专员", "客服专员", "安禾花园", "demo-4711")
    monkeypatch.setattr(world.app, "landing", lambda: [Demo("安禾物业", "anhe.localhost", (person,))])
    listed = world.browser("localhost:8000").get("/")
    assert listed.status_code == 200
    assert "demo-4711" in listed.text
    assert 'href="http://anhe.localhost:8000/signin?username=agent"' in listed.text
    assert world.browser("localhost:8000").get("/signin").status_code == 404
    assert world.browser("unknown.example").get("/").status_code == 404
    chosen = world.browser("localhost:8000")
    assert chosen.post("/preferences", {"locale": "en"}).status_code == 303
    assert "Demo companies" in chosen.get("/").text
