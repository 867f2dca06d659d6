"""A week goes by: who is reminded, who hears of what is overdue, and in which order it goes up.

Time stands still at each moment at which something is due, the worker's part is done there, and the inboxes are read.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from dougong import speaking
from dougong.records.tables import ClockStep
from dougong.tenancy.cells import Bound
from dougong.tenancy.tables import Module, due
from dougong.testing.running import run_due
from dougong_complaints.choices import Route, State
from dougong_complaints.records import Escalation
from dougong_notify.records import Message, Notice

from .conftest import BODY, SOLVED

if TYPE_CHECKING:
    from dougong.testing.clients import Running
    from dougong.testing.clock import Clock
    from dougong.testing.companies import Company

LIST = "/complaints/complaint"
SHANGHAI = ZoneInfo("Asia/Shanghai")
SOON, OVERDUE, UP = (f"complaints.complaint.{one}" for one in ("due_soon", "overdue", "escalated"))


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def told(world: Any) -> Any:
    """The company tells people by the module that does so."""
    with world.cell.session(Bound(world.tenant)) as session:
        session.add(Module(name="notify"))
    world.snapshots.drop(world.tenant)
    return world


def live(world: Any, until: dt.datetime) -> None:
    """Let time pass, stopping wherever something of this company is due."""
    while True:
        run_due(world)
        with world.engine.connect() as connection:
            coming = connection.scalar(sa.select(sa.func.min(due.c.due_at)).where(due.c.tenant_id == world.tenant))
        if coming is None or coming > until:
            break
        world.clock.at(max(coming, world.clock.now))
    world.clock.at(until)
    run_due(world)


def inboxes(world: Any, id: UUID, *events: str) -> list[tuple[str, str | None, str]]:
    """(when, who, what) of everything told of a complaint, in order."""
    with world.as_(None) as x:
        query = (
            sa.select(Notice.at, Message.person_id, Notice.event)
            .join(Message, sa.and_(Message.tenant_id == Notice.tenant_id, Message.notice_id == Notice.id))
            .where(Notice.tenant_id == world.tenant, Notice.record_id == id)
            .order_by(Notice.at, Notice.id)
        )
        rows = x.session.execute(query).all()
    return [
        (f"{when.astimezone(SHANGHAI):%d %H:%M}", world.name(who), event.rpartition(".")[2])
        for when, who, event in rows
        if not events or event in events
    ]


def steps(world: Any, id: UUID, clock: str) -> list[tuple[str, str, list[str | None]]]:
    """(when, step, whom) of one clock, in order."""
    with world.as_(None) as x:
        query = sa.select(ClockStep).where(ClockStep.record_id == id, ClockStep.clock == clock)
        rows = sorted(x.session.scalars(query), key=lambda row: (row.at, row.id))
        return [
            (f"{row.at.astimezone(SHANGHAI):%d %H:%M}", row.step, sorted(str(world.name(p)) for p in row.people))
            for row in rows
        ]


def test_nobody_calls_and_the_first_contact_goes_up_within_the_hour(told: Any) -> None:
    id = told.register()  # Monday, 9:00; first contact within 30 minutes
    live(told, at(2, 12))
    assert steps(told, id, "contact") == [
        ("02 09:24", "remind_0.8", ["agent"]),
        ("02 09:30", "overdue", ["agent"]),
        ("02 09:30", "escalate_1", ["lead"]),
        ("02 09:45", "escalate_2_0.5", ["manager"]),
        ("02 10:00", "escalate_3_1", ["region"]),
    ]
    assert inboxes(told, id, SOON, OVERDUE, UP) == [
        ("02 09:24", "agent", "due_soon"),
        ("02 09:30", "agent", "overdue"),
        ("02 09:30", "lead", "escalated"),
        ("02 09:45", "manager", "escalated"),
        ("02 10:00", "region", "escalated"),
    ]
    assert told.see(id).contact_late


def test_a_week_of_a_complaint_that_nobody_solves(told: Any) -> None:
    """24 working hours end on Thursday at 9:00; half of that again on Friday, all of it on the next Tuesday."""
    id = told.register(soothing="已安抚")
    told.do("lead", id, "accept")
    told.do("lead", id, "assign", owner_id="engineer")
    live(told, at(11, 12))
    assert steps(told, id, "resolution") == [
        ("04 13:42", "remind_0.8", ["engineer"]),
        ("05 09:00", "overdue", ["engineer"]),
        ("05 09:00", "escalate_1", ["manager"]),
        ("06 14:30", "escalate_2_0.5", ["region"]),
        ("10 09:00", "escalate_3_1", ["director"]),
    ]
    reports = [e for e in told.children(id, Escalation) if e.route is Route.OVERDUE]
    assert [(e.level, told.name(e.to_id)) for e in reports] == [
        (1, "manager"), (1, "manager"), (2, "region"), (2, "region"), (3, "director"), (3, "director"),
    ]  # fmt: skip  (the resolution and the progress that was owed by then)
    assert all(e.from_id is None and "卫生间顶棚渗水" in e.facts and e.acknowledged_at is None for e in reports)
    c = told.see(id)
    assert (c.resolve_late, c.progress_late, told.name(c.owner_id), c.status) == (True, True, "engineer", State.WORKING)


def test_a_report_is_written_in_the_company_s_language(told: Any) -> None:
    """Whatever language the worker's process happens to speak."""
    id = told.register()
    with speaking("en"):
        live(told, at(2, 9, 31))
    [report] = told.children(id, Escalation)
    assert report.reason == "首次联系已超时。"
    assert report.facts.startswith("状态：")
    assert report.to_level == "客服主管"


def test_whoever_was_told_gives_a_receipt(told: Any) -> None:
    id = told.register()
    live(told, at(2, 9, 50))
    told.do("manager", id, "acknowledge")
    manager, lead = (
        next(e for e in told.children(id, Escalation) if told.name(e.to_id) == name) for name in ("manager", "lead")
    )
    assert manager.acknowledged_at == at(2, 9, 50)
    assert lead.acknowledged_at is None


def test_progress_notices_start_the_clock_anew(told: Any) -> None:
    id = told.register(urgency="urgent", soothing="已安抚")  # every two hours, day and night
    live(told, at(2, 10, 30))
    told.do("agent", id, "notify", text="维修员已到场", channel="phone")
    live(told, at(2, 12, 31))
    assert steps(told, id, "progress") == [
        ("02 12:06", "remind_0.8", ["agent"]),
        ("02 12:30", "overdue", ["agent"]),
        ("02 12:30", "escalate_1", ["lead"]),
    ]
    told.do("agent", id, "notify", text="配件已到", channel="phone")
    live(told, at(2, 14))
    assert len(steps(told, id, "progress")) == 3
    assert told.see(id).progress_late


def test_on_hold_only_the_resolution_is_silent(told: Any) -> None:
    id = told.register(soothing="已安抚")
    told.do("lead", id, "accept")
    told.do("lead", id, "assign", owner_id="engineer")
    told.do("lead", id, "hold", reason="等配件", until="2026-03-20")
    live(told, at(9, 12))
    assert steps(told, id, "resolution") == []
    assert [name for _when, name, _who in steps(told, id, "progress")][:3] == ["remind_0.8", "overdue", "escalate_1"]
    told.do("lead", id, "resume")
    live(told, at(11, 18))
    assert [name for _when, name, _who in steps(told, id, "resolution")] == ["remind_0.8"]
    assert not told.see(id).resolve_late


def test_raised_in_the_middle_it_goes_up_again_for_the_new_time(told: Any) -> None:
    id = told.register(soothing="已安抚")
    live(told, at(2, 11))
    told.edit("lead", id, urgency="urgent")  # round the clock: due on Tuesday at 9:00
    live(told, at(3, 9))
    assert steps(told, id, "resolution")[0] == ("03 04:12", "remind_0.8", ["agent"])
    told.edit("lead", id, category="charges")  # five days: there is time again
    c = told.see(id)
    assert c.resolve_by is not None
    assert c.resolve_by > at(6, 0)
    assert c.resolve_late
    live(told, at(7, 9, 1))
    assert [name for _when, name, _who in steps(told, id, "resolution")].count("overdue") == 2


def test_solved_in_time_nobody_hears_a_word_but_of_the_visit(told: Any) -> None:
    id = told.bring(State.WORKING)
    told.do("agent", id, "contact", soothing="已联系", by="phone")
    told.do("lead", id, "resolve", **SOLVED)
    live(told, at(10, 9, 1))
    assert {name for name in ("contact", "resolution", "progress") if steps(told, id, name)} == set()
    assert steps(told, id, "visit")[:2] == [
        ("06 16:54", "remind_0.8", ["engineer"]),
        ("10 09:00", "overdue", ["engineer"]),
    ]


def test_leaders_who_give_no_receipt_are_climbed_over(told: Any) -> None:
    told.settings(phone_list="总经理 13900000000")
    id = told.register(severity="major", soothing="已安抚")
    live(told, at(2, 11))
    to_leaders = [e for e in told.children(id, Escalation) if e.route is Route.LEADERS]
    assert [(f"{e.at.astimezone(SHANGHAI):%H:%M}", told.name(e.to_id)) for e in to_leaders] == [
        ("09:00", "director"),
        ("09:30", "gm"),
    ]
    assert ("02 09:30", "agent", "unreceived") in inboxes(told, id)
    assert {"director", "gm"} == {who for _when, who, what in inboxes(told, id, "complaints.escalated")}
    assert told.see(id).receipt_late
    told.do("gm", id, "acknowledge")
    assert told.see(id).receipt_by is None


def test_the_climb_ends_where_nobody_stands_higher(told: Any) -> None:
    id = told.register(severity="major", soothing="已安抚")
    live(told, at(6, 9))
    taken = [name for _when, name, _who in steps(told, id, "receipt")]
    assert len(taken) < 10
    c = told.see(id)
    assert c.receipt_late
    assert c.receipt_by is not None  # it is still owed


def test_what_a_clock_reports_is_announced_to_nobody_else(told: Any) -> None:
    """The job that announces reports of people passes over those that a clock has told of itself."""
    id = told.register(urgency="urgent")
    live(told, at(2, 10, 1))  # the first contact is late twice over; the leaders have been climbed over
    assert {e.route for e in told.children(id, Escalation)} == {Route.LEADERS, Route.OVERDUE}
    assert {who for _when, who, _what in inboxes(told, id, "complaints.escalated")} == {"director", "gm"}
    assert {who for _when, who, _what in inboxes(told, id, UP)} == {"lead", "manager", "region"}


def test_with_a_receipt_in_time_nothing_climbs(told: Any) -> None:
    id = told.register(severity="major", soothing="已安抚")
    told.clock.move(minutes=10)
    told.do("director", id, "acknowledge")
    live(told, at(2, 12))
    assert len([e for e in told.children(id, Escalation) if e.route is Route.LEADERS]) == 1
    assert not told.see(id).receipt_late


def test_the_climb_can_be_switched_off(told: Any) -> None:
    told.settings(leader_climb=False)
    id = told.register(severity="major", soothing="已安抚")
    live(told, at(2, 12))
    assert len([e for e in told.children(id, Escalation) if e.route is Route.LEADERS]) == 1
    assert [when for when, _who, what in inboxes(told, id) if what == "unreceived"] != []


def test_the_accused_and_their_line_hear_nothing(told: Any) -> None:
    id = told.register(against_id="manager", category="service_attitude", severity="major")
    live(told, at(20, 12))
    heard = {who for _when, who, _what in inboxes(told, id)}
    assert heard <= {"region", "director", "gm"}
    assert heard
    assert steps(told, id, "contact")[0][2] == ["region"]


def test_the_company_moves_and_drops_points(told: Any) -> None:
    told.settings(remind_percent=0, escalate_first=None, escalate_second=None, escalate_third=10)
    id = told.register()
    live(told, at(2, 12))
    assert steps(told, id, "contact") == [
        ("02 09:30", "overdue", ["agent"]),
        ("02 09:33", "escalate_3_0.1", ["region"]),
    ]


def test_what_was_imported_reminds_nobody(told: Any) -> None:
    from dougong_complaints.records import Complaint

    id = told.register()
    with told.as_(None) as x:
        x.session.execute(sa.update(Complaint).where(Complaint.id == id).values(timing=None, imported=True))
        x.session.execute(sa.delete(due).where(due.c.id == id))
    live(told, at(9, 12))
    assert inboxes(told, id, SOON, OVERDUE, UP) == []


def test_the_phone_list_stands_beside_it_while_the_receipt_is_overdue(platform: Running, company: Company, clock: Clock) -> None:
    company.settings("complaints", phone_list="总经理 13900000000\n值班电话 021-5550000")
    agent = platform.program(company, "service_agent_n1")
    made = agent.api("POST", LIST, {**BODY, "site": "n1", "severity": "major"}).json()
    address = f"{LIST}/{made['id']}"
    assert "13900000000" not in platform.browser(company, "service_agent_n1").get(address).text
    clock.move(minutes=31)
    page = platform.browser(company, "service_agent_n1").get(address).text
    assert "13900000000" in page
    assert "021-5550000" in page
    assert "13900000000" not in platform.browser(company, "finance").get(address).text


def test_whom_a_clock_tells_is_for_colleagues(platform: Running, company: Company, clock: Clock) -> None:
    agent = platform.program(company, "service_agent_n1")
    id = agent.api("POST", LIST, {**BODY, "site": "n1"}).json()["id"]
    clock.move(minutes=50)
    run_due(company)
    page = platform.browser(company, "service_lead_n1").get(f"{LIST}/{id}").text
    assert "已触发" in page
    assert "超时上报" in page
    assert "区域运作总监" in page.partition("已触发")[0], "who is next"
    reader = platform.browser(company, "finance").get(f"{LIST}/{id}").text
    assert "已触发" not in reader
    for client, seen in (("service_lead_n1", True), ("finance", False)):
        history = platform.program(company, client).api("GET", f"{LIST}/{id}/history").json()["results"]
        assert any("told" in entry["inputs"] for entry in history) == seen
        assert ("超时上报" in platform.browser(company, client).get(f"{LIST}/{id}").text) == seen, client
