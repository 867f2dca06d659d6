"""Whoever found the cause does not verify, however many posts they hold and whoever answers for it since."""

from __future__ import annotations

import pytest
from dougong import Conflict
from dougong_quality.corrective.choices import State

from .conftest import ANALYSIS, ENGINEER, MANAGER, QUALITY, World


def test_handing_the_answer_on_makes_nobody_a_verifier(world: World) -> None:
    world.company.grant(ENGINEER, "quality", "n1")
    id = world.bring(State.CAUSE)
    world.do(ENGINEER, id, "analyse", **ANALYSIS)
    world.plan(id)
    world.do(ENGINEER, id, "start")
    world.do(MANAGER, id, "reassign", responsible_id=world.id(MANAGER), reason="改由经理负责")
    world.finish(id)
    world.do(MANAGER, id, "submit")
    with pytest.raises(Conflict):
        world.do(ENGINEER, id, "verify", verdict="passed", text="自己看过")
    world.do(QUALITY, id, "verify", verdict="passed", text="现场抽查")
