"""Management review: gathered inputs, minutes, decisions with their clock, approval, the next one due."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dougong import Conflict, Invalid
from dougong_quality.system.choices import DecisionState, ReviewState
from dougong_quality.system.records import Decision, ManagementReview

from .conftest import DIRECTOR, GM, MANAGER, QUALITY, REVIEW

HELD = {"attendees": "总经理、各项目经理", "minutes": "逐项评审。", "conclusion": "适宜、充分、有效。"}


def held(world: Any) -> Any:
    id = world.make(ManagementReview, REVIEW)
    world.do(QUALITY, ManagementReview, id, "gather")
    world.do(QUALITY, ManagementReview, id, "hold", **HELD)
    return id


def test_a_review_from_plan_to_the_next_one(world: Any) -> None:
    id = world.make(ManagementReview, REVIEW)
    assert world.see(ManagementReview, id).agenda
    with pytest.raises(Conflict):
        world.do(QUALITY, ManagementReview, id, "hold", **HELD)
    world.do(QUALITY, ManagementReview, id, "gather")
    world.do(QUALITY, ManagementReview, id, "hold", **HELD)
    world.do(QUALITY, ManagementReview, id, "approve_submit")
    closed = world.do(DIRECTOR, ManagementReview, id, "approve_agree")
    assert closed.status is ReviewState.CLOSED
    assert closed.again_by.date() == dt.date(2027, 3, 2)
    world.clock.at(dt.datetime(2027, 2, 1, 1, tzinfo=dt.UTC))
    held(world)
    assert world.see(ManagementReview, id).followed_at is not None
    assert not world.see(ManagementReview, id).again_late


def test_returned_minutes_are_written_again(world: Any) -> None:
    id = held(world)
    world.do(QUALITY, ManagementReview, id, "approve_submit")
    assert world.do(GM, ManagementReview, id, "approve_return", reason="补充资源需求").status is ReviewState.HELD


def test_inputs_come_from_every_module_that_is_on_and_stay_as_they_were(world: Any) -> None:
    id = world.make(ManagementReview, REVIEW)
    first = world.do(QUALITY, ManagementReview, id, "gather").inputs
    links = [line["href"] for part in first for line in part["lines"]]
    assert any(href.startswith("/complaints/complaint?") for href in links)
    assert any(href.startswith("/quality/legal_item?") for href in links)
    world.company.switch("complaints", False)
    assert world.see(ManagementReview, id).inputs == first
    without = world.do(QUALITY, ManagementReview, id, "gather").inputs
    assert not any(line["href"].startswith("/complaints/") for part in without for line in part["lines"])


def test_decisions_have_owners_and_a_due_day_and_others_confirm_them(world: Any) -> None:
    id = held(world)
    owner = world.id(MANAGER)
    with pytest.raises(Invalid):
        world.do(QUALITY, ManagementReview, id, "decide", statement="节能", owner_id=owner, due_on="2026-03-01")
    world.do(QUALITY, ManagementReview, id, "decide", statement="节能", owner_id=owner, due_on="2026-03-20")
    (one,) = world.all(Decision)
    assert one.done_by.date() == dt.date(2026, 3, 20)
    done = world.do(MANAGER, Decision, one.id, "done", result="方案已报")
    assert (done.status, done.done_late) == (DecisionState.DONE, False)
    assert world.do(QUALITY, Decision, one.id, "confirm").status is DecisionState.CLOSED


def test_nobody_confirms_their_own_decision(world: Any) -> None:
    id = held(world)
    world.do(QUALITY, ManagementReview, id, "decide", statement="汇总", owner_id=world.id(QUALITY), due_on="2026-03-20")
    (one,) = world.all(Decision)
    world.do(QUALITY, Decision, one.id, "done", result="已做")
    with pytest.raises(Conflict):
        world.do(QUALITY, Decision, one.id, "confirm")


def test_a_decision_that_is_not_done_is_late(world: Any) -> None:
    id = held(world)
    world.do(QUALITY, ManagementReview, id, "decide", statement="节能", owner_id=world.id(MANAGER), due_on="2026-03-05")
    world.later(dt.datetime(2026, 3, 8, 1, tzinfo=dt.UTC))
    (one,) = world.all(Decision)
    assert one.done_late


def test_a_review_not_held_is_late(world: Any) -> None:
    id = world.make(ManagementReview, REVIEW)
    world.later(dt.datetime(2026, 3, 23, 1, tzinfo=dt.UTC))
    assert world.see(ManagementReview, id).held_late


def test_days_in_order(world: Any) -> None:
    with pytest.raises(Invalid):
        world.make(ManagementReview, REVIEW, until_on="2024-01-01")
