"""Agencies by their old and new names, contacts that are handed over, interactions that are followed up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Invalid, hand_over, open_items
from dougong.errors import NotFound
from dougong_liaison.choices import AgencyState, ContactState, InteractionState
from dougong_liaison.records import Agency, Contact, Interaction, Step

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.companies import Company

    from .conftest import World

VISIT = {
    "nature": "inspection", "title": "消防双随机检查", "held_at": "2026-03-02T00:30:00Z", "surprise": True,
    "participants": "项目经理、保安队长", "conclusion": "通道堆物，限期整改",
}  # fmt: skip


def contact(world: World, agency: Agency, **over: Any) -> Contact:
    body = {
        "agency_id": str(agency.id), "duty": "防火监督", "office_phone": "0571-88000119", "name": "经办人甲",
        "mobile": "13800005678", "owner_id": world.who("manager"), **over,
    }  # fmt: skip
    made: Contact = world.make(Contact, **body)
    return made


def visit(world: World, agency: Agency, **over: Any) -> Interaction:
    body = {**VISIT, "agency_id": str(agency.id), "owner_id": world.who("security"), **over}
    made: Interaction = world.make(Interaction, **body)
    return made


# ---- names ----


@pytest.mark.parametrize(
    ("nature", "name", "old"),
    [
        ("market", "安禾区市场监督管理局", "工商"),
        ("environment", "安禾区生态环境分局", "环保局"),
        ("tax", "安禾区税务局", "地税"),
    ],
)
def test_search_finds_it_by_the_name_that_it_had(
    platform: Running, company: Company, nature: str, name: str, old: str
) -> None:
    program = platform.program(company, "general_manager")
    body = {"nature": nature, "name": name, "jurisdiction": "安禾区", "site": company.slug}
    assert program.api("POST", "/liaison/agency", body).status_code == 201
    other = {"nature": "weather", "name": "安禾区气象局", "jurisdiction": "安禾区", "site": company.slug}
    assert program.api("POST", "/liaison/agency", other).status_code == 201
    for word in (old, name[:5]):
        found = program.api("GET", f"/liaison/agency?q={word}").json()["results"]
        assert name in [one["name"] for one in found]
    assert [one["name"] for one in program.api("GET", f"/liaison/agency?q={old}").json()["results"]] == [name]
    page = platform.browser(company, "general_manager").get(f"/search?q={old}")
    assert page.status_code == 200
    assert name in page.text


def test_its_own_former_names_find_it_too_and_follow_its_kind(world: World) -> None:
    agency = world.agency(nature="market", name="开发区市场监管分局", former="开发区工商分局")
    assert "工商局" in agency.aliases
    assert "安监局" in world.edit("boss", agency, nature="emergency").aliases
    world.settings(agency_kinds={"port": {"name": "港口管理", "former": "港务局"}})
    assert world.edit("boss", agency, nature="port").aliases == "港务局"


def test_one_that_was_merged_stays_on_record_and_is_chosen_no_more(world: World) -> None:
    agency = world.agency()
    kept = contact(world, agency)
    with pytest.raises(Invalid):
        world.do("boss", agency, "close_agency")
    assert world.do("boss", agency, "close_agency", reason="并入应急管理局").status is AgencyState.CLOSED
    with pytest.raises(Invalid) as refused:
        contact(world, agency)
    assert refused.value.errors[0].path == "agency_id"
    assert world.edit("manager", kept, duty="消防宣传").duty == "消防宣传"  # what is there goes on


# ---- contacts ----


def test_a_contact_is_handed_over(world: World) -> None:
    c = contact(world, world.agency())
    with pytest.raises(Invalid):
        world.do("manager", c, "give", person=world.who("manager"))
    assert world.do("manager", c, "give", person=world.who("boss")).owner_id == world.people["boss"]


def test_whoever_leaves_hands_all_contacts_over_at_once(world: World) -> None:
    agency = world.agency()
    mine = [contact(world, agency), contact(world, agency, duty="综合科")]
    gone = contact(world, agency, duty="原科长")
    world.do("manager", gone, "left")
    with world.as_("boss") as x:
        held = {one.kind: one.count for one in open_items(x, world.people["manager"])}
        assert held["liaison.contact"] == 2
        hand_over(x, world.people["manager"], world.people["boss"], reason="离职交接")
    assert {world.see(one).owner_id for one in mine} == {world.people["boss"]}
    assert world.see(gone).owner_id == world.people["manager"]


def test_one_who_left_the_office_is_kept_by_nobody_any_more(world: World) -> None:
    c = contact(world, world.agency())
    found = world.do("manager", c, "left")
    assert (found.status, found.left_at) == (ContactState.LEFT, world.clock.now)
    for step, body in (("give", {"person": world.who("boss")}), ("left", {})):
        with pytest.raises(Conflict):
            world.do("manager", c, step, **body)


def test_names_and_mobiles_are_masked_and_closed_to_the_leads(platform: Running, company: Company) -> None:
    boss = platform.program(company, "general_manager")
    agency = boss.api(
        "POST", "/liaison/agency", {"nature": "fire", "name": "消防", "jurisdiction": "x", "site": company.slug}
    ).json()
    body = {
        "agency_id": agency["number"], "duty": "防火监督", "office_phone": "0571-88000119", "name": "经办人甲",
        "mobile": "13800005678", "owner_id": str(company.people["project_manager_n1"]), "site": "n1",
    }  # fmt: skip
    made = boss.api("POST", "/liaison/contact", body)
    assert made.status_code == 201, made.text
    address = f"/liaison/contact/{made.json()['id']}"
    for who in ("project_manager_n1", "general_manager"):
        text = platform.program(company, who).api("GET", address).text
        assert "13800005678" not in text
        assert "经办人甲" not in text
    shown = platform.program(company, "quality").api("GET", address)
    assert shown.status_code == 200
    assert "13800005678" not in shown.text
    assert platform.program(company, "engineering_lead_n1").api("GET", address).status_code == 404
    assert platform.program(company, "project_manager_s1").api("GET", address).status_code == 404


# ---- interactions ----


def test_a_surprise_inspection_logged_afterwards_says_so(world: World) -> None:
    agency = world.agency()
    at_once, later = visit(world, agency), visit(world, agency, held_at="2026-02-27T02:00:00Z")
    assert (at_once.surprise, at_once.afterwards, later.afterwards) == (True, False, True)
    for wrong in ({"held_at": "2026-03-02T01:00:01Z"}, {"nature": "party"}, {"conclusion": ""}, {"gift": "茶叶"}):
        with pytest.raises(Invalid):
            visit(world, agency, **wrong)


def test_it_is_followed_up(world: World) -> None:
    i = visit(world, world.agency())
    world.do("manager", i, "add_step", text="清理通道", until="2026-03-05")
    found = world.do("manager", i, "followed")
    assert (found.status, found.closed_at) == (InteractionState.CLOSED, world.clock.now)
    with pytest.raises(Conflict):
        world.do("manager", i, "add_step", text="再看一次")
    with world.as_(None) as x:
        (kept,) = x.children(x.session.get_one(Interaction, (world.tenant, i.id)), Step)
        assert (kept.text, kept.until) == ("清理通道", dt.date(2026, 3, 5))


def test_a_lead_sees_what_they_follow_up(world: World) -> None:
    i = visit(world, world.agency())
    with world.as_("security") as x:
        assert x.get(Interaction, i.id).title == VISIT["title"]
    with world.as_("engineer") as x, pytest.raises(NotFound):
        x.get(Interaction, i.id)
