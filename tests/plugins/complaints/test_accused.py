"""Complaints against staff: hidden from the accused and everybody below them, handled by nobody of their line."""

from __future__ import annotations

from typing import Any

import pytest
from dougong import Invalid, NotFound
from dougong_complaints.choices import State
from dougong_complaints.records import Complaint, Escalation

AGAINST_MANAGER = {"against_id": "manager", "category": "service_attitude"}
BELOW = ("manager", "lead", "agent", "agent2", "engineer")
ABOVE = ("region", "director", "gm")


def test_an_accused_manager_routes_to_the_region(world: Any) -> None:
    id = world.register(**AGAINST_MANAGER)
    c = world.see(id)
    assert world.name(c.owner_id) == "region"
    [report] = world.children(id, Escalation)
    assert (world.name(report.to_id), report.told) == ("region", [str(world.person("region"))])


@pytest.mark.parametrize("person", BELOW)
def test_the_accused_and_their_subordinates_do_not_see_it(world: Any, person: str) -> None:
    id = world.register(**AGAINST_MANAGER)
    assert not world.sees(person, id)
    for step, body in (("notify", {"text": "x", "channel": "phone"}), ("accept", {}), ("acknowledge", {})):
        with pytest.raises(NotFound):
            world.do(person, id, step, **body)
    with pytest.raises(NotFound):
        world.edit(person, id, location="x")
    with world.as_(person) as x:
        assert id not in {c.id for c in x.session.scalars(x.readable(Complaint))}


@pytest.mark.parametrize("person", ABOVE)
def test_those_above_see_it(world: Any, person: str) -> None:
    assert world.sees(person, world.register(**AGAINST_MANAGER))


def test_the_region_carries_it_through(world: Any) -> None:
    id = world.register(**AGAINST_MANAGER)
    world.do("region", id, "acknowledge")
    world.do("region", id, "accept")
    world.do("region", id, "assign", owner_id="region")
    world.do("region", id, "notify", text="已约谈", channel="phone")
    world.do("region", id, "resolve", cause="staff", whys="无", solution="约谈并致歉")
    world.do("region", id, "visit", method="phone", result="fairly_satisfied")
    world.do("region", id, "close")
    assert world.see(id).status is State.CLOSED


@pytest.mark.parametrize("person", BELOW)
def test_nobody_of_the_accused_line_becomes_owner(world: Any, person: str) -> None:
    id = world.register(**AGAINST_MANAGER)
    world.do("region", id, "accept")
    with pytest.raises(Invalid) as error:
        world.do("region", id, "assign", owner_id=person)
    assert error.value.errors[0].path == "owner_id"


def test_an_accused_colleague_does_not_see_it_but_the_others_do(world: Any) -> None:
    id = world.register(by="agent", against_id="agent2")
    assert world.name(world.see(id).owner_id) == "agent"
    assert not world.sees("agent2", id)
    assert world.sees("agent", id)
    assert world.sees("lead", id)


def test_with_nobody_above_the_registration_is_refused_in_words(world: Any) -> None:
    with pytest.raises(Invalid) as error:
        world.register(by="agent", against_id="gm")
    assert error.value.errors[0].path == "against_id"
    assert "上级" in str(error.value.errors[0].message)
    with world.as_("gm") as x:
        assert x.session.scalar(x.readable(Complaint)) is None


def test_accused_later(world: Any) -> None:
    id = world.bring(State.WORKING)
    world.edit("manager", id, against_id="lead")
    assert not world.sees("lead", id)
    assert not world.sees("engineer", id) or world.name(world.see(id).owner_id) == "engineer"
    world.edit("manager", id, against_id="engineer")
    c = world.see(id)
    assert world.name(c.owner_id) == "manager"
    assert not world.sees("engineer", id)


def test_an_accused_leader_is_passed_over(world: Any) -> None:
    id = world.register(against_id="director", severity="major")
    reports = world.children(id, Escalation)
    assert {world.name(e.to_id) for e in reports} == {"gm"}
    world.run_announcement(id)
    from dougong_complaints.records import Announcement

    assert all("director" not in a.people for a in world.children(id, Announcement))


def test_accused_later_of_merged_ones_too(world: Any) -> None:
    """What the master's complainants are told is copied to each merged one, which the accused must not read either."""
    master, other = world.register(by="lead"), world.register(by="lead")
    world.do("lead", other, "merge", reason="同一处", master=world.see(master).number)
    world.edit("manager", master, against_id="engineer")
    assert not world.sees("engineer", other)
    assert world.see(other).against_id == world.person("engineer")
    world.edit("manager", master, against_id=None)
    assert world.see(other).against_id is None
