"""Months close once, with their variances explained, and nobody posts into a closed one, whoever comes at once."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Forbidden, Invalid
from dougong_budgeting.spending.balances import close_month, open_balances
from dougong_budgeting.spending.choices import MonthState
from dougong_budgeting.spending.records import Month

from .conftest import PLAN

if TYPE_CHECKING:
    from .conftest import World

NOTE = {"text": "本月未支付", "cause": "供应商未开票", "action": "次月催票并支付"}


def close(world: World, number: int = 2) -> Any:
    id = world.month(number)
    for account in ("5101", "5102", "4101"):
        world.do("month", "finance", id, "note_variance", account=account, **NOTE)
    world.do("month", "finance", id, "close")
    return id


def test_a_month_closes_within_five_working_days_once_explained(world: World) -> None:
    id = world.month(2)
    world.post(950_00, posted_on="2026-02-10")  # within ten per cent
    for account in ("5102", "4101"):
        with pytest.raises(Conflict, match=account):
            world.do("month", "finance", id, "close")
        world.do("month", "finance", id, "note_variance", account=account, **NOTE)
    world.do("month", "finance", id, "close")
    seen = world.see("month", id)
    assert seen.status is MonthState.CLOSED
    assert seen.closed_late
    assert seen.close_by.date().isoformat() in {"2026-03-06", "2026-03-07", "2026-03-09"}


def test_a_note_needs_its_account_cause_and_action(world: World) -> None:
    id = world.month(2)
    with pytest.raises(Invalid):
        world.do("month", "finance", id, "note_variance", account="5101", text="本月未支付")
    with pytest.raises(Invalid):
        world.do("month", "finance", id, "note_variance", account="9999", **NOTE)


def test_a_month_that_is_not_over_stays_open(world: World) -> None:
    with pytest.raises(Conflict):
        world.do("month", "finance", world.month(3), "close")


def test_a_closed_month_takes_nothing_and_a_reversal_goes_to_the_open_one(world: World) -> None:
    posted = world.post(100, posted_on="2026-02-10")
    promised = world.commit(50, due_on="2026-02-20")
    close(world)
    with pytest.raises(Conflict):
        world.post(1, posted_on="2026-02-11")
    world.do("actual", "finance", posted, "reverse", document="HC-1", reason="退款")
    assert world.balance(period=2)[2] == 100
    assert world.balance(period=3)[2] == -100
    assert world.balance()[2] == 0
    assert world.see("commitment", promised).left == 50


def test_a_reversal_of_last_year_goes_to_this_year_whatever_its_accounts(world: World, clock: Any) -> None:
    posted = world.post(100, posted_on="2026-02-10")
    close(world)
    clock.at(dt.datetime.fromisoformat("2027-02-03T02:00:00+00:00"))
    with world.as_(None) as x:
        open_balances(x, world.sites["garden"], 2027, PLAN[1:])
    world.do("actual", "finance", posted, "reverse", document="HC-1", reason="退款")
    assert (world.balance()[2], world.balance(year=2027), world.balance(year=2027, period=2)[2]) == (
        100,
        (0, 0, -100),
        -100,
    )


def test_a_commitment_of_a_closed_month_can_still_be_paid_and_released(world: World) -> None:
    paid, dropped = (world.commit(50, due_on="2026-02-20") for _ in range(2))
    close(world)
    world.do("commitment", "manager", paid, "settle", amount=50, document="FP-1")
    world.do("commitment", "manager", dropped, "release", reason="取消")
    assert world.balance() == (12_000_00, 0, 50)


def test_reopening_needs_the_right_and_a_reason(world: World) -> None:
    id = close(world)
    with pytest.raises(Forbidden):
        world.do("month", "manager", id, "reopen", reason="漏记")
    with pytest.raises(Invalid):
        world.do("month", "finance", id, "reopen")
    world.do("month", "finance", id, "reopen", reason="漏记一张发票")
    world.post(1, posted_on="2026-02-11")


def test_closing_waits_for_whoever_posts_and_later_posts_see_it(world: World) -> None:
    begun, go = threading.Event(), threading.Event()
    february = world.month(2)

    def posting() -> None:
        with world.as_("manager") as x:
            from dougong.records import actions
            from dougong_budgeting.spending.resources import actual

            body = {"account": "5101", "posted_on": "2026-02-10", "amount": 7, "text": "晚到", "document": "FP-X"}
            actions.create(actual, body, x, site=world.sites["garden"])
            x.session.flush()
            begun.set()
            assert go.wait(20)

    def closing() -> None:
        with world.as_(None) as x:
            close_month(x, x.session.get_one(Month, (world.tenant, february)), True)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(posting)
        assert begun.wait(20)
        second = pool.submit(closing)
        assert not second.done()
        go.set()
        first.result(20)
        second.result(20)
    assert world.balance(period=2)[2] == 7
    with pytest.raises(Conflict):
        world.post(1, posted_on="2026-02-11")
