"""The phone's pages and what its outbox sends: who gets to them, and what is refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dougong_inspections.records import Task

from .conftest import World
from .test_tasks import LEAD, TECH, at

if TYPE_CHECKING:
    from dougong.testing.clients import Running

TODAY = "/inspections/today"


@pytest.fixture
def task(world: World) -> Task:
    world.plan()
    world.clock.at(at("2026-03-02 08:30"))
    return world.tasks()[0]


def test_the_way_to_the_walk(world: World, task: Task, platform: Running) -> None:
    """From the menu, from the start page, from the task; for whoever may walk, and nobody else."""
    mine, walk = platform.browser(world.company, TECH), f"/inspections/walk/{task.id}"
    home = mine.get("/").text
    assert f'href="{TODAY}"' in home
    assert f'href="{walk}"' in home
    assert walk in mine.get(f"/inspections/task/{task.id}").text
    assert walk in mine.get(TODAY).text
    reader = platform.browser(world.company, "client_n1")
    assert walk not in reader.get(f"/inspections/task/{task.id}").text
    assert TODAY not in reader.get("/").text
    world.do(Task, task.id, "start", TECH)
    lead = platform.browser(world.company, LEAD)
    assert walk not in lead.get(TODAY).text
    assert walk not in lead.get(f"/inspections/task/{task.id}").text
