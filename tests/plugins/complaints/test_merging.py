"""Merging: every complainant's notices and visits stay, nobody is closed over, no circles or chains."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from dougong import Conflict, Invalid
from dougong.records import actions
from dougong_complaints.choices import Result, State
from dougong_complaints.records import Answer, Complaint, Notice, Visit
from dougong_complaints.resource import resource

from .conftest import ANONYMOUS, SOLVED


def merge(world: Any, id: UUID, master: UUID) -> None:
    world.do("lead", id, "merge", reason="同一处漏水", master=world.see(master).number)


def solved(world: Any, **over: Any) -> tuple[UUID, UUID]:
    """A master awaiting its visits and one merged into it."""
    master, other = world.register(), world.register(complainant=over.pop("complainant", "李先生"), **over)
    merge(world, other, master)
    world._along(master, State.VISIT)
    return master, other


def refused_path(error: pytest.ExceptionInfo[Invalid]) -> str:
    return error.value.errors[0].path


def test_merging(world: Any) -> None:
    master, other = world.register(), world.register()
    merge(world, other, master)
    c = world.see(other)
    assert (c.status, c.master_id, c.progress_by) == (State.MERGED, master, None)
    assert world.see(master).merged == 1
    assert world.history(master)[-1].changes["merged"] == [0, 1]


def test_the_two_are_linked(world: Any) -> None:
    from dougong.records.links import linked

    master, other = world.register(), world.register()
    merge(world, other, master)
    with world.as_("lead") as x:
        assert [one.id for one in linked(x, "complaints.complaint", master)] == [other]


def test_not_into_itself(world: Any) -> None:
    id = world.register()
    with pytest.raises(Invalid) as error:
        merge(world, id, id)
    assert refused_path(error) == "master"


@pytest.mark.parametrize("state", [State.CLOSED, State.UNFOUNDED, State.MERGED], ids=lambda s: s.value)
def test_not_into_an_ended_one(world: Any, state: State) -> None:
    ended, id = world.bring(state), world.register()
    with pytest.raises(Invalid) as error:
        merge(world, id, ended)
    assert refused_path(error) == "master"
    assert ("并入的那一件" in str(error.value.errors[0].message)) == (state is State.MERGED)
    assert world.see(id).status is State.NEW


def test_no_chains(world: Any) -> None:
    first, second, third = (world.register() for _n in range(3))
    merge(world, second, first)
    with pytest.raises(Conflict):
        merge(world, first, third)
    assert world.see(first).status is State.NEW


def test_not_across_sites(world: Any) -> None:
    here, there = world.register(), world.register(by="agent_park", site="park")
    with pytest.raises(Invalid) as error:
        merge(world, here, there)
    assert refused_path(error) == "master"  # the lead does not even see it
    with world.as_(None) as x:
        body = {"reason": "同一件事", "master": world.see(there).number}
        with pytest.raises(Invalid):
            actions.transition(resource, here, "merge", body, x)


def test_not_with_another_accused(world: Any) -> None:
    master, id = world.register(), world.register(against_id="agent2")
    with pytest.raises(Invalid):
        merge(world, id, master)


def test_an_accusation_of_the_master_covers_the_merged_one(world: Any) -> None:
    master, id = world.register(against_id="agent2"), world.register()
    merge(world, id, master)
    assert not world.sees("agent2", id)


def test_notices_of_the_master_reach_every_complainant(world: Any) -> None:
    master, other = world.register(), world.register()
    world.do("agent", other, "notify", text="已登记", channel="phone")
    merge(world, other, master)
    world.do("agent", master, "notify", text="今晚停水检修", channel="text")
    assert [n.text for n in world.children(other, Notice)] == ["已登记", "今晚停水检修"]
    assert [n.text for n in world.children(master, Notice)] == ["今晚停水检修"]
    assert world.see(other).contacted_at is not None


def test_every_complainant_is_visited_before_closing(world: Any) -> None:
    master, other = solved(world)
    world.do("agent", master, "visit", method="phone", result="satisfied")
    with pytest.raises(Conflict):
        world.do("lead", master, "close")
    number = world.see(other).number
    world.do("agent", master, "visit", method="phone", result="fairly_satisfied", about=number)
    world.do("lead", master, "close")
    assert [v.result for v in world.children(other, Visit)] == [Result.FAIRLY]
    assert [v.about for v in world.children(master, Visit)] == [None, number]


def test_one_unsatisfied_complainant_takes_the_master_up_again(world: Any) -> None:
    master, other = solved(world)
    world.do("agent", master, "visit", method="phone", result="unsatisfied", about=world.see(other).number)
    assert (world.see(master).status, world.see(other).status) == (State.WORKING, State.MERGED)


def test_a_visit_about_a_stranger_is_refused(world: Any) -> None:
    master, _other = solved(world)
    stranger = world.see(world.register()).number
    for about in (stranger, "TS-1999-000001"):
        with pytest.raises(Invalid) as error:
            world.do("agent", master, "visit", method="phone", result="satisfied", about=about)
        assert refused_path(error) == "about"


def test_an_anonymous_one_is_answered_in_public(world: Any) -> None:
    master, other = solved(world, **ANONYMOUS)
    world.do("agent", master, "visit", method="phone", result="satisfied")
    with pytest.raises(Conflict):
        world.do("lead", master, "close")
    world.do("agent", master, "notify", text="已修复", channel="posted", published=True)
    assert [n.published for n in world.children(other, Notice)] == [True]
    world.do("lead", master, "close")


def test_the_written_answer_goes_to_every_complainant(world: Any) -> None:
    master, other = solved(world)
    number = world.see(other).number
    for _n in range(2):
        world.do("agent", master, "visit", method="phone", result="unsatisfied", about=number)
        world.do("lead", master, "resolve", **SOLVED)
        world.clock.move(hours=1)
    world.do("manager", master, "answer", text="已答复", appeal="12345")
    assert len(world.children(other, Answer)) == 1
    with pytest.raises(Conflict):  # the master's own complainant was not heard yet
        world.do("lead", master, "close")
    world.do("agent", master, "visit", method="phone", result="satisfied")
    world.do("lead", master, "close")


def test_a_waiver_covers_only_whom_nobody_reached(world: Any) -> None:
    master, other = solved(world)
    for n in range(3):
        if n:
            world.clock.move(days=1)
        world.do("agent", master, "visit", method="phone", result="not_reached", about=world.see(other).number)
    world.do("lead", master, "waive", reason="联系不上")
    with pytest.raises(Conflict):
        world.do("lead", master, "close")
    world.do("agent", master, "visit", method="phone", result="satisfied")
    world.do("lead", master, "close")


def test_two_merges_that_would_make_a_chain_cannot_both_succeed(world: Any) -> None:
    a, b, c = (world.register() for _n in range(3))
    number = world.see(c).number
    with world.as_("lead") as x:
        x.session.scalars(x.readable(Complaint)).all()  # b as it was before
        merge(world, a, b)  # meanwhile, in another transaction
        with pytest.raises(Conflict):
            actions.transition(resource, b, "merge", {"reason": "同一件事", "master": number}, x)
        x.session.rollback()
    assert world.see(b).status is State.NEW
