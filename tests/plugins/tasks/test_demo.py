"""The demo's tasks and reports: every state that somebody waits in is there, and nothing lies in the future."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from dougong.instant import now
from dougong.scheduling.jobs import Jobs
from dougong_tasks import demo
from dougong_tasks.assigned.choices import State
from dougong_tasks.assigned.records import Task
from dougong_tasks.upward.choices import ReportState
from dougong_tasks.upward.records import ClientReport, SiteReport

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.companies import Company


def test_the_demo_lives_by_the_rules_through_every_state_that_waits(company: Company, registry: Registry) -> None:
    company.jobs = Jobs(registry.jobs)
    with company.acting(None, "tasks") as x:
        demo.fill(x)
    with company.acting(None, "tasks") as x:
        tasks, reports = list(x.session.scalars(sa.select(Task))), list(x.session.scalars(sa.select(SiteReport)))
        assert {t.status for t in tasks} == set(State) - {State.CANCELLED}
        assert all(t.created_at <= t.updated_at <= now() for t in (*tasks, *reports))
        assert any(t.asked_until for t in tasks)
        assert any(t.returns for t in tasks)
        assert all(t.assigner_id not in (None, t.owner_id) for t in tasks)
        assert {r.status for r in reports} == set(ReportState)
        assert all(r.frozen for r in reports if r.submitted_at)
        assert x.session.scalars(sa.select(ClientReport)).one().text
