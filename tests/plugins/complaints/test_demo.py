"""The demo's complaints: every state is there, nothing lies in the future, and the rules held on the way."""

from __future__ import annotations

import collections
import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from dougong.instant import now
from dougong.records.comments import Comment
from dougong_complaints import demo
from dougong_complaints.choices import Kind, State
from dougong_complaints.records import Announcement, Complaint, Escalation, Notice, Visit

if TYPE_CHECKING:
    from dougong.testing.companies import Company


def test_the_demo_lives_through_every_state(company: Company, registry: object) -> None:
    from dougong.scheduling.jobs import Jobs

    company.jobs = Jobs(registry.jobs)  # type: ignore[attr-defined]
    with company.acting(None, "complaints") as x:
        demo.fill(x)
    with company.acting(None, "complaints") as x:
        found = list(x.session.scalars(sa.select(Complaint)))
        states = collections.Counter(c.status for c in found)
        assert set(states) == set(State), states
        assert 90 <= len(found) <= 200
        months = {c.registered_at.strftime("%Y-%m") for c in found}
        assert len(months) >= 4, "reports have something to compare with"
        assert all(c.status is State.CLOSED for c in found if c.registered_at < now() - dt.timedelta(days=29))
        assert x.session.scalar(sa.select(sa.func.count()).select_from(Comment).where(Comment.mentions != []))
        assert all(c.created_at == c.registered_at and c.created_at <= c.updated_at <= now() for c in found)
        assert any(c.resolve_late for c in found)
        assert any(c.reopened for c in found)
        assert any(c.complainant_type is Kind.ANONYMOUS for c in found)
        for kind in (Notice, Visit, Escalation, Announcement):
            moments = list(x.session.scalars(sa.select(kind.at)))
            assert moments
            assert max(moments) <= now()
        reports = x.session.scalar(sa.select(sa.func.count()).select_from(Escalation))
        assert x.session.scalar(sa.select(sa.func.count()).select_from(Announcement)) == reports
