"""Emergencies: ratified along the line by their amount within three days, or reversed; nobody ratifies their own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from dougong import Conflict, Forbidden, Problem
from dougong_budgeting.spending.choices import ActualState

if TYPE_CHECKING:
    from uuid import UUID

    from .conftest import World

S = ActualState
YEAR = 12_000_00


@pytest.fixture
def spent(world: World) -> World:
    world.post(YEAR)
    return world


def emergency(world: World, amount: int = 500, by: str = "manager", **more: Any) -> UUID:
    return world.post(amount, by=by, emergency=True, reason="爆管", **more)


def test_posted_it_waits_for_the_region_and_its_clock_runs(spent: World) -> None:
    id = emergency(spent)
    seen = spent.see("actual", id)
    assert (seen.status, spent.balance()[2]) == (S.RATIFYING, YEAR + 500)
    assert seen.ratify_by - seen.created_at == dt.timedelta(days=3)
    for who in ("manager", "finance", "director"):
        with pytest.raises((Forbidden, Conflict)):
            spent.do("actual", who, id, "ratify_agree")
    spent.do("actual", "region", id, "ratify_agree")
    seen = spent.see("actual", id)
    assert (seen.status, seen.ratify_by is not None, seen.ratify_late) == (S.POSTED, True, False)
    assert seen.ratified_at is not None


def test_a_large_one_goes_up_to_the_company_and_the_clock_goes_on(spent: World, clock: Any) -> None:
    id = emergency(spent, 5_000_000)
    due = spent.see("actual", id).ratify_by
    clock.at(dt.datetime.fromisoformat("2026-03-27T02:00:00+00:00"))
    spent.do("actual", "region", id, "ratify_agree")
    seen = spent.see("actual", id)
    assert (seen.status, seen.ratify_by) == (S.RATIFYING, due), "the second level does not get three days of its own"
    clock.at(dt.datetime.fromisoformat("2026-03-29T02:00:00+00:00"))
    spent.do("actual", "director", id, "ratify_agree")
    seen = spent.see("actual", id)
    assert (seen.status, seen.ratify_late) == (S.POSTED, True)


def test_nobody_ratifies_their_own_not_even_with_the_right(spent: World) -> None:
    spent.do("actual", "region", emergency(spent), "ratify_agree")
    with spent.as_(None) as x:
        from dougong.access.tables import Grant

        role = spent.snapshots.get(spent.tenant).roles["regional_director"].id
        x.session.add(Grant(person_id=spent.people["manager"], role_id=role, site_id=spent.sites["garden"]))
    spent.snapshots.drop(spent.tenant)
    id = emergency(spent)
    with pytest.raises((Forbidden, Conflict)):
        spent.do("actual", "manager", id, "ratify_agree")
    spent.do("actual", "region", id, "ratify_agree")


def test_what_is_refused_has_to_be_reversed_before_the_month_closes(spent: World, clock: Any) -> None:
    id = emergency(spent)
    with pytest.raises(Problem):
        spent.do("actual", "region", id, "ratify_return")  # without a reason
    spent.do("actual", "region", id, "ratify_return", reason="不属于紧急情况")
    seen = spent.see("actual", id)
    assert (seen.status, seen.ratify_by) == (S.REFUSED, None)
    assert seen.reverse_by is not None
    clock.at(dt.datetime.fromisoformat("2026-04-02T02:00:00+00:00"))
    march = spent.month(3)
    for account in ("5101", "5102", "4101"):
        note = {"text": "超支", "cause": "抢修", "action": "控制"}
        spent.do("month", "finance", march, "note_variance", account=account, **note)
    with pytest.raises(Conflict, match=seen.number):
        spent.do("month", "finance", march, "close")
    spent.do("actual", "finance", id, "reverse", document="HC-1", reason="未获补批")
    assert spent.balance()[2] == YEAR
    spent.do("month", "finance", march, "close")


def test_a_refused_one_may_be_submitted_again_with_better_reasons(spent: World) -> None:
    id = emergency(spent)
    spent.do("actual", "region", id, "ratify_return", reason="缺现场照片")
    spent.do("actual", "manager", id, "ratify_submit")
    assert spent.see("actual", id).status is S.RATIFYING
    spent.do("actual", "region", id, "ratify_agree")
    assert spent.see("actual", id).status is S.POSTED


def test_taken_back_it_is_one_that_nobody_ratified(spent: World) -> None:
    id = emergency(spent)
    spent.do("actual", "manager", id, "ratify_withdraw")
    assert spent.see("actual", id).status is S.REFUSED


def test_two_who_ratify_and_refuse_at_once(spent: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    id = emergency(spent)

    def one(step: str) -> bool:
        try:
            spent.do("actual", "region", id, step, **({"reason": "否"} if step == "ratify_return" else {}))
        except Problem:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(one, ("ratify_agree", "ratify_return"))) == 1


def test_reversing_what_waits_stops_the_waiting(spent: World) -> None:
    id = emergency(spent)
    spent.do("actual", "finance", id, "reverse", document="HC-9", reason="录错")
    assert spent.see("actual", id).status is S.REVERSED
    with pytest.raises(Problem):
        spent.do("actual", "region", id, "ratify_agree")
    assert spent.balance() == (YEAR, 0, YEAR)
