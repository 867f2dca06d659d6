"""What comes from a walk: results of points as they are checked, and a whole task at once. One way for pages, phone and API.

``save`` writes what was answered so far, ``submit`` a whole walk in one body; both may be sent again without harm. A walk that
comes when its task is no longer to be done is kept apart (``late``), never thrown away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, FieldError, Form, Invalid, Moment, insert_rows, translator, validate
from pydantic import Field

from . import items, layouts, severities
from .base import X, name_of, refuse
from .choices import WALKABLE, LateState, Method, Outcome, PointState, TaskState
from .layouts import Stop
from .records import ItemResult, LateSubmission, PointScan, Task

_ = translator("dougong_inspections")

MOST_LATE = 5  # walks of one person that wait for a decision on a task
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class PointWalk(Form):
    """What was done at one point.

    :ivar code: what was read of the QR code or the NFC tag, where one was read.
    :ivar skip: why nothing was checked here; answers are then not looked at.
    :ivar answers: by item's id: ``{"value": …, "na": false, "fails": false, "severity": "major", "note": "", "photos": [id],
        "device_at": …}``; a failed one needs a ``note``.
    """

    point: UUID
    method: Method = Method.TAP
    code: Annotated[str, Field(max_length=500)] = ""
    device_at: Moment | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    skip: Annotated[str, Field(max_length=500)] = ""
    answers: Annotated[dict[str, dict[str, Any]], Field(max_length=items.MOST)] = {}


class Progress(Form):
    """Some points of a walk.

    :ivar sent_at: the device's clock when it was sent: how far it is off is known by it.
    """

    points: Annotated[list[PointWalk], Field(max_length=layouts.MOST_POINTS)] = []
    sent_at: Moment | None = None


class Submission(Progress):
    """A whole walk.

    :ivar id: made by the device once for each walk; the same sent again changes nothing.
    :ivar started_at, finished_at: by the device's clock.
    """

    id: UUID
    started_at: Moment | None = None
    finished_at: Moment | None = None
    note: Annotated[str, Field(max_length=2_000)] = ""


@dataclass(frozen=True)
class Sent:
    """What became of a submission. :ivar late: it was kept apart for the supervisor; the task is as it was."""

    task: Task
    late: LateSubmission | None = None


class Clockwork:
    """A device's clock against ours: a moment of the device as the true time, as far as it can be known."""

    def __init__(self, sent_at: dt.datetime | None, x: X) -> None:
        self.off = sent_at - x.now if sent_at else dt.timedelta()
        self.skewed = abs(self.off) > dt.timedelta(minutes=x.settings.skew_minutes)
        self.now = x.now

    def true(self, at: dt.datetime | None) -> dt.datetime | None:
        """A moment of the device, corrected where its clock is off, and never in the future."""
        if at is None:
            return None
        return min(at - self.off if self.skewed else at, self.now)


# ---- reading what was sent ----


def read(body: Mapping[str, Any]) -> Submission:
    """A submission as it came. :raises Invalid: with the path of each bad field."""
    found = validate(Submission, body, None)
    assert isinstance(found, Submission)
    return found


def read_progress(body: Mapping[str, Any]) -> Progress:
    """Some points as they came. :raises Invalid: with the path of each bad field."""
    found = validate(Progress, body, None)
    assert isinstance(found, Progress)
    return found


# ---- saving ----


def locked(x: X, task: Task) -> Task:
    """The task as it is now, for this unit of work alone: of two who do the same at once one comes second."""
    x.session.flush()
    x.session.refresh(task, with_for_update=True)
    return task


def save(x: X, task: Task, body: Progress) -> Task:
    """Keep what was answered so far. A task that nobody walks yet is begun by it.

    :raises Invalid: an answer is not possible; nothing is kept then. :raises Conflict: it is no longer to be done, or
        somebody else walks it.
    """
    locked(x, task)
    x.demand(f"{Task.kind}.submit", task)
    if task.status not in WALKABLE:
        raise Conflict(_("This task is “{state}”: nothing can be added to it.").format(state=task.status.label))
    if task.status is not TaskState.WORKING:
        task = x.take(task, "start")
    elif task.claimed_by != x.actor:
        raise Conflict(_("{person} walks this task.").format(person=name_of(x, task.claimed_by)))
    write(x, task, body)
    return task


def write(x: X, task: Task, body: Progress) -> None:
    """Write points and results as they are, whoever asks; what was there of the same point is replaced."""
    stops = layouts.of_task(x, task)
    clock = Clockwork(body.sent_at, x)
    known = {stop.point_id: stop for stop in stops}
    photos = {file.id for file in x.files(task)} if any(_photos(p) for p in body.points) else set()
    scans, results, wrong = [], [], list[FieldError]()
    for n, walk in enumerate(body.points):
        stop = known.get(walk.point)
        try:
            if stop is None:
                raise refuse(f"points.{n}.point", _("is no point of this task's route"))
            if walk.code:
                _same(x, walk, stop, stops, task, f"points.{n}.code")
            results += _results(stop, walk, task, clock, photos, x, f"points.{n}.answers")
            scans.append(_scan(stop, walk, task, clock, x))
        except Invalid as problem:
            wrong += problem.errors
    if wrong:
        raise Invalid(errors=tuple(wrong))
    _replace(x, task, {p.point for p in body.points}, results)
    insert_rows(x.session, PointScan.__table__, scans, key=("task_id", "point_id"))
    task.skewed = task.skewed or clock.skewed
    task.off_place = task.off_place or any(row["off_place"] for row in scans)
    count(x, task, stops)


def _photos(walk: PointWalk) -> bool:
    return any(one.get("photos") for one in walk.answers.values())


def _same(x: X, walk: PointWalk, stop: Stop, stops: Sequence[Stop], task: Task, path: str) -> None:
    """A code that was read has to be the point's own."""
    try:
        found = layouts.by_text(x, walk.code, stops, task.site_id)
    except Invalid as problem:
        raise Invalid(errors=tuple(FieldError(path, e.message) for e in problem.errors)) from None
    if found.point_id != stop.point_id:
        raise refuse(path, _("This code is of another point: {point}.").format(point=found.name))


def _results(
    stop: Stop, walk: PointWalk, task: Task, clock: Clockwork, photos: set[UUID], x: X, path: str
) -> list[dict[str, Any]]:
    if walk.skip:
        return []
    known = {item.id: item for item in stop.items}
    given = items.check(stop.items, stop.revision_id, walk.answers, path)
    rows, wrong = [], []
    for id, answer in given.items():
        item = known[id]
        if strange := [one for one in answer.photos if one not in photos]:
            wrong.append(FieldError(f"{path}.{id}.photos", _("{id} is no file of this task").format(id=strange[0])))
        if not items.answered(item, answer):
            continue
        wrong += _wanting(item, answer, x, f"{path}.{id}")
        rows.append(_row(stop, item, answer, task, clock, walk, x))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return rows


def _wanting(item: items.AnyItem, answer: Any, x: X, path: str) -> list[FieldError]:
    """What is wrong with an answer that was given, field by field."""
    found = items.lacking(item, answer)
    if items.outcome(item, answer) is Outcome.FAIL:
        found["severity"] = severities.too_mild(item.criticality, answer.severity, x)
    return [FieldError(f"{path}.{name}", why) for name, why in found.items() if why is not None]


def _row(
    stop: Stop, item: items.AnyItem, answer: Any, task: Task, clock: Clockwork, walk: PointWalk, x: X
) -> dict[str, Any]:
    value, became = getattr(answer, "value", None), items.outcome(item, answer)
    severity = answer.severity if became is Outcome.FAIL else None
    return {
        "task_id": task.id, "point_id": stop.point_id, "item": item.id, "site_id": task.site_id,
        "business_date": task.business_date, "template_id": stop.template_id, "revision_id": stop.revision_id,
        "trade": task.trade.value, "criticality": item.criticality.value, "outcome": became.value,
        "severity": severity.value if severity else None,
        "value": items.as_text(answer), "number": float(value) if isinstance(item, items.Number) and value is not None else None,
        "weight": item.weight, "note": answer.note or None, "photos": [str(p) for p in answer.photos] or None,
        "device_at": clock.true(answer.device_at or walk.device_at), "server_at": x.now, "by_id": x.actor,
    }  # fmt: skip


def _scan(stop: Stop, walk: PointWalk, task: Task, clock: Clockwork, x: X) -> dict[str, Any]:
    distance = stop.distance(walk.latitude, walk.longitude)
    return {
        "task_id": task.id, "point_id": stop.point_id, "site_id": task.site_id, "business_date": task.business_date,
        "hour": hour_of(task, x), "trade": task.trade.value,
        "state": (PointState.SKIPPED if walk.skip else PointState.DONE).value,
        "method": _shown_by(walk).value,
        "reason": walk.skip or None, "latitude": walk.latitude, "longitude": walk.longitude, "distance": distance,
        "off_place": distance is not None and stop.radius is not None and distance > stop.radius,
        "device_at": clock.true(walk.device_at), "server_at": x.now, "by_id": x.actor,
    }  # fmt: skip


def _shown_by(walk: PointWalk) -> Method:
    """How they showed that they were there: a scan has what was read, and a position its figures; else it is their word."""
    shows = walk.latitude is not None if walk.method is Method.GPS else bool(walk.code)
    return walk.method if shows else Method.TAP


def hour_of(task: Task, x: X) -> int:
    """The hour of the day at the site in which the task's window begins."""
    return task.window_from.astimezone(x.snapshot.sites.zone(task.site_id)).hour


def _replace(x: X, task: Task, points: set[UUID], rows: Sequence[Mapping[str, Any]]) -> None:
    if points:
        mine = ItemResult.tenant_id == x.tenant, ItemResult.task_id == task.id, ItemResult.point_id.in_(points)
        x.session.execute(sa.delete(ItemResult).where(*mine))
    insert_rows(x.session, ItemResult.__table__, rows)


def results(x: X, task: Task) -> list[ItemResult]:
    """What was answered so far."""
    mine = sa.select(ItemResult).where(ItemResult.tenant_id == x.tenant, ItemResult.task_id == task.id)
    return list(x.session.scalars(mine.execution_options(populate_existing=True)))


def scans(x: X, task: Task) -> list[PointScan]:
    """What became of the points so far."""
    mine = sa.select(PointScan).where(PointScan.tenant_id == x.tenant, PointScan.task_id == task.id)
    return list(x.session.scalars(mine.execution_options(populate_existing=True)))


def walkers(x: X, task: Task) -> set[UUID]:
    """Everybody by whom something of it was answered or skipped."""
    found: set[UUID] = set()
    for kind in (ItemResult, PointScan):
        mine = sa.select(kind.by_id).where(kind.tenant_id == x.tenant, kind.task_id == task.id, kind.by_id.is_not(None))
        found |= {one for one in x.session.scalars(mine.distinct()) if one is not None}
    return found


def count(x: X, task: Task, stops: Sequence[Stop]) -> None:
    """Bring the task's own figures into step with its results."""
    found, seen = results(x, task), scans(x, task)
    task.answered = len(found)
    task.failed = sum(one.outcome is Outcome.FAIL for one in found)
    task.skipped = sum(one.state is PointState.SKIPPED for one in seen)
    scored = {stop.point_id for stop in stops if stop.scored}
    task.score = items.score((one.weight, one.outcome) for one in found if one.point_id in scored)


def open_items(x: X, task: Task) -> list[tuple[Stop, list[items.AnyItem]]]:
    """What still has to be answered, by point; a skipped point has nothing left."""
    done = {(one.point_id, one.item) for one in results(x, task)}
    skipped = {one.point_id for one in scans(x, task) if one.state is PointState.SKIPPED}
    out = []
    for stop in layouts.of_task(x, task):
        left = [i for i in stop.items if not i.optional and (stop.point_id, i.id) not in done]
        if left and stop.point_id not in skipped:
            out.append((stop, left))
    return out


# ---- a whole walk ----


def submit(x: X, task: Task, body: Submission) -> Sent:
    """Take in a whole walk and submit the task. Sent again, it changes nothing.

    :raises Invalid: an answer is not possible or is missing; nothing is kept then. :raises Forbidden: they may not.
    """
    locked(x, task)
    x.demand(f"{Task.kind}.submit", task)
    if task.submission_id == body.id:
        return Sent(task)
    again = sa.select(LateSubmission).where(
        LateSubmission.tenant_id == x.tenant,
        LateSubmission.submission_id == body.id,
        LateSubmission.parent_id == task.id,
    )
    if (known := x.session.scalar(again)) is not None:
        return Sent(task, known)
    if why := _too_late(x, task):
        return Sent(task, _keep(x, task, body, str(why)))
    if task.status is not TaskState.WORKING:
        task = x.take(task, "start")
    write(x, task, body)
    return Sent(finish(x, task, body))


def _too_late(x: X, task: Task) -> Any:
    """Why a walk cannot simply be taken in; None where it can."""
    if task.status not in WALKABLE:
        return _("The task was “{state}” when this came.").format(state=task.status.label)
    if task.status is TaskState.WORKING and task.claimed_by != x.actor:
        return _("{person} walks this task.").format(person=name_of(x, task.claimed_by))
    return None


def finish(x: X, task: Task, body: Submission) -> Task:
    """Submit a task whose results are written, by a device's own times."""
    clock = Clockwork(body.sent_at, x)
    times = {"started": clock.true(body.started_at), "finished": clock.true(body.finished_at)}
    task.submission_id = body.id
    given = {name: at.isoformat() for name, at in times.items() if at is not None}
    return x.take(task, "submit", **given, **({"note": body.note} if body.note else {}))


def in_window(task: Task, body: Submission, x: X) -> bool:
    """Whether it was walked within the task's window by the device's corrected clock."""
    at = Clockwork(body.sent_at, x).true(body.finished_at)
    return at is not None and task.window_from <= at <= task.window_to


def _possible(stop: Stop, walk: PointWalk, x: X, path: str) -> None:
    """:raises Invalid: an answer could never be taken in."""
    if walk.skip:
        return
    known = {item.id: item for item in stop.items}
    given = items.check(stop.items, stop.revision_id, walk.answers, path)
    answered = [(id, one) for id, one in given.items() if items.answered(known[id], one)]
    wrong = [error for id, one in answered for error in _wanting(known[id], one, x, f"{path}.{id}")]
    if wrong:
        raise Invalid(errors=tuple(wrong))


def _keep(x: X, task: Task, body: Submission, why: str) -> LateSubmission:
    """Keep a walk for the supervisor. It is looked through first: what could never be taken in is refused at once."""
    stops = {stop.point_id: stop for stop in layouts.of_task(x, task)}
    for n, walk in enumerate(body.points):
        if walk.point not in stops:
            raise refuse(f"points.{n}.point", _("is no point of this task's route"))
        _possible(stops[walk.point], walk, x, f"points.{n}.answers")
    waits = sa.select(sa.func.count()).where(
        LateSubmission.tenant_id == x.tenant,
        LateSubmission.parent_id == task.id,
        LateSubmission.state == LateState.WAITING,
        LateSubmission.created_by == x.actor,
    )
    if (x.session.scalar(waits) or 0) >= MOST_LATE:
        raise Conflict(_("{n} walks of yours wait for a decision on this task already.").format(n=MOST_LATE))
    late = LateSubmission(
        why=why[:200], in_window=in_window(task, body, x), submission_id=body.id, body=body.model_dump(mode="json")
    )
    x.add(task, late)
    x.session.flush()
    x.tell("inspections.late", task)
    return late
