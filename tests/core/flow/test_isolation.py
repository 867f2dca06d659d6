"""Every address of complaints × no login, another company, another site, a lesser role, the accused, a disabled module.

Nothing of the case shows, nothing changes, and what may not be seen answers exactly as what does not exist. The list of
addresses is the router's own, so that a new one is tested from its first day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dougong.web.application import plugin_pages
from dougong.web.router import routes_for

from .conftest import BODY, LIST, SECRETS, UNKNOWN, House

if TYPE_CHECKING:
    from dougong.testing.clients import Client
    from dougong.testing.companies import Company

MODULE = frozenset({"complaints"})
STEPS = ("accept", "assign", "notify", "close", "unfounded", "transfer")


def routes(house: House) -> Iterator[tuple[str, str]]:
    registry = house.platform.application.registry
    for route in (*routes_for(registry, MODULE), *plugin_pages(registry, MODULE)):
        if "complaints" in route.pattern:
            yield route.method, route.pattern


def of_a_record(house: House) -> list[tuple[str, str]]:
    return [route for route in routes(house) if "{id}" in route[1]]


def concrete(pattern: str, id: str, step: str = "accept") -> str:
    path = pattern.replace("{id}", id).replace("{field}", "phone").replace("{transition}", step)
    return path + ("?action=accept" if path.endswith("/explain") else "")


class Asker:
    """One person with a browser and a program; each address is asked in its own way."""

    def __init__(self, house: House, company: Company, username: str | None) -> None:
        self.browser: Client = house.platform.browser(company, username)
        self.program: Client = house.program(username, company)
        self.browser.get("/account" if username else "/signin")  # for the form's token

    def ask(self, method: str, path: str) -> httpx.Response:
        if path.startswith("/api/v1"):
            body: Any = None if method == "GET" else dict(BODY) if path.endswith(LIST) else {}
            return self.program.api(method, path.removeprefix("/api/v1"), body, version=1)
        if method == "GET":
            return self.browser.get(path)
        return self.browser.post(path, {**BODY, "row_version": "1", "was": "{}"})


@pytest.fixture(scope="module")
def case(house: House) -> str:
    return str(house.register()["id"])


@pytest.fixture(scope="module")
def accusing(house: House) -> str:
    return str(house.register(against_id=str(house.anhe.people["project_manager_n1"]))["id"])


def stands(house: House, id: str) -> Any:
    """The record as the region sees it, to compare before and after."""
    return house.program("regional_director_north").api("GET", f"{LIST}/{id}").json()


def shown(answer: httpx.Response) -> list[str]:
    return [secret for secret in SECRETS if secret in answer.text]


def test_the_addresses_are_known(house: House) -> None:
    assert len(list(routes(house))) >= 15


def test_nobody_gets_nowhere(house: House, case: str) -> None:
    before, nobody = stands(house, case), Asker(house, house.anhe, None)
    for method, pattern in routes(house):
        answer = nobody.ask(method, concrete(pattern, case))
        assert answer.status_code == (401 if pattern.startswith("/api") else 303), (method, pattern, answer.text[:200])
        assert not shown(answer)
    assert stands(house, case) == before


@pytest.mark.parametrize("username", ["general_manager", "service_lead_n1", "admin"])
def test_another_company_finds_nothing(house: House, case: str, username: str) -> None:
    absent_everywhere(house, Asker(house, house.jinxiu, username), case)


@pytest.mark.parametrize("username", ["project_manager_s1", "service_agent_s1", "regional_director_south", "nobody"])
def test_another_site_finds_nothing(house: House, case: str, username: str) -> None:
    absent_everywhere(house, Asker(house, house.anhe, username), case)


@pytest.mark.parametrize("username", ["project_manager_n1", "service_lead_n1", "service_agent_n1"])
def test_the_accused_and_those_below_find_nothing(house: House, accusing: str, username: str) -> None:
    assert stands(house, accusing)["status"] == "registered"
    absent_everywhere(house, Asker(house, house.anhe, username), accusing)


def absent_everywhere(house: House, asker: Asker, id: str) -> None:
    """The same answer as for an id that nobody has; lists do not hold it; it stays as it was."""
    before = stands(house, id)
    for method, pattern in of_a_record(house):
        for step in STEPS if "{transition}" in pattern else ("accept",):
            answers = [asker.ask(method, concrete(pattern, one, step)) for one in (id, UNKNOWN)]
            assert [a.status_code for a in answers] == [404, 404], (method, pattern, answers[0].text[:200])
            if pattern.startswith("/api"):
                assert answers[0].content == answers[1].content, (method, pattern)
            assert not shown(answers[0])
    for path in (f"/api/v1{LIST}?tab=all&limit=100", f"{LIST}?tab=all"):
        answer = asker.ask("GET", path)
        assert answer.status_code in (200, 403, 404), path
        assert id not in answer.text
    assert stands(house, id) == before


def test_a_lesser_role_is_refused(house: House, case: str) -> None:
    """Finance reads without identities, and does nothing."""
    before, finance = stands(house, case), Asker(house, house.anhe, "finance")
    for method, pattern in of_a_record(house):
        for step in STEPS if "{transition}" in pattern else ("accept",):
            answer = finance.ask(method, concrete(pattern, case, step))
            assert not [secret for secret in SECRETS[:3] if secret in answer.text], (method, pattern)
            reading = method == "GET" and pattern.endswith(("{id}", "/explain", "/history", "/links", "/chain", "/files"))
            expected = (200,) if reading else (403, 404)
            assert answer.status_code in expected, (method, pattern, answer.text[:200])
            if answer.status_code == 403 and pattern.startswith("/api"):
                assert answer.json()["explanation"]["allowed"] is False
    for method, path in (("POST", f"/api/v1{LIST}"), ("GET", f"{LIST}/new"), ("POST", f"{LIST}/new")):
        assert finance.ask(method, path).status_code == 403, path
    assert stands(house, case) == before


def test_a_disabled_module_is_not_there(house: House, case: str) -> None:
    director, nowhere = Asker(house, house.anhe, "general_manager"), "/api/v1/nothing/there"
    missing = director.ask("GET", nowhere)
    house.anhe.switch("complaints", False)
    try:
        for method, pattern in routes(house):
            answer = director.ask(method, concrete(pattern, case))
            assert answer.status_code == 404, (method, pattern)
            assert not shown(answer)
            if pattern.startswith("/api"):
                assert answer.content == missing.content
        assert "/complaints" not in director.browser.get("/").text
        assert not [p for p in director.ask("GET", "/api/v1/openapi.json").json()["paths"] if "/complaints/" in p]
    finally:
        house.anhe.switch("complaints", True)
    assert director.ask("GET", concrete("/api/v1" + LIST + "/{id}", case)).status_code == 200
