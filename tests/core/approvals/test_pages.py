"""The page of what I have to approve, its API twin, the card on the start page, the panel on the record; by browser and token."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from dougong.access.passwords import hash_password
from dougong.access.signin import set_password
from dougong.access.store import Snapshots
from dougong.access.tables import Person
from dougong.instant import now
from dougong.plugins.registry import Registry
from dougong.scheduling.jobs import Jobs
from dougong.tenancy.cells import Cell
from dougong.tenancy.files import Store
from dougong.testing.companies import Company
from dougong.testing.server import Database
from dougong.web import account, admin, approvals, router, signin
from dougong.web.application import Application, plugin_pages
from dougong.web.themes import Themes

from .conftest import Office

PASSWORD = "a quiet stairwell"
API = "/api/v1/core/approvals"


class Site:
    """The running application, asked by people of either company."""

    def __init__(self, app: Application, runner: asyncio.Runner) -> None:
        self.app, self.runner = app, runner
        self.csrf = ""

    def program(self, company: Company, who: str) -> Any:
        token = company.token(who)
        client = self._client(company, {"authorization": f"Bearer {token}"})
        return lambda method, path, **more: self.runner.run(client.request(method, path, **more))

    def browser(self, company: Company, who: str) -> Any:
        with company.session() as session:
            person = session.get_one(Person, (company.tenant, company.people[who]))
            set_password(session, person, PASSWORD, now=now(), demo=True, hashed=hash_password(PASSWORD))
        client = self._client(company, {})

        def ask(method: str, path: str, **data: Any) -> httpx.Response:
            more = {"data": {"csrf": self.csrf, **data}} if method == "POST" else {}
            answer = self.runner.run(client.request(method, path, **more))
            if found := re.search(r'name="csrf" value="([0-9a-f]+)"', answer.text):
                self.csrf = found[1]
            return answer

        ask("GET", "/signin")
        assert ask("POST", "/signin", username=who, password=PASSWORD).status_code == 303
        return ask

    def _client(self, company: Company, headers: dict[str, str]) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        return httpx.AsyncClient(transport=transport, base_url=f"http://{company.host}", headers=headers)


@pytest.fixture(scope="module")
def site(
    shared_database: Database,
    sheet_registry: Registry,
    sheet_companies: list[Company],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    class Secrets:
        secret, metrics = bytes(range(32)), False

    cell = Cell(shared_database.app, pool=4)
    app = Application(
        cell=cell,
        registry=sheet_registry,
        snapshots=Snapshots(cell, sheet_registry),
        jobs=Jobs(sheet_registry.jobs),
        files=Store(str(tmp_path_factory.mktemp("files"))),
        config=Secrets(),
        themes=Themes(sheet_registry.themes, {n: m.package for n, m in sheet_registry.modules.items()}),
        routes=(signin.routes, account.routes, admin.routes, approvals.routes, plugin_pages),
        records=router.routes_for,
        threads=4,
        allow_demo=True,
    )
    with asyncio.Runner() as runner:
        runner.run(app.open())
        yield Site(app, runner)
        runner.run(app.close())


def words(answer: httpx.Response) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def asked_for(office: Office, **body: Any) -> UUID:
    id = office.create(title="Lift rules", **body)
    office.do(id, "release_submit", "service_agent_n1")
    return id


def test_the_page_says_what_waits_from_whom_and_how_long(office: Office, site: Site) -> None:
    id = asked_for(office)
    ask = site.browser(office.company, "engineering_lead_n1")
    shown = ask("GET", "/approvals")
    assert shown.status_code == 200
    said = words(shown)
    assert "Lift rules" in said
    assert "service_agent_n1" in said
    assert f"/sheets/sheet/{id}/do/release_agree?back=/approvals" in shown.text
    assert 'href="/approvals"' in ask("GET", "/").text
    assert "Lift rules" in words(ask("GET", "/"))
    form = ask("GET", f"/sheets/sheet/{id}/do/release_agree?back=/approvals")
    version = re.search(r'name="row_version" value="(\d+)"', form.text)
    assert version is not None
    done = ask("POST", f"/sheets/sheet/{id}/do/release_agree", row_version=version[1], back="/approvals", words="")
    assert (done.status_code, done.headers["location"]) == (303, "/approvals")
    assert "Lift rules" not in words(ask("GET", "/approvals"))
    assert "Lift rules" in words(ask("GET", "/approvals?part=done"))


def test_the_submitter_sees_how_far_it_is_and_the_record_shows_who_signed(office: Office, site: Site) -> None:
    id = asked_for(office)
    office.do(id, "release_agree", "engineering_lead_n1", words="agreed with a word")
    ask = site.browser(office.company, "service_agent_n1")
    assert "Lift rules" in words(ask("GET", "/approvals?part=asked"))
    shown = words(ask("GET", f"/sheets/sheet/{id}"))
    assert "agreed with a word" in shown
    assert "security_lead_n1" in shown
    explained = words(ask("GET", f"/sheets/sheet/{id}/explain?action=release_withdraw"))
    assert explained


def test_the_api_lists_pages_and_leads_to_the_steps(office: Office, site: Site) -> None:
    several = {str(asked_for(office)) for _n in range(3)}
    ask = site.program(office.company, "security_lead_n1")
    first = ask("GET", f"{API}?limit=2").json()
    assert len(first["results"]) == 2
    rest = ask("GET", first["next"]).json()
    assert {r["record"]["id"] for r in first["results"] + rest["results"]} == several
    assert rest["next"] is None
    one = first["results"][0]
    assert one["level"] == "cosign"
    answer = ask(
        "POST", one["transitions"]["agree"], json={}, headers={"if-match": f'"{one["record"]["row_version"]}"'}
    )
    assert answer.status_code == 200, answer.text
    stale = ask("POST", one["transitions"]["agree"], json={}, headers={"if-match": f'"{one["record"]["row_version"]}"'})
    assert stale.status_code in (409, 412)
    assert site.program(office.company, "quality")("GET", API).json()["results"] == []


@pytest.mark.parametrize(
    "query", ["part=x", "limit=0", "limit=9999", "limit=a", "after=zzz", "nonsense=1", "after=%00"]
)
def test_nonsense_is_refused_in_words(office: Office, site: Site, query: str) -> None:
    answer = site.program(office.company, "quality")("GET", f"{API}?{query}")
    assert 400 <= answer.status_code < 500, answer.text


def test_by_site_and_module_and_a_module_off_is_absent(office: Office, other: Office, site: Site) -> None:
    asked_for(office)
    ask = site.program(office.company, "security_lead_n1")
    assert len(ask("GET", f"{API}?site=n1&module=sheets").json()["results"]) == 1
    assert ask("GET", f"{API}?module=complaints").json()["results"] == []
    assert site.program(other.company, "security_lead_n1")("GET", API).json()["results"] == []
    office.company.switch("sheets", False)
    assert ask("GET", API).json()["results"] == []
    office.company.switch("sheets", True)
    assert len(ask("GET", API).json()["results"]) == 1


def test_who_may_not_agree_is_told_why(office: Office, site: Site) -> None:
    id = asked_for(office)
    ask = site.browser(office.company, "quality")
    told = words(ask("GET", f"/sheets/sheet/{id}/explain?action=release_agree"))
    assert "engineering_lead_n1" in told
    answer = site.program(office.company, "quality")(
        "POST", f"/api/v1/sheets/sheet/{id}/transitions/release_agree", json={}
    )
    assert answer.status_code == 409
    assert "engineering_lead_n1" in answer.text


def test_what_is_being_approved_offers_no_edit_and_says_why(office: Office, site: Site) -> None:
    id = office.create(title="Lift rules")
    ask = site.browser(office.company, "service_agent_n1")
    address = f"/sheets/sheet/{id}"
    assert f'href="{address}/edit"' in ask("GET", address).text
    office.do(id, "release_submit", "service_agent_n1")
    shown = ask("GET", address)
    assert f'href="{address}/edit"' not in shown.text
    assert "修改：现在不能" in words(shown)
    assert ask("GET", f"{address}/edit").status_code == 409  # before anything is typed in vain
