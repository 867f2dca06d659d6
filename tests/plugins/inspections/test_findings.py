"""Findings: assigned, rectified, rechecked by another; severe ones stop the use, are told at once and climb."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from dougong.errors import Conflict, Forbidden, NotFound
from dougong_inspections.choices import FindingState
from dougong_inspections.records import Finding, Point

from .conftest import GOOD, World
from .test_tasks import at

TECH, LEAD, MANAGER = "technician_n1", "engineering_lead_n1", "project_manager_n1"
BODY: dict[str, Any] = {"severity": "major", "trade": "engineering", "description": "2 号配电房温度偏高"}


def report(world: World, by: str = TECH, **over: Any) -> UUID:
    return world.make(Finding, "n1", by, **{**BODY, **over})


def assigned(world: World, **over: Any) -> UUID:
    id = report(world, **over)
    world.do(Finding, id, "assign", LEAD, responsible_id=str(world.company.people[TECH]))
    return id


def test_from_the_finding_to_its_end(world: World) -> None:
    id = assigned(world)
    world.do(Finding, id, "rectify", TECH, done="清理滤网，加装风扇")
    world.do(Finding, id, "recheck", "quality", passed=True, words="温度 28 度")
    found = world.see(Finding, id)
    assert (found.status, found.verified_by) == (FindingState.CLOSED, world.company.people["quality"])


def test_the_rectifier_does_not_recheck(world: World) -> None:
    id = report(world)
    world.do(Finding, id, "assign", MANAGER, responsible_id=str(world.company.people[MANAGER]))
    world.do(Finding, id, "rectify", MANAGER, done="清理滤网")
    with pytest.raises(Conflict):
        world.do(Finding, id, "recheck", MANAGER, passed=True, words="好了")


def test_whoever_looks_after_quality_rechecks_and_rectifies_nothing(world: World) -> None:
    id = assigned(world)
    with pytest.raises((Forbidden, NotFound)):
        world.do(Finding, id, "rectify", "quality", done="我来")


def test_a_failed_recheck_returns_it_and_gives_no_new_time(world: World) -> None:
    id = assigned(world)
    due = world.see(Finding, id).rectify_by
    world.do(Finding, id, "rectify", TECH, done="清理滤网")
    world.do(Finding, id, "recheck", "quality", passed=False, words="还是 35 度")
    found = world.see(Finding, id)
    assert (found.status, found.returned) == (FindingState.FIXING, 1)
    assert found.rectify_by == due


def test_time_to_rectify_goes_by_severity(world: World) -> None:
    world.clock.at(at("2026-03-02 09:00"))
    minor, severe = report(world, severity="minor"), report(world, severity="critical")
    assert world.see(Finding, severe).rectify_by == at("2026-03-03 09:00")
    assert world.see(Finding, minor).rectify_by > at("2026-03-06 00:00")


def test_a_severe_finding_stops_the_use_of_its_point_until_it_is_closed(world: World) -> None:
    world.plan()
    world.clock.at(at("2026-03-02 08:30"))
    task = world.tasks()[0]
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30"), {**GOOD, "exit": {"value": False, "note": "堆放杂物"}}))
    found = world.findings()[0]
    assert found.stop_use
    assert world.see(Point, found.point_id).stopped_by == found.id
    world.do(Finding, found.id, "assign", LEAD, responsible_id=str(world.company.people[TECH]))
    world.do(Finding, found.id, "rectify", TECH, done="清通道")
    world.do(Finding, found.id, "recheck", "quality", passed=True, words="畅通")
    assert world.see(Point, found.point_id).stopped_by is None
    assert not world.see(Finding, found.id).stop_use


def test_an_open_finding_is_not_opened_twice(world: World) -> None:
    world.plan(times="08:00 12:00")
    world.clock.at(at("2026-03-02 08:30"))
    first, second = world.tasks()[:2]
    bad = {**GOOD, "volt": {"value": 500, "note": "电压过高"}}
    world.send(first.id, TECH, world.walk(first.id, at("2026-03-02 08:30"), bad))
    world.clock.at(at("2026-03-02 12:30"))
    world.send(second.id, TECH, world.walk(second.id, at("2026-03-02 12:30"), bad))
    assert len(world.findings()) == 2  # one a point, not one a walk


def test_overdue_it_is_marked_late_for_good(world: World) -> None:
    id = assigned(world, severity="critical")
    world.clock.through(days=2, of=world.company)
    assert world.see(Finding, id).rectify_late
    world.do(Finding, id, "rectify", TECH, done="修好")
    assert world.see(Finding, id).rectify_late


def test_more_time_only_with_somebody_elses_approval(world: World) -> None:
    id = assigned(world)
    world.do(Finding, id, "extension_submit", TECH, until="2026-03-20", reason="配件缺货")
    with pytest.raises((Forbidden, NotFound, Conflict)):
        world.do(Finding, id, "extension_agree", TECH)
    world.do(Finding, id, "extension_agree", MANAGER)
    found = world.see(Finding, id)
    assert found.extended_to.isoformat() == "2026-03-20"
    assert found.rectify_by > at("2026-03-20 12:00")


def test_of_another_trade_a_lead_with_a_limited_grant_sees_nothing(world: World) -> None:
    company = world.company
    company.add_person("limited")
    company.grant("limited", "cleaning_lead", "n1", relation="mine")
    mine, other = report(world, trade="cleaning"), report(world)
    with company.acting("limited", "inspections") as x:
        assert x.get(Finding, mine).trade.value == "cleaning"
        with pytest.raises(NotFound):
            x.get(Finding, other)


def test_an_extension_is_returned_or_taken_back_and_moves_nothing(world: World) -> None:
    id = assigned(world)
    due = world.see(Finding, id).rectify_by
    for step, who, body in (("return", MANAGER, {"reason": "抓紧"}), ("withdraw", TECH, {})):
        world.do(Finding, id, "extension_submit", TECH, until="2026-03-20", reason="配件缺货")
        world.do(Finding, id, f"extension_{step}", who, **body)
    assert world.see(Finding, id).rectify_by == due
