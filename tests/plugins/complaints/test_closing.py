"""Return visits, each way to close, the written answer, and taking up again."""

from __future__ import annotations

from typing import Any

import pytest
from dougong import Conflict, Forbidden, Invalid
from dougong_complaints.choices import Result, State
from dougong_complaints.records import Visit

from .conftest import ANONYMOUS, SOLVED


def failed(world: Any, id: Any, times: int, days: float) -> None:
    """So many failed contacts, spread evenly over so many days."""
    for n in range(times):
        if n:
            world.clock.move(days=days / (times - 1))
        world.do("agent", id, "visit", method="phone", result="not_reached")


def refused(world: Any, id: Any) -> None:
    world.do("agent", id, "visit", method="phone", result="unsatisfied", comment="还是漏")


@pytest.mark.parametrize("result", Result, ids=lambda r: r.value)
def test_closing_after_one_visit(world: Any, result: Result) -> None:
    id = world.bring(State.VISIT)
    world.do("agent", id, "visit", method="phone", result=result.value)
    content = result in (Result.SATISFIED, Result.FAIRLY)
    if content:
        assert world.offered("lead", id)["close"]
        world.do("lead", id, "close")
        assert world.see(id).status is State.CLOSED
    elif result is Result.NOT_REACHED:
        with pytest.raises(Conflict):
            world.do("lead", id, "close")
    else:
        assert world.see(id).status is State.WORKING


def test_closing_without_a_visit_is_refused(world: Any) -> None:
    id = world.bring(State.VISIT)
    assert world.offered("lead", id)["close"] is False
    with pytest.raises(Conflict):
        world.do("lead", id, "close")
    assert world.see(id).status is State.VISIT


def test_unsatisfied_takes_it_up_again_and_counts(world: Any) -> None:
    id = world.bring(State.VISIT)
    refused(world, id)
    c = world.see(id)
    assert (c.status, c.reopened) == (State.WORKING, 1)


def test_an_earlier_visit_does_not_close_a_later_round(world: Any) -> None:
    id = world.bring(State.VISIT)
    world.do("agent", id, "visit", method="phone", result="satisfied")
    world.clock.move(hours=1)
    refused(world, id)
    world.clock.move(hours=1)
    world.do("lead", id, "resolve", **SOLVED)
    with pytest.raises(Conflict):
        world.do("lead", id, "close")


@pytest.mark.parametrize(("times", "days", "enough"), [(3, 2, True), (3, 1.9, False), (2, 3, False), (4, 2, True)])
def test_failed_contacts_before_a_waiver(world: Any, times: int, days: float, enough: bool) -> None:
    id = world.bring(State.VISIT)
    failed(world, id, times, days)
    assert world.offered("lead", id)["waive"] is enough
    if not enough:
        with pytest.raises(Conflict):
            world.do("lead", id, "waive", reason="多次联系不上")
        return
    with pytest.raises(Conflict):
        world.do("lead", id, "close")
    world.do("lead", id, "waive", reason="多次联系不上")
    world.do("lead", id, "close")
    c = world.see(id)
    assert (c.status, world.name(c.waived_by)) == (State.CLOSED, "lead")


def test_the_agent_cannot_waive(world: Any) -> None:
    id = world.bring(State.VISIT)
    failed(world, id, 3, 2)
    with pytest.raises(Forbidden):
        world.do("agent", id, "waive", reason="多次联系不上")


def test_a_waiver_does_not_outlive_its_round(world: Any) -> None:
    id = world.bring(State.VISIT)
    failed(world, id, 3, 2)
    world.do("lead", id, "waive", reason="多次联系不上")
    refused(world, id)
    world.do("lead", id, "resolve", **SOLVED)
    failed(world, id, 3, 2)
    with pytest.raises(Conflict):
        world.do("lead", id, "close")


def test_anonymous_closes_with_a_published_reply(world: Any) -> None:
    id = world.bring(State.VISIT, **ANONYMOUS)
    world.do("agent", id, "notify", text="内部记录", channel="posted", published=False)
    with pytest.raises(Conflict):
        world.do("lead", id, "close")
    world.do("agent", id, "notify", text="已清理并加密巡查", channel="posted", published=True)
    world.do("lead", id, "close")
    assert world.see(id).status is State.CLOSED


def test_a_reply_before_the_solution_is_not_enough(world: Any) -> None:
    id = world.bring(State.WORKING, **ANONYMOUS)
    world.do("agent", id, "notify", text="已受理", channel="posted", published=True)
    world.clock.move(hours=1)
    world.do("lead", id, "resolve", **SOLVED)
    with pytest.raises(Conflict):
        world.do("lead", id, "close")


def test_a_published_reply_does_not_close_a_named_one(world: Any) -> None:
    id = world.bring(State.VISIT)
    world.do("agent", id, "notify", text="已处理", channel="posted", published=True)
    with pytest.raises(Conflict):
        world.do("lead", id, "close")


def test_second_unsatisfied_with_the_managers_written_answer(world: Any) -> None:
    id = world.bring(State.VISIT)
    refused(world, id)
    answer = {"text": "经复核，已按规范修复", "appeal": "可向公司品质部申诉，或拨打 12345"}
    with pytest.raises(Conflict):
        world.do("manager", id, "answer", **answer)
    world.do("lead", id, "resolve", **SOLVED)
    world.clock.move(hours=1)
    refused(world, id)
    assert world.see(id).reopened == 2
    with pytest.raises(Forbidden):
        world.do("lead", id, "answer", **answer)
    with pytest.raises(Invalid) as error:
        world.do("manager", id, "answer", text=answer["text"])
    assert error.value.errors[0].path == "appeal"
    world.do("manager", id, "answer", **answer)
    c = world.see(id)
    assert (c.status, c.visit_by) == (State.VISIT, None)
    world.do("lead", id, "close")
    assert world.see(id).status is State.CLOSED


def test_an_answer_before_the_last_refusal_is_not_enough(world: Any) -> None:
    id = world.bring(State.VISIT)
    for _n in range(2):
        refused(world, id)
        world.do("lead", id, "resolve", **SOLVED)
        world.clock.move(hours=1)
    world.do("manager", id, "answer", text="已答复", appeal="12345")
    world.clock.move(hours=1)
    refused(world, id)
    world.do("lead", id, "resolve", **SOLVED)
    with pytest.raises(Conflict):
        world.do("lead", id, "close")


@pytest.mark.parametrize(("days", "may"), [(0, True), (15, True), (15.1, False)])
def test_taken_up_again_within_fifteen_days(world: Any, days: float, may: bool) -> None:
    id = world.bring(State.CLOSED)
    world.clock.move(days=days)
    assert world.offered("lead", id)["reopen"] is may
    if may:
        world.do("lead", id, "reopen", reason="复发")
        c = world.see(id)
        assert (c.status, c.reopened, c.closed_at) == (State.WORKING, 1, None)
    else:
        with pytest.raises(Conflict):
            world.do("lead", id, "reopen", reason="复发")


def test_after_taking_up_again_it_must_be_visited_anew(world: Any) -> None:
    id = world.bring(State.CLOSED)
    world.clock.move(days=1)
    world.do("lead", id, "reopen", reason="复发")
    world.do("lead", id, "resolve", **SOLVED)
    with pytest.raises(Conflict):
        world.do("lead", id, "close")


def test_taken_up_again_it_owes_no_second_first_contact(world: Any) -> None:
    id = world.register()
    world.do("agent", id, "contact", soothing="已联系", by="phone")
    world.do("lead", id, "accept")
    world.do("lead", id, "assign", owner_id="engineer")
    world.do("lead", id, "resolve", **SOLVED)
    world.do("agent", id, "visit", method="phone", result="satisfied")
    world.do("lead", id, "close")
    before = world.see(id)
    assert before.contacted_at is not None
    world.clock.move(days=1)
    world.do("lead", id, "reopen", reason="复发")
    c = world.see(id)
    assert (c.contact_by, c.contacted_at, c.contact_late) == (before.contact_by, before.contacted_at, before.contact_late)


def test_visits_stay_in_the_timeline(world: Any) -> None:
    id = world.bring(State.VISIT)
    refused(world, id)
    [v] = world.children(id, Visit)
    assert (v.result, v.comment, world.name(v.created_by)) == (Result.UNSATISFIED, "还是漏", "agent")
