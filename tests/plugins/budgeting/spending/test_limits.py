"""Limits hold whoever spends at once; what is freed is free; what is bad is refused in words and leaves nothing behind."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Forbidden, Invalid
from dougong_budgeting.spending.balances import SHARES, open_balances
from dougong_budgeting.spending.choices import ActualState, CommitmentState

from .conftest import PLAN

if TYPE_CHECKING:
    from .conftest import World

YEAR = 12_000_00


def test_eight_at_once_cannot_both_spend_the_last_fen(world: World) -> None:
    world.post(YEAR - 3)

    def one(number: int) -> bool:
        try:
            world.post(1, document=f"BX-{number}") if number % 2 else world.commit(1)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(one, range(24)))
    approved, committed, spent = world.balance()
    assert sum(won) == 3
    assert committed + spent == approved == YEAR


def test_a_hard_stop_refuses_in_words_and_writes_nothing(world: World) -> None:
    with pytest.raises(Conflict, match=r"5101.*2026 年.*12,000\.00 元.*12,000\.01 元.*申请预算调整；.*应急支出"):
        world.post(YEAR + 1)
    with pytest.raises(Conflict, match=r"12,000\.00 元.*请先申请预算调整。$"):
        world.commit(YEAR + 1)
    assert world.balance() == (YEAR, 0, 0)


def test_a_soft_stop_asks_for_a_reason(world: World) -> None:
    with pytest.raises(Invalid):
        world.post(YEAR + 1, "5102")
    world.post(YEAR + 1, "5102", reason="台风后抢修")
    assert world.balance("5102") == (YEAR, 0, YEAR + 1)


def test_where_months_are_limits_the_month_stops(world: World) -> None:
    world.settings(spending_period="month")
    with pytest.raises(Conflict):
        world.post(1_000_01)
    assert world.balance() == (YEAR, 0, 0)  # the year's balance, moved before, is as it was
    world.post(1_000_00)


@pytest.mark.parametrize("amount", [0, -5, 10**30, 1e30, "NaN", "十元", True, None])
def test_bad_amounts_are_refused(world: World, amount: Any) -> None:
    with pytest.raises(Invalid):
        world.post(amount)
    assert world.balance() == (YEAR, 0, 0)


@pytest.mark.parametrize("bad", [{"account": "9999"}, {"posted_on": "2026-03-26"}, {"posted_on": "2019-01-01"}])
def test_bad_documents_are_refused(world: World, bad: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        world.post(100, **bad)


def test_a_document_is_posted_once(world: World) -> None:
    world.post(100, document="FP-1")
    with pytest.raises(Invalid):
        world.post(100, document="FP-1")
    assert world.balance()[2] == 100


def test_a_reversal_gives_the_money_back_once(world: World) -> None:
    id = world.post(100_00)
    world.do("actual", "finance", id, "reverse", document="HC-1", reason="重复报销")
    assert world.balance() == (YEAR, 0, 0)
    assert world.balance(period=3) == (1_000_00, 0, 0)
    with pytest.raises((Conflict, Forbidden)):
        world.do("actual", "finance", id, "reverse", document="HC-2", reason="再来一次")


def test_an_emergency_passes_the_stop_and_somebody_else_ratifies_it(world: World) -> None:
    world.post(YEAR)
    with pytest.raises(Invalid):
        world.post(5, emergency=True)
    id = world.post(5, emergency=True, reason="爆管")
    seen = world.see("actual", id)
    assert seen.status is ActualState.RATIFYING
    assert (seen.ratify_by - seen.created_at).days == 3
    with pytest.raises(Forbidden):
        world.do("actual", "manager", id, "ratify_agree")
    world.do("actual", "region", id, "ratify_agree")
    assert world.see("actual", id).status is ActualState.POSTED


def test_a_commitment_is_turned_into_spending_or_released(world: World) -> None:
    world.commit(YEAR - 100)
    id = world.commit(100)
    with pytest.raises(Conflict):
        world.post(1)
    world.do("commitment", "manager", id, "settle", amount=60, document="FP-9", last=False)
    assert world.balance() == (YEAR, YEAR - 60, 60)
    world.do("commitment", "manager", id, "settle", amount=30, document="FP-10", on="2026-02-03")
    assert world.balance() == (YEAR, YEAR - 100, 90)
    assert world.see("commitment", id).status is CommitmentState.SETTLED
    other = world.commit(10)
    world.do("commitment", "manager", other, "release", reason="不做了")
    assert world.balance() == (YEAR, YEAR - 100, 90)


def test_a_contract_commits_each_month_of_its_term(world: World) -> None:
    contract = {"source": "contract", "supplier": "某电梯公司", "contract": "HT-7", "until_on": "2026-06-30"}
    world.commit(100, **contract)
    assert world.balance()[1] == 400
    assert [world.balance(period=month)[1] for month in range(2, 8)] == [0, 100, 100, 100, 100, 0]
    for wrong in ("2026-02-01", "2037-01-01"):
        with pytest.raises(Invalid):
            world.commit(100, **{**contract, "until_on": wrong})
    with pytest.raises(Conflict):  # all or nothing
        world.commit(4_000_00, **contract)
    assert world.balance()[1] == 400


def test_a_year_that_starts_unapproved_has_a_twelfth_a_month(world: World, clock: Any) -> None:
    clock.at(dt.datetime.fromisoformat("2027-01-15T02:00:00+00:00"))
    with pytest.raises(Conflict):
        world.post(1_000_01, posted_on="2027-01-10")
    world.post(1_000_00, posted_on="2027-01-10")
    assert world.balance(year=2027, period=1) == (1_000_00, 0, 1_000_00)
    with world.as_(None) as x:
        open_balances(x, world.sites["garden"], 2027, PLAN[1:])
    assert world.balance(year=2027) == (0, 0, 1_000_00)  # the account is not in the approved budget; it still counts


def test_a_site_taken_over_mid_year_has_its_later_months(world: World) -> None:
    with world.as_(None) as x:
        open_balances(x, world.sites["park"], 2026, PLAN[:1], first=10)
    body = {"account": "5101", "amount": 3_000_01, "posted_on": "2026-03-10", "text": "接管前", "document": "A"}
    with pytest.raises(Conflict, match=r"3,000\.00"):
        world.make("actual", "manager2", site="park", **body)


def test_people_are_told_once_at_each_share(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dougong.records.context import Context

    told: list[str] = []

    def tell(self: Any, event: str, record: Any, *more: Any, **facts: Any) -> None:
        told.append(event)
        assert not event.startswith("budgeting.alert") or record.kind == "budgeting.month", "what is told of is there"

    monkeypatch.setattr(Context, "tell", tell)
    for amount in (YEAR * 79 // 100, YEAR // 100, 1, YEAR * 15 // 100 - 1, YEAR * 5 // 100):
        world.post(amount)
    assert [event for event in told if event.startswith("budgeting.alert")] == [f"budgeting.alert{n}" for n in SHARES]


def test_rights(world: World) -> None:
    id = world.post(100)
    for who in ("client", "manager2"):
        with world.as_(who) as x:
            from dougong_budgeting.spending.records import Actual

            assert x.session.scalar(x.readable(Actual).where(Actual.id == id)) is None
    with pytest.raises(Forbidden):
        world.do("actual", "manager", id, "reverse", document="HC-3", reason="试试")
