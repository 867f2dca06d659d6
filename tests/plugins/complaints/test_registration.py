"""Registration: channels, who complains, what a complaint needs, the owner, the first contact, on the spot."""

from __future__ import annotations

from typing import Any

import pytest
from dougong import Conflict, Forbidden, Invalid, NotFound
from dougong.records import actions
from dougong_complaints.choices import Channel, Kind, State
from dougong_complaints.records import Complaint
from dougong_complaints.resource import resource

from .conftest import ANONYMOUS, BODY, SOLVED


def paths(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {one.path for one in error.value.errors}


@pytest.mark.parametrize("channel", Channel, ids=lambda c: c.value)
def test_every_channel(world: Any, channel: Channel) -> None:
    c = world.see(world.register(channel=channel.value))
    assert (c.channel, c.status) == (channel, State.NEW)
    assert c.number.startswith("TS-2026-")


@pytest.mark.parametrize("kind", Kind, ids=lambda k: k.value)
def test_every_kind_of_complainant(world: Any, kind: Kind) -> None:
    over = ANONYMOUS if kind is Kind.ANONYMOUS else {"complainant_type": kind.value}
    c = world.see(world.register(**over))
    assert c.complainant_type is kind
    assert (c.complainant is None) == (kind is Kind.ANONYMOUS)


@pytest.mark.parametrize(
    "name",
    ["channel", "complainant_type", "category", "location", "statement", "severity", "urgency"],
)
def test_what_must_be_given(world: Any, name: str) -> None:
    body = {k: v for k, v in BODY.items() if k != name}
    with world.as_("agent") as x, pytest.raises(Invalid) as error:
        actions.create(resource, body, x, site=world.sites["garden"])
    assert paths(error) == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel", "smoke"),
        ("severity", 3),
        ("urgency", None),
        ("category", "no_such_category"),
        ("statement", "有\x00空字符"),
        ("statement", ""),
        ("location", "长" * 201),
        ("phone", "call me"),
        ("against_id", "0190a1b2-0000-7000-8000-000000000000"),
        ("location_id", "0190a1b2-0000-7000-8000-000000000000"),
        ("government_deadline", "tomorrow"),
    ],
)
def test_bad_values_are_named(world: Any, name: str, value: Any) -> None:
    with pytest.raises(Invalid) as error:
        world.register(**{name: value})
    assert paths(error) == {name}


@pytest.mark.parametrize("name", ["status", "owner_id", "number", "resolve_by", "master_id"])
def test_what_only_the_flow_sets_cannot_be_given(world: Any, name: str) -> None:
    with pytest.raises(Invalid) as error:
        world.register(**{name: "x"})
    assert paths(error) == {name}


def test_no_name_only_if_anonymous(world: Any) -> None:
    with pytest.raises(Invalid) as error:
        world.register(complainant=None)
    assert paths(error) == {"complainant"}


@pytest.mark.parametrize("name", ["complainant", "phone", "room"])
def test_anonymous_means_without_identity(world: Any, name: str) -> None:
    with pytest.raises(Invalid) as error:
        world.register(**{**ANONYMOUS, name: BODY[name]})
    assert paths(error) == {name}


def test_anonymous_stays_anonymous(world: Any) -> None:
    id = world.register(**ANONYMOUS)
    with pytest.raises(Invalid) as error:
        world.edit("lead", id, complainant_type="owner", complainant="李先生")
    assert paths(error) == {"complainant_type"}


def test_whoever_registers_owns_it_until_it_is_assigned(world: Any) -> None:
    assert world.name(world.see(world.register()).owner_id) == "agent"


def test_a_client_is_no_owner_so_customer_service_takes_it(world: Any) -> None:
    assert world.name(world.see(world.register(by="client", channel="client")).owner_id) == "lead"


def test_soothed_at_registration_is_the_first_contact(world: Any) -> None:
    soothed = world.see(world.register(soothing="已安抚，告知三十分钟内到场"))
    assert soothed.contacted_at == soothed.registered_at
    assert world.see(world.register()).contacted_at is None


def test_first_contact_is_recorded_once(world: Any) -> None:
    id = world.register()
    assert world.offered("agent", id)["contact"]
    world.clock.move(minutes=10)
    world.do("agent", id, "contact", soothing="已电话安抚", by="phone")
    c = world.see(id)
    assert c.contacted_at == world.clock.now
    assert not c.contact_late
    assert not world.offered("agent", id)["contact"]


def test_on_the_spot_in_one_action(world: Any) -> None:
    id = world.register(then="on_the_spot", then_body={"cause": "communication", "solution": "当场解释并道歉"})
    c = world.see(id)
    assert c.status is State.VISIT
    assert c.resolved_at == c.contacted_at == c.registered_at
    assert [h.action for h in world.history(id)] == ["create", "on_the_spot"]


def test_on_the_spot_needs_cause_and_solution_or_nothing_is_registered(world: Any) -> None:
    with pytest.raises(Invalid) as error:
        world.register(then="on_the_spot", then_body={"cause": "staff"}, statement="只此一件")
    assert paths(error) == {"solution"}
    with world.as_("manager") as x:
        assert x.session.scalar(x.readable(Complaint).where(Complaint.statement == "只此一件")) is None


def test_cause_and_five_whys_are_mandatory_to_solve(world: Any) -> None:
    id = world.bring(State.WORKING)
    for name in SOLVED:
        with pytest.raises(Invalid) as error:
            world.do("lead", id, "resolve", **{k: v for k, v in SOLVED.items() if k != name})
        assert paths(error) == {name}
    world.do("lead", id, "resolve", **SOLVED)
    assert world.see(id).status is State.VISIT


def test_numbers_increase(world: Any) -> None:
    first, second = (world.see(world.register()).number for _n in range(2))
    assert int(second[-6:]) == int(first[-6:]) + 1


def test_elsewhere_it_cannot_be_registered(world: Any) -> None:
    with pytest.raises((Forbidden, NotFound)):
        world.register(by="agent", site="park")


def test_an_ended_complaint_is_not_edited(world: Any) -> None:
    for state in (State.CLOSED, State.MERGED, State.UNFOUNDED):
        id = world.bring(state)
        with pytest.raises(Conflict):
            world.edit("lead", id, severity="major")
        assert world.see(id).severity.value == "minor"
