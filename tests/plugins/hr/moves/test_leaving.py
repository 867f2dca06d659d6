"""A leaver cleared: what is on hand is handed over, what was lent comes back, and then posts, roles and sign-in end."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong.errors import Conflict
from dougong_hr.moves.choices import ChangeState

from .conftest import AGENT, HR, LEAD, TECHNICIAN

if TYPE_CHECKING:
    from dougong.testing.clients import Running

    from .conftest import World

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
ALL = ["keys", "equipment", "documents", "money"]
ORDER = {
    "nature": "repair", "urgency": "normal", "source": "phone", "category": "water", "title": "水龙头滴水", "location": "3 号楼",
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday(world: World) -> None:
    world.clock.at(MONDAY)


def order(world: World) -> Any:
    """A work order that the technician has on hand."""
    with world.company.acting(LEAD, "workorders") as x:
        kind = x.registry.resources["workorders.order"].record
        made = x.submit(kind, world.company.sites["n1"], ORDER)
        x.take(made, "dispatch", owner_id=world.id(TECHNICIAN))
        return made.id


def owner(world: World, id: Any) -> str:
    with world.acting(None) as x:
        kind = x.registry.resources["workorders.order"].record
        return str(x.session.scalar(sa.select(kind.owner_id).where(kind.id == id)))


def leaver(world: World, n: int = 3) -> Any:
    who = world.employee("甲", TECHNICIAN)
    world.seat(who, world.post("技工", roles="service_agent"))
    c = world.approved(world.propose(who, type="leave", effective_on=world.day(n)))
    assert c.status is ChangeState.CLEARING
    return c


def test_a_leaver_with_open_items_is_not_let_go(world: World) -> None:
    c, id = leaver(world), order(world)
    world.do(HR, c, "settle", items=ALL)
    with pytest.raises(Conflict):
        world.do(HR, c, "clear")
    world.clock.through(days=5)
    assert world.see(c).status is ChangeState.CLEARING
    assert world.status(TECHNICIAN) == "active"
    assert owner(world, id) == world.id(TECHNICIAN)


def test_a_leaver_cleared(world: World, platform: Running) -> None:
    c, id = leaver(world), order(world)
    hr = platform.browser(world.company, HR)
    shown = hr.get(f"/hr/changes/{c.id}/clearance")
    assert shown.status_code == 200
    assert "to-workorders.order" in shown.text
    heir = world.company.add_person("technician_b", ("technician", "n1"))
    sent = hr.post(f"/hr/changes/{c.id}/clearance", {"to-workorders.order": str(heir), "given": ALL})
    assert sent.status_code == 303, sent.text
    assert owner(world, id) == str(heir)
    c = world.do(HR, c, "clear")
    assert c.status is ChangeState.READY
    assert world.status(TECHNICIAN) == "active"
    world.clock.through(days=4)
    c = world.see(c)
    assert c.status is ChangeState.EFFECTIVE
    assert world.status(TECHNICIAN) == "disabled"
    assert world.grants(TECHNICIAN) == 0
    held = next(iter(world.held(_employee(world, c)).values()))
    assert held[1] == c.effective_on


def _employee(world: World, c: Any) -> Any:
    from dougong_hr.organisation.records import Employee

    return world.all(Employee, id=c.employee_id)[0]


def test_something_that_comes_up_before_the_day_opens_the_clearance_again(world: World) -> None:
    c = leaver(world)
    world.do(HR, c, "settle", items=ALL)
    assert world.do(HR, c, "clear").status is ChangeState.READY
    order(world)
    world.clock.through(days=4)
    assert world.see(c).status is ChangeState.CLEARING
    assert world.status(TECHNICIAN) == "active"


def test_what_was_lent_has_to_come_back(world: World) -> None:
    c = leaver(world)
    with pytest.raises(Conflict):
        world.do(HR, c, "clear")
    c = world.do(HR, c, "settle", items=["keys"])
    assert set(c.settled) == {"keys"}


def test_the_page_is_for_who_clears(world: World, platform: Running) -> None:
    c = leaver(world)
    assert platform.browser(world.company, AGENT).get(f"/hr/changes/{c.id}/clearance").status_code == 404
    other = world.propose(world.employee("乙"), world.post("客服"), type="hire")
    assert platform.browser(world.company, HR).get(f"/hr/changes/{other.id}/clearance").status_code == 409
    hr = platform.browser(world.company, HR)
    order(world)
    assert hr.get(f"/hr/changes/{c.id}/clearance").status_code == 200
    bad = hr.post(f"/hr/changes/{c.id}/clearance", {"to-workorders.order": "nobody"})
    assert bad.status_code == 422
