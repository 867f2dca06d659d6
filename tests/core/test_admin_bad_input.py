"""Every address of administration with what nobody should send: a 4xx in words, never a fault of ours, nothing written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dougong.testing import Company
from dougong.testing.clients import Client, Running
from dougong.web import admin as pages

NAMES = (
    "username", "name", "email", "phone", "locale", "deputy_id", "starts_at", "ends_at", "person_id", "role_id", "site_id",
    "person", "relation", "note", "level", "permission", "slug", "act", "at", "parent_id", "type", "timezone", "households",
    "position", "code", "brand", "visit_hours", "categories.#", "calendar.monday", "sure", "next",
)  # fmt: skip
JUNK = (
    "",
    "x" * 5000,
    "9" * 40,
    "-1",
    "0190aaaa-0000-7000-8000-000000000000",
    "\U0001f600 ' \" <b>",
    "//evil.example",
    "1e999",
)
BODIES: tuple[Any, ...] = (
    [],
    "x",
    7,
    None,
    {},
    {"name": 7},
    {"permissions": "all"},
    {"off_at": 3},
    {"enabled": "maybe"},
)


@pytest.fixture
def admin(platform: Running, company: Company) -> Client:
    return platform.browser(company, "admin")


def concrete(pattern: str, company: Company) -> str:
    known = {
        "id": str(company.people["finance"]), "slug": "n1", "name": "complaints", "module": "complaints", "deputy": "1-x",
        "kind": "complaints.complaint", "what": "put_away", "place": "n1", "post": "-", "rule": "1",
    }  # fmt: skip
    path = pattern.replace("/roles/{slug}", "/roles/finance")
    return re.sub(r"\{(\w+)\}", lambda m: known[m[1]], path)


def routes(platform: Running, method: str, start: str) -> list[str]:
    found = pages.routes(platform.application.registry, frozenset())
    return [r.pattern for r in found if r.method == method and r.pattern.startswith(start)]


def test_junk_in_forms(platform: Running, company: Company, admin: Client) -> None:
    seen: set[int] = set()
    for pattern in routes(platform, "POST", "/admin"):
        for junk in JUNK:
            admin.get("/admin")
            answer = admin.post(concrete(pattern, company), dict.fromkeys(NAMES, junk))
            assert answer.status_code < 500, (pattern, junk[:20])
            seen.add(answer.status_code)
            assert "evil.example" not in answer.headers.get("location", "")
    assert {303, 404, 422} <= seen  # the forms were really read
    answer = admin.post("/admin/people/new", {"username": "a\0b", "name": "x"})
    assert answer.status_code in (400, 422)


def test_junk_in_addresses(platform: Running, company: Company, admin: Client) -> None:
    for pattern in (*routes(platform, "GET", "/admin"), "/explain"):
        for tail in (
            "?page=x",
            "?page=99999",
            "?q=%00",
            "?q=%27",
            "?role=nobody",
            "?after=x",
            "?person=x&action=y&at=z&record=q",
        ):
            answer = admin.get(concrete(pattern, company) + tail)
            assert answer.status_code < 500, (pattern, tail)
    for pattern in routes(platform, "GET", "/admin"):
        if "{" in pattern:
            answer = admin.get(re.sub(r"\{\w+\}", "no-such-thing", pattern))
            assert answer.status_code == 404, pattern


def test_junk_in_bodies(platform: Running, company: Company) -> None:
    program = platform.program(company, "admin")
    for method in ("POST", "PATCH"):
        for pattern in routes(platform, method, "/api/v1/core"):
            for body in BODIES:
                if pattern.endswith(("/disable", "/enable", "/invitation")):
                    continue  # they take no body
                answer = program.api(method, concrete(pattern, company).removeprefix("/api/v1"), body)
                assert answer.status_code < 500, (method, pattern, body, answer.text)
    broken = program.ask("POST", "/api/v1/core/people", content=b"{", headers={"content-type": "application/json"})
    assert broken.status_code == 400
