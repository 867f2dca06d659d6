"""Adjustments: who signs what, sums that hold, nothing below what is spent, last year's rest once and until its day."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Invalid, Problem
from dougong.records import actions
from dougong_budgeting.spending.adjusting import expire
from dougong_budgeting.spending.balances import Planned, open_balances
from dougong_budgeting.spending.choices import AdjustmentState
from dougong_budgeting.spending.records import Balance

from .conftest import PLAN, RESOURCES

if TYPE_CHECKING:
    from .conftest import World

S = AdjustmentState
YEAR = 12_000_00


def approved(world: World, account: str = "5101", year: int = 2026) -> list[int]:
    """The year and its twelve months."""
    return [world.balance(account, period, year)[0] for period in range(13)]


def test_a_small_one_needs_finance_and_raises_the_year_and_its_months(world: World) -> None:
    id = world.adjust("supplement", 100, until_month=7)
    assert world.see("adjustment", id).status is S.FINANCE
    assert approved(world)[0] == YEAR, "nothing is moved before it is granted"
    world.do("adjustment", "finance", id, "approve_agree")
    assert world.see("adjustment", id).status is S.GRANTED
    now = approved(world)
    assert now[0] == sum(now[1:]) == YEAR + 100
    assert [amount - 1_000_00 for amount in now[5:8]] == [34, 33, 33]


def test_larger_sums_go_further_and_nobody_signs_their_own(world: World) -> None:
    id = world.adjust("supplement", 5_000_000, by="finance")
    for who, state in (("manager", S.PROJECT), ("finance2", S.FINANCE), ("region", S.REGION), ("director", S.COMPANY)):
        assert world.see("adjustment", id).status is state
        with pytest.raises(Problem):
            world.do("adjustment", "finance", id, "approve_agree")
        world.do("adjustment", who, id, "approve_agree")
    assert world.see("adjustment", id).status is S.GRANTED
    middle = world.adjust("supplement", 1_000_000, "finance")
    assert world.see("adjustment", middle).status is S.REGION


def test_who_edits_anothers_draft_signs_none_of_it(world: World) -> None:
    body = {"nature": "supplement", "year": 2026, "account": "5101", "month": 5, "amount": 100, "reason": "电价上调"}
    id = world.make("adjustment", "manager", **body)
    with world.as_("finance") as x:
        actions.update(RESOURCES["adjustment"], id, {"amount": 900_00}, x, version=1)
    world.do("adjustment", "manager", id, "approve_submit")
    with pytest.raises(Problem):
        world.do("adjustment", "finance", id, "approve_agree")
    world.do("adjustment", "finance2", id, "approve_agree")
    assert world.see("adjustment", id).status is S.GRANTED


def test_what_is_returned_is_changed_and_submitted_again(world: World) -> None:
    id = world.adjust("supplement", 100)
    world.do("adjustment", "finance", id, "approve_return", reason="依据不足")
    assert world.see("adjustment", id).status is S.DRAFT
    assert approved(world)[0] == YEAR


def test_a_transfer_keeps_the_sum_and_takes_no_more_than_is_free(world: World) -> None:
    world.post(900_00, posted_on="2026-03-10")
    move = {"account": "5102", "month": 8, "from_account": "5101", "from_month": 3}
    id = world.adjust("transfer", 100_01, **move)
    with pytest.raises(Conflict, match=r"100\.00"):
        world.do("adjustment", "finance", id, "approve_agree")
    assert (approved(world)[0], approved(world, "5102")[0]) == (YEAR, YEAR)
    world.adjust("transfer", 100_00, "finance", **move)
    one, other = approved(world), approved(world, "5102")
    assert one[0] + other[0] == 2 * YEAR
    assert (one[3], other[8]) == (900_00, 1_100_00)
    assert one[0] == sum(one[1:])
    assert other[0] == sum(other[1:])


def test_within_an_account_the_year_stays(world: World) -> None:
    world.adjust("transfer", 1_000_00, "finance", month=11, from_month=12)
    now = approved(world)
    assert (now[0], now[11], now[12]) == (YEAR, 2_000_00, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nature": "transfer"},
        {"nature": "transfer", "from_month": 5},
        {"nature": "transfer", "from_month": 13},
        {"from_month": 3},
        {"until_month": 2},
        {"amount": 0},
        {"amount": -5},
        {"amount": 10**30},
        {"month": 13},
        {"year": 1999},
        {"nature": "gift"},
        {"nature": "carry", "month": 4},
        {"account": "9999"},
    ],
)
def test_what_makes_no_sense_is_refused_before_anybody_signs(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises((Invalid, Conflict)):
        world.adjust(wrong.pop("nature", "supplement"), wrong.pop("amount", 100), **wrong)
    assert approved(world)[0] == YEAR


def test_a_year_without_a_budget_and_a_closed_month_take_none(world: World) -> None:
    with pytest.raises(Conflict):
        world.adjust("supplement", 100, year=2027)
    february = world.month(2)
    for account in ("5101", "5102", "4101"):
        note = {"text": "未支付", "cause": "未开票", "action": "催票"}
        world.do("month", "finance", february, "note_variance", account=account, **note)
    world.do("month", "finance", february, "close")
    id = world.adjust("supplement", 100, month=2)
    with pytest.raises(Conflict, match="2026-02"):
        world.do("adjustment", "finance", id, "approve_agree")
    assert approved(world)[0] == YEAR


def test_what_is_granted_is_not_changed(world: World) -> None:
    id = world.adjust("supplement", 100, "finance")
    from dougong.records import actions
    from dougong_budgeting.spending.resources import adjustment

    version = world.see("adjustment", id).row_version
    with world.as_("manager") as x, pytest.raises(Conflict):
        actions.update(adjustment, id, {"amount": 7}, x, version=version)


def test_a_new_version_of_the_budget_keeps_what_was_granted(world: World) -> None:
    world.adjust("supplement", 100, "finance")
    world.adjust("transfer", 50, "finance", account="5102", from_account="5101", from_month=6)
    with world.as_(None) as x:
        open_balances(x, world.sites["garden"], 2026, [Planned("5101", [7] * 12), *PLAN[2:]])
    assert approved(world) == [84 + 50, 7, 7, 7, 7, 107, 7 - 50, 7, 7, 7, 7, 7, 7]
    assert approved(world, "5102")[0] == 50, "an account that the new version does not have keeps what it was given"


def test_people_are_told_again_once_there_was_more(world: World) -> None:
    world.post(YEAR)
    with world.as_(None) as x:
        assert x.session.scalars(_alerted(world)).one() == 100
    world.adjust("supplement", 500_000, "finance")
    with world.as_(None) as x:
        assert x.session.scalars(_alerted(world)).one() == 0


def test_what_is_taken_away_tells_nobody_in_silence(world: World) -> None:
    world.post(700_00)
    move = {"account": "5102", "month": 8, "from_account": "5101"}
    for month in range(4, 13):
        world.adjust("transfer", 1_000_00, "finance", **move, from_month=month)
    with world.as_(None) as x:  # 700 of 3,000
        assert x.session.scalars(_alerted(world)).one() == 0
    world.adjust("transfer", 1_000_00, "finance", **move, from_month=1)
    world.adjust("transfer", 1_000_00, "finance", **move, from_month=2)
    world.adjust("transfer", 200_00, "finance", **move, from_month=3)
    with world.as_(None) as x:  # 700 of 800: reached, and not told yet
        assert x.session.scalars(_alerted(world)).one() == 0
    world.post(1)
    with world.as_(None) as x:
        assert x.session.scalars(_alerted(world)).one() == 80


def _alerted(world: World) -> Any:
    import sqlalchemy as sa

    return sa.select(Balance.alerted).where(
        Balance.tenant_id == world.tenant, Balance.account == "5101", Balance.period == 0
    )


def test_two_who_take_the_same_rest_at_once(world: World) -> None:
    move = {"account": "5102", "month": 8, "from_account": "5101", "from_month": 3}
    ids = [world.adjust("transfer", 600_00, **move) for _n in range(4)]

    def one(number: int) -> bool:
        try:
            world.do("adjustment", "finance", ids[number], "approve_agree")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(4))) == 1
    assert approved(world)[0] + approved(world, "5102")[0] == 2 * YEAR


def test_two_who_sign_the_same_at_once_move_it_once(world: World) -> None:
    id = world.adjust("supplement", 100)

    def one(who: str) -> bool:
        try:
            world.do("adjustment", who, id, "approve_agree")
        except Problem:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(one, ("finance", "finance2"))) == 1
    assert approved(world)[0] == YEAR + 100


# ---- carry-over ----


@pytest.fixture
def january(world: World, clock: Any) -> World:
    """12 January 2027: of 5101 700 yuan are unspent, 2027 has no approved budget yet."""
    world.post(YEAR - 700_00)
    clock.at(dt.datetime.fromisoformat("2027-01-12T02:00:00+00:00"))
    return world


def carry(world: World, amount: int = 700_00, *signers: str) -> Any:
    return world.adjust("carry", amount, *signers, year=2027, month=2)


def test_last_years_rest_is_carried_over_once(january: World) -> None:
    carry(january, 700_00, "finance")
    assert approved(january)[0] == YEAR - 700_00 == sum(approved(january)[1:])
    with pytest.raises(Conflict):
        january.post(1, posted_on="2026-12-20")  # it cannot be spent in both years
    with pytest.raises((Conflict, Invalid)):
        carry(january, 1)


def test_it_goes_on_top_of_the_budget_that_is_approved_later(january: World) -> None:
    carry(january, 700_00, "finance")
    with january.as_(None) as x:
        open_balances(x, january.sites["garden"], 2027, PLAN)
    assert approved(january, year=2027)[:3] == [YEAR + 700_00, 1_000_00, 1_700_00]


def test_two_carry_overs_of_the_same_rest(january: World) -> None:
    ids = [carry(january, 300_00) for _n in range(3)]

    def one(number: int) -> bool:
        try:
            january.do("adjustment", "finance", ids[number], "approve_agree")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(one, range(3))) == 1


def test_more_than_the_rest_or_later_than_the_day_is_refused(january: World, clock: Any) -> None:
    with pytest.raises(Invalid) as refused:
        carry(january, 700_01)
    assert "700.00" in str(refused.value.errors[0].message)
    id = carry(january, 100_00)
    clock.at(dt.datetime.fromisoformat("2027-01-16T02:00:00+00:00"))
    with pytest.raises(Conflict):
        carry(january, 1)
    january.do("adjustment", "finance", id, "approve_return", reason="补充合同")
    january.do("adjustment", "manager", id, "approve_submit")  # it was asked for in time
    january.settings(carry_request_by="01-20")
    carry(january, 1)


def test_it_expires_after_its_day_as_far_as_it_is_unspent(january: World, clock: Any) -> None:
    with january.as_(None) as x:
        open_balances(x, january.sites["garden"], 2027, [Planned("5101", [0] * 12)])
    id = carry(january, 700_00, "finance")
    january.post(200_00, posted_on="2027-01-11")
    seen = january.see("adjustment", id)
    assert seen.expires_at.isoformat() == "2027-03-31T16:00:00+00:00"
    clock.at(dt.datetime.fromisoformat("2027-04-01T02:00:00+00:00"))
    january.do("adjustment", None, id, expire.name)
    assert january.see("adjustment", id).status is S.EXPIRED
    now = approved(january, year=2027)
    assert now[0] == sum(now[1:]) == 200_00
    with pytest.raises(Problem):
        january.do("adjustment", "finance", id, expire.name)


@pytest.mark.parametrize("wrong", ["02-29", "13-01", "1", "März"])
def test_a_day_that_is_none_is_no_setting(wrong: str) -> None:
    from dougong_budgeting.spending.settings import SpendingSettings
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        SpendingSettings.model_validate({"carry_until": wrong})
