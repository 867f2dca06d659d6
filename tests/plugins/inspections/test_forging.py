"""Nobody makes a walk look better than it was: own late walks, parts of a walk, methods, moments, and who may look."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from dougong.errors import Conflict, Forbidden, Invalid
from dougong_inspections import submission
from dougong_inspections.choices import Method, TaskState
from dougong_inspections.records import LateSubmission, PointScan, Task

from .conftest import World
from .test_tasks import LEAD, TECH, at
from .test_tasks import task as task

if TYPE_CHECKING:
    from dougong.testing.clients import Running

MANAGER = "project_manager_n1"


def test_nobody_takes_in_their_own_late_walk_because_another_one_waits_too(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 12:00"), of=world.company)
    world.send(task.id, LEAD, world.walk(task.id, at("2026-03-02 09:30")))
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 09:40")))
    for step in ("accept_late", "refuse_late"):
        with pytest.raises(Conflict):
            world.do(Task, task.id, step, LEAD, which=1)
    assert world.see(Task, task.id).status is TaskState.MISSED
    world.do(Task, task.id, "accept_late", LEAD, which=2)
    assert world.see(Task, task.id).claimed_by == world.company.people[TECH]


def test_who_walked_a_part_before_handing_over_does_not_review(world: World, task: Task) -> None:
    body = world.walk(task.id, at("2026-03-02 08:30"))
    with world.company.acting(LEAD, "inspections") as x:
        submission.save(x, x.get(Task, task.id), submission.read_progress({"points": body["points"][:1]}))
    world.do(Task, task.id, "hand_over", LEAD, to_id=str(world.company.people[TECH]), reason="换班")
    world.send(task.id, TECH, {**body, "points": body["points"][1:]})
    with pytest.raises(Conflict):
        world.do(Task, task.id, "review", LEAD)
    world.do(Task, task.id, "review", MANAGER)


def test_a_scan_without_what_was_read_is_none(world: World, task: Task) -> None:
    body = world.walk(task.id, at("2026-03-02 08:30"))
    body["points"][0]["method"], body["points"][1]["method"] = "qr", "nfc"
    world.send(task.id, TECH, body)
    assert {scan.method for scan in world.all(PointScan)} == {Method.TAP}


def test_nothing_was_finished_in_the_future(world: World, task: Task) -> None:
    body = world.walk(task.id, at("2026-03-02 08:30"))
    with world.company.acting(TECH, "inspections") as x:
        submission.save(x, x.get(Task, task.id), submission.read_progress({"points": body["points"]}))
    world.do(Task, task.id, "submit", TECH, finished="2026-03-02T09:59:00+08:00", started="2026-03-02T09:00:00+08:00")
    found = world.see(Task, task.id)
    assert found.finished_at == world.clock.now
    assert found.started_at <= found.finished_at


def test_what_waits_for_a_decision_is_bounded(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 12:00"), of=world.company)
    for _n in range(submission.MOST_LATE):
        world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 09:30")))
    with pytest.raises((Conflict, Invalid)):
        world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 09:30")))
    assert len(world.all(LateSubmission)) == submission.MOST_LATE


def test_only_who_walks_takes_an_others_walk_over(world: World, task: Task) -> None:
    """A colleague of the same post does not take what somebody is walking; their lead gives it to somebody."""
    people = world.company.people
    world.company.add_person("second", ("technician", "n1"))
    body = world.walk(task.id, at("2026-03-02 08:30"))
    with world.company.acting(TECH, "inspections") as x:
        submission.save(x, x.get(Task, task.id), submission.read_progress({"points": body["points"][:1]}))
    with pytest.raises((Conflict, Forbidden)):
        world.do(Task, task.id, "hand_over", "second", to_id=str(people["second"]), reason="我来")
    world.do(Task, task.id, "hand_over", LEAD, to_id=str(people["second"]), reason="换班")
    assert world.see(Task, task.id).claimed_by == people["second"]
    assert dt.timedelta() <= world.clock.now - world.see(Task, task.id).started_at


def test_who_only_reads_the_evidence_gets_no_walk_and_no_codes(world: World, task: Task, platform: Running) -> None:
    """The codes on the walls stand for having been there: who does not walk does not learn them."""
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30")))
    world.do(Task, task.id, "review", LEAD)
    client = platform.browser(world.company, "client_n1")
    assert client.get(f"/inspections/task/{task.id}").status_code == 200
    assert client.get(f"/inspections/walk/{task.id}").status_code in (403, 404)
    assert platform.browser(world.company, TECH).get(f"/inspections/walk/{task.id}").status_code == 200
