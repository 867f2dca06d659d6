"""The test kit itself: databases are fresh, companies whole, time stands still."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from dougong.access.tables import Person
from dougong.instant import now
from dougong.plugins.registry import Registry
from dougong.tenancy.cells import Bound, Cell
from dougong.testing.clients import Client, Running, legible
from dougong.testing.clock import MONDAY, Clock
from dougong.testing.companies import Company


def test_each_test_has_a_database_of_its_own(company: Company) -> None:
    assert company.snapshot.slug == "anhe"


def test_and_the_next_one_does_not_see_it(make_company: Callable[..., Company]) -> None:
    assert make_company("anhe", people={"wang": [("service_agent", "n1")]}).people.keys() == {"wang"}


def test_a_company_has_sites_and_everybody(company: Company, registry: Registry) -> None:
    snapshot = company.snapshot
    assert [node.slug for node in snapshot.sites.ordered()] == ["anhe", "north", "n1", "n2", "south", "s1"]
    assert snapshot.modules == frozenset(registry.modules)
    assert set(snapshot.roles) == set(registry.roles)
    held = {snapshot.roles[grant.role].slug for grant in snapshot.grants}
    assert held == set(registry.roles)
    assert company.gate("admin").may("core.people.edit", company.sites["n1"])
    assert not company.gate("nobody").may("core.people.edit", company.sites["n1"])


def test_companies_do_not_see_each_other(company: Company, other_company: Company, cell: Cell) -> None:
    with cell.session(Bound(other_company.tenant)) as session:
        found = set(session.scalars(sa.select(Person.id)))
    assert found == set(other_company.people.values())
    assert not found & set(company.people.values())


def test_changes_hold_at_once(company: Company) -> None:
    site = company.sites["n1"]
    grant = company.grant("nobody", "admin", "north", ends=MONDAY + dt.timedelta(days=36500))
    assert company.gate("nobody", MONDAY).may("core.people.edit", site)
    company.revoke(grant)
    assert not company.gate("nobody", MONDAY).may("core.people.edit", site)


def test_a_unit_of_work_as_somebody(company: Company) -> None:
    with company.acting("admin") as x:
        assert x.actor == company.people["admin"]
    with company.acting(None) as x:
        assert x.person is None


def test_tokens(company: Company) -> None:
    assert company.token("admin").startswith("dgt_")


def test_time_stands_still_until_moved(clock: Clock) -> None:
    assert now() == now() == MONDAY
    assert clock.move(hours=1.5) == MONDAY + dt.timedelta(hours=1.5)
    assert clock.at(MONDAY) == now() == MONDAY


def test_clients_are_signed_in_and_have_tokens(company: Company, platform: Running, client: Client) -> None:
    assert platform.browser(company).get("/").status_code in (302, 303)
    assert platform.browser(company, "admin").get("/").status_code == 200
    assert client.api("GET", "/openapi.json").status_code == 200
    assert platform.program(company).api("GET", "/openapi.json").status_code == 401
    assert platform.browser(None, host="unknown.localhost").get("/").status_code == 404


def test_what_is_legible_are_figures_and_no_ids(company: Company, platform: Running) -> None:
    told = "523456 330106199001010011 16.20 /hr/rating/01a20921-fae3-73bc-b86c-1620a52ace85 req-f2f69d91620d8d20"
    assert legible(told) == "523456 330106199001010011 16.20 /hr/rating/… req-…"
    page = platform.browser(company, "admin").get("/").text
    assert 'name="csrf" value="…"' in legible(page)
    assert str(company.people["admin"]) not in legible(page)
