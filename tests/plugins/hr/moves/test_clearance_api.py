"""A leaver's clearance by its addresses: the list of what is open, the handing over, and what both refuse, page and API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from dougong import HandedOver, shut_account
from dougong_hr.moves import clearing
from dougong_hr.moves.choices import ChangeState

from .conftest import AGENT, HR, LEAD, MANAGER, TECHNICIAN
from .test_leaving import ALL, MONDAY, leaver, order, owner

if TYPE_CHECKING:
    from dougong.testing.clients import Client, Running

    from .conftest import World

ORDER = "workorders.order"


@pytest.fixture(autouse=True)
def monday(world: World) -> None:
    world.clock.at(MONDAY)


@pytest.fixture
def hr(world: World, platform: Running) -> Client:
    return platform.program(world.company, HR)


def at(c: Any, tail: str = "") -> str:
    return f"/hr/changes/{c.id}/clearance{tail}"


def test_a_program_lists_what_is_open_and_hands_it_over(world: World, hr: Client) -> None:
    c, id = leaver(world), order(world)
    told = hr.api("GET", at(c)).json()
    (kind,) = [one for one in told["items"] if one["kind"] == ORDER]
    assert kind["count"] == 1
    assert [one["key"] for one in told["owed"]] == ALL
    heir = str(world.company.add_person("technician_b", ("technician", "n1")))
    answer = hr.api("POST", at(c, "/hand-over"), {"to": {ORDER: heir}})
    assert answer.status_code == 200, answer.text
    assert answer.json()["counts"] == {ORDER: 1}
    assert answer.json()["clearance"]["items"] == []
    assert owner(world, id) == heir
    assert hr.api("POST", at(c, "/hand-over"), {"to": {ORDER: heir}}).json()["counts"] == {}, (
        "nothing is left: no mistake"
    )
    world.do(HR, c, "settle", items=ALL)
    assert world.do(HR, c, "clear").status is ChangeState.READY


def test_what_cannot_be_taken_over_stays_and_says_why(world: World, platform: Running) -> None:
    """To somebody who clears and may read work orders, too."""
    c, id = leaver(world), order(world)
    world.company.add_person("hr_and_quality", ("hr", "n1"), ("quality", "n1"))
    stranger = str(world.company.add_person("technician_of_n2", ("technician", "n2")))
    reader = platform.program(world.company, "hr_and_quality")
    told = reader.api("POST", at(c, "/hand-over"), {"to": {ORDER: stranger}}).json()
    assert told["counts"] == {}
    assert [one["id"] for one in told["refused"]] == [str(id)]
    assert told["withheld"] == {}
    assert "technician_of_n2" in told["refused"][0]["why"]
    assert owner(world, id) == world.id(TECHNICIAN)


def test_what_stays_is_only_counted_for_who_may_not_read_it(world: World, platform: Running, hr: Client) -> None:
    c, id = leaver(world), order(world)
    with world.company.acting(None, "workorders") as x:
        number = x.session.get_one(x.registry.resources[ORDER].record, (x.tenant, id)).number
    stranger = str(world.company.add_person("technician_of_n2", ("technician", "n2")))
    told = hr.api("POST", at(c, "/hand-over"), {"to": {ORDER: stranger}})
    assert told.status_code == 200
    assert (told.json()["refused"], told.json()["withheld"]) == ([], {ORDER: 1})
    page = platform.browser(world.company, HR)
    page.get(at(c))
    assert page.post(at(c), {f"to-{ORDER}": stranger}).status_code == 303
    shown = page.get(at(c)).text
    assert "0 项" in shown or "0 handed over" in shown
    for text in (told.text, shown):
        assert number not in text
        assert str(id) not in text
        assert "水龙头滴水" not in text
    assert owner(world, id) == world.id(TECHNICIAN)


def test_a_signature_asked_by_name_that_stays_is_only_counted_too(world: World) -> None:
    done = clearing.Handed()
    with world.acting(HR) as x:
        done.add(HandedOver({}, (("core.approval", uuid4(), "GD-2026-000777", "厨房水龙头滴水"),)), x)
    assert (done.refused, done.withheld) == ([], {"core.approval": 1})


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "to"),
        ({"to": {}}, "to"),
        ({"to": {ORDER: "nobody"}}, f"to.{ORDER}"),
        ({"to": {ORDER: str(uuid4())}}, f"to.{ORDER}"),
        ({"to": {"'; drop": str(uuid4())}}, "to"),
        ({"to": [ORDER]}, "to"),
        ({"to": {ORDER: None}}, f"to.{ORDER}"),
        ({"too": 1, "to": {ORDER: str(uuid4())}}, "too"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused_by_its_field(world: World, hr: Client, body: Any, path: str) -> None:
    c, id = leaver(world), order(world)
    answer = hr.api("POST", at(c, "/hand-over"), body)
    assert answer.status_code == 422, answer.text
    assert any(one["path"].startswith(path) for one in answer.json()["errors"]), answer.text
    assert owner(world, id) == world.id(TECHNICIAN)


def test_neither_to_the_leaver_nor_to_somebody_who_is_gone(world: World, hr: Client) -> None:
    c, id = leaver(world), order(world)
    gone = str(world.company.add_person("gone", ("technician", "n1")))
    with world.acting(None) as x:
        shut_account(x, world.company.people["gone"])
    for heir in (world.id(TECHNICIAN), gone):
        answer = hr.api("POST", at(c, "/hand-over"), {"to": {ORDER: heir}})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == f"to.{ORDER}"
    assert owner(world, id) == world.id(TECHNICIAN)


def test_only_who_clears_reads_and_hands_over(world: World, platform: Running) -> None:
    c, id = leaver(world), order(world)
    body = {"to": {ORDER: world.id(LEAD)}}
    for name, status in ((AGENT, 404), (TECHNICIAN, 404), (MANAGER, 403)):
        program, browser = platform.program(world.company, name), platform.browser(world.company, name)
        assert program.api("GET", at(c)).status_code == status, name
        assert program.api("POST", at(c, "/hand-over"), body).status_code == status, name
        assert browser.get(at(c)).status_code == status, name
    assert platform.program(world.company).api("GET", at(c)).status_code == 401
    assert owner(world, id) == world.id(TECHNICIAN)


def test_another_change_none_and_one_that_is_not_on(world: World, hr: Client) -> None:
    other = world.propose(world.employee("乙"), world.post("客服"), type="hire")
    assert hr.api("GET", at(other)).status_code == 409
    assert hr.api("GET", f"/hr/changes/{uuid4()}/clearance").status_code == 404
    assert hr.api("GET", "/hr/changes/no/clearance").status_code == 404
    draft = world.propose(world.employee("丙"), type="leave")
    assert hr.api("GET", at(draft)).status_code == 200
    assert hr.api("POST", at(draft, "/hand-over"), {"to": {ORDER: world.id(LEAD)}}).status_code == 409


def test_another_company_has_no_part_in_it(world: World, platform: Running, other_company: Any) -> None:
    c = leaver(world)
    other_company.switch("hr", True)
    program = platform.program(other_company, HR)
    assert program.api("GET", at(c)).status_code == 404
    assert program.api("POST", at(c, "/hand-over"), {"to": {ORDER: str(uuid4())}}).status_code == 404


def test_both_addresses_are_described(world: World, hr: Client) -> None:
    paths = hr.api("GET", "/openapi.json").json()["paths"]
    read = paths["/api/v1/hr/changes/{id}/clearance"]["get"]
    hand = paths["/api/v1/hr/changes/{id}/clearance/hand-over"]["post"]
    assert read["operationId"] != hand["operationId"]
    assert hand["requestBody"]["required"]


def test_the_page_keeps_what_is_wrong_to_itself(world: World, platform: Running) -> None:
    c, id = leaver(world), order(world)
    hr = platform.browser(world.company, HR)
    hr.get(f"/hr/changes/{c.id}/clearance")
    page = f"/hr/changes/{c.id}/clearance"
    heir = str(world.company.add_person("technician_b", ("technician", "n1")))
    mixed = hr.post(page, {f"to-{ORDER}": heir, "given": ["keys", "crown"]})
    assert mixed.status_code == 422, "all of it or nothing"
    assert owner(world, id) == world.id(TECHNICIAN)
    assert not world.see(c).settled
    assert hr.post(page, {f"to-{ORDER}": world.id(TECHNICIAN)}).status_code == 422
    assert hr.post(page, {"to-no.such": heir}).status_code == 303, "nothing of that kind is on hand"
    assert hr.post(page, {"given": ["keys"]}).status_code == 303
    assert hr.post(page, {"given": ["keys"]}).status_code == 303, "twice is once"
    assert set(world.see(c).settled) == {"keys"}


def test_the_timeline_says_in_words_what_came_back(world: World, platform: Running) -> None:
    c = leaver(world)
    world.do(HR, c, "settle", items=ALL[:2])
    text = platform.browser(world.company, HR).get(f"/hr/change/{c.id}", headers={"accept-language": "zh-CN"}).text
    settings: Any = world.company.snapshot.settings("hr")
    words = [str(settings.clearance_items[key].label) for key in ALL[:2]]
    assert f"{words[0]}、{words[1]}" in text
    assert "[&#39;" not in text
