"""What clocks do as records live: start, pause, go on, end, move; steps in order, each once; who is told."""

from __future__ import annotations

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from dougong import Conflict
from dougong.records import history
from dougong.records.tables import ClockStep, History
from dougong.tenancy.tables import due

from . import errands
from .conftest import Office
from .errands import Errand

HERE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=HERE)


def state(office: Office, id: UUID, clock: str = "resolution") -> str:
    return str((office.get(id).timing or {})[clock]["on"])


def test_a_clock_starts_with_its_record_on_the_sites_calendar(office: Office) -> None:
    id = office.create()  # Monday 9:00; working hours 9-12, 13-18
    made = office.get(id)
    assert made.due == at("2026-03-02T18:00")
    assert made.news_by == at("2026-03-02T14:00")
    assert made.timing is not None
    assert made.timing["resolution"]["run"] == 1
    assert office.waits(id) == at("2026-03-02T14:00")  # the first step of all clocks: no news
    assert state(office, id) == "run"


def test_steps_come_in_order_and_once_each(office: Office) -> None:
    owner = office.company.people["service_agent_n1"]
    id = office.create(owner_id=str(owner), round_the_clock=True)
    office.clock.move(hours=6)  # 15:00: three quarters of 8 h; the news are due since 14:00 and again after each hour
    assert office.run() == [
        ("due_soon", "resolution", ("service_agent_n1",)),
        ("overdue", "news", ("service_agent_n1",)),
    ]
    office.do(id, "tell")
    assert office.run() == []
    office.clock.move(hours=2)
    assert office.run() == [
        ("overdue", "resolution", ("service_agent_n1",)),
        ("escalated", "resolution", ("service_lead_n1",)),
    ]
    assert office.get(id).late
    office.do(id, "tell")
    office.clock.move(hours=4)
    assert ("escalated", "resolution", ("project_manager_n1",)) in office.run()
    office.do(id, "tell")
    office.clock.move(hours=4)  # a level that the line does not have: its top
    assert ("escalated", "resolution", ("general_manager",)) in office.run()
    office.do(id, "finish")
    assert state(office, id) == "met"
    office.clock.move(days=3)
    assert office.run() == []


def test_workers_that_were_away_for_a_week_take_each_step_once_in_order(office: Office) -> None:
    id = office.create(owner_id=str(office.company.people["service_agent_n1"]), round_the_clock=True)
    office.clock.move(days=7)
    told = [t for t in office.run() if t[1] == "resolution"]
    assert [t[0] for t in told] == ["overdue", "escalated", "escalated", "escalated"]  # the reminder was overtaken
    assert office.run() == []
    with office.company.session() as session:
        marks = session.execute(
            sa.select(ClockStep.step, ClockStep.due_at)
            .where(ClockStep.record_id == id, ClockStep.clock == "resolution")
            .order_by(ClockStep.id)
        ).all()
    assert len(marks) == 4
    assert [m.due_at for m in marks] == sorted(m.due_at for m in marks)


def test_a_pause_keeps_what_is_left_as_working_time(office: Office) -> None:
    id = office.create()
    office.clock.at(at("2026-03-02T11:00"))
    office.do(id, "hold")
    assert state(office, id) == "held"
    office.clock.at(at("2026-03-04T10:00"))  # 5 h on Monday, 8 on Tuesday, 1 on Wednesday
    assert "resolution" not in [t[1] for t in office.run()]
    office.do(id, "resume")
    assert office.get(id).due == at("2026-03-04T17:00")  # six hours were left at 11:00
    assert not office.get(id).late


def test_a_pause_for_no_reason_is_none(office: Office) -> None:
    id = office.create()
    office.do(id, "hold", why="no reason")
    assert state(office, id) == "run"
    assert office.get(id).timing["resolution"].get("n") is None  # type: ignore[index]


def test_it_is_paused_so_often_and_no_more(office: Office) -> None:
    id = office.create()
    for _count in range(2):
        office.do(id, "hold")
        office.clock.move(minutes=10)
        office.do(id, "resume")
    with pytest.raises(Conflict, match="2"):
        office.do(id, "hold")
    assert office.get(id).status is errands.State.DOING


def test_a_year_on_hold_is_a_year(office: Office) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(hours=1)
    office.do(id, "hold")
    office.clock.move(days=366)
    office.do(id, "resume")
    assert office.get(id).due == office.clock.now + dt.timedelta(hours=7)


def test_what_it_depends_on_moves_it_and_erases_no_breach(office: Office) -> None:
    id = office.create(round_the_clock=True)
    before = office.get(id).due
    assert before is not None
    office.clock.move(hours=9)
    office.run()
    assert office.get(id).late
    office.edit(id, size="large")
    moved = office.get(id)
    assert moved.due == before + dt.timedelta(hours=8)
    assert moved.late
    assert state(office, id) == "run"
    office.clock.move(hours=7)
    assert ("overdue", "resolution", ()) not in office.run()
    with office.company.session() as session:
        runs = sa.select(ClockStep.run).where(ClockStep.record_id == id, ClockStep.step == "breach")
        assert sorted(session.scalars(runs)) == [1, 2]  # overdue again: told again, in another run


def test_what_is_due_at_once_when_it_moves_nearer_is_taken_at_once(office: Office) -> None:
    id = office.create(size="large", round_the_clock=True)
    office.clock.move(hours=10)
    office.run()
    assert not office.get(id).late
    office.edit(id, size="small")
    assert {t[0] for t in office.run() if t[1] == "resolution"} == {"overdue", "escalated"}
    assert office.get(id).late


def test_a_write_wakes_a_record_whose_step_was_due_and_never_taken(office: Office) -> None:
    id = office.create()
    office.clock.at(at("2026-03-02T19:00"))
    with office.company.session() as session:  # its job was lost, or failed for good
        session.execute(sa.delete(due).where(due.c.id == id))
    office.edit(id, title="other")
    assert ("overdue", "resolution") in {t[:2] for t in office.run()}


@pytest.mark.parametrize("minutes", [60, 61])
def test_what_is_met_within_the_grace_is_not_late(office: Office, minutes: int) -> None:
    office.company.settings("errands", grace=60)
    try:
        id = office.create(round_the_clock=True)
        office.clock.move(hours=8, minutes=minutes)
        office.do(id, "finish")
        met = office.get(id)
        assert met.due is not None
        assert met.done_at == met.due + dt.timedelta(minutes=minutes)
        assert met.late is (minutes > 60)
    finally:
        office.company.settings("errands", grace=0)


def test_a_change_of_settings_holds_for_clocks_that_start_later(office: Office) -> None:
    id = office.create()
    office.company.settings("errands", small_hours=2)
    try:
        office.edit(id, title="other")
        assert office.get(id).due == at("2026-03-02T18:00")
        assert office.get(office.create()).due == at("2026-03-02T11:00")
    finally:
        office.company.settings("errands", small_hours=8)


def test_coming_back_starts_it_anew_and_what_was_late_stays_late(office: Office) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(hours=20)
    office.do(id, "finish")
    assert office.get(id).late
    assert office.get(id).done_at == office.clock.now
    office.clock.move(hours=5)
    office.do(id, "again")
    found = office.get(id)
    assert found.done_at is None
    assert found.due == office.clock.now + dt.timedelta(hours=8)
    assert found.late
    assert found.timing["resolution"]["run"] == 2  # type: ignore[index]
    office.do(id, "drop")
    assert office.get(id).due is None
    assert state(office, id) == "off"
    assert office.waits(id) is None


def test_an_entry_starts_it_anew(office: Office) -> None:
    id = office.create()
    office.clock.at(at("2026-03-02T10:00"))
    office.do(id, "tell")
    assert office.get(id).news_by == at("2026-03-02T15:00")
    with office.company.acting(None, "errands") as x:  # as a job writes it, without an action
        x.add(x.session.get_one(Errand, (x.tenant, id)), errands.News())
    assert office.get(id).news_by == at("2026-03-02T15:00")
    office.clock.at(at("2026-03-02T11:00"))
    with office.company.acting(None, "errands") as x:
        x.add(x.session.get_one(Errand, (x.tenant, id)), errands.News())
    assert office.get(id).news_by == at("2026-03-02T16:00") == office.waits(id)


def test_a_fixed_moment_goes_before_and_no_pause_moves_it(office: Office) -> None:
    id = office.create(fixed="2026-03-03T12:00:00+08:00")
    assert office.get(id).due == at("2026-03-03T12:00")
    office.do(id, "hold")
    office.clock.move(days=1)
    office.do(id, "resume")
    assert office.get(id).due == at("2026-03-03T12:00")


def test_an_expiry_reminds_days_before_at_the_end_of_its_day(office: Office) -> None:
    id = office.create(owner_id=str(office.company.people["service_agent_n1"]), valid_until="2028-02-29")
    office.do(id, "drop")  # no other clock
    assert office.get(id).expires == at("2028-03-01T00:00")
    seen = []
    for _count in range(3):
        office.clock.at(office.waits(id))  # type: ignore[arg-type]
        seen += [(str(office.clock.now.astimezone(HERE).date()), *t) for t in office.run()]
    soon = ("due_soon", "expiry", ("service_agent_n1",))
    assert seen == [("2028-01-01", *soon), ("2028-01-31", *soon), ("2028-02-23", *soon)]
    assert office.waits(id) is None


def test_a_certificate_already_in_its_last_weeks_is_reminded_of_once(office: Office) -> None:
    id = office.create(owner_id=str(office.company.people["service_agent_n1"]), valid_until="2026-03-20")
    office.do(id, "drop")
    assert office.run() == [("due_soon", "expiry", ("service_agent_n1",))]
    assert office.waits(id) == at("2026-03-14T00:00")


def test_the_system_takes_a_transition_when_a_term_has_run_out(office: Office) -> None:
    id = office.create(round_the_clock=True)
    office.clock.move(days=70)
    office.run()
    found = office.get(id)
    assert found.status is errands.State.GONE
    assert found.reason == "given up"
    assert office.waits(id) is None
    with office.company.session() as session:
        entries = session.execute(sa.select(History.action, History.actor_id).where(History.record_id == id)).all()
        assert ("give_up", None) in [tuple(e) for e in entries]
        assert history.verify(session, Errand.kind, id)


def test_without_a_receipt_it_goes_one_up_until_the_top(office: Office) -> None:
    id = office.create(owner_id=str(office.company.people["service_agent_n1"]))
    office.do(id, "report", by="service_agent_n1")
    for count in range(2, 5):
        office.clock.move(minutes=30)
        office.run()
        with office.company.acting(None, "errands") as x:
            reports = x.children(x.session.get_one(Errand, (x.tenant, id)), errands.Report)
        assert len(reports) == count
    names = {str(id): name for name, id in office.company.people.items()}
    assert [sorted(names[one] for one in r.to.split())[0] for r in reports] == [
        "service_lead_n1", "project_manager_n1", "regional_director_north", "general_manager",
    ]  # fmt: skip
    office.clock.move(minutes=30)
    office.run()
    assert office.get(id).receipt_by is None


def test_a_receipt_ends_the_climb(office: Office) -> None:
    id = office.create(owner_id=str(office.company.people["service_agent_n1"]))
    office.do(id, "report", by="service_agent_n1")
    assert office.get(id).receipt_by == office.clock.now + dt.timedelta(minutes=30)
    office.do(id, "receive")
    assert office.get(id).receipt_by is None


@pytest.mark.parametrize(
    "told", [("project_manager_n1", "service_agent_n1"), ("service_agent_n1", "project_manager_n1")]
)
def test_it_goes_above_the_highest_of_those_who_were_told(office: Office, told: tuple[str, ...]) -> None:
    id = office.create()
    with office.company.acting(None, "errands") as x:
        above = x.climb(x.session.get_one(Errand, (x.tenant, id)), [office.company.people[one] for one in told])
    assert above is not None
    assert above[0] == "regional_director"


def test_a_record_without_owner_concerns_whoever_may_take_its_step(office: Office) -> None:
    office.create(round_the_clock=True)
    office.clock.move(hours=8)
    people = next(people for event, clock, people in office.run() if (event, clock) == ("overdue", "resolution"))
    assert "service_agent_n1" in people
    assert "service_agent_n2" not in people


def test_another_site_has_its_own_people_and_the_start_is_kept(office: Office) -> None:
    id = office.create()
    office.clock.at(at("2026-03-02T15:00"))
    office.do(id, "transfer", by="general_manager", site_id=str(office.company.sites["s1"]))
    assert office.get(id).due == at("2026-03-02T18:00")
    office.clock.at(at("2026-03-02T18:00"))
    told = [t for t in office.run() if t[:2] == ("overdue", "resolution")]
    assert "service_agent_s1" in told[0][2]
    assert "service_agent_n1" not in told[0][2]


def test_the_history_says_what_the_clock_did_and_listeners_hear_of_it(office: Office) -> None:
    id = office.create(round_the_clock=True)
    version = office.get(id).row_version
    errands.HEARD.clear()
    office.clock.move(hours=8)
    office.run()
    assert office.get(id).row_version == version
    assert "clock" in errands.HEARD
    with office.company.session() as session:
        rows = list(session.scalars(sa.select(History).where(History.record_id == id).order_by(History.id)))
        assert [r.action for r in rows][:2] == ["create", "clock"]
        assert rows[1].actor_id is None
        assert rows[1].changes == {"late": [False, True]}
        assert rows[1].inputs["clock"] == "resolution"
        assert "service_agent_n1" in [office.company.snapshot.people[UUID(p)].username for p in rows[1].inputs["told"]]
        assert history.verify(session, Errand.kind, id)
