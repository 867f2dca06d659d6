"""What the phone is told when it works without network: the worker, whose page it is, and whose work is taken in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest


@pytest.fixture(scope="module")
def agent(world: Any) -> Any:
    browser = world.browser()
    browser.sign_in("agent")
    browser.get("/account")
    return browser


def test_the_worker_is_at_the_root_for_everybody(world: Any) -> None:
    answer = world.browser().get("/worker.js")
    assert answer.status_code == 200
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "no-cache"  # a new one is found at the next visit
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    again = world.browser().get("/worker.js", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_session_tells_whose_it_is_and_the_servers_time(world: Any, agent: Any) -> None:
    found = agent.get("/offline/session").json()
    assert re.fullmatch(r"[0-9a-f]{16}", found["who"])
    assert dt.datetime.fromisoformat(found["now"]).tzinfo is not None
    assert agent.ask("POST", "/api/v1/probe", json={"a": 1}, headers={"x-csrf-token": found["csrf"]}).status_code == 200
    nobody = world.browser().get("/offline/session", headers={"sec-fetch-mode": "cors"})
    assert nobody.status_code == 401


def test_what_one_person_queued_is_not_taken_from_another(agent: Any) -> None:
    headers = {"x-csrf-token": agent.csrf}
    own = agent.get("/offline/session").json()["who"]
    assert agent.ask("POST", "/api/v1/probe", json={"a": 1}, headers={**headers, "x-dougong-who": own}).status_code == 200
    other = agent.ask("POST", "/api/v1/probe", json={"a": 1}, headers={**headers, "x-dougong-who": "0" * 16})
    assert other.status_code == 409
    assert other.json()["code"] == "other-person"


def test_only_pages_that_say_so_may_be_kept(agent: Any) -> None:
    assert agent.get("/offline").headers["x-dougong-keep"] == agent.get("/offline/session").json()["who"]
    assert agent.get("/offline/out").headers["x-dougong-keep"]
    assert "x-dougong-keep" not in agent.get("/account").headers
    assert agent.get("/offline").headers["cache-control"] == "no-store"  # the worker keeps it, not the browser's own memory


def test_a_page_says_whose_it_is_to_scripts(world: Any, agent: Any) -> None:
    who = agent.get("/offline/session").json()["who"]
    assert f'data-who="{who}"' in agent.get("/account").text
    assert "data-who" not in world.browser().get("/signin").text
