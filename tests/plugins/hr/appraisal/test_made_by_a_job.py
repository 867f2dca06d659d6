"""What the job of a round makes is as whole as what people make: with the first entry of its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from dougong.records.tables import History

from .conftest import AGENT

if TYPE_CHECKING:
    from .conftest import World


def test_an_appraisal_has_its_history_from_the_first_day(world: World) -> None:
    world.line()
    world.started()
    made = world.of(AGENT)
    with world.acting(None) as x:
        actions = x.session.scalars(
            sa.select(History.action).where(History.tenant_id == x.tenant, History.record_id == made.id)
        ).all()
    assert "create" in actions
