"""What somebody might try by way of moves: accounts of people above, a head taken twice, names of residents, ways back in."""

from __future__ import annotations

import datetime as dt
import threading
from typing import TYPE_CHECKING, Any

import pytest
from dougong.errors import Conflict, Forbidden, Invalid, Problem
from dougong_hr.moves import clearing
from dougong_hr.moves.choices import CandidateState
from dougong_hr.moves.records import Candidate

from .conftest import AGENT, HR, TECHNICIAN
from .test_leaving import ALL, MONDAY, leaver, order, owner
from .test_recruiting import offered

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import World

HR_N1, REGION = "hr_of_n1", "regional_director_north"


@pytest.fixture(autouse=True)
def monday(world: World) -> None:
    world.clock.at(MONDAY)
    world.company.add_person(HR_N1, ("hr", "n1"))


@pytest.mark.parametrize("account", [REGION, "admin", "general_manager"])
def test_a_sites_hr_links_nobody_whose_roles_reach_beyond_the_site(world: World, account: str) -> None:
    """Else leaving would shut the account of somebody above, with all their roles."""
    who = world.employee("甲")
    with pytest.raises((Invalid, Forbidden)):
        world.do(HR_N1, who, "choose_account", person=world.id(account))
    assert world.see(who).person_id is None


def test_a_sites_hr_links_who_works_there_and_the_companys_hr_everybody(world: World) -> None:
    assert world.do(HR_N1, world.employee("甲"), "choose_account", person=world.id(AGENT)).person_id is not None
    assert world.do(HR, world.employee("乙"), "choose_account", person=world.id(REGION)).person_id is not None


def test_a_role_to_come_counts_too(world: World) -> None:
    world.company.grant(TECHNICIAN, "technician", "s1", starts=MONDAY + dt.timedelta(days=9))
    with pytest.raises((Invalid, Forbidden)):
        world.do(HR_N1, world.employee("甲"), "choose_account", person=world.id(TECHNICIAN))


def test_the_account_stands_still_while_a_change_is_decided(world: World) -> None:
    """Else who leaves could keep theirs, somebody else could lose theirs, and a manager could sign for themselves."""
    who = world.employee("甲", TECHNICIAN)
    c = world.propose(who, type="leave", effective_on=world.day(3))
    world.do(HR, who, "choose_account", person=None)
    world.do(HR, who, "choose_account", person=world.id(TECHNICIAN))
    world.do(HR, c, "approve_submit")
    for person in (None, world.id(AGENT)):
        with pytest.raises(Conflict):
            world.do(HR, who, "choose_account", person=person)
    without = world.employee("乙")
    world.approved(world.propose(without, type="leave", effective_on=world.day(3)))
    with pytest.raises(Conflict):
        world.do(HR, without, "choose_account", person=world.id(AGENT))
    hired = world.employee("丙")
    world.do(HR, world.propose(hired, world.post("客服"), type="hire"), "approve_submit")
    assert world.do(HR, hired, "choose_account", person=world.id(AGENT)).person_id is not None
    with pytest.raises(Conflict):
        world.do(HR, hired, "choose_account", person=None)


def at_once(world: World, first: Any, second: Any, step: str) -> list[Any]:
    """Both take a step at once: the second begins while the first is not committed. What came of the second."""
    came: list[Any] = []

    def later() -> None:
        try:
            came.append(world.do(HR, second, step))
        except Problem as problem:
            came.append(problem)

    thread = threading.Thread(target=later)
    with world.acting(HR) as x:
        x.take(x.get(type(first), first.id), step)
        x.session.flush()
        thread.start()
        thread.join(1.5)
    thread.join(20)
    return came


def test_two_who_accept_at_once_do_not_take_the_same_head(world: World) -> None:
    r = world.opened(world.post("客服"))
    first, second = offered(world, r), offered(world, r)
    (came,) = at_once(world, first, second, "accept")
    assert isinstance(came, Conflict), came
    taken = [one for one in world.all(Candidate) if one.status is CandidateState.HIRED]
    assert len(taken) == 1


def test_the_clearance_offers_staff_and_no_residents(world: World, platform: Running) -> None:
    c = leaver(world)
    order(world)
    world.company.add_person("resident_wang", ("client", "n1"), name="业主王先生")
    world.company.add_person("technician_far", ("technician", "s1"), name="南区技工")
    world.company.add_person("technician_b", ("technician", "n1"), name="技工乙")
    shown = platform.browser(world.company, HR).get(f"/hr/changes/{c.id}/clearance").text
    assert "技工乙" in shown
    assert "业主王先生" not in shown
    assert "南区技工" not in shown


def test_a_requisition_offers_the_posts_of_its_site_alone(world: World, platform: Running) -> None:
    for title, site in (("本站点客服", "n1"), ("区域总监", "north"), ("公司财务", world.company.slug), ("别处客服", "n2")):
        world.post(title, site=site)
    browser = platform.browser(world.company, HR)
    shown = browser.get("/hr/requisition/new?site=n1").text
    assert "本站点客服" in shown
    for title in ("区域总监", "公司财务", "别处客服"):
        assert title not in shown, title


def test_a_handing_over_is_bounded_over_all_kinds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    c = leaver(world)
    orders = [order(world) for _n in range(3)]
    heir = world.company.add_person("technician_b", ("technician", "n1"))
    monkeypatch.setattr(clearing, "MOST", 2)
    for left in (1, 0):
        with world.acting(HR) as x:
            done = clearing.give(clearing.leaving(x, c.id), {"workorders.order": heir}, x)
        assert done.more is bool(left)
        assert sum(owner(world, one) == world.id(TECHNICIAN) for one in orders) == left


def test_who_has_left_has_no_way_back(world: World, platform: Running) -> None:
    c = leaver(world, 0)
    browser, program = platform.browser(world.company, TECHNICIAN), platform.program(world.company, TECHNICIAN)
    assert browser.get("/").status_code == 200
    assert program.api("GET", "/workorders/order").status_code == 200
    world.company.grant(TECHNICIAN, "technician", "n1", starts=MONDAY + dt.timedelta(days=30))
    world.do(HR, c, "settle", items=ALL)
    world.do(HR, c, "clear")
    assert world.status(TECHNICIAN) == "disabled"
    assert browser.get("/").status_code == 303
    assert program.api("GET", "/workorders/order").status_code == 401
    assert world.grants(TECHNICIAN) == 0


def test_a_form_of_another_address_hands_nothing_over(world: World, platform: Running) -> None:
    c = leaver(world)
    hr = platform.browser(world.company, HR)
    assert hr.ask("POST", f"/hr/changes/{c.id}/clearance", data={"given": ALL}).status_code == 403
    alone = {"content-type": "application/json"}
    sent = hr.ask("POST", f"/api/v1/hr/changes/{c.id}/clearance/hand-over", content='{"to": {}}', headers=alone)
    assert sent.status_code == 403
    assert world.see(c).settled == {}
