"""Whatever is committed, paid, released, reversed and adjusted, in whatever order: the sums hold and nothing is negative."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from dougong import Problem
from dougong_budgeting.spending.records import Actual, Balance, Commitment, Shift
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from .conftest import World

ACCOUNTS = ("5101", "5102")
MONTHS = st.integers(1, 3)
AMOUNTS = st.one_of(st.integers(1, 3_000_00), st.sampled_from([1, 1_000_00, 12_000_00]))
STEPS = st.one_of(
    st.tuples(st.just("post"), st.sampled_from(ACCOUNTS), MONTHS, AMOUNTS),
    st.tuples(st.just("commit"), st.sampled_from(ACCOUNTS), MONTHS, AMOUNTS),
    st.tuples(st.just("settle"), st.integers(0, 9), MONTHS, AMOUNTS, st.booleans()),
    st.tuples(st.just("release"), st.integers(0, 9)),
    st.tuples(st.just("reverse"), st.integers(0, 9)),
    st.tuples(st.just("supplement"), st.sampled_from(ACCOUNTS), MONTHS, AMOUNTS),
    st.tuples(st.just("transfer"), st.sampled_from(ACCOUNTS), MONTHS, AMOUNTS, st.sampled_from(ACCOUNTS), MONTHS),
)


class Story:
    """What was done so far, beside the database."""

    def __init__(self, world: World) -> None:
        self.world, self.promised, self.posted = world, list[UUID](), list[UUID]()

    def tell(self, step: tuple[Any, ...]) -> None:
        """One step; what is refused has done nothing."""
        with contextlib.suppress(Problem):
            getattr(self, step[0])(*step[1:])

    def post(self, account: str, month: int, amount: int) -> None:
        self.posted.append(self.world.post(amount, account, posted_on=f"2026-{month:02d}-10", reason="测试"))

    def commit(self, account: str, month: int, amount: int) -> None:
        self.promised.append(self.world.commit(amount, account, due_on=f"2026-{month:02d}-20", reason="测试"))

    def settle(self, which: int, month: int, amount: int, last: bool) -> None:
        if which < len(self.promised):
            self.world.documents += 1
            said = {
                "amount": amount,
                "document": f"FP-{self.world.documents}",
                "on": f"2026-{month:02d}-11",
                "last": last,
            }
            self.world.do("commitment", "manager", self.promised[which], "settle", **said)

    def release(self, which: int) -> None:
        if which < len(self.promised):
            self.world.do("commitment", "manager", self.promised[which], "release", reason="测试")

    def reverse(self, which: int) -> None:
        if which < len(self.posted):
            self.world.documents += 1
            self.world.do(
                "actual", "finance", self.posted[which], "reverse", document=f"HC-{self.world.documents}", reason="测试"
            )

    def supplement(self, account: str, month: int, amount: int) -> None:
        self._adjust("supplement", amount, account=account, month=month, until_month=month + 2)

    def transfer(self, account: str, month: int, amount: int, source: str, from_month: int) -> None:
        self._adjust("transfer", amount, account=account, month=month, from_account=source, from_month=from_month)

    def _adjust(self, nature: str, amount: int, **more: Any) -> None:
        line = ("finance", "region", "director")[: 1 + (amount >= 1_000_000) + (amount >= 5_000_000)]
        self.world.adjust(nature, amount, *line, **more)


@pytest.mark.parametrize("limited_by", ["year", "month"])
def test_the_sums_hold_whatever_is_done(world: World, limited_by: str) -> None:
    world.settings(spending_period=limited_by)
    story = Story(world)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(STEPS, min_size=3, max_size=8))
    def run(steps: list[tuple[Any, ...]]) -> None:
        for step in steps:
            story.tell(step)
        check(world, limited_by)

    run()
    assert story.posted
    assert story.promised


def check(world: World, limited_by: str) -> None:
    with world.as_(None) as x:
        here = Balance.tenant_id == world.tenant, Balance.year == 2026
        rows = {(b.account, b.period): b for b in x.session.scalars(sa.select(Balance).where(*here))}
        moved = (
            sa.select(Shift.why, sa.func.sum(Shift.amount)).where(Shift.tenant_id == world.tenant).group_by(Shift.why)
        )
        shifts: dict[str, int] = {row[0]: int(row[1]) for row in x.session.execute(moved)}
        for account in ACCOUNTS:
            year, months = rows[account, 0], [rows[account, month] for month in range(1, 13)]
            for name in ("approved", "committed", "spent"):
                assert getattr(year, name) == sum(getattr(one, name) for one in months), (account, name)
            assert all(value >= 0 for one in (year, *months) for value in (one.approved, one.committed, one.spent))
            if year.stop == "hard":
                assert all(
                    b.spent + b.committed <= b.approved for b in (year, *(months if limited_by == "month" else ()))
                )
        for (account, period), b in rows.items():  # the second truth beside the first
            mine = [
                (kind.tenant_id == world.tenant, kind.account == account, *((kind.month == period,) if period else ()))
                for kind in (Actual, Commitment)
            ]
            spent = x.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Actual.amount), 0)).where(*mine[0]))
            left = x.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Commitment.left), 0)).where(*mine[1]))
            assert (b.spent, b.committed) == (spent, left), (account, period)
        assert shifts.get("transfer", 0) == 0
        assert sum(rows[account, 0].approved for account in ACCOUNTS) == 2 * 12_000_00 + shifts.get("supplement", 0)
        x.session.expunge_all()
