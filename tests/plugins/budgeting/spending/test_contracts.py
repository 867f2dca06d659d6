"""Contracts and payments: months over year ends, ended early, paid in parts and by two at once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from dougong import Conflict, Invalid, Problem
from dougong_budgeting.spending.balances import Planned, open_balances
from dougong_budgeting.spending.choices import CommitmentState
from dougong_budgeting.spending.committing import commit_contracts
from dougong_budgeting.spending.records import Commitment

if TYPE_CHECKING:
    from .conftest import World

CONTRACT = {"source": "contract", "supplier": "电梯维保单位", "contract": "HT-7", "due_on": "2026-11-05"}


def months(world: World) -> list[tuple[int, int, int, CommitmentState]]:
    with world.as_(None) as x:
        found = x.session.scalars(
            sa.select(Commitment).where(Commitment.tenant_id == world.tenant).order_by(Commitment.due_on)
        )
        return [(c.year, c.month, c.left, c.status) for c in found]


def open_2027(world: World, amount: int = 1_000_00) -> None:
    with world.as_(None) as x:
        open_balances(x, world.sites["garden"], 2027, [Planned("5101", [amount] * 12)])
        commit_contracts(x, world.sites["garden"], 2027)


def test_a_contract_over_the_year_end_is_committed_as_its_years_are_approved(world: World) -> None:
    world.commit(100, **CONTRACT, until_on="2027-02-28")
    assert [(y, m) for y, m, _left, _s in months(world)] == [(2026, 11), (2026, 12)]
    open_2027(world)
    open_2027(world)  # a second version commits nothing twice
    assert [(y, m) for y, m, _left, _s in months(world)] == [(2026, 11), (2026, 12), (2027, 1), (2027, 2)]
    assert world.balance(year=2027)[1] == 200
    assert world.balance(year=2027, period=2)[1] == 100


def test_a_later_year_that_is_approved_already_is_committed_at_once(world: World) -> None:
    open_2027(world, 150)
    world.commit(100, **CONTRACT, until_on="2027-03-31")
    assert len(months(world)) == 5
    with pytest.raises(Conflict):  # 2027 cannot bear a second one
        world.commit(150, **CONTRACT, until_on="2027-12-31")
    assert len(months(world)) == 5


def test_what_was_signed_binds_a_budget_that_is_too_small(world: World) -> None:
    world.commit(100, **CONTRACT, until_on="2027-12-31")
    open_2027(world, 50)
    assert world.balance(year=2027) == (600, 1200, 0)
    with pytest.raises(Conflict):
        world.commit(1, due_on="2027-01-05")


def test_a_contract_that_ends_early_frees_what_comes_after(world: World) -> None:
    id = world.commit(100, **CONTRACT, until_on="2027-12-31")
    open_2027(world)
    with pytest.raises(Problem):
        world.do("commitment", "manager", id, "end_contract", on="2027-03-31", reason="服务不达标")
    world.do("commitment", "finance", id, "end_contract", on="2027-03-31", reason="服务不达标")
    assert [m for y, m, left, _s in months(world) if left] == [11, 12, 1, 2, 3]
    assert world.balance(year=2027)[1] == 300
    other = world.commit(100)
    with pytest.raises(Problem):  # it is no contract
        world.do("commitment", "finance", other, "end_contract", on="2026-03-31", reason="试试")


def test_a_payment_chooses_its_commitment(world: World) -> None:
    id = world.commit(100)
    number = world.see("commitment", id).number
    first = world.post(60, commitment_id=number, more=True)
    assert (world.see("actual", first).drawn, world.see("commitment", id).left, world.balance()) == (
        60,
        40,
        (1_200_000, 40, 60),
    )
    world.post(30, commitment_id=str(id))
    assert world.see("commitment", id).status is CommitmentState.SETTLED
    assert world.balance() == (1_200_000, 0, 90)
    with pytest.raises(Problem):
        world.post(1, commitment_id=str(id))


def test_a_payment_of_another_account_or_site_is_refused(world: World) -> None:
    id = world.commit(100)
    with pytest.raises(Invalid):
        world.post(10, "5102", commitment_id=str(id))
    with world.as_(None) as x:
        open_balances(x, world.sites["park"], 2026, [Planned("5101", [100] * 12)])
    body = {
        "account": "5101",
        "amount": 5,
        "posted_on": "2026-03-10",
        "text": "别处",
        "document": "A",
        "commitment_id": str(id),
    }
    with pytest.raises(Problem):
        world.make("actual", "manager2", site="park", **body)
    assert world.see("commitment", id).left == 100


def test_two_who_pay_the_same_promise_at_once(world: World) -> None:
    id = world.commit(100)

    def one(number: int) -> bool:
        try:
            if number % 2:
                world.do("commitment", "manager", id, "release", reason="不做了")
            else:
                world.do("commitment", "manager", id, "settle", amount=100, document=f"FP-P{number}")
        except Problem:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(6))) == 1
    _approved, committed, spent = world.balance()
    assert committed == 0
    assert spent in (0, 100)


def test_a_promise_of_one_month_is_paid_in_another(world: World, clock: Any) -> None:
    world.settings(spending_period="month")
    id = world.commit(1_000_00, due_on="2026-03-20")
    clock.at(dt.datetime.fromisoformat("2026-04-02T02:00:00+00:00"))
    world.post(1, posted_on="2026-04-01")
    with pytest.raises(Conflict, match="2026-04"):
        world.do("commitment", "manager", id, "settle", amount=1_000_00, document="FP-8")
    assert world.balance(period=3) == (1_000_00, 1_000_00, 0)
    world.do("commitment", "manager", id, "settle", amount=1_000_00, document="FP-8", on="2026-03-30")
    assert world.balance(period=3) == (1_000_00, 0, 1_000_00)


def test_a_soft_stop_asks_at_the_month_too_and_leaves_the_year(world: World) -> None:
    world.settings(spending_period="month")
    with pytest.raises(Invalid):
        world.post(1_000_01, "5102")
    assert world.balance("5102") == (1_200_000, 0, 0)


def test_the_same_invoice_for_two_accounts_and_not_for_one(world: World) -> None:
    world.post(5, document="FP-1")
    world.post(5, "5102", document="FP-1")
    with pytest.raises(Invalid):
        world.post(5, document="FP-1", posted_on="2026-02-10")
