"""What a walk finds: failed items become findings, as severe as the inspector said, else by the company's rule of criticality."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import translator

from . import items, layouts, severities, submission
from .base import X
from .choices import FindingState, Outcome, Severity
from .records import Finding, ItemResult, Task

_ = translator("dougong_inspections")


def open_findings(task: Task, x: X) -> None:
    """Open a finding for each failed item of a task that has none yet, and none of an earlier task is still open."""
    failed = [one for one in submission.results(x, task) if one.outcome is Outcome.FAIL]
    if not failed:
        return
    stops = {stop.point_id: stop for stop in layouts.of_task(x, task)}
    known = _open_at(x, {one.point_id for one in failed}, task)
    for result in failed:
        severity = result.severity or severities.demanded(result.criticality, x)
        if severity is None or (result.point_id, result.item) in known:
            continue
        stop = stops[result.point_id]
        item = next(i for i in stop.items if i.id == result.item)
        x.create(Finding, task.site_id, **_values(task, stop, item, result, severity))


def _open_at(x: X, points: set[UUID], task: Task) -> set[tuple[UUID | None, str | None]]:
    """Items at these points that have an open finding, or one of this task."""
    mine = sa.select(Finding.point_id, Finding.item_code).where(
        Finding.tenant_id == x.tenant,
        Finding.point_id.in_(points),
        sa.or_(Finding.status != FindingState.CLOSED, Finding.task_id == task.id),
    )
    return {(point, item) for point, item in x.session.execute(mine)}


def _values(
    task: Task, stop: layouts.Stop, item: items.AnyItem, result: ItemResult, severity: Severity
) -> dict[str, Any]:
    said = [str(_("{point}, not as it should be: {item}").format(point=stop.name, item=item.text))]
    if result.value is not None and not isinstance(item, items.YesNo):
        said.append(f"{result.value} {getattr(item, 'unit', '')}".strip())
    if result.note:
        said.append(result.note)
    return {
        "severity": severity, "trade": task.trade, "description": "\n".join(said), "item": item.text[:200],
        "location": stop.location or stop.name, "location_id": stop.location_id, "item_code": item.id,
        "template_id": stop.template_id, "point_id": stop.point_id, "task_id": task.id,
    }  # fmt: skip
