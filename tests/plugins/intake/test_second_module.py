"""The declaration carries a form that has nothing in common with a complaint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong import Invalid
from dougong.plugins.loader import load
from dougong.testing.clients import Running, running
from dougong.testing.companies import Company, found_company
from dougong.testing.tables import create_tables
from dougong_intake.records import Consent

from . import visitors
from .conftest import Phone, put_point

if TYPE_CHECKING:
    from pathlib import Path

    from dougong.plugins.registry import Registry
    from dougong.tenancy.cells import Cell
    from dougong.testing.clock import Clock
    from dougong.testing.server import Database

GOOD = {
    "why": "family",
    "day": "2026-03-08",
    "people": "3",
    "gate": "东门",
    "host": "李先生",
    "phone": "13800005678",
    "agree": "1",
}


@pytest.fixture
def both(registry: Registry) -> Registry:
    kept = [(name, one.module) for name, one in registry.plugins.items() if name != "core"]
    made = load([*kept, ("visitors", visitors)])
    assert not made.failures
    return made


@pytest.fixture
def company(database: Database, cell: Cell, both: Registry) -> Company:
    create_tables(database.owner, "visitors")
    return found_company(database.owner, cell, both, "anhe")


@pytest.fixture
def platform(database: Database, both: Registry, company: Company, tmp_path: Path) -> Iterator[Running]:
    with running(database, both, tmp_path / "home") as made:
        yield made


@pytest.fixture
def phone(platform: Running, company: Company, clock: Clock) -> Phone:
    return Phone(platform.browser(company), clock)


def visits(company: Company) -> list[visitors.Visit]:
    with company.acting(None) as x:
        found = list(x.session.scalars(sa.select(visitors.Visit)))
        x.session.expunge_all()
        return found


def test_a_code_for_everything_asks_what_it_is_about(phone: Phone, company: Company) -> None:
    address = put_point(company)
    text = phone.open(address).text
    for form in ("visitors.announce", "complaints.complaint"):
        assert f"{address}?form={form}" in text
    assert phone.client.get(f"{address}?form=nothing.here").status_code == 404
    assert phone.fill(f"{address}?form=visitors.announce", **GOOD).status_code == 303
    assert len(visits(company)) == 1


def test_a_code_for_one_form_opens_only_that(phone: Phone, company: Company) -> None:
    address = put_point(company, form="visitors.announce")
    text = phone.open(address).text
    assert "Announce a visitor" in text
    assert 'type="file"' not in text
    assert 'name="anonymous"' not in text
    assert phone.client.get(f"{address}?form=complaints.complaint").status_code == 404


def test_the_whole_way_of_a_visitor(phone: Phone, company: Company) -> None:
    address = put_point(company, form="visitors.announce", place="东门")
    answer = phone.fill(address, **{**GOOD, "gate": ""})
    assert answer.status_code == 303, answer.text
    (made,) = visits(company)
    assert (made.gate, made.people, str(made.day), made.host) == ("东门", 3, "2026-03-08", "李先生")
    with company.session() as session:
        assert session.scalars(sa.select(Consent)).one().fields == ["host", "phone"]
    case = answer.headers["location"].partition("?")[0]
    assert "Announced" in phone.client.get(case).text
    assert phone.post(f"{case}/say", text="多带一个人").status_code == 303
    assert visits(company)[0].heard == 1
    assert phone.post(f"{case}/do/cancel", reason="下雨", again="someday").status_code == 422
    assert phone.post(f"{case}/do/cancel", reason="下雨", again="2026-03-09").status_code == 303
    assert visits(company)[0].status is visitors.State.CANCELLED
    assert phone.post(f"{case}/do/cancel", reason="下雨").status_code == 409


@pytest.mark.parametrize(
    "over",
    [
        {"day": "tomorrow"},
        {"people": "many"},
        {"why": "nosiness"},
        {"phone": ""},
        {"host": ""},
        {"agree": ""},
        {"anonymous": "1", "host": "", "phone": ""},
    ],
)
def test_what_is_wrong_is_refused_with_what_was_typed(phone: Phone, company: Company, over: dict[str, str]) -> None:
    address = put_point(company, form="visitors.announce")
    answer = phone.fill(address, **{**GOOD, **over})
    assert answer.status_code == 422
    assert "东门" in answer.text
    assert visits(company) == []


def test_a_program_that_asks_for_more_than_is_offered_is_refused(company: Company) -> None:
    body: dict[str, Any] = {"why": "family", "day": "2026-03-08", "host": "李先生", "phone": "13800005678"}
    with company.acting(None) as x:
        site = company.sites["n1"]
        for wrong in ({"status": "cancelled"}, {"heard": 7}, {"number": "FK-1"}):
            with pytest.raises(Invalid):
                visitors.form.check(x, site, {**body, **wrong})
        with pytest.raises(Invalid):
            visitors.form.check(x, site, body, anonymous=True)
        assert visitors.form.check(x, site, body)["host"] == "李先生"
