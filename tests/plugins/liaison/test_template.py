"""The template of obligations: taken over by kind of site, with its legal basis, adapted, never twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Forbidden
from dougong_liaison import takeover
from dougong_liaison.choices import Checked
from dougong_liaison.records import Filing, Obligation
from dougong_liaison.templates_of_law import KINDS, TEMPLATE, of_kind

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running
    from dougong.testing.companies import Company

    from .conftest import World

HERE = "/liaison/template"
MANAGER = "project_manager_n1"


def hidden(text: str) -> dict[str, str]:
    """What the form sends along without being asked."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def take(browser: Client, company: Company, kind: str, codes: list[str], to: str = "n1", **over: Any) -> Any:
    page = browser.get(f"{HERE}?to={to}&kind={kind}")
    sent = {**hidden(page.text), "to": to, "kind": kind, "owner": str(company.people[MANAGER]), "codes": codes, **over}
    return browser.post(HERE, sent)


def test_it_is_sound() -> None:
    assert len({one.code for one in TEMPLATE}) == len(TEMPLATE)
    assert all((one.mark == "V") == (one.checked is Checked.READ) for one in TEMPLATE)
    assert all(one.basis and one.evidence for one in TEMPLATE)


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        (
            "home",
            {"hotline", "fire_drill", "fire_training"},
            {"medical_waste", "dormitory", "fire_drill_half", "effluent"},
        ),
        (
            "park",
            {"dormitory", "fire_drill_half", "emergency_drill", "effluent"},
            {"medical_waste", "hotline", "fire_drill"},
        ),
        (
            "hospital",
            {"medical_waste", "fire_drill_half", "boiler_external"},
            {"dormitory", "hotline", "fire_training"},
        ),
    ],
)
def test_each_kind_of_site_has_its_own(kind: str, has: set[str], lacks: set[str]) -> None:
    codes = {one.code for one in of_kind(kind)}
    assert has <= codes
    assert not lacks & codes
    assert {"fire_test", "market_annual", "tax_month", "lift_inspection", "water_tank", "lightning"} <= codes


def test_taken_over_twice_it_makes_nothing_twice(world: World) -> None:
    codes = [one.code for one in of_kind("home")][:4]
    garden = world.sites["garden"]
    for expected in (4, 0):
        with world.as_("manager") as x:
            assert takeover.take_over(x, garden, codes, world.people["manager"]) == expected
    for one in world.all(Obligation):
        entry = next(e for e in TEMPLATE if e.code == one.code)
        assert (one.title, one.basis, one.checked, one.agency_kind) == (
            entry.title,
            entry.basis,
            entry.checked,
            entry.agency,
        )
    with world.as_("manager2") as x, pytest.raises(Forbidden):
        takeover.take_over(x, garden, ["labour"], world.people["manager2"])


def test_what_ended_does_not_come_back_by_itself(world: World) -> None:
    with world.as_("manager") as x:
        takeover.take_over(x, world.sites["garden"], ["labour"], world.people["manager"])
    (one,) = world.all(Obligation)
    world.do("manager", one, "end", reason="由总部办理")
    with world.as_("manager") as x:
        assert takeover.take_over(x, world.sites["garden"], ["labour"], world.people["manager"]) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_by_its_pages(platform: Running, company: Company, kind: str) -> None:
    browser = platform.browser(company, MANAGER)
    first = browser.get(HERE)
    assert first.status_code == 200
    onward = browser.post(f"{HERE}/choose", {"to": "n1", "kind": kind})
    assert (onward.status_code, onward.headers["location"]) == (303, f"{HERE}?to=n1&kind={kind}")
    shown = browser.get(onward.headers["location"])
    entries = of_kind(kind)
    for one in entries:
        assert one.title in shown.text
        assert one.basis in shown.text  # the law that it rests on
    assert "待核" in shown.text
    codes = [one.code for one in entries[:2]]
    done = take(browser, company, kind, codes)
    assert done.status_code == 303, done.text[:2000]
    with company.acting(None, "liaison") as x:
        made = x.session.scalars(x.readable(Obligation)).all()
        assert sorted(str(one.code) for one in made) == sorted(codes)
        assert x.session.scalars(x.readable(Filing)).first() is not None
        id = made[0].id
    detail = browser.get(f"/liaison/obligation/{id}")
    assert made[0].basis in detail.text
    again = browser.get(f"{HERE}?to=n1&kind={kind}")
    assert f'value="{codes[0]}"' not in again.text
    assert f'value="{entries[2].code}"' in again.text


def test_adapted_afterwards(platform: Running, company: Company) -> None:
    take(platform.browser(company, MANAGER), company, "home", ["labour"])
    program = platform.program(company, MANAGER)
    (one,) = program.api("GET", "/liaison/obligation").json()["results"]
    whole = program.api("GET", f"/liaison/obligation/{one['id']}").json()
    body = {"day": 15, "basis": "社会保险法第58条", "checked": "read"}
    changed = program.api("PATCH", f"/liaison/obligation/{one['id']}", body, version=whole["row_version"])
    assert changed.status_code == 200, changed.text
    found = changed.json()
    assert (found["day"], found["basis"], found["checked"]) == (15, "社会保险法第58条", "read")
    assert "code" not in found  # a key of this program says nothing to people
    page = platform.browser(company, MANAGER).get(f"/liaison/obligation/{one['id']}").text
    assert "社会保险法第58条" in page
    assert "labour" not in page
    with company.acting(MANAGER, "liaison") as x:
        assert takeover.known(x, company.sites["n1"]) == {"labour"}  # recognised, whatever was changed


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"codes": []}, 422), ({"codes": ["cake"]}, 422), ({"owner": "nobody"}, 422), ({"owner": ""}, 422),
        ({"to": "s1"}, 404), ({"to": "cake"}, 404), ({"to": ""}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(platform: Running, company: Company, over: dict[str, Any], status: int) -> None:
    sent: dict[str, Any] = {"codes": ["labour"], **over}
    answer = take(platform.browser(company, MANAGER), company, "home", **sent)
    assert answer.status_code == status, answer.text[:500]
    with company.acting(None, "liaison") as x:
        assert x.session.scalars(x.readable(Obligation)).all() == []


def test_an_owner_who_could_not_hand_in_is_refused(platform: Running, company: Company) -> None:
    for who in ("client_n1", "technician_n1", "project_manager_s1"):
        answer = take(platform.browser(company, MANAGER), company, "home", ["labour"], owner=str(company.people[who]))
        assert answer.status_code == 422


def test_who_adds_no_obligations_does_not_find_it(platform: Running, company: Company, other_company: Company) -> None:
    for who in ("quality", "finance", "engineering_lead_n1", "client_n1", "nobody"):
        assert platform.browser(company, who).get(HERE).status_code == 404
    company.switch("liaison", False)
    assert platform.browser(company, MANAGER).get(HERE).status_code == 404
    assert platform.browser(other_company, MANAGER).get(HERE).status_code == 200
