"""The demo's orders: every state that one waits in is there, nothing lies in the future, and the rules held on the way."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

import sqlalchemy as sa
from dougong.instant import now
from dougong.scheduling.jobs import Jobs
from dougong_workorders import demo
from dougong_workorders.choices import ENDED, State
from dougong_workorders.records import Material, Order, Quote

if TYPE_CHECKING:
    from dougong.plugins.registry import Registry
    from dougong.testing.companies import Company


def test_the_demo_lives_by_the_rules_through_every_state_that_waits(company: Company, registry: Registry) -> None:
    company.jobs = Jobs(registry.jobs)
    with company.acting(None, "workorders") as x:
        demo.fill(x)
    with company.acting(None, "workorders") as x:
        found = list(x.session.scalars(sa.select(Order)))
        states = collections.Counter(o.status for o in found)
        assert set(states) >= set(State) - {State.PASSED, State.CANCELLED}, states
        assert all(o.created_at <= o.updated_at <= now() for o in found)
        assert all(o.checked_by not in (o.done_by, o.owner_id) for o in found if o.checked_by)
        assert all(o.permit_number for o in found if o.permit_kind and o.finished_at)
        assert all(o.agreed == o.quote for o in found if o.quote and o.finished_at)
        assert any(o.reworks for o in found)
        wholes = {o.main_id for o in found if o.main_id}
        assert wholes
        ended = {o.id for o in found if o.status is State.CLOSED}
        assert all(o.status in ENDED for o in found if o.main_id in ended)
        for kind in (Quote, Material):
            moments = list(x.session.scalars(sa.select(kind.at)))
            assert moments
            assert max(moments) <= now()
