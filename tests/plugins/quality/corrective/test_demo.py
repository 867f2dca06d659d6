"""The demo's nonconformities: lived through by the company's people, in all states, over three projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from dougong_quality.corrective.choices import Answer, Kind, MeasureState, State
from dougong_quality.corrective.demo import fill
from dougong_quality.corrective.records import Measure, Nonconformity, Rollout

if TYPE_CHECKING:
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company


def test_the_demo_shows_every_state(company: Company, clock: Clock) -> None:
    posts = ("project_manager", "engineering_lead", "security_lead", "cleaning_lead", "service_lead", "greening_lead")
    for post in posts:
        company.add_person(f"{post}_n2", (post, "n2"))
    with company.acting(None, "quality") as x:
        fill(x)
    with company.acting(None, "quality") as x:
        found = list(x.session.scalars(sa.select(Nonconformity)))
        states = {c.status for c in found}
        measures = list(x.session.scalars(sa.select(Measure)))
        checks = list(x.session.scalars(sa.select(Rollout)))
    assert len(found) >= 12
    assert states == set(State)
    assert len({c.site_id for c in found}) == 3
    assert any(c.ineffective for c in found)
    assert any(c.wanted for c in found)
    assert any(c.again for c in found)
    assert any(c.nature is Kind.POTENTIAL and c.rolled for c in found)
    assert any(m.status is MeasureState.OPEN for m in measures)
    assert [r.status for r in checks].count(Answer.OPEN) == 2
    assert {r.status for r in checks} == {Answer.OPEN, Answer.DONE, Answer.NOT_HERE}
