"""The month before a demo company's day: what it leaves for the figures, and that it contradicts nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dougong_inspections.choices import DONE, TaskState
from dougong_inspections.demo import month
from dougong_inspections.records import ItemResult, PointScan

if TYPE_CHECKING:
    from .conftest import World


def test_a_month_of_tasks_with_points_and_answers(world: World) -> None:
    plan = world.plan(times="08:00 23:00")
    before = {task.id for task in world.tasks()}
    with world.company.acting(None, "inspections") as x:
        month.fill(x, [plan])
    made = [task for task in world.tasks() if task.id not in before]
    assert 280 <= len(made) <= 300  # scored: five months, twice a day
    assert {TaskState.REVIEWED, TaskState.MISSED, TaskState.EXEMPT} == {task.status for task in made}
    assert len({task.number for task in made}) == len(made)
    walked = [task for task in made if task.status in DONE]
    assert all(task.answered == 6 and task.score is not None for task in walked)
    assert any(task.made_up and task.on_time is None and task.was_missed for task in walked)
    assert not any(task.due_by and task.status is TaskState.PENDING for task in made)
    kept = {task.id for task in made if task.status is not TaskState.EXEMPT}
    assert len(world.all(PointScan)) == 2 * len(kept)
    assert len(world.all(ItemResult)) == 6 * len(walked)
