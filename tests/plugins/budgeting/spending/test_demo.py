"""The demo's year lives by the rules: what was spent is within what was approved, and nothing lies in the future."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from dougong.instant import now
from dougong.scheduling.jobs import Jobs
from dougong_budgeting import planning, spending
from dougong_budgeting.planning import ledger
from dougong_budgeting.spending.choices import ActualState, AdjustmentState, MonthState
from dougong_budgeting.spending.records import Actual, Adjustment, Balance, Commitment, Month, VarianceNote

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company


@pytest.mark.parametrize("day", ["2026-11-23", "2026-02-03", "2027-01-09"])
def test_the_demo_executes_a_year(company: Company, registry: Registry, clock: Clock, day: str) -> None:
    clock.at(dt.datetime.fromisoformat(f"{day}T02:00:00+00:00"))
    company.jobs = Jobs(registry.jobs)
    company.add_site("huayuan")
    company.add_person("pm.huayuan", ("project_manager", "huayuan"))
    with company.acting(None, "budgeting") as x:
        planning.fill(x)
        began = time.process_time()
        spending.fill(x)
        x.session.flush()
        assert time.process_time() - began < 5, "seconds on a busy machine; it takes about half of one"
    with company.acting(None, "budgeting") as x:
        site = company.sites["huayuan"]
        through = x.now.month - 1 or 12
        year = x.now.year if x.now.month > 1 else x.now.year - 1
        assert ledger.active(x, site, year) is not None
        actuals = list(x.session.scalars(sa.select(Actual)))
        assert len(actuals) == 5 * through + 1 <= 61
        assert all(a.created_at <= now() and a.status is ActualState.POSTED for a in actuals)
        assert all(a.ratified_at for a in actuals if a.emergency)
        months = {m.month: m.status for m in x.session.scalars(sa.select(Month).where(Month.year == year))}
        assert all((months[m] is MonthState.CLOSED) is (m < through) for m in months)
        if through == 10:
            assert [a.status for a in x.session.scalars(sa.select(Adjustment))] == [AdjustmentState.GRANTED]
            assert len(list(x.session.scalars(sa.select(Commitment)))) == 3
            assert len(list(x.session.scalars(sa.select(VarianceNote)))) >= 3
        for row in x.session.scalars(sa.select(Balance).where(Balance.period == 0, Balance.stop == "hard")):
            assert 0 <= row.spent + row.committed <= row.approved
