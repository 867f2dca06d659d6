"""A week of a site's patrols, by day and by night: what is made, walked, missed and made up, what climbs, who is told of it when.

The clock stops wherever something is due, the worker's part is done there, and the inboxes are read at the end.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from dougong import Conflict
from dougong_inspections.choices import FindingState, Severity, TaskState
from dougong_inspections.records import Finding, Point, Task
from dougong_notify.records import Message, Notice

from .conftest import GOOD, World

if TYPE_CHECKING:
    from dougong.testing.companies import Company

SHANGHAI = ZoneInfo("Asia/Shanghai")
BLOCKED = {**GOOD, "exit": {"value": False, "note": "堆放纸箱"}}
WALKER, LEAD, QUALITY = "technician_n1", "engineering_lead_n1", "quality"
MANAGER, REGION = "project_manager_n1", "regional_director_north"


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


class Week:
    """The world of the tests, lived through from Monday, 7:00 on, with a patrol at 8:00 and one at 23:00."""

    def __init__(self, world: World) -> None:
        self.world, self.company, self.clock = world, world.company, world.clock
        world.plan(times="08:00 23:00", window_minutes=120, grace_minutes=30, statutory=True, basis="公安部令第61号")

    def until(self, moment: dt.datetime) -> None:
        self.clock.through(until=moment, of=self.company)

    def task(self, day: int, hour: int) -> Task:
        return next(t for t in self.world.tasks() if t.window_from == at(day, hour))

    def walk(self, day: int, hour: int, minute: int, answers: Any = GOOD) -> Task:
        """The patrol that begins at an hour, walked so many minutes later."""
        moment = at(day, hour) + dt.timedelta(minutes=minute)
        self.until(moment)
        id = self.task(day, hour).id
        self.world.send(id, WALKER, self.world.walk(id, moment, answers))
        return self.task(day, hour)

    def told(self, id: UUID) -> list[tuple[str, str, str]]:
        """(when, who, what) of everything told of a record, in order."""
        names = {person: name for name, person in self.company.people.items()}
        with self.company.acting(None, "inspections") as x:
            query = (
                sa.select(Notice.at, Message.person_id, Notice.event)
                .join(Message, sa.and_(Message.tenant_id == Notice.tenant_id, Message.notice_id == Notice.id))
                .where(Notice.tenant_id == x.tenant, Notice.record_id == id)
            )
            rows = [
                (f"{when.astimezone(SHANGHAI):%d %H:%M}", names.get(who, "?"), event.rpartition(".")[2])
                for when, who, event in x.session.execute(query)
            ]
        return sorted(rows)


@pytest.fixture
def week(world: World) -> Week:
    return Week(world)


def test_each_window_of_the_week_has_one_task_with_the_day_of_its_shift(week: Week, company: Company) -> None:
    week.until(at(8, 23, 30))
    made = [t for t in week.world.tasks() if t.window_from < at(9, 0)]
    assert [t.window_from for t in made] == [at(day, hour) for day in range(2, 9) for hour in (8, 23)]
    assert [t.business_date for t in made] == [dt.date(2026, 3, day) for day in range(2, 9) for _hour in (8, 23)]
    assert {t.assignee_id for t in made} == {company.people[WALKER]}
    assert [t.status for t in made] == [*[TaskState.MISSED] * 13, TaskState.PENDING]


def test_a_night_patrol_ends_after_midnight_and_is_missed_in_the_morning_hours(week: Week) -> None:
    walked = week.walk(2, 23, 100)  # 0:40 on Tuesday
    assert (walked.business_date, walked.on_time) == (dt.date(2026, 3, 2), True)
    week.until(at(4, 1, 29))
    assert week.task(3, 23).status is TaskState.PENDING
    week.until(at(4, 1, 30))
    missed = week.task(3, 23)
    assert (missed.status, missed.missed_at, missed.business_date) == (
        TaskState.MISSED,
        at(4, 1, 30),
        dt.date(2026, 3, 3),
    )
    assert week.told(missed.id) == [("04 01:30", LEAD, "missed"), ("04 01:30", WALKER, "missed")]


def test_missed_and_made_up_within_a_day_it_stays_marked_and_later_it_is_too_late(week: Week) -> None:
    week.until(at(2, 12))
    first = week.task(2, 8)
    week.world.do(Task, first.id, "make_up_submit", by=WALKER, reason="抢修水管")
    assert ("02 12:00", LEAD, "approval_asked") in week.told(first.id)
    week.until(at(2, 13))
    week.world.do(Task, first.id, "make_up_agree", by=LEAD)
    week.until(at(2, 14))
    week.world.send(first.id, WALKER, week.world.walk(first.id, at(2, 14)))
    week.world.do(Task, first.id, "review", by=LEAD)
    week.until(at(8, 12))
    made_up = week.task(2, 8)
    assert (made_up.status, made_up.made_up, made_up.was_missed, made_up.on_time) == (
        TaskState.REVIEWED,
        True,
        True,
        None,
    )
    with pytest.raises(Conflict, match="24"):
        week.world.do(Task, week.task(3, 8).id, "make_up_submit", by=WALKER, reason="忘了")


def test_a_make_up_that_nobody_walks_is_missed_again(week: Week) -> None:
    week.until(at(2, 12))
    id = week.task(2, 8).id
    week.world.do(Task, id, "make_up_submit", by=WALKER, reason="抢修水管")
    week.world.do(Task, id, "make_up_agree", by=LEAD)
    week.until(at(3, 12, 1))
    again = week.task(2, 8)
    assert (again.status, again.made_up) == (TaskState.MISSED, True)


def test_a_severe_finding_stops_the_use_and_climbs_until_it_was_rectified_and_held(week: Week) -> None:
    week.walk(2, 8, 40, BLOCKED)
    [finding] = [f for f in week.world.findings() if f.severity is Severity.CRITICAL and f.location == "1 号配电房"]
    id = finding.id
    with week.company.acting(None, "inspections") as x:
        assert x.session.get_one(Point, (x.tenant, finding.point_id)).stopped_by == id
    week.until(at(2, 10))  # it was to be assigned within half an hour
    heard = week.told(id)
    assert [row for row in heard if row[0] == "02 08:40"] == [
        ("02 08:40", LEAD, "severe"),
        ("02 08:40", MANAGER, "severe"),
    ]
    late = [row for row in heard if row[0] > "02 08:40"]
    assert late == [
        ("02 09:04", LEAD, "due_soon"),
        ("02 09:10", LEAD, "overdue"),
        ("02 09:10", MANAGER, "escalated"),
        ("02 09:25", REGION, "escalated"),
    ]
    week.world.do(Finding, id, "assign", by=LEAD, responsible_id=str(week.company.people[WALKER]))
    week.until(at(3, 15))  # a day around the clock from when it was found
    late = [row for row in week.told(id) if row[0] > "02 10:00"]
    assert late == [
        ("03 03:52", WALKER, "due_soon"),
        ("03 08:40", QUALITY, "escalated"),  # the next post above a technician in the company's line
        ("03 08:40", WALKER, "overdue"),
    ]
    week.world.do(Finding, id, "rectify", by=WALKER, done="已清走")
    week.world.do(Finding, id, "recheck", by=LEAD, passed=False, words="还有两箱")
    assert ("03 15:00", WALKER, "recheck_failed") in week.told(id)
    week.world.do(Finding, id, "rectify", by=WALKER, done="全部清走")
    week.until(at(4, 9))
    week.world.do(Finding, id, "recheck", by=LEAD, passed=True, words="通道畅通")
    week.until(at(8, 12))
    closed = week.world.see(Finding, id)
    assert (closed.status, closed.returned, closed.rectify_late, closed.stop_use) == (
        FindingState.CLOSED,
        1,
        True,
        False,
    )
    with week.company.acting(None, "inspections") as x:
        assert x.session.get_one(Point, (x.tenant, finding.point_id)).stopped_by is None
    assert [row for row in week.told(id) if row[0] > "04 09:00"] == []


def test_walked_in_time_and_reviewed_only_the_walker_hears_that_it_was(week: Week) -> None:
    task = week.walk(2, 8, 50)
    week.until(at(2, 18))
    week.world.do(Task, task.id, "review", by=LEAD)
    week.until(at(8, 12))
    assert week.told(task.id) == [("02 18:00", WALKER, "moved")]


def test_a_review_that_nobody_makes_is_overdue_after_its_working_hours(week: Week) -> None:
    task = week.walk(2, 8, 50)
    week.until(at(8, 12))
    assert [(who, what) for _when, who, what in week.told(task.id)][:3] == [
        (LEAD, "due_soon"),
        (LEAD, "overdue"),
        (MANAGER, "escalated"),
    ]
    assert week.task(2, 8).review_late
