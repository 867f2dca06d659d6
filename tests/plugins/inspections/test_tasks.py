"""Tasks: made by plan, walked in one body, missed by the clock, made up, exempt; and everything that comes late."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dougong.errors import Conflict, Forbidden, Invalid, NotFound
from dougong_inspections import asides, layouts
from dougong_inspections.choices import Exemption, LateState, Outcome, PointState, TaskState
from dougong_inspections.records import Finding, ItemResult, LateSubmission, Plan, PointScan, Task

from .conftest import GOOD, ITEMS, World

ZONE = ZoneInfo("Asia/Shanghai")
TECH = "technician_n1"
LEAD = "engineering_lead_n1"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def task(world: World) -> Task:
    """Today's task, its window from 8 to 10, at 8:30."""
    world.plan()
    world.clock.at(at("2026-03-02 08:30"))
    return world.tasks()[0]


def test_a_plan_in_force_has_its_tasks_for_the_day_ahead(world: World) -> None:
    world.plan()
    made = world.tasks()
    assert [t.window_from for t in made] == [at("2026-03-02 08:00"), at("2026-03-03 08:00")]
    first = made[0]
    assert (first.window_to, first.business_date, first.assignee_id) == (
        at("2026-03-02 10:00"), dt.date(2026, 3, 2), world.company.people[TECH]
    )  # fmt: skip
    assert (first.point_count, first.item_count, first.status) == (2, 8, TaskState.PENDING)


def test_a_plan_shows_its_next_windows_whether_they_have_tasks_or_not(world: World) -> None:
    id = world.plan(repeat="weekly", weekdays="1", times="22:00", window_minutes=240)
    with world.company.acting(None, "inspections") as x:
        (card,) = asides.beside("detail:inspections.plan", x.session.get_one(Plan, (x.tenant, id)), x)
    assert [line.text for line in card.lines][:2] == ["2026-03-02 22:00 – 02:00", "2026-03-09 22:00 – 02:00"]
    assert len(card.lines) == 5
    world.do(Plan, id, "pause", reason="装修")
    with world.company.acting(None, "inspections") as x:
        assert not asides.beside("detail:inspections.plan", x.session.get_one(Plan, (x.tenant, id)), x)


def test_nothing_is_made_twice_and_nothing_left_out(world: World) -> None:
    world.plan()
    world.clock.through(days=3, of=world.company)
    days = [t.business_date for t in world.tasks()]
    assert days == sorted(set(days))
    assert len(days) >= 4


def test_a_walk_in_one_body(world: World, task: Task) -> None:
    sent = world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30")))
    found = world.see(Task, task.id)
    assert sent.late is None
    assert (found.status, found.on_time, found.late_sync, found.answered, found.failed) == (
        TaskState.SUBMITTED, True, False, 6, 0
    )  # fmt: skip
    assert found.score == 100.0
    assert {r.outcome for r in world.all(ItemResult)} == {Outcome.PASS}
    assert world.findings() == []


def test_the_same_sent_again_changes_nothing(world: World, task: Task) -> None:
    body = world.walk(task.id, at("2026-03-02 08:30"), {**GOOD, "volt": {"value": 500, "note": "电压过高"}})
    world.send(task.id, TECH, body)
    again = world.send(task.id, TECH, body)
    assert again.late is None
    assert len(world.findings()) == 2  # one a point
    assert world.all(LateSubmission) == []


def test_what_is_missing_is_named(world: World, task: Task) -> None:
    body = world.walk(task.id, at("2026-03-02 08:30"), {"exit": {"value": True}})
    with pytest.raises(Conflict):
        world.send(task.id, TECH, body)
    assert world.see(Task, task.id).status is TaskState.PENDING


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ({"volt": {"value": "hoch"}}, "points.0.answers.volt.value"),
        ({"smell": {"value": "很香"}}, "points.0.answers.smell.value"),
        ({"volt": {"value": 1e12}}, "points.0.answers.volt.value"),
        ({"unknown": {"value": 1}}, "points.0.answers.unknown"),
        ({"exit": {"photos": ["x"]}}, "points.0.answers.exit.photos.0"),
        ({"exit": {"value": True, "photos": ["01a2050f-b246-7606-8c9c-7ca3ff055896"]}}, "points.0.answers.exit.photos"),
    ],
)
def test_an_impossible_answer_is_refused_with_its_path(world: World, task: Task, answers: Any, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30"), {**GOOD, **answers}))
    assert path in [e.path for e in refused.value.errors]
    assert world.all(ItemResult) == []


def test_a_skipped_point_has_a_reason_and_no_results(world: World, task: Task) -> None:
    body = world.walk(task.id, at("2026-03-02 08:30"))
    body["points"][1] = {"point": body["points"][1]["point"], "skip": "门锁坏了，进不去"}
    world.send(task.id, TECH, body)
    found = world.see(Task, task.id)
    assert (found.status, found.skipped, found.answered) == (TaskState.SUBMITTED, 1, 3)
    assert {s.state for s in world.all(PointScan)} == {PointState.DONE, PointState.SKIPPED}


def test_missed_by_the_clock_after_the_grace(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 10:29"), of=world.company)
    assert world.see(Task, task.id).status is TaskState.PENDING
    world.clock.through(until=at("2026-03-02 10:31"), of=world.company)
    found = world.see(Task, task.id)
    assert (found.status, found.was_missed, found.on_time) == (TaskState.MISSED, True, False)
    assert [s.state for s in world.all(PointScan)] == [PointState.MISSED] * 2
    assert {s.hour for s in world.all(PointScan)} == {8}


def test_walked_in_the_window_and_sent_in_the_grace_is_on_time_but_sent_late(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 10:20"), of=world.company)
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 09:50")))
    found = world.see(Task, task.id)
    assert (found.on_time, found.late_sync, found.status) == (True, True, TaskState.SUBMITTED)


def test_walked_after_the_window_is_not_on_time(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 10:20"), of=world.company)
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 10:15")))
    found = world.see(Task, task.id)
    assert (found.on_time, found.late_sync) == (False, False)


def test_a_walk_that_comes_when_it_was_missed_is_kept_and_decided_on(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 12:00"), of=world.company)
    body = world.walk(task.id, at("2026-03-02 09:30"))
    sent = world.send(task.id, TECH, body)
    assert sent.late is not None
    assert world.see(Task, task.id).status is TaskState.MISSED
    assert world.send(task.id, TECH, body).late is not None  # the same again is the same
    assert len(world.all(LateSubmission)) == 1
    with pytest.raises((Forbidden, NotFound)):
        world.do(Task, task.id, "accept_late", TECH)
    world.do(Task, task.id, "accept_late", LEAD)
    found = world.see(Task, task.id)
    assert (found.status, found.on_time, found.late_sync, found.was_missed, found.made_up) == (
        TaskState.SUBMITTED, True, True, False, False
    )  # fmt: skip
    assert {s.state for s in world.all(PointScan)} == {PointState.DONE}
    assert world.all(LateSubmission)[0].state is LateState.ACCEPTED


def test_a_late_walk_outside_its_window_is_made_up_for_good(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 13:00"), of=world.company)
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 12:30")))
    world.do(Task, task.id, "accept_late", LEAD)
    found = world.see(Task, task.id)
    assert (found.made_up, found.was_missed, found.on_time) == (True, True, None)


def test_a_refused_late_walk_leaves_the_task_missed(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 13:00"), of=world.company)
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 09:30")))
    world.do(Task, task.id, "refuse_late", LEAD, words="照片不是今天的")
    assert world.see(Task, task.id).status is TaskState.MISSED
    assert world.all(LateSubmission)[0].state is LateState.REFUSED


def test_two_who_start_the_same_task_one_wins_and_the_other_is_told_who(world: World, task: Task) -> None:
    world.do(Task, task.id, "start", TECH)
    with pytest.raises(Conflict) as told:
        world.do(Task, task.id, "start", LEAD)
    assert "名" in str(told.value.detail) or told.value.detail
    sent = world.send(task.id, LEAD, world.walk(task.id, at("2026-03-02 08:30")))
    assert sent.late is not None
    assert TECH in sent.late.why


def test_a_device_whose_clock_is_off_is_flagged_and_corrected(world: World, task: Task) -> None:
    ahead = dt.timedelta(hours=3)
    body = world.walk(task.id, at("2026-03-02 08:30") + ahead, sent_at=(at("2026-03-02 08:30") + ahead).isoformat())
    world.send(task.id, TECH, body)
    found = world.see(Task, task.id)
    assert (found.skewed, found.on_time, found.finished_at) == (True, True, at("2026-03-02 08:30"))


def test_an_implausibly_fast_route_is_flagged(world: World, task: Task) -> None:
    body = world.walk(task.id, at("2026-03-02 08:30"))
    body["started_at"] = at("2026-03-02 08:29:50").isoformat()
    world.send(task.id, TECH, body)
    assert world.see(Task, task.id).too_fast


def test_away_from_a_point_is_flagged_and_not_refused(world: World, task: Task) -> None:
    body = world.walk(task.id, at("2026-03-02 08:30"))
    body["points"][0] |= {"latitude": 30.01, "longitude": 120.0}
    body["points"][1] |= {"latitude": 30.0001, "longitude": 120.0}
    world.send(task.id, TECH, body)
    assert world.see(Task, task.id).off_place
    assert sorted(s.distance for s in world.all(PointScan)) == [11, 1112]


def test_a_foreign_code_is_refused_in_words(world: World, task: Task) -> None:
    from dougong_inspections.records import Point, Route

    other = world.make(Route, "n2", name="别处", trade="engineering")
    world.do(Route, other, "add_point", name="别处的点", template_id=str(world.template))
    code = next(p.code for p in world.all(Point) if p.name == "别处的点")
    body = world.walk(task.id, at("2026-03-02 08:30"))
    body["points"][0]["code"] = f"https://x/inspections/scan/{code}"
    with pytest.raises(Invalid) as refused:
        world.send(task.id, TECH, body)
    assert refused.value.errors[0].path == "points.0.code"
    with world.company.acting(TECH, "inspections") as x:
        found = x.get(Task, task.id)
        stops = layouts.of_task(x, found)
        assert layouts.by_text(x, f"http://h/inspections/scan/{stops[1].code}", stops, found.site_id) == stops[1]


def test_a_template_revised_in_the_middle_of_the_day_changes_no_task(world: World, task: Task) -> None:
    world.publish([*ITEMS, {"id": "new", "type": "yes_no", "text": "新项"}])
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30")))
    assert world.see(Task, task.id).status is TaskState.SUBMITTED
    world.clock.through(days=2, of=world.company)
    assert [t.item_count for t in world.tasks()] == [8, 8, 10]


def test_made_up_with_approval_within_a_day_and_marked_for_good(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 12:00"), of=world.company)
    world.do(Task, task.id, "make_up_submit", TECH, reason="停电，晚到")
    assert world.see(Task, task.id).status is TaskState.ASKED
    world.do(Task, task.id, "make_up_agree", LEAD)
    assert world.see(Task, task.id).status is TaskState.MAKE_UP
    world.clock.at(at("2026-03-02 13:00"))
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 13:00")))
    found = world.see(Task, task.id)
    assert (found.status, found.made_up, found.was_missed, found.on_time) == (TaskState.SUBMITTED, True, True, None)


def test_a_make_up_is_asked_for_within_a_day_only(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-03 11:00"), of=world.company)
    with pytest.raises(Conflict):
        world.do(Task, task.id, "make_up_submit", TECH, reason="忘了")


def test_a_make_up_that_nobody_walks_is_missed_again(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 12:00"), of=world.company)
    world.do(Task, task.id, "make_up_submit", TECH, reason="停电")
    world.do(Task, task.id, "make_up_agree", LEAD)
    world.clock.through(days=1, hours=1, of=world.company)
    assert world.see(Task, task.id).status is TaskState.MISSED


def test_exempt_by_the_manager_with_a_reason(world: World, task: Task) -> None:
    with pytest.raises((Forbidden, NotFound)):
        world.do(Task, task.id, "exempt", LEAD, because="weather", reason="暴雨")
    world.do(Task, task.id, "exempt", "project_manager_n1", because="equipment_stopped", reason="设备停用检修")
    found = world.see(Task, task.id)
    assert (found.status, found.exemption) == (TaskState.EXEMPT, Exemption.EQUIPMENT)
    world.clock.through(days=1, of=world.company)
    assert world.see(Task, task.id).status is TaskState.EXEMPT


def test_returned_it_is_walked_again_and_stays_on_time(world: World, task: Task) -> None:
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30")))
    world.do(Task, task.id, "send_back", LEAD, reason="照片模糊")
    world.clock.through(until=at("2026-03-02 15:00"), of=world.company)
    assert world.see(Task, task.id).status is TaskState.RETURNED
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 15:00")))
    world.do(Task, task.id, "review", LEAD)
    found = world.see(Task, task.id)
    assert (found.status, found.on_time, found.returned) == (TaskState.REVIEWED, True, 1)


def test_nobody_reviews_their_own_walk(world: World, task: Task) -> None:
    world.send(task.id, LEAD, world.walk(task.id, at("2026-03-02 08:30")))
    with pytest.raises(Conflict):
        world.do(Task, task.id, "review", LEAD)


def test_a_night_shift_belongs_to_the_day_of_its_start(world: World) -> None:
    world.plan(times="22:00 02:00", window_minutes=240, post="technician")
    night = [t for t in world.tasks() if t.window_from >= at("2026-03-02 22:00")]
    assert night[0].business_date == dt.date(2026, 3, 2)
    assert night[0].window_to == at("2026-03-03 02:00")


def test_who_stands_in_for_the_absent_gets_the_task(world: World) -> None:
    from dougong.access.tables import Deputy
    from dougong.tenancy.stored import new_id

    company = world.company
    with company.session() as session:
        session.add(
            Deputy(
                id=new_id(), person_id=company.people[TECH], deputy_id=company.people[LEAD],
                starts_at=at("2026-03-02 00:00"), ends_at=at("2026-03-03 00:00"),
            )
        )  # fmt: skip
    world.plan()
    today, tomorrow = world.tasks()[:2]
    assert (today.assignee_id, today.substitute) == (company.people[LEAD], True)
    assert (tomorrow.assignee_id, tomorrow.substitute) == (company.people[TECH], False)


def test_a_paused_plan_lets_go_of_what_has_not_begun(world: World) -> None:
    plan = world.plan()
    world.do(Plan, plan, "pause", reason="装修")
    world.clock.run(of=world.company)
    assert {t.status for t in world.tasks()} == {TaskState.EXEMPT}
    assert {t.exemption for t in world.tasks()} == {Exemption.PLAN}


def test_partial_progress_is_kept_and_can_be_corrected(world: World, task: Task) -> None:
    from dougong_inspections import submission

    point = str(world.points(task.id)[0])
    for value in (350, 380):
        with world.company.acting(TECH, "inspections") as x:
            body = {"points": [{"point": point, "answers": {"volt": {"value": value, "note": "复测"}}}]}
            submission.save(x, x.get(Task, task.id), submission.read_progress(body))
    found = world.see(Task, task.id)
    assert (found.status, found.answered, found.failed) == (TaskState.WORKING, 1, 0)
    assert world.all(ItemResult)[0].number == 380


def test_severe_failures_open_findings_that_stop_the_use(world: World, task: Task) -> None:
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30"), {**GOOD, "exit": {"value": False, "note": "堆放杂物"}}))
    found = world.findings()
    assert len(found) == 2
    assert all(f.stop_use and f.severity.value == "critical" for f in found)
    assert {f.task_id for f in found} == {task.id}


def test_the_clerk_of_another_site_sees_nothing_of_it(world: World, task: Task) -> None:
    with pytest.raises(NotFound):
        world.send(task.id, "technician_s1", world.walk(task.id, at("2026-03-02 08:30")))
    assert world.all(Finding) == []


def test_a_make_up_is_returned_or_taken_back_and_stays_missed(world: World, task: Task) -> None:
    world.clock.through(until=at("2026-03-02 12:00"), of=world.company)
    world.do(Task, task.id, "make_up_submit", TECH, reason="停电")
    world.do(Task, task.id, "make_up_return", LEAD, reason="不合理")
    assert world.see(Task, task.id).status is TaskState.MISSED
    world.do(Task, task.id, "make_up_submit", TECH, reason="停电，有记录")
    world.do(Task, task.id, "make_up_withdraw", TECH)
    found = world.see(Task, task.id)
    assert (found.status, found.made_up) == (TaskState.MISSED, False)


def test_a_review_that_nobody_does_is_late_for_good(world: World, task: Task) -> None:
    world.send(task.id, TECH, world.walk(task.id, at("2026-03-02 08:30")))
    world.clock.through(days=7, of=world.company)
    assert world.see(Task, task.id).review_late
